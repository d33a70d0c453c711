package storetest

import (
	"errors"
	"slices"
	"time"

	"github.com/stint-city/stint/engine"
)

// publishCases hold what a new plan does to what stands.
func publishCases() []testCase {
	return []testCase{
		{"a plan in force has the caps published", inForce},
		{"a lower cap leaves what stands and grants nothing more", overQuota},
		{"a level over its cap grants again once there is room", overQuotaEnds},
		{"a higher cap grants at once", higher},
		{"a level that is gone still counts what stands", levelGone},
		{"an earlier epoch is refused", earlier},
		{"the same epoch again is no event", sameEpoch},
		{"shutting stops grants until a publication", shuts},
		{"the epoch in force opens what was shut", reopens},
		{"shutting again for the same reason is no event", shutsAgain},
		{"releveled placements charge their new levels", relevels},
		{"releveling passes over what has ended or is unknown", relevelsLive},
		{"a releveled placement is moved and removed by its new levels", relevelsThenChanges},
	}
}

func inForce(b *bench) {
	b.publish(map[engine.Level]int{engine.CityLevel: 55})
	b.read(func(l *engine.Ledger) {
		caps := l.Caps()
		if caps == nil || caps.Epoch != 1 || caps.Plan != "plan-1" || caps.Scope != b.scope {
			b.Fatalf("caps in force are %+v, want epoch 1 of plan-1", caps)
		}
		if c, ok := l.Count(engine.CityLevel); !ok || c != (engine.Count{Cap: 55}) {
			b.Errorf("the city counts %+v, want a cap of 55", c)
		}
		if c, ok := l.Count(engine.CellLevel(here)); !ok || c.Room() != 100 {
			b.Errorf("the cell counts %+v, want room for 100", c)
		}
		if _, ok := l.Count(engine.ZoneLevel("nowhere")); ok {
			b.Error("a level that nobody published has a cap")
		}
	})
}

func overQuota(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	b.yes(b.ask(engine.Reserve, "b", 3))
	b.publish(map[engine.Level]int{engine.CellLevel(here): 6})
	b.takenAll(5, 3)
	b.read(func(l *engine.Ledger) {
		want := []engine.Level{engine.CellLevel(here)}
		if got := l.Over(); !slices.Equal(got, want) {
			b.Errorf("over their caps are %v, want %v", got, want)
		}
	})
	b.no(b.ask(engine.Place, "c", 1), engine.Denial{
		Rule: engine.RuleCellFull, Level: engine.CellLevel(here), Room: -2,
	})
	b.yes(b.about(engine.Commit, "d", "b", 0))
	b.takenAll(8, 0)
}

func overQuotaEnds(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	b.publish(map[engine.Level]int{engine.CellLevel(here): 4})
	full := engine.Denial{Rule: engine.RuleCellFull, Level: engine.CellLevel(here), Room: -1}
	b.no(b.ask(engine.Place, "c", 1), full)
	b.yes(b.about(engine.Remove, "d", "a", 1))
	full.Room = 0
	b.no(b.ask(engine.Place, "c", 1), full)
	b.yes(b.about(engine.Remove, "e", "a", 1))
	b.yes(b.ask(engine.Place, "c", 1))
	b.takenAll(4, 0)
}

func higher(b *bench) {
	b.publish(map[engine.Level]int{engine.CityLevel: 5})
	b.yes(b.ask(engine.Place, "a", 5))
	b.publish(map[engine.Level]int{engine.CityLevel: 6})
	if got := b.yes(b.ask(engine.Place, "b", 1)); got.Left != 0 || got.Epoch != 2 {
		b.Errorf("the grant is %+v, want one of epoch 2 that leaves 0", got)
	}
}

func levelGone(b *bench) {
	own := engine.CellOperatorLevel(here, "ant")
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	b.publish(map[engine.Level]int{own: -1})
	b.takenAll(5, 0)
	b.read(func(l *engine.Ledger) {
		if got, want := l.Over(), []engine.Level{own}; !slices.Equal(got, want) {
			b.Errorf("over their caps are %v, want %v", got, want)
		}
	})
	b.no(b.ask(engine.Place, "b", 1), engine.Denial{Rule: engine.RuleNoQuota, Level: own})
	b.yes(b.about(engine.Remove, "c", "a", 2))
	b.publish(nil)
	b.takenAll(3, 0)
	b.yes(b.ask(engine.Place, "b", 1))
}

func earlier(b *bench) {
	b.publish(nil)
	b.publish(map[engine.Level]int{engine.CityLevel: 7})
	b.epoch = 1
	err := b.store.Publish(b.Context(), b.caps(nil), b.now)
	if !errors.Is(err, engine.ErrEpoch) {
		b.Errorf("Publish of epoch 1 after 2: %v, want %v", err, engine.ErrEpoch)
	}
	b.read(func(l *engine.Ledger) {
		if c, _ := l.Count(engine.CityLevel); l.Caps().Epoch != 2 || c.Cap != 7 {
			b.Errorf("epoch %d and cap %d, want 2 and 7", l.Caps().Epoch, c.Cap)
		}
	})
}

