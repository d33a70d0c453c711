package observe

import (
	"github.com/stint-city/stint/geo"
)

// Demand is what a demand model expects. Its answers are at least 0.
type Demand interface {
	// Leaving returns how many vehicles are expected to leave a cell within so many ms of a time; ok
	// is false where the model knows nothing of that cell and time.
	Leaving(c geo.Cell, now, within int64) (n float64, ok bool)
}

// The classes of pile-ups.
const (
	PileStanding  = "standing"  // above the limit even without those expected to leave
	PileTransient = "transient" // without those expected to leave it hasn't been above for τ
	PileUntold    = "untold"    // what is expected to leave is not known
)

// Pile says how a pile-up was judged.
type Pile struct {
	Class    string   `json:"class"`
	Capacity float64  `json:"capacity"`
	Theta    float64  `json:"theta"`
	Tau      int64    `json:"tau_ms"`
	Leaving  *float64 `json:"expected_to_leave"` // within Horizon; nil = unknown
	Rest     float64  `json:"rest"`              // without those; everything, where unknown
	RestFrom int64    `json:"rest_since_ms"`     // since when Rest is above the limit; 0 = it isn't
	Horizon  int64    `json:"horizon_ms,omitempty"`
}

// pileClock is since when, ms, a cell is above its limit: with everything that stands there, and
// without what is expected to leave. 0 = it isn't.
type pileClock struct{ all, rest int64 }

// piles finds cells that have been above their capacity × θ for τ. Vehicles expected to leave
// within the horizon do not count: where the rest has been above for τ the pile-up stands, else it
// passes. Where nothing is known of who leaves, everything counts, and the class says so.
func (s *Street) piles(g *Ground, cells map[geo.Cell]int, now int64) []Finding {
	var list []Finding
	for cell, capacity := range g.Capacity {
		n, most := float64(cells[cell]), capacity*g.Theta
		if n <= most {
			delete(s.piled, cell)
			continue
		}
		leaving, rest := g.leaving(cell, now), n
		if leaving != nil {
			rest = n - min(n, *leaving)
		}
		clock := s.piled[cell]
		if clock.all == 0 {
			clock.all = now
		}
		switch {
		case rest <= most:
			clock.rest = 0
		case clock.rest == 0:
			clock.rest = now
		}
		s.piled[cell] = clock
		if now-clock.all < g.Tau {
			continue
		}
		f := Finding{Kind: FindPile, Cell: cell, N: n, Limit: most, At: now, Since: clock.all}
		f.Pile = &Pile{
			PileTransient, capacity, g.Theta, g.Tau, leaving, rest, clock.rest, g.Horizon,
		}
		switch {
		case leaving == nil:
			f.Pile.Class = PileUntold
		case clock.rest != 0 && now-clock.rest >= g.Tau:
			f.Pile.Class, f.Since = PileStanding, clock.rest
		}
		list = append(list, f)
	}
	return list
}

// leaving is what is expected to leave a cell within the horizon; nil = unknown.
func (g *Ground) leaving(cell geo.Cell, now int64) *float64 {
	if g.Demand == nil || g.Horizon <= 0 {
		return nil
	}
	n, ok := g.Demand.Leaving(cell, now, g.Horizon)
	if !ok {
		return nil
	}
	return &n
}

// Hunger says when a cell starves: when fewer vehicles can be ridden in it than Share of those that
// are expected to set out from it within Horizon, for τ. Share 0 = not judged.
type Hunger struct {
	Cells   []geo.Cell // that are judged
	Share   float64
	Least   float64 // expected departures below which a cell is too quiet to starve
	Horizon int64   // ms
}

// Want is what a starving cell was wanted for.
type Want struct {
	Leaving float64 `json:"expected_to_leave"`
	Share   float64 `json:"share"`
	Horizon int64   `json:"horizon_ms"`
	Tau     int64   `json:"tau_ms"`
}

// starving finds the cells that have starved for τ. Where a feed is unknown its vehicles may stand
// there all the same, so nothing is found, and the gap says so.
func (s *Street) starving(g *Ground, c *crowd, now int64) ([]Finding, *Gap) {
	h := &g.Hunger
	if h.Share <= 0 {
		return nil, nil
	}
	if c.unknown || g.Demand == nil {
		clear(s.starved)
		why := "no-demand"
		if c.unknown {
			why = "feed-unknown"
		}
		return nil, &Gap{Kind: FindStarved, Why: why}
	}
	var list []Finding
	known := false
	for _, cell := range h.Cells {
		n, ok := g.Demand.Leaving(cell, now, h.Horizon)
		known = known || ok
		have := float64(c.usable[cell])
		if !ok || n < h.Least || have >= h.Share*n {
			delete(s.starved, cell)
			continue
		}
		since, found := s.starved[cell]
		if !found {
			since = now
			s.starved[cell] = now
		}
		if now-since >= g.Tau {
			list = append(list, Finding{
				Kind: FindStarved, Cell: cell, N: have, Limit: h.Share * n, At: now, Since: since,
				Hunger: &Want{n, h.Share, h.Horizon, g.Tau},
			})
		}
	}
	if !known {
		return nil, &Gap{Kind: FindStarved, Why: "no-demand"}
	}
	return list, nil
}
