package web

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics are what Prometheus reads. Requests are counted as they are answered; decisions, quotas
// and the store's health are read from the engine when somebody asks.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	streams  prometheus.Gauge
	routes   sync.Map // of *routeMetrics, by route: a look-up by labels costs more
}

// routeMetrics count one route's answers.
type routeMetrics struct {
	status  [6]prometheus.Counter // by the status's first digit
	seconds prometheus.Observer
}

// newMetrics returns the metrics of a server.
func newMetrics(s *Server) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "stint_http_requests_total",
			Help: "Requests answered, by route and status class.",
		}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "stint_http_request_seconds", Help: "Time from request to answer, by route.",
			Buckets: []float64{
				.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30,
			},
		}, []string{"route"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "stint_event_streams", Help: "Event streams open now.",
		}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.streams, &engineCollector{s},
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// request counts a request that was answered.
func (m *metrics) request(route string, status int, took time.Duration) {
	kept, ok := m.routes.Load(route)
	if !ok { // a route of the mux, or none: their number is bounded
		kept, _ = m.routes.LoadOrStore(route, m.of(route))
	}
	r := kept.(*routeMetrics)
	r.status[min(status/100, 5)].Inc()
	if route != eventsRoute { // which lasts as long as its client likes
		r.seconds.Observe(took.Seconds())
	}
}

// of returns the counters of a route.
func (m *metrics) of(route string) *routeMetrics {
	r := &routeMetrics{seconds: m.seconds.WithLabelValues(route)}
	for class := range r.status {
		r.status[class] = m.requests.WithLabelValues(route, string(rune('0'+class))+"xx")
	}
	return r
}

// engineCollector reads the engine at each scrape.
type engineCollector struct{ server *Server }

//nolint:gochecknoglobals // descriptions that nothing writes
var (
	decisionsDesc = description("stint_decisions_total", "Asks that this instance decided.")
	grantsDesc    = description("stint_grants_total", "Asks that this instance granted.")
	refusalsDesc  = description("stint_refusals_total",
		"Asks that this instance refused, by rule.", "rule")
	storeDesc = description("stint_store_up", "1 where the store answers.")
	capDesc   = description("stint_quota_cap",
		"Vehicles that the plan in force allows in the city.", "sector")
	leftDesc = description("stint_quota_left",
		"Vehicles that may still be placed in the city.", "sector")
	standingDesc = description("stint_vehicles_standing", "Vehicles that stand.", "sector")
	heldDesc     = description("stint_vehicles_held", "Vehicles that reservations hold.", "sector")
)

func description(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// Describe sends what Collect may send.
func (e *engineCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		decisionsDesc, grantsDesc, refusalsDesc, storeDesc, capDesc, leftDesc, standingDesc, heldDesc,
	} {
		out <- d
	}
}

// scrape is the longest time that reading the engine may take.
const scrape = 3 * time.Second

// Collect reads the engine's counts, the store's health and the city's quotas.
func (e *engineCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrape)
	defer cancel()
	up := 1.0
	if e.server.ready(ctx) != nil {
		up = 0
	}
	send(out, storeDesc, prometheus.GaugeValue, up)
	e.decisions(out)
	for _, t := range e.server.totals(ctx) {
		for _, g := range []struct {
			desc *prometheus.Desc
			n    int
		}{
			{capDesc, t.Cap}, {leftDesc, t.Room()}, {standingDesc, t.Standing}, {heldDesc, t.Held},
		} {
			send(out, g.desc, prometheus.GaugeValue, float64(g.n), t.sector)
		}
	}
}

func send(
	out chan<- prometheus.Metric, d *prometheus.Desc, kind prometheus.ValueType, v float64,
	labels ...string,
) {
	out <- prometheus.MustNewConstMetric(d, kind, v, labels...)
}

// decisions sends what this instance granted and refused.
func (e *engineCollector) decisions(out chan<- prometheus.Metric) {
	granted, refused := e.server.engine.Counts()
	sum := granted
	for rule, n := range refused {
		sum += n
		send(out, refusalsDesc, prometheus.CounterValue, float64(n), string(rule))
	}
	send(out, decisionsDesc, prometheus.CounterValue, float64(sum))
	send(out, grantsDesc, prometheus.CounterValue, float64(granted))
}
