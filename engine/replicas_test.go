package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// replicas are two engines of one city on one store, to which random people come in random order.
// In the middle of a call of the first to the store, somebody may come to the second.
type replicas struct {
	h       *hall
	engines [2]*engine.Engine
	store   *hooked
	plans   []*engine.Plan
	asked   int
	placed  []engine.ID
}

// officials are the steps that people take; each may be refused.
var officials = []string{
	"draft", "announce", "object", "answer", "finalize", "withdraw", "check", "zones", "pool",
	"acknowledge", "wait", "turn", "publish", "publish", "place", "place", "place", "place",
	"remove", "remove",
}

// step lets somebody do something random at one of the engines. It returns an error only where the
// engine's answer is neither a yes nor a reasoned no.
func (r *replicas) step(t *rapid.T, e *engine.Engine) error {
	r.asked++
	ctx, what := context.Background(), rapid.SampledFrom(officials).Draw(t, "what")
	var err error
	switch what {
	case "draft":
		_, err = e.Draft(ctx, clerk(), rapid.SampledFrom(r.plans).Draw(t, "plan"), nil, r.terms(t))
	case "publish":
		err = r.publish(t, e)
	case "announce":
		_, err = e.Announce(ctx, clerk(), r.publication(t), engine.Terms{})
	case "finalize":
		_, err = e.Finalize(ctx, mayor(), r.publication(t),
			rapid.SampledFrom([]string{"", "it burns"}).Draw(t, "emergency"))
	case "withdraw":
		_, err = e.Withdraw(ctx, mayor(), r.publication(t), "second thoughts")
	case "check":
		_, err = e.CheckOff(ctx, clerk(), r.publication(t))
	case "object":
		_, err = e.Object(ctx, citizen(), r.publication(t), "no")
	case "answer":
		id := fmt.Sprint(rapid.IntRange(1, 60).Draw(t, "objection"))
		_, err = e.AnswerObjection(ctx, clerk(), id, true, "yes")
	case "acknowledge":
		err = r.acknowledge(t, e)
	case "zones":
		zone := station(r.cell(t), 3)
		zone.From = r.h.clock.Now().Add(time.Duration(rapid.IntRange(-1, 2).Draw(t, "from")) * time.Hour)
		zone.Until = zone.From.Add(2 * time.Hour)
		err = e.SetZones(ctx, mayor(), []engine.Zone{zone})
	case "pool":
		pool := engine.Pool{ID: "region", Cap: rapid.IntRange(5, 60).Draw(t, "cap")}
		err = e.SetPool(ctx, mayor(), pool)
	default:
		err = r.traffic(t, e, what)
	}
	var rule *engine.RuleBreach
	var no *engine.Refusal
	if errors.As(err, &rule) || errors.As(err, &no) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// traffic is what operators and the clock do.
func (r *replicas) traffic(t *rapid.T, e *engine.Engine, what string) error {
	ctx := context.Background()
	operator := rapid.SampledFrom([]string{"green", "red"}).Draw(t, "operator")
	switch what {
	case "place":
		p := ask(fmt.Sprint(r.asked), r.cell(t), rapid.IntRange(1, 5).Draw(t, "n"))
		p.Operator, p.Reserve = operator, rapid.IntRange(0, 3).Draw(t, "reserve") == 0
		g, err := e.Place(ctx, p)
		if err == nil {
			r.placed = append(r.placed, g.ID)
		}
		return err
	case "remove":
		if len(r.placed) == 0 {
			return nil
		}
		id := rapid.SampledFrom(r.placed).Draw(t, "which")
		_, err := e.Settle(ctx, engine.Settlement{
			Verb: engine.Remove, Operator: id.Operator(), Sector: "bike", Placement: id,
			Key: fmt.Sprint("r", r.asked),
		})
		return err
	case "wait":
		r.h.clock.advance(time.Duration(rapid.IntRange(1, 90).Draw(t, "minutes")) * time.Minute)
		return nil
	}
	return e.Enact(ctx)
}

// cell is one of three, so that they meet.
func (r *replicas) cell(t *rapid.T) geo.Cell {
	cells := []geo.Cell{r.h.middle, r.h.outer[0], r.h.outer[1]}
	return rapid.SampledFrom(cells).Draw(t, "cell")
}

// publish drafts a plan and puts it in force at once.
func (r *replicas) publish(t *rapid.T, e *engine.Engine) error {
	plan := rapid.SampledFrom(r.plans).Draw(t, "plan")
	p, err := e.Draft(context.Background(), clerk(), plan, nil, engine.Terms{})
	if err == nil {
		_, err = e.Enforce(context.Background(), mayor(), p.ID, "a test")
	}
	return err
}

func (r *replicas) terms(t *rapid.T) engine.Terms {
	now := r.h.clock.Now()
	hours := func(name string) time.Time {
		n := rapid.IntRange(0, 3).Draw(t, name)
		return now.Add(time.Duration(n) * time.Hour)
	}
	return engine.Terms{ObjectionsUntil: hours("window"), EffectiveAt: hours("effective")}
}

// publication is one of those there are, most often.
func (r *replicas) publication(t *rapid.T) string {
	all := r.h.Publications()
	i := rapid.IntRange(0, min(len(all), 5)).Draw(t, "publication")
	if i == len(all) {
		return "none"
	}
	return all[i].ID
}

func (r *replicas) acknowledge(t *rapid.T, e *engine.Engine) error {
	orders := e.Orders("")
	if len(orders) == 0 {
		return nil
	}
	o := rapid.SampledFrom(orders).Draw(t, "order")
	_, err := e.Acknowledge(context.Background(), company(o.Operator), o.ID)
	return err
}

// newReplicas returns two engines of the hall's city.
func newReplicas(tb testing.TB) *replicas {
	tb.Helper()
	h := newHall(tb, nil, func(c *engine.Config) { c.Chunk, c.Instance = 3, "second" })
	r := &replicas{h: h, store: &hooked{Store: h.store}}
	for _, city := range []*engine.Snapshot{
		h.city, h.atMost(8), h.atMost(20), h.divided("east"), h.divided("west"), h.alsoScooters(),
	} {
		r.plans = append(r.plans, decided(tb, city))
	}
	r.engines[1] = h.Engine
	r.engines[0] = must[*engine.Engine](tb)(engine.New(engine.Config{
		City: "town", Store: r.store, Clock: h.clock, Chunk: 3, Instance: "first",
	}))
	return r
}

// agree wants both engines, and one that begins now, to tell the same once each has had its turn,
// the log to hold and the books with it.
func (r *replicas) agree(t *rapid.T) {
	for range 2 { // an order that one engine gives the other reads at its next turn
		for _, e := range r.engines {
			if err := e.Enact(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
	}
	fresh, err := engine.New(engine.Config{City: "town", Store: r.h.store, Clock: r.h.clock})
	if err != nil {
		t.Fatal(err)
	}
	want := truthOf(r.h.tb, fresh, r.h.clock.Now())
	for i, e := range r.engines {
		if err := e.Enact(context.Background()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, truthOf(r.h.tb, e, r.h.clock.Now())); diff != "" {
			t.Fatalf("engine %d tells another truth (-fresh +engine):\n%s", i, diff)
		}
		if _, err := e.VerifyLog(context.Background()); err != nil {
			t.Fatal(err)
		}
		if c, err := e.Check(context.Background()); err != nil || !c.Holds {
			t.Fatalf("the books of engine %d: %v, %+v", i, err, c)
		}
	}
	open := map[engine.Level]bool{} // as a level is over, so it is ordered
	for _, o := range fresh.Orders("") {
		if o.Open() {
			open[o.Level] = true
		}
	}
	for _, q := range want.Quotas {
		over := q.Room < 0 && (q.Tier == engine.TierCellOperator || q.Tier == engine.TierOperatorCity)
		if over != open[q.Level] && q.Operator != "" && q.Tier != engine.TierOperatorDistrict {
			t.Fatalf("%s has room %d, and its order is open: %v", q.Level, q.Room, open[q.Level])
		}
	}
}

// TestReplicasKeepOneTruth: two engines take turns in random order.
func TestReplicasKeepOneTruth(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newReplicas(t)
		for range rapid.IntRange(10, 50).Draw(rt, "steps") {
			if err := r.step(rt, r.engines[rapid.IntRange(0, 1).Draw(rt, "engine")]); err != nil {
				rt.Fatal(err)
			}
		}
		r.agree(rt)
	})
}

// TestReplicasInterrupted: in the middle of what the first engine does, before or after any of its
// calls to the store, the second does something whole.
func TestReplicasInterrupted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newReplicas(t)
		var fault error
		interrupt := func(string) error {
			if fault == nil && rapid.IntRange(0, 3).Draw(rt, "interrupt") == 0 {
				fault = r.step(rt, r.engines[1])
			}
			return nil
		}
		for range rapid.IntRange(5, 20).Draw(rt, "steps") {
			r.store.before, r.store.after = interrupt, interrupt
			err := r.step(rt, r.engines[0])
			r.store.before, r.store.after = nil, nil
			if err = errors.Join(err, fault); err != nil && !errors.Is(err, engine.ErrConflict) {
				rt.Fatal(err)
			}
		}
		r.agree(rt)
	})
}
