package simulations

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// benchmarkDays runs days of a made town and reports trips a second.
func benchmarkDays(b *testing.B, m made, change func(*world)) {
	w := m.world(b)
	if change != nil {
		change(w)
	}
	s := newSim(w)
	trips, n := int64(0), 0
	b.ReportAllocs()
	for b.Loop() {
		t, err := s.replicate(b.Context(), replicationKey(1, n))
		if err != nil {
			b.Fatal(err)
		}
		trips += t.Requests
		n++
	}
	b.ReportMetric(float64(trips)/b.Elapsed().Seconds(), "trips/s")
	b.ReportMetric(float64(trips)/float64(n), "trips/op")
}

// BenchmarkSmallDay is the size of the peers' small day: 533 cells, 700 vehicles, 6,000 requests.
func BenchmarkSmallDay(b *testing.B) {
	benchmarkDays(b, made{cells: 533, operators: 1, vehicles: 700, trips: 6000}, nil)
}

// BenchmarkSmallDayHours keeps departures by cell and hour, too.
func BenchmarkSmallDayHours(b *testing.B) {
	benchmarkDays(b, made{cells: 533, operators: 1, vehicles: 700, trips: 6000},
		func(w *world) { w.keepHours = true })
}

// BenchmarkXiamenDay is a day of Xiamen's size with crews and parking: 120,000 vehicles of three
// operators, 500,000 requests, 200 hot spots.
func BenchmarkXiamenDay(b *testing.B) {
	benchmarkDays(b, made{cells: 1800, operators: 3, vehicles: 120_000, trips: 500_000, hot: 200},
		withCrews)
}

// BenchmarkMillion is a day of a million vehicles and four million requests.
func BenchmarkMillion(b *testing.B) {
	benchmarkDays(b, made{
		cells: 1800, operators: 3, vehicles: 1_000_000, trips: 4_000_000, hot: 200,
	}, nil)
}

// withCrews gives every operator crews that work by day.
func withCrews(w *world) {
	for k := range w.operators {
		w.operators[k].crew = crew{
			trucks: 30, capacity: 30, from: 6, to: 22, every: 4, strategy: crewGreedy, speed: 0.69,
		}
	}
	w.piles = PileRule{Over: 2, Minutes: 30, Within: 60, Mean: 45}
}

// replayDay is a made day of trips to replay, under the rules of .ci/bench/sim/day.py: riders take
// the nearest vehicle, leave it where they are, and nothing breaks.
func replayDay(tb testing.TB) *world {
	tb.Helper()
	w := made{cells: 533, operators: 1, vehicles: 700, trips: 6000}.world(tb)
	w.operators[0].broken, w.operators[0].comply = 0, 0
	s := newSim(w)
	if err := s.start(tb.Context(), replicationKey(1, 0)); err != nil {
		tb.Fatal(err)
	}
	var trips []Trip
	for hour := range 24 {
		s.drawHour(hour)
		for _, o := range s.order {
			r := &s.requests[uint32(o)]
			trips = append(trips, Trip{
				At: r.at, From: r.from, To: r.to, a: w.town.within(int(r.from), r.key, drawFrom),
				b: w.town.within(int(r.to), r.key, drawPlace),
			})
		}
	}
	w.demand.Trips = trips
	return w
}

// TestWriteDay writes the made day for the peers of .ci/bench/sim, m and s, where they ask for it.
func TestWriteDay(t *testing.T) {
	path := os.Getenv("STINT_DAY")
	if path == "" {
		t.Skip("STINT_DAY names no file: the made day is for .ci/bench/sim")
	}
	w := replayDay(t)
	s := newSim(w)
	if err := s.start(t.Context(), replicationKey(1, 0)); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range s.vehicles {
		fmt.Fprintf(&b, "vehicle,%.2f,%.2f\n", float64(s.vehicles[i].x)/100, float64(s.vehicles[i].y)/100)
	}
	for _, r := range w.demand.Trips {
		fmt.Fprintf(&b, "trip,%.3f,%.2f,%.2f,%.2f,%.2f\n", float64(r.At)/1000, float64(r.a.x)/100,
			float64(r.a.y)/100, float64(r.b.x)/100, float64(r.b.y)/100)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkReplayDay replays the made day.
func BenchmarkReplayDay(b *testing.B) {
	s := newSim(replayDay(b))
	trips, served, n := int64(0), int64(0), 0
	b.ReportAllocs()
	for b.Loop() {
		t, err := s.replicate(b.Context(), replicationKey(1, n))
		if err != nil {
			b.Fatal(err)
		}
		trips += t.Requests
		served += t.Served
		n++
	}
	b.ReportMetric(float64(trips)/b.Elapsed().Seconds(), "trips/s")
	b.ReportMetric(float64(served)/float64(n), "served/op")
}
