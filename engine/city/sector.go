package city

import (
	"maps"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/apportion"
	"github.com/stint-city/stint/quota/merit"
)

// sector returns one sector with its ground, demand and bounds.
func (r *reading) sector(i int, t *tree) (engine.Sector, error) {
	f, e := r.file.Sectors[i], r.demand[i]
	space, err := r.spaces(i)
	if err != nil {
		return engine.Sector{}, err
	}
	nodes, err := r.nodes(t, i)
	if err != nil {
		return engine.Sector{}, err
	}
	s := engine.Sector{
		ID: f.ID, Name: f.Name, Limits: f.limits(), Shrink: quota.Shrink{Hours: f.PriorHours},
		Service: quota.Service{
			Model: f.Service.Model, CycleHours: f.Service.CycleHours,
			DayParts: f.Service.DayParts, Level: f.Service.Level,
		},
		DailyFactor: r.dailyFactor(i), Max: -1,
		Space: space, Observed: r.evidence(e), Use: e.use(),
		Floors: r.cellFloors(i), Nodes: nodes, NodeOf: t.nodeOf,
		Rules: r.rules(), Matrix: r.matrixRules(),
	}
	if s.Rule, err = r.written(f.ID); err != nil {
		return engine.Sector{}, err
	}
	if s.Rule != nil {
		s.Rules = merit.Rules{ID: r.file.Policy.ID} // which then sets no bound
	}
	if total, ok := r.file.Policy.Total[f.ID]; ok {
		s.MinBenefit = total.MinBenefit
		if total.Max != nil {
			s.Max = *total.Max
		}
	}
	if f.Service.Model == quota.ModelPresence {
		s.Presence = e.presence(r.grid.Len())
	}
	return s, nil
}

// limits returns the sector's settings as quota reads them.
func (s *Sector) limits() quota.Limits {
	l := quota.Limits{
		Footprint: s.Footprint, Usable: quota.Range(s.UsableShare),
		SpaceShare: s.SpaceShare, SpaceUsable: quota.Range(s.SidewalkShare),
		Available: 1, Density: s.Density,
	}
	if t := s.Turnover; t != nil {
		l.Turnover, l.Available = t.Target, t.Usable
	}
	return l
}

// dailyFactor returns the declared factor, and notes that everything rests on it.
func (r *reading) dailyFactor(i int) float64 {
	f := r.file.Sectors[i].DailyFactor
	if f == nil {
		return 1
	}
	r.assume(strict.KeyPath(strict.ItemPath("sectors", i), "daily_factor"), "city.daily-factor",
		"sector", r.file.Sectors[i].ID, "factor", f.Value,
		"reason", bothLanguages(f.Reason))
	return f.Value
}

// rules returns the link of scores and quotas as the policy reads it.
func (r *reading) rules() merit.Rules {
	o := r.file.Policy.Operators
	return merit.Rules{
		ID: r.file.Policy.ID, Base: merit.Base(o.Base), Exponent: o.Exponent,
		UnknownScore: o.UnknownScore, MinShare: o.MinShare, MaxShare: o.MaxShare, Step: o.Step,
		EntrantPool: o.EntrantPool, PoolUnused: o.PoolUnused, Unfilled: o.Unfilled, Relax: o.Relax,
	}
}

// matrixRules returns how an operator's total spreads.
func (r *reading) matrixRules() engine.MatrixRules {
	m := r.file.Policy.Matrix
	return engine.MatrixRules{
		Claims: m.Claims, Smoothing: *m.Smoothing, LocalMaxShare: m.LocalMaxShare, Tolerance: m.Churn,
		Remedies: m.Remedies.prices(),
	}
}

// prices returns the remedies that have a price.
func (r *Remedies) prices() map[apportion.Remedy]int {
	prices := map[apportion.Remedy]int{
		apportion.RaiseLimit: *r.LocalShare,
		apportion.LowerRow:   *r.OperatorFewer, apportion.RaiseRow: *r.OperatorMore,
		apportion.LowerCol: *r.CellFewer, apportion.RaiseCol: *r.CellMore,
	}
	maps.DeleteFunc(prices, func(_ apportion.Remedy, price int) bool { return price == 0 })
	return prices
}

// bothLanguages returns a text of the city file for a note, which has no language yet.
func bothLanguages(n engine.Name) string {
	if n.En == "" || n.Zh == "" {
		return n.En + n.Zh
	}
	return n.En + " / " + n.Zh
}
