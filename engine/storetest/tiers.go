package storetest

import (
	"context"
	"errors"
	"fmt"

	"github.com/stint-city/stint/engine"
)

// tierCases hold the checks of a grant: every tier, all or nothing, in order.
func tierCases() []testCase {
	cases := []testCase{
		{"a grant charges every level and tells the least room left", charges},
		{"a refusal by the last tier charges no tier", allOrNothing},
		{"the first full level names the refusal", firstNames},
		{"a later ask of a batch sees what an earlier one took", batchInOrder},
		{"five hundred asks at once are answered in order", manyAtOnce},
		{"no asks are no event", noAsks},
		{"before the first plan there is no plan in force", noPlan},
		{"levels of another epoch are stale", stale},
		{"a level that the caps don't know has no quota", noQuota},
		{"two sectors of a city don't touch", twoSectors},
		{"a call whose context has ended changes nothing", endedContext},
	}
	for _, level := range levels(here, "ant") {
		cases = append(cases, fullTier(level))
	}
	return append(cases, fullTier(engine.ZoneLevel("pier 4, west")))
}

// fullTier is the case of one tier that has room for 3 while all others have room for 100.
func fullTier(level engine.Level) testCase {
	name := fmt.Sprintf("the tier %s refuses beyond its cap", level.Tier())
	return testCase{name, func(b *bench) {
		b.publish(map[engine.Level]int{level: 3})
		ask := func(key string, n int) engine.Ask {
			a := b.ask(engine.Place, key, n)
			if level.Tier() == engine.TierZone {
				a.Levels = append([]engine.Level{level}, a.Levels...)
			}
			return a
		}
		if got := b.yes(ask("a", 2)); got.Left != 1 {
			b.Errorf("2 of 3 leave %d, want 1", got.Left)
		}
		b.no(ask("b", 2), engine.Denial{Rule: level.Tier().Full(), Level: level, Room: 1})
		if got := b.yes(ask("c", 1)); got.Left != 0 {
			b.Errorf("3 of 3 leave %d, want 0", got.Left)
		}
		b.no(ask("d", 1), engine.Denial{Rule: level.Tier().Full(), Level: level})
		b.taken(level, 3, 0)
	}}
}

func charges(b *bench) {
	b.publish(map[engine.Level]int{engine.DistrictLevel("south"): 50})
	a := b.ask(engine.Place, "a", 7)
	want := engine.Record{
		Verb: engine.Place, State: engine.Standing, N: 7, First: 7, Left: 43,
		Cell: here, At: a.At, Since: dawn, Epoch: 1, Print: a.Print, Levels: levels(here, "ant"),
	}
	b.wantAnswer(b.do(a)[0], engine.Answer{ID: "ant:a", Record: want})
	held := b.ask(engine.Reserve, "b", 2)
	want = engine.Record{
		Verb: engine.Reserve, State: engine.Held, N: 2, First: 2, Left: 41,
		Cell: here, At: a.At, Expires: dawn + 60_000, Since: dawn, Epoch: 1, Print: held.Print,
		Levels: levels(here, "ant"),
	}
	b.wantAnswer(b.do(held)[0], engine.Answer{ID: "ant:b", Record: want})
	b.takenAll(7, 2)
	b.taken(engine.CellLevel(there), 0, 0)
	b.taken(engine.OperatorLevel("bee"), 0, 0)
}

func allOrNothing(b *bench) {
	b.publish(map[engine.Level]int{engine.CityLevel: 5})
	b.yes(b.ask(engine.Place, "a", 4))
	b.no(b.ask(engine.Place, "b", 2), engine.Denial{
		Rule: engine.RuleCityFull, Level: engine.CityLevel, Room: 1,
	})
	b.takenAll(4, 0)
}

func firstNames(b *bench) {
	b.publish(map[engine.Level]int{
		engine.CityLevel: 5, engine.DistrictLevel("south"): 6, engine.OperatorLevel("ant"): 5,
	})
	b.no(b.ask(engine.Place, "a", 6), engine.Denial{
		Rule: engine.RuleOperatorCityFull, Level: engine.OperatorLevel("ant"), Room: 5,
	})
	b.no(b.ask(engine.Place, "a", 7), engine.Denial{
		Rule: engine.RuleDistrictFull, Level: engine.DistrictLevel("south"), Room: 6,
	})
}

