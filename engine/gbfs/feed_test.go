package gbfs

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

// now is 2027-01-04T08:00:00Z, and the files below are of a minute before.
const now = 1_799_049_600_000 // ms

// made returns a feed that knows a city around 3° N, 101° E.
func made() *Feed {
	return New(Settings{
		Hasher: observe.NewHasher([]byte("salt")), Ahead: 60_000,
		Area: &geo.Box{Min: geo.LatLng{Lat: 2, Lng: 100}, Max: geo.LatLng{Lat: 4, Lng: 102}},
	})
}

// two is a file of GBFS 2, three one of 3.0.
func two(version, data string) string {
	return fmt.Sprintf(`{"last_updated": 1799049540, "ttl": 60, "version": %q, "data": %s}`,
		version, data)
}

func three(data string) string {
	return `{"last_updated": "2027-01-04T07:59:00Z", "ttl": 60, "version": "3.0", "data": ` + data +
		`}`
}

// tell writes problems as "field kind count first".
func tell(list []lenient.Problem) []string {
	var lines []string
	for _, p := range list {
		lines = append(lines,
			strings.TrimSpace(fmt.Sprintf("%s %s %d %s", p.Field, p.Kind, p.Count, p.First)))
	}
	return lines
}

const (
	bikeA = `{"bike_id": "a", "lat": 3.1, "lon": 101.1, "is_reserved": false, "is_disabled": false}`
	bikeB = `{"bike_id": "b", "lat": 3.2, "lon": 101.2, "is_reserved": true, "is_disabled": false}`
	bikeC = `{"bike_id": "c", "lat": 3.3, "lon": 101.3, "is_reserved": true, "is_disabled": true}`
)

func bikesOf(list ...string) string { return `{"bikes": [` + strings.Join(list, ",") + `]}` }

func vehiclesOf(list ...string) string {
	joined := strings.ReplaceAll(strings.Join(list, ","), "bike_id", "vehicle_id")
	return `{"vehicles": [` + joined + `]}`
}

