package engine

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stint-city/stint/geo"
)

// OrderKind is what an order asks for.
type OrderKind string

// The kinds. The zero kind is the engine's own: take away what is beyond a cap.
const (
	OrderRemove    OrderKind = "remove"    // at most Target stand in the cell
	OrderClear     OrderKind = "clear"     // none stand in the cell
	OrderReplenish OrderKind = "replenish" // at least Target stand in the cell
	OrderRepair    OrderKind = "repair"    // at most Target broken ones stand in the cell
)

// Observation is a count of one operator's vehicles in one cell, by whoever looked.
type Observation struct {
	Operator string
	Sector   string
	Cell     geo.Cell
	Broken   bool // broken vehicles were counted, not all
	Count    int  // not read unless Known
	Known    bool // false: a feed was silent, nobody looked; never the same as 0
	At       time.Time
}

// OrderAsk is an order that the bureau gives.
type OrderAsk struct {
	ID       string // the bureau's own name for it
	Kind     OrderKind
	Operator string
	Sector   string
	Cell     geo.Cell
	Target   int           // vehicles
	Within   time.Duration // working time until the deadline
	Reason   string        // with the finding that it rests on
}

// Proof is the observation that showed an order carried out.
type Proof struct {
	ID    string `json:"id"` // of the order
	At    Millis `json:"at"`
	Count int    `json:"count"`
}

// GiveOrder gives an order. Its deadline counts from now by the working hours of the city. The same
// order again changes nothing and is no error.
func (e *Engine) GiveOrder(ctx context.Context, by Actor, a OrderAsk) (Order, error) {
	if err := officer(by); err != nil {
		return Order{}, err
	}
	if err := e.checkOrder(&a); err != nil {
		return Order{}, err
	}
	_, err := e.record(ctx, by, kindOrdered, func(f *file) (entry, error) {
		if old := f.order(a.ID); old != nil {
			if old.asks(&a) {
				return entry{}, errDone
			}
			return entry{}, stage("order-differs", "id", a.ID)
		}
		deadline, err := e.config.Hours.After(e.now(), a.Within)
		if err != nil {
			return entry{}, unfit("order-calendar", "cause", err.Error())
		}
		return entry{Orders: []Order{{
			ID: a.ID, Kind: a.Kind, Operator: a.Operator, Sector: a.Sector,
			Level: CellOperatorLevel(a.Cell, a.Operator), Cap: a.Target, Within: a.Within,
			Deadline: deadline, Reason: a.Reason,
		}}}, nil
	})
	if unlessDone(err) != nil {
		return Order{}, err
	}
	return e.Order(a.ID)
}

// asks reports whether an order is the one that is asked for.
func (o *Order) asks(a *OrderAsk) bool {
	return o.Kind == a.Kind && o.Operator == a.Operator && o.Sector == a.Sector &&
		o.Level == CellOperatorLevel(a.Cell, a.Operator) && o.Cap == a.Target &&
		o.Within == a.Within && o.Reason == a.Reason
}

// checkOrder refuses an order that makes no sense.
func (e *Engine) checkOrder(a *OrderAsk) error {
	const longest = 90 * 24 * time.Hour
	kinds := []OrderKind{OrderRemove, OrderClear, OrderReplenish, OrderRepair}
	f := e.force.Load()
	switch {
	case f.plan == nil:
		return &Refusal{Rule: RuleNoPlan}
	case f.caps[a.Sector] == nil:
		return &Refusal{Rule: RuleUnknownSector, Of: cut(a.Sector), Known: f.sectors()}
	case !zoneID.MatchString(a.ID):
		return unfit("order-id", "got", cut(a.ID))
	case !slices.Contains(kinds, a.Kind):
		return unfit("order-kind", "got", cut(string(a.Kind)))
	case !slices.Contains(f.caps[a.Sector].Operators, a.Operator):
		return unfit("order-operator", "got", cut(a.Operator))
	case a.Target < 0 || a.Target > MaxVehicles || (a.Kind == OrderClear && a.Target != 0):
		return unfit("order-target", "got", a.Target, "most", MaxVehicles)
	case a.Within <= 0 || a.Within > longest:
		return unfit("order-within", "got", a.Within.String(), "most", longest.String())
	case strings.TrimSpace(a.Reason) == "":
		return unfit("order-reason")
	}
	if _, ok := f.caps[a.Sector].Districts(a.Cell); !ok {
		return unfit("measure-cell", "cell", a.Cell.String())
	}
	return nil
}

// Order returns one order, or an error that wraps ErrNotFound.
func (e *Engine) Order(id string) (Order, error) {
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	if o := e.bureau.file.order(id); o != nil {
		return *o, nil
	}
	return Order{}, notFound("no-order", "id", cut(id))
}

