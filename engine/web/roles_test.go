package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mayCall is who may call what, worked out by hand from the issue: p = the public, o = operators,
// n = planners, f = officers, a = admins. The document must say the same, and the server do it.
var mayCall = map[string]string{
	"GET /v1/status":                        "ponfa",
	"GET /v1/sectors":                       "ponfa",
	"GET /v1/operators":                     "ponfa",
	"GET /v1/quotas":                        "ponfa",
	"GET /v1/zones":                         "ponfa",
	"GET /v1/city":                          "ponfa",
	"GET /v1/publications":                  "ponfa",
	"GET /v1/publications/{id}":             "ponfa",
	"GET /v1/publications/{id}/plan":        "ponfa",
	"GET /v1/publications/{id}/objections":  "ponfa",
	"POST /v1/publications/{id}/objections": "ponfa",
	"GET /v1/explain":                       "ponfa",
	"GET /v1/events":                        "onfa",
	"GET /v1/room":                          "ofa",
	"GET /v1/placements":                    "ofa",
	"GET /v1/placements/{id}":               "ofa",
	"GET /v1/orders":                        "ofa",
	"PUT /v1/orders/{id}":                   "fa",
	"POST /v1/orders/{id}/extend":           "fa",
	"POST /v1/orders/{id}/object":           "o",
	"POST /v1/orders/{id}/answer":           "fa",
	"POST /v1/observations":                 "fa",
	"GET /v1/responses":                     "ofa",
	"GET /v1/sites":                         "fa",
	"GET /v1/observed/health":               "ofa",
	"GET /v1/observed/occupancy":            "ponfa",
	"GET /v1/observed/rides":                "ofa",
	"GET /v1/vehicles":                      "ponfa",
	"POST /v1/vehicles":                     "ofa",
	"POST /mds/agency/2.0/vehicles":         "o",
	"PUT /mds/agency/2.0/vehicles":          "o",
	"POST /mds/agency/2.0/events":           "o",
	"POST /mds/agency/2.0/telemetry":        "o",
	"POST /mds/agency/2.0/trips":            "o",
	"GET /v1/measures":                      "ponfa",
	"GET /v1/measures/{id}":                 "ponfa",
	"PUT /v1/measures/{id}":                 "fa",
	"POST /v1/measures/{id}/lift":           "fa",
	"POST /v1/measures/{id}/try":            "fa",
	"GET /v1/timetable":                     "ponfa",
	"GET /v1/timetable/explain":             "ponfa",
	"PUT /v1/timetable":                     "a",
	"POST /v1/timetable/try":                "fa",
	"POST /v1/demand":                       "fa",
	"POST /v1/placements":                   "o",
	"POST /v1/placements:batch":             "o",
	"POST /v1/placements/{id}/commit":       "o",
	"POST /v1/placements/{id}/release":      "o",
	"POST /v1/placements/{id}/remove":       "o",
	"POST /v1/placements/{id}/move":         "o",
	"POST /v1/orders/{id}/acknowledge":      "o",
	"POST /v1/publications":                 "fa",
	"POST /v1/publications/{id}/announce":   "fa",
	"POST /v1/publications/{id}/check":      "fa",
	"POST /v1/objections/{id}/answer":       "fa",
	"GET /v1/log":                           "fa",
	"GET /v1/log/verify":                    "fa",
	"GET /v1/check":                         "fa",
	"POST /v1/publications/{id}/finalize":   "a",
	"POST /v1/publications/{id}/withdraw":   "a",
	"PUT /v1/zones":                         "a",
	"PUT /v1/pools/{id}":                    "a",
}

// documented is an operation as the OpenAPI document has it.
type documented struct {
	ID       string           `json:"operationId"`
	Roles    []string         `json:"x-roles"`
	Security []map[string]any `json:"security"`
}

// openAPI reads the OpenAPI document by path and method.
func openAPI(t *testing.T, s *Server) map[string]map[string]documented {
	t.Helper()
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]documented
	}
	w := ask(s, "GET", "/openapi.json", "")
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %q, want 3.1", doc.OpenAPI)
	}
	return doc.Paths
}

// callers are the letters of mayCall with the tokens of the town.
var callers = map[string]string{
	"p": "", "o": "blue", "n": "planner", "f": "officer", "a": "admin",
}

func TestEveryRouteKnowsItsRoles(t *testing.T) {
	to := newTown(t)
	seen := map[string]string{}
	for path, methods := range openAPI(t, to.server) {
		for method, op := range methods {
			name := strings.ToUpper(method) + " " + path
			letters := ""
			for _, r := range []struct{ letter, role string }{
				{"p", "public"},
				{"o", "operator"},
				{"n", "planner"},
				{"f", "bureau-officer"},
				{"a", "bureau-admin"},
			} {
				if slices.Contains(op.Roles, r.role) {
					letters += r.letter
				}
			}
			seen[name] = letters
			if open := strings.Contains(letters, "p"); open != (len(op.Security) == 0) {
				t.Errorf("%s: security %v, open %v", name, op.Security, open)
			}
			for letter, who := range callers {
				try(t, to, name, who, strings.Contains(letters, letter))
			}
		}
	}
	if diff := cmp.Diff(mayCall, seen); diff != "" {
		t.Errorf("who may call what (-want +got):\n%s", diff)
	}
}

// try calls a route without a body and looks only at whether the role was let in.
func try(t *testing.T, to *town, name, who string, allowed bool) {
	t.Helper()
	method, path, _ := strings.Cut(name, " ")
	if path == eventsPath && allowed {
		return // lasts; TestEvents calls it
	}
	path = strings.ReplaceAll(path, "{id}", "x")
	var header []string
	if who != "" {
		header = []string{"Authorization", to.tokens[who]}
	}
	w := ask(to.server, method, path, "", header...)
	denied := w.Code == http.StatusUnauthorized ||
		strings.Contains(w.Body.String(), "/problems/role-not-allowed")
	if denied == allowed {
		t.Errorf("%s as %q: status %d, allowed should be %v: %.200s",
			name, who, w.Code, allowed, w.Body)
	}
	if want := http.StatusUnauthorized; !allowed && who == "" && w.Code != want {
		t.Errorf("%s without a token: status %d, want %d", name, w.Code, want)
	}
	w = ask(to.server, method, path, "", "Authorization", "Bearer forged.token.x")
	if p := problem(t, w); p.Status != http.StatusUnauthorized {
		t.Errorf("%s with a forged token: status %d, want 401", name, p.Status)
	}
}
