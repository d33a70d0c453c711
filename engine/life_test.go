package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

// TestLifeOfAPlacement: reserve 5, commit 3 of them, move 2, remove the last one.
func TestLifeOfAPlacement(t *testing.T) { onEachStore(t, life) }

func life(t *testing.T, on func(*engine.Config)) {
	h := newHall(t, nil, on)
	p := ask("hold", h.outer[0], 5)
	p.Reserve, p.Hold = true, time.Minute
	g := h.place(p)
	if g.State != engine.Held || !g.Expires.Equal(noon().Add(time.Minute)) {
		t.Fatalf("got %+v, want a lease of a minute", g)
	}
	step := func(s engine.Settlement) engine.Grant {
		t.Helper()
		s.Operator, s.Sector = "green", "bike"
		g, err := h.Settle(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	if g := step(engine.Settlement{
		Verb: engine.Commit, Key: "commit", Placement: "green:hold", N: 3,
	}); g.N != 3 || g.Left != 3 {
		t.Errorf("commits %d, %d left, want 3 and 3", g.N, g.Left)
	}
	moved := step(engine.Settlement{
		Verb: engine.Move, Key: "move", Placement: "green:hold", N: 2, To: h.middle.Center(),
	})
	if moved.Cell != h.middle || moved.N != 2 || moved.Left != 13 {
		t.Errorf("moved %+v", moved)
	}
	if g := step(engine.Settlement{
		Verb: engine.Remove, Key: "remove", Placement: "green:hold",
	}); g.N != 1 || g.Left != 0 {
		t.Errorf("removes %d, %d left, want 1 and 0", g.N, g.Left)
	}
	for name, tt := range map[string]struct {
		s    engine.Settlement
		want engine.Rule
	}{
		"what is gone can't be removed": {
			engine.Settlement{Verb: engine.Remove, Key: "2", Placement: "green:hold"},
			engine.RuleNotStood,
		},
		"another's placement is unknown": {
			engine.Settlement{Verb: engine.Remove, Key: "3", Placement: "red:hold"},
			engine.RuleUnknown,
		},
		"a name that no placement has is unknown": {
			engine.Settlement{Verb: engine.Remove, Key: "4", Placement: "a|b,c"},
			engine.RuleUnknown,
		},
		"more than there is": {
			engine.Settlement{Verb: engine.Remove, Key: "5", Placement: "green:move", N: 3},
			engine.RuleTooMany,
		},
		"what stands can't be released": {
			engine.Settlement{Verb: engine.Release, Key: "6", Placement: "green:move"},
			engine.RuleNotHeld,
		},
		"to where it stands": {
			engine.Settlement{
				Verb: engine.Move, Key: "7", Placement: "green:move", To: h.middle.Center(),
			},
			engine.RuleSamePlace,
		},
	} {
		tt.s.Operator, tt.s.Sector = "green", "bike"
		_, err := h.Settle(t.Context(), tt.s)
		if no := refused(t, err); no.Rule != tt.want {
			t.Errorf("%s: got %s, want %s", name, no.Rule, tt.want)
		}
	}
}

// TestRetryIsToldTheFirstAnswer whatever has come since: a ban, another plan, the vehicles' end.
func TestRetryIsToldTheFirstAnswer(t *testing.T) { onEachStore(t, retry) }

func retry(t *testing.T, on func(*engine.Config)) {
	h := newHall(t, nil, on)
	first := h.place(ask("k", h.middle, 2))
	ban := engine.Zone{ID: "ban", Kind: engine.ZoneBan, Shape: around(h.middle.Center(), 200)}
	if err := h.SetZones(t.Context(), mayor(), []engine.Zone{ban}); err != nil {
		t.Fatal(err)
	}
	again := h.place(ask("k", h.middle, 2))
	first.Replayed = true
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the retry is told another answer (-first +again):\n%s", diff)
	}
	_, err := h.Place(t.Context(), ask("k", h.middle, 3))
	if no := refused(t, err); no.Rule != engine.RuleMismatch {
		t.Errorf("the key with another body gives %s", no.Rule)
	}
	_, err = h.Place(t.Context(), ask("new", h.middle, 2))
	if no := refused(t, err); no.Rule != engine.RuleNoParking {
		t.Errorf("a new ask gives %s", no.Rule)
	}
}

// TestAnotherEnginesPublication: an engine that hasn't read the log yet learns of it by being
// refused, and answers under it.
func TestAnotherEnginesPublication(t *testing.T) {
	h := newHall(t, nil)
	other, err := engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock})
	if err != nil {
		t.Fatal(err)
	}
	before := other.InForce().Epoch
	h.city.Sectors[0].Max = 70
	h.publish(nil)
	g, err := other.Place(t.Context(), ask("k", h.middle, 1))
	if err != nil {
		t.Fatal(err)
	}
	if g.Epoch <= before || g.Epoch != h.InForce().Epoch {
		t.Errorf("granted under %d, want %d", g.Epoch, h.InForce().Epoch)
	}
}

