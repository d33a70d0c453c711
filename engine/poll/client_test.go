package poll

import (
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const now = 1_799_049_600_000 // 2027-01-04T08:00:00Z

// drip sends a byte every few milliseconds until the client has gone.
func drip(w http.ResponseWriter, r *http.Request) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			_, _ = fmt.Fprint(w, " ")
			w.(http.Flusher).Flush()
		}
	}
}

func TestGet(t *testing.T) {
	status := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) }
	}
	tests := map[string]struct {
		serve http.HandlerFunc
		want  Answer
	}{
		"a body": {
			func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "{}") },
			Answer{Outcome: Fresh, Status: 200, Body: []byte("{}")},
		},
		"202 is not an empty answer": {status(202), Answer{Outcome: NotReady, Status: 202}},
		"404":                        {status(404), Answer{Outcome: Absent, Status: 404}},
		"403":                        {status(403), Answer{Outcome: Refused, Status: 403}},
		"500":                        {status(500), Answer{Outcome: Broken, Status: 500}},
		"204 says nothing":           {status(204), Answer{Outcome: Broken, Status: 204}},
		"429 with its wish": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "120")
				w.WriteHeader(429)
			},
			Answer{Outcome: Limited, Status: 429, Retry: 2 * time.Minute},
		},
		"503 with its wish as a time": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "Mon, 04 Jan 2027 08:01:30 GMT")
				w.WriteHeader(503)
			},
			Answer{Outcome: Broken, Status: 503, Retry: 90 * time.Second},
		},
		"a redirect loop": {
			func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) },
			Answer{Outcome: Redirected},
		},
		"a redirect that leads out of HTTP": {
			func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "file:///etc/hosts", http.StatusFound)
			},
			Answer{Outcome: Redirected},
		},
		"a gigantic body": {
			func(w http.ResponseWriter, _ *http.Request) {
				_, _ = fmt.Fprint(w, strings.Repeat(" ", 1001))
			},
			Answer{Outcome: Large, Status: 200},
		},
		"a small body that unpacks to a gigantic one": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				_, _ = z.Write(make([]byte, 1<<20))
				_ = z.Close()
			},
			Answer{Outcome: Large, Status: 200},
		},
		"a slow drip": {drip, Answer{Outcome: Slow, Status: 200}},
		"a body that breaks off": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100")
				_, _ = fmt.Fprint(w, "{")
			},
			Answer{Outcome: Unreachable, Status: 200},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(tt.serve)
			defer server.Close()
			patience := time.Minute // no machine is so slow
			if tt.want.Outcome == Slow {
				patience = 300 * time.Millisecond
			}
			c := New(Settings{Bytes: 1000, Timeout: patience, Private: true})
			got := c.Get(context.Background(), &Address{URL: server.URL}, now)
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(Answer{})); diff != "" {
				t.Errorf("Get() (-want +got):\n%s", diff)
			}
		})
	}
}

// A feed names its own addresses: none of them may lead into the bureau's network.
func TestGetForbidden(t *testing.T) {
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked = true
	}))
	defer server.Close()
	c := New(Settings{Timeout: time.Second})
	for _, u := range []string{
		server.URL, "http://[::ffff:127.0.0.1]:1/", "http://10.0.0.1:1/", "http://169.254.169.254/",
		"http://100.64.0.1:1/", "http://0.0.0.0:1/", "file:///etc/hosts", "ftp://a.example/", "gbfs.json",
		"http://%zz", "",
	} {
		if got := c.Get(context.Background(), &Address{URL: u}, now); got.Outcome != Forbidden {
			t.Errorf("Get(%q) = %s, want %s", u, got.Outcome, Forbidden)
		}
	}
	if asked {
		t.Error("the server on this machine was asked")
	}
}

func TestUnreachable(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	c := New(Settings{Timeout: time.Second, Private: true})
	got := c.Get(context.Background(), &Address{URL: server.URL}, now)
	if got.Outcome != Unreachable {
		t.Errorf("Get() = %s, want %s", got.Outcome, Unreachable)
	}
}

