package mds

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stint-city/stint/engine/observe"
)

// operatorAPI is an operator's whole Provider API.
type operatorAPI struct {
	vehicles, statuses string
	events             string            // "" = not offered
	trips              map[string]string // body by hour; "202" = not ready
	down               int               // status of every answer, 0 = up
	asked              []string          // endpoints
}

func (o *operatorAPI) answer(w http.ResponseWriter, r *http.Request) {
	end := strings.TrimPrefix(r.URL.Path, "/v2/")
	o.asked = append(o.asked, end)
	switch hour := r.URL.Query().Get("end_time"); {
	case o.down != 0:
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(o.down)
	case end == "vehicles":
		_, _ = io.WriteString(w, pageText("vehicles", liveNow, o.vehicles))
	case end == "vehicles/status":
		_, _ = io.WriteString(w, pageText("vehicles_status", liveNow, o.statuses))
	case end == "events/recent" && o.events != "":
		_, _ = io.WriteString(w, pageText("events", "", o.events))
	case o.trips[hour] == "":
		w.WriteHeader(http.StatusNotFound)
	case o.trips[hour] == "202":
		w.WriteHeader(http.StatusAccepted)
	default:
		_, _ = io.WriteString(w, pageText("trips", "", o.trips[hour]))
	}
}

// TestSource: a fleet is fetched, an operator that is down leaves the picture as it was, a vehicle
// that the list doesn't name makes it read again, and 202 is asked again.
func TestSource(t *testing.T) {
	to := newTown(t)
	o := &operatorAPI{
		vehicles: vehicleText(device1), statuses: statusText(device1, eventText(device1, event1, "")),
		trips: map[string]string{"2027-01-04T11": "202"},
	}
	c := provider(t, o.answer)
	c.hasher = observe.NewHasher([]byte("salt"))
	s := NewSource("blue", c, to.Agency)
	s.hour = noon.Add(-2 * time.Hour)
	step := func(now time.Time, wait time.Duration) {
		t.Helper()
		o.asked = nil
		next, err := s.Step(t.Context(), now)
		if err != nil || next.Sub(now) != wait {
			t.Errorf("next in %v, %v; want %v", next.Sub(now), err, wait)
		}
	}
	step(noon, time.Minute)
	want := "[vehicles vehicles/status trips trips]" // of 10, where nobody drove; of 11, not ready
	if got := fmt.Sprint(o.asked); got != want {
		t.Errorf("asked for %s, want %s", got, want)
	}
	if got := fmt.Sprint(to.stands()); got != "[blue bike available 1]" {
		t.Errorf("stands %s", got)
	}
	if v, ok := to.room.Vehicle("blue", c.hasher.ID([]byte(device1))); !ok || v.Sector != "bike" {
		t.Errorf("registered %+v, %v", v, ok)
	}

	o.down = http.StatusTooManyRequests
	o.asked = nil
	next, err := s.Step(t.Context(), noon.Add(time.Minute))
	var status *StatusError
	if wait := next.Sub(noon.Add(time.Minute)); !errors.As(err, &status) || wait < time.Hour ||
		wait > 75*time.Minute {
		t.Errorf("next in %v, %v; want an hour and up to a quarter more", wait, err)
	}
	if got := fmt.Sprint(to.stands()); got != "[blue bike available 1]" {
		t.Errorf("while it is down, stands %s", got)
	}

	o.down = 0
	o.statuses += "," + statusText(device2, eventText(device2, event2, ""))
	o.statuses = strings.ReplaceAll(o.statuses, fmt.Sprint(noon.UnixMilli()), "1799064030000")
	o.trips["2027-01-04T11"] = tripText(device1, trip1)
	step(noon.Add(11*time.Minute), time.Minute) // shows the vehicle that nobody has listed
	var counted []string
	for _, p := range s.Problems() {
		counted = append(counted, p.Feed+" "+p.Field+" "+string(p.Kind))
	}
	wantCounted := "vehicles/status device_id unknown; events/recent  absent"
	if got := strings.Join(counted, "; "); got != wantCounted {
		t.Errorf("counted %q, want %q", got, wantCounted)
	}

	o.vehicles += "," + vehicleText(device2)
	gone := strings.Replace(eventText(device1, event2, ""), `"available"`, `"removed"`, 1)
	o.events = strings.Replace(gone, fmt.Sprint(noon.UnixMilli()),
		fmt.Sprint(noon.Add(5*time.Minute).UnixMilli()), 1)
	step(noon.Add(12*time.Minute), time.Minute)
	if got := fmt.Sprint(o.asked); got != "[vehicles vehicles/status events/recent]" {
		t.Errorf("asked for %s", got)
	}
	if got := to.stands(); got != nil {
		t.Errorf("after the last was picked up, stands %q", got)
	}
	rides := to.room.Rides(noon.Add(-24 * time.Hour))
	if len(rides) != 1 || rides[0].N != 1 {
		t.Errorf("rides %+v", rides)
	}
}
