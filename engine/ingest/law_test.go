package ingest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
)

// told is one row of the property: small numbers, so that vehicles, times and places meet.
type told struct {
	Vehicle, Place, State, Minute int // Place 2 = none, State 0 = none
}

// csvText returns rows as CSV.
func csvText(rows []told) string {
	var b strings.Builder
	b.WriteString(head)
	for _, r := range rows {
		place := []string{placeA, placeB, ","}[r.Place]
		fmt.Fprintf(&b, "%d,%s,2027-01-04T07:%02d:00Z,%s\n", r.Vehicle, place, r.Minute,
			[]string{"", "available", "non_operational"}[r.State])
	}
	return b.String()
}

// jsonText returns rows as a list of objects.
func jsonText(rows []told) string {
	all := []string{}
	for _, r := range rows {
		o := `{"vehicle_id":"` + strconv.Itoa(r.Vehicle) + `","time":"2027-01-04T07:` +
			fmt.Sprintf("%02d", r.Minute) + `:00Z"`
		o += []string{
			`,"lat":24.5,"lng":118.1`, `,"lng":118.2,"lat":24.6`, `,"lat":null,"lng":null`,
		}[r.Place]
		o += []string{`}`, `,"state":"available"}`, `,"state":"non_operational"}`}[r.State]
		all = append(all, o)
	}
	return "[" + strings.Join(all, ",\n") + "]"
}

// counted is the plain model: the rows of each vehicle sorted by time, the last of each part holds,
// and at one time the greater: by cell's number for places.
func counted(rows []told, greater int) []string {
	rank := func(r told) int {
		if r.Place == greater {
			return 1
		}
		return 0
	}
	n := map[string]int{}
	for v := range 4 {
		place, state := "-", 0
		placed, stated := told{Minute: -1}, told{Minute: -1}
		for _, r := range rows {
			if r.Vehicle != v {
				continue
			}
			if r.Place < 2 && (r.Minute > placed.Minute ||
				r.Minute == placed.Minute && rank(r) >= rank(placed)) {
				placed, place = r, []string{"a", "b"}[r.Place]
			}
			if r.State > 0 && (r.Minute > stated.Minute ||
				r.Minute == stated.Minute && r.State > state) {
				stated, state = r, r.State
			}
		}
		if placed.Minute >= 0 || stated.Minute >= 0 {
			n[fmt.Sprintf("blue %s %d", place, state)]++
		}
	}
	lines := []string{}
	for line, count := range n {
		lines = append(lines, fmt.Sprintf("%s %d", line, count))
	}
	slices.Sort(lines)
	return lines
}

// Any order and repetition of rows, over several doors with a store in common, in both forms, with
// crashes between flushes, leaves the counts of the plain model once all were delivered.
func TestOrderRepetitionAndServersChangeNothing(t *testing.T) {
	names := cellNames(t)
	greater := 0
	for cell, name := range names {
		for other, second := range names {
			if name == "b" && second == "a" && cell > other {
				greater = 1
			}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) told {
			return told{
				rapid.IntRange(0, 3).Draw(rt, "vehicle"), rapid.IntRange(0, 2).Draw(rt, "place"),
				rapid.IntRange(0, 2).Draw(rt, "state"), rapid.IntRange(0, 5).Draw(rt, "minute"),
			}
		}), 1, 12).Draw(rt, "rows")
		rows = slices.DeleteFunc(rows, func(r told) bool { return r.Place == 2 && r.State == 0 })
		store := mem.New()
		doors := []*Door{newDoor(t, store), newDoor(t, store)}
		deliver := func(door int, some []told) {
			delivery, text := blue, csvText(some)
			if rapid.Bool().Draw(rt, "json") {
				delivery.JSON, text = true, jsonText(some)
			}
			in, err := doors[door].Take(t.Context(), delivery, strings.NewReader(text))
			if err != nil || in.Bad > 0 {
				rt.Fatalf("Take: %+v, %v\n%s", in, err, text)
			}
		}
		for range rapid.IntRange(0, 4).Draw(rt, "deliveries") { // that may be lost
			door := rapid.IntRange(0, 1).Draw(rt, "door")
			deliver(door, rapid.Permutation(rows).Draw(rt, "part")[len(rows)/2:])
			if rapid.Bool().Draw(rt, "flush") {
				if err := doors[door].Flush(t.Context()); err != nil {
					rt.Fatal(err)
				}
			}
			if rapid.Bool().Draw(rt, "crash") {
				doors[door] = newDoor(t, store)
			}
		}
		order := rapid.Permutation(rows).Draw(rt, "order")
		cut := rapid.IntRange(0, len(order)).Draw(rt, "cut")
		deliver(0, order[:cut])
		deliver(1, order[cut:])
		for _, d := range doors {
			if err := d.Refresh(t.Context()); err != nil {
				rt.Fatal(err)
			}
		}
		if diff := cmp.Diff(counted(rows, greater), stands(t, store, names)); diff != "" {
			rt.Fatalf("stands (-model +got):\n%s", diff)
		}
	})
}

// The fast readers of numbers and times agree with the library's.
func TestNumbersAndTimesAreTheLibrarys(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.Int64Range(-1_799_999_999, 1_799_999_999).Draw(rt, "n")
		text := strconv.FormatFloat(float64(n)/scale, 'f', 7, 64)
		if got, ok := parseDegrees([]byte(text)); !ok || got != n {
			rt.Errorf("parseDegrees %s = %d, %v, want %d", text, got, ok, n)
		}
		ms := rapid.Int64Range(31_536_000_000, int64(engine.LastMillis)).Draw(rt, "ms")
		moment := time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
		if got, ok := parseUTC([]byte(moment)); !ok || got != ms {
			rt.Errorf("parseUTC %s = %d, %v, want %d", moment, got, ok, ms)
		}
	})
}
