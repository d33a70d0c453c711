package engine_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// The cases of every rule are in engine/storetest, which engine/mem runs on this Ledger. Here are
// the laws that hold whatever happens.

// play is a ledger to which random things happen, and what came of them.
type play struct {
	*rapid.T
	engine.Ledger
	now    time.Time
	caps   []*engine.Caps // by epoch, from 1
	events []engine.Event
	keys   int
	made   []engine.ID // placements granted
}

func newPlay(t *rapid.T) *play {
	return &play{T: t, now: time.UnixMilli(1_772_438_400_250)}
}

// find returns the caps of an epoch.
func (p *play) find(epoch int64) *engine.Caps { return p.caps[epoch-1] }

// happened keeps an event.
func (p *play) happened(e engine.Event) {
	if e.Kind != "" {
		p.events = append(p.events, e)
	}
}

// step lets one thing happen.
func (p *play) step() {
	switch rapid.IntRange(0, 9).Draw(p.T, "thing") {
	case 0:
		p.publish()
	case 1:
		_, e := p.Sweep(p.now, time.Hour)
		p.happened(e)
	case 2:
		p.happened(p.Relevel(map[engine.ID][]engine.Level{
			p.someID(): {engine.CellLevel(p.someCell()), engine.CityLevel},
		}, p.now))
	case 3:
		p.happened(p.SetDrawn("p:nation", rapid.IntRange(0, 9).Draw(p.T, "drawn"), p.now))
	case 4:
		p.happened(p.Close("audit", p.now))
		p.publish()
	default:
		asks := make([]engine.Ask, rapid.IntRange(1, 4).Draw(p.T, "asks"))
		for i := range asks {
			asks[i] = p.someAsk()
		}
		answers, e := p.Do(p.now, asks)
		p.happened(e)
		for _, a := range answers {
			if a.No == nil && a.Record.State != engine.Done {
				p.made = append(p.made, a.ID)
			}
		}
	}
	p.now = p.now.Add(rapid.SampledFrom([]time.Duration{
		0, 0, 0, time.Millisecond, time.Second, time.Minute, time.Hour,
	}).Draw(p.T, "so long"))
}

// publish puts another plan of the island in force.
func (p *play) publish() {
	some := func(what string) int {
		return rapid.SampledFrom([]int{0, 3, 9, 9, 20, 20}).Draw(p.T, what)
	}
	plan := island()
	s := &plan.Sectors[0]
	s.Total = some("city")
	for k := range s.Operators {
		s.Operators[k].Quota = some(s.Operators[k].ID)
	}
	s.Cells = s.Cells[:rapid.IntRange(2, 3).Draw(p.T, "cells")]
	for i := range s.Cells {
		s.Cells[i].Total = some("cell")
		s.Cells[i].Quotas = []int{some("ant there"), some("bee there")}
	}
	caps, _ := engine.CapsOf(plan, "bike", int64(len(p.caps)+1))
	p.caps = append(p.caps, caps)
	e, err := p.Publish(caps, p.now)
	if err != nil {
		p.Fatal(err)
	}
	p.happened(e)
}

func (p *play) someCell() geo.Cell {
	return rapid.SampledFrom([]geo.Cell{quay, square, hill}).Draw(p.T, "cell")
}

func (p *play) someID() engine.ID {
	operator := rapid.SampledFrom([]string{"ant", "bee"}).Draw(p.T, "operator")
	return engine.NewID(operator, fmt.Sprint(rapid.IntRange(0, p.keys).Draw(p.T, "key")))
}

