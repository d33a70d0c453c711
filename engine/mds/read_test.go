package mds

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

// pageText is an answer of a Provider API.
func pageText(key, around string, items ...string) string {
	return `{"version":"2.0.0",` + around + `"` + key + `":[` + strings.Join(items, ",") + `]}`
}

const liveNow = `"last_updated":1799064000000,"ttl":60000,"links":{"next":null},`

// counted are the deviations of a report as "field kind count".
func counted(r *lenient.Report) string {
	var list []string
	for _, p := range r.Problems {
		list = append(list, fmt.Sprintf("%s %s %d", p.Field, p.Kind, p.Count))
	}
	return strings.Join(list, "; ")
}

func TestReadStatuses(t *testing.T) {
	event := eventText(device1, event1, "")
	good := statusText(device1, event)
	wrapped := `{"version":"1.2.0","last_updated":1799064000000,"ttl":0,` +
		`"data":{"vehicles_status":[` + good + `]}}`
	tests := map[string]struct {
		body    string
		updated int64
		n       int
		err     error
		problem string
	}{
		"as it should be": {
			pageText("vehicles_status", liveNow, good), 1799064000000, 1, nil, "",
		},
		"times as text, as CROW's are": {
			strings.Replace(pageText("vehicles_status", liveNow, good), "1799064000000,",
				`"1799064000000",`, 1), 1799064000000, 1, nil, "last_updated type 1",
		},
		"an empty street": {pageText("vehicles_status", liveNow), 1799064000000, 0, nil, ""},
		"MDS 1": {
			wrapped, 1799064000000, 1, nil, "version version 1; data version 1",
		},
		"no time": {
			pageText("vehicles_status", "", good), 0, 1, nil,
			"last_updated missing 1; ttl missing 1",
		},
		"a ttl above five minutes": {
			pageText("vehicles_status", strings.Replace(liveNow, "60000", "300001", 1), good),
			1799064000000, 1, nil, "ttl range 1",
		},
		"another list":  {pageText("vehicles", liveNow, good), 1799064000000, 0, ErrList, ""},
		"half a body":   {pageText("vehicles_status", liveNow, good)[:300], 0, 0, lenient.ErrBroken, ""},
		"an error page": {"<html>", 0, 0, lenient.ErrBroken, ""},
		"a status without telemetry": {
			pageText("vehicles_status", liveNow, `{"device_id":"`+device1+`","provider_id":"`+blue+
				`","last_event":`+event+`}`), 1799064000000, 1, nil,
			"vehicles_status[].last_telemetry missing 1",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var r lenient.Report
			h := observe.NewHasher([]byte("salt"))
			list, page, err := ReadStatuses([]byte(tt.body), h, &r)
			if !errors.Is(err, tt.err) {
				t.Fatalf("%v, want %v", err, tt.err)
			}
			if err != nil {
				return
			}
			if len(list) != tt.n || page.Updated != tt.updated || counted(&r) != tt.problem {
				t.Errorf("%d vehicles of %d, counted %q; want %d of %d, %q",
					len(list), page.Updated, counted(&r), tt.n, tt.updated, tt.problem)
			}
		})
	}
}

// TestNextPage: null ends the pages, an address goes on.
func TestNextPage(t *testing.T) {
	h := observe.NewHasher(nil)
	for links, want := range map[string]string{
		`{"next":null}`: "", `{}`: "", `{"next":"https://x.test/p2"}`: "https://x.test/p2",
	} {
		var r lenient.Report
		body := pageText("events", `"links":`+links+`,`)
		_, page, err := ReadEvents([]byte(body), h, &r)
		if err != nil || page.Next != want || len(r.Problems) > 0 {
			t.Errorf("%s: next %q, %v, counted %q", links, page.Next, err, counted(&r))
		}
	}
}

// fleet is blue's, of which the list of vehicles knows device1 as a bike.
func fleet(h *observe.Hasher) Fleet {
	one := h.ID([]byte(device1))
	return Fleet{
		Operator: "blue", Sectors: []string{"bike", "e-bike"},
		SectorOf: func(d observe.ID) (string, bool) { return "bike", d == one },
	}
}

