package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
)

// BenchmarkEnact is one turn where nothing is due, in a busy city.
func BenchmarkEnact(b *testing.B) {
	h := busy(b)
	h.enact()
	for b.Loop() {
		h.enact()
	}
}

// BenchmarkZones puts zones in force in a busy city while somebody asks without a pause: a limit
// zone takes all that stands in it to another level, so that grants stop meanwhile. "shut-ms" is
// the longest time without a grant.
func BenchmarkZones(b *testing.B) {
	h := busy(b)
	middle := h.plan.Sectors[0].Cells[0]
	zone := engine.Zone{
		ID: "z", Kind: engine.ZoneLimit, Limit: 1_000_000, Shape: around(middle.Cell.Center(), 20_000),
	}
	ctx, stop := context.WithCancel(b.Context())
	var asking sync.WaitGroup
	longest := time.Duration(0)
	asking.Go(func() {
		var clock engine.SystemClock
		last := clock.Now()
		for n := 0; ctx.Err() == nil; n++ {
			p := ask(fmt.Sprint("b", n), h.plan.Sectors[0].Cells[n%1000].Cell, 1)
			p.Operator = "op1"
			_, err := h.Place(b.Context(), p)
			var no *engine.Refusal
			if errors.As(err, &no) && no.Rule == engine.RuleShut {
				continue
			}
			now := clock.Now()
			longest, last = max(longest, now.Sub(last)), now
		}
	})
	n := 0
	for b.Loop() {
		n++
		zone.ID = fmt.Sprint("z", n)
		if err := h.SetZones(b.Context(), mayor(), []engine.Zone{zone}); err != nil {
			b.Fatal(err)
		}
	}
	stop()
	asking.Wait()
	b.ReportMetric(float64(longest.Milliseconds()), "shut-ms")
}
