package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// file is everything decided so far.
type file struct {
	last         int64          // number of the last entry
	publications []*Publication // in the order of their drafts
	objections   []*Objection
	orders       []*Order
	byID         map[string]*Order
	measures     []*Measure
	pools        []Pool
	counted      map[string]string // hash of the last count of each engine
	force        inForce
	began        time.Time  // when the first plan came into force
	closes       time.Time  // end of the last period that was closed
	table        *Timetable // in force; nil = never set
	rotas        []*rota    // of its sectors, in its order
}

// inForce is what the log says should be in force.
type inForce struct {
	publication string
	plan        string // ID of the plan
	zones       string // name of the document of zones
	shifts      []shifted
	epoch       int64 // Seq of the last entry that changed any of it
}

// kinds of log entries.
const (
	kindDrafted      = "plan.drafted"
	kindAnnounced    = "plan.announced"
	kindFinal        = "plan.final"
	kindEffective    = "plan.effective"
	kindWithdrawn    = "plan.withdrawn"
	kindChecked      = "plan.checked"
	kindObjected     = "objection.filed"
	kindAnswered     = "objection.answered"
	kindZones        = "zones.set"
	kindPool         = "pool.set"
	kindOrdered      = "order.given"
	kindAcknowledged = "order.acknowledged"
	kindDone         = "order.done"
	kindLapsed       = "order.lapsed"
	kindProven       = "order.proven"
	kindExtended     = "order.extended"
	kindContested    = "order.contested"
	kindSettled      = "order.settled"
	kindTaken        = "measure.taken"
	kindBegun        = "measure.begun"
	kindEnded        = "measure.ended"
	kindLifted       = "measure.lifted"
	kindCounted      = "asks.counted"
	kindForgotten    = "data.forgotten"
	kindTimetable    = "timetable.set"
	kindTurned       = "part.turned"
	kindDecided      = "part.decided"
	kindDemand       = "demand.reported"
)

// entry is what a log entry says: the fields of its kind.
type entry struct {
	Publication string         `json:"publication,omitempty"`
	Plan        string         `json:"plan,omitempty"`
	Sectors     []string       `json:"sectors,omitempty"`
	Zones       string         `json:"zones,omitempty"`
	Terms       *Terms         `json:"terms,omitempty"`
	Emergency   string         `json:"emergency,omitempty"`
	Reason      string         `json:"reason,omitempty"`
	Objection   string         `json:"objection,omitempty"`
	Text        string         `json:"text,omitempty"`
	Accepted    bool           `json:"accepted,omitempty"`
	Open        int            `json:"open_orders,omitempty"`
	Pool        *Pool          `json:"pool,omitempty"`
	Orders      []Order        `json:"orders,omitempty"`
	IDs         []string       `json:"ids,omitempty"` // of orders or measures
	Measure     *Measure       `json:"measure,omitempty"`
	Proofs      []Proof        `json:"proofs,omitempty"`
	Deadline    time.Time      `json:"deadline,omitzero"` // of an order extended
	Granted     int64          `json:"granted,omitempty"`
	Refused     map[Rule]int64 `json:"refused,omitempty"`
	Instance    string         `json:"instance,omitempty"`
	Forgotten   []Forgotten    `json:"forgotten,omitempty"`
	Timetable   *Timetable     `json:"timetable,omitempty"`
	Shift       *Shift         `json:"shift,omitempty"`
	Decision    *PartDecision  `json:"decision,omitempty"`
	Demand      *DemandReport  `json:"demand,omitempty"`
	Closed      *Closed        `json:"closed,omitempty"` // the period that a draft follows
}

// errBody is what an entry lacks that its kind must have.
var errBody = errors.New("it lacks a part that its kind has")

// lacks reports whether an entry can't be folded.
func (x *entry) lacks(kind string) bool {
	switch kind {
	case kindDrafted, kindAnnounced:
		return x.Terms == nil
	case kindPool:
		return x.Pool == nil
	case kindTaken:
		return x.Measure == nil
	case kindTimetable:
		return x.Timetable == nil
	case kindTurned:
		return x.Shift == nil
	case kindDecided:
		return x.Decision == nil
	case kindDemand:
		return x.Demand == nil
	}
	return false
}

// apply folds one entry into the file. Entries of kinds that it doesn't know, those of a later
// stint, change nothing.
func (f *file) apply(e *Entry) error {
	var x entry
	err := json.Unmarshal(e.Body, &x)
	if err == nil && x.lacks(e.Kind) {
		err = errBody
	}
	if err != nil {
		return fmt.Errorf("log entry %d, %s: %w", e.Seq, e.Kind, err)
	}
	f.last = e.Seq
	switch e.Kind {
	case kindObjected, kindAnswered:
		f.applyObjection(e, &x)
	case kindOrdered, kindAcknowledged, kindDone, kindLapsed, kindProven, kindExtended,
		kindContested, kindSettled:
		f.applyOrder(e, &x)
	case kindTaken, kindBegun, kindEnded, kindLifted:
		f.applyMeasure(e, &x)
	case kindZones:
		f.force.zones, f.force.epoch = x.Zones, e.Seq
	case kindPool:
		f.pools = slices.DeleteFunc(f.pools, func(p Pool) bool { return p.ID == x.Pool.ID })
		f.pools = append(f.pools, *x.Pool)
		f.force.epoch = e.Seq
	case kindTimetable, kindTurned, kindDecided, kindDemand:
		f.applyRota(e, &x)
	case kindCounted:
		if f.counted == nil {
			f.counted = map[string]string{}
		}
		f.counted[x.Instance] = e.Hash
	case kindForgotten: // for who reads the log
	default:
		f.applyPlan(e, &x)
	}
	return nil
}

// once returns the sectors of every plan that ever was in force, in the order in which they came.
func (f *file) once() []string {
	var all []string
	for _, p := range f.publications {
		for _, s := range p.Sectors {
			if p.Epoch > 0 && !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// day is used in messages about times.
func day(t time.Time) string { return t.UTC().Format(time.RFC3339) }
