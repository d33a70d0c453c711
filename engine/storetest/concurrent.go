package storetest

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// testConcurrent asks from many goroutines at once.
func testConcurrent(t *testing.T, store engine.Store) {
	t.Run("answers are those of some order of the calls", func(t *testing.T) {
		for round := range 20 {
			testLinearizable(newBench(t, store), round)
		}
	})
	t.Run("128 callers never get more than there is", func(t *testing.T) {
		testCrowd(newBench(t, store))
	})
	t.Run("counters are the sum of the records while plans change", func(t *testing.T) {
		testCrowdAndPlans(newBench(t, store))
	})
}

// call is what one caller did: an ask, or the publication of the city's cap.
type call struct {
	ask   engine.Ask
	epoch int64 // of a publication; 0 for an ask
	limit int
}

// reply is what came back of an ask.
type reply struct {
	rule  engine.Rule
	room  int
	first int
	left  int
	again bool
}

// books are a ledger with two tiers, kept by hand: cells of a fixed cap, and a city whose cap is
// published. They are all that a round's callers can see.
type books struct {
	epoch  int64
	limit  int
	placed map[engine.ID]placed
}

// placed is one placement: where, how many when granted and now, and what the grant said.
type placed struct {
	cell  geo.Cell
	n     int
	reply reply
}

// perCell is the cap of a cell in the linearisability rounds.
const perCell = 4

func (s books) taken(cell geo.Cell) (inCell, inCity int) {
	for _, p := range s.placed {
		inCity += p.n
		if p.cell == cell {
			inCell += p.n
		}
	}
	return inCell, inCity
}

// next returns what a call is told and the books afterwards.
func (s books) next(c call) (reply, books) {
	if c.epoch != 0 {
		if c.epoch > s.epoch {
			s.epoch, s.limit = c.epoch, c.limit
		}
		return reply{}, s
	}
	if p, ok := s.placed[c.ask.ID]; ok {
		p.reply.again = true
		return p.reply, s
	}
	if c.ask.Verb == engine.Remove {
		return s.remove(c.ask)
	}
	return s.place(c.ask)
}

func (s books) remove(a engine.Ask) (reply, books) {
	p, ok := s.placed[a.Placement]
	switch {
	case !ok:
		return reply{rule: engine.RuleUnknown}, s
	case p.n == 0:
		return reply{rule: engine.RuleNotStood}, s
	case a.N > p.n:
		return reply{rule: engine.RuleTooMany, room: p.n}, s
	}
	p.n -= a.N
	r := reply{first: a.N, left: p.n}
	s.placed = maps.Clone(s.placed)
	s.placed[a.Placement] = p
	s.placed[a.ID] = placed{reply: r}
	return r, s
}

func (s books) place(a engine.Ask) (reply, books) {
	inCell, inCity := s.taken(a.Cell)
	switch {
	case a.Epoch != s.epoch:
		return reply{rule: engine.RuleStale}, s
	case perCell-inCell < a.N:
		return reply{rule: engine.RuleCellFull, room: perCell - inCell}, s
	case s.limit-inCity < a.N:
		return reply{rule: engine.RuleCityFull, room: s.limit - inCity}, s
	}
	r := reply{first: a.N, left: min(perCell-inCell, s.limit-inCity) - a.N}
	s.placed = maps.Clone(s.placed)
	s.placed[a.ID] = placed{cell: a.Cell, n: a.N, reply: r}
	return r, s
}

// model is the books as porcupine reads them.
func model() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return books{epoch: 1, limit: 6, placed: map[engine.ID]placed{}} },
		Step: func(state, input, output any) (bool, any) {
			want, next := state.(books).next(input.(call))
			return want == output.(reply), next
		},
		Equal: func(a, b any) bool {
			x, y := a.(books), b.(books)
			return x.epoch == y.epoch && x.limit == y.limit && maps.Equal(x.placed, y.placed)
		},
		DescribeOperation: func(input, output any) string {
			return fmt.Sprintf("%+v -> %+v", input, output)
		},
	}
}

// history collects what happened when.
type history struct {
	mu         sync.Mutex
	operations []porcupine.Operation
	tick       int64
}