// TestSnapshots: the later of two places holds, a vehicle that lingers as removed is not counted,
// one that no list of vehicles names is said and left out.
func TestSnapshots(t *testing.T) {
	h := observe.NewHasher([]byte("salt"))
	gone := strings.Replace(eventText(device1, event1, ""), `"available"`, `"removed"`, 1)
	for name, tt := range map[string]struct {
		status  string
		at      geo.LatLng
		counted int
		unknown string
	}{
		"telemetry is later": {
			statusText(device1, eventText(device1, event1, "")), geo.LatLng{Lat: 12.01, Lng: -140}, 1, "",
		},
		"the event is later": {
			strings.Replace(statusText(device1, eventText(device1, event1, "")),
				fmt.Sprint(noon.UnixMilli()), fmt.Sprint(noon.UnixMilli()+5000), 1),
			geo.LatLng{Lat: 12, Lng: -140},
			1, "",
		},
		"removed": {statusText(device1, gone), geo.LatLng{Lat: 12.01, Lng: -140}, 0, ""},
		"of no list": {
			statusText(device2, eventText(device2, event1, "")), geo.LatLng{}, 0, "device_id unknown 1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var r lenient.Report
			body := pageText("vehicles_status", liveNow, tt.status)
			list, page, err := ReadStatuses([]byte(body), h, &r)
			if err != nil {
				t.Fatal(err)
			}
			r = lenient.Report{}
			f := fleet(h)
			batches := f.Snapshots(list, page.Updated, &r)
			if counted(&r) != tt.unknown {
				t.Errorf("counted %q, want %q", counted(&r), tt.unknown)
			}
			street := observe.New(observe.Settings{Resolution: 9})
			for i := range batches {
				street.Apply(&batches[i], page.Updated)
			}
			m, _ := observe.MethodOf("point_in_time_v1")
			n := 0
			for _, c := range street.Occupancy(m, page.Updated) {
				n += c.N
			}
			if n != tt.counted {
				t.Errorf("%d vehicles counted, want %d", n, tt.counted)
			}
			if tt.unknown != "" {
				return
			}
			x := batches[0].Sightings[0]
			if x.Point != tt.at || x.Reported < noon.UnixMilli()+1000 {
				t.Errorf("at %v at %d, want %v", x.Point, x.Reported, tt.at)
			}
		})
	}
}

// TestFleetEventsAndRides: what can't be told apart is left out, the rest goes to its sector.
func TestFleetEventsAndRides(t *testing.T) {
	h := observe.NewHasher([]byte("salt"))
	f := fleet(h)
	var r lenient.Report
	strange := strings.Replace(eventText(device1, event2, ""), `"available"`, `"parked"`, 1)
	body := pageText("events", "", eventText(device1, event1, ""), strange, `{"device_id":"x"}`)
	events, _, err := ReadEvents([]byte(body), h, &r)
	if err != nil {
		t.Fatal(err)
	}
	var quiet []bool
	for _, b := range f.Events(events, 1, &r) {
		for _, x := range b.Sightings {
			quiet = append(quiet, x.Quiet)
		}
	}
	if diff := cmp.Diff([]bool{false, true}, quiet); diff != "" {
		t.Errorf("events that tell a place only (-want +got):\n%s", diff)
	}
	trips, _, err := ReadTrips([]byte(pageText("trips", "", tripText(device1, trip1),
		tripText(device2, event2), `{"trip_id":"x"}`)), h, &r)
	if err != nil {
		t.Fatal(err)
	}
	rides := f.Rides(trips, 9, &r)
	if len(rides) != 1 || rides[0].Metres != 1200 || rides[0].From == rides[0].To ||
		!rides[0].Rider || rides[0].End-rides[0].Start != 600_000 {
		t.Errorf("rides %+v", rides)
	}
}
