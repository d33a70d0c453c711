package merit

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/stint-city/stint/quota/apportion"
)

// maxVehicles bounds totals, previous quotas and requests: a product with nine decimals fits 63
// bits.
const maxVehicles = 1_000_000_000

// Apply divides the city's total among the operators by the rules. Totals[k] answers ops[k], and
// the result doesn't depend on their order.
//
// The quotas sum to the total, except for what nobody can take (Unfilled) and what the policy keeps
// back (PoolUnused); Granted and Unallocated say how much. Every quota lies between its floor and
// its ceiling. While bounds stay as they are, a larger total shrinks nobody's quota, and a better
// score never gets its operator less.
//
// What entrants can't take of their pool goes where PoolUnused says; what incumbents can't take
// goes to the entrants who can. An operator of zero weight gets its floor and no more.
//
// Apply returns a *RuleError for rules that Check refuses; ErrOperator for a repeated ID, a score
// outside 0-100 or a negative number; ErrBase if the base isn't known of a licensed operator;
// ErrWeightless if every licensed operator weighs nothing; and an *InfeasibleError if the bounds
// can't be met even after the rules in Relax gave way.
//
// Article 7: the evaluation of service quality is linked to the fleet.
func Apply(r Rules, total int, ops []Operator) (Decision, error) {
	if err := r.Check(); err != nil {
		return Decision{}, err
	}
	cs, err := candidates(total, ops)
	if err != nil {
		return Decision{}, err
	}
	notes, err := r.weigh(cs)
	if err != nil {
		return Decision{}, err
	}
	if total > 0 && weightless(cs) {
		return Decision{}, fmt.Errorf("%w: no score or no base is above 0", ErrWeightless)
	}
	d, err := r.relax(total, cs)
	if err != nil {
		return Decision{}, err
	}
	d.Notes = append(notes, d.Notes...)
	return d, nil
}

// candidates checks the operators and puts them in ID order.
func candidates(total int, ops []Operator) ([]candidate, error) {
	if total < 0 || total > maxVehicles {
		return nil, fmt.Errorf("%w: a total of %d vehicles", ErrOperator, total)
	}
	cs := make([]candidate, len(ops))
	for k, o := range ops {
		if err := o.check(); err != nil {
			return nil, fmt.Errorf("%w %q: %w", ErrOperator, o.ID, err)
		}
		cs[k] = candidate{operator: o, Total: Total{ID: o.ID}, at: k}
	}
	slices.SortFunc(cs, func(a, b candidate) int { return cmp.Compare(a.ID, b.ID) })
	for i := 1; i < len(cs); i++ {
		if cs[i].ID == cs[i-1].ID {
			return nil, fmt.Errorf("%w %q: it stands twice", ErrOperator, cs[i].ID)
		}
	}
	return cs, nil
}

// check says what is wrong with an operator's data.
func (o Operator) check() error {
	switch {
	case o.Score < 0 || o.Score > 100:
		return fmt.Errorf("the score %g is not between 0 and 100", o.Score)
	case o.Previous < -1 || o.Previous > maxVehicles:
		return fmt.Errorf("the previous quota %d is not between 0 and %d", o.Previous, maxVehicles)
	case o.Request < -1 || o.Request > maxVehicles:
		return fmt.Errorf("the request %d is not between 0 and %d", o.Request, maxVehicles)
	case o.Use < 0 || o.Use > maxVehicles:
		return fmt.Errorf("the use %g is not between 0 and %d", o.Use, maxVehicles)
	}
	return nil
}

// weightless reports whether there are licensed operators and none has a weight.
func weightless(cs []candidate) bool {
	licensed := 0
	for _, c := range cs {
		if c.Weight > 0 {
			return false
		}
		if c.operator.Licensed {
			licensed++
		}
	}
	return licensed > 0
}

// relax divides by all the rules, or by as many as can be met: rules give way in the order of Relax
// until the rest can be met; then those not in the way come back, the last first, until every rule
// that gave way had to. (A smallest share can make room: it's all that a zero weight takes.)
func (r Rules) relax(total int, cs []candidate) (Decision, error) {
	d, err := r.divide(total, cs, nil)
	given := 0
	for errors.Is(err, ErrInfeasible) && given < len(r.Relax) {
		given++
		d, err = r.divide(total, cs, r.Relax[:given])
	}
	if err != nil || given == 0 {
		return d, err
	}
	relaxed := slices.Clone(r.Relax[:given])
	for i := given - 1; i >= 0; i-- {
		fewer := slices.Delete(slices.Clone(relaxed), i, i+1)
		if restored, err := r.divide(total, cs, fewer); err == nil {
			d, relaxed = restored, fewer
			i = len(relaxed)
		}
	}
	for _, rule := range relaxed {
		d.Notes = append(d.Notes, Note{NoteRelaxed, []any{"rule", rule}})
	}
	d.Relaxed = relaxed
	return d, nil
}

// divide divides by the rules less those relaxed: bounds, pools, quotas.
func (r Rules) divide(total int, cs []candidate, relaxed []string) (Decision, error) {
	rules := r.without(relaxed)
	d := Decision{Notes: rules.bound(total, cs)}
	entrants, incumbents := rules.pools(cs)
	err := rules.fund(total, entrants, incumbents)
	if err == nil {
		err = d.settle(len(cs), entrants, incumbents)
	}
	var infeasible *InfeasibleError
	if errors.As(err, &infeasible) {
		infeasible.Relaxed = relaxed
	}
	if err != nil {
		return Decision{}, err
	}
	d.Unallocated = total - d.Granted
	rules.explain(&d, total, entrants)
	return d, nil
}

// settle divides the funded pools among their candidates.
func (d *Decision) settle(n int, pools ...*pool) error {
	d.Totals = make([]Total, n)
	for _, p := range pools {
		if p == nil {
			continue
		}
		shares, rho, err := apportion.Divide(p.total, p.claims())
		if err != nil {
			return fmt.Errorf("divide the %s pool: %w", p.name, err)
		}
		for i, c := range p.members {
			c.Quota, c.Bound = shares[i].Quota, shares[i].Bound
			if !c.operator.Licensed {
				c.Bound = "ceiling"
			}
			d.Totals[c.at] = c.Total
			d.Granted += c.Quota
		}
		d.Pools = append(d.Pools, Pool{Name: p.name, Total: p.total, Multiplier: rho})
	}
	return nil
}

// explain adds the notes on vehicles that nobody got.
func (r Rules) explain(d *Decision, total int, entrants *pool) {
	kept := 0
	if entrants != nil && r.PoolUnused == PoolToUnallocated {
		kept = max(0, entrants.reserved-entrants.total)
	}
	if kept > 0 {
		d.Notes = append(d.Notes, Note{NotePoolUnused, []any{"vehicles", kept}})
	}
	if d.Unallocated > kept {
		d.Notes = append(d.Notes, Note{NoteShrunk, []any{
			"total", total, "granted", d.Granted,
		}})
	}
}
