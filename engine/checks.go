package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Checked is what a check of the city's books found.
type Checked struct {
	Holds   bool           `json:"holds"`
	Entries int64          `json:"log_entries"` // that hold together
	Log     string         `json:"log,omitempty"`
	Faults  []string       `json:"faults,omitempty"` // documents and decisions not as the log says
	Scopes  []ScopeChecked `json:"scopes"`
}

// ScopeChecked is one sector's book. Lists of faults end after the twentieth.
type ScopeChecked struct {
	Sector     string   `json:"sector"`
	Event      string   `json:"event"` // up to which it was checked
	Records    int      `json:"records"`
	Standing   int      `json:"standing"`
	Held       int      `json:"held"`
	Replayed   bool     `json:"replayed"`       // the events were all there, and compared
	Over       []Level  `json:"over,omitempty"` // levels with more than their cap: they grant nothing
	Shut       string   `json:"shut,omitempty"`
	Miscounted []string `json:"miscounted,omitempty"` // counters that are not what the records charge
	Astray     []string `json:"astray,omitempty"`     // records that charge the wrong levels
	Caps       []string `json:"caps,omitempty"`       // caps that are not the plan's
}

// Auditor is a store that can compare its own counters with its records.
type Auditor interface {
	// Audit returns in what the counters of a scope differ from its records and its events.
	Audit(ctx context.Context, s Scope) ([]Difference, error)
}

// Check compares the log with its hashes, what was decided with the log, plans and zones with their
// hashes, caps with the plan in force, and in every sector counters with records and records with
// events. Nothing of it changes anything.
func (e *Engine) Check(ctx context.Context) (Checked, error) {
	out := Checked{Scopes: []ScopeChecked{}}
	err := e.checkLog(ctx, &out)
	if err == nil {
		err = e.checkDocuments(ctx, &out)
	}
	if err != nil {
		return out, err
	}
	out.Holds = out.Log == "" && len(out.Faults) == 0
	f := e.force.Load()
	for _, caps := range f.ledgers() {
		s, err := e.checkScope(ctx, f, caps)
		if err != nil {
			return out, err
		}
		out.Holds = out.Holds && len(s.Miscounted)+len(s.Astray)+len(s.Caps) == 0
		out.Scopes = append(out.Scopes, s)
	}
	return out, nil
}

// checkLog verifies the log, and that what this engine goes by is what the log amounts to.
func (e *Engine) checkLog(ctx context.Context, out *Checked) error {
	anew, n, err := e.refold(ctx)
	out.Entries = n
	var broken *ChainError
	if errors.As(err, &broken) || errors.Is(err, errBody) {
		out.Log = err.Error()
		return nil
	}
	if err != nil {
		return err
	}
	if err := e.catchUp(ctx); err != nil {
		return err
	}
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	same := e.bureau.last != nil && e.bureau.last.Seq == anew.last
	if same && !reflect.DeepEqual(anew, e.bureau.file) {
		out.Faults = append(out.Faults, "what this server goes by is not what the log says")
	}
	return nil
}

// checkDocuments reads every plan and the zones that the log names, and compares their hashes.
func (e *Engine) checkDocuments(ctx context.Context, out *Checked) error {
	plans, zones := map[string]bool{}, map[string]bool{}
	e.bureau.mu.RLock()
	zones[e.bureau.file.force.zones] = true
	for _, p := range e.bureau.file.publications {
		plans[p.Plan], zones[p.Zones] = true, true
	}
	e.bureau.mu.RUnlock()
	for _, id := range slices.Sorted(maps.Keys(plans)) {
		if _, err := e.readPlan(ctx, id); err != nil {
			if errors.Is(err, ErrUnavailable) || ctx.Err() != nil {
				return err
			}
			out.Faults = append(out.Faults, err.Error())
		}
	}
	delete(zones, "")
	for _, name := range slices.Sorted(maps.Keys(zones)) {
		data, err := e.config.Store.Document(ctx, e.config.City, name)
		switch {
		case errors.Is(err, ErrNotFound):
			out.Faults = append(out.Faults, fmt.Sprintf("read %s: %v", name, err))
		case err != nil:
			return err
		case zonesName(data) != name:
			out.Faults = append(out.Faults, fmt.Sprintf("read %s: its content has changed", name))
		}
	}
	return nil
}

