package storetest

import "github.com/stint-city/stint/engine"

// changeCases hold what a placement may become.
func changeCases() []testCase {
	return []testCase{
		{"a commit makes what was held stand and gives the rest back", commits},
		{"a release gives back some, then all", releases},
		{"a removal takes off some, then all", removes},
		{"0 vehicles are all of the placement", zeroIsAll},
		{"more than a placement has is refused", tooMany},
		{"a placement of another operator, a change or nothing is unknown", unknown},
		{"what stands can't be committed or released", notHeld},
		{"what is held can't be removed or moved", notStanding},
		{"what has ended can't be changed", ended},
		{"a change needs no plan that is open", changeWhileShut},
		{"a move needs no room where the vehicles are counted already", moves},
		{"a move that finds no room leaves all as it was", moveRefused},
		{"a move within a cell is refused", movesNowhere},
		{"a move of some leaves the others", movesSome},
		{"a moved placement can be moved on", movesOn},
	}
}

func commits(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 5))
	got := b.yes(b.about(engine.Commit, "c", "a", 3))
	want := engine.Record{
		Verb: engine.Commit, State: engine.Done, First: 3, Left: 3, Cell: here,
		At: b.ask(engine.Place, "", 0).At, Since: dawn, Ended: dawn, Epoch: 1,
		Print: b.about(engine.Commit, "c", "a", 3).Print, Placement: "ant:a",
	}
	b.wantAnswer(engine.Answer{ID: "ant:c", Record: got}, engine.Answer{ID: "ant:c", Record: want})
	b.takenAll(3, 0)
	if r, _ := b.record("a"); r.State != engine.Standing || r.N != 3 || r.First != 5 {
		b.Errorf("the placement is %+v, want 3 of 5 standing", r)
	}
}

func releases(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 5))
	if got := b.yes(b.about(engine.Release, "r", "a", 2)); got.First != 2 || got.Left != 3 {
		b.Errorf("released %d and left %d, want 2 and 3", got.First, got.Left)
	}
	b.takenAll(0, 3)
	if got := b.yes(b.about(engine.Release, "s", "a", 3)); got.First != 3 || got.Left != 0 {
		b.Errorf("released %d and left %d, want 3 and 0", got.First, got.Left)
	}
	b.takenAll(0, 0)
	b.wantEnded(engine.Released)
}

// wantEnded wants the placement a to have ended now.
func (b *bench) wantEnded(state engine.State) {
	b.Helper()
	r, ok := b.record("a")
	if !ok || r.State != state || r.N != 0 || r.Ended != engine.MillisOf(b.now) {
		b.Errorf("a is %+v, want it %s at %d", r, state, engine.MillisOf(b.now))
	}
}

func removes(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	if got := b.yes(b.about(engine.Remove, "r", "a", 2)); got.First != 2 || got.Left != 3 {
		b.Errorf("removed %d and left %d, want 2 and 3", got.First, got.Left)
	}
	b.takenAll(3, 0)
	b.yes(b.about(engine.Remove, "s", "a", 3))
	b.takenAll(0, 0)
	b.wantEnded(engine.Removed)
}

func zeroIsAll(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 5))
	b.yes(b.ask(engine.Reserve, "b", 4))
	if got := b.yes(b.about(engine.Commit, "c", "a", 0)); got.First != 5 {
		b.Errorf("0 commits %d, want 5", got.First)
	}
	if got := b.yes(b.about(engine.Release, "d", "b", 0)); got.First != 4 {
		b.Errorf("0 releases %d, want 4", got.First)
	}
	if got := b.yes(b.moveTo(there, "e", "a", 0)); got.First != 5 || got.N != 5 {
		b.Errorf("0 moves %d, want 5", got.First)
	}
	if got := b.yes(b.about(engine.Remove, "f", "e", 0)); got.First != 5 {
		b.Errorf("0 removes %d, want 5", got.First)
	}
	b.takenAll(0, 0)
}

func tooMany(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 2))
	b.yes(b.ask(engine.Place, "b", 3))
	two := engine.Denial{Rule: engine.RuleTooMany, Room: 2}
	three := engine.Denial{Rule: engine.RuleTooMany, Room: 3}
	b.no(b.about(engine.Commit, "c", "a", 3), two)
	b.no(b.about(engine.Release, "c", "a", 3), two)
	b.no(b.about(engine.Remove, "c", "b", 4), three)
	b.no(b.moveTo(there, "c", "b", 4), three)
	b.takenAll(3, 2)
}

