package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/feeds"
	"github.com/stint-city/stint/engine/live"
	"github.com/stint-city/stint/engine/mds"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

// door is engine/mds behind the server, as cmd/stint joins them.
type door struct{ *mds.Agency }

func (d door) Answer(c AgencyCall) (int, []byte, error) {
	return d.Agency.Answer(mds.Call{
		Operator: c.Operator, What: c.What, Body: c.Body, Tag: c.Tag, Now: c.Now,
	})
}

func (d door) Deviations(operator string) []Deviation {
	var list []Deviation
	for _, p := range d.Problems(operator) {
		list = append(list, Deviation{p.Feed, p.Field, string(p.Kind), p.Count, p.First, p.Got})
	}
	return list
}

const (
	providerBlue  = "00000000-0000-4000-8000-0000000000b1"
	providerGreen = "00000000-0000-4000-8000-0000000000b2"
)

// newAgencyTown is a town that takes MDS in, and the folder where it ends.
func newAgencyTown(t *testing.T) (to *town, dir string) {
	t.Helper()
	config, err := feeds.ReadConfig("feeds.yaml", []byte("schema: 1\noperators: {blue: "+providerBlue+
		", green: "+providerGreen+"}\nsectors: [{sector: bike, vehicle_types: [bicycle]}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	method, _ := observe.MethodOf(config.Method)
	room, err := live.Open(live.Settings{
		Dir: dir, Method: method, Street: observe.Settings{Resolution: 9, Stale: 3_600_000},
		Expect: [][2]string{{"blue", "bike"}, {"green", "bike"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = room.Close() })
	agency := mds.NewAgency(config, []byte("salt"), room, nil, 9)
	return newTown(t, func(c *Config) { c.Agency, c.Observed = door{agency}, room }), dir
}

// bikes are n registered vehicles and the events that put them in the middle.
func bikes(provider string, n int) (vehicles, events string) {
	var v, e []string
	for i := range n {
		device := fmt.Sprintf("%s%03d", provider[:33], i)
		v = append(v, fmt.Sprintf(`{"device_id":%q,"provider_id":%q,"vehicle_id":"x",
			"vehicle_type":"bicycle","propulsion_types":["human"]}`, device, provider))
		e = append(e, fmt.Sprintf(`{"device_id":%q,"provider_id":%q,"event_id":%q,
			"vehicle_state":"available","event_types":["provider_drop_off"],"timestamp":%d,
			"location":{"lat":12,"lng":-140}}`, device, provider, device,
			engine.SystemClock{}.Now().UnixMilli()))
	}
	return "[" + strings.Join(v, ",") + "]", "[" + strings.Join(e, ",") + "]"
}

// push sends a body as an operator.
func (t *town) push(tb testing.TB, who, end, body string) {
	tb.Helper()
	w := ask(t.server, "POST", agencyPath+end, body, "Authorization", t.tokens[who])
	if w.Code != http.StatusCreated {
		tb.Fatalf("%s: %d %s", end, w.Code, w.Body)
	}
}

func TestMDSVersions(t *testing.T) {
	to, _ := newAgencyTown(t)
	vehicles, _ := bikes(providerBlue, 1)
	both := mdsMedia + ";version=1.2, " + mdsMedia + ";version=2.0;q=0.5"
	for name, tt := range map[string]struct {
		accept, content string
		status          int
	}{
		"the standard's":           {mdsMedia + ";version=2.0", mdsMedia + ";version=2.0", 200},
		"with a charset":           {mdsMedia + "; version=2.0; charset=utf-8", "", 200},
		"a patch of 2.0":           {mdsMedia + ";version=2.0.2", "", 200},
		"one of several":           {both, "", 200},
		"JSON":                     {"application/json", "application/json", 200},
		"anything":                 {"*/*", "", 200},
		"without a version":        {mdsMedia, mdsMedia, 200},
		"nothing said":             {"", "", 200},
		"MDS 1":                    {mdsMedia + ";version=1.2", "", 406},
		"MDS 3":                    {mdsMedia + ";version=3.0", "", 406},
		"a page":                   {"text/html", "", 406},
		"2.0 refused":              {mdsMedia + ";version=2.0;q=0", "", 406},
		"nonsense":                 {";;;", "", 406},
		"a body of MDS 1":          {"", mdsMedia + ";version=1.2", 406},
		"a form":                   {"", "application/x-www-form-urlencoded", 406},
		"a body of no known media": {"", "text/csv", 406},
	} {
		t.Run(name, func(t *testing.T) {
			header := []string{"Authorization", to.tokens["blue"]}
			if tt.accept != "" {
				header = append(header, "Accept", tt.accept)
			}
			if tt.content != "" {
				header = append(header, "Content-Type", tt.content)
			}
			ask(to.server, "POST", agencyPath+"vehicles", vehicles, "Authorization", to.tokens["blue"])
			w := ask(to.server, "PUT", agencyPath+"vehicles", vehicles, header...)
			if w.Code != tt.status {
				t.Errorf("%d %s, want %d", w.Code, w.Body, tt.status)
			}
			want := mdsMedia + ";version=2.0;charset=utf-8"
			if got := w.Header().Get("Content-Type"); got != want {
				t.Errorf("content type %q, want %q", got, want)
			}
		})
	}
}

// TestMDSErrors: whatever goes wrong at the door has the standard's form.
func TestMDSErrors(t *testing.T) {
	to, dir := newAgencyTown(t)
	vehicles, events := bikes(providerBlue, 1)
	to.push(t, "blue", "vehicles", vehicles)
	blocked := filepath.Join(dir, "events") // a file where the folder should be: nothing can be kept
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	long := "[" + strings.Repeat(" ", agencyLimit) + "]"
	for name, tt := range map[string]struct {
		who, end, body string
		status         int
		code           string
	}{
		"no token":           {"", "events", events, 401, "token-missing"},
		"another role":       {"officer", "events", events, 401, "role-not-allowed"},
		"too long":           {"blue", "events", long, 413, "too-large"},
		"no JSON":            {"blue", "events", "{", 400, "bad_param"},
		"a disk that's full": {"blue", "events", events, 500, "store-unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			var header []string
			if tt.who != "" {
				header = []string{"Authorization", to.tokens[tt.who]}
			}
			w := ask(to.server, "POST", agencyPath+tt.end, tt.body, header...)
			var e MDSError
			answer(t, w, tt.status, &e)
			if e.Error != tt.code || e.Description == "" || len(e.Details) == 0 {
				t.Errorf("%+v, want %s", e, tt.code)
			}
		})
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	to.push(t, "blue", "events", events) // and afterwards it goes on
}

// TestWhoSeesWhatStands: the bureau all, an operator its own, the public sums of ten and more.
func TestWhoSeesWhatStands(t *testing.T) {
	to, _ := newAgencyTown(t)
	for who, n := range map[string]int{"blue": 9, "green": 3} {
		provider := map[string]string{"blue": providerBlue, "green": providerGreen}[who]
		vehicles, events := bikes(provider, n)
		to.push(t, who, "vehicles", vehicles)
		to.push(t, who, "events", events)
	}
	cell, err := geo.CellAt(middle, 9)
	if err != nil {
		t.Fatal(err)
	}
	stand := func(operator string, n int) StandAnswer {
		return StandAnswer{operator, "bike", cell.String(), "available", n}
	}
	for who, want := range map[string][]StandAnswer{
		"officer": {stand("blue", 9), stand("green", 3)},
		"blue":    {stand("blue", 9)},
		"green":   {stand("green", 3)},
		"planner": {stand("", 12)},
		"":        {stand("", 12)},
	} {
		var got OccupancyAnswer
		answer(t, to.get(who, "/v1/observed/occupancy"), 200, &got)
		if diff := cmp.Diff(want, got.Stands); diff != "" {
			t.Errorf("%q sees (-want +got):\n%s", who, diff)
		}
	}
	if p := problem(t, to.get("blue", "/v1/observed/health?operator=green")); p.Status != 403 {
		t.Errorf("another's health: %+v", p)
	}
	var health HealthAnswer
	answer(t, to.get("green", "/v1/observed/health"), 200, &health)
	if f := health.Feeds; len(f) != 1 || f[0].Operator != "green" || *f[0].Coverage != 1 {
		t.Errorf("green's health %+v", f)
	}
}

// TestPublish: nine vehicles are no published figure, ten of two operators are.
func TestPublish(t *testing.T) {
	counts := []observe.Count{
		{Operator: "blue", Sector: "bike", Cell: 1, State: observe.Available, N: 9},
		{Operator: "green", Sector: "bike", Cell: 1, State: observe.Available, N: 1},
		{Operator: "green", Sector: "bike", Cell: 2, State: observe.Available, N: 9},
		{Operator: "green", Sector: "bike", Cell: 2, State: observe.Reserved, N: 1},
	}
	got, left := publish(counts)
	want := []observe.Count{{Sector: "bike", Cell: 1, State: observe.Available, N: 10}}
	if diff := cmp.Diff(want, got); diff != "" || left != 2 {
		t.Errorf("%d left out, want 2; (-want +got):\n%s", left, diff)
	}
}

// TestTheDocumentNamesItsItems: what an operator may send is in the document, and more is allowed.
func TestTheDocumentNamesItsItems(t *testing.T) {
	to, _ := newAgencyTown(t)
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]json.RawMessage `json:"properties"`
				Additional any                        `json:"additionalProperties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	answer(t, ask(to.server, "GET", "/openapi.json", ""), 200, &doc)
	for _, name := range []string{"MDSVehicle", "MDSEvent", "MDSTelemetry", "MDSTrip"} {
		s, ok := doc.Components.Schemas[name]
		if !ok || s.Additional != true {
			t.Errorf("%s: there %v, other fields allowed %v", name, ok, s.Additional)
		}
		if _, ok := s.Properties["device_id"]; !ok {
			t.Errorf("%s has no device_id", name)
		}
	}
}
