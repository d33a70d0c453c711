package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/poll"
)

// Every kind of deviation and every outcome has its words.
func TestFeedWords(t *testing.T) {
	var want []string
	for _, k := range lenient.Kinds() {
		want = append(want, "feed.kind-"+string(k))
	}
	for _, o := range poll.Outcomes() {
		want = append(want, "feed.outcome-"+string(o))
	}
	ids := lang.IDs()
	for _, id := range want {
		if !slices.Contains(ids, id) {
			t.Errorf("the catalogue has no %s", id)
		}
	}
}

// feedServer serves a feed of one vehicle at the time now, and fails where a file is asked for that
// it doesn't have.
func feedServer(t *testing.T) *httptest.Server {
	t.Helper()
	head := fmt.Sprintf(`{"last_updated": %d, "ttl": 60, "version": "2.3", "data": `,
		time.Now().Unix()-1)
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gbfs.json":
			_, _ = fmt.Fprintf(w, `%s{"en": {"feeds": [
				{"name": "system_information", "url": "%s/system_information.json"}]}}}`, head, server.URL)
		case "/free_bike_status.json":
			_, _ = fmt.Fprintf(w, `%s{"bikes": [{"bike_id": "a", "lat": 3, "lon": 101,
				"is_reserved": false, "is_disabled": false}]}}`, head)
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// stintOut runs a command line and returns its exit code and answer.
func stintOut(args ...string) (int, string) {
	var out, errs bytes.Buffer
	code := run(context.Background(), streams{&out, &errs}, args, func(string) string { return "" })
	return code, out.String() + errs.String()
}

// A feed is polled over HTTP, recorded and replayed: the file that failed is told, the file that
// the discovery doesn't name is taken by its own address.
func TestFeedPoll(t *testing.T) {
	server := feedServer(t)
	folder := filepath.Join(t.TempDir(), "recorded")
	code, got := stintOut("feed", "poll", server.URL+"/gbfs.json?key=secret", "--private", "--times",
		"1", "-o", folder, "--also", server.URL+"/free_bike_status.json?key=secret")
	if code != exitDone {
		t.Fatalf("exit code %d:\n%s", code, got)
	}
	want := "gbfs, system_information (server failed, HTTP 503), vehicle_status: known, vehicles 1,"
	if !strings.Contains(got, want) || strings.Contains(got, "secret") {
		t.Errorf("got\n%s\nwant %q and no secret", got, want)
	}
	code, got = stintOut("feed", "replay", folder, "--json")
	var replayed feedPulls
	if err := json.Unmarshal([]byte(got), &replayed); err != nil || code != exitDone {
		t.Fatalf("exit code %d, %v:\n%s", code, err, got)
	}
	if len(replayed.Pulls) != 1 || *replayed.Pulls[0].Vehicles != 1 ||
		len(replayed.Pulls[0].Files) != 2 {
		t.Errorf("replayed %+v, want one pull of two files and one vehicle", replayed.Pulls)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("%d folders recorded, %v; want one", len(entries), err)
	}
}

// Checked at its address, a feed with a file that fails can't be relied upon.
func TestFeedCheckAddress(t *testing.T) {
	server := feedServer(t)
	code, got := stintOut("feed", "check", server.URL+"/gbfs.json", "--private")
	if code != exitBreach || !strings.Contains(got, "server failed, HTTP 503") {
		t.Errorf("exit code %d, want %d with the failed file named:\n%s", code, exitBreach, got)
	}
}

// An interrupted replay ends at once and tells what it knows.
func TestFeedReplayInterrupted(t *testing.T) {
	folder := t.TempDir()
	for _, at := range []string{"20270104T080000Z", "20280104T080000Z"} {
		if err := os.MkdirAll(filepath.Join(folder, at), 0o755); err != nil {
			t.Fatal(err)
		}
		body := `{"last_updated": 1799049540, "ttl": 0, "version": "2.3", "data": {"bikes": []}}`
		if err := os.WriteFile(filepath.Join(folder, at, "free_bike_status.json"), []byte(body),
			0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	var out bytes.Buffer
	code := run(ctx, streams{&out, &out}, []string{"feed", "replay", folder, "--speed", "1"},
		func(string) string { return "" })
	if code != exitDone || strings.Count(out.String(), "vehicle_status") != 1 {
		t.Errorf("exit code %d, want 0 after the first pull:\n%s", code, out.String())
	}
}
