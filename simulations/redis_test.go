package simulations

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/engine/rdb"
	"github.com/stint-city/stint/engine/rdb/server"
	"github.com/stint-city/stint/geo"
)

// dayOfBureau is three days with everything the bureau does: a plan in force, one decided on what
// was seen and announced with notice, a cut that leaves vehicles over quota, placements granted and
// refused, removals, and an emergency's ban that begins and ends.
const dayOfBureau = `version: 1
name: a day of the bureau
city: city.yaml
sector: bike
days: 3
warmup_days: 0
seed: 5
replications: {min: 2, max: 2}
bureau: {decide_every_days: 1, notice_days: 1, response_hours: 6, measures: {}}
operators:
  - {id: aster, crew: {strategy: greedy, trucks: 3}}
  - {id: birch, crew: {strategy: nightly, trucks: 2, from: 0, to: 5}}
shocks:
  - {kind: emergency, at_hour: 30, hours: 8, cells: [CELL], clear: true}
policies:
  - {id: today, set: {step: 1}}
`

// account is everything a bureau's engine left behind after a replication.
type account struct {
	Told      string // every answer, as the desk heard it
	Log       []engine.Entry
	Events    []engine.Event    // of the ledger, every grant and removal
	Documents map[string]string // plans and zones by name
	Tally     *Tally
}

// busiest returns the cell where most riders set out.
func (w *world) busiest() geo.Cell {
	best, most := 0, 0.0
	for c := range w.town.Cells {
		sum := 0.0
		for h := range week {
			sum += w.demand.Rate[h*len(w.town.Cells)+c]
		}
		if sum > most {
			best, most = c, sum
		}
	}
	return w.town.Cells[best]
}

// books are a store whose events can be read again.
type books interface {
	engine.Store
	engine.Follower
}

// live runs the first replication of a study with its bureau's books in a store.
func live(t *testing.T, s *Study, store books) account {
	t.Helper()
	ctx := t.Context()
	w := *s.worlds[0]
	office, told := *w.bureau, bytes.Buffer{}
	office.store, office.log = func() engine.Store { return store }, &told
	w.bureau = &office
	tally, err := newSim(&w).replicate(ctx, replicationKey(s.Scenario.Seed, 0))
	if err != nil {
		t.Fatal(err)
	}
	a := account{Told: told.String(), Tally: tally, Documents: map[string]string{}}
	city := office.snapshot.City.ID
	if a.Log, err = store.Log(ctx, city, 0, 10_000); err != nil {
		t.Fatal(err)
	}
	for _, e := range a.Log {
		var body struct{ Plan, Zones string }
		if err := json.Unmarshal(e.Body, &body); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"plan:" + body.Plan, body.Zones} {
			if e.Kind != "plan.drafted" || name == "" {
				continue
			}
			data, err := store.Document(ctx, city, name)
			if err != nil {
				t.Fatal(err)
			}
			a.Documents[name] = string(data)
		}
	}
	scope := engine.Scope{City: city, Sector: office.snapshot.Sectors[office.sector].ID}
	last := engine.EventID{}
	if err := store.Read(ctx, scope, func(l *engine.Ledger) { last = l.Event() }); err != nil {
		t.Fatal(err)
	}
	done := errors.New("that was the last")
	err = store.Follow(ctx, scope, engine.EventID{}, func(e engine.Event) error {
		if a.Events = append(a.Events, e); e.ID == last {
			return done
		}
		return nil
	})
	if !errors.Is(err, done) {
		t.Fatalf("follow the events to %v: %v", last, err)
	}
	return a
}

// TestBureauOnRedis holds that the simulated bureau decides the same, byte for byte, whether its
// books are in memory or in a real Redis: what was answered, the chained log of decisions, every
// event of the ledger, the plans themselves, and what riders met.
func TestBureauOnRedis(t *testing.T) {
	child, err := server.Start(t.Context(), server.Options{Dir: t.TempDir(), AppendFsync: "no"})
	if errors.Is(err, server.ErrNoServer) {
		t.Skip("NO redis-server HERE: nothing is known of the bureau's books in Redis")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Kill() })
	store, err := rdb.Open(t.Context(), child.URL(), rdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	cell := madeStudy(t, small).worlds[0].busiest().String()
	s := madeStudy(t, strings.Replace(dayOfBureau, "CELL", cell, 1))
	want, got := live(t, s, mem.New()), live(t, s, store)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the bureau decides otherwise on Redis (-memory +Redis):\n%.4000s", diff)
	}
	t.Logf("%d bytes told, %d log entries, %d events, %d plans and zones, %d orders",
		len(got.Told), len(got.Log), len(got.Events), len(got.Documents), got.Tally.Removals)
	if len(got.Documents) < 4 || len(got.Events) < 100 || got.Tally.Removals == 0 {
		t.Error("too little was decided for this to say anything")
	}
	for _, what := range []string{"granted", "refused", "removed", "announced", "zones in force"} {
		if !strings.Contains(got.Told, `"`+what+`"`) {
			t.Errorf("nothing was %s", what)
		}
	}
}
