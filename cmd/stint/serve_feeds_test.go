package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/engine/observe"
)

const (
	asterID = "00000000-0000-4000-8000-0000000000a1"
	bikeID  = "00000000-0000-4000-8000-d0ff00000001"
)

// fakeProvider is an operator's API with one bike; done is closed when the first step has come to
// the trips, which are asked for last.
func fakeProvider(t *testing.T) (url string, done chan struct{}) {
	t.Helper()
	done = make(chan struct{})
	var trips atomic.Int32
	now := time.Now().UnixMilli()
	head := fmt.Sprintf(`{"version":"2.0.0","last_updated":%d,"ttl":60000,"links":{"next":null},`, now)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer open sesame" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		switch r.URL.Path {
		case "/v2/vehicles":
			_, _ = io.WriteString(w, head+fmt.Sprintf(`"vehicles":[{"device_id":%q,"provider_id":%q,
				"vehicle_id":"A-1","vehicle_type":"bicycle","propulsion_types":["human"]}]}`,
				bikeID, asterID))
		case "/v2/vehicles/status":
			_, _ = io.WriteString(w, head+fmt.Sprintf(`"vehicles_status":[{"device_id":%q,
				"provider_id":%q,"last_event":{"device_id":%q,"provider_id":%q,"event_id":%q,
				"vehicle_state":"available","event_types":["on_hours"],"timestamp":"%d",
				"location":{"lat":12,"lng":-140}},"last_telemetry":{"device_id":%q,
				"provider_id":%q,"telemetry_id":%q,"timestamp":%d,"location":{"lat":12,"lng":-140}}}]}`,
				bikeID, asterID, bikeID, asterID, bikeID, now, bikeID, asterID, bikeID, now))
		default:
			w.WriteHeader(http.StatusNotFound)
			if r.URL.Path == "/v2/trips" && trips.Add(1) == 1 {
				close(done)
			}
		}
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v2", done
}

// TestServeFetchesAProvider: what the file of --feeds names is fetched, with its token.
func TestServeFetchesAProvider(t *testing.T) {
	url, done := fakeProvider(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"aster.token": "open sesame\n",
		"feeds.yaml": "schema: 1\noperators: {aster: " + asterID + "}\n" +
			"sectors: [{sector: bike, vehicle_types: [bicycle]}]\n" +
			"providers: {aster: {url: \"" + url + "\", token_file: aster.token}}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d, err := openFeeds(filepath.Join(dir, "feeds.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Config{City: "town", Store: mem.New(), Retention: d})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.begin(e, stateFolder(dir)); err != nil {
		t.Fatal(err)
	}
	<-done
	h := d.room.Health(time.Now())
	if len(h) != 1 || h[0].Status != observe.Known || *h[0].Vehicles != 1 || *h[0].Coverage != 1 {
		t.Errorf("health %+v", h)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	if salt, err := os.ReadFile(filepath.Join(dir, "salt")); err != nil || len(salt) < 64 {
		t.Errorf("salt of %d bytes, %v", len(salt), err)
	}
}

// TestServePollsAFeed: what the file names under gbfs is polled into the same picture, and what the
// feed deviates in is told.
func TestServePollsAFeed(t *testing.T) {
	server := feedServer(t)
	dir := t.TempDir()
	text := "schema: 1\nsectors: [{sector: bike, vehicle_types: [bicycle]}]\n" +
		"gbfs:\n  zeus: {url: \"" + server.URL + "/gbfs.json?key=secret\", private: true,\n" +
		"    also: [\"" + server.URL + "/free_bike_status.json?key=secret\"], sector: bike}\n"
	if err := os.WriteFile(filepath.Join(dir, "feeds.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := openFeeds(filepath.Join(dir, "feeds.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Config{City: "town", Store: mem.New(), Retention: d})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.begin(e, stateFolder(dir)); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if h := d.room.Health(time.Now()); len(h) == 1 && h[0].Vehicles != nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	h := d.room.Health(time.Now())
	if len(h) != 1 || h[0].Operator != "zeus" || h[0].Vehicles == nil || *h[0].Vehicles != 1 {
		t.Errorf("health %+v", h)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	for _, x := range d.Deviations("zeus") {
		if x.Feed == "gbfs" {
			return
		}
	}
	t.Errorf("deviations %+v; the discovery's is not told", d.Deviations("zeus"))
}

func TestSaltIsKept(t *testing.T) {
	state := stateFolder(t.TempDir())
	first, err := state.salt()
	if err != nil {
		t.Fatal(err)
	}
	again, err := state.salt()
	if err != nil || string(again) != string(first) {
		t.Errorf("another salt: %v", err)
	}
	if err := os.WriteFile(state.path("salt"), []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := state.salt(); err == nil {
		t.Error("a salt that was cut short is taken")
	}
}
