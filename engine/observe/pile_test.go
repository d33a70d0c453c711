package observe

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/geo"
)

// expects is a demand of a few cells, the same at all times; a cell without an entry is unknown.
type expects map[geo.Cell]float64

func (e expects) Leaving(c geo.Cell, _, _ int64) (float64, bool) {
	n, ok := e[c]
	return n, ok
}

// spot is a cell of the tests and a point in it.
func spot(t testing.TB, lng float64) (geo.Cell, geo.LatLng) {
	t.Helper()
	at := geo.LatLng{Lat: 40, Lng: lng}
	cell, err := geo.CellAt(at, 9)
	if err != nil {
		t.Fatal(err)
	}
	return cell, at
}

// fill is a snapshot with so many vehicles at a point.
func fill(n int, p geo.LatLng, at int64) *Batch {
	b := &Batch{Operator: "a", At: at}
	for i := range n {
		b.Sightings = append(b.Sightings,
			Sighting{Vehicle: ID(i + 1), State: Available, Placed: true, Point: p})
	}
	return b
}

func TestTransient(t *testing.T) {
	cell, here := spot(t, -83)
	const minute = 60_000
	for name, tt := range map[string]struct {
		demand Demand
		n      []int // vehicles, minute by minute
		want   []string
	}{
		"nobody leaves: it stands after τ": {
			expects{cell: 0}, []int{12, 12, 12, 12}, []string{"", "", PileStanding, PileStanding},
		},
		"those above the limit leave in time: transient": {
			expects{cell: 2}, []int{12, 12, 12, 12}, []string{"", "", PileTransient, PileTransient},
		},
		"one more than leave: it stands": {
			expects{cell: 2}, []int{13, 13, 13}, []string{"", "", PileStanding},
		},
		"what grows beyond those who leave stands τ later": {
			expects{cell: 2},
			[]int{12, 12, 12, 13, 13, 13},
			[]string{"", "", PileTransient, PileTransient, PileTransient, PileStanding},
		},
		"below the limit for a moment: the clock begins anew": {
			expects{cell: 0}, []int{12, 12, 10, 12, 12, 12}, []string{"", "", "", "", "", PileStanding},
		},
		"nothing is known of who leaves": {
			expects{}, []int{12, 12, 12}, []string{"", "", PileUntold},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := New(settings())
			g := Ground{
				Method: everything(), Capacity: map[geo.Cell]float64{cell: 5}, Theta: 2,
				Tau: 2 * minute, Demand: tt.demand, Horizon: 30 * minute,
			}
			for i, n := range tt.n {
				at := int64(i+1) * minute
				s.Apply(fill(n, here, at), at)
				got := ""
				for _, f := range s.Watch(&g, at) {
					got = f.Pile.Class
					if f.N != float64(n) || f.Limit != 10 || f.Pile.Capacity != 5 || f.Pile.Theta != 2 {
						t.Errorf("evidence %+v %+v", f, f.Pile)
					}
				}
				if got != tt.want[i] {
					t.Errorf("minute %d: %q, want %q", i+1, got, tt.want[i])
				}
			}
		})
	}
}

// Whatever stands there and whoever leaves: the pile-ups are the same cells as without a demand
// model, only told apart; and a cell from which more leave is never called standing where one from
// which fewer leave isn't.
func TestTransientOnlyTellsApart(t *testing.T) {
	cell, here := spot(t, -83)
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.IntRange(0, 12), 1, 12).Draw(t, "n")
		few := rapid.Float64Range(0, 8).Draw(t, "few")
		many := few + rapid.Float64Range(0, 8).Draw(t, "more")
		tau := int64(rapid.IntRange(0, 3).Draw(t, "tau"))
		none := classes(numbers, here, cell, nil, tau)
		one := classes(numbers, here, cell, expects{cell: few}, tau)
		two := classes(numbers, here, cell, expects{cell: many}, tau)
		for i := range numbers {
			if (none[i] == "") != (one[i] == "") || (one[i] == "") != (two[i] == "") {
				t.Fatalf("a demand model changes which cells are piled up: %q %q %q", none, one, two)
			}
			if two[i] == PileStanding && one[i] != PileStanding {
				t.Fatalf("%v leave: %q; %v leave: %q", few, one, many, two)
			}
		}
	})
}

