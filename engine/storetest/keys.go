package storetest

import (
	"github.com/stint-city/stint/engine"
)

// keyCases hold the idempotency keys: an effect is remembered, a refusal is not.
func keyCases() []testCase {
	return []testCase{
		{"a key asked again is told the first answer and charges nothing", replays},
		{"a key twice in one batch is charged once", twiceInABatch},
		{"a key used for something else is refused", reused},
		{"two operators may use the same key", sameKeyTwoOperators},
		{"a refused key may be asked again", refusalForgotten},
		{"a refusal in a batch doesn't answer the same key later in it", refusalForgottenInABatch},
		{"the first answer stays whatever became of the placement", replayAfterLife},
		{"the first answer stays when another plan is in force or none is open", replayAfterPlans},
		{"a change asked again is told the first answer", changeReplayed},
	}
}

// again asks what was asked before and wants the same answer.
func (b *bench) again(a engine.Ask, first engine.Record) {
	b.Helper()
	b.wantAnswer(b.do(a)[0], engine.Answer{ID: a.ID, Record: first, Replayed: true})
}

func replays(b *bench) {
	b.publish(nil)
	for _, verb := range []engine.Verb{engine.Place, engine.Reserve} {
		a := b.ask(verb, string(verb), 3)
		first := b.yes(a)
		b.again(a, first)
		b.again(a, first)
	}
	b.takenAll(3, 3)
}

func twiceInABatch(b *bench) {
	b.publish(nil)
	a := b.ask(engine.Place, "a", 3)
	got := b.do(a, b.ask(engine.Place, "b", 1), a)
	want := got[0]
	want.Replayed = true
	b.wantAnswer(got[2], want)
	b.takenAll(4, 0)
}

func reused(b *bench) {
	b.publish(nil)
	first := b.yes(b.ask(engine.Place, "a", 3))
	mismatch := engine.Denial{Rule: engine.RuleMismatch}
	b.no(b.ask(engine.Place, "a", 4), mismatch)
	b.no(b.ask(engine.Reserve, "a", 3), mismatch)
	b.no(b.about(engine.Remove, "a", "a", 3), mismatch)
	b.takenAll(3, 0)
	b.again(b.ask(engine.Place, "a", 3), first)
}

func sameKeyTwoOperators(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 3))
	b.yes(b.askBy("bee", here, engine.Place, "a", 4))
	b.taken(engine.OperatorLevel("ant"), 3, 0)
	b.taken(engine.OperatorLevel("bee"), 4, 0)
	b.taken(engine.CellLevel(here), 7, 0)
}

func refusalForgotten(b *bench) {
	b.publish(map[engine.Level]int{engine.CityLevel: 3})
	b.yes(b.ask(engine.Place, "a", 3))
	ask := b.ask(engine.Place, "b", 1)
	b.no(ask, engine.Denial{Rule: engine.RuleCityFull, Level: engine.CityLevel})
	if r, ok := b.record("b"); ok {
		b.Errorf("a refusal is remembered: %+v", r)
	}
	b.yes(b.about(engine.Remove, "c", "a", 2))
	b.yes(ask)
}

func refusalForgottenInABatch(b *bench) {
	b.publish(map[engine.Level]int{engine.CityLevel: 3})
	ask := b.ask(engine.Place, "b", 2)
	got := b.do(b.ask(engine.Place, "a", 3), ask, b.about(engine.Remove, "c", "a", 2), ask)
	if got[1].No == nil || got[3].No != nil || got[3].Replayed {
		b.Errorf("answers %+v and %+v, want a refusal, then a first grant", got[1], got[3])
	}
	b.takenAll(3, 0)
}

func replayAfterLife(b *bench) {
	b.publish(nil)
	held, given := b.ask(engine.Reserve, "held", 4), b.ask(engine.Reserve, "given", 3)
	placed := b.ask(engine.Place, "placed", 5)
	first := map[engine.ID]engine.Record{}
	for _, a := range []engine.Ask{held, given, placed} {
		first[a.ID] = b.yes(a)
	}
	b.yes(b.about(engine.Commit, "c", "held", 2))
	b.yes(b.about(engine.Release, "r", "given", 0))
	b.yes(b.about(engine.Remove, "m", "placed", 0))
	for _, a := range []engine.Ask{held, given, placed} {
		b.again(a, first[a.ID])
	}
	b.takenAll(2, 0)
}

func replayAfterPlans(b *bench) {
	b.publish(nil)
	a := b.ask(engine.Place, "a", 4)
	first := b.yes(a)
	b.publish(map[engine.Level]int{engine.CityLevel: 0})
	b.again(a, first)
	if err := b.store.Shut(b.Context(), b.scope, "relevel", b.now); err != nil {
		b.Fatal(err)
	}
	b.again(a, first)
	b.no(b.ask(engine.Place, "a", 5), engine.Denial{Rule: engine.RuleMismatch})
}

func changeReplayed(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 5))
	b.yes(b.ask(engine.Place, "b", 5))
	for _, a := range []engine.Ask{
		b.about(engine.Release, "r", "a", 1), b.about(engine.Commit, "c", "a", 3),
		b.about(engine.Remove, "m", "b", 2), b.moveTo(there, "v", "b", 1),
	} {
		first := b.yes(a)
		b.again(a, first)
	}
	b.taken(engine.CellLevel(here), 5, 0)
	b.taken(engine.CellLevel(there), 1, 0)
}
