package mem_test

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/geo"
)

var operators = []string{"ant", "bee", "cat", "dog", "elk"}

// metropolis returns the caps of 13,000 cells in 16 districts with five operators, wide enough for
// any benchmark.
func metropolis(tb testing.TB) *engine.Caps {
	tb.Helper()
	middle, err := geo.CellAt(geo.LatLng{Lat: 24.48, Lng: 118.09}, 9)
	if err != nil {
		tb.Fatal(err)
	}
	const wide = 1 << 40
	s := engine.SectorPlan{ID: "bike", Total: wide, Nodes: []engine.NodePlan{{Parent: -1}}}
	for i := range 16 {
		s.Nodes = append(s.Nodes, engine.NodePlan{ID: fmt.Sprintf("district-%d", i)})
	}
	for _, id := range operators {
		s.Operators = append(s.Operators, engine.OperatorPlan{ID: id, Quota: wide})
	}
	for k := 0; len(s.Cells) < 13_000; k++ {
		for _, c := range middle.Ring(k) {
			s.Cells = append(s.Cells, engine.CellPlan{
				Cell: c, Node: 1 + len(s.Cells)%16, Total: wide,
				Quotas: slices.Repeat([]int{wide}, len(operators)),
			})
		}
	}
	plan := &engine.Plan{
		ID: "p", City: engine.City{ID: "xiamen"}, Sectors: []engine.SectorPlan{s},
	}
	caps, _ := engine.CapsOf(plan, "bike", 1)
	return caps
}

// BenchmarkDo asks for one placement at a time, from 64 callers at once, all over the city.
func BenchmarkDo(b *testing.B) {
	caps := metropolis(b)
	for _, callers := range []int{1, 64, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			benchDo(b, caps, callers, 1)
		})
	}
	b.Run("callers=8/batch=100", func(b *testing.B) { benchDo(b, caps, 8, 100) })
}

func benchDo(b *testing.B, caps *engine.Caps, callers, batch int) {
	store, now := mem.New(), time.UnixMilli(1_772_438_400_250)
	if err := store.Publish(b.Context(), caps, now); err != nil {
		b.Fatal(err)
	}
	var next atomic.Int64
	var all sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range callers {
		all.Go(func() {
			asks := make([]engine.Ask, batch)
			for {
				first := next.Add(int64(batch)) - int64(batch)
				if first >= int64(b.N) {
					return
				}
				for k := range asks {
					asks[k] = someAsk(caps, first+int64(k))
				}
				answers, err := store.Do(b.Context(), caps.Scope, now, asks)
				if err != nil || answers[0].No != nil {
					b.Errorf("%+v, %v", answers, err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

// someAsk returns the i-th ask: three reservations in four, the others placements.
func someAsk(caps *engine.Caps, i int64) engine.Ask {
	cell := caps.Cells[uint64(i)*0x9e3779b97f4a7c15>>20%uint64(len(caps.Cells))]
	operator := operators[i%5]
	levels, _ := caps.Levels(cell, operator, nil, nil)
	a := engine.Ask{
		Verb: engine.Place, ID: engine.NewID(operator, strconv.FormatInt(i, 36)), Print: "p", N: 1,
		Cell: cell, Levels: levels, Epoch: caps.Epoch,
	}
	if i%4 != 0 {
		a.Verb, a.Expires = engine.Reserve, engine.Millis(1_772_438_400_250+600_000+i%60_000)
	}
	return a
}