// event wants the last event's number.
func (b *bench) event(seq int64) {
	b.Helper()
	b.read(func(l *engine.Ledger) {
		if want := (engine.EventID{Gen: 1, Seq: seq}); l.Event() != want {
			b.Errorf("last event %s, want %s", l.Event(), want)
		}
	})
}

func sameEpoch(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	if err := b.store.Publish(b.Context(), b.caps(nil), b.now.Add(time.Hour)); err != nil {
		b.Errorf("Publish of the epoch in force: %v", err)
	}
	b.event(2)
	b.takenAll(5, 0)
}

// shut shuts the ledger.
func (b *bench) shut(reason string) {
	b.Helper()
	if err := b.store.Shut(b.Context(), b.scope, reason, b.now); err != nil {
		b.Fatalf("Shut: %v", err)
	}
}

func shuts(b *bench) {
	b.publish(nil)
	b.shut("relevel")
	b.no(b.ask(engine.Place, "a", 1), engine.Denial{Rule: engine.RuleShut})
	b.read(func(l *engine.Ledger) {
		if l.Shut() != "relevel" {
			b.Errorf("shut for %q, want %q", l.Shut(), "relevel")
		}
	})
	b.publish(nil)
	b.read(func(l *engine.Ledger) {
		if l.Shut() != "" {
			b.Errorf("shut for %q after a publication", l.Shut())
		}
	})
	b.yes(b.ask(engine.Place, "a", 1))
}

func reopens(b *bench) {
	b.publish(nil)
	b.shut("relevel")
	if err := b.store.Publish(b.Context(), b.caps(nil), b.now); err != nil {
		b.Fatalf("Publish of the epoch in force on a shut ledger: %v", err)
	}
	b.yes(b.ask(engine.Place, "a", 1))
	b.event(4)
}

func shutsAgain(b *bench) {
	b.publish(nil)
	b.shut("relevel")
	b.shut("relevel")
	b.event(2)
	b.shut("audit")
	b.event(3)
}

// relevel makes placements of ant charge other levels.
func (b *bench) relevel(to map[engine.ID][]engine.Level) {
	b.Helper()
	if err := b.store.Relevel(b.Context(), b.scope, to, b.now); err != nil {
		b.Fatalf("Relevel: %v", err)
	}
}

func relevels(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	b.yes(b.ask(engine.Reserve, "b", 3))
	north := []engine.Level{
		engine.CellOperatorLevel(here, "ant"), engine.CellLevel(here),
		engine.OperatorDistrictLevel("north", "ant"), engine.DistrictLevel("north"),
		engine.OperatorLevel("ant"), engine.CityLevel,
	}
	b.relevel(map[engine.ID][]engine.Level{"ant:a": north, "ant:b": north})
	b.taken(engine.DistrictLevel("south"), 0, 0)
	b.taken(engine.OperatorDistrictLevel("south", "ant"), 0, 0)
	for _, level := range north {
		b.taken(level, 5, 3)
	}
	if r, _ := b.record("a"); !slices.Equal(r.Levels, north) || r.N != 5 {
		b.Errorf("the record is %+v, want levels %v", r, north)
	}
	b.event(4)
	b.relevel(map[engine.ID][]engine.Level{"ant:a": north})
	b.event(4)
}

func relevelsLive(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	b.yes(b.about(engine.Remove, "r", "a", 0))
	city := []engine.Level{engine.CityLevel}
	b.relevel(map[engine.ID][]engine.Level{"ant:a": city, "ant:r": city, "ant:x": city})
	b.takenAll(0, 0)
	b.event(3)
	if r, _ := b.record("a"); !slices.Equal(r.Levels, levels(here, "ant")) {
		b.Errorf("an ended record charges %v", r.Levels)
	}
	if _, ok := b.record("x"); ok {
		b.Error("releveling made a record")
	}
}

func relevelsThenChanges(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	b.yes(b.ask(engine.Reserve, "b", 4))
	city := []engine.Level{engine.CityLevel}
	b.relevel(map[engine.ID][]engine.Level{"ant:a": city, "ant:b": city})
	b.yes(b.about(engine.Remove, "r", "a", 1))
	b.yes(b.about(engine.Commit, "c", "b", 3))
	b.yes(b.moveTo(there, "m", "a", 2))
	b.taken(engine.CityLevel, 7, 0)
	b.taken(engine.CellLevel(here), 0, 0)
	b.taken(engine.CellLevel(there), 2, 0)
}
