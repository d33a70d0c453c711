package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
)

// A plan that breaks its own statements is not drafted, and leaves nothing in the log.
func TestAPlanWithABreachIsNotDrafted(t *testing.T) {
	h := newHall(t, nil)
	tests := map[string]func(p *engine.Plan){
		"a vehicle more than the sum": func(p *engine.Plan) { p.Sectors[0].Cells[0].Quotas[0]++ },
		"a total that isn't":          func(p *engine.Plan) { p.Sectors[0].Total-- },
		"an operator's total":         func(p *engine.Plan) { p.Sectors[0].Operators[0].Quota++ },
		"another name for the plan":   func(p *engine.Plan) { p.ID = "0" + p.ID[1:] + "0" },
	}
	before := len(must[[]engine.Entry](t)(h.Log(t.Context(), 0, 100)))
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			plan := decided(t, h.atMost(50))
			change(plan)
			if _, err := h.Draft(t.Context(), mayor(), plan, nil, engine.Terms{}); err == nil {
				t.Error("it was drafted")
			}
		})
	}
	if n := len(must[[]engine.Entry](t)(h.Log(t.Context(), 0, 100))); n != before {
		t.Errorf("the log has %d entries, before %d", n, before)
	}
}

// Zones that could not be read again are refused with the draft.
func TestZonesWithAFaultAreNotDrafted(t *testing.T) {
	h := newHall(t, nil)
	bad := map[string][]engine.Zone{
		"twice the same": {station(h.middle, 1), station(h.middle, 2)},
		"no shape":       {{ID: "a", Kind: engine.ZoneBan}},
		"over before it began": {{
			ID: "a", Kind: engine.ZoneBan, Shape: around(h.middle.Center(), 60),
			From: noon().Add(time.Hour), Until: noon(),
		}},
		"no such kind": {{ID: "a", Kind: "park", Shape: around(h.middle.Center(), 60)}},
	}
	for name, zones := range bad {
		t.Run(name, func(t *testing.T) {
			_, err := h.Draft(t.Context(), mayor(), h.plan, zones, engine.Terms{})
			if !errors.Is(err, engine.ErrZones) {
				t.Errorf("drafted: %v", err)
			}
			if err := h.SetZones(t.Context(), mayor(), zones); !errors.Is(err, engine.ErrZones) {
				t.Errorf("set: %v", err)
			}
		})
	}
	h.holds()
}

// The same plan twice is two publications, and each keeps its own life.
func TestSupersededIsNeverOverwritten(t *testing.T) {
	h := newHall(t, nil)
	first := h.Publications()[0]
	second := h.inForce(h.city, nil, engine.Terms{})
	if second.Plan != first.Plan || second.ID == first.ID || second.Epoch <= first.Epoch {
		t.Fatalf("the same plan again is %+v after %+v", second, first)
	}
	third := h.inForce(h.atMost(50), nil, engine.Terms{})
	first.Stage, second.Stage = engine.StageSuperseded, engine.StageSuperseded
	if diff := cmp.Diff([]engine.Publication{third, second, first}, h.Publications()); diff != "" {
		t.Errorf("publications (-want +got):\n%s", diff)
	}
	for name, step := range map[string]func() error{
		"announced": func() error {
			_, err := h.Announce(t.Context(), clerk(), first.ID, engine.Terms{})
			return err
		},
		"finalized": func() error {
			_, err := h.Finalize(t.Context(), mayor(), first.ID, "it burns")
			return err
		},
		"withdrawn": func() error {
			_, err := h.Withdraw(t.Context(), mayor(), first.ID, "no")
			return err
		},
		"checked off": func() error {
			_, err := h.CheckOff(t.Context(), clerk(), first.ID)
			return err
		},
		"enforced": func() error {
			_, err := h.Enforce(t.Context(), mayor(), first.ID, "again")
			return err
		},
	} {
		if err := step(); !errors.Is(err, engine.ErrStage) {
			t.Errorf("what is superseded can be %s: %v", name, err)
		}
	}
	if h.InForce().Epoch != third.Epoch {
		t.Errorf("in force since %d, want %d", h.InForce().Epoch, third.Epoch)
	}
}