// classes are a cell's class at each look, "" where it isn't piled up.
func classes(numbers []int, p geo.LatLng, cell geo.Cell, d Demand, tau int64) []string {
	s := New(Settings{Resolution: 9})
	g := Ground{
		Method: everything(), Theta: 1, Tau: tau, Demand: d, Horizon: 1,
		Capacity: map[geo.Cell]float64{cell: 5},
	}
	list := make([]string, len(numbers))
	for i, n := range numbers {
		at := int64(i + 1)
		s.Apply(fill(n, p, at), at)
		for _, f := range s.Watch(&g, at) {
			list[i] = f.Pile.Class
			if f.Pile.Class == PileStanding && f.Pile.Rest <= f.Limit {
				list[i] = fmt.Sprintf("standing with %v of %v", f.Pile.Rest, f.Limit)
			}
		}
	}
	return list
}

func TestStarvation(t *testing.T) {
	cell, here := spot(t, -83)
	quiet, _ := spot(t, -83.1)
	s := New(settings())
	g := Ground{
		Method: everything(), Tau: 1000, Demand: expects{cell: 8, quiet: 1},
		Hunger: Hunger{Cells: []geo.Cell{cell, quiet}, Share: 0.5, Least: 2, Horizon: 1},
	}
	for i, n := range []int{4, 3, 3, 4} { // of 8 departures half are wanted: 4
		at := int64(i+1) * 1000
		s.Apply(fill(n, here, at), at)
		list, gaps := s.Findings(&g, at)
		if want := i == 2; want != (len(list) == 1) || len(gaps) != 0 {
			t.Errorf("%d usable: %v, gaps %v", n, list, gaps)
		}
	}
	// Of a feed that is silent the vehicles may stand there: nothing is starved.
	s.Expect("b", "")
	s.Apply(fill(0, here, 6000), 6000)
	for _, at := range []int64{6000, 8000} {
		list, gaps := s.Findings(&g, at)
		if len(list) != 0 || len(gaps) != 2 || gaps[1].Why != "feed-unknown" {
			t.Errorf("beside a silent feed: %v, gaps %v", list, gaps)
		}
	}
	g.Demand = nil
	if _, gaps := New(settings()).Findings(&g, 1); len(gaps) != 1 || gaps[0].Why != "no-demand" {
		t.Errorf("without demand: gaps %v", gaps)
	}
}

func TestAbandoned(t *testing.T) {
	_, here := spot(t, -83)
	s := New(Settings{Resolution: 9})
	g := Ground{Method: everything(), Idle: 2 * shortGap, Abandoned: 4 * shortGap}
	for i, want := range []string{"", "", FindIdle, FindIdle, FindAbandoned} { // hours
		at := 1000 + int64(i)*shortGap
		s.Apply(fill(1, here, at), at)
		list, _ := s.Findings(&g, at)
		got := ""
		for _, f := range list {
			got += f.Kind
			if f.N != float64(i) || f.Since != 1000 {
				t.Errorf("after %d hours: %+v", i, f)
			}
		}
		if got != want {
			t.Errorf("after %d hours: %q, want %q", i, got, want)
		}
	}
}

// A departure is known by the next lock; the mean of the days before is expected, never that of the
// day itself, and never a weekday's for a Sunday.
func TestDepartures(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	cell, _ := spot(t, -83)
	at := func(day, hour, minute int) int64 {
		return time.Date(2020, 12, day, hour, minute, 0, 0, zone).UnixMilli()
	}
	d := NewDepartures(zone)
	if _, ok := d.Leaving(cell, at(21, 8, 0), shortGap); ok {
		t.Error("a model that has seen nothing answers")
	}
	for _, day := range []int{21, 22} { // Monday, Tuesday
		for range 3 * (day - 20) { // 3, then 6
			d.Take(Move{From: cell, Gone: at(day, 8, 30)})
		}
		d.Watched(at(day, 8, 1))
	}
	for name, tt := range map[string]struct {
		now    int64
		within int64
		want   float64
		ok     bool
	}{
		"Tuesday expects Monday's":          {at(22, 8, 0), shortGap, 3, true},
		"Thursday expects the mean":         {at(24, 8, 0), shortGap, 4.5, true},
		"half an hour, half of it":          {at(24, 8, 15), shortGap / 2, 2.25, true},
		"beyond 9 nothing is known to add":  {at(24, 8, 40), shortGap, 1.5, true},
		"before 8 nobody watched":           {at(24, 6, 0), shortGap, 0, false},
		"Monday doesn't expect from itself": {at(21, 8, 0), shortGap, 0, false},
		"Sunday is no weekday":              {at(27, 8, 0), shortGap, 0, false},
	} {
		n, ok := d.Leaving(cell, tt.now, tt.within)
		if ok != tt.ok || n < tt.want-1e-9 || n > tt.want+1e-9 {
			t.Errorf("%s: %v, %v", name, n, ok)
		}
	}
}

