package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
)

// twoCities are the made town and a hamlet like it, on one store, with a pool over both of so many
// vehicles, drawn in chunks of three.
func twoCities(tb testing.TB, limit int, operators ...string) [2]*hall {
	tb.Helper()
	store := mem.New()
	var both [2]*hall
	for i, id := range []string{"town", "hamlet"} {
		city := town(tb)
		city.City.ID, city.City.Resolution = id, 9
		city.Operators = []engine.Operator{operator("green", -1), operator("red", -1)}
		city.Sheets[0], city.Sheets[1] = sheet("green", 0.8), sheet("red", 0.8)
		h := newHallOf(tb, city, nil, func(c *engine.Config) {
			c.Store, c.Chunk, c.Instance = store, 3, id
		})
		h.store = store
		for _, c := range h.plan.Sectors[0].Cells {
			if c.Total == 30 {
				h.middle = c.Cell
			}
		}
		h.outer = h.middle.Ring(1)
		pool := engine.Pool{ID: "region", Cap: limit, Operators: operators}
		if err := h.SetPool(tb.Context(), mayor(), pool); err != nil {
			tb.Fatal(err)
		}
		both[i] = h
	}
	return both
}

// standing returns what stands in a city.
func (h *hall) standing(operator string) int {
	h.tb.Helper()
	level := engine.CityLevel
	if operator != "" {
		level = engine.OperatorLevel(operator)
	}
	return h.quota("bike", level).Standing
}

// drawn returns the sum of what was drawn of a pool, which is never more than its cap was.
func (h *hall) drawn() (sum int) {
	h.tb.Helper()
	_, all, err := h.store.PoolState(h.tb.Context(), "region")
	if err != nil {
		h.tb.Fatal(err)
	}
	for _, n := range all {
		sum += n
	}
	return sum
}

