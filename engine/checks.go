package engine

import "context"

// Checked is what a check of the city's books found.
type Checked struct {
	Holds   bool           `json:"holds"`
	Entries int64          `json:"log_entries"` // that hold together
	Log     string         `json:"log,omitempty"`
	Scopes  []ScopeChecked `json:"scopes"`
}

// ScopeChecked is one sector's book.
type ScopeChecked struct {
	Sector     string   `json:"sector"`
	Event      string   `json:"event"` // up to which it was checked
	Records    int      `json:"records"`
	Standing   int      `json:"standing"`
	Held       int      `json:"held"`
	Over       []Level  `json:"over,omitempty"` // levels with more than their cap: they grant nothing
	Shut       string   `json:"shut,omitempty"`
	Miscounted []string `json:"miscounted,omitempty"` // counters that are not what the records charge
}

// Auditor is a store that can compare its own counters with its records.
type Auditor interface {
	// Audit returns in what the counters of a scope differ from its records and its events.
	Audit(ctx context.Context, s Scope) ([]Difference, error)
}

// Check compares counters, placements and the log: nothing of it changes anything.
func (e *Engine) Check(ctx context.Context) (Checked, error) {
	out := Checked{Holds: true, Scopes: []ScopeChecked{}}
	n, err := e.VerifyLog(ctx)
	out.Entries = n
	if err != nil {
		out.Holds, out.Log = false, err.Error()
	}
	for _, sector := range e.force.Load().sectors() {
		scope := Scope{e.config.City, sector}
		s := ScopeChecked{Sector: sector}
		var wrong []Difference
		err := e.config.Store.Read(ctx, scope, func(l *Ledger) {
			s.Event, s.Over, s.Shut = l.Event().String(), l.Over(), l.Shut()
			for range l.Records() {
				s.Records++
			}
			city, _ := l.Count(CityLevel)
			s.Standing, s.Held = city.Standing, city.Held
			wrong = l.Miscounts()
		})
		if err != nil {
			return out, err
		}
		if auditor, ok := e.config.Store.(Auditor); ok {
			more, err := auditor.Audit(ctx, scope)
			if err != nil {
				return out, err
			}
			wrong = append(wrong, more...)
		}
		for _, d := range wrong {
			out.Holds = false
			s.Miscounted = append(s.Miscounted, d.String())
		}
		out.Scopes = append(out.Scopes, s)
	}
	return out, nil
}
