package engine

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/stint-city/stint/scoring"
)

// Response is how one operator answered the orders whose deadline fell into a period.
type Response struct {
	Operator   string
	Orders     int     // that were due, those taken back or pointless left out
	InTime     int     // done by their deadline
	Open       int     // not done when it was told
	Breaches   int     // done late, or overdue
	P50, P90   float64 // working hours from order to proof; NaN without orders
	Unobserved int     // done by the operator's own books only: nobody looked
}

// The indicators that orders give by themselves.
const (
	IndicatorP50    = "response-p50"     // working hours, median
	IndicatorP90    = "response-p90"     // working hours, nine in ten
	IndicatorInTime = "response-in-time" // part done by the deadline, 0-1
)

// NoOrders is why an operator has no response times: a code.
const NoOrders = "no-orders"

// Values returns the response as indicators of the operator's sheet; without orders they are
// unknown, never perfect.
func (r *Response) Values() []scoring.Value {
	value := func(id string, x float64) scoring.Value {
		if r.Orders == 0 {
			return scoring.Value{Indicator: id, Why: NoOrders}
		}
		return scoring.Value{Indicator: id, Value: x, Known: true, Samples: r.Orders}
	}
	return []scoring.Value{
		value(IndicatorP50, r.P50), value(IndicatorP90, r.P90),
		value(IndicatorInTime, float64(r.InTime)/float64(max(r.Orders, 1))),
	}
}

// Responses returns how each operator answered the orders that were due in [from, until), by
// operator, as known at a moment; operators without any are in it too where they are named. An
// order that is not done counts with the time that has passed, so that nobody gains by not doing
// it. An objection that is not answered yet changes nothing.
//
// What counts as done is the observation; for an order of the engine's own the books do too, and
// Unobserved says how many nobody has seen to be true. The error is ErrCalendar.
func Responses(
	orders []Order, operators []string, from, until, now time.Time, hours *WorkHours,
) ([]Response, error) {
	by := map[string]*Response{}
	took := map[string][]float64{}
	all := make([]*Response, 0, len(operators))
	at := func(operator string) *Response {
		if by[operator] == nil {
			by[operator] = &Response{Operator: operator, P50: math.NaN(), P90: math.NaN()}
			all = append(all, by[operator])
		}
		return by[operator]
	}
	for _, operator := range operators {
		at(operator)
	}
	for i := range orders {
		o := &orders[i]
		if !o.Lapsed.IsZero() || o.Deadline.Before(from) || !o.Deadline.Before(until) {
			continue
		}
		work, err := at(o.Operator).add(o, now, hours)
		if err != nil {
			return nil, err
		}
		took[o.Operator] = append(took[o.Operator], work)
	}
	out := make([]Response, 0, len(all))
	for _, r := range all {
		slices.Sort(took[r.Operator])
		r.P50, r.P90 = rank(took[r.Operator], 0.5), rank(took[r.Operator], 0.9)
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Response) int { return cmp.Compare(a.Operator, b.Operator) })
	return out, nil
}

// add counts one order and returns the working hours that it took, or has taken so far.
func (r *Response) add(o *Order, now time.Time, hours *WorkHours) (float64, error) {
	end := o.end()
	r.Orders++
	switch {
	case end.IsZero() || end.After(now):
		r.Open++
		end = now
		if now.After(o.Deadline) {
			r.Breaches++
		}
	case end.After(o.Deadline):
		r.Breaches++
	default:
		r.InTime++
	}
	if o.Proven.IsZero() && !o.Done.IsZero() {
		r.Unobserved++
	}
	work, err := hours.Between(o.Given, end)
	return work.Hours(), err
}

// end returns when the order was done, zero for not yet: of one of the engine's own, by the books
// or by the street, whichever came first, as a count of a week later says nothing of the week.
func (o *Order) end() time.Time {
	if o.Done.IsZero() || (!o.Proven.IsZero() && o.Proven.Before(o.Done)) {
		return o.Proven
	}
	return o.Done
}

// rank returns the least of some numbers in order that a part of them is at most, NaN of none.
func rank(sorted []float64, part float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	return sorted[max(int(math.Ceil(part*float64(len(sorted))))-1, 0)]
}

// Site is one operator in one cell: who answers for the place.
type Site struct {
	Operator, Sector string
	Level            Level
	Breaches         []string // IDs of the orders, the first given first
}

// Sites returns the operators' cells with at least n orders that were due in [from, until) and not
// done in time, by sector and level: a bureau may take the site from its operator. It only
// informs; nothing changes by it. n below 1 counts as 1.
func Sites(orders []Order, from, until, now time.Time, n int) []Site {
	type key struct {
		sector string
		level  Level
	}
	found := map[key]*Site{}
	for i := range orders {
		o := &orders[i]
		due := !o.Deadline.Before(from) && o.Deadline.Before(until) && now.After(o.Deadline)
		late := o.end().IsZero() || o.end().After(o.Deadline)
		if !o.Lapsed.IsZero() || !due || !late || o.Level.Tier() != TierCellOperator {
			continue
		}
		at := key{o.Sector, o.Level}
		if found[at] == nil {
			found[at] = &Site{Operator: o.Operator, Sector: o.Sector, Level: o.Level}
		}
		found[at].Breaches = append(found[at].Breaches, o.ID)
	}
	var sites []Site
	for _, s := range found {
		if len(s.Breaches) >= max(n, 1) {
			sites = append(sites, *s)
		}
	}
	slices.SortFunc(sites, func(a, b Site) int {
		return cmp.Or(cmp.Compare(a.Sector, b.Sector), cmp.Compare(a.Level, b.Level))
	})
	return sites
}

// Responses returns how the operators of the plan in force answered the orders that were due in
// [from, until), as known now and by the city's working hours.
func (e *Engine) Responses(from, until time.Time) ([]Response, error) {
	var operators []string
	f := e.force.Load()
	for _, sector := range f.sectors() {
		for _, id := range f.caps[sector].Operators {
			if !slices.Contains(operators, id) {
				operators = append(operators, id)
			}
		}
	}
	return Responses(e.Orders(""), operators, from, until, e.now(), e.config.Hours)
}

// Sites returns the operators' cells with at least n orders not done in time, as known now.
func (e *Engine) Sites(from, until time.Time, n int) []Site {
	return Sites(e.Orders(""), from, until, e.now(), n)
}