func batchInOrder(b *bench) {
	b.publish(map[engine.Level]int{engine.CellLevel(here): 5})
	got := b.do(
		b.ask(engine.Place, "a", 3), b.ask(engine.Place, "b", 3), b.ask(engine.Place, "c", 2),
		b.about(engine.Remove, "d", "a", 0), b.ask(engine.Reserve, "e", 3),
		b.about(engine.Commit, "f", "e", 2),
	)
	full := engine.Denial{Rule: engine.RuleCellFull, Level: engine.CellLevel(here), Room: 2}
	b.wantAnswer(got[1], engine.Answer{ID: "ant:b", No: &full})
	for i, left := range map[int]int{0: 2, 2: 0, 3: 0, 4: 0, 5: 2} {
		if got[i].No != nil || got[i].Record.Left != left {
			b.Errorf("answer %d = %+v, want a grant that leaves %d", i, got[i], left)
		}
	}
	b.takenAll(4, 0)
}

func manyAtOnce(b *bench) {
	b.publish(map[engine.Level]int{engine.CityLevel: 700, engine.CellLevel(here): 490})
	asks := make([]engine.Ask, 500)
	for i := range asks {
		asks[i] = b.ask(engine.Place, fmt.Sprint(i), 1)
		asks[i].Levels = []engine.Level{engine.CellLevel(here), engine.CityLevel}
	}
	for i, a := range b.do(asks...) {
		switch {
		case i < 490 && (a.No != nil || a.Record.Left != 489-i):
			b.Fatalf("answer %d = %+v, want a grant that leaves %d", i, a, 489-i)
		case i >= 490 && (a.No == nil || a.No.Rule != engine.RuleCellFull):
			b.Fatalf("answer %d = %+v, want %s", i, a, engine.RuleCellFull)
		}
	}
	b.taken(engine.CityLevel, 490, 0)
}

func noAsks(b *bench) {
	b.publish(nil)
	b.do()
	b.read(func(l *engine.Ledger) {
		if want := (engine.EventID{Gen: 1, Seq: 1}); l.Event() != want {
			b.Errorf("last event %s, want %s", l.Event(), want)
		}
	})
}

func noPlan(b *bench) {
	b.no(b.ask(engine.Place, "a", 1), engine.Denial{Rule: engine.RuleNoPlan})
	b.no(b.about(engine.Remove, "b", "a", 1), engine.Denial{Rule: engine.RuleUnknown})
	b.read(func(l *engine.Ledger) {
		if l.Caps() != nil || l.Event() != (engine.EventID{}) {
			b.Errorf("caps %v, event %s, want none", l.Caps(), l.Event())
		}
	})
}

func stale(b *bench) {
	b.publish(nil)
	old := b.ask(engine.Place, "a", 1)
	b.publish(nil)
	b.no(old, engine.Denial{Rule: engine.RuleStale})
	early := b.ask(engine.Place, "a", 1)
	early.Epoch = 3
	b.no(early, engine.Denial{Rule: engine.RuleStale})
	b.yes(b.ask(engine.Place, "a", 1))
}

func noQuota(b *bench) {
	own := engine.CellOperatorLevel(here, "ant")
	b.publish(map[engine.Level]int{own: -1})
	b.no(b.ask(engine.Place, "a", 1), engine.Denial{Rule: engine.RuleNoQuota, Level: own})
	b.publish(map[engine.Level]int{own: 0})
	b.no(b.ask(engine.Place, "a", 1), engine.Denial{Rule: engine.RuleCellOperatorFull, Level: own})
	b.takenAll(0, 0)
}

func twoSectors(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	other := newBench(b.T, b.store)
	other.scope = engine.Scope{City: b.scope.City, Sector: "scooter"}
	other.no(other.ask(engine.Place, "a", 1), engine.Denial{Rule: engine.RuleNoPlan})
	other.publish(nil)
	other.yes(other.ask(engine.Place, "a", 1))
	other.takenAll(1, 0)
	b.takenAll(5, 0)
}

func endedContext(b *bench) {
	b.publish(nil)
	ctx := b.ended()
	_, err := b.store.Do(ctx, b.scope, b.now, []engine.Ask{b.ask(engine.Place, "a", 1)})
	if !errors.Is(err, context.Canceled) {
		b.Errorf("Do after the context ended: %v, want %v", err, context.Canceled)
	}
	b.takenAll(0, 0)
}