func TestTakeVehicles(t *testing.T) {
	tests := map[string]struct {
		body   string
		states string // of the vehicles that were taken
		want   []string
	}{
		"2.1": {two("2.1", bikesOf(bikeA, bikeB, bikeC)), "available reserved non_operational", nil},
		"2.2": {two("2.2", bikesOf(bikeA)), "available", nil},
		"2.3": {two("2.3", bikesOf(bikeB)), "reserved", nil},
		"3.0": {three(vehiclesOf(bikeA, bikeC)), "available non_operational", nil},
		"an empty street is a street": {
			two("2.3", bikesOf()), "", nil,
		},
		"the data may stand before the version": {
			`{"data": ` + vehiclesOf(bikeA) + `, "version": "3.0", "ttl": 0,
			  "last_updated": "2027-01-04T07:59:00Z"}`, "available", nil,
		},
		"times of the other version are understood and counted": {
			strings.Replace(three(vehiclesOf(bikeA)), `"2027-01-04T07:59:00Z"`, "1799049540", 1),
			"available",
			[]string{"last_updated type 1 last_updated"},
		},
		"milliseconds are understood and counted": {
			strings.Replace(two("2.3", bikesOf(bikeA)), "1799049540", "1799049540000", 1), "available",
			[]string{"last_updated unit 1 last_updated"},
		},
		"names of the other version are understood and counted": {
			three(bikesOf(bikeA, bikeB)), "available reserved",
			[]string{
				"data.bikes version 1 data.bikes",
				"data.bikes[].bike_id version 2 data.bikes[0].bike_id",
			},
		},
		"a version that stint doesn't know is read as what it looks like": {
			two("1.0", bikesOf(bikeA)), "available", []string{"version version 1 version"},
		},
		"a head without version, time and ttl": {
			`{"data": ` + bikesOf(bikeA) + `}`, "available",
			[]string{
				"last_updated missing 1 last_updated", "ttl missing 1 ttl",
				"version missing 1 version",
			},
		},
		"a clock in the future": {
			strings.Replace(two("2.3", bikesOf(bikeA)), "1799049540", "1799049661", 1), "available",
			[]string{"last_updated future 1 last_updated"},
		},
		"a clock a minute ahead is allowed": {
			strings.Replace(two("2.3", bikesOf(bikeA)), "1799049540", "1799049660", 1), "available", nil,
		},
		"a vehicle reported in the future": {
			two("2.3", bikesOf(strings.Replace(bikeA, "}", `, "last_reported": 1899049540}`, 1))),
			"available",
			[]string{"data.bikes[].last_reported future 1 data.bikes[0].last_reported"},
		},
		"flags that lack leave the state unknown": {
			two("2.3", bikesOf(`{"bike_id": "a", "lat": 3, "lon": 101}`)), "unknown",
			[]string{
				"data.bikes[].is_disabled missing 1 data.bikes[0].is_disabled",
				"data.bikes[].is_reserved missing 1 data.bikes[0].is_reserved",
			},
		},
		"flags as numbers and coordinates as texts are understood": {
			two("2.3", bikesOf(
				`{"bike_id": "a", "lat": "3", "lon": 101, "is_reserved": 1, "is_disabled": 0}`)),
			"reserved",
			[]string{
				"data.bikes[].lat type 1 data.bikes[0].lat",
				"data.bikes[].is_reserved type 1 data.bikes[0].is_reserved",
				"data.bikes[].is_disabled type 1 data.bikes[0].is_disabled",
			},
		},
		"(0, 0), swapped axes, another town and no place on Earth are told apart": {
			two("2.3", bikesOf(bikeA,
				`{"bike_id": "z", "lat": 0, "lon": 0, "is_reserved": false, "is_disabled": false}`,
				`{"bike_id": "s", "lat": 101, "lon": 3, "is_reserved": false, "is_disabled": false}`,
				`{"bike_id": "o", "lat": 50, "lon": 8, "is_reserved": false, "is_disabled": false}`,
				`{"bike_id": "n", "lat": 3, "lon": 999, "is_reserved": false, "is_disabled": false}`)),
			"available available available available available",
			[]string{
				"data.bikes[].lat zero 1 data.bikes[1].lat",
				"data.bikes[].lat swapped 1 data.bikes[2].lat",
				"data.bikes[].lat outside 1 data.bikes[3].lat",
				"data.bikes[].lat nowhere 1 data.bikes[4].lat",
			},
		},
		"an ID that comes twice": {
			two("2.3", bikesOf(bikeA, bikeB, bikeA)), "available reserved available",
			[]string{"data.bikes[].bike_id repeated 1 data.bikes[2].bike_id"},
		},
		"a vehicle at a station needs no place of its own": {
			two("2.3", bikesOf(
				`{"bike_id": "a", "station_id": "s", "is_reserved": false, "is_disabled": false}`)),
			"available", nil,
		},
		"a vehicle without station needs a place": {
			two("2.3", bikesOf(`{"bike_id": "a", "is_reserved": false, "is_disabled": false}`)),
			"available",
			[]string{
				"data.bikes[].lat missing 1 data.bikes[0].lat",
				"data.bikes[].lon missing 1 data.bikes[0].lon",
			},
		},
		"what is no vehicle is left out": {
			two("2.3", bikesOf(bikeA, `7`, `null`)), "available",
			[]string{"data.bikes[] value 2 data.bikes[1]"},
		},
		"text behind the feed": {
			two("2.3", bikesOf(bikeA)) + "x", "available", []string{"trailing 1"},
		},
		"a byte order mark": {
			"\xef\xbb\xbf" + two("2.3", bikesOf(bikeA)), "available", []string{"mark 1"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := made()
			file, err := f.Take(VehicleStatus, []byte(tt.body), now)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, tell(file.Problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			var states []string
			for _, v := range f.Vehicles {
				states = append(states, v.State.String())
			}
			if got := strings.Join(states, " "); got != tt.states {
				t.Errorf("states = %q, want %q", got, tt.states)
			}
		})
	}
}

// Of a body that can't be used nothing is taken, and what was known stays.
func TestTakeUnusable(t *testing.T) {
	whole := two("2.3", bikesOf(bikeA, bikeB))
	tests := map[string]struct {
		body string
		want []string
	}{
		"truncated": {whole[:len(whole)-9], []string{"truncated 1 data"}},
		"a page of HTML instead": {
			"<!doctype html><title>Maintenance</title>", []string{"syntax 1"},
		},
		"nothing at all": {"", []string{"truncated 1"}},
		"no data": {
			`{"last_updated": 1799049540, "ttl": 0, "version": "2.3"}`, []string{"data missing 1 data"},
		},
		"data of another shape": {two("2.3", `[]`), []string{"data value 1 data"}},
		"data without the list": {two("2.3", `{}`), []string{"data.bikes missing 1 data.bikes"}},
		"a list of another shape": {
			two("2.3", `{"bikes": {}}`), []string{"data.bikes value 1 data.bikes"},
		},
		"a list instead of an object": {`[` + whole + `]`, []string{"value 1"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := made()
			if _, err := f.Take(VehicleStatus, []byte(whole), now); err != nil {
				t.Fatal(err)
			}
			file, err := f.Take(VehicleStatus, []byte(tt.body), now+60_000)
			if !errors.Is(err, ErrUnusable) {
				t.Errorf("Take() = %v, want ErrUnusable", err)
			}
			if diff := cmp.Diff(tt.want, tell(file.Problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if known := f.File(VehicleStatus); len(f.Vehicles) != 2 || !known.Usable ||
				known.Updated != 1_799_049_540_000 {
				t.Errorf("after it the feed knows %d vehicles of %+v", len(f.Vehicles), known)
			}
		})
	}
}

// What changes between two bodies is judged too.
func TestTakeAgain(t *testing.T) {
	list := func(n int) string {
		var rows []string
		for i := range n {
			rows = append(rows, strings.Replace(bikeA, `"a"`, fmt.Sprintf("%q", fmt.Sprint(i)), 1))
		}
		return bikesOf(rows...)
	}
	later := func(s string) string { return strings.Replace(s, "1799049540", "1799049600", 1) }
	tests := map[string]struct {
		body string
		want []string
	}{
		"the same body again":         {two("2.3", list(12)), nil},
		"other vehicles, later":       {later(two("2.3", list(11))), nil},
		"two thirds are still enough": {later(two("2.3", list(8))), nil},
		"half the fleet missing":      {later(two("2.3", list(6))), []string{"fewer 1"}},
		"another body of the same time": {
			two("2.3", list(13)), []string{"last_updated frozen 1 last_updated"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := made()
			if _, err := f.Take(VehicleStatus, []byte(two("2.3", list(12))), now); err != nil {
				t.Fatal(err)
			}
			file, err := f.Take(VehicleStatus, []byte(tt.body), now)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, tell(file.Problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTakeUnknownName(t *testing.T) {
	if _, err := made().Take("system_alerts", []byte("{}"), now); !errors.Is(err, ErrName) {
		t.Errorf("Take() = %v, want ErrName", err)
	}
}

// A gigantic list is taken up to a bound, and what is beyond is counted.
func TestTakeGigantic(t *testing.T) {
	if testing.Short() {
		t.Skip("a million vehicles take seconds")
	}
	body := two("2.3", `{"bikes": [{}`+strings.Repeat(",{}", mostItems+4)+`]}`)
	f := made()
	file, err := f.Take(VehicleStatus, []byte(body), now)
	if err != nil {
		t.Fatal(err)
	}
	last := file.Problems[len(file.Problems)-1]
	if len(f.Vehicles) != mostItems || last.Kind != lenient.Range || last.Count != 5 {
		t.Errorf("%d vehicles and %+v, want %d and 5 beyond", len(f.Vehicles), last, mostItems)
	}
}
