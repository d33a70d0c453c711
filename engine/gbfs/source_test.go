package gbfs

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/poll"
	"github.com/stint-city/stint/geo"
)

// operator is a server with one operator's feed; what it does with a question for its vehicles can
// be changed.
type operator struct {
	*httptest.Server
	vehicles http.HandlerFunc
	asked    []string
}

func newOperator(t *testing.T) *operator {
	t.Helper()
	o := &operator{}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.asked = append(o.asked, r.URL.Path)
		switch r.URL.Path {
		case "/gbfs.json":
			_, _ = fmt.Fprint(w, two("2.3", fmt.Sprintf(`{"en": {"feeds": [
				{"name": "system_information", "url": "%[1]s/system"},
				{"name": "free_bike_status", "url": "%[1]s/bikes?key=secret"}]}}`, o.URL)))
		case "/system":
			_, _ = fmt.Fprint(w, two("2.3", `{"system_id": "s", "name": "S", "timezone": "Etc/UTC"}`))
		default:
			o.vehicles(w, r)
		}
	}))
	t.Cleanup(o.Close)
	return o
}

// twenty is a fleet of twenty; change may make rows of it worse. at is in seconds after the first.
func twenty(at int, change func(i int, row string) string) string {
	var rows []string
	for i := range 20 {
		row := fmt.Sprintf(`{"bike_id": "%d", "lat": 3.%02d, "lon": 101.1, "is_reserved": false,
			"is_disabled": false}`, i, i+10)
		if change != nil {
			row = change(i, row)
		}
		if row != "" {
			rows = append(rows, row)
		}
	}
	return strings.Replace(two("2.3", bikesOf(rows...)), "1799049540",
		fmt.Sprint(1_799_049_540+at), 1)
}

func answer(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, body) }
}

func status(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(n)
	}
}

