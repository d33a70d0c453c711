package storetest

import (
	"context"
	"fmt"
	"maps"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// Run judges the store that open returns; open is called once, and whatever must be closed it hands
// to t.Cleanup. Each case works in a city of its own, so that the store need not be empty.
func Run(t *testing.T, open func(t *testing.T) engine.Store) {
	store := open(t)
	for _, part := range []struct {
		name  string
		cases []testCase
	}{
		{"tiers", tierCases()},
		{"keys", keyCases()},
		{"changes", changeCases()},
		{"leases", leaseCases()},
		{"publications", publishCases()},
		{"pools", poolCases()},
		{"log", logCases()},
		{"events", eventCases()},
		{"whereabouts", whereaboutsCases()},
	} {
		t.Run(part.name, func(t *testing.T) {
			for _, c := range part.cases {
				t.Run(c.name, func(t *testing.T) { c.run(newBench(t, store)) })
			}
		})
	}
	t.Run("random", func(t *testing.T) { testRandom(t, store) })
	t.Run("concurrent", func(t *testing.T) { testConcurrent(t, store) })
}

// testCase is one promise and how to see whether it is kept.
type testCase struct {
	name string
	run  func(*bench)
}

// dawn is when every case begins: a quarter past a whole second, to tell the two apart.
const dawn = engine.Millis(1_772_438_400_250) // 2026-03-02 08:00:00.250 UTC

// cities counts the cities made, so that no two cases share one.
var cities atomic.Int64 //nolint:gochecknoglobals // a counter: names must differ between suites too

// bench is what a case works with: a store, a scope of its own and a clock in its hand.
type bench struct {
	*testing.T
	store engine.Store
	scope engine.Scope
	now   time.Time
	epoch int64
}

func newBench(t *testing.T, store engine.Store) *bench {
	return &bench{T: t, store: store, scope: newScope(), now: dawn.Time()}
}

// newScope returns a scope that nobody has used.
func newScope() engine.Scope {
	return engine.Scope{City: fmt.Sprintf("t%d-%d", os.Getpid(), cities.Add(1)), Sector: "bike"}
}

// The cells of every case; here lies in the district "south", there in the district "north".
const (
	here  = geo.Cell(0x8941a54f4a7ffff)
	there = geo.Cell(0x8941a541a27ffff)
)

// districtOf returns the district of a cell.
func districtOf(cell geo.Cell) string {
	if cell == here {
		return "south"
	}
	return "north"
}

// levels returns what a placement is charged to without zones and pools.
func levels(cell geo.Cell, operator string) []engine.Level {
	return []engine.Level{
		engine.CellOperatorLevel(cell, operator), engine.CellLevel(cell),
		engine.OperatorDistrictLevel(districtOf(cell), operator),
		engine.DistrictLevel(districtOf(cell)), engine.OperatorLevel(operator), engine.CityLevel,
	}
}

// roomy returns a cap of 100 for every level of the operators ant and bee in both cells.
func roomy() map[engine.Level]int {
	limits := map[engine.Level]int{}
	for _, cell := range []geo.Cell{here, there} {
		for _, operator := range []string{"ant", "bee"} {
			for _, l := range levels(cell, operator) {
				limits[l] = 100
			}
		}
	}
	return limits
}

// publish puts caps in force: roomy ones, changed by limits; a negative limit drops the level.
func (b *bench) publish(limits map[engine.Level]int) {
	b.Helper()
	b.epoch++
	if err := b.store.Publish(b.Context(), b.caps(limits), b.now); err != nil {
		b.Fatalf("Publish epoch %d: %v", b.epoch, err)
	}
}

// caps returns roomy caps, changed by limits, for the bench's epoch.
func (b *bench) caps(limits map[engine.Level]int) *engine.Caps {
	all := roomy()
	maps.Copy(all, limits)
	maps.DeleteFunc(all, func(_ engine.Level, n int) bool { return n < 0 })
	return &engine.Caps{
		Scope: b.scope, Epoch: b.epoch, Plan: planOf(b.epoch), Cap: all,
		Operators: []string{"ant", "bee"}, Cells: []geo.Cell{here, there},
	}
}

// planOf names the plan of an epoch.
func planOf(epoch int64) string { return fmt.Sprintf("plan-%d", epoch) }

// ask returns an ask of ant in the cell here, charged to the usual levels.
func (b *bench) ask(verb engine.Verb, key string, n int) engine.Ask {
	return b.askBy("ant", here, verb, key, n)
}

// askBy returns an ask that makes a placement. A reservation holds for a minute.
func (b *bench) askBy(
	operator string, cell geo.Cell, verb engine.Verb, key string, n int,
) engine.Ask {
	a := engine.Ask{
		Verb: verb, ID: engine.NewID(operator, key), Print: fmt.Sprint(verb, cell, n), N: n,
		Cell: cell, At: geo.LatLng{Lat: 24.48, Lng: 118.09}, Levels: levels(cell, operator),
		Epoch: b.epoch,
	}
	if verb == engine.Reserve {
		a.Expires = engine.MillisOf(b.now.Add(time.Minute))
	}
	return a
}

// about returns an ask that changes a placement of ant.
func (b *bench) about(verb engine.Verb, key, placement string, n int) engine.Ask {
	return engine.Ask{
		Verb: verb, ID: engine.NewID("ant", key), Print: fmt.Sprint(verb, placement, n), N: n,
		Placement: engine.NewID("ant", placement),
	}
}

// moveTo returns an ask to move n of a placement of ant to a cell.
func (b *bench) moveTo(cell geo.Cell, key, placement string, n int) engine.Ask {
	a := b.askBy("ant", cell, engine.Move, key, n)
	a.Placement = engine.NewID("ant", placement)
	return a
}

// do asks all at once.
func (b *bench) do(asks ...engine.Ask) []engine.Answer {
	b.Helper()
	answers, err := b.store.Do(b.Context(), b.scope, b.now, asks)
	if err != nil {
		b.Fatalf("Do: %v", err)
	}
	if len(answers) != len(asks) {
		b.Fatalf("Do: %d answers to %d asks", len(answers), len(asks))
	}
	return answers
}

// yes asks and wants a grant, given for the first time.
func (b *bench) yes(a engine.Ask) engine.Record {
	b.Helper()
	got := b.do(a)[0]
	if got.No != nil {
		b.Fatalf("%s %s of %d: refused by %+v, want a grant", a.Verb, a.ID, a.N, *got.No)
	}
	if got.Replayed {
		b.Fatalf("%s %s of %d: replayed, want a first answer", a.Verb, a.ID, a.N)
	}
	return got.Record
}

// no asks and wants a refusal.
func (b *bench) no(a engine.Ask, want engine.Denial) {
	b.Helper()
	b.wantAnswer(b.do(a)[0], engine.Answer{ID: a.ID, No: &want})
}

// wantAnswer compares an answer.
func (b *bench) wantAnswer(got, want engine.Answer) {
	b.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("answer to %s (-want +got):\n%s", want.ID, diff)
	}
}