// now returns a time later than every other.
func (h *history) now() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tick++
	return h.tick
}

// add keeps a call that began at from and has just returned.
func (h *history) add(client int, from int64, in call, out reply) {
	to := h.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, porcupine.Operation{
		ClientId: client, Input: in, Call: from, Output: out, Return: to,
	})
}

// testLinearizable lets six callers and a bureau act on tight caps, and looks for an order of their
// calls that explains every answer.
func testLinearizable(b *bench, round int) {
	b.Helper()
	const clients, each = 6, 8
	tight := map[engine.Level]int{
		engine.CellLevel(here): perCell, engine.CellLevel(there): perCell, engine.CityLevel: 6,
	}
	b.publish(tight)
	var h history
	var inForce atomic.Int64
	inForce.Store(1)
	begun := make(chan struct{}, clients*each)
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			for i := range each {
				begun <- struct{}{}
				b.asked(&h, client, someCall(client, i, round, inForce.Load()))
			}
		})
	}
	all.Go(func() {
		for _, limit := range []int{3, 8} {
			for range clients * each / 3 {
				<-begun
			}
			b.republish(&h, clients, limit, tight)
			inForce.Store(b.epoch)
		}
	})
	all.Wait()
	if b.Failed() {
		return
	}
	switch porcupine.CheckOperationsTimeout(model(), h.operations, time.Minute) {
	case porcupine.Illegal:
		b.Errorf("no order of the calls explains the answers:\n%s", h.text())
	case porcupine.Unknown:
		b.Log("round", round, "was not judged within a minute")
	}
}

// text lists the calls by when they began.
func (h *history) text() (text string) {
	slices.SortFunc(h.operations, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
	for _, o := range h.operations {
		in := o.Input.(call)
		text += fmt.Sprintf("%3d-%3d client %d: %s %s n=%d epoch=%d/%d of %q in %s -> %+v\n", o.Call,
			o.Return, o.ClientId, in.ask.Verb, in.ask.ID, in.ask.N, in.ask.Epoch, in.epoch,
			in.ask.Placement, in.ask.Cell, o.Output)
	}
	return text
}

// someCall returns a client's i-th call: placements with every key twice, and removals of what
// other clients may have placed.
func someCall(client, i, round int, epoch int64) call {
	cell := here
	if (client+i+round)%2 == 1 {
		cell = there
	}
	key := fmt.Sprintf("%d-%d", client/2, i/2) // two clients share their keys
	a := engine.Ask{
		Verb: engine.Place, ID: engine.NewID("ant", key), Print: key, N: 1 + (i/2+round)%2,
		Cell: cell, Levels: []engine.Level{engine.CellLevel(cell), engine.CityLevel},
		Epoch: epoch,
	}
	if i%4 == 3 {
		a = engine.Ask{
			Verb: engine.Remove, ID: engine.NewID("ant", fmt.Sprintf("r%d-%d", client, i)),
			N: 1, Placement: engine.NewID("ant", fmt.Sprintf("%d-%d", (client+1)%6/2, i/4)),
		}
	}
	return call{ask: a}
}

// asked asks and keeps what happened.
func (b *bench) asked(h *history, client int, c call) {
	from := h.now()
	runtime.Gosched() // so that calls overlap in a store that never waits
	answers, err := b.store.Do(b.Context(), b.scope, b.now, []engine.Ask{c.ask})
	if err != nil {
		b.Errorf("Do: %v", err)
		return
	}
	got := reply{
		first: answers[0].Record.First, left: answers[0].Record.Left, again: answers[0].Replayed,
	}
	if no := answers[0].No; no != nil {
		got = reply{rule: no.Rule, room: no.Room}
	}
	h.add(client, from, c, got)
}

// republish puts another cap of the city in force and keeps that it happened.
func (b *bench) republish(h *history, client, limit int, tight map[engine.Level]int) {
	from := h.now()
	limits := maps.Clone(tight)
	limits[engine.CityLevel] = limit
	b.epoch++
	if err := b.store.Publish(b.Context(), b.caps(limits), b.now); err != nil {
		b.Errorf("Publish: %v", err)
	}
	h.add(client, from, call{epoch: b.epoch, limit: limit}, reply{})
}
