package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/mem"
)

// clerk may draft, announce and answer.
func clerk() engine.Actor { return engine.Actor{ID: "clerk", Role: engine.RoleOfficer} }

// company is who speaks for an operator.
func company(operator string) engine.Actor {
	return engine.Actor{ID: operator, Role: engine.RoleOperator}
}

// citizen has a name and no more.
func citizen() engine.Actor { return engine.Actor{ID: "citizen", Role: engine.RolePublic} }

// decided returns a city's plan, sealed.
func decided(tb testing.TB, city *engine.Snapshot) *engine.Plan {
	tb.Helper()
	plan, err := engine.Decide(city, engine.Options{})
	if err == nil {
		_, err = plan.Seal()
	}
	if err != nil {
		tb.Fatal(err)
	}
	return plan
}

// atMost returns the hall's city with a total of so many vehicles.
func (h *hall) atMost(n int) *engine.Snapshot {
	city := *h.city
	city.Sectors = append([]engine.Sector(nil), city.Sectors...)
	city.Sectors[0].Max = n
	return &city
}

// enact lets the hall's engine do what is due.
func (h *hall) enact() {
	h.tb.Helper()
	if err := h.Enact(h.tb.Context()); err != nil {
		h.tb.Fatal(err)
	}
}

// holds wants the hall's books to hold.
func (h *hall) holds() engine.Checked {
	h.tb.Helper()
	checked, err := h.Check(h.tb.Context())
	if err != nil {
		h.tb.Fatal(err)
	}
	if !checked.Holds {
		h.tb.Errorf("the books don't hold: %+v", checked)
	}
	return checked
}

// breach wants an error to be a breach of the rules of procedure, by a code that has a sentence.
func breach(tb testing.TB, err error, code string) {
	tb.Helper()
	var got *engine.RuleBreach
	if !errors.As(err, &got) || got.Code != code {
		tb.Errorf("got %v, want the breach %q", err, code)
		return
	}
	if err := lang.M("bureau."+got.Code, got.Args...).Check(); err != nil {
		tb.Error(err)
	}
	kinds := []error{engine.ErrAsk, engine.ErrStage, engine.ErrForbidden, engine.ErrNotFound}
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return
		}
	}
	tb.Errorf("%v is of no kind", err)
}

