package observe

import (
	"cmp"
	"slices"

	"github.com/stint-city/stint/geo"
)

// Episode is one pile-up or starvation from its beginning to its end.
type Episode struct {
	Kind      string   `json:"kind"`
	Cell      geo.Cell `json:"cell"`
	Class     string   `json:"class,omitempty"` // of a pile-up: standing, else untold, if ever so
	From      int64    `json:"from_ms"`         // since when it was above its limit, or below
	Confirmed int64    `json:"confirmed_ms"`    // when that had been so for τ
	Until     int64    `json:"until_ms"`        // when it was last seen to be so
	Open      bool     `json:"open"`            // it was still so at the last look
	Worst     Finding  `json:"worst"`           // the finding with most above the limit, or below
}

// Episodes joins the findings of one look after another.
type Episodes struct {
	list []*Episode
	open map[episodeKey]*Episode
}

type episodeKey struct {
	kind string
	cell geo.Cell
}

// NewEpisodes returns no episodes.
func NewEpisodes() *Episodes { return &Episodes{open: map[episodeKey]*Episode{}} }

// Take takes the findings of a time, and returns the episodes that began or became worse. Kinds
// other than pile-ups and starvation are left to the caller.
func (e *Episodes) Take(list []Finding, now int64) []*Episode {
	var worse []*Episode
	seen := map[episodeKey]bool{}
	for i := range list {
		f := &list[i]
		if f.Kind != FindPile && f.Kind != FindStarved {
			continue
		}
		k := episodeKey{f.Kind, f.Cell}
		seen[k] = true
		x := e.open[k]
		if x == nil {
			x = &Episode{
				Kind: f.Kind, Cell: f.Cell, From: f.Since, Confirmed: now, Open: true, Worst: *f,
			}
			e.open[k] = x
			e.list = append(e.list, x)
			worse = append(worse, x)
		} else if excess(f) > excess(&x.Worst) {
			x.Worst = *f
			worse = append(worse, x)
		}
		x.Until, x.From = now, min(x.From, f.Since)
		if f.Pile != nil && classRank(f.Pile.Class) > classRank(x.Class) {
			x.Class = f.Pile.Class
		}
	}
	for k, x := range e.open {
		if !seen[k] {
			x.Open = false
			delete(e.open, k)
		}
	}
	return worse
}

// classRank orders the classes of pile-ups: what an episode ever was counts, the worst first.
func classRank(class string) int {
	return slices.Index([]string{"", PileTransient, PileUntold, PileStanding}, class)
}

// excess is how far a finding is beyond its limit, vehicles.
func excess(f *Finding) float64 {
	if f.Kind == FindStarved {
		return f.Limit - f.N
	}
	return f.N - f.Limit
}

// List returns the episodes by kind, beginning and cell.
func (e *Episodes) List() []*Episode {
	slices.SortFunc(e.list, func(a, b *Episode) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.From, b.From),
			cmp.Compare(a.Cell, b.Cell))
	})
	return e.list
}
