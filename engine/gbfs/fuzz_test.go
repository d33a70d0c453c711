package gbfs

import (
	"testing"

	"github.com/stint-city/stint/engine/observe"
)

// FuzzTake takes any body as any file, after a good one: it ends, it says why nothing was taken,
// what was known stays then, and what it makes of it is bounded.
func FuzzTake(f *testing.F) {
	for i, seed := range []string{
		two("2.2", `{"en": {"feeds": [{"name": "free_bike_status", "url": "https://a.example"}]}}`),
		two("2.3", `{"system_id": "s", "name": "S", "timezone": "Asia/Shanghai"}`),
		two("2.3", `{"vehicle_types": [{"vehicle_type_id": "1", "form_factor": "bicycle"}]}`),
		three(`{"stations": [{"station_id": "s", "lat": 3, "lon": 101, "capacity": 1}]}`),
		two("2.3", `{"stations": [{"station_id": "s", "num_bikes_available": 1000000}]}`),
		three(vehiclesOf(bikeA, bikeB)),
		three(`{"geofencing_zones": {"features": [{"geometry": {}}]}, "global_rules": []}`),
		two("9.9", bikesOf(bikeA, bikeA)) + "]",
	} {
		f.Add(uint8(i), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		names := Names()
		name := names[int(which)%len(names)]
		feed := made()
		if _, err := feed.Take(VehicleStatus, []byte(two("2.3", bikesOf(bikeA))), now); err != nil {
			t.Fatal(err)
		}
		file, err := feed.Take(name, body, now)
		if err != nil && (len(file.Problems) == 0 || file.Usable || len(feed.Vehicles) != 1) {
			t.Errorf("%v of %s: %v, and %d vehicles", err, name, tell(file.Problems),
				len(feed.Vehicles))
		}
		street := observe.New(observe.Settings{Resolution: 9})
		for _, b := range feed.Batches(Fleet{Operator: "o", Sector: "bike", Count: CountBoth}) {
			if len(b.Sightings) > len(feed.Vehicles)+mostNameless {
				t.Fatalf("%d sightings", len(b.Sightings))
			}
			if len(b.Sightings) < 1000 {
				street.Apply(&b, b.At)
			}
		}
	})
}
