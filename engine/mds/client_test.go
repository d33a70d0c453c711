package mds

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
)

// provider is an operator's API of one handler, and a client of it.
func provider(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, err := NewClient(ClientConfig{
		URL: s.URL + "/v2", Token: "secret", MostBytes: 10_000, MostPages: 4, Timeout: time.Second,
	}, observe.NewHasher([]byte("salt")))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestPages: the pages of a fleet are one reading, of the time of the oldest.
func TestPages(t *testing.T) {
	c := provider(t, func(w http.ResponseWriter, r *http.Request) {
		good := r.Header.Get("Accept") == "application/vnd.mds+json;version=2.0" &&
			r.Header.Get("Authorization") == "Bearer secret"
		if !good || r.URL.Path != "/v2/vehicles/status" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		device, updated, next := device1, 1799064000000, `"?page%5Boffset%5D=1"`
		if r.URL.Query().Get("page[offset]") == "1" {
			device, updated, next = device2, 1799064005000, "null"
		}
		around := fmt.Sprintf(`"last_updated":%d,"ttl":60000,"links":{"next":%s},`, updated, next)
		event := eventText(device, event1, "")
		_, _ = io.WriteString(w, pageText("vehicles_status", around, statusText(device, event)))
	})
	list, r, err := c.Statuses(t.Context())
	if err != nil || len(list) != 2 || r.Pages != 2 || r.Updated != 1799064000000 || r.TTL != 60000 {
		t.Errorf("%d vehicles, %+v, %v", len(list), r, err)
	}
	if len(r.Report.Problems) > 0 {
		t.Errorf("counted %q", counted(&r.Report))
	}
}

// TestBadAnswers: each is an error that says which, and never an empty list without one.
func TestBadAnswers(t *testing.T) {
	status := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(n)
		}
	}
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
	}
	redirect := func(to string) http.HandlerFunc {
		return http.RedirectHandler(to, http.StatusFound).ServeHTTP
	}
	empty := `{"version":"2.0.0","trips":[]}`
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		want    error
	}{
		"an hour without trips":  {text(empty), nil},
		"202":                    {status(202), ErrNotReady},
		"404":                    {status(404), ErrNoHour},
		"406":                    {status(406), ErrVersion},
		"429":                    {status(429), &StatusError{429, 7 * time.Second}},
		"500":                    {status(500), &StatusError{500, 7 * time.Second}},
		"truncated":              {text(empty[:20]), lenient.ErrBroken},
		"a page for people":      {text("<html>"), lenient.ErrBroken},
		"another list":           {text(`{"version":"2.0.0","events":[]}`), ErrList},
		"gigantic":               {text(empty + strings.Repeat(" ", 10_000)), ErrLarge},
		"the next page is this":  {text(`{"links":{"next":"?end_time=2027-01-04T12"},"trips":[]}`), nil},
		"redirected elsewhere":   {redirect("https://x.test/"), ErrPages},
		"redirected in a circle": {redirect("/v2/trips"), ErrPages},
	} {
		t.Run(name, func(t *testing.T) {
			list, _, err := provider(t, tt.handler).Trips(t.Context(), noon)
			var got, want *StatusError
			if errors.As(tt.want, &want) {
				if !errors.As(err, &got) || *got != *want {
					t.Errorf("%v, want %v", err, want)
				}
			} else if !errors.Is(err, tt.want) || len(list) > 0 {
				t.Errorf("%d trips, %v, want %v", len(list), err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("the error tells the address: %v", err)
			}
		})
	}
}

// TestLinksThatLeadAstray: the token goes to the operator's own host, and no reading is endless.
func TestLinksThatLeadAstray(t *testing.T) {
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the client has gone to a stranger")
	}))
	defer stranger.Close()
	n := 0
	for name, next := range map[string]func() string{
		"another host": func() string { return stranger.URL },
		"a circle":     func() string { return "/v2/vehicles" },
		"without end":  func() string { n++; return fmt.Sprint("?page=", n) },
	} {
		c := provider(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, pageText("vehicles", `"links":{"next":"`+next()+`"},`))
		})
		if _, _, err := c.Vehicles(t.Context()); !errors.Is(err, ErrPages) {
			t.Errorf("%s: %v, want ErrPages", name, err)
		}
	}
}

// TestASlowDripEnds: a body that never ends ends with the client's patience.
func TestASlowDripEnds(t *testing.T) {
	done := make(chan struct{})
	c := provider(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"version":`)
		w.(http.Flusher).Flush()
		select {
		case <-done:
		case <-r.Context().Done():
		}
	})
	defer close(done)
	c.http.Timeout = 50 * time.Millisecond
	if _, _, err := c.Events(t.Context(), noon.Add(-time.Hour), noon); err == nil {
		t.Error("no error")
	}
}

// TestAnOldVersionIsSaid: an answer of MDS 1 is read where it can be, and counted.
func TestAnOldVersionIsSaid(t *testing.T) {
	c := provider(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.mds.provider+json;version=1.2")
		_, _ = io.WriteString(w, `{"version":"1.2.0","data":{"events":[]}}`)
	})
	_, r, err := c.Events(t.Context(), noon, noon)
	if err != nil || counted(&r.Report) != "version version 1; data version 1" {
		t.Errorf("%v, counted %q", err, counted(&r.Report))
	}
}
