package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Order tells an operator what to do on the street: of itself the engine orders vehicles away that
// stand in a level beyond what is in force; the bureau gives others.
type Order struct {
	ID           string        `json:"id"`             // "<epoch>:<sector>:<level>", or the bureau's
	Kind         OrderKind     `json:"kind,omitempty"` // "" = the engine's own
	Operator     string        `json:"operator"`
	Sector       string        `json:"sector"`
	Level        Level         `json:"level"`
	Excess       int           `json:"excess"` // vehicles beyond the cap when it was given
	Deadline     time.Time     `json:"deadline,omitzero"`
	Given        time.Time     `json:"-"`
	Acknowledged time.Time     `json:"-"`
	Cap          int           `json:"cap"`               // of the level then, or the target
	Measure      string        `json:"measure,omitempty"` // that it is due to; "" = the plan
	Within       time.Duration `json:"within,omitempty"`  // working time that the bureau gave
	Reason       string        `json:"reason,omitempty"`
	Extended     []Extension   `json:"-"`
	Objection    string        `json:"-"`
	Answer       string        `json:"-"` // to the objection
	Done         time.Time     `json:"-"` // by the books; of the bureau's, as observed
	Proven       time.Time     `json:"-"` // when it was first observed to be done
	Count        int           `json:"-"` // observed then
	Lapsed       time.Time     `json:"-"` // taken back, or pointless by a higher cap
}

// Extension is more time for an order.
type Extension struct {
	Was    time.Time // the deadline before
	Reason string
}

// Open reports whether the order is still to be carried out.
func (o *Order) Open() bool { return o.Done.IsZero() && o.Lapsed.IsZero() }

// Orders returns the orders to an operator, or for "" all of them, in the order they were given.
func (e *Engine) Orders(operator string) []Order {
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	var all []Order
	for _, o := range e.bureau.file.orders {
		if operator == "" || o.Operator == operator {
			all = append(all, *o)
		}
	}
	return all
}

// Acknowledge records that the operator of an order has read it.
func (e *Engine) Acknowledge(ctx context.Context, by Actor, id string) (Order, error) {
	var found *Order
	_, err := e.record(ctx, by, kindAcknowledged, func(f *file) (entry, error) {
		found = f.order(id)
		switch {
		case found == nil || (by.Role == RoleOperator && found.Operator != by.ID):
			return entry{}, notFound("no-order", "id", cut(id)) // another's order is not its business
		case by.Role != RoleOperator:
			return entry{}, forbidden("operator-only", "role", string(by.Role))
		case !found.Acknowledged.IsZero():
			return entry{}, stage("acknowledged", "id", id)
		}
		return entry{IDs: []string{id}}, nil
	})
	if err != nil {
		return Order{}, err
	}
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	return *e.bureau.file.order(id), nil
}

// order returns an order by its ID, nil for none.
func (f *file) order(id string) *Order { return f.byID[id] }

// applyOrder folds an entry about orders.
func (f *file) applyOrder(e *Entry, x *entry) {
	if f.byID == nil {
		f.byID = map[string]*Order{}
	}
	for i := range x.Orders {
		o := &x.Orders[i]
		o.Given = e.Time.Time()
		f.orders = append(f.orders, o)
		f.byID[o.ID] = o
	}
	for _, p := range x.Proofs {
		if o := f.order(p.ID); o != nil {
			o.Proven, o.Count = p.At.Time(), p.Count
			if o.Kind != "" {
				o.Done = o.Proven
			}
		}
	}
	for _, id := range x.IDs {
		switch o := f.order(id); {
		case o == nil:
		case e.Kind == kindExtended:
			o.Extended = append(o.Extended, Extension{o.Deadline, x.Reason})
			o.Deadline = x.Deadline
		case e.Kind == kindContested:
			o.Objection = x.Text
		case e.Kind == kindSettled:
			if o.Answer = x.Text; x.Accepted {
				o.Lapsed = e.Time.Time()
			}
		case e.Kind == kindDone:
			o.Done = e.Time.Time()
		case e.Kind == kindLapsed:
			o.Lapsed = e.Time.Time()
		default:
			o.Acknowledged = e.Time.Time()
		}
	}
}

// orderRemovals gives an order for each operator's level that is over quota, and closes those whose
// level no longer is.
func (e *Engine) orderRemovals(ctx context.Context, f *force) error {
	for _, caps := range f.ledgers() {
		counts, ok, err := e.excess(ctx, caps)
		if err != nil {
			return err
		}
		if !ok {
			continue // not at rest: the next turn looks again
		}
		if err := e.give(ctx, f, caps, counts); err != nil {
			return err
		}
		if err := e.closeOrders(ctx, caps.Scope.Sector, counts); err != nil {
			return err
		}
		e.looked[caps.Scope.Sector] = caps.Epoch
	}
	return nil
}

