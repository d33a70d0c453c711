package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

// poolCases hold totals over several scopes.
func poolCases() []testCase {
	return []testCase{
		{"a scope draws up to the pool's cap", draws},
		{"a transfer again draws nothing and tells the same", drawsAgain},
		{"two scopes never draw more than the cap", drawTwo},
		{"a cap below what is drawn stops further draws", drawsStop},
		{"a placement is charged to what was drawn", poolCharges},
		{"a scope returns what it doesn't use, all but what it keeps", poolReturns},
		{"what a scope uses is not returned", poolReturnsIdle},
		{"a publication leaves what was drawn", poolOutlivesPlan},
		{"a pool that nobody set is dry", poolUnset},
		{"nothing to settle is no error", settlesNothing},
	}
}

// pool returns a pool of the bench's own, with a cap.
func (b *bench) pool(limit int) string {
	b.Helper()
	id := "nation-" + b.scope.City
	if err := b.store.SetPool(b.Context(), id, limit); err != nil {
		b.Fatalf("SetPool: %v", err)
	}
	return id
}

// draw draws n and wants so many.
func (b *bench) draw(pool, transfer string, n, want int) {
	b.Helper()
	got, err := b.store.Draw(b.Context(), pool, b.scope, transfer, n, b.now)
	if err != nil || got != want {
		b.Errorf("Draw %s of %d = %d, %v, want %d", transfer, n, got, err, want)
	}
}

// giveBack returns all but keep and wants so many.
func (b *bench) giveBack(pool, transfer string, keep, want int) {
	b.Helper()
	got, err := b.store.Return(b.Context(), pool, b.scope, transfer, keep, b.now)
	if err != nil || got != want {
		b.Errorf("Return %s, keep %d = %d, %v, want %d", transfer, keep, got, err, want)
	}
}