// However the events of a few vehicles are spread over files, a replay by ticks is the same.
func TestByTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tick := int64(rapid.IntRange(1, 5000).Draw(t, "tick"))
		whole := Batch{Operator: "a", Kind: Events}
		parts := make([]Batch, 3)
		for i := range parts {
			parts[i] = Batch{Operator: "a", Kind: Events}
		}
		for i := range rapid.IntRange(0, 20).Draw(t, "n") {
			x := sighting(t)
			x.Event = ID(i + 1)
			whole.Sightings = append(whole.Sightings, x)
			k := rapid.IntRange(0, 2).Draw(t, "part")
			parts[k].Sightings = append(parts[k].Sightings, x)
		}
		n, last := 0, int64(-1)
		for _, b := range ByTime(parts, tick) {
			for i := range b.Sightings {
				x := &b.Sightings[i]
				if x.At > b.At || x.At <= b.At-tick || x.At < last {
					t.Fatalf("an event of %d after %d in the tick to %d", x.At, last, b.At)
				}
				n, last = n+1, x.At
			}
		}
		if n != len(whole.Sightings) {
			t.Fatalf("%d events of %d", n, len(whole.Sightings))
		}
	})
}

// After a silence nobody watched: what was known is known no more, and late events of before stay
// out.
func TestRestart(t *testing.T) {
	_, here := spot(t, -83)
	s := New(Settings{Resolution: 9, Restart: 10_000})
	event := func(id ID, at int64) *Batch {
		return &Batch{Operator: "a", Kind: Events, Sightings: []Sighting{
			{Vehicle: id, State: Available, At: at, Placed: true, Point: here},
		}}
	}
	s.Apply(event(1, 1000), 1000)
	s.Apply(event(2, 9000), 9000)
	fleet := func(at int64) (n int) {
		for _, c := range s.Occupancy(everything(), at) {
			n += c.N
		}
		return n
	}
	if fleet(9000) != 2 {
		t.Errorf("%d before the silence", fleet(9000))
	}
	s.Apply(event(3, 30_000), 30_000)
	s.Apply(event(1, 5000), 30_000)
	if fleet(30_000) != 1 {
		t.Errorf("%d after the silence, want the one told of since", fleet(30_000))
	}
	g := Ground{Method: everything(), Idle: 1}
	if list, gaps := s.Findings(&g, 40_000); len(list) != 0 || gaps[0].Why != "locks-alone" {
		t.Errorf("dwell from locks alone: %v, %v", list, gaps)
	}
}

// A pile-up is one episode from its beginning to its end, with the look at which it was worst.
func TestEpisodes(t *testing.T) {
	cell, _ := spot(t, -83)
	e := NewEpisodes()
	look := func(n float64, class string, at int64) int {
		if n == 0 {
			return len(e.Take(nil, at))
		}
		p := &Pile{Class: class}
		f := Finding{Kind: FindPile, Cell: cell, N: n, Limit: 10, At: at, Since: 1, Pile: p}
		return len(e.Take([]Finding{f}, at))
	}
	worse := []int{
		look(12, PileTransient, 3), look(15, PileStanding, 4), look(14, PileTransient, 5), look(0, "", 6),
		look(11, PileTransient, 9),
	}
	if fmt.Sprint(worse) != "[1 1 0 0 1]" {
		t.Errorf("began or became worse: %v", worse)
	}
	list := e.List()
	if len(list) != 2 {
		t.Fatalf("%d episodes", len(list))
	}
	x := list[0]
	if x.From != 1 || x.Confirmed != 3 || x.Until != 5 || x.Open || x.Class != PileStanding ||
		x.Worst.N != 15 || !list[1].Open {
		t.Errorf("%+v", x)
	}
}
