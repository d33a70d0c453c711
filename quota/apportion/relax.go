package apportion

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Remedy is a way to relax what can't be met.
type Remedy string

// The remedies, in the order in which reliefs are listed.
const (
	LowerMinimum Remedy = "lower-minimum" // an entry may hold less than its lower bound
	RaiseLimit   Remedy = "raise-limit"   // an entry may hold more than its upper bound
	LowerRow     Remedy = "lower-row"     // a row holds less than its total, or its least
	RaiseRow     Remedy = "raise-row"     // a row holds more than its total
	LowerCol     Remedy = "lower-column"  // a column holds less than its total, or its least
	RaiseCol     Remedy = "raise-column"  // a column holds more than its total
)

// Remedies are all remedies.
func Remedies() []Remedy {
	return []Remedy{LowerMinimum, RaiseLimit, LowerRow, RaiseRow, LowerCol, RaiseCol}
}

// Relief is one relaxation: a bound or a total that moves From one number To another.
type Relief struct {
	Remedy   Remedy
	Row, Col string // empty where the remedy has none
	From, To int
}

// Relaxation is the cheapest set of reliefs after which a problem has an answer.
type Relaxation struct {
	Reliefs []Relief // by remedy, then by the IDs of row and column
	Cost    int      // the sum over reliefs of units moved times price
}

// MaxRemedyPrice is the highest price of a remedy.
const MaxRemedyPrice = 100

// maxRelaxed bounds the sum of the totals of a problem to relax.
const maxRelaxed = math.MaxInt32 / 4

// Relax returns the cheapest relaxation under which a problem has an answer, at the declared price
// of each remedy per unit, from 1 to MaxRemedyPrice; a remedy without a price is never taken. Of
// relaxations that cost the same it takes one whose answer costs least. No total more than
// doubles; group mosts and weights of 0 are never relaxed. A problem that has an answer needs no
// relief.
//
// Relax returns ErrMalformed for a problem that is no question, a price out of range and totals
// that sum to more than 2^29, and a *CutError if the remedies with a price are not enough.
//
// Where a bound may be broken at a price, the cost of an entry stays convex: so it is a problem of
// the same kind, with a reserve and a column of leftovers that take what is relaxed.
func Relax(p Problem, prices map[Remedy]int) (*Relaxation, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	for remedy, price := range prices {
		if !slices.Contains(Remedies(), remedy) || price < 1 || price > MaxRemedyPrice {
			return nil, fmt.Errorf("%w: the price %d of %q is not between 1 and %d",
				ErrMalformed, price, remedy, MaxRemedyPrice)
		}
	}
	if sum(p.RowTotals) > maxRelaxed || sum(p.ColTotals) > maxRelaxed {
		return nil, fmt.Errorf("%w: totals that sum to more than %d can't be relaxed",
			ErrMalformed, maxRelaxed)
	}
	n := newElastic(&p, prices)
	if cut := n.cutColumns(); cut != nil {
		return nil, cut
	}
	n.warm()
	if _, cut := n.balance(); cut != nil {
		return nil, cut
	}
	n.center()
	n.canonize()
	return n.relaxation(prices), nil
}

// relaxation reads off what was relaxed.
func (n *network) relaxation(prices map[Remedy]int) *Relaxation {
	r := &Relaxation{}
	for e, x := range n.x {
		lower, upper := n.soft.lower[e], n.soft.upper[e]
		below, above := remediesOf(n.soft.kind[e])
		switch {
		case x < lower:
			r.add(n.relief(e, below, int(lower), int(x)), prices)
		case x > upper:
			r.add(n.relief(e, above, int(upper), int(x)), prices)
		}
	}
	slices.SortFunc(r.Reliefs, func(a, b Relief) int {
		return cmp.Or(
			cmp.Compare(slices.Index(Remedies(), a.Remedy), slices.Index(Remedies(), b.Remedy)),
			cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col))
	})
	return r
}

// add notes a relief and what it costs.
func (r *Relaxation) add(relief Relief, prices map[Remedy]int) {
	r.Reliefs = append(r.Reliefs, relief)
	r.Cost += abs(relief.To-relief.From) * prices[relief.Remedy]
}

// relief words an entry beyond its soft bound. In the reserve and among the leftovers, more there
// is less elsewhere.
func (n *network) relief(e int, remedy Remedy, from, to int) Relief {
	o, c := e%n.m, e/n.m
	relief := Relief{Remedy: remedy, Row: n.rowID(o), Col: n.colID(c), From: from, To: to}
	switch remedy {
	case LowerRow, RaiseRow:
		relief.From, relief.To = n.rowTotals[o]-from, n.rowTotals[o]-to
	case LowerCol, RaiseCol:
		relief.From, relief.To = n.colTotals[c]-from, n.colTotals[c]-to
	}
	return relief
}
