package merit

import (
	"slices"

	"github.com/stint-city/stint/quota/apportion"
)

// pool is a part of the total on its way to its operators.
type pool struct {
	name      string
	members   []*candidate // in ID order
	low, high int          // sums of what members must and can take
	reserved  int          // what the rules keep for it
	total     int          // what it divides
}

// pools parts the candidates. There is no entrant pool, nil, unless the rules have one.
func (r Rules) pools(cs []candidate) (entrants, incumbents *pool) {
	incumbents = &pool{name: PoolIncumbent}
	if r.EntrantPool > 0 {
		entrants = &pool{name: PoolEntrant}
	}
	for i := range cs {
		p := incumbents
		if cs[i].Pool == PoolEntrant {
			p = entrants
		}
		p.members = append(p.members, &cs[i])
		p.low += cs[i].Floor
		p.high += cs[i].room()
	}
	return entrants, incumbents
}

// fund sets what each pool divides, or returns an *InfeasibleError.
//
// Entrants get the pool as far as they can take it; the rest of it and of the total goes on as the
// rules say. What incumbents can't take goes to entrants who can, then to nobody.
func (r Rules) fund(total int, entrants, incumbents *pool) error {
	incumbents.total = total
	if entrants != nil {
		entrants.reserved = down(decimal(r.EntrantPool), total)
		entrants.total = min(entrants.reserved, entrants.high)
		incumbents.total = total - entrants.total
		if r.PoolUnused == PoolToUnallocated {
			incumbents.total = total - entrants.reserved
		}
	}
	for _, p := range []*pool{entrants, incumbents} {
		if err := p.check(); err != nil {
			return err
		}
	}
	over := max(0, incumbents.total-incumbents.high)
	if over > 0 && entrants != nil {
		more := min(over, entrants.high-entrants.total)
		entrants.total += more
		incumbents.total -= more
		over -= more
	}
	if over > 0 && r.Unfilled == UnfilledError {
		return incumbents.error(func(c *candidate) bool { return c.room() < incumbents.total })
	}
	incumbents.total -= over
	return nil
}

// check returns an *InfeasibleError if the members' floors can't be met.
func (p *pool) check() error {
	if p == nil {
		return nil
	}
	conflict := func(c *candidate) bool { return c.Floor > c.Ceiling }
	if slices.ContainsFunc(p.members, conflict) {
		return p.error(conflict)
	}
	if p.low > p.total {
		return p.error(func(c *candidate) bool { return c.Floor > 0 })
	}
	return nil
}

// error returns the pool's sums and the members that are held.
func (p *pool) error(held func(*candidate) bool) *InfeasibleError {
	e := &InfeasibleError{Pool: p.name, Total: p.total, Low: p.low, High: p.high}
	for _, c := range p.members {
		if held(c) {
			e.Operators = append(e.Operators, Held{
				ID: c.ID, Floor: c.Floor, FloorBy: c.FloorBy,
				Ceiling: c.Ceiling, CeilingBy: c.CeilingBy,
			})
		}
	}
	return e
}

// claims are the members' claims on the pool. That nobody can hold more than the city's total is no
// bound that a quota could be held by.
func (p *pool) claims() []apportion.Claim {
	claims := make([]apportion.Claim, len(p.members))
	for i, c := range p.members {
		claims[i] = apportion.Claim{ID: c.ID, Weight: c.Weight, Floor: c.Floor, Ceiling: c.Ceiling}
		if c.CeilingBy == RuleTotal {
			claims[i].Ceiling = -1
		}
	}
	return claims
}
