package mds

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stint-city/stint/engine/feeds"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/live"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

const (
	blue     = "00000000-0000-4000-8000-0000000000b1"
	green    = "00000000-0000-4000-8000-0000000000b2"
	device1  = "00000000-0000-4000-8000-00000000d001"
	device2  = "00000000-0000-4000-8000-00000000d002"
	event1   = "00000000-0000-4000-8000-00000000e001"
	event2   = "00000000-0000-4000-8000-00000000e002"
	trip1    = "00000000-0000-4000-8000-00000000f001"
	somebody = "00000000-0000-4000-8000-0000000000aa"

	place       = `"location":{"lat":12.0,"lng":-140.0}`
	geographies = `"event_geographies":["00000000-0000-4000-8000-00000000c001"]`
)

var noon = time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)

func mustState(t *testing.T, word string) observe.State {
	t.Helper()
	s, ok := observe.ParseState(word)
	if !ok {
		t.Fatalf("no state %q", word)
	}
	return s
}

func vehicleText(device string) string {
	return fmt.Sprintf(`{"device_id":%q,"provider_id":%q,"vehicle_id":"B-17",
		"vehicle_type":"bicycle","propulsion_types":["human"]}`, device, blue)
}

// eventText is an event of noon, with more fields where there are some.
func eventText(device, id, more string) string {
	return fmt.Sprintf(`{"device_id":%q,"provider_id":%q,"event_id":%q,
		"vehicle_state":"available","event_types":["trip_end"],"trip_ids":[%q],
		"timestamp":%d,%s%s}`, device, blue, id, trip1, noon.UnixMilli(), place, more)
}

func telemetryText(device string) string {
	return fmt.Sprintf(`{"device_id":%q,"provider_id":%q,"telemetry_id":%q,"timestamp":%d,
		"trip_ids":null,"journey_id":null,"location":{"lat":12.01,"lng":-140.0,"speed":1.5}}`,
		device, blue, event1, noon.UnixMilli()+1000)
}

func tripText(device, id string) string {
	return fmt.Sprintf(`{"device_id":%q,"provider_id":%q,"trip_id":%q,"trip_type":["rider"],
		"start_time":%d,"end_time":%d,"start_location":{"lat":12.0,"lng":-140.0},
		"end_location":{"lat":12.01,"lng":-140.0},"duration":600,"distance":1200,
		"fare_attributes":{"payment":"card 4711"},"actual_cost":250}`,
		device, blue, id, noon.UnixMilli()-600_000, noon.UnixMilli())
}

const townConfig = `
schema: 1
operators: {blue: ` + blue + `, green: ` + green + `}
sectors:
  - {sector: bike, vehicle_types: [bicycle], propulsion: [human]}
  - {sector: e-bike, vehicle_types: [bicycle], propulsion: [electric_assist, electric]}
`

// town is an agency with a room of its own.
type town struct {
	*Agency
	room *live.Room
	cell geo.Cell // that the geography c001 is
}

func newTown(tb testing.TB) *town {
	tb.Helper()
	c, err := feeds.ReadConfig("feeds.yaml", []byte(townConfig))
	if err != nil {
		tb.Fatal(err)
	}
	m, _ := observe.MethodOf(c.Method)
	room, err := live.Open(live.Settings{
		Dir: tb.TempDir(), Method: m, Keep: c.Keep.Spans(), Street: observe.Settings{
			Resolution: 9, Stale: int64(c.Stale) * 60_000, Ahead: int64(c.Ahead) * 1000,
			Near: c.Near, MaxSpeed: 33,
			Area: geo.Box{Min: geo.LatLng{Lat: 11, Lng: -141}, Max: geo.LatLng{Lat: 13, Lng: -139}},
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = room.Close() })
	cell, err := geo.CellAt(geo.LatLng{Lat: 12.5, Lng: -140}, 9)
	if err != nil {
		tb.Fatal(err)
	}
	where := func(id string) (geo.Cell, bool) {
		return cell, strings.HasSuffix(id, "c001")
	}
	return &town{NewAgency(c, []byte("salt"), room, where, 9), room, cell}
}

// says sends items as an operator, and returns the status and the bulk answer.
func (to *town) says(tb testing.TB, operator, what string, items ...string) (int, Bulk) {
	tb.Helper()
	status, text := to.sends(tb, operator, what, "["+strings.Join(items, ",")+"]")
	var b Bulk
	if err := json.Unmarshal(text, &b); err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return status, b
}

func (to *town) sends(tb testing.TB, operator, what, body string) (int, []byte) {
	tb.Helper()
	status, text, err := to.Answer(Call{
		Operator: operator, What: what, Body: []byte(body), Tag: lang.English, Now: noon,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return status, text
}

// problems are the deviations of an operator as "field kind count".
func (to *town) problems(operator string) []string {
	var list []string
	for _, p := range to.Problems(operator) {
		list = append(list, fmt.Sprintf("%s %s %d", p.Field, p.Kind, p.Count))
	}
	return list
}

// stands are the counted vehicles as "operator sector state n", with the cells that are known.
func (to *town) stands() []string {
	var list []string
	for _, c := range to.room.Occupancy(noon) {
		list = append(list, fmt.Sprintf("%s %s %s %d", c.Operator, c.Sector, c.State, c.N))
	}
	return list
}

func mustCell(t *testing.T, text string) geo.Cell {
	t.Helper()
	c, err := geo.ParseCell(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// statusText is a vehicle's status with a last event and the telemetry of a second later.
func statusText(device, event string) string {
	return fmt.Sprintf(`{"device_id":%q,"provider_id":%q,"last_event":%s,"last_telemetry":%s}`,
		device, blue, event, telemetryText(device))
}
