package observe

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stint-city/stint/geo"
)

// square is (x0, y0)-(x1, y1) in longitude and latitude.
func square(x0, y0, x1, y1 float64) geo.MultiPolygon {
	return geo.MultiPolygon{{{
		{Lat: y0, Lng: x0},
		{Lat: y0, Lng: x1},
		{Lat: y1, Lng: x1},
		{Lat: y1, Lng: x0},
		{Lat: y0, Lng: x0},
	}}}
}

type caseRule struct {
	Geo      []string
	Min, Max *int
}

// rulesOf are a case's rules: the squares of the file's note, its default states and type.
func rulesOf(list []caseRule) []Rule {
	places := map[string]geo.MultiPolygon{
		"A": square(0, 0, 1, 1), "B": square(2, 0, 3, 1),
		"A2": square(0.5, 0, 1.5, 1), "O": square(-1, -1, 9, 9),
	}
	var rules []Rule
	for _, c := range list {
		r := Rule{
			States: SetOf(Available, NonOperational, Reserved), Types: []string{"bicycle"},
			Minimum: c.Min, Maximum: c.Max,
		}
		for _, g := range c.Geo {
			r.Places = append(r.Places, places[g])
		}
		rules = append(rules, r)
	}
	return rules
}

// vehiclesOf are n vehicles at a place of the note: [n, place, state, type, provider].
func vehiclesOf(t *testing.T, rows [][]any) []Counted {
	t.Helper()
	points := map[string]geo.LatLng{
		"A": {Lat: 0.5, Lng: 0.2}, "B": {Lat: 0.5, Lng: 2.5},
		"A∩A2": {Lat: 0.5, Lng: 0.7}, `O\A`: {Lat: 5, Lng: 5},
	}
	var list []Counted
	for _, row := range rows {
		x := Counted{Type: "bicycle", State: Available, Provider: "p"}
		point, found := points[row[1].(string)]
		if !found {
			t.Fatalf("no point in %v", row[1])
		}
		x.Point = point
		if len(row) > 2 {
			x.State, _ = ParseState(row[2].(string))
		}
		if len(row) > 3 {
			x.Type = row[3].(string)
		}
		if len(row) > 4 {
			x.Provider = row[4].(string)
		}
		for range int(row[0].(float64)) {
			x.At++
			list = append(list, x)
		}
	}
	return list
}

func TestCountCases(t *testing.T) {
	var file struct {
		Cases []struct {
			ID       string
			Rules    []caseRule
			Policies [][]caseRule
			Vehicles [][]any
			Stint    int
		}
	}
	if err := json.Unmarshal(read(t, "cases/counts/mds_count.json"), &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != 12 {
		t.Errorf("%d cases; the file had 12 when this was written", len(file.Cases))
	}
	for _, c := range file.Cases {
		policies := c.Policies
		if policies == nil {
			policies = [][]caseRule{c.Rules}
		}
		got := 0
		for _, p := range policies {
			got += Violations(rulesOf(p), vehiclesOf(t, c.Vehicles), false)
		}
		if got != c.Stint {
			t.Errorf("%s: %d violations, want %d", c.ID, got, c.Stint)
		}
	}
}

// The facts of the peers' suites that are about counts; the weekend's rule is a matter of when a
// policy is asked, the 48 hours are TestMethods'.
func TestPeerFacts(t *testing.T) {
	n := func(x int) *int { return &x }
	inner, outer, far := []string{"A"}, []string{"O"}, []string{"B"}
	for i, c := range []struct {
		rules    []caseRule
		vehicles [][]any
		want     int
	}{
		{[]caseRule{{inner, n(5), n(10)}}, [][]any{{7.0, "A"}}, 0},
		{[]caseRule{{inner, n(5), n(10)}}, [][]any{{15.0, "A"}}, 5},
		{[]caseRule{{inner, n(500), n(3000)}}, [][]any{{800.0, "A"}}, 0},
		{[]caseRule{{inner, n(500), n(3000)}}, [][]any{{3001.0, "A"}}, 1},
		{[]caseRule{{inner, n(500), n(3000)}}, [][]any{{10.0, "A"}}, 490},
		{[]caseRule{{inner, nil, n(1)}, {outer, nil, n(2)}}, [][]any{{3.0, "A"}, {2.0, `O\A`}}, 2},
		{[]caseRule{{inner, nil, n(1)}, {outer, n(10), nil}}, [][]any{{3.0, "A"}, {2.0, `O\A`}}, 6},
		{[]caseRule{{inner, nil, n(1)}, {far, n(1), n(5)}}, [][]any{{2.0, "A"}, {4.0, "B"}}, 1},
	} {
		if got := Violations(rulesOf(c.rules), vehiclesOf(t, c.vehicles), false); got != c.want {
			t.Errorf("case %d: %d, want %d", i, got, c.want)
		}
	}
	riding := rulesOf([]caseRule{{inner, nil, n(0)}})
	riding[0].States |= SetOf(OnTrip)
	if got := Violations(riding, vehiclesOf(t, [][]any{{15.0, "A", "on_trip"}}), false); got != 15 {
		t.Errorf("15 on a trip: %d", got)
	}
	// c17 pooled: two of p1 and two of p2 against 3.
	pooled := vehiclesOf(t, [][]any{
		{2.0, "A", "available", "bicycle", "p1"}, {2.0, "A", "available", "bicycle", "p2"},
	})
	if got := Violations(rulesOf([]caseRule{{inner, nil, n(3)}}), pooled, true); got != 1 {
		t.Errorf("shared: %d, want 1", got)
	}
	open := rulesOf([]caseRule{{inner, nil, n(4)}})
	open[0].OpenMaximum = true
	if got := Violations(open, pooled, true); got != 1 {
		t.Errorf("fewer than 4, there are 4: %d, want 1", got)
	}
}

func TestMethods(t *testing.T) {
	const hours = 3600 * 1000
	s := Settings{Resolution: 9}
	street := New(s)
	b := Batch{Operator: "a", Kind: Events, Sightings: []Sighting{
		{Vehicle: 1, State: Available, At: 1},
		{Vehicle: 2, State: OnTrip, At: 1},
		{Vehicle: 3, State: Removed, At: 1},
		{Vehicle: 4, State: Unknown, At: 1},
	}}
	street.Apply(&b, 1)
	want := map[string]int{
		"point_in_time_v1": 1, "point_in_time_trips_v1": 2, "standing_v1": 2,
		"last_event_48h_v1": 0,
	}
	got := map[string]int{}
	for _, m := range Methods() {
		got[m.Name] = 0
		for _, c := range street.Occupancy(m, 1+48*hours) {
			got[m.Name] += c.N
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}
