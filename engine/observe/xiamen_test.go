package observe

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"io"
	"strconv"
	"testing"
	"time"

	"github.com/stint-city/stint/geo"
)

// lock is a row of Xiamen's locks as the test reads it, by itself.
type lock struct {
	bike string
	cell geo.Cell
	at   time.Time
}

// locks reads a morning without stint's reader, or skips where the data aren't at hand.
func locks(t *testing.T, name string) []lock {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(read(t, "data/xiamen/"+name)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []lock
	for _, row := range rows[1:] {
		at, err1 := time.Parse("2006-01-02 15:04:05 -0700", row[3]+" +0800")
		lat, err2 := strconv.ParseFloat(row[1], 64)
		lng, err3 := strconv.ParseFloat(row[2], 64)
		cell, err4 := geo.CellAt(geo.LatLng{Lat: lat, Lng: lng}, 9)
		if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
			t.Fatal(row, err1, err2, err3, err4)
		}
		list = append(list, lock{row[0], cell, at})
	}
	return list
}

// Three mornings of locks, event by event in ticks of five minutes: at every tick each bike stands
// where it was locked last that morning. The expected counts are those of a loop over the rows.
func TestXiamen(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	days := []string{"2020-12-21", "2020-12-22", "2020-12-24"}
	var batches []Batch
	for _, day := range days {
		name := "lock_events_" + day + ".csv.gz"
		z, err := gzip.NewReader(bytes.NewReader(read(t, "data/xiamen/"+name)))
		if err != nil {
			t.Fatal(err)
		}
		o := CSV{Operator: "x", Kind: Events, State: Available, Zone: zone, Columns: Columns{
			Vehicle: "BIKE_ID", Lat: "BIKE_LATITUDE", Lng: "BIKE_LONGITUDE", Time: "TIME",
		}}
		r, err := o.ReadCSV(name, io.Reader(z), NewHasher([]byte("xiamen")))
		if err != nil || r.Bad > 0 {
			t.Fatal(err, r.Faults)
		}
		batches = append(batches, r.Batches...)
	}
	const minute = 60_000
	s := New(Settings{Resolution: 9, Restart: 30 * minute, Stale: 30 * minute})
	method, _ := MethodOf("point_in_time_v1")
	seen := map[int64]map[geo.Cell]int{} // at the ticks that are checked
	for _, b := range ByTime(batches, 5*minute) {
		s.Apply(&b, b.At)
		now := time.UnixMilli(b.At).In(zone)
		if m := now.Minute(); m == 0 || m == 35 {
			cells := map[geo.Cell]int{}
			for _, c := range s.Occupancy(method, b.At) {
				cells[c.Cell] += c.N
			}
			seen[b.At] = cells
		}
	}
	checked := 0
	for _, day := range days {
		rows := locks(t, "lock_events_"+day+".csv.gz")
		for at, got := range seen {
			if time.UnixMilli(at).In(zone).Format(time.DateOnly) != day {
				continue
			}
			last := map[string]lock{}
			for _, x := range rows {
				if x.at.UnixMilli() <= at {
					last[x.bike] = x // the rows are in the order of time
				}
			}
			want := map[geo.Cell]int{}
			for _, x := range last {
				want[x.cell]++
			}
			wrong := 0
			for c, n := range want {
				if got[c] != n {
					wrong++
				}
			}
			// Of two locks in one minute, the greater place holds, not the later row.
			if wrong > 4 {
				t.Errorf("%s: %d of %d cells differ", time.UnixMilli(at).In(zone), wrong, len(want))
			}
			if sum(got) != len(last) {
				t.Errorf("%s: %d bikes, want %d", time.UnixMilli(at).In(zone), sum(got), len(last))
			}
			checked++
		}
	}
	if checked != 15 { // 7:00, 7:35, 8:00, 8:35 and 9:00 of three mornings
		t.Errorf("%d ticks checked", checked)
	}
}

func sum(by map[geo.Cell]int) (n int) {
	for _, x := range by {
		n += x
	}
	return n
}
