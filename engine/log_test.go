package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
)

// forged is a store whose log and documents somebody has changed.
type forged struct {
	engine.Store
	log       func([]engine.Entry) []engine.Entry
	documents func(name string, data []byte) []byte
}

func (f *forged) Log(
	ctx context.Context, city string, after int64, limit int,
) ([]engine.Entry, error) {
	all, err := f.Store.Log(ctx, city, 0, 1000)
	if f.log != nil {
		all = f.log(slices.Clone(all))
	}
	first := min(int(after), len(all))
	return all[first:min(first+limit, len(all))], err
}

func (f *forged) Document(ctx context.Context, city, name string) ([]byte, error) {
	data, err := f.Store.Document(ctx, city, name)
	if f.documents != nil {
		data = f.documents(name, slices.Clone(data))
	}
	return data, err
}

// TestVerifyLogFinds: whoever changes the log of a running city is found out, also where every hash
// is made to fit again.
func TestVerifyLogFinds(t *testing.T) {
	rewritten := func(all []engine.Entry) []engine.Entry {
		all[2].By = "nobody"
		var last *engine.Entry
		for i := range all {
			all[i], _ = all[i].Sealed(last)
			last = &all[i]
		}
		return all
	}
	tests := map[string]struct {
		forge func([]engine.Entry) []engine.Entry
		seq   int64 // of the entry at fault
		why   string
	}{
		"a changed entry": {func(all []engine.Entry) []engine.Entry {
			all[1].By = "nobody"
			return all
		}, 2, "changed"},
		"a missing entry": {func(all []engine.Entry) []engine.Entry {
			return slices.Delete(all, 1, 2)
		}, 2, "missing"},
		"two entries that changed places": {func(all []engine.Entry) []engine.Entry {
			all[1], all[2] = all[2], all[1]
			return all
		}, 2, "missing"},
		"an entry twice": {func(all []engine.Entry) []engine.Entry {
			return slices.Insert(all, 2, all[1])
		}, 3, "reordered"},
		"a log cut short": {func(all []engine.Entry) []engine.Entry {
			return all[:3]
		}, 4, "missing"},
		"a log that is gone": {func([]engine.Entry) []engine.Entry {
			return nil
		}, 1, "missing"},
		"a log written anew with its hashes": {rewritten, 4, "changed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			store := &forged{}
			h := newHall(t, nil, func(c *engine.Config) { store.Store, c.Store = c.Store, store })
			if n, err := h.VerifyLog(t.Context()); n != 4 || err != nil {
				t.Fatalf("before, %d entries hold together, %v", n, err)
			}
			store.log = tt.forge
			n, err := h.VerifyLog(t.Context())
			var got *engine.ChainError
			if !errors.As(err, &got) || got.Seq != tt.seq || got.Why != tt.why || n != tt.seq-1 {
				t.Errorf("%d entries hold together, %v; want entry %d %s", n, err, tt.seq, tt.why)
			}
			checked, err := h.Check(t.Context())
			if err != nil || checked.Holds || checked.Log == "" {
				t.Errorf("the check says %+v, %v", checked, err)
			}
		})
	}
}

// A plan or zones document that was changed, or is gone, is no longer what the log names.
func TestCheckReadsTheDocuments(t *testing.T) {
	store := &forged{}
	h := newHall(t, []engine.Zone{}, func(c *engine.Config) { store.Store, c.Store = c.Store, store })
	for _, kind := range []string{"plan", "zone"} {
		store.documents = func(name string, data []byte) []byte {
			if name[:4] == kind {
				data[len(data)/2] ^= 1
			}
			return data
		}
		checked, err := h.Check(t.Context())
		if err != nil || checked.Holds || len(checked.Faults) != 1 {
			t.Errorf("with a %s changed the check says %+v, %v", kind, checked, err)
		}
	}
	store.documents = nil
	h.holds()
}

// Records that charge other levels than the plan says, and caps that are not the plan's, show.
func TestCheckComparesWithThePlan(t *testing.T) {
	h := newHall(t, nil)
	g := h.place(ask("1", h.middle, 4))
	scope := engine.Scope{City: "town", Sector: "bike"}
	err := h.store.Relevel(t.Context(), scope,
		map[engine.ID][]engine.Level{g.ID: {engine.CityLevel}}, noon())
	if err != nil {
		t.Fatal(err)
	}
	checked, err := h.Check(t.Context())
	if err != nil || checked.Holds || len(checked.Scopes[0].Astray) != 1 {
		t.Errorf("with a placement astray the check says %+v, %v", checked, err)
	}
	other := newHall(t, nil)
	caps, _ := engine.CapsOf(other.plan, "bike", other.InForce().Epoch+1)
	caps.Cap[engine.CityLevel]++
	if err := other.store.Publish(t.Context(), caps, noon()); err != nil {
		t.Fatal(err)
	}
	if err := other.SetZones(t.Context(), mayor(), nil); err != nil { // the same epoch, in the log
		t.Fatal(err)
	}
	checked, err = other.Check(t.Context())
	if err != nil || checked.Holds || len(checked.Scopes[0].Caps) != 1 {
		t.Errorf("with a vehicle too many the check says %+v, %v", checked, err)
	}
}