// checkScope checks one sector's book.
func (e *Engine) checkScope(ctx context.Context, f *force, caps *Caps) (ScopeChecked, error) {
	s := ScopeChecked{Sector: caps.Scope.Sector}
	var all []live
	now := e.now()
	err := e.config.Store.Read(ctx, caps.Scope, func(l *Ledger) {
		s.Event, s.Over, s.Shut = l.Event().String(), l.Over(), l.Shut()
		for range l.Records() {
			s.Records++
		}
		city, _ := l.Count(CityLevel)
		s.Standing, s.Held = city.Standing, city.Held
		s.note(&s.Miscounted, l.Miscounts())
		if stateOf(l) == (state{epoch: caps.Epoch}) {
			all = lives(l)
			s.note(&s.Caps, differentCaps(l.Caps(), caps))
		}
	})
	if err != nil {
		return s, err
	}
	if e.windows.Load().count(f, now) {
		for id, levels := range f.astray(caps, all, now) {
			s.note(&s.Astray, []Difference{{string(id), "", fmt.Sprint(levels)}})
		}
	}
	wrong, err := e.audit(ctx, caps.Scope, &s)
	s.note(&s.Miscounted, wrong)
	return s, err
}

// note adds differences to a list, up to twenty.
func (s *ScopeChecked) note(list *[]string, wrong []Difference) {
	const most = 20
	for _, d := range wrong {
		if len(*list) < most {
			*list = append(*list, d.String())
		}
	}
}

// differentCaps returns in what caps in force differ from those of the plan.
func differentCaps(got, want *Caps) []Difference {
	text := func(c *Caps) map[Level]string {
		all := make(map[Level]string, len(c.Cap))
		for level, n := range c.Cap {
			all[level] = fmt.Sprint(n)
		}
		return all
	}
	wrong := differ(text(got), text(want))
	if got.Plan != want.Plan {
		wrong = append(wrong, Difference{"plan", got.Plan, want.Plan})
	}
	return wrong
}

// audit compares a scope with its events: as the store does it, or by a replay of those it keeps.
func (e *Engine) audit(ctx context.Context, s Scope, out *ScopeChecked) ([]Difference, error) {
	if auditor, ok := e.config.Store.(Auditor); ok {
		out.Replayed = true
		return auditor.Audit(ctx, s)
	}
	follower, ok := e.config.Store.(Follower)
	if !ok {
		return nil, nil
	}
	again := replay{caps: map[int64]*Caps{}}
	for range attempts {
		var target EventID
		var wrong []Difference
		err := e.config.Store.Read(ctx, s, func(l *Ledger) {
			if target = l.Event(); again.Event() == target {
				wrong, out.Replayed = l.Differences(&again.Ledger), true
			} else if l.Caps() != nil {
				again.caps[l.Caps().Epoch] = l.Caps()
			}
		})
		if err != nil || out.Replayed {
			return wrong, err
		}
		err = again.until(ctx, follower, s, target)
		if errors.Is(err, ErrNotFound) {
			return nil, nil // the store keeps only the last ones
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, nil // too much happens to compare
}

// replay is a ledger made of events.
type replay struct {
	Ledger
	caps map[int64]*Caps
}

// errEnough ends a replay.
var errEnough = errors.New("enough")

// until applies the events up to one.
func (r *replay) until(ctx context.Context, from Follower, s Scope, last EventID) error {
	err := from.Follow(ctx, s, r.Event(), func(e Event) error {
		one := func(yield func(Event, error) bool) { yield(e, nil) }
		if err := r.Replay(one, func(epoch int64) *Caps { return r.caps[epoch] }); err != nil {
			return err
		}
		if !last.After(e.ID) {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
