package gbfs

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The other files: what is right in every version has no problem, what deviates has a place.
func TestTakeFiles(t *testing.T) {
	const endpoint = `{"name": "system_information", "url": "https://a.example/s"},
		{"name": "free_bike_status", "url": "https://a.example/f"}`
	tests := map[string]struct {
		name, body string
		items      int
		want       []string
	}{
		"a discovery of 2.x has languages": {
			Discovery, two("2.2", `{"en": {"feeds": [`+endpoint+`]}, "fr": {"feeds": []}}`), 2, nil,
		},
		"a discovery of 3.0 has none": {
			Discovery, three(`{"feeds": [{"name": "system_information", "url": "https://a.example/s"},
				{"name": "vehicle_status", "url": "https://a.example/v"}]}`), 2, nil,
		},
		"a discovery in the other version's shape is understood": {
			Discovery, three(`{"en": {"feeds": [` + endpoint + `]}}`), 2, []string{
				"data.en version 1 data.en",
				"data version 1 data",
			},
		},
		"a discovery without vehicles or stations, with an address that is none": {
			Discovery, two("2.3", `{"en": {"feeds": [{"name": "system_information", "url": "s.json"}]}}`),
			0,
			[]string{
				"data.en.feeds[].url value 1 data.en.feeds[0].url",
				"data.system_information missing 1 data.system_information",
				"data.free_bike_status missing 1 data.free_bike_status",
			},
		},
		"a system": {
			SystemInformation,
			two("2.3", `{"system_id": "s", "name": "S", "timezone": "Asia/Shanghai"}`), 1, nil,
		},
		"a system of 3.0 has its name in languages": {
			SystemInformation, three(`{"system_id": "s", "name": "S", "timezone": "Asia/Shanghai"}`), 1,
			[]string{"data.name value 1 data.name"},
		},
		"kinds of vehicles of 2.1 know no cargo bicycle": {
			VehicleTypes, two("2.1", `{"vehicle_types": [
				{"vehicle_type_id": "1", "form_factor": "cargo_bicycle", "propulsion_type": "human"},
				{"vehicle_type_id": "1", "form_factor": "bicycle"}]}`), 2, []string{
				"data.vehicle_types[].form_factor word 1 data.vehicle_types[0].form_factor",
				"data.vehicle_types[].propulsion_type missing 1 data.vehicle_types[1].propulsion_type",
				"data.vehicle_types[] repeated 1 data.vehicle_types[1]",
			},
		},
		"kinds of vehicles of 2.3 do": {
			VehicleTypes, two("2.3", `{"vehicle_types": [
				{"vehicle_type_id": "1", "form_factor": "cargo_bicycle", "propulsion_type": "human"}]}`),
			1, nil,
		},
		"kinds of vehicles of 3.0 have no scooter that neither stands nor seats": {
			VehicleTypes, three(`{"vehicle_types": [
				{"vehicle_type_id": "1", "form_factor": "scooter", "propulsion_type": "electric"}]}`), 1,
			[]string{"data.vehicle_types[].form_factor word 1 data.vehicle_types[0].form_factor"},
		},
		"stations": {
			StationInformation, two("2.3", `{"stations": [
				{"station_id": "s", "name": "S", "lat": 3, "lon": 101, "capacity": 9}]}`), 1, nil,
		},
		"stations nowhere, twice, and too large": {
			StationInformation, three(`{"stations": [
				{"station_id": "s", "name": [], "lat": 0, "lon": 0, "capacity": -1},
				{"station_id": "s", "name": [], "lat": 3, "lon": 101}]}`), 2, []string{
				"data.stations[].capacity range 1 data.stations[0].capacity",
				"data.stations[] repeated 1 data.stations[1]",
				"data.stations[].lat zero 1 data.stations[0].lat",
			},
		},
		"what stands at stations, in the words of the other version": {
			StationStatus, three(`{"stations": [{"station_id": "s", "num_bikes_available": 3,
				"is_installed": true, "is_renting": true, "is_returning": true,
				"last_reported": "2027-01-04T07:59:00Z"}]}`), 1,
			[]string{
				"data.stations[].num_bikes_available version 1 data.stations[0].num_bikes_available",
			},
		},
		"what stands at stations by kind and in all": {
			StationStatus, two("2.3", `{"stations": [{"station_id": "s", "num_bikes_available": 3,
				"vehicle_types_available": [{"vehicle_type_id": "1", "count": 2}],
				"is_installed": 1, "is_renting": true, "last_reported": 1799049540}]}`), 1,
			[]string{
				"data.stations[].is_installed type 1 data.stations[0].is_installed",
				"data.stations[].is_returning missing 1 data.stations[0].is_returning",
				"data.stations[] mismatch 1 data.stations[0]",
			},
		},
		"zones": {
			GeofencingZones, two("2.1", `{"geofencing_zones": {"type": "FeatureCollection", "features":
				[{"geometry": {"type": "MultiPolygon"}}]}}`), 1, nil,
		},
		"zones of 3.0 have global rules": {
			GeofencingZones, three(`{"geofencing_zones": {"features": [{"geometry":
				{"type": "Polygon"}}, {}]}}`), 2,
			[]string{
				"data.geofencing_zones.features[].geometry.type word 1 " +
					"data.geofencing_zones.features[0].geometry.type",
				"data.geofencing_zones.features[].geometry missing 1 " +
					"data.geofencing_zones.features[1].geometry",
				"data.global_rules missing 1 data.global_rules",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			file, err := made().Take(tt.name, []byte(tt.body), now)
			if err != nil {
				t.Fatal(err)
			}
			if file.Items != tt.items {
				t.Errorf("items = %d, want %d", file.Items, tt.items)
			}
			if diff := cmp.Diff(tt.want, tell(file.Problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Files of one feed are held against each other.
func TestTakeTogether(t *testing.T) {
	f := made()
	take := func(name, body string) []string {
		t.Helper()
		file, err := f.Take(name, []byte(body), now)
		if err != nil {
			t.Fatal(err)
		}
		return tell(file.Problems)
	}
	take(Discovery, two("2.3", `{"en": {"feeds": [
		{"name": "system_information", "url": "https://a.example/s"},
		{"name": "vehicle_types", "url": "https://a.example/t"},
		{"name": "station_status", "url": "https://a.example/u"},
		{"name": "station_information", "url": "https://a.example/i"}]}}`))
	take(VehicleTypes, two("2.3", `{"vehicle_types": [
		{"vehicle_type_id": "1", "form_factor": "bicycle", "propulsion_type": "human"}]}`))
	take(StationInformation, two("2.3", `{"stations": [
		{"station_id": "s", "name": "S", "lat": 3, "lon": 101, "capacity": 2}]}`))
	const rest = `"is_installed": true, "is_renting": true, "is_returning": true,
		"last_reported": 1799049540}`
	got := take(StationStatus, two("2.2", `{"stations": [
		{"station_id": "s", "num_bikes_available": 3, `+rest+`,
		{"station_id": "t", "num_bikes_available": 1, `+rest+`]}`))
	want := []string{
		"version version 1 version", // the discovery says 2.3
		"data.stations[] range 1 data.stations[0]", "data.stations[] unknown 1 data.stations[1]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stations (-want +got):\n%s", diff)
	}
	got = take(VehicleStatus, two("2.3", bikesOf(bikeA,
		`{"bike_id": "d", "station_id": "x", "vehicle_type_id": "2", "is_reserved": false,
			"is_disabled": false}`)))
	want = []string{
		"data.bikes[].vehicle_type_id missing 1 data.bikes[0].vehicle_type_id",
		"data.bikes[].vehicle_type_id unknown 1 data.bikes[1].vehicle_type_id",
		"data.bikes[].station_id unknown 1 data.bikes[1].station_id",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("vehicles (-want +got):\n%s", diff)
	}
	got = tell(f.Listing([]string{"system_information", "station_status", "free_bike_status"}))
	want = []string{
		"data.feeds.vehicle_types absent 1", "data.feeds.station_information absent 1",
		"data.feeds.free_bike_status unlisted 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Listing() (-want +got):\n%s", diff)
	}
}