// taken wants a level's vehicles, standing and held.
func (b *bench) taken(level engine.Level, standing, held int) {
	b.Helper()
	b.read(func(l *engine.Ledger) {
		got, _ := l.Count(level)
		if got.Standing != standing || got.Held != held {
			b.Errorf("%s has %d standing and %d held, want %d and %d",
				level, got.Standing, got.Held, standing, held)
		}
	})
}

// takenAll wants all the usual levels of ant in the cell here to have so many.
func (b *bench) takenAll(standing, held int) {
	b.Helper()
	for _, level := range levels(here, "ant") {
		b.taken(level, standing, held)
	}
}

// record returns what is kept of a key of ant.
func (b *bench) record(key string) (r engine.Record, ok bool) {
	b.Helper()
	b.read(func(l *engine.Ledger) { r, ok = l.Record(engine.NewID("ant", key)) })
	return r, ok
}

// read looks at the ledger.
func (b *bench) read(view func(*engine.Ledger)) {
	b.Helper()
	if err := b.store.Read(b.Context(), b.scope, view); err != nil {
		b.Fatalf("Read: %v", err)
	}
}

// sweep sweeps and wants so many expired and forgotten.
func (b *bench) sweep(expired, forgotten int) {
	b.Helper()
	got, err := b.store.Sweep(b.Context(), b.scope, b.now, 24*time.Hour)
	if err != nil {
		b.Fatalf("Sweep: %v", err)
	}
	if want := (engine.Sweeping{Expired: expired, Forgotten: forgotten}); got != want {
		b.Errorf("Sweep at %s = %+v, want %+v", b.now.Format(time.RFC3339Nano), got, want)
	}
}

// ended returns a context that has ended.
func (b *bench) ended() context.Context {
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	return ctx
}