// A body is fetched again only when it changed, and a body that could not be used is not held for
// known.
func TestETag(t *testing.T) {
	var sent []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.Header.Get("If-None-Match"))
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = fmt.Fprint(w, "{}")
	}))
	defer server.Close()
	c := New(Settings{Private: true})
	a := &Address{URL: server.URL}
	var got []Outcome
	for _, taken := range []bool{false, true, true} {
		answer := c.Get(context.Background(), a, now)
		got = append(got, answer.Outcome)
		c.Done(a, answer, taken, 60, now, 0)
	}
	if diff := cmp.Diff([]Outcome{Fresh, Fresh, Same}, got); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"", "", `"1"`}, sent); diff != "" {
		t.Errorf("If-None-Match (-want +got):\n%s", diff)
	}
}

func TestDone(t *testing.T) {
	c := New(Settings{Shortest: 30 * time.Second, Longest: 10 * time.Minute})
	good, broken := Answer{Outcome: Fresh}, Answer{Outcome: Broken}
	tests := map[string]struct {
		answer   Answer
		taken    bool
		failures int // before
		ttl      int
		chance   float64
		want     time.Duration
	}{
		"a ttl is waited for":                    {good, true, 9, 60, 0, time.Minute},
		"and up to a tenth more":                 {good, true, 0, 60, 0.5, 63 * time.Second},
		"a ttl of 0 isn't taken at its word":     {good, true, 0, 0, 0, 30 * time.Second},
		"nor one of a week":                      {good, true, 0, 604_800, 0, 10 * time.Minute},
		"no ttl":                                 {good, true, 0, -1, 0, 30 * time.Second},
		"304 is as good":                         {Answer{Outcome: Same}, false, 3, 60, 0, time.Minute},
		"a body that can't be used is a failure": {good, false, 0, 60, 0, 15 * time.Second},
		"the third failure, at most":             {broken, false, 2, 60, 1, 2 * time.Minute},
		"the third failure, at least":            {broken, false, 2, 60, 0, time.Minute},
		"the hundredth failure":                  {broken, false, 99, 60, 1, 10 * time.Minute},
		"a server's wish": {
			Answer{Outcome: Limited, Retry: time.Hour}, false, 0, 60, 0, time.Hour,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := &Address{Failures: tt.failures}
			c.Done(a, tt.answer, tt.taken, tt.ttl, now, tt.chance)
			if got := time.Duration(a.Next-now) * time.Millisecond; got != tt.want {
				t.Errorf("waits %s, want %s", got, tt.want)
			}
			if a.Due(a.Next-1) || !a.Due(a.Next) {
				t.Errorf("due at %d, want from %d on", a.Next-1, a.Next)
			}
		})
	}
}

// Whatever happens, the wait is at least half of Shortest and at most Longest and a tenth, or what
// the server asks for.
func TestDoneLaw(t *testing.T) {
	c := New(Settings{Shortest: 20 * time.Second, Longest: 5 * time.Minute})
	rapid.Check(t, func(t *rapid.T) {
		a := &Address{}
		for range rapid.IntRange(1, 30).Draw(t, "questions") {
			answer := Answer{
				Outcome: rapid.SampledFrom(Outcomes()).Draw(t, "outcome"),
				Retry:   time.Duration(rapid.IntRange(0, 900).Draw(t, "retry")) * time.Second,
			}
			c.Done(a, answer, rapid.Bool().Draw(t, "taken"), rapid.IntRange(-1, 1<<30).Draw(t, "ttl"),
				now, rapid.Float64Range(0, 0.999).Draw(t, "chance"))
			wait := time.Duration(a.Next-now) * time.Millisecond
			if wait < 10*time.Second || wait < answer.Retry ||
				wait > max(answer.Retry, 330*time.Second) {
				t.Fatalf("waits %s after %+v", wait, answer)
			}
		}
	})
}

func TestSafe(t *testing.T) {
	const secret = "https://user:word@a.example/gbfs.json?token=1#x"
	if got, want := Safe(secret), "https://a.example/gbfs.json"; got != want {
		t.Errorf("Safe() = %q, want %q", got, want)
	}
}