// ExtendOrder gives the operator of an order more time.
func (e *Engine) ExtendOrder(
	ctx context.Context, by Actor, id string, deadline time.Time, reason string,
) (Order, error) {
	if err := officer(by); err != nil {
		return Order{}, err
	}
	return e.aboutOrder(ctx, by, kindExtended, id, func(o *Order) (entry, error) {
		switch {
		case !deadline.After(o.Deadline):
			return entry{}, unfit("order-earlier", "was", day(o.Deadline), "got", day(deadline))
		case strings.TrimSpace(reason) == "":
			return entry{}, unfit("order-reason")
		}
		return entry{Reason: reason, Deadline: deadline.UTC()}, nil
	})
}

// ObjectToOrder files what the operator of an order has against it, once. The order stands until it
// is answered.
func (e *Engine) ObjectToOrder(
	ctx context.Context, by Actor, id, text string,
) (Order, error) {
	return e.aboutOrder(ctx, by, kindContested, id, func(o *Order) (entry, error) {
		switch {
		case by.Role == RoleOperator && o.Operator != by.ID:
			return entry{}, notFound("no-order", "id", cut(id))
		case by.Role != RoleOperator:
			return entry{}, forbidden("operator-only", "role", string(by.Role))
		case o.Objection != "":
			return entry{}, stage("order-contested", "id", id)
		case strings.TrimSpace(text) == "":
			return entry{}, unfit("no-text")
		}
		return entry{Text: text}, nil
	})
}

// AnswerOrder answers the objection to an order, once; an accepted one takes the order back.
func (e *Engine) AnswerOrder(
	ctx context.Context, by Actor, id string, accepted bool, text string,
) (Order, error) {
	if err := officer(by); err != nil {
		return Order{}, err
	}
	return e.aboutOrder(ctx, by, kindSettled, id, func(o *Order) (entry, error) {
		switch {
		case o.Objection == "":
			return entry{}, stage("order-uncontested", "id", id)
		case o.Answer != "":
			return entry{}, stage("order-answered", "id", id)
		case strings.TrimSpace(text) == "":
			return entry{}, unfit("no-text")
		}
		return entry{Text: text, Accepted: accepted}, nil
	})
}

// aboutOrder appends an entry about one open order.
func (e *Engine) aboutOrder(
	ctx context.Context, by Actor, kind, id string, decide func(*Order) (entry, error),
) (Order, error) {
	_, err := e.record(ctx, by, kind, func(f *file) (entry, error) {
		o := f.order(id)
		if o == nil {
			return entry{}, notFound("no-order", "id", cut(id))
		}
		x, err := decide(o)
		if err == nil && !o.Open() {
			err = stage("order-closed", "id", id)
		}
		x.IDs = []string{id}
		return x, err
	})
	if err != nil {
		return Order{}, err
	}
	return e.Order(id)
}

// Observe compares open orders with what was seen on the street, and returns those that it shows
// carried out: an order is done when a count taken after it was given says so, and at the time of
// that count, whatever anybody claims. What is unknown, older than the order, or from the future
// shows nothing. The same observations again change nothing.
//
// Orders of the engine's own close by the books; an observation adds when the street agreed.
func (e *Engine) Observe(ctx context.Context, seen []Observation) ([]Order, error) {
	e.bureau.mu.RLock()
	none := len(e.bureau.file.proven(seen, e.now())) == 0
	e.bureau.mu.RUnlock()
	if none {
		return nil, nil
	}
	var proofs []Proof
	_, err := e.record(ctx, itself(), kindProven, func(f *file) (entry, error) {
		if proofs = f.proven(seen, e.now()); len(proofs) == 0 {
			return entry{}, errDone // another engine came first
		}
		return entry{Proofs: proofs}, nil
	})
	if unlessDone(err) != nil {
		return nil, err
	}
	var orders []Order
	for _, p := range proofs {
		o, err := e.Order(p.ID)
		if err != nil {
			return nil, err
		}
		orders = append(orders, o)
	}
	return orders, nil
}

// proven returns the first proof of each order that some observations carry, by the order in which
// the orders were given.
func (f *file) proven(seen []Observation, now time.Time) []Proof {
	type street struct {
		sector string
		level  Level
		broken bool
	}
	first := map[street][]*Observation{}
	for i := range seen {
		o := &seen[i]
		if o.Known && !o.At.After(now) {
			at := street{o.Sector, CellOperatorLevel(o.Cell, o.Operator), o.Broken}
			first[at] = append(first[at], o)
		}
	}
	var proofs []Proof
	for _, o := range f.orders {
		if !o.Proven.IsZero() || !o.Lapsed.IsZero() {
			continue
		}
		var best *Observation
		for _, s := range first[street{o.Sector, o.Level, o.Kind == OrderRepair}] {
			if s.At.After(o.Given) && o.met(s.Count) && (best == nil || s.At.Before(best.At)) {
				best = s
			}
		}
		if best != nil {
			proofs = append(proofs, Proof{ID: o.ID, At: MillisOf(best.At), Count: best.Count})
		}
	}
	return proofs
}

// met reports whether a count is what the order asks for.
func (o *Order) met(count int) bool {
	if o.Kind == OrderReplenish {
		return count >= o.Cap
	}
	return count <= o.Cap
}
