package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/geo"
)

// still is a clock that stands at 2027-01-04T08:00:00Z.
type still struct{ engine.SystemClock }

func (still) Now() time.Time { return time.Date(2027, 1, 4, 8, 0, 0, 0, time.UTC) }

var (
	town  = geo.Box{Min: geo.LatLng{Lat: 24, Lng: 117}, Max: geo.LatLng{Lat: 25, Lng: 119}}
	bikes = engine.Scope{City: "xiamen", Sector: "bike"}
	blue  = engine.Delivery{Name: "f", Operator: "blue", Sector: "bike"}
)

// newDoor returns a door of the town on a store.
func newDoor(tb testing.TB, store engine.Whereabouts) *Door {
	tb.Helper()
	d, err := New(Config{
		City: "xiamen", Store: store, Salt: []byte("salt"), Clock: still{}, Area: town,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// take takes a text in and flushes.
func take(tb testing.TB, d *Door, delivery engine.Delivery, text string) (engine.Intake, error) {
	tb.Helper()
	in, err := d.Take(tb.Context(), delivery, strings.NewReader(text))
	if flush := d.Flush(tb.Context()); flush != nil {
		tb.Fatal(flush)
	}
	return in, err
}

// x returns a long word.
func x(n int) string { return strings.Repeat("x", n) }

// stands returns the store's counts as "operator cell state n", where cells are named a, b, ….
func stands(tb testing.TB, store engine.Whereabouts, names map[geo.Cell]string) []string {
	tb.Helper()
	all, err := store.Stands(tb.Context(), bikes)
	if err != nil {
		tb.Fatal(err)
	}
	lines := []string{}
	for _, s := range all {
		lines = append(lines, fmt.Sprintf("%s %s %d %d", s.Operator, names[s.Cell], s.State, s.N))
	}
	slices.Sort(lines)
	return lines
}

// Two places of the town, some kilometres apart, and their cells.
const placeA, placeB = "24.5,118.1", "24.6,118.2"

func cellNames(tb testing.TB) map[geo.Cell]string {
	tb.Helper()
	names := map[geo.Cell]string{0: "-"}
	for name, p := range map[string]geo.LatLng{
		"a": {Lat: 24.5, Lng: 118.1}, "b": {Lat: 24.6, Lng: 118.2},
	} {
		cell, err := geo.CellAt(p, 9)
		if err != nil {
			tb.Fatal(err)
		}
		names[cell] = name
	}
	return names
}

const (
	head = "vehicle_id,lat,lng,time,state\n"
	at7  = "2027-01-04T07:00:00Z"
	at7s = "1799046000" // the same: 2027-01-04 is day 20822 since 1970
)

func TestTake(t *testing.T) {
	j := blue
	j.JSON = true
	tests := map[string]struct {
		delivery engine.Delivery
		text     string
		stands   []string
		moved    int
	}{
		"a row of CSV is a vehicle": {
			blue, head + "v," + placeA + "," + at7 + ",available\n", []string{"blue a 1 1"}, 1,
		},
		"quotes, carriage returns and a BOM are CSV, too": {
			blue, "\xef\xbb\xbf" + head + "\"v\"," + placeA + ",\"" + at7 + "\",\"available\"\r\n",
			[]string{"blue a 1 1"},
			1,
		},
		"two vehicles in one cell are two": {
			blue, head + "v," + placeA + "," + at7 + ",available\nw," + placeA + "," + at7s +
				",available", []string{"blue a 1 2"}, 2,
		},
		"the later place holds, whichever row is first": {
			blue, head + "v," + placeB + ",2027-01-04T07:30:00Z,available\nv," + placeA + "," + at7 +
				",available\n", []string{"blue b 1 1"}, 1,
		},
		"a vehicle without a fix is counted without a place": {
			blue, head + "v,0,0," + at7 + ",available\n", []string{"blue - 1 1"}, 1,
		},
		"swapped axes are not mended": {
			blue, head + "v,118.1,24.5," + at7 + ",available\n", []string{"blue - 1 1"}, 1,
		},
		"a row from the future is not taken": {
			blue, head + "v," + placeA + ",2027-01-04T09:00:00Z,available\n", []string{}, 0,
		},
		"a list of objects": {
			j, `[{"vehicle_id":"v","lat":24.5,"lon":118.1,"last_reported":` + at7s +
				`,"is_disabled":false,"is_reserved":false}]`, []string{"blue a 1 1"}, 1,
		},
		"an object a line": {
			j, `{"vehicle_id":"v","lat":24.5,"lng":118.1,"state":"available"}` + "\n" +
				`{"vehicle_id":"w","lat":24.5,"lng":118.1,"state":"available"}` + "\n",
			[]string{"blue a 1 2"},
			2,
		},
		"the envelope of GBFS 2.3": {
			j, `{"last_updated":1,"ttl":0,"version":"2.3","data":{"bikes":[{"bike_id":"v",` +
				`"lat":24.5,"lon":118.1,"is_reserved":false,"is_disabled":true}]}}`,
			[]string{"blue a 2 1"},
			1,
		},
		"the envelope of MDS 2.0, with members in members": {
			j, `{"version":"2.0.0","vehicles_status":[{"device_id":"v","last_event":{` +
				`"vehicle_state":"available","event_types":["a","}"]},"last_telemetry":{"timestamp":` +
				at7s + `000,"location":{"lat":24.5,"lng":118.1}}}]}`, []string{"blue a 1 1"}, 1,
		},
		"escapes and members that nobody asked for": {
			j, `[{"rider":{"name":"}\"]"},"vehicle_id":"\u0076","lat":24.5,"lng":118.1,` +
				`"state":"available"},{"vehicle_id":"v","lat":24.5,"lng":118.1,"state":"available"}]`,
			[]string{"blue a 1 1"},
			1,
		},
		"no vehicles are no fault": {j, `{"data":{"vehicles":[]}}`, []string{}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			store := mem.New()
			in, err := take(t, newDoor(t, store), tt.delivery, tt.text)
			if err != nil || in.Bad != 0 {
				t.Fatalf("Take: %v, %v", err, in.Faults)
			}
			if in.Moved != tt.moved {
				t.Errorf("Moved = %d, want %d", in.Moved, tt.moved)
			}
			if diff := cmp.Diff(tt.stands, stands(t, store, cellNames(t))); diff != "" {
				t.Errorf("stands (-want +got):\n%s", diff)
			}
		})
	}
}

func TestABadRowIsNamedAndTheOthersAreTaken(t *testing.T) {
	own := blue
	own.Own = true
	j := blue
	j.JSON = true
	good := "g," + placeA + "," + at7 + ",available\n"
	tests := map[string]struct {
		delivery engine.Delivery
		text     string
		want     string
	}{
		"a state":    {blue, head + good + "v,1,2,,asleep\n", "f:3:8: \"asleep\" is no state"},
		"a position": {blue, head + good + "v,north,2,,\n", "f:3:3: \"north, 2\" is no position"},
		"a time":     {blue, head + good + "v,1,2,noon,\n", "f:3:7: \"noon\" is no time"},
		"no ID":      {blue, head + good + ",1,2,,\n", "f:3:1: the vehicle's ID is missing"},
		"fields":     {blue, head + good + "v,1\n", "f:3:1: the row has not as many fields"},
		"quotes":     {blue, head + good + "\"v,1\n", "f:3:1: the row is no CSV; check its quotes"},
		"long": {
			blue, head + good + x(mostLine+1) + "\n", "f:3:1: the row is longer",
		},
		"another's": {
			own, "vehicle_id,operator,lat,lng\ng,blue," + placeA + "\nv,red," + placeA + "\n",
			"f:3:3: the row is of \"red\"",
		},
		"a JSON state": {
			j, "[{\"vehicle_id\":\"g\",\"lat\":24.5,\"lng\":118.1},\n " +
				"{\"vehicle_id\":\"v\",\"state\":\"no\"}]",
			"f:2:28: \"no\" is no state",
		},
		"a list for a value": {
			j, "[{\"vehicle_id\":\"g\",\"lat\":24.5,\"lng\":118.1},\n{\"vehicle_id\":[1]}]",
			"f:2:15: the object is no JSON",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			in, err := take(t, newDoor(t, mem.New()), tt.delivery, tt.text)
			if err != nil || in.Rows != 2 || in.Bad != 1 || in.Moved != 1 || len(in.Faults) != 1 {
				t.Fatalf("Take = %+v, %v; want the good row taken and one fault", in, err)
			}
			var told *lang.Error
			if !errors.As(in.Faults[0], &told) {
				t.Errorf("%v has no message", in.Faults[0])
			} else if err := told.Message.Check(); err != nil {
				t.Error(err)
			}
			if got := in.Faults[0].Error(); !strings.HasPrefix(got, tt.want) {
				t.Errorf("fault %q, want %q…", got, tt.want)
			}
		})
	}
}

func TestATextThatStopsSaysWhere(t *testing.T) {
	j := blue
	j.JSON = true
	v := `{"vehicle_id":"v","lat":24.5,"lng":118.1}`
	tests := map[string]struct {
		delivery engine.Delivery
		text     string
		want     string
	}{
		"nothing":              {blue, "", "f:1:1: there is no table"},
		"no vehicles' column":  {blue, "lat,lng\n1,2\n", "f:1:1: there is no column"},
		"one axis":             {blue, "vehicle_id,lat\nv,2\n", "f:1:1: there is a column for only one"},
		"a word":               {j, "hello", "f:1:1: there is no list"},
		"a list of numbers":    {j, "[" + v + ",\n7]", "f:2:1: there is no list"},
		"a list cut off":       {j, "[" + v + ",\n{\"vehicle", "f:2:1: the list is not closed"},
		"a list without end":   {j, "[" + v, "f:1:43: the list is not closed"},
		"an object cut off":    {j, v + "\n{\"vehicle", "f:2:1: the list is not closed"},
		"an object too long":   {j, "[{\"a\":\"" + x(1<<17) + "\"}]", "f:1:2: an object is"},
		"an object gigantic":   {j, "[{\"a\":\"" + x(1<<20), "f:1:2: an object is"},
		"a header without end": {blue, x(1 << 20), "f:1:1: the first line is longer"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			in, err := take(t, newDoor(t, mem.New()), tt.delivery, tt.text)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("Take: %v, want %s…", err, tt.want)
			}
			if strings.Contains(tt.text, v) && in.Moved != 1 {
				t.Errorf("what was read before: %+v, want one vehicle", in)
			}
		})
	}
}