// TestPlaceAll: each ask is answered on its own, and later ones see what earlier ones took.
func TestPlaceAll(t *testing.T) { onEachStore(t, placeAll) }

func placeAll(t *testing.T, on func(*engine.Config)) {
	h := newHall(t, nil, on)
	boat := ask("d", h.middle, 1)
	boat.Sector = "boat"
	outcomes, err := h.PlaceAll(t.Context(), []engine.Placement{
		ask("a", h.outer[0], 3), ask("b", h.outer[0], 3), ask("c", h.outer[0], 2), boat,
		ask("", h.middle, 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range outcomes {
		var no *engine.Refusal
		switch {
		case o.Err == nil:
			got = append(got, fmt.Sprint(o.Grant.N))
		case errors.As(o.Err, &no):
			got = append(got, string(no.Rule))
		default:
			got = append(got, "error")
		}
	}
	want := []string{"3", "cell-operator-full", "2", "unknown-sector", "error"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("PlaceAll (-want +got):\n%s", diff)
	}
	granted, refusals := h.Counts()
	if granted != 2 || refusals[engine.RuleCellOperatorFull] != 1 || len(refusals) != 2 {
		t.Errorf("counts %d granted, %v refused", granted, refusals)
	}
}

// TestPoolIsDrawnAsNeeded: a pool of 22 for both operators, drawn in chunks of 4, serves asks
// larger than a chunk and whole batches to its last vehicle, and no further.
func TestPoolIsDrawnAsNeeded(t *testing.T) { onEachStore(t, dryPool) }

func dryPool(t *testing.T, on func(*engine.Config)) {
	h := newHall(t, nil, on, func(c *engine.Config) { c.Chunk = 4 })
	if err := h.SetPool(t.Context(), mayor(), engine.Pool{ID: "region", Cap: 22}); err != nil {
		t.Fatal(err)
	}
	h.place(ask("big", h.middle, 15))
	outcomes, err := h.PlaceAll(t.Context(), []engine.Placement{
		ask("1", h.outer[0], 2), ask("2", h.outer[1], 2), ask("3", h.outer[2], 2),
		ask("4", h.outer[3], 2), ask("5", h.outer[4], 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	total := 15
	for _, o := range outcomes {
		if o.Err == nil {
			total += o.Grant.N
		} else if no := refused(t, o.Err); no.Rule != engine.RulePoolFull || no.Of != "region" {
			t.Errorf("refused by %s of %s", no.Rule, no.Of)
		}
	}
	if total != 22 {
		t.Errorf("%d vehicles stand, want the pool's 22", total)
	}
}

// TestCrowd: 32 askers at once, whose asks overlap in every tier, never get more than there is.
func TestCrowd(t *testing.T) { onEachStore(t, crowd) }

func crowd(t *testing.T, on func(*engine.Config)) {
	h := newHall(t, nil, on, func(c *engine.Config) { c.Chunk = 3 })
	if err := h.SetPool(t.Context(), mayor(), engine.Pool{ID: "region", Cap: 40}); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	granted := 0
	var wg sync.WaitGroup
	for w := range 32 {
		wg.Go(func() {
			for i := range 8 {
				p := ask(fmt.Sprintf("%d-%d", w, i), h.outer[(w+i)%6], 1+i%2)
				if w%2 == 0 {
					p.Operator = "red"
				}
				if g, err := h.Place(context.Background(), p); err == nil {
					mu.Lock()
					granted += g.N
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	quotas, _, err := h.Quotas(t.Context(), "bike", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range quotas {
		if q.Room < 0 || q.Room != q.Cap-q.Standing-q.Held {
			t.Errorf("level %s: %+v", q.Level, q)
		}
		if q.Level == engine.CityLevel && q.Standing != granted {
			t.Errorf("%d stand, %d were granted", q.Standing, granted)
		}
	}
	if granted != 40 {
		t.Errorf("%d granted, want the pool's 40", granted)
	}
}
