package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

// By the calendar: the first moment of the month, quarter, half year and year, at the city's
// midnight.
func TestPeriodsBegin(t *testing.T) {
	shanghai := time.FixedZone("UTC+8", 8*3600)
	at := time.Date(2027, 8, 31, 16, 30, 0, 0, time.UTC) // half past midnight of 1 September there
	for months, want := range map[int]time.Time{
		1:  time.Date(2027, 9, 1, 0, 0, 0, 0, shanghai),
		3:  time.Date(2027, 7, 1, 0, 0, 0, 0, shanghai),
		6:  time.Date(2027, 7, 1, 0, 0, 0, 0, shanghai),
		12: time.Date(2027, 1, 1, 0, 0, 0, 0, shanghai),
	} {
		p := engine.Periods{Months: months, Zone: shanghai}
		if got := p.Begin(at); !got.Equal(want) || !p.Begin(got).Equal(got) {
			t.Errorf("%d months: %v, want %v", months, got, want)
		}
	}
	if got := (&engine.Periods{Months: 1}).Begin(at); got.Month() != time.August {
		t.Errorf("in UTC: %v", got)
	}
}

// closing is a hall whose months end in drafts.
func closing(t *testing.T, fail *error) (*hall, *engine.Config) {
	t.Helper()
	var h *hall
	var config engine.Config
	h = newHall(t, nil, func(c *engine.Config) {
		c.Periods = &engine.Periods{
			Months: 1,
			Next: func(_ context.Context, end engine.PeriodEnd) (*engine.Plan, []engine.Zone, error) {
				if *fail != nil {
					return nil, nil, *fail
				}
				plan, err := engine.Decide(h.alike().After(end), engine.Options{})
				if err == nil {
					_, err = plan.Seal()
				}
				return plan, nil, err
			},
		}
		config = *c
	})
	return h, &config
}

// A month's end is drafted once, by whichever engine comes first, with the orders of that month; a
// failure is tried again, and what began in the month that runs on is not closed.
func TestAPeriodEndsInOneDraft(t *testing.T) {
	var fail error
	h, config := closing(t, &fail)
	if _, ok, err := h.ClosePeriod(t.Context()); ok || err != nil {
		t.Fatalf("before the plan saw the end of a month: %v, %v", ok, err)
	}
	must[engine.Order](t)(h.GiveOrder(t.Context(), clerk(), engine.OrderAsk{
		ID: "late", Kind: engine.OrderClear, Operator: "red", Sector: "bike", Cell: h.outer[0],
		Within: time.Hour, Reason: "pile-up",
	}))
	rule := config.Periods
	from := rule.Begin(h.clock.Now())
	until := rule.Begin(from.AddDate(0, 1, 3))
	h.clock.advance(until.Sub(h.clock.Now()))
	fail = errors.New("the city file is gone")
	if _, ok, err := h.ClosePeriod(t.Context()); ok || !errors.Is(err, fail) {
		t.Fatalf("%v, %v; want the planner's error", ok, err)
	}
	fail = nil
	other, err := engine.New(*config)
	if err != nil {
		t.Fatal(err)
	}
	p, ok, err := other.ClosePeriod(t.Context())
	if err != nil || !ok || p.Stage != engine.StageDraft || p.DraftedBy != "stint" {
		t.Fatalf("%+v, %v, %v; want a draft", p, ok, err)
	}
	for name, e := range map[string]*engine.Engine{"who came second": h.Engine, "the same": other} {
		if _, ok, err := e.ClosePeriod(t.Context()); ok || err != nil {
			t.Errorf("%s: %v, %v; want nothing to do", name, ok, err)
		}
	}
	again, err := engine.New(*config) // a restart
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := again.ClosePeriod(t.Context()); ok || err != nil {
		t.Errorf("after a restart: %v, %v", ok, err)
	}
	if got := h.InForce().Plan.ID; got != h.plan.ID {
		t.Errorf("plan %s is in force without anybody's word", got)
	}
	log, err := h.Log(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var closed []engine.Closed
	for _, entry := range log {
		var body struct{ Closed *engine.Closed }
		if err := json.Unmarshal(entry.Body, &body); err != nil {
			t.Fatal(err)
		}
		if body.Closed != nil {
			closed = append(closed, *body.Closed)
		}
	}
	late := until.Sub(noon()).Hours() // given at noon, around the clock, and still open
	want := []engine.Closed{{From: from, Until: until, Plan: h.plan.ID, Responses: []engine.Answered{
		{Operator: "green"},
		{Operator: "red", Orders: 1, Open: 1, Breaches: 1, P50: &late, P90: &late},
	}}}
	if diff := cmp.Diff(want, closed); diff != "" {
		t.Errorf("closed periods in the log (-want +got):\n%s", diff)
	}
}