// excess returns the operators' levels that are over quota, and those with an open order. Nothing
// gets over quota between one publication and the next but by other levels to charge: all are
// looked at once. ok is false while another plan is in force there, or none.
func (e *Engine) excess(
	ctx context.Context, caps *Caps,
) (counts map[Level]Count, ok bool, err error) {
	counts = map[Level]Count{}
	e.bureau.mu.RLock()
	for _, o := range e.bureau.file.open(caps.Scope.Sector) {
		counts[o.Level] = Count{}
	}
	e.bureau.mu.RUnlock()
	all := e.looked[caps.Scope.Sector] != caps.Epoch
	if !all && len(counts) == 0 {
		return nil, true, nil
	}
	rest := state{epoch: caps.Epoch}
	err = e.config.Store.Read(ctx, caps.Scope, func(l *Ledger) {
		if ok = stateOf(l) == rest; !ok {
			return
		}
		if all {
			for _, level := range l.Over() {
				if level.Tier() == TierCellOperator || level.Tier() == TierOperatorCity {
					counts[level] = Count{}
				}
			}
		}
		for level := range counts {
			counts[level], _ = l.Count(level)
		}
	})
	return counts, ok, err
}

// ordersAtOnce is how many orders one log entry has at most.
const ordersAtOnce = 500

// give gives an order for each level whose room is negative and no open order says so much.
func (e *Engine) give(
	ctx context.Context, force *force, caps *Caps, counts map[Level]Count,
) error {
	for levels := range slices.Chunk(slices.Sorted(maps.Keys(counts)), ordersAtOnce) {
		e.bureau.mu.RLock()
		none := len(e.bureau.file.removals(force, caps, levels, counts)) == 0
		e.bureau.mu.RUnlock()
		if none {
			continue
		}
		_, err := e.record(ctx, itself(), kindOrdered, func(f *file) (entry, error) {
			p, orders := f.publication(f.force.publication), f.removals(force, caps, levels, counts)
			if p == nil || len(orders) == 0 {
				return entry{}, errDone // another engine came first
			}
			for i := range orders {
				due := p.Terms.RemovalDeadline
				if orders[i].Measure != "" {
					due = orders[i].Deadline
				}
				orders[i].Deadline = latest(due, e.now())
			}
			return entry{Orders: orders}, nil
		})
		if unlessDone(err) != nil {
			return err
		}
	}
	return nil
}

// removals returns the orders to be given about some levels of a sector, those due to a measure
// with its deadline.
func (f *file) removals(
	force *force, caps *Caps, levels []Level, counts map[Level]Count,
) []Order {
	given := map[Level]int{} // the greatest excess that an open order names
	for _, o := range f.open(caps.Scope.Sector) {
		measure, due := force.demanding(o.Sector, o.Level)
		sooner := measure != "" && o.Measure == "" && o.Deadline.After(due)
		if sooner || f.outdated(o, counts[o.Level]) {
			continue
		}
		given[o.Level] = max(given[o.Level], o.Excess)
	}
	var orders []Order
	for _, l := range levels {
		id := fmt.Sprintf("%d:%s:%s", caps.Epoch, caps.Scope.Sector, l)
		if room := counts[l].Room(); room < 0 && -room > given[l] && f.order(id) == nil {
			measure, due := force.demanding(caps.Scope.Sector, l)
			orders = append(orders, Order{
				ID: id, Operator: l.Operator(), Sector: caps.Scope.Sector, Level: l, Excess: -room,
				Cap: counts[l].Cap, Measure: measure, Deadline: due,
			})
		}
	}
	return orders
}

// outdated reports whether an order asks for more than anything does since the measure, the part of
// the day or the season that it is due to has ended.
func (f *file) outdated(o *Order, c Count) bool {
	if due, ok := f.shiftOver(o); ok {
		return due && c.Cap > o.Cap
	}
	m := f.measure(o.Measure)
	return m != nil && !m.Active() && c.Cap > o.Cap
}

// latest returns the later of two times: nobody is told to have removed something already.
func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// open returns the engine's own orders in a sector that are not done.
func (f *file) open(sector string) []*Order {
	var open []*Order
	for _, o := range f.orders {
		if o.Kind == "" && o.Sector == sector && o.Open() {
			open = append(open, o)
		}
	}
	return open
}

// closeOrders marks orders done whose level holds no more than they allow, and lapsed whose level
// holds more but has a higher cap now.
func (e *Engine) closeOrders(
	ctx context.Context, sector string, counts map[Level]Count,
) error {
	done := func(_ *file, o *Order, c Count) bool { return c.Standing+c.Held <= o.Cap }
	lapsed := func(f *file, o *Order, c Count) bool {
		return !done(f, o, c) && (c.Room() >= 0 || f.outdated(o, c))
	}
	err := e.closeWhere(ctx, kindDone, sector, counts, done)
	if err != nil {
		return err
	}
	return e.closeWhere(ctx, kindLapsed, sector, counts, lapsed)
}

// closeWhere appends that some open orders are closed, if there are any.
func (e *Engine) closeWhere(
	ctx context.Context, kind, sector string, counts map[Level]Count,
	is func(*file, *Order, Count) bool,
) error {
	closed := func(f *file) []string {
		var ids []string
		for _, o := range f.open(sector) {
			if c, looked := counts[o.Level]; looked && is(f, o, c) {
				ids = append(ids, o.ID)
			}
		}
		return ids
	}
	e.bureau.mu.RLock()
	none := len(closed(&e.bureau.file)) == 0
	e.bureau.mu.RUnlock()
	if none {
		return nil
	}
	_, err := e.record(ctx, itself(), kind, func(f *file) (entry, error) {
		ids := closed(f)
		if len(ids) == 0 {
			return entry{}, errDone // another engine came first
		}
		return entry{IDs: ids}, nil
	})
	return unlessDone(err)
}