// drawn wants a pool's cap and what each scope has drawn, and the scope's cap of it.
func (b *bench) drawn(pool string, limit int, want map[engine.Scope]int) {
	b.Helper()
	gotLimit, got, err := b.store.PoolState(b.Context(), pool)
	if err != nil || gotLimit != limit {
		b.Errorf("PoolState: cap %d, %v, want %d", gotLimit, err, limit)
	}
	if got == nil {
		got = map[engine.Scope]int{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("drawn (-want +got):\n%s", diff)
	}
	b.read(func(l *engine.Ledger) {
		if c, _ := l.Count(engine.PoolLevel(pool)); c.Cap != want[b.scope] {
			b.Errorf("the scope's cap is %d, want %d", c.Cap, want[b.scope])
		}
	})
}

func draws(b *bench) {
	pool := b.pool(100)
	b.draw(pool, "1", 64, 64)
	b.drawn(pool, 100, map[engine.Scope]int{b.scope: 64})
	b.draw(pool, "2", 64, 36)
	b.draw(pool, "3", 64, 0)
	b.drawn(pool, 100, map[engine.Scope]int{b.scope: 100})
}

func drawsAgain(b *bench) {
	pool := b.pool(100)
	b.draw(pool, "1", 64, 64)
	b.draw(pool, "1", 64, 64)
	b.drawn(pool, 100, map[engine.Scope]int{b.scope: 64})
	b.giveBack(pool, "2", 60, 4)
	b.giveBack(pool, "2", 60, 4)
	b.drawn(pool, 100, map[engine.Scope]int{b.scope: 60})
}

func drawTwo(b *bench) {
	pool := b.pool(100)
	other := newBench(b.T, b.store)
	b.draw(pool, "1", 70, 70)
	other.draw(pool, "2", 70, 30)
	both := map[engine.Scope]int{b.scope: 70, other.scope: 30}
	b.drawn(pool, 100, both)
	other.drawn(pool, 100, both)
	b.giveBack(pool, "3", 20, 50)
	other.draw(pool, "4", 70, 50)
	b.drawn(pool, 100, map[engine.Scope]int{b.scope: 20, other.scope: 80})
}

func drawsStop(b *bench) {
	pool := b.pool(100)
	b.draw(pool, "1", 64, 64)
	b.pool(50)
	b.draw(pool, "2", 10, 0)
	b.drawn(pool, 50, map[engine.Scope]int{b.scope: 64})
	b.giveBack(pool, "3", 44, 20)
	b.draw(pool, "4", 10, 6)
	b.drawn(pool, 50, map[engine.Scope]int{b.scope: 50})
}

// pooled returns an ask that is charged to a pool too.
func (b *bench) pooled(pool string, verb engine.Verb, key string, n int) engine.Ask {
	a := b.ask(verb, key, n)
	a.Levels = append(a.Levels, engine.PoolLevel(pool))
	return a
}

func poolCharges(b *bench) {
	pool := b.pool(8)
	level := engine.PoolLevel(pool)
	b.publish(nil)
	b.no(b.pooled(pool, engine.Place, "a", 1), engine.Denial{
		Rule: engine.RulePoolFull, Level: level,
	})
	b.draw(pool, "1", 5, 5)
	if got := b.yes(b.pooled(pool, engine.Place, "a", 4)); got.Left != 1 {
		b.Errorf("4 of 5 drawn leave %d, want 1", got.Left)
	}
	b.no(b.pooled(pool, engine.Place, "b", 2), engine.Denial{
		Rule: engine.RulePoolFull, Level: level, Room: 1,
	})
	b.draw(pool, "2", 5, 3)
	b.yes(b.pooled(pool, engine.Reserve, "b", 2))
	b.taken(level, 4, 2)
	b.yes(b.about(engine.Remove, "r", "a", 0))
	b.taken(level, 0, 2)
}

func poolReturns(b *bench) {
	pool := b.pool(100)
	b.publish(nil)
	b.draw(pool, "1", 64, 64)
	b.yes(b.pooled(pool, engine.Place, "a", 10))
	b.yes(b.pooled(pool, engine.Reserve, "b", 4))
	b.giveBack(pool, "2", 20, 30) // 64 less 14 taken less 20 kept
	b.drawn(pool, 100, map[engine.Scope]int{b.scope: 34})
	b.giveBack(pool, "3", 20, 0)
	b.giveBack(pool, "4", 0, 20)
	b.drawn(pool, 100, map[engine.Scope]int{b.scope: 14})
}

func poolReturnsIdle(b *bench) {
	pool := b.pool(100)
	b.publish(nil)
	b.draw(pool, "1", 10, 10)
	b.yes(b.pooled(pool, engine.Place, "a", 10))
	b.giveBack(pool, "2", 0, 0)
	b.yes(b.about(engine.Remove, "r", "a", 0))
	b.giveBack(pool, "3", 0, 10)
	b.drawn(pool, 100, map[engine.Scope]int{})
}

func poolOutlivesPlan(b *bench) {
	pool := b.pool(100)
	b.draw(pool, "1", 10, 10)
	b.publish(nil)
	b.yes(b.pooled(pool, engine.Place, "a", 6))
	b.publish(nil)
	b.taken(engine.PoolLevel(pool), 6, 0)
	b.drawn(pool, 100, map[engine.Scope]int{b.scope: 10})
	b.yes(b.pooled(pool, engine.Place, "b", 4))
}

func poolUnset(b *bench) {
	pool := "unset-" + b.scope.City
	b.draw(pool, "1", 10, 0)
	b.drawn(pool, 0, map[engine.Scope]int{})
}

func settlesNothing(b *bench) {
	pool := b.pool(100)
	b.draw(pool, "1", 10, 10)
	if n, err := b.store.Settle(b.Context(), pool, b.now); n != 0 || err != nil {
		b.Errorf("Settle = %d, %v, want 0", n, err)
	}
	b.drawn(pool, 100, map[engine.Scope]int{b.scope: 10})
}

// Halves does the first step of a transfer and then stops, as a crash would.
type Halves struct {
	// Draw takes n off the pool for a scope, which doesn't get them.
	Draw func(t *testing.T, pool string, s engine.Scope, transfer string, n int)
	// Return takes n off a scope's share, which the pool doesn't get back.
	Return func(t *testing.T, pool string, s engine.Scope, transfer string, n int)
}

// RunSettle judges what a store makes of transfers that a crash cut in two. A store whose transfers
// are one step has no use for it.
func RunSettle(t *testing.T, store engine.Store, cut Halves) {
	t.Run("a draw cut in two arrives once", func(t *testing.T) {
		b := newBench(t, store)
		pool := b.pool(100)
		cut.Draw(t, pool, b.scope, "1", 40)
		b.draw(pool, "other", 100, 60)
		b.settles(pool, 1)
		b.settles(pool, 0)
		b.draw(pool, "1", 40, 40)
		b.drawn(pool, 100, map[engine.Scope]int{b.scope: 100})
	})
	t.Run("a draw cut in two is completed by its repetition", func(t *testing.T) {
		b := newBench(t, store)
		pool := b.pool(100)
		cut.Draw(t, pool, b.scope, "1", 40)
		b.draw(pool, "1", 40, 40)
		b.settles(pool, 0)
		b.drawn(pool, 100, map[engine.Scope]int{b.scope: 40})
	})
	t.Run("a return cut in two arrives once", func(t *testing.T) {
		b := newBench(t, store)
		pool := b.pool(100)
		b.draw(pool, "1", 100, 100)
		cut.Return(t, pool, b.scope, "2", 30)
		b.draw(pool, "3", 1, 0)
		b.settles(pool, 1)
		b.settles(pool, 0)
		b.drawn(pool, 100, map[engine.Scope]int{b.scope: 70})
		b.draw(pool, "4", 50, 30)
	})
}

// settles settles and wants so many transfers completed.
func (b *bench) settles(pool string, want int) {
	b.Helper()
	n, err := b.store.Settle(b.Context(), pool, b.now.Add(time.Hour))
	if err != nil || n != want {
		b.Errorf("Settle = %d, %v, want %d", n, err, want)
	}
}
