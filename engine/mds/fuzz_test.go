package mds

import (
	"encoding/json"
	"testing"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
)

// FuzzAgency holds that every body has an answer in the form of the standard, whose parts add up,
// and that what was taken once is taken again without another vehicle on the street.
func FuzzAgency(f *testing.F) {
	whats := []string{
		"POST vehicles", "PUT vehicles", "POST events", "POST telemetry", "POST trips",
	}
	for i, text := range []string{
		vehicleText(device2), vehicleText(device1), eventText(device1, event1, ""),
		telemetryText(device1), tripText(device1, trip1),
	} {
		f.Add(i, []byte("["+text+"]"))
		f.Add(i, []byte("["+text[:len(text)/2]))
	}
	to := registered(f)
	f.Fuzz(func(t *testing.T, what int, body []byte) {
		if what < 0 || what >= len(whats) {
			return
		}
		c := Call{Operator: "blue", What: whats[what], Body: body, Tag: lang.English, Now: noon}
		status, text, err := to.Answer(c)
		if err != nil {
			t.Fatal(err)
		}
		var b struct {
			Bulk
			Error string `json:"error"`
		}
		if err := json.Unmarshal(text, &b); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if b.Error == "" && b.Success+len(b.Failures) != b.Total {
			t.Errorf("%d taken and %d not, of %d", b.Success, len(b.Failures), b.Total)
		}
		if taken := status/100 == 2; taken != (b.Success > 0) {
			t.Errorf("status %d with %d taken", status, b.Success)
		}
		before := len(to.room.Occupancy(noon))
		if _, _, err := to.Answer(c); err != nil {
			t.Fatal(err)
		}
		if after := len(to.room.Occupancy(noon)); after != before {
			t.Errorf("told again: %d counts, before %d", after, before)
		}
	})
}

// FuzzProvider holds that no answer of an operator's API breaks a reader, and that what is read can
// be put on a street.
func FuzzProvider(f *testing.F) {
	event := eventText(device1, event1, "")
	f.Add([]byte(pageText("vehicles_status", liveNow, statusText(device1, event))))
	f.Add([]byte(pageText("events", "", event)))
	f.Add([]byte(pageText("trips", "", tripText(device1, trip1))))
	f.Add([]byte(pageText("vehicles", liveNow, vehicleText(device1))))
	f.Fuzz(func(t *testing.T, body []byte) {
		h := observe.NewHasher([]byte("salt"))
		own := fleet(h)
		own.SectorOf = func(observe.ID) (string, bool) { return "bike", true }
		var r lenient.Report
		street := observe.New(observe.Settings{Resolution: 9})
		statuses, page, _ := ReadStatuses(body, h, &r)
		events, _, _ := ReadEvents(body, h, &r)
		trips, _, _ := ReadTrips(body, h, &r)
		_, _, _ = ReadVehicles(body, h, &r)
		for _, list := range [][]observe.Batch{
			own.Snapshots(statuses, page.Updated, &r), own.Events(events, 1, &r),
		} {
			for i := range list {
				street.Apply(&list[i], noon.UnixMilli())
			}
		}
		for _, ride := range own.Rides(trips, 9, &r) {
			if ride.End < ride.Start || ride.ID == 0 {
				t.Errorf("ride %+v", ride)
			}
		}
		for _, p := range r.Problems {
			if p.Count < 1 || p.Kind == "" {
				t.Errorf("problem %+v", p)
			}
		}
	})
}