// must returns a value that came without an error.
func must[T any](tb testing.TB) func(T, error) T {
	return func(v T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

// TestLifeOfAPlan walks one plan through all its stages, each at its time and by its people, with
// the steps that are refused on the way.
func TestLifeOfAPlan(t *testing.T) {
	h := newHall(t, nil, func(c *engine.Config) { c.NoticeMin = 48 * time.Hour })
	ctx, first := t.Context(), h.InForce()
	publication := must[engine.Publication](t)
	day := func(n int) time.Time { return noon().AddDate(0, 0, n) }
	terms := engine.Terms{ObjectionsUntil: day(1), EffectiveAt: day(5), RemovalDeadline: day(7)}

	p := publication(h.Draft(ctx, clerk(), decided(t, h.atMost(60)), nil, terms))
	if p.Stage != engine.StageDraft || p.DraftedBy != "clerk" {
		t.Fatalf("drafted %+v", p)
	}
	_, err := h.Object(ctx, citizen(), p.ID, "I never saw it")
	breach(t, err, "no-publication") // a draft is the bureau's own
	_, err = h.Finalize(ctx, mayor(), p.ID, "")
	breach(t, err, "not-announced")
	_, err = h.Announce(ctx, clerk(), p.ID, engine.Terms{})
	breach(t, err, "notice-short")
	p = publication(h.Announce(ctx, clerk(), p.ID, engine.Terms{ObjectionsUntil: day(2)}))
	if want := (engine.Terms{
		ObjectionsUntil: day(2), EffectiveAt: day(5), RemovalDeadline: day(7),
	}); p.Terms != want || p.Stage != engine.StageNotice || !p.NoticeAt.Equal(noon()) {
		t.Fatalf("announced %+v", p)
	}
	_, err = h.Announce(ctx, clerk(), p.ID, engine.Terms{})
	breach(t, err, "not-draft")

	o, err := h.Object(ctx, company("green"), p.ID, "too few for us")
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Finalize(ctx, mayor(), p.ID, " ")
	breach(t, err, "window-open")
	h.clock.advance(48 * time.Hour)
	_, err = h.Object(ctx, citizen(), p.ID, "too late")
	breach(t, err, "window-closed")
	_, err = h.Finalize(ctx, mayor(), p.ID, "")
	breach(t, err, "unanswered")
	o, err = h.AnswerObjection(ctx, clerk(), o.ID, false, "the ground carries no more")
	if err != nil {
		t.Fatal(err)
	}
	if !o.Answered || o.Accepted || o.AnsweredBy != "clerk" {
		t.Errorf("answered %+v", o)
	}
	_, err = h.AnswerObjection(ctx, clerk(), o.ID, true, "on second thoughts")
	breach(t, err, "answered")
	p = publication(h.Finalize(ctx, mayor(), p.ID, ""))
	h.enact()
	if p.Stage != engine.StageFinal || h.InForce().Epoch != first.Epoch {
		t.Fatalf("finalized %+v with epoch %d in force", p, h.InForce().Epoch)
	}

	h.clock.advance(3*24*time.Hour - time.Millisecond)
	h.enact()
	if h.InForce().Epoch != first.Epoch {
		t.Error("it came into force a millisecond early")
	}
	h.clock.advance(time.Millisecond)
	h.enact()
	p = publication(h.Publication(p.ID))
	if now := h.InForce(); p.Stage != engine.StageEffective || now.Plan.ID != p.Plan ||
		now.Epoch != p.Epoch {
		t.Fatalf("in force is %s since %d, published %+v", now.Plan.ID, now.Epoch, p)
	}
	_, err = h.Withdraw(ctx, mayor(), p.ID, "no")
	breach(t, err, "in-force")
	_, err = h.CheckOff(ctx, clerk(), p.ID)
	breach(t, err, "before-deadline")
	h.clock.advance(48 * time.Hour)
	p = publication(h.CheckOff(ctx, clerk(), p.ID))
	if p.Stage != engine.StageChecked {
		t.Errorf("checked off %+v", p)
	}
	if old := h.Publications()[1]; old.Stage != engine.StageSuperseded {
		t.Errorf("the plan before is %s", old.Stage)
	}
	h.holds()
	kinds(t, h, "plan.drafted", "plan.announced", "plan.final", "plan.effective",
		"plan.drafted", "plan.announced", "objection.filed", "objection.answered", "plan.final",
		"plan.effective", "plan.checked")
}

// kinds wants the log to have entries of these kinds.
func kinds(tb testing.TB, h *hall, want ...string) {
	tb.Helper()
	entries := must[[]engine.Entry](tb)(h.Log(tb.Context(), 0, 1000))
	var got []string
	for _, e := range entries {
		got = append(got, e.Kind)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("log (-want +got):\n%s", diff)
	}
}

// TestWhoMayWhat: what each step says to those who may not take it.
func TestWhoMayWhat(t *testing.T) {
	h := newHall(t, nil)
	ctx, plan := t.Context(), decided(t, h.city)
	draft := func() string {
		return must[engine.Publication](t)(h.Draft(ctx, clerk(), plan, nil, engine.Terms{})).ID
	}
	notice := func() string {
		id, until := draft(), engine.Terms{ObjectionsUntil: noon().Add(time.Hour)}
		must[engine.Publication](t)(h.Announce(ctx, clerk(), id, until))
		return id
	}
	final := func() string {
		id, later := draft(), engine.Terms{EffectiveAt: noon().Add(time.Hour)}
		must[engine.Publication](t)(h.Announce(ctx, clerk(), id, later))
		must[engine.Publication](t)(h.Finalize(ctx, mayor(), id, ""))
		return id
	}
	elsewhere := *plan
	elsewhere.City.ID = "hamlet"
	hour := func(n int) time.Time { return noon().Add(time.Duration(n) * time.Hour) }
	tests := map[string]struct {
		do   func() error
		code string
	}{
		"an operator drafts": {func() error {
			_, err := h.Draft(ctx, company("green"), plan, nil, engine.Terms{})
			return err
		}, "bureau-only"},
		"a plan of another city": {func() error {
			_, err := h.Draft(ctx, clerk(), &elsewhere, nil, engine.Terms{})
			return err
		}, "other-city"},
		"in force before objections close": {func() error {
			_, err := h.Draft(ctx, clerk(), plan, nil,
				engine.Terms{ObjectionsUntil: hour(2), EffectiveAt: hour(1)})
			return err
		}, "terms"},
		"removals due before it is in force": {func() error {
			_, err := h.Draft(ctx, clerk(), plan, nil,
				engine.Terms{EffectiveAt: hour(2), RemovalDeadline: hour(1)})
			return err
		}, "deadline"},
		"removals due before objections close": {func() error {
			_, err := h.Draft(ctx, clerk(), plan, nil,
				engine.Terms{ObjectionsUntil: hour(2), RemovalDeadline: hour(1)})
			return err
		}, "deadline"},
		"the public announces": {func() error {
			_, err := h.Announce(ctx, citizen(), draft(), engine.Terms{})
			return err
		}, "bureau-only"},
		"an officer finalizes": {func() error {
			_, err := h.Finalize(ctx, clerk(), notice(), "it burns")
			return err
		}, "admin-only"},
		"an officer withdraws what is final": {func() error {
			_, err := h.Withdraw(ctx, clerk(), final(), "second thoughts")
			return err
		}, "admin-only"},
		"what was withdrawn is announced": {func() error {
			id := final()
			must[engine.Publication](t)(h.Withdraw(ctx, mayor(), id, "second thoughts"))
			_, err := h.Announce(ctx, clerk(), id, engine.Terms{})
			return err
		}, "not-draft"},
		"what is not in force is checked off": {func() error {
			_, err := h.CheckOff(ctx, clerk(), final())
			return err
		}, "not-effective"},
		"a publication there isn't": {func() error {
			_, err := h.Publication("99999")
			return err
		}, "no-publication"},
		"nobody objects": {func() error {
			_, err := h.Object(ctx, engine.Actor{Role: engine.RolePublic}, notice(), "no")
			return err
		}, "nameless"},
		"an objection of blanks": {func() error {
			_, err := h.Object(ctx, citizen(), notice(), " \n")
			return err
		}, "no-text"},
		"an objection there isn't": {func() error {
			_, err := h.AnswerObjection(ctx, clerk(), "1", true, "yes")
			return err
		}, "no-objection"},
		"an order there isn't": {func() error {
			_, err := h.Acknowledge(ctx, company("green"), "1:bike:city")
			return err
		}, "no-order"},
		"an officer sets zones": {func() error {
			return h.SetZones(ctx, clerk(), nil)
		}, "admin-only"},
		"an officer sets a pool": {func() error {
			return h.SetPool(ctx, clerk(), engine.Pool{ID: "p", Cap: 1})
		}, "admin-only"},
		"an officer enforces": {func() error {
			_, err := h.Enforce(ctx, clerk(), draft(), "at the start")
			return err
		}, "admin-only"},
		"nobody says why it is enforced": {func() error {
			_, err := h.Enforce(ctx, mayor(), draft(), "")
			return err
		}, "no-reason"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { breach(t, tt.do(), tt.code) })
	}
	h.holds()
}

// TestTwoPersons: whoever drafted or announced can't make it final; an admin besides can.
func TestTwoPersons(t *testing.T) {
	clock := &handClock{now: noon()}
	city := town(t)
	city.City.Resolution = 9
	e := must[*engine.Engine](t)(engine.New(engine.Config{
		City: "town", Store: mem.New(), Clock: clock, TwoPersons: true,
	}))
	deputy := engine.Actor{ID: "deputy", Role: engine.RoleAdmin}
	p := must[engine.Publication](t)(
		e.Draft(t.Context(), mayor(), decided(t, city), nil, engine.Terms{}))
	must[engine.Publication](t)(e.Announce(t.Context(), deputy, p.ID, engine.Terms{}))
	for _, who := range []engine.Actor{mayor(), deputy} {
		_, err := e.Finalize(t.Context(), who, p.ID, "it burns")
		breach(t, err, "two-persons")
	}
	third := engine.Actor{ID: "third", Role: engine.RoleAdmin}
	p = must[engine.Publication](t)(e.Finalize(t.Context(), third, p.ID, ""))
	if p.Stage != engine.StageEffective || p.FinalBy != "third" {
		t.Errorf("finalized %+v", p)
	}
}

// A plan whose removal deadline has gone by while objections were heard can't be made final: nobody
// could obey.
func TestFinalizeAfterTheDeadline(t *testing.T) {
	h := newHall(t, nil)
	terms := engine.Terms{RemovalDeadline: noon().Add(time.Hour)}
	p := must[engine.Publication](t)(
		h.Draft(t.Context(), clerk(), decided(t, h.city), nil, terms))
	must[engine.Publication](t)(h.Announce(t.Context(), clerk(), p.ID, engine.Terms{}))
	h.clock.advance(2 * time.Hour)
	_, err := h.Finalize(t.Context(), mayor(), p.ID, "")
	breach(t, err, "deadline-past")
	p = must[engine.Publication](t)(h.Enforce(t.Context(), mayor(), p.ID, "at once, then"))
	if p.Stage != engine.StageEffective || p.Emergency != "at once, then" ||
		!p.Terms.RemovalDeadline.IsZero() {
		t.Errorf("enforced %+v", p)
	}
}

// Of several final plans that are due, each comes into force in the order of its time, and the last
// one stays.
func TestTheLastDueStays(t *testing.T) {
	h := newHall(t, nil)
	var ids []string
	for _, hours := range []int{3, 1, 2} {
		terms := engine.Terms{EffectiveAt: noon().Add(time.Duration(hours) * time.Hour)}
		p := must[engine.Publication](t)(
			h.Draft(t.Context(), clerk(), decided(t, h.atMost(30*hours)), nil, terms))
		must[engine.Publication](t)(h.Announce(t.Context(), clerk(), p.ID, engine.Terms{}))
		must[engine.Publication](t)(h.Finalize(t.Context(), mayor(), p.ID, ""))
		ids = append(ids, p.ID)
	}
	h.clock.advance(24 * time.Hour)
	h.enact()
	var stages []engine.Stage
	for _, id := range ids {
		stages = append(stages, must[engine.Publication](t)(h.Publication(id)).Stage)
	}
	want := []engine.Stage{engine.StageEffective, engine.StageSuperseded, engine.StageSuperseded}
	if diff := cmp.Diff(want, stages); diff != "" {
		t.Errorf("stages (-want +got):\n%s", diff)
	}
	h.holds()
}

// What was granted and refused since the last time is in the log, once.
func TestCounted(t *testing.T) {
	h := newHall(t, nil)
	count := func() {
		if err := h.Count(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	h.place(ask("1", h.middle, 3))
	h.place(ask("1", h.middle, 3)) // told again
	if _, err := h.Place(t.Context(), ask("2", h.middle, 16)); err == nil {
		t.Fatal("sixteen were granted")
	}
	count()
	count()
	h.place(ask("3", h.middle, 1))
	count()
	var got []string
	for _, e := range must[[]engine.Entry](t)(h.Log(t.Context(), 4, 10)) {
		var body struct {
			Granted int
			Refused map[string]int
		}
		if err := json.Unmarshal(e.Body, &body); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(e.Kind, " ", body.Granted, " ", body.Refused))
	}
	want := []string{"asks.counted 1 map[cell-operator-full:1]", "asks.counted 1 map[]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
}