// Every bad feed: the outcome of the question or the problems of the body say so, the picture is
// the last good one where nothing could be taken and grows stale, and the other operator is
// untouched.
func TestBadFeeds(t *testing.T) {
	place := func(lat, lng string) func(int, string) string {
		return func(i int, row string) string {
			return strings.Replace(row, fmt.Sprintf(`"lat": 3.%02d, "lon": 101.1`, i+10),
				`"lat": `+lat+`, "lon": `+lng, 1)
		}
	}
	whole := twenty(600, nil)
	tests := map[string]struct {
		serve    http.HandlerFunc
		outcome  poll.Outcome
		problem  lenient.Kind // with its count
		n        int
		vehicles int    // after it
		health   string // 10 minutes after the last good picture, where 5 are still fresh
	}{
		"a good feed": {answer(whole), poll.Fresh, "", 0, 20, observe.Known},
		"truncated": {
			answer(whole[:len(whole)/2]), poll.Fresh, lenient.Truncated, 1, 20, observe.Stale,
		},
		"gigantic": {answer(strings.Repeat(" ", 1<<20)), poll.Large, "", 0, 20, observe.Stale},
		"a wrong version": {
			answer(strings.Replace(whole, `"2.3"`, `"1.0"`, 1)), poll.Fresh, lenient.Version, 1, 20,
			observe.Known,
		},
		"a clock a year ahead": {
			answer(twenty(31_536_000, nil)), poll.Fresh, lenient.Future, 1, 20, observe.Stale,
		},
		"all at (0, 0)": {
			answer(twenty(600, place("0", "0"))), poll.Fresh, lenient.Zero, 20, 20, observe.Known,
		},
		"swapped axes": {
			answer(twenty(600, place("101.1", "3.1"))), poll.Fresh, lenient.Swapped, 20, 20,
			observe.Known,
		},
		"a tenth of the IDs twice": {
			answer(twenty(600, func(i int, row string) string {
				if i < 2 {
					return row + "," + row
				}
				return row
			})), poll.Fresh, lenient.Repeated, 2, 20, observe.Known,
		},
		"half the fleet missing": {
			answer(twenty(600, func(i int, row string) string {
				if i < 10 {
					return ""
				}
				return row
			})), poll.Fresh, lenient.Fewer, 1, 10, observe.Known,
		},
		"202": {status(202), poll.NotReady, "", 0, 20, observe.Stale},
		"404": {status(404), poll.Absent, "", 0, 20, observe.Stale},
		"429": {status(429), poll.Limited, "", 0, 20, observe.Stale},
		"500": {status(500), poll.Broken, "", 0, 20, observe.Stale},
		"a redirect loop": {
			func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/again", http.StatusFound)
			}, poll.Redirected, "", 0, 20, observe.Stale,
		},
		"a slow drip": {
			func(w http.ResponseWriter, r *http.Request) {
				w.(http.Flusher).Flush()
				<-r.Context().Done()
			}, poll.Slow, "", 0, 20, observe.Stale,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			bad, good := newOperator(t), newOperator(t)
			street := observe.New(observe.Settings{
				Resolution: 9, Stale: 300_000, Ahead: 60_000, Near: 30,
				Area: geo.Box{Min: geo.LatLng{Lat: 2, Lng: 100}, Max: geo.LatLng{Lat: 4, Lng: 102}},
			})
			client := poll.New(poll.Settings{
				Bytes: 1 << 19, Timeout: 500 * time.Millisecond, Private: true,
			})
			pull := func(s *Source, who string, at int64) []Polled {
				list := s.Poll(context.Background(), at, func() float64 { return 0 })
				if slices.ContainsFunc(list, func(p Polled) bool {
					return p.Name == VehicleStatus && p.Taken
				}) {
					for _, b := range s.Feed.Batches(Fleet{Operator: who, Sector: "bike"}) {
						street.Apply(&b, at)
					}
				}
				return list
			}
			badly := NewSource(made(), client, bad.URL+"/gbfs.json", nil)
			well := NewSource(made(), client, good.URL+"/gbfs.json", nil)
			bad.vehicles, good.vehicles = answer(twenty(0, nil)), answer(twenty(0, nil))
			pull(badly, "bad", now)
			pull(well, "good", now)
			bad.vehicles, good.vehicles = tt.serve, answer(whole)
			const later = now + 600_000
			list := pull(badly, "bad", later)
			pull(well, "good", later)

			got := list[len(list)-1]
			if got.Name != VehicleStatus || got.Outcome != tt.outcome {
				t.Errorf("%s: %s, want %s", got.Name, got.Outcome, tt.outcome)
			}
			n := 0
			for _, p := range got.Problems {
				if p.Kind == tt.problem {
					n = p.Count
				} else if p.Kind != tt.problem {
					t.Errorf("problem %+v is not the feed's", p)
				}
			}
			if n != tt.n {
				t.Errorf("%d × %q, want %d", n, tt.problem, tt.n)
			}
			if strings.Contains(got.Address, "secret") {
				t.Errorf("the address %q tells the key", got.Address)
			}
			health := street.Health(later, nil)
			if h := health[0]; h.Status != tt.health || *h.Vehicles != tt.vehicles {
				t.Errorf("the bad feed: %s with %d vehicles, want %s with %d",
					h.Status, *h.Vehicles, tt.health, tt.vehicles)
			}
			if h := health[1]; h.Status != observe.Known || *h.Vehicles != 20 || h.At != later-60_000 {
				t.Errorf("the good feed: %+v", h)
			}
		})
	}
}

// A discovery that moves a file is followed, and what it names no more isn't asked.
func TestSourceFollows(t *testing.T) {
	o := newOperator(t)
	o.vehicles = answer(twenty(0, nil))
	s := NewSource(made(), poll.New(poll.Settings{Private: true}), o.URL+"/gbfs.json",
		[]Endpoint{{Name: "station_status", URL: o.URL + "/stations"}})
	chance := func() float64 { return 0 }
	s.Poll(context.Background(), now, chance)
	want := []string{"/gbfs.json", "/system", "/stations", "/bikes"}
	if diff := cmp.Diff(want, o.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	// The shortest wait is 30 s, and of a first failure half of it: the stations are no stations.
	if got := s.Next(); got != now+15_000 {
		t.Errorf("Next() = now + %d ms, want 15000", got-now)
	}
	o.asked = nil
	s.Poll(context.Background(), now+14_999, chance)
	if o.asked != nil {
		t.Errorf("asked %v before it was due", o.asked)
	}
	s.Feed.Endpoints = nil
	s.follow()
	s.Poll(context.Background(), now+30_000, chance)
	if diff := cmp.Diff([]string{"/stations"}, o.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}