// failing fails every second call before, or after, it took effect.
type failing struct {
	engine.Whereabouts
	calls int
	after bool
}

var errDown = errors.New("down")

func (f *failing) Tell(
	ctx context.Context, s engine.Scope, operator string, words []engine.Word,
) (int, error) {
	f.calls++
	if f.calls%2 == 0 {
		return f.Whereabouts.Tell(ctx, s, operator, words)
	}
	if f.after {
		_, _ = f.Whereabouts.Tell(ctx, s, operator, words)
	}
	return 0, errDown
}

func TestACallThatFailedIsMadeAgainAndCountsOnce(t *testing.T) {
	for _, after := range []bool{false, true} {
		store := mem.New()
		f := &failing{Whereabouts: store, after: after}
		d := newDoor(t, f)
		text := head + "v," + placeA + "," + at7 + ",available\n"
		if _, err := d.Take(t.Context(), blue, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		if err := d.Flush(t.Context()); !errors.Is(err, errDown) {
			t.Fatalf("Flush: %v, want the store's error", err)
		}
		if err := d.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := []string{"blue a 1 1"}
		if diff := cmp.Diff(want, stands(t, store, cellNames(t))); diff != "" {
			t.Errorf("after=%v: stands (-want +got):\n%s", after, diff)
		}
	}
}

func TestAPingThatMovesNothingCostsNoCall(t *testing.T) {
	f := &failing{Whereabouts: mem.New(), calls: 1}
	d := newDoor(t, f)
	for _, at := range []string{at7, "2027-01-04T07:10:00Z", "2027-01-04T07:20:00Z", at7} {
		if _, err := take(t, d, blue, head+"v,"+placeA+","+at+",available\n"); err != nil {
			t.Fatal(err)
		}
	}
	if f.calls != 2 { // it began with 1
		t.Errorf("%d calls of the store, want 1: the vehicle never moved", f.calls-1)
	}
}

func TestWhatIsForgottenStaysSo(t *testing.T) {
	store := mem.New()
	d := newDoor(t, store)
	old := head + "v," + placeA + "," + at7 + ",available\n"
	if _, err := take(t, d, blue, old+"w,"+placeB+",2027-01-04T07:50:00Z,available\n"); err != nil {
		t.Fatal(err)
	}
	n, err := d.Forget(t.Context(), time.Date(2027, 1, 4, 7, 30, 0, 0, time.UTC))
	if err != nil || n != 1 || d.Vehicles() != 1 {
		t.Fatalf("Forget = %d, %v, %d left; want 1 dropped, 1 left", n, err, d.Vehicles())
	}
	for _, door := range []*Door{d, newDoor(t, store)} { // the second begins anew
		if _, err := take(t, door, blue, old); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"blue b 1 1"}
	if diff := cmp.Diff(want, stands(t, store, cellNames(t))); diff != "" {
		t.Errorf("stands (-want +got):\n%s", diff)
	}
}