func unknown(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 2))
	b.yes(b.about(engine.Remove, "r", "a", 1))
	want := engine.Denial{Rule: engine.RuleUnknown}
	for _, verb := range []engine.Verb{engine.Commit, engine.Release, engine.Remove} {
		b.no(b.about(verb, "c", "nobody", 0), want)
		b.no(b.about(verb, "c", "r", 0), want)
		other := b.about(verb, "c", "a", 0)
		other.ID = "bee:c"
		b.no(other, want)
	}
	b.no(b.moveTo(there, "c", "nobody", 1), want)
	b.no(b.moveTo(there, "c", "r", 1), want)
	b.takenAll(1, 0)
}

func notHeld(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 2))
	want := engine.Denial{Rule: engine.RuleNotHeld}
	b.no(b.about(engine.Commit, "c", "a", 1), want)
	b.no(b.about(engine.Release, "c", "a", 1), want)
}

func notStanding(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 2))
	want := engine.Denial{Rule: engine.RuleNotStood}
	b.no(b.about(engine.Remove, "c", "a", 1), want)
	b.no(b.moveTo(there, "c", "a", 1), want)
}

func ended(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 2))
	b.yes(b.about(engine.Release, "r", "a", 0))
	b.yes(b.ask(engine.Place, "b", 2))
	b.yes(b.about(engine.Remove, "s", "b", 0))
	for _, key := range []string{"a", "b"} {
		b.no(b.about(engine.Commit, "c", key, 0), engine.Denial{Rule: engine.RuleNotHeld})
		b.no(b.about(engine.Release, "c", key, 0), engine.Denial{Rule: engine.RuleNotHeld})
		b.no(b.about(engine.Remove, "c", key, 0), engine.Denial{Rule: engine.RuleNotStood})
		b.no(b.moveTo(there, "c", key, 0), engine.Denial{Rule: engine.RuleNotStood})
	}
	b.takenAll(0, 0)
}

func changeWhileShut(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 3))
	b.yes(b.ask(engine.Place, "b", 3))
	if err := b.store.Shut(b.Context(), b.scope, "relevel", b.now); err != nil {
		b.Fatal(err)
	}
	b.no(b.ask(engine.Place, "c", 1), engine.Denial{Rule: engine.RuleShut})
	b.no(b.moveTo(there, "c", "b", 1), engine.Denial{Rule: engine.RuleShut})
	b.yes(b.about(engine.Commit, "d", "a", 2))
	b.yes(b.about(engine.Remove, "e", "b", 3))
	b.takenAll(2, 0)
}

func moves(b *bench) {
	b.publish(map[engine.Level]int{engine.OperatorLevel("ant"): 5, engine.CityLevel: 5})
	b.yes(b.ask(engine.Place, "a", 5))
	got := b.yes(b.moveTo(there, "m", "a", 5))
	if got.State != engine.Standing || got.N != 5 || got.Placement != "ant:a" || got.Left != 0 {
		b.Errorf("the move is %+v, want 5 standing that leave 0", got)
	}
	b.wantEnded(engine.Removed)
	for i, level := range levels(here, "ant") {
		stood := 0
		if i >= 4 { // the operator and the city
			stood = 5
		}
		b.taken(level, stood, 0)
		b.taken(levels(there, "ant")[i], 5, 0)
	}
}

func moveRefused(b *bench) {
	b.publish(map[engine.Level]int{engine.CellLevel(there): 2})
	b.yes(b.ask(engine.Place, "a", 5))
	b.no(b.moveTo(there, "m", "a", 3), engine.Denial{
		Rule: engine.RuleCellFull, Level: engine.CellLevel(there), Room: 2,
	})
	b.takenAll(5, 0)
	b.taken(engine.CellLevel(there), 0, 0)
}

func movesNowhere(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	b.no(b.moveTo(here, "m", "a", 3), engine.Denial{Rule: engine.RuleSamePlace})
	b.takenAll(5, 0)
}

func movesSome(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	b.yes(b.moveTo(there, "m", "a", 2))
	b.taken(engine.CellLevel(here), 3, 0)
	b.taken(engine.CellLevel(there), 2, 0)
	b.taken(engine.CityLevel, 5, 0)
	if r, _ := b.record("a"); r.State != engine.Standing || r.N != 3 {
		b.Errorf("what stays is %+v, want 3 standing", r)
	}
}

func movesOn(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	b.yes(b.moveTo(there, "m", "a", 4))
	b.yes(b.moveTo(here, "n", "m", 3))
	b.taken(engine.CellLevel(here), 4, 0)
	b.taken(engine.CellLevel(there), 1, 0)
	b.yes(b.about(engine.Remove, "r", "n", 0))
	b.taken(engine.CellLevel(here), 1, 0)
}