func (p *play) someAsk() engine.Ask {
	p.keys++
	id := p.someID()
	if rapid.IntRange(0, 3).Draw(p.T, "new key") > 0 {
		id = engine.NewID(id.Operator(), fmt.Sprint(p.keys))
	}
	cell := p.someCell()
	placement := p.someID()
	if len(p.made) > 0 {
		placement = rapid.SampledFrom(p.made).Draw(p.T, "placement")
		id = engine.NewID(placement.Operator(), id.Key())
	}
	a := engine.Ask{
		ID: id, N: rapid.IntRange(0, 4).Draw(p.T, "n"), Placement: placement, Cell: cell,
		Verb: rapid.SampledFrom([]engine.Verb{
			engine.Reserve, engine.Place, engine.Commit, engine.Release, engine.Remove, engine.Move,
		}).Draw(p.T, "verb"),
		Epoch: int64(len(p.caps)),
	}
	var pools []string
	if rapid.IntRange(0, 3).Draw(p.T, "of the pool") == 0 {
		pools = []string{"nation"}
	}
	caps := rapid.SampledFrom(p.caps[max(0, len(p.caps)-2):]).Draw(p.T, "levels by")
	if a.Levels, _ = caps.Levels(cell, id.Operator(), nil, pools); a.Levels == nil {
		a.Levels = []engine.Level{engine.CellOperatorLevel(cell, id.Operator()), engine.CityLevel}
	}
	if a.Verb == engine.Place || a.Verb == engine.Reserve {
		a.N = max(a.N, 1)
	}
	if a.Verb == engine.Reserve {
		a.Expires = engine.MillisOf(p.now.Add(
			rapid.SampledFrom([]time.Duration{1, time.Minute}).Draw(p.T, "lease"),
		))
	}
	return a
}

// room returns the room of every level known or charged.
func (p *play) room() map[engine.Level]int {
	room := map[engine.Level]int{}
	for _, level := range p.Charged() {
		c, _ := p.Count(level)
		room[level] = c.Room()
	}
	return room
}

// equal wants two ledgers to be alike.
func equal(t *rapid.T, what string, got, want *engine.Ledger) {
	for _, d := range got.Differences(want) {
		t.Errorf("%s: %s", what, d)
	}
}

// Counters are always what the records charge, and no grant goes beyond a cap: asks leave no level
// with less than nothing unless it had as little before.
func TestLedgerPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlay(t)
		p.publish()
		for range rapid.IntRange(1, 40).Draw(t, "things") {
			before := p.room()
			happened := len(p.events)
			p.step()
			for _, d := range p.Miscounts() {
				t.Fatalf("counters: %s", d)
			}
			if len(p.events) == happened || p.events[happened].Kind != engine.Asked {
				continue
			}
			for level, room := range p.room() {
				if was, ok := before[level]; room < 0 && (!ok || room < was) {
					t.Fatalf("asks took %s from room for %d to %d", level, was, room)
				}
			}
		}
	})
}

// The events, written and read as lines, make the ledger again; twice makes it too; and so does a
// snapshot from the middle with the events since.
func TestReplayPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlay(t)
		p.publish()
		middle := rapid.IntRange(1, 20).Draw(t, "middle")
		var snapshot engine.Ledger
		for i := range middle + rapid.IntRange(0, 20).Draw(t, "after") {
			p.step()
			if i != middle {
				continue
			}
			for _, e := range p.events {
				e.Changes = nil
				snapshot.Apply(e, p.find)
			}
			for id, r := range p.Records() {
				snapshot.Put(id, *r)
			}
		}
		var again engine.Ledger
		for round := range 2 {
			if err := again.Replay(readBack(t, p.events), p.find); err != nil {
				t.Fatal(err)
			}
			equal(t, fmt.Sprint("replay ", round+1), &again, &p.Ledger)
		}
		for _, e := range p.events {
			again.Apply(e, p.find)
		}
		equal(t, "every event applied anew", &again, &p.Ledger)
		if snapshot.Event().Seq > 0 {
			if err := snapshot.Replay(readBack(t, p.events), p.find); err != nil {
				t.Fatal(err)
			}
			equal(t, "a snapshot and the events since", &snapshot, &p.Ledger)
		}
		later := p.now.Add(1000 * time.Hour)
		got, _ := again.Sweep(later, time.Hour)
		want, _ := p.Sweep(later, time.Hour)
		if got != want {
			t.Errorf("swept %+v after a replay, want %+v", got, want)
		}
	})
}

// readBack yields events as they come back from their lines.
func readBack(t *rapid.T, events []engine.Event) func(func(engine.Event, error) bool) {
	return func(yield func(engine.Event, error) bool) {
		for _, e := range events {
			line, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			var read engine.Event
			err = json.Unmarshal(line, &read)
			if !yield(read, err) {
				return
			}
		}
	}
}
