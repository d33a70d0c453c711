package simulations

import (
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
