package gbfs

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/observe"
)

// docked is a feed with vehicles in the street, at stations, and stations that count.
func docked(t *testing.T) *Feed {
	t.Helper()
	const rest = `"is_installed": true, "is_renting": true, "is_returning": true,
		"last_reported": 1799049540}`
	f := made()
	for _, x := range [][2]string{
		{VehicleTypes, two("2.3", `{"vehicle_types": [
			{"vehicle_type_id": "1", "form_factor": "bicycle", "propulsion_type": "human"},
			{"vehicle_type_id": "2", "form_factor": "scooter_standing",
				"propulsion_type": "electric"}]}`)},
		{StationInformation, two("2.3", `{"stations": [
			{"station_id": "s", "name": "S", "lat": 3, "lon": 101, "capacity": 9}]}`)},
		{StationStatus, two("2.3", `{"stations": [
			{"station_id": "s", "num_bikes_available": 4, "num_bikes_disabled": 2,
			"vehicle_types_available": [{"vehicle_type_id": "1", "count": 3},
				{"vehicle_type_id": "2", "count": 1}], `+rest+`]}`)},
		{VehicleStatus, two("2.3", bikesOf(
			`{"bike_id": "a", "lat": 3.1, "lon": 101.1, "vehicle_type_id": "2",
				"is_reserved": false, "is_disabled": false}`,
			`{"bike_id": "b", "station_id": "s", "vehicle_type_id": "1",
				"is_reserved": false, "is_disabled": false}`,
			`{"bike_id": "c", "lat": 3, "lon": 101, "station_id": "s", "vehicle_type_id": "1",
				"is_reserved": false, "is_disabled": false}`))},
	} {
		if file, err := f.Take(x[0], []byte(x[1]), now); err != nil || len(file.Problems) > 0 {
			t.Fatalf("%s: %v %v", x[0], err, tell(file.Problems))
		}
	}
	return f
}

// fleet writes batches as "sector: state × n of them named", by hand for docked:
//
//	vehicles  a (scooter), b, c (bicycles)                    = 1 scooter, 2 bicycles
//	stations  4 available (3 bicycles, 1 scooter), 2 disabled = 6 without names
//	both      a; b is in its station's count; c is taken off it: 2 bicycles, 1 scooter and
//	          2 disabled are left without names
func TestBatches(t *testing.T) {
	tests := map[Count]map[string]int{
		CountAuto:     {"bike available named": 2, "scooter available named": 1},
		CountVehicles: {"bike available named": 2, "scooter available named": 1},
		CountStations: {
			"bike available": 3, "scooter available": 1, "bike non_operational": 2,
		},
		CountBoth: {
			"bike available named": 1, "scooter available named": 1,
			"bike available": 2, "scooter available": 1, "bike non_operational": 2,
		},
	}
	for count, want := range tests {
		t.Run(string(count), func(t *testing.T) {
			got := map[string]int{}
			for _, b := range docked(t).Batches(Fleet{
				Operator: "o", Sector: "bike", Count: count,
				Sectors: []string{"scooter"},
				SectorOf: func(form string, _ []string) (string, bool) {
					return "scooter", form == "scooter_standing"
				},
			}) {
				if b.At != 1_799_049_540_000 || b.Operator != "o" || b.Kind != observe.Snapshot {
					t.Errorf("batch of %s at %d, kind %d", b.Operator, b.At, b.Kind)
				}
				for _, x := range b.Sightings {
					k := b.Sector + " " + x.State.String()
					if x.Vehicle != 0 {
						k += " named"
					}
					got[k]++
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("fleet (-want +got):\n%s", diff)
			}
		})
	}
}

// A feed of docks alone is counted from its stations where nothing else is asked for.
func TestBatchesOfDocks(t *testing.T) {
	f := docked(t)
	if _, err := f.Take(VehicleStatus, []byte(two("2.3", bikesOf())), now); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, b := range f.Batches(Fleet{Operator: "o", Sector: "bike"}) {
		n += len(b.Sightings)
	}
	if n != 6 {
		t.Errorf("%d vehicles, want 6", n)
	}
}

// Without a time, or without a file that could be used, there is no picture: unknown isn't empty.
func TestNoBatches(t *testing.T) {
	tests := map[string]string{
		"no file":       "",
		"a broken file": `{"data"`,
		"no time":       `{"data": {"bikes": []}}`,
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			f := made()
			if body != "" {
				_, _ = f.Take(VehicleStatus, []byte(body), now)
			}
			if list := f.Batches(Fleet{Operator: "o"}); list != nil {
				t.Errorf("Batches() = %v, want none", list)
			}
		})
	}
}

// A station that claims more vehicles than a city has is bounded.
func TestBatchesAreBounded(t *testing.T) {
	f := made()
	f.files[StationStatus] = &File{Usable: true, Updated: now}
	for i := range 200 {
		f.Status = append(f.Status, Status{Station: fmt.Sprint(i), Available: mostAtStation})
	}
	n := 0
	for _, b := range f.Batches(Fleet{Operator: "o"}) {
		n += len(b.Sightings)
	}
	if n != mostNameless { // 200 × 10,000 = 2 million were claimed
		t.Errorf("%d vehicles, want %d", n, mostNameless)
	}
}
