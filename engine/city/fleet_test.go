package city

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/scoring"
)

// fleetFile is the village with nothing but pulls of its fleet, in two schemas.
func fleetFile(t testing.TB) string {
	t.Helper()
	text := edited(t,
		"{model: erlang, cycle_hours: 3}", "{model: presence}",
		"compliance: {layer: rides, fences: fences, tolerances_m: [0, 15], centre: true}\n", "",
		"  - id: free\n    kind: availability\n    path: free.csv\n    crs: WGS-84\n", "",
		"    - id: in_fence_share\n", "    - id: banned_zone_share\n",
		"max: 100, min_benefit: 0.2", "max: 100")
	start, end := strings.Index(text, "  - id: rides\n"), strings.Index(text, "operators:\n")
	return text[:start] + `  - id: pulls
    kind: occupancy
    path: pull_*.csv
    crs: WGS-84
    columns:
      - {operator: who, vehicle: id, lat: y, lng: x, available: up, disabled: broken}
      - {operator: who, vehicle: id, lat: y, lng: x}
    operator_of: {A: ant, B: bee}
    file_time: true
    min_gap_minutes: 5
` + text[end:]
}

// fleet returns pulls 4 hours apart and one that follows by a minute. Ant's IDs last, bee's
// don't. The third place lies in the quiet zone, the last outside every district.
func fleet() map[string]string {
	const good = "24.49005,118.11010"
	return map[string]string{
		"pull_20240304T000000Z.csv": "who,id,y,x\n" +
			"A,a1," + good + "\nA,a2," + good + "\nB,b1," + good + "\n",
		"pull_20240304T000100Z.csv": "who,id,y,x\nA,a1," + good + "\n",
		"pull_20240304T040000Z.csv": "who,id,y,x,up,broken\nA,a1," + good + ",True,False\n" +
			"A,a2,24.49700,118.13700,False,True\nB,b7," + good + ",,\nB,b8,24.50900,118.11000,1,no\n",
	}
}

func TestReadAveragesPulls(t *testing.T) {
	change := fleet()
	change["city.yaml"] = fleetFile(t)
	s := readGood(t, change)
	i, quiet := cellOf(t, s, 24.49005, 118.11010), cellOf(t, s, 24.497, 118.137)
	sector := s.Sectors[0]
	// Pulls at 0 and 4 h: three and two in the first cell. One stood in the quiet zone, which bans
	// parking: it is seen, and no demand.
	if !near(sector.Presence[i], 2.5, 1e-12) || !near(sector.Presence[quiet], 0, 1e-12) {
		t.Errorf("presence = %v and %v, want 2.5 and 0", sector.Presence[i], sector.Presence[quiet])
	}
	if !near(sector.Use[0][i], 1.5, 1e-12) || !near(sector.Use[1][i], 1, 1e-12) {
		t.Errorf("use = %v and %v, want 1.5 and 1", sector.Use[0][i], sector.Use[1][i])
	}
	pulls := s.Layers[len(s.Layers)-1]
	if pulls.Files != 2 || pulls.Features != 7 || pulls.Outside != 1 {
		t.Errorf("pulls = %+v, want 2 files, 7 vehicles, 1 outside", pulls)
	}
	if pulls.FirstTime != "2024-03-04 08:00:00" || pulls.LastTime != "2024-03-04 12:00:00" {
		t.Errorf("times = %s to %s, want the local ones", pulls.FirstTime, pulls.LastTime)
	}
	for _, id := range []string{
		"city.near-pulls", "city.ids-last", "city.ids-renewed", "city.stood-banned",
	} {
		if len(noted(s, id)) != 1 {
			t.Errorf("%d notes %s, want 1", len(noted(s, id)), id)
		}
	}
}

func TestReadMeasuresIndicators(t *testing.T) {
	tests := map[string]struct {
		indicator string
		want      []scoring.Value // of ant and bee
	}{
		"in a zone that bans": {"banned_zone_share", []scoring.Value{
			{Value: 0.25, Known: true, Samples: 4}, {Value: 0, Known: true, Samples: 3},
		}},
		"outside every district": {"outside_share", []scoring.Value{
			{Value: 0, Known: true, Samples: 4}, {Value: 1.0 / 3, Known: true, Samples: 3},
		}},
		"a blank flag is unknown, not false": {"disabled_share", []scoring.Value{
			{Value: 0.5, Known: true, Samples: 2}, {Value: 0, Known: true, Samples: 1},
		}},
		"trips can't be told from pulls": {"trips_per_vehicle", []scoring.Value{
			{Why: "no-rides"}, {Why: "ids-renewed"},
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			change := fleet()
			change["city.yaml"] = strings.Replace(fleetFile(t), "banned_zone_share", tt.indicator, 1)
			s := readGood(t, change)
			for k, want := range tt.want {
				want.Indicator = tt.indicator
				values := s.Sheets[k].Values
				if diff := cmp.Diff(want, values[len(values)-1]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", s.Sheets[k].Operator, diff)
				}
			}
		})
	}
}

func TestReadRefusesBadPulls(t *testing.T) {
	tests := map[string]struct {
		name, text string
		at         string
		want       []string
	}{
		"a vehicle twice in one pull": {
			"pull_20240305T000000Z.csv", "who,id,y,x\nA,a1,24.49,118.11\nA,a1,24.49,118.11\n",
			"pull_20240305T000000Z.csv:3:3",
			[]string{`"a1"`, "twice"},
		},
		"a flag that is neither": {
			"pull_20240305T000000Z.csv", "who,id,y,x,up,broken\nA,a1,24.49,118.11,maybe,\n",
			"pull_20240305T000000Z.csv:2:19",
			[]string{`"maybe"`, "blank"},
		},
		"a file without a time": {
			"pull_monday.csv", "who,id,y,x\nA,a1,24.49,118.11\n", "pull_monday.csv", []string{"no time"},
		},
		"an operator nobody knows": {
			"pull_20240305T000000Z.csv", "who,id,y,x\nC,a1,24.49,118.11\n", "city.yaml:36:5",
			[]string{`"C" (1 row)`},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			change := fleet()
			change["city.yaml"] = fleetFile(t)
			change[tt.name] = tt.text
			_, err := readVillage(t, change)
			checkFault(t, err, tt.at, tt.want...)
		})
	}
}

// Trips per vehicle and day: rides of whole days over the vehicles they name, or over the fleet
// seen.
func TestReadMeasuresTrips(t *testing.T) {
	trips := func(t *testing.T, replace ...string) scoring.Value {
		t.Helper()
		text := edited(t, append([]string{"    - id: in_fence_share\n", "    - id: trips_per_vehicle\n"},
			replace...)...)
		s := readGood(t, map[string]string{"city.yaml": text})
		return s.Sheets[0].Values[1]
	}
	// 402 rides by 402 bikes on two days.
	want := scoring.Value{Indicator: "trips_per_vehicle", Value: 0.5, Known: true, Samples: 402}
	if diff := cmp.Diff(want, trips(t)); diff != "" {
		t.Errorf("ant's trips (-want +got):\n%s", diff)
	}
	const operators = "operator_of: {A: ant, B: bee}\n"
	got := trips(t, operators, operators+"    hours: [0, 13]\n")
	if got.Known || got.Why != "part-of-day" {
		t.Errorf("trips of part of the day = %+v, want unknown", got)
	}
	got = trips(t, ", vehicle: bike}", "}")
	if got.Known || got.Why != "no-vehicles" {
		t.Errorf("trips without vehicles = %+v, want unknown", got)
	}
}
