package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine/lang"
)

// ask sends a request straight to the server, without a socket.
func ask(h http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// problem reads an answer that must be a problem.
func problem(t *testing.T, w *httptest.ResponseRecorder) Problem {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != problemType {
		t.Fatalf("Content-Type = %q, want %q; status %d, body %s", got, problemType, w.Code, w.Body)
	}
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != w.Code {
		t.Errorf("problem says status %d, the answer %d", p.Status, w.Code)
	}
	if p.Title == "" || strings.HasPrefix(p.Title, "problem.") ||
		strings.HasPrefix(p.Detail, "problem.") || !strings.HasPrefix(p.Type, "/problems/") {
		t.Errorf("problem without words: %+v", p)
	}
	if p.Instance != w.Header().Get("X-Request-Id") {
		t.Errorf("problem of request %q, header says %q", p.Instance, w.Header().Get("X-Request-Id"))
	}
	return p
}

func TestLostRequests(t *testing.T) {
	s := newTown(t).server
	tests := map[string]struct {
		method, path string
		want         string
	}{
		"a path that isn't there":       {http.MethodGet, "/v2/quotas", "no-such-path"},
		"a path below one that is":      {http.MethodGet, "/v1/quotas/x", "no-such-path"},
		"another method":                {http.MethodDelete, "/v1/quotas", "method-not-allowed"},
		"another method of a hand-made": {http.MethodPatch, "/v1/placements", "method-not-allowed"},
		"a method that isn't one":       {"BREW", "/v1/placements", "method-not-allowed"},
		"an escaped slash":              {http.MethodPost, "/v1%2fplacements", "no-such-path"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := ask(s, tt.method, tt.path, "")
			p := problem(t, w)
			if p.Type != "/problems/"+tt.want {
				t.Errorf("%s %s = %s, want %s", tt.method, tt.path, p.Type, tt.want)
			}
			allow := w.Header().Get("Allow")
			if (w.Code == http.StatusMethodNotAllowed) != (allow != "") {
				t.Errorf("status %d with Allow %q", w.Code, allow)
			}
		})
	}
}

func TestRequestID(t *testing.T) {
	s := newTown(t).server
	w := ask(s, "GET", "/healthz", "", "X-Request-Id", "a-1")
	if got := w.Header().Get("X-Request-Id"); got != "a-1" {
		t.Errorf("X-Request-Id = %q, want the client's own", got)
	}
	for _, bad := range []string{"a b", "a\nb", strings.Repeat("a", 65), "<script>"} {
		got := ask(s, "GET", "/healthz", "", "X-Request-Id", bad).Header().Get("X-Request-Id")
		if !strings.HasPrefix(got, s.name) {
			t.Errorf("X-Request-Id = %q for %q, want a new one", got, bad)
		}
	}
}

func TestLanguage(t *testing.T) {
	tests := map[string]lang.Tag{
		"": lang.English, "zh": lang.Chinese, "zh-CN,zh;q=0.9,en;q=0.8": lang.Chinese,
		"en-GB,en;q=0.9,zh;q=0.8": lang.English, "fr;q=1,zh;q=0.2": lang.Chinese,
		"zh;q=0.2,en;q=0.9": lang.English, "zh;q=x": lang.English, ";;;,,,": lang.English,
	}
	for header, want := range tests {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", header)
		if got := language(r); got != want {
			t.Errorf("language(%q) = %q, want %q", header, got, want)
		}
	}
}

func TestStoppingServerRefuses(t *testing.T) {
	s := newTown(t).server
	s.Stop()
	s.Stop() // twice is no fault
	w := ask(s, "GET", "/v1/status", "")
	if p := problem(t, w); p.Type != "/problems/stopping" || w.Header().Get("Retry-After") == "" {
		t.Errorf("answer = %s, Retry-After %q", p.Type, w.Header().Get("Retry-After"))
	}
}

func TestPanicIsAnAnswer(t *testing.T) {
	s := newTown(t).server
	s.mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("x") })
	if p := problem(t, ask(s, "GET", "/panic", "")); p.Type != "/problems/internal" {
		t.Errorf("answer = %s, want internal", p.Type)
	}
}

func TestRateLimit(t *testing.T) {
	s := newTown(t, func(c *Config) { c.Rate, c.Burst, c.Clock = 1, 2, fixedClock{noon} }).server
	for range 2 {
		if w := ask(s, "GET", "/healthz", ""); w.Code != http.StatusOK {
			t.Fatalf("status %d within the burst", w.Code)
		}
	}
	w := ask(s, "GET", "/healthz", "")
	wait := w.Header().Get("Retry-After")
	if p := problem(t, w); p.Status != http.StatusTooManyRequests || wait != "1" {
		t.Errorf("status %d, Retry-After %q, want 429, 1", p.Status, wait)
	}
}

func TestPagesNeedNoOtherHost(t *testing.T) {
	s := newTown(t).server
	for _, path := range []string{"/docs", "/", "/openapi.json", "/openapi.yaml"} {
		w := ask(s, "GET", path, "")
		if w.Code != http.StatusOK {
			t.Errorf("%s: status %d", path, w.Code)
		}
		if body := w.Body.String(); strings.Contains(body, "//") {
			at := strings.Index(body, "//")
			t.Errorf("%s names another host: …%s", path, body[max(0, at-40):min(len(body), at+40)])
		}
	}
}

func TestProblemsHaveWords(t *testing.T) {
	ids := map[string]bool{}
	for _, id := range lang.IDs() {
		ids[id] = true
	}
	for _, row := range append(problems, internal) {
		for _, id := range []string{"problem." + row.code, "problem." + row.code + ".detail"} {
			if !ids[id] {
				t.Errorf("engine/lang/problem.yaml lacks %s", id)
			}
		}
	}
}