// TestEveryWordIsInTheLogOnce: eight people file objections through two engines at once; every one
// is in the log, once, and both engines have them in the log's order.
func TestEveryWordIsInTheLogOnce(t *testing.T) {
	h := newHall(t, nil)
	other := must[*engine.Engine](t)(
		engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock}))
	terms := engine.Terms{ObjectionsUntil: noon().AddDate(0, 0, 1)}
	p := must[engine.Publication](t)(h.Draft(t.Context(), clerk(), h.plan, nil, terms))
	must[engine.Publication](t)(h.Announce(t.Context(), clerk(), p.ID, engine.Terms{}))
	const people, words = 8, 10
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			by := engine.Actor{ID: fmt.Sprint("person ", i), Role: engine.RolePublic}
			for k := range words {
				text := fmt.Sprintf("word %d", k)
				for {
					_, err := []*engine.Engine{h.Engine, other}[i%2].Object(
						context.Background(), by, p.ID, text)
					if err == nil {
						break
					}
					if !errors.Is(err, engine.ErrConflict) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	all.Wait()
	h.enact()
	if err := other.Enact(t.Context()); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	mine, theirs := h.Objections(p.ID), other.Objections(p.ID)
	for i, o := range mine {
		seen[o.By+o.Text] = true
		if i >= len(theirs) || theirs[i] != o {
			t.Fatalf("objection %d differs between the engines", i)
		}
	}
	if len(mine) != people*words || len(seen) != people*words {
		t.Errorf("%d objections by %d words, want %d", len(mine), len(seen), people*words)
	}
	h.holds()
}

// lossy is a store whose next append happens without an answer.
type lossy struct {
	engine.Store
	lose bool
}

func (s *lossy) Append(ctx context.Context, city string, e engine.Entry) error {
	if err := s.Store.Append(ctx, city, e); err != nil || !s.lose {
		return err
	}
	s.lose = false
	return engine.ErrUnknownOutcome
}

// An append whose answer was lost is found in the log, and is not made twice.
func TestALostAnswerIsFound(t *testing.T) {
	store := &lossy{}
	h := newHall(t, nil, func(c *engine.Config) { store.Store, c.Store = c.Store, store })
	store.lose = true
	must[engine.Publication](t)(h.Draft(t.Context(), clerk(), h.plan, nil, engine.Terms{}))
	h.place(ask("1", h.middle, 1))
	store.lose = true
	for range 2 {
		if err := h.Count(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	kinds(t, h, "plan.drafted", "plan.announced", "plan.final", "plan.effective",
		"plan.drafted", "asks.counted")
}

// Whatever a log says, an engine reads it or says what is wrong: it never panics.
func FuzzReadLog(f *testing.F) {
	f.Add("plan.drafted", `{"plan":"p","terms":{}}`)
	f.Add("plan.drafted", `{}`)
	f.Add("plan.effective", `{"publication":"1"}`)
	f.Add("pool.set", `{"pool":{"id":"p","cap":-1}}`)
	f.Add("pool.set", `{}`)
	f.Add("order.given", `{"orders":[{"id":"1"}]}`)
	f.Add("order.done", `{"ids":["1","2"]}`)
	f.Add("objection.answered", `{"objection":"7"}`)
	f.Add("asks.counted", `{"refused":null}`)
	f.Add("plan.final", `[]`)
	f.Add("later.kind", `{"publication":1}`)
	f.Fuzz(func(t *testing.T, kind, body string) {
		if !json.Valid([]byte(body)) {
			return
		}
		store := mem.New()
		var last *engine.Entry
		for _, e := range []engine.Entry{
			{Kind: "plan.drafted", Body: json.RawMessage(`{"plan":"p","terms":{}}`)},
			{Kind: "plan.final", Body: json.RawMessage(`{"publication":"1"}`)},
			{Kind: kind, Body: json.RawMessage(body)},
			{Kind: kind, Body: json.RawMessage(body)},
		} {
			sealed, err := e.Sealed(last)
			if err != nil {
				return
			}
			if err := store.Append(t.Context(), "town", sealed); err != nil {
				t.Fatal(err)
			}
			last = &sealed
		}
		e, err := engine.New(engine.Config{City: "town", Store: store})
		if err != nil {
			return
		}
		e.Publications()
		e.Orders("")
		if _, err := e.VerifyLog(t.Context()); err != nil {
			t.Errorf("an engine that has read the log can't verify it: %v", err)
		}
	})
}
