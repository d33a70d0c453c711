package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const goodAsk = `{"sector":"bike","lat":12,"lng":-140,"n":1}`

// placing sends an ask of an operator with a key; "" = none.
func (t *town) placing(who, key, body string) *httptest.ResponseRecorder {
	header := []string{"Authorization", t.tokens[who]}
	if key != "" {
		header = append(header, "Idempotency-Key", key)
	}
	return ask(t.server, http.MethodPost, placementsPath, body, header...)
}

func TestPlaceRefusesBadInput(t *testing.T) {
	to := newTown(t)
	tests := map[string]struct {
		key, body string
		status    int
		where     string
	}{
		"without a key":     {"", goodAsk, 400, "header.Idempotency-Key"},
		"without a body":    {"k", "", 400, "body"},
		"half a body":       {"k", goodAsk[:20], 400, "body"},
		"an unknown field":  {"k", `{"sector":"bike","lat":1,"lng":1,"n":1,"x":1}`, 400, "body"},
		"n as text":         {"k", `{"sector":"bike","lat":1,"lng":1,"n":"1"}`, 400, "body"},
		"NaN":               {"k", `{"sector":"bike","lat":NaN,"lng":1,"n":1}`, 400, "body"},
		"without its place": {"k", `{"sector":"bike","n":1}`, 400, "body"},
		"two values":        {"k", goodAsk + goodAsk, 400, "body"},
		"9 KiB":             {"k", goodAsk + strings.Repeat(" ", 9<<10), 413, ""},
		"deep nesting":      {"k", strings.Repeat("[", 8000), 400, "body"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := problem(t, to.placing("blue", tt.key, tt.body))
			if p.Status != tt.status {
				t.Errorf("status %d, want %d", p.Status, tt.status)
			}
			if tt.where != "" && (len(p.Errors) != 1 || p.Errors[0].Where != tt.where) {
				t.Errorf("errors %v, want one at %s", p.Errors, tt.where)
			}
		})
	}
}

func TestPlaceReadsOnlyJSON(t *testing.T) {
	to := newTown(t)
	for contentType, want := range map[string]int{
		"application/json": 201, "application/json; charset=utf-8": 201, "": 201,
		"text/plain": 415, "application/x-www-form-urlencoded": 415, "application/jsonx": 415,
		"%%%": 415,
	} {
		r := httptest.NewRequest(http.MethodPost, placementsPath, strings.NewReader(goodAsk))
		r.Header.Set("Authorization", to.tokens["blue"])
		r.Header.Set("Idempotency-Key", "k")
		if contentType != "" {
			r.Header.Set("Content-Type", contentType)
		}
		w := httptest.NewRecorder()
		to.server.ServeHTTP(w, r)
		if w.Code != want && (want != 201 || w.Code != 200) {
			t.Errorf("Content-Type %q: status %d, want %d: %s", contentType, w.Code, want, w.Body)
		}
	}
}

func TestBatchBounds(t *testing.T) {
	to := newTown(t)
	one := `{"key":"k","sector":"bike","lat":12,"lng":-140,"n":1}`
	tests := map[string]struct {
		body   string
		status int
	}{
		"nothing asked":       {`{"asks":[]}`, 400},
		"501 asks":            {`{"asks":[` + one + strings.Repeat(","+one, 500) + `]}`, 400},
		"an ask without lat":  {`{"asks":[` + one + `,{"key":"k2","sector":"bike","n":1}]}`, 400},
		"600 KiB":             {`{"asks":[` + one + strings.Repeat(" ", 600<<10) + `]}`, 413},
		"no list":             {`{"asks":1}`, 400},
		"no object":           {`[` + one + `]`, 400},
		"one ask":             {`{"asks":[` + one + `]}`, 200},
		"two of the same key": {`{"asks":[` + one + `,` + one + `]}`, 200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := ask(to.server, http.MethodPost, batchPath, tt.body,
				"Authorization", to.tokens["blue"])
			if w.Code != tt.status {
				t.Errorf("status %d, want %d: %.300s", w.Code, tt.status, w.Body)
			}
			if tt.status != http.StatusOK {
				problem(t, w)
			}
		})
	}
}

// The cost of a placement at the door, beside a bare handler on the same recorder.
func BenchmarkPlace(b *testing.B) {
	to := newTown(b)
	b.ReportAllocs()
	for b.Loop() {
		to.placing("blue", "k", goodAsk)
	}
}

func BenchmarkBareHandler(b *testing.B) {
	bare := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a AskBody
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
			b.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"n":1}`))
	})
	b.ReportAllocs()
	for b.Loop() {
		ask(bare, http.MethodPost, placementsPath, goodAsk,
			"Authorization", "x", "Idempotency-Key", "k")
	}
}

// The cost of huma: the same door, with huma's checks and encoding behind it.
func BenchmarkCommit(b *testing.B) {
	to := newTown(b)
	b.ReportAllocs()
	for b.Loop() {
		ask(to.server, http.MethodPost, placementsPath+"/blue:k/commit", `{"sector":"bike"}`,
			"Authorization", to.tokens["blue"], "Idempotency-Key", "k")
	}
}