func TestAnEmergencyIsInTheLog(t *testing.T) {
	h := newHall(t, nil)
	terms := engine.Terms{ObjectionsUntil: noon().Add(time.Hour)}
	p := must[engine.Publication](t)(
		h.Draft(t.Context(), clerk(), decided(t, h.atMost(50)), nil, terms))
	must[engine.Publication](t)(h.Announce(t.Context(), clerk(), p.ID, engine.Terms{}))
	if _, err := h.Object(t.Context(), citizen(), p.ID, "wait"); err != nil {
		t.Fatal(err)
	}
	p = must[engine.Publication](t)(h.Finalize(t.Context(), mayor(), p.ID, " the bridge is down "))
	if p.Emergency != "the bridge is down" || p.Stage != engine.StageEffective {
		t.Errorf("finalized %+v", p)
	}
	entries := must[[]engine.Entry](t)(h.Log(t.Context(), 0, 100))
	final := entries[len(entries)-2]
	var body struct{ Emergency string }
	if err := json.Unmarshal(final.Body, &body); err != nil {
		t.Fatal(err)
	}
	if final.Kind != "plan.final" || final.By != "mayor" || final.Role != "bureau-admin" ||
		body.Emergency != "the bridge is down" {
		t.Errorf("the log has %s by %s (%s): %s", final.Kind, final.By, final.Role, final.Body)
	}
}

// Public notice of a day takes a day: a millisecond less is refused.
func TestNoticeMin(t *testing.T) {
	h := newHall(t, nil, func(c *engine.Config) { c.NoticeMin = 24 * time.Hour })
	p := must[engine.Publication](t)(
		h.Draft(t.Context(), clerk(), h.plan, nil, engine.Terms{}))
	least := noon().Add(24 * time.Hour)
	_, err := h.Announce(t.Context(), clerk(), p.ID,
		engine.Terms{ObjectionsUntil: least.Add(-time.Millisecond)})
	breach(t, err, "notice-short")
	_, err = h.Announce(t.Context(), clerk(), p.ID,
		engine.Terms{ObjectionsUntil: least, EffectiveAt: least.Add(-time.Millisecond)})
	breach(t, err, "terms")
	p = must[engine.Publication](t)(
		h.Announce(t.Context(), clerk(), p.ID, engine.Terms{ObjectionsUntil: least}))
	if p.Stage != engine.StageNotice || p.NoticeBy != "clerk" {
		t.Errorf("announced %+v", p)
	}
}

// What was withdrawn comes into force no more, though its time comes.
func TestWithdrawnDoesNotComeIntoForce(t *testing.T) {
	h := newHall(t, nil)
	before := h.InForce().Epoch
	p := h.inForce(h.atMost(50), nil, engine.Terms{EffectiveAt: noon().Add(time.Hour)})
	if p.Stage != engine.StageFinal {
		t.Fatalf("finalized %+v", p)
	}
	p = must[engine.Publication](t)(h.Withdraw(t.Context(), mayor(), p.ID, "a mistake"))
	if p.Stage != engine.StageWithdrawn || p.Reason != "a mistake" {
		t.Errorf("withdrawn %+v", p)
	}
	h.clock.advance(2 * time.Hour)
	h.enact()
	if now := h.InForce().Epoch; now != before {
		t.Errorf("epoch %d, want %d", now, before)
	}
}

// A plan is kept byte by byte, and a plan that was never drafted isn't there.
func TestPlanDocument(t *testing.T) {
	h := newHall(t, nil)
	data := must[[]byte](t)(h.PlanDocument(t.Context(), h.plan.ID))
	var p engine.Plan
	if err := json.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	if sealed, err := p.Sealed(); err != nil || !sealed || p.ID != h.plan.ID {
		t.Errorf("kept %s, sealed %v: %v", p.ID, sealed, err)
	}
	h.inForce(h.city, nil, engine.Terms{})
	if again := must[[]byte](t)(h.PlanDocument(t.Context(), h.plan.ID)); !bytes.Equal(data, again) {
		t.Error("another draft of it changed its bytes")
	}
	if _, err := h.PlanDocument(t.Context(), "none"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// A refused step leaves nothing in the log, whatever the order of steps.
func TestARefusedStepLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHall(t, nil)
		p := must[engine.Publication](t)(
			h.Draft(context.Background(), clerk(), h.plan, nil, engine.Terms{}))
		ctx, done := context.Background(), 0
		for range rapid.IntRange(1, 15).Draw(rt, "steps") {
			before := len(must[[]engine.Entry](t)(h.Log(ctx, 0, 1000)))
			who := rapid.SampledFrom([]engine.Actor{
				mayor(), clerk(), citizen(), company("green"),
			}).Draw(rt, "who")
			var err error
			switch rapid.IntRange(0, 4).Draw(rt, "what") {
			case 0:
				_, err = h.Announce(ctx, who, p.ID, engine.Terms{})
			case 1:
				_, err = h.Finalize(ctx, who, p.ID, "")
			case 2:
				_, err = h.CheckOff(ctx, who, p.ID)
			case 3:
				_, err = h.Object(ctx, who, p.ID, "no")
			case 4:
				_, err = h.Withdraw(ctx, who, p.ID, "no")
			}
			grown := len(must[[]engine.Entry](t)(h.Log(ctx, 0, 1000))) - before
			if (err == nil) != (grown > 0) {
				rt.Fatalf("step %d: %v, and the log has grown by %d", done, err, grown)
			}
			done++
		}
	})
}
