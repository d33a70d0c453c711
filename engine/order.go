package engine

import (
	"context"
	"fmt"
	"time"
)

// Order tells an operator to remove vehicles: more stand in a level than the plan in force allows.
type Order struct {
	ID           string    `json:"id"` // "<epoch>:<sector>:<level>"
	Operator     string    `json:"operator"`
	Sector       string    `json:"sector"`
	Level        Level     `json:"level"`
	Excess       int       `json:"excess"` // vehicles beyond the cap when it was given
	Deadline     time.Time `json:"deadline"`
	Given        time.Time `json:"-"`
	Acknowledged time.Time `json:"-"`
	Done         time.Time `json:"-"` // when the level was no longer over its cap
}

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
	_, err := e.record(ctx, by, kindAcknowleged, func(f *file) (entry, error) {
		found = f.order(id)
		switch {
		case found == nil || (by.Role == RoleOperator && found.Operator != by.ID):
			return entry{}, notFound("no-order", "id", cut(id)) // another's order is not its business
		case by.Role != RoleOperator:
			return entry{}, forbidden("operator-only", "role", string(by.Role))
		case !found.Acknowledged.IsZero():
			return entry{}, stage("acknowledged", "id", id)
		}
		return entry{ID: id}, nil
	})
	if err != nil {
		return Order{}, err
	}
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	return *e.bureau.file.order(id), nil
}

func (f *file) order(id string) *Order {
	for _, o := range f.orders {
		if o.ID == id {
			return o
		}
	}
	return nil
}

// applyOrder folds an entry about an order.
func (f *file) applyOrder(e *Entry, x *entry) {
	if e.Kind == kindOrdered {
		o := *x.Order
		o.Given = e.Time.Time()
		f.orders = append(f.orders, &o)
		return
	}
	o := f.order(x.ID)
	switch {
	case o == nil:
	case e.Kind == kindDone:
		o.Done = e.Time.Time()
	default:
		o.Acknowledged = e.Time.Time()
	}
}

// orders gives an order for each operator's level that is over quota, and closes those whose level
// no longer is. What was ordered under this epoch is not ordered again.
func (e *Engine) orderRemovals(ctx context.Context, f *force) error {
	over := map[string]map[Level]Count{}
	for sector, caps := range f.caps {
		err := e.config.Store.Read(ctx, caps.Scope, func(l *Ledger) {
			over[sector] = map[Level]Count{}
			for _, level := range l.Over() {
				over[sector][level], _ = l.Count(level)
			}
		})
		if err != nil {
			return err
		}
	}
	if err := e.closeOrders(ctx, over); err != nil {
		return err
	}
	for _, sector := range f.sectors() {
		for _, level := range ordered(over[sector]) {
			if err := e.order(ctx, f, sector, level, over[sector][level]); err != nil {
				return err
			}
		}
	}
	return nil
}

// order gives one order, unless it has been given.
func (e *Engine) order(ctx context.Context, f *force, sector string, l Level, c Count) error {
	e.bureau.mu.RLock()
	p := e.bureau.file.publication(e.bureau.file.force.publication)
	id := fmt.Sprintf("%d:%s:%s", f.epoch, sector, l)
	open := e.bureau.file.open(sector, l)
	e.bureau.mu.RUnlock()
	if open || p == nil {
		return nil
	}
	_, err := e.record(ctx, itself(), kindOrdered, func(now *file) (entry, error) {
		if now.open(sector, l) || now.order(id) != nil {
			return entry{}, errDone // another engine came first
		}
		return entry{Order: &Order{
			ID: id, Operator: l.Operator(), Sector: sector, Level: l, Excess: -c.Room(),
			Deadline: p.Terms.RemovalDeadline,
		}}, nil
	})
	return unlessDone(err)
}

// open reports whether a level has an order that is not done.
func (f *file) open(sector string, l Level) bool {
	for _, o := range f.orders {
		if o.Sector == sector && o.Level == l && o.Done.IsZero() {
			return true
		}
	}
	return false
}

// closeOrders marks orders done whose level is no longer over quota.
func (e *Engine) closeOrders(ctx context.Context, over map[string]map[Level]Count) error {
	for _, o := range e.Orders("") {
		levels, known := over[o.Sector]
		if _, still := levels[o.Level]; still || !known || !o.Done.IsZero() {
			continue
		}
		_, err := e.record(ctx, itself(), kindDone, func(f *file) (entry, error) {
			if now := f.order(o.ID); now == nil || !now.Done.IsZero() {
				return entry{}, errDone
			}
			return entry{ID: o.ID}, nil
		})
		if unlessDone(err) != nil {
			return err
		}
	}
	return nil
}
