package web

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stint-city/stint/engine"
)

// metrics count requests as they are answered. Decisions, quotas and the store's health are read
// from the engine when somebody asks (exposition.go).
type metrics struct {
	routes  sync.Map // of *routeMetrics, by route
	streams atomic.Int64
}

// routeMetrics count one route's answers.
type routeMetrics struct {
	route   string
	status  [6]atomic.Int64 // by the status's first digit
	buckets [16]atomic.Int64
	nanos   atomic.Int64
}

// bounds are the upper ends of the buckets, seconds; one more bucket has no end.
//
//nolint:gochecknoglobals // a table that nothing writes
var bounds = [15]float64{
	.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30,
}

// request counts a request that was answered.
func (m *metrics) request(route string, status int, took time.Duration) {
	kept, ok := m.routes.Load(route)
	if !ok { // a route of the mux, or none: their number is bounded
		kept, _ = m.routes.LoadOrStore(route, &routeMetrics{route: route})
	}
	r := kept.(*routeMetrics)
	r.status[min(status/100, 5)].Add(1)
	if route == eventsRoute { // lasts as long as its client likes
		return
	}
	i, _ := slices.BinarySearch(bounds[:], took.Seconds())
	r.buckets[i].Add(1)
	r.nanos.Add(int64(took))
}

// all returns every route's metrics, by route.
func (m *metrics) all() []*routeMetrics {
	var all []*routeMetrics
	m.routes.Range(func(_, kept any) bool {
		all = append(all, kept.(*routeMetrics))
		return true
	})
	slices.SortFunc(all, func(a, b *routeMetrics) int {
		if a.route < b.route {
			return -1
		}
		return 1
	})
	return all
}

// expose writes the request metrics.
func (m *metrics) expose(x *exposition) {
	all := m.all()
	x.head("stint_http_requests_total", "counter", "Requests answered, by route and status class.")
	for _, r := range all {
		for class := range r.status {
			if n := r.status[class].Load(); n > 0 {
				x.value(float64(n), "route", r.route, "status", string(rune('0'+class))+"xx")
			}
		}
	}
	x.head("stint_http_request_seconds", "histogram", "Time from request to answer, by route.")
	for _, r := range all {
		if r.route == eventsRoute {
			continue
		}
		var sum int64
		for i := range r.buckets {
			sum += r.buckets[i].Load()
			end := math.Inf(1)
			if i < len(bounds) {
				end = bounds[i]
			}
			x.part("_bucket", float64(sum), "route", r.route, "le", number(end))
		}
		x.part("_sum", time.Duration(r.nanos.Load()).Seconds(), "route", r.route)
		x.part("_count", float64(sum), "route", r.route)
	}
	x.head("stint_event_streams", "gauge", "Event streams open now.")
	x.value(float64(m.streams.Load()))
}

// scrape is the longest time that reading the engine for metrics may take.
const scrape = 3 * time.Second

// exposeEngine writes what the engine knows: decisions, the store's health, quota left by sector.
func (s *Server) exposeEngine(ctx context.Context, x *exposition) {
	ctx, cancel := context.WithTimeout(ctx, scrape)
	defer cancel()
	s.exposeDecisions(x)
	up := 1.0
	if s.ready(ctx) != nil {
		up = 0
	}
	x.head("stint_store_up", "gauge", "1 where the store answers.")
	x.value(up)
	totals := s.totals(ctx)
	for _, g := range [...]struct {
		name, help string
		of         func(total) int
	}{
		{
			"stint_quota_cap", "Vehicles that the plan in force allows in the city.",
			func(t total) int { return t.Cap },
		},
		{
			"stint_quota_left", "Vehicles that may still be placed in the city.",
			func(t total) int { return t.Room() },
		},
		{"stint_vehicles_standing", "Vehicles that stand.", func(t total) int { return t.Standing }},
		{
			"stint_vehicles_held", "Vehicles that reservations hold.",
			func(t total) int { return t.Held },
		},
	} {
		x.head(g.name, "gauge", g.help)
		for _, t := range totals {
			x.value(float64(g.of(t)), "sector", t.sector)
		}
	}
}

// exposeDecisions writes what this instance granted and refused.
func (s *Server) exposeDecisions(x *exposition) {
	granted, refused := s.engine.Counts()
	rules := make([]string, 0, len(refused))
	sum := granted
	for rule, n := range refused {
		rules = append(rules, string(rule))
		sum += n
	}
	slices.Sort(rules)
	x.head("stint_decisions_total", "counter", "Asks that this instance decided.")
	x.value(float64(sum))
	x.head("stint_grants_total", "counter", "Asks that this instance granted.")
	x.value(float64(granted))
	x.head("stint_refusals_total", "counter", "Asks that this instance refused, by rule.")
	for _, rule := range rules {
		x.value(float64(refused[engine.Rule(rule)]), "rule", rule)
	}
}
