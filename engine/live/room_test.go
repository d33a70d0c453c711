package live

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

var noon = time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)

func settings(dir string) Settings {
	m, _ := observe.MethodOf("point_in_time_v1")
	return Settings{
		Dir: dir, Method: m, Expect: [][2]string{{"blue", "bike"}, {"green", "bike"}},
		Street: observe.Settings{Resolution: 9, Stale: 30 * 24 * 3_600_000, Ahead: 1000, Near: 30},
		Keep: map[observe.Data]time.Duration{
			observe.DataEvents: 48 * time.Hour, observe.DataFleets: 12 * time.Hour,
			observe.DataTelemetry: 2 * time.Hour, observe.DataTrips: 72 * time.Hour,
		},
	}
}

func open(tb testing.TB, s Settings) *Room {
	tb.Helper()
	r, err := Open(s)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// reopened closes a room and opens it again.
func reopened(tb testing.TB, r *Room) *Room {
	tb.Helper()
	if err := r.Close(); err != nil {
		tb.Fatal(err)
	}
	return open(tb, r.settings)
}

func at(lat float64) geo.LatLng { return geo.LatLng{Lat: lat, Lng: -83} }

func events(list ...observe.Sighting) *observe.Batch {
	return &observe.Batch{
		Operator: "blue", Sector: "bike", Kind: observe.Events, Sightings: list,
	}
}

func (r *Room) mustObserve(tb testing.TB, data observe.Data, b *observe.Batch, now time.Time) {
	tb.Helper()
	if _, err := r.Observe(data, b, now); err != nil {
		tb.Fatal(err)
	}
}

func TestARestartKnowsAll(t *testing.T) {
	r := open(t, settings(t.TempDir()))
	bike := observe.Registered{Vehicle: 7, Sector: "bike", Type: "bicycle"}
	if err := r.Register("blue", []observe.Registered{bike}, noon); err != nil {
		t.Fatal(err)
	}
	ms := noon.UnixMilli()
	r.mustObserve(t, observe.DataEvents, events(
		observe.Sighting{
			Vehicle: 7, Event: 1, State: observe.Available, At: ms, Placed: true, Point: at(40),
		},
	), noon)
	r.mustObserve(t, observe.DataTelemetry, events(
		observe.Sighting{Vehicle: 7, Quiet: true, At: ms + 500, Placed: true, Point: at(40.1)},
	), noon)
	r.mustObserve(t, observe.DataFleets, &observe.Batch{
		Operator: "green", Sector: "bike", At: ms,
		Sightings: []observe.Sighting{{Vehicle: 9, State: observe.Reserved, Placed: true, Point: at(41)}},
	}, noon)
	trips := []observe.Trip{{ID: 3, Sector: "bike", Start: ms - 120_000, End: ms, Rider: true}}
	if _, err := r.Ride("blue", trips, noon); err != nil {
		t.Fatal(err)
	}
	cell := func(lat float64) geo.Cell {
		c, err := geo.CellAt(at(lat), 9)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	want := []observe.Count{
		{Operator: "blue", Sector: "bike", Cell: cell(40.1), State: observe.Available, N: 1},
		{Operator: "green", Sector: "bike", Cell: cell(41), State: observe.Reserved, N: 1},
	}
	for _, when := range []string{"at once", "after a restart", "after another"} {
		if diff := cmp.Diff(want, r.Occupancy(noon)); diff != "" {
			t.Errorf("%s, occupancy (-want +got):\n%s", when, diff)
		}
		if v, ok := r.Vehicle("blue", 7); !ok || v.Sector != "bike" {
			t.Errorf("%s, the register has %+v, %v", when, v, ok)
		}
		h := r.Health(noon) // blue's one vehicle is registered, green has registered none
		if *h[0].Coverage != 1 || *h[0].Registered != 1 || h[1].Coverage != nil ||
			h[1].Registered != nil {
			t.Errorf("%s, health %+v", when, h)
		}
		if _, ok := r.Vehicle("green", 7); ok {
			t.Errorf("%s, green has blue's vehicle", when)
		}
		if got := fmt.Sprint(r.Rides(noon)); got != "[{blue bike 1799064000000 1}]" {
			t.Errorf("%s, rides %s", when, got)
		}
		if n, err := r.Ride("blue", trips, noon); n != 0 || err != nil {
			t.Errorf("%s, a trip told again: %d new, %v", when, n, err)
		}
		r = reopened(t, r)
	}
}

// TestAnswersGrowOld: an answer that was counted a moment ago knows nothing of what came since, so
// it is dropped; and a feed grows stale while nothing comes.
func TestAnswersGrowOld(t *testing.T) {
	s := settings(t.TempDir())
	s.Street.Stale = 500 // ms
	r := open(t, s)
	n := func(now time.Time) int {
		list := r.Occupancy(now)
		if len(list) == 0 {
			return 0
		}
		list[0].N += 100 // the caller's own
		return list[0].N - 100
	}
	ms := noon.UnixMilli()
	for i := range 3 {
		id := observe.ID(i + 1)
		x := observe.Sighting{Vehicle: id, State: observe.Available, At: ms}
		r.mustObserve(t, observe.DataEvents, events(x), noon)
		if first, again := n(noon), n(noon); first != i+1 || again != i+1 {
			t.Errorf("%d and %d vehicles, want %d", first, again, i+1)
		}
	}
	if got := n(noon.Add(1001 * time.Millisecond)); got != 0 {
		t.Errorf("a stale feed has %d vehicles, want unknown", got)
	}
	if h := r.Health(noon); h[0].Status != observe.Known || *h[0].Vehicles != 3 {
		t.Errorf("health %+v", h[0])
	}
	if h := r.Health(noon.Add(1001 * time.Millisecond)); h[0].Status != observe.Stale {
		t.Errorf("a second later %+v", h[0])
	}
}

// TestForgetKeepsThePicture: the history goes hour by hour, the last word about a vehicle stays.
func TestForgetKeepsThePicture(t *testing.T) {
	r := open(t, settings(t.TempDir()))
	ms := noon.UnixMilli()
	r.mustObserve(t, observe.DataEvents, events(
		observe.Sighting{Vehicle: 7, State: observe.Available, At: ms, Placed: true, Point: at(40)},
		observe.Sighting{Vehicle: 8, State: observe.Removed, At: ms, Placed: true, Point: at(40)},
	), noon)
	r.mustObserve(t, observe.DataTelemetry, events(
		observe.Sighting{Vehicle: 7, Quiet: true, At: ms + 1, Placed: true, Point: at(40.1)},
		observe.Sighting{Vehicle: 8, Quiet: true, At: ms + 1, Placed: true, Point: at(40.1)},
	), noon)
	before := r.Occupancy(noon)
	gone := func(now time.Time) map[string]int {
		t.Helper()
		list, err := r.Forget(now)
		if err != nil {
			t.Fatal(err)
		}
		n := map[string]int{}
		for _, f := range list {
			n[f.Data] = f.Items
		}
		return n
	}
	// The hour of noon ends at 13:00; two hours later its telemetry goes, not a moment before.
	tests := []struct {
		now  time.Time
		want map[string]int
	}{
		{
			noon.Add(3*time.Hour - 1),
			map[string]int{"events": 0, "fleets": 0, "telemetry": 0, "trips": 0},
		},
		{
			noon.Add(3 * time.Hour),
			map[string]int{"events": 0, "fleets": 0, "telemetry": 2, "trips": 0},
		},
		{
			noon.Add(49 * time.Hour),
			map[string]int{"events": 2, "fleets": 0, "telemetry": 0, "trips": 0},
		},
		{
			noon.Add(50 * time.Hour),
			map[string]int{"events": 0, "fleets": 0, "telemetry": 0, "trips": 0},
		},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, gone(tt.now)); diff != "" {
			t.Errorf("at %v (-want +got):\n%s", tt.now, diff)
		}
		if diff := cmp.Diff(before, r.Occupancy(tt.now)); diff != "" {
			t.Errorf("at %v, occupancy (-want +got):\n%s", tt.now, diff)
		}
		r = reopened(t, r)
		if diff := cmp.Diff(before, r.Occupancy(tt.now)); diff != "" {
			t.Errorf("at %v, occupancy after a restart (-want +got):\n%s", tt.now, diff)
		}
	}
	left, err := filepath.Glob(filepath.Join(r.settings.Dir, "*", "*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	if _, at := r.Last("blue", "bike", 8); at != 0 {
		t.Errorf("the vehicle off the street is still known")
	}
}

// TestACutLineIsTakenOff: what a crash cut off was never acknowledged; a changed line is an error.
func TestACutLineIsTakenOff(t *testing.T) {
	r := open(t, settings(t.TempDir()))
	one := events(observe.Sighting{Vehicle: 7, State: observe.Available, At: noon.UnixMilli()})
	two := events(observe.Sighting{Vehicle: 8, State: observe.Available, At: noon.UnixMilli()})
	r.mustObserve(t, observe.DataEvents, one, noon)
	r.mustObserve(t, observe.DataEvents, two, noon)
	path := filepath.Join(r.settings.Dir, "events", "20270104T12.jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	r = reopened(t, r)
	if got := r.Occupancy(noon); len(got) != 1 || got[0].N != 1 {
		t.Errorf("occupancy %v, want one vehicle", got)
	}
	r.mustObserve(t, observe.DataEvents, two, noon)
	r = reopened(t, r)
	if got := r.Occupancy(noon); len(got) != 1 || got[0].N != 2 {
		t.Errorf("occupancy %v, want two vehicles", got)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	whole[0] = '?'
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(r.settings); !errors.Is(err, ErrJournal) {
		t.Errorf("a changed line: %v, want ErrJournal", err)
	}
}

// TestWhatIsNotWrittenIsNotKnown: where the disk refuses, the caller hears it and nothing is taken.
func TestWhatIsNotWrittenIsNotKnown(t *testing.T) {
	r := open(t, settings(t.TempDir()))
	path := filepath.Join(r.settings.Dir, "events")
	if err := os.WriteFile(path, nil, 0o600); err != nil { // a file where the folder should be
		t.Fatal(err)
	}
	b := events(observe.Sighting{Vehicle: 7, State: observe.Available, At: noon.UnixMilli()})
	if _, err := r.Observe(observe.DataEvents, b, noon); err == nil {
		t.Error("no error")
	}
	if got := r.Occupancy(noon); len(got) != 0 {
		t.Errorf("occupancy %v, want none", got)
	}
}

// TestAFullJournalRefuses: what comes is refused until the retention has made room, and what is
// known stays.
func TestAFullJournalRefuses(t *testing.T) {
	s := settings(t.TempDir())
	s.Most = 150 // bytes: one delivery
	r := open(t, s)
	one := events(observe.Sighting{Vehicle: 7, State: observe.Available, At: noon.UnixMilli()})
	two := events(observe.Sighting{Vehicle: 8, State: observe.Available, At: noon.UnixMilli()})
	r.mustObserve(t, observe.DataTelemetry, one, noon)
	for _, when := range []string{"full", "full after a restart"} {
		_, err := r.Observe(observe.DataTelemetry, two, noon)
		if !errors.Is(err, ErrFull) || !errors.Is(err, engine.ErrUnavailable) {
			t.Errorf("%s: %v, want ErrFull", when, err)
		}
		if got := r.Occupancy(noon); len(got) != 1 || got[0].N != 1 {
			t.Errorf("%s: occupancy %v, want one vehicle", when, got)
		}
		r = reopened(t, r)
	}
	if _, err := r.Forget(noon.Add(3 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	r.mustObserve(t, observe.DataTelemetry, two, noon)
	if got := r.Occupancy(noon); len(got) != 1 || got[0].N != 2 {
		t.Errorf("occupancy %v, want two vehicles", got)
	}
}

// TestForgetNeverChangesTheCount holds over any deliveries, runs of the retention and restarts.
func TestForgetNeverChangesTheCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "room")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		r, err := Open(settings(dir))
		if err != nil {
			t.Fatal(err)
		}
		kept := observe.New(r.settings.Street) // forgets nothing
		now := noon
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "minutes")) * time.Minute)
			x := observe.Sighting{
				Vehicle: observe.ID(rapid.IntRange(1, 3).Draw(t, "vehicle")), Placed: true,
				State: observe.State(rapid.IntRange(1, 5).Draw(t, "state")), At: now.UnixMilli(),
				Point: at(40 + float64(rapid.IntRange(0, 5).Draw(t, "lat"))/100),
			}
			data := observe.DataEvents
			if x.Quiet = rapid.Bool().Draw(t, "quiet"); x.Quiet {
				data = observe.DataTelemetry
			}
			if _, err := r.Observe(data, events(x), now); err != nil {
				t.Fatal(err)
			}
			kept.Apply(events(x), now.UnixMilli())
			switch rapid.IntRange(0, 2).Draw(t, "then") {
			case 1:
				if _, err := r.Forget(now); err != nil {
					t.Fatal(err)
				}
			case 2:
				if err := r.Close(); err != nil {
					t.Fatal(err)
				}
				if r, err = Open(r.settings); err != nil {
					t.Fatal(err)
				}
			}
		}
		want := kept.Occupancy(r.settings.Method, now.UnixMilli())
		if diff := cmp.Diff(want, r.Occupancy(now)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

var _ engine.Forgetter = (*Room)(nil)
