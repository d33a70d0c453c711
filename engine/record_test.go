package engine_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// lease is a reservation of five, two of them given back, and leaseLine its text.
func lease() engine.Record {
	return engine.Record{
		Verb: engine.Reserve, State: engine.Held, N: 3, First: 5, Left: -1,
		Cell: quay, At: geo.LatLng{Lat: 24.48, Lng: -118.091234},
		Expires: 1_772_438_460_250, Since: 1_772_438_400_250, Epoch: 7, Print: "9f3a",
		Levels: []engine.Level{"co:8941a54f4a7ffff:ant", "city"},
	}
}

const leaseLine = "reserve|held|3|5|-1|8941a54f4a7ffff|24.480000|-118.091234|1772438460250|" +
	"1772438400250|0|7|9f3a||co:8941a54f4a7ffff:ant,city"

func TestRecordAsALine(t *testing.T) {
	tests := map[string]struct {
		record engine.Record
		want   string
	}{
		"a reservation": {lease(), leaseLine},
		"a removal": {
			engine.Record{
				Verb: engine.Remove, State: engine.Done, First: 2, Left: 3, Since: 5, Ended: 5,
				Epoch: 1, Print: "p", Placement: "ant:k1",
			},
			"remove|done|0|2|3|0|0.000000|0.000000|0|5|5|1|p|ant:k1|",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.record.String(); got != tt.want {
				t.Errorf("line:\n%s\nwant\n%s", got, tt.want)
			}
			got, err := engine.ParseRecord(tt.want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.record, got); diff != "" {
				t.Errorf("read back (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTextsThatAreNoRecords(t *testing.T) {
	fields := strings.Split(leaseLine, "|")
	with := func(i int, text string) string {
		f := append([]string(nil), fields...)
		f[i] = text
		return strings.Join(f, "|")
	}
	for name, text := range map[string]string{
		"nothing":               "",
		"a field too few":       leaseLine[strings.Index(leaseLine, "|")+1:],
		"a field too many":      leaseLine + "|",
		"no verb":               with(0, ""),
		"another verb":          with(0, "borrow"),
		"another state":         with(1, "gone"),
		"a negative count":      with(2, "-1"),
		"a count in words":      with(3, "five"),
		"a count too large":     with(4, "99999999999999999999"),
		"a cell that is none":   with(5, "zz"),
		"a latitude in words":   with(6, "north"),
		"a longitude without a": with(7, "NaN"),
		"an endless longitude":  with(7, "-Inf"),
		"a time in words":       with(8, "noon"),
		"an epoch in words":     with(11, "first"),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := engine.ParseRecord(text)
			if !errors.Is(err, engine.ErrRecord) {
				t.Errorf("read as %+v, %v, want %v", got, err, engine.ErrRecord)
			}
		})
	}
}

func TestIDs(t *testing.T) {
	id := engine.NewID("ant", "a:b:c")
	if id != "ant:a:b:c" || id.Operator() != "ant" || id.Key() != "a:b:c" {
		t.Errorf("%s is %s of %s", id, id.Key(), id.Operator())
	}
}

func TestMillis(t *testing.T) {
	at := time.Date(2026, 3, 2, 8, 0, 0, 250_999_999, time.FixedZone("", 8*3600))
	if got := engine.MillisOf(at); got != 1_772_409_600_250 {
		t.Errorf("MillisOf = %d", got)
	}
	if got := engine.Millis(1_772_409_600_250).Time(); !got.Equal(at.Truncate(time.Millisecond)) {
		t.Errorf("Time = %s", got)
	}
	if !engine.Millis(0).Time().IsZero() {
		t.Error("0 is a time")
	}
}

func TestAsAnswered(t *testing.T) {
	r := lease()
	r.State, r.N, r.Ended = engine.Expired, 0, 9
	want := lease()
	want.N = 5
	if diff := cmp.Diff(want, r.AsAnswered()); diff != "" {
		t.Errorf("an expired lease as answered (-want +got):\n%s", diff)
	}
	done := engine.Record{Verb: engine.Remove, State: engine.Done, First: 2, Left: 3, Ended: 5}
	if diff := cmp.Diff(done, done.AsAnswered()); diff != "" {
		t.Errorf("a removal as answered (-want +got):\n%s", diff)
	}
}

// FuzzRecord holds that reading never panics, and that what was read is written and read alike.
func FuzzRecord(f *testing.F) {
	f.Add(leaseLine)
	f.Add("remove|done|0|2|3|0|0.000000|0.000000|0|5|5|1|p|ant:k1|")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := engine.ParseRecord(text)
		if err != nil {
			return
		}
		line := r.String()
		again, err := engine.ParseRecord(line)
		if err != nil || again.String() != line {
			t.Errorf("%q is written %q, then read as %q, %v", text, line, again, err)
		}
	})
}

// Levels survive a text: what their constructors were told comes back.
func TestLevelPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.StringN(1, 20, -1).Draw(t, "of")
		operator := rapid.StringMatching(`[a-z][a-z0-9-]{0,10}`).Draw(t, "operator")
		for _, tt := range []struct {
			level    engine.Level
			tier     engine.Tier
			of, firm string
		}{
			{engine.CityLevel, engine.TierCity, "", ""},
			{engine.OperatorLevel(operator), engine.TierOperatorCity, operator, operator},
			{engine.CellLevel(quay), engine.TierCell, quay.String(), ""},
			{
				engine.CellOperatorLevel(quay, operator), engine.TierCellOperator, quay.String(),
				operator,
			},
			{engine.DistrictLevel(of), engine.TierDistrict, of, ""},
			{engine.OperatorDistrictLevel(of, operator), engine.TierOperatorDistrict, of, operator},
			{engine.ZoneLevel(of), engine.TierZone, of, ""},
			{engine.PoolLevel(of), engine.TierPool, of, ""},
		} {
			l := tt.level
			if l.Tier() != tt.tier || l.Of() != tt.of || l.Operator() != tt.firm {
				t.Errorf("%s is %s of %q, operator %q, want %s of %q, operator %q",
					l, l.Tier(), l.Of(), l.Operator(), tt.tier, tt.of, tt.firm)
			}
			if strings.ContainsAny(string(l), " ,|\n") {
				t.Errorf("%q has a space, comma, bar or line break", l)
			}
		}
	})
}

func TestTextsThatAreNoLevels(t *testing.T) {
	for _, text := range []engine.Level{"", "x:1", "cities", "C:1"} {
		if got := text.Tier(); got != "" {
			t.Errorf("%q has the tier %s", text, got)
		}
	}
}