func TestAPoolOverTwoCitiesIsGivenOutOnce(t *testing.T) {
	both := twoCities(t, 40)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			h := both[i%2]
			for k := range 6 {
				p := ask(fmt.Sprint(i, "-", k), h.outer[(i+k)%6], 1)
				p.Key = fmt.Sprintf("%d-%d", i, k)
				p.Operator = []string{"green", "red"}[i/2%2]
				_, err := h.Place(context.Background(), p)
				if no := (*engine.Refusal)(nil); err != nil && !errors.As(err, &no) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	// 96 were asked for. A city may hold a chunk's rest that the other could have used.
	if sum := both[0].standing("") + both[1].standing(""); sum > 40 || sum < 36 {
		t.Errorf("%d stand, want 40 or up to two short of it for each city", sum)
	}
	if n := both[0].drawn(); n != 40 {
		t.Errorf("%d are drawn, want 40", n)
	}
	both[0].holds()
	both[1].holds()
}

// A pool of one operator is nothing to another.
func TestAPoolOfOneOperator(t *testing.T) {
	both := twoCities(t, 4, "green")
	h := both[0]
	h.place(ask("1", h.middle, 4))
	_, err := h.Place(t.Context(), ask("2", h.outer[0], 1))
	if no := refused(t, err); no.Rule != engine.RulePoolFull || no.Of != "region" {
		t.Errorf("refused by %s of %s", no.Rule, no.Of)
	}
	red := ask("3", h.outer[0], 5)
	red.Operator = "red"
	h.place(red)
	_, err = both[1].Place(t.Context(), ask("4", both[1].outer[0], 1))
	if no := refused(t, err); no.Rule != engine.RulePoolFull {
		t.Errorf("refused by %s", no.Rule)
	}
}

// A lower cap takes nothing away and gives nothing out until so much has been removed and returned.
func TestAPoolsCapIsLowered(t *testing.T) {
	h := twoCities(t, 12)[0]
	h.place(ask("1", h.middle, 12))
	before := h.InForce().Epoch
	pool := engine.Pool{ID: "region", Cap: 6}
	if err := h.SetPool(t.Context(), mayor(), pool); err != nil {
		t.Fatal(err)
	}
	if now := h.InForce().Epoch; now <= before {
		t.Errorf("epoch %d after %d", now, before)
	}
	if n := h.standing(""); n != 12 {
		t.Errorf("%d stand, want 12 as before", n)
	}
	_, err := h.Place(t.Context(), ask("2", h.outer[0], 1))
	if no := refused(t, err); no.Rule != engine.RulePoolFull {
		t.Errorf("refused by %s", no.Rule)
	}
	h.holds()
}

// A pool set later counts what stands already.
func TestAPoolCountsWhatStoodBefore(t *testing.T) {
	h := newHall(t, nil)
	h.place(ask("1", h.middle, 9))
	if err := h.SetPool(t.Context(), mayor(), engine.Pool{ID: "region", Cap: 10}); err != nil {
		t.Fatal(err)
	}
	h.place(ask("2", h.outer[0], 1))
	_, err := h.Place(t.Context(), ask("3", h.outer[1], 1))
	if no := refused(t, err); no.Rule != engine.RulePoolFull {
		t.Errorf("refused by %s", no.Rule)
	}
	h.holds()
}

func TestSetPoolChecksThePool(t *testing.T) {
	h := newHall(t, nil)
	tests := map[string]engine.Pool{
		"no name":            {Cap: 1},
		"a name with a bar":  {ID: "a|b", Cap: 1},
		"a cap less than 0":  {ID: "region", Cap: -1},
		"a name that breaks": {ID: "a\nb", Cap: 1},
	}
	for name, pool := range tests {
		t.Run(name, func(t *testing.T) {
			if err := h.SetPool(t.Context(), mayor(), pool); !errors.Is(err, engine.ErrAsk) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestPoolsNeverGiveMoreThanTheyHave: whatever two cities ask and remove in which order, what
// stands in both is never more than the pool, and what is drawn neither.
func TestPoolsNeverGiveMoreThanTheyHave(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		limit := rapid.IntRange(0, 30).Draw(rt, "cap")
		both := twoCities(t, limit)
		stand := [2]map[engine.ID]int{{}, {}}
		for i := range rapid.IntRange(1, 40).Draw(rt, "steps") {
			at := rapid.IntRange(0, 1).Draw(rt, "city")
			h := both[at]
			key := fmt.Sprint(i)
			switch rapid.IntRange(0, 4).Draw(rt, "what") {
			case 0:
				for id := range stand[at] {
					g, err := h.Settle(context.Background(), engine.Settlement{
						Verb: engine.Remove, Operator: id.Operator(), Sector: "bike", Key: key,
						Placement: id,
					})
					if err != nil {
						rt.Fatal(err)
					}
					delete(stand[at], g.Placement)
					break
				}
			case 1:
				if err := h.TidyPools(context.Background()); err != nil {
					rt.Fatal(err)
				}
			default:
				p := ask(key, h.outer[i%6], rapid.IntRange(1, 5).Draw(rt, "n"))
				if g, err := h.Place(context.Background(), p); err == nil {
					stand[at][g.ID] = g.N
				}
			}
			sum := 0
			for _, city := range stand {
				for _, n := range city {
					sum += n
				}
			}
			if drawn := h.drawn(); sum > drawn || drawn > limit {
				rt.Fatalf("%d stand and %d are drawn of %d", sum, drawn, limit)
			}
		}
		both[0].holds()
		both[1].holds()
	})
}

// What lies idle beyond a chunk goes back, and the other city has it.
func TestIdlePartsOfAPoolGoBack(t *testing.T) {
	both := twoCities(t, 12)
	h := both[0]
	h.place(ask("1", h.middle, 12))
	h.removes("r", "green:1", 0)
	_, err := both[1].Place(t.Context(), ask("2", both[1].middle, 9))
	if no := refused(t, err); no.Rule != engine.RulePoolFull {
		t.Errorf("refused by %s", no.Rule)
	}
	if err := h.TidyPools(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := map[engine.Scope]int{{City: "town", Sector: "bike"}: 3}
	_, drawn, err := h.store.PoolState(t.Context(), "region")
	if diff := cmp.Diff(want, drawn); diff != "" || err != nil {
		t.Errorf("drawn (-want +got): %v\n%s", err, diff)
	}
	both[1].place(ask("2", both[1].middle, 9))
}
