package engine_test

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rules"
)

// china is a working day of nine hours from 9 to 18 o'clock by China's calendar.
func china() *engine.WorkHours {
	return &engine.WorkHours{
		Calendar: rules.Shipped("cn"), Zone: time.FixedZone("UTC+8", 8*3600),
		Begin: 9 * time.Hour, End: 18 * time.Hour,
	}
}

// at is a time in China.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	got, err := time.ParseInLocation("2006-01-02 15:04", text, china().Zone)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// By the notice for 2023: 29 September to 6 October off, 7 and 8 October, a weekend, at work.
func TestWorkHours(t *testing.T) {
	tests := map[string]struct {
		from  string
		hours int
		want  string
	}{
		"within the day":        {"2023-09-27 10:00", 4, "2023-09-27 14:00"},
		"before work begins":    {"2023-09-27 03:00", 1, "2023-09-27 10:00"},
		"over night":            {"2023-09-27 17:00", 2, "2023-09-28 10:00"},
		"over the long holiday": {"2023-09-28 17:00", 2, "2023-10-07 10:00"},
		"a make-up weekend":     {"2023-10-07 17:00", 2, "2023-10-08 10:00"},
		"to the day's end":      {"2023-09-27 09:00", 9, "2023-09-27 18:00"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			work := time.Duration(tt.hours) * time.Hour
			got, err := china().After(at(t, tt.from), work)
			if err != nil {
				t.Fatal(err)
			}
			if want := at(t, tt.want); !got.Equal(want) {
				t.Errorf("%v, want %v", got, want)
			}
			if back, err := china().Between(at(t, tt.from), got); err != nil || back != work {
				t.Errorf("back: %v, %v, want %v", back, err, work)
			}
		})
	}
	_, err := china().After(at(t, "1999-01-04 10:00"), time.Hour)
	if !errors.Is(err, engine.ErrCalendar) {
		t.Errorf("a year that nobody published: %v", err)
	}
}

// given is an order of the clerk's to green about the middle of the hall.
func (h *hall) given(id string, kind engine.OrderKind, target int) engine.Order {
	h.tb.Helper()
	return must[engine.Order](h.tb)(h.GiveOrder(h.tb.Context(), clerk(), engine.OrderAsk{
		ID: id, Kind: kind, Operator: "green", Sector: "bike", Cell: h.middle, Target: target,
		Within: 2 * time.Hour, Reason: "pile-up, photo 7",
	}))
}

// looks reports what was counted of green in the middle so long after noon.
func (h *hall) looks(count int, known bool, after time.Duration) []string {
	h.tb.Helper()
	done := must[[]engine.Order](h.tb)(h.Observe(h.tb.Context(), []engine.Observation{{
		Operator: "green", Sector: "bike", Cell: h.middle, Count: count, Known: known,
		At: noon().Add(after),
	}}))
	var ids []string
	for _, o := range done {
		ids = append(ids, o.ID)
	}
	return ids
}

func TestOrdersAreDoneWhenTheStreetSaysSo(t *testing.T) {
	h := newHall(t, nil)
	o := h.given("pile", engine.OrderRemove, 4)
	if !o.Deadline.Equal(noon().Add(2*time.Hour)) || !o.Open() {
		t.Fatalf("given %+v", o)
	}
	if again := h.given("pile", engine.OrderRemove, 4); !cmp.Equal(o, again) {
		t.Errorf("again: %+v", again)
	}
	must[engine.Order](t)(h.Acknowledge(t.Context(), company("green"), "pile"))
	h.clock.advance(3 * time.Hour)
	h.enact()
	for name, ids := range map[string][]string{
		"too many":          h.looks(5, true, time.Hour),
		"nobody looked":     h.looks(0, false, time.Hour),
		"before the order":  h.looks(0, true, -time.Minute),
		"a clock run ahead": h.looks(0, true, 4*time.Hour),
	} {
		if len(ids) > 0 {
			t.Errorf("%s: %v are done", name, ids)
		}
	}
	if got := h.looks(4, true, 90*time.Minute); !slices.Equal(got, []string{"pile"}) {
		t.Errorf("done are %v", got)
	}
	if got := h.looks(0, true, 2*time.Hour); len(got) > 0 {
		t.Errorf("done again: %v", got)
	}
	// It was done when it was seen, however late the report.
	o = must[engine.Order](t)(h.Order("pile"))
	if !o.Done.Equal(noon().Add(90*time.Minute)) || o.Count != 4 || o.Acknowledged.IsZero() {
		t.Errorf("the order is %+v", o)
	}
	h.holds()
}

func TestReplenishAndRepair(t *testing.T) {
	h := newHall(t, nil)
	h.given("more", engine.OrderReplenish, 3)
	h.given("fix", engine.OrderRepair, 0)
	h.clock.advance(2 * time.Hour)
	if got := h.looks(2, true, time.Hour); len(got) > 0 {
		t.Errorf("two of three: %v", got)
	}
	if got := h.looks(3, true, time.Hour); !slices.Equal(got, []string{"more"}) {
		t.Errorf("three of three: %v", got)
	}
	done := must[[]engine.Order](t)(h.Observe(t.Context(), []engine.Observation{{
		Operator: "green", Sector: "bike", Cell: h.middle, Broken: true, Known: true,
		At: noon().Add(time.Hour),
	}}))
	if len(done) != 1 || done[0].ID != "fix" {
		t.Errorf("no broken one left: %+v", done)
	}
}

func TestExtensionAndObjection(t *testing.T) {
	h := newHall(t, nil)
	ctx := t.Context()
	h.given("pile", engine.OrderClear, 0)
	_, err := h.ExtendOrder(ctx, clerk(), "pile", noon(), "rain")
	breach(t, err, "order-earlier")
	_, err = h.ExtendOrder(ctx, company("green"), "pile", hour(5), "rain")
	breach(t, err, "bureau-only")
	o := must[engine.Order](t)(h.ExtendOrder(ctx, clerk(), "pile", hour(5), "rain"))
	want := []engine.Extension{{Was: hour(2), Reason: "rain"}}
	if diff := cmp.Diff(want, o.Extended); diff != "" || !o.Deadline.Equal(hour(5)) {
		t.Errorf("extended to %v (-want +got):\n%s", o.Deadline, diff)
	}
	_, err = h.AnswerOrder(ctx, clerk(), "pile", true, "so it is")
	breach(t, err, "order-uncontested")
	_, err = h.ObjectToOrder(ctx, company("red"), "pile", "not ours")
	breach(t, err, "no-order")
	_, err = h.ObjectToOrder(ctx, clerk(), "pile", "not ours")
	breach(t, err, "operator-only")
	must[engine.Order](t)(h.ObjectToOrder(ctx, company("green"), "pile", "they are red's"))
	_, err = h.ObjectToOrder(ctx, company("green"), "pile", "they are red's")
	breach(t, err, "order-contested")
	o = must[engine.Order](t)(h.AnswerOrder(ctx, clerk(), "pile", true, "so it is"))
	if o.Open() || o.Lapsed.IsZero() || o.Answer != "so it is" {
		t.Errorf("after an objection that was accepted: %+v", o)
	}
	_, err = h.ExtendOrder(ctx, clerk(), "pile", hour(9), "rain")
	breach(t, err, "order-closed")
	h.clock.advance(time.Hour)
	if got := h.looks(0, true, time.Minute); len(got) > 0 {
		t.Errorf("an order that was taken back is done: %v", got)
	}
	h.holds()
}

func TestBureauOrdersThatAreRefused(t *testing.T) {
	h := newHall(t, nil, func(c *engine.Config) { c.Hours = china() })
	good := engine.OrderAsk{
		ID: "x", Kind: engine.OrderRemove, Operator: "green", Sector: "bike", Cell: h.middle,
		Within: time.Hour, Reason: "r",
	}
	tests := map[string]func(*engine.OrderAsk){
		"order-id":       func(a *engine.OrderAsk) { a.ID = "1:bike:city" },
		"order-kind":     func(a *engine.OrderAsk) { a.Kind = "" },
		"order-operator": func(a *engine.OrderAsk) { a.Operator = "blue" },
		"order-target":   func(a *engine.OrderAsk) { a.Kind, a.Target = engine.OrderClear, 1 },
		"order-within":   func(a *engine.OrderAsk) { a.Within = 0 },
		"order-reason":   func(a *engine.OrderAsk) { a.Reason = " " },
		"measure-cell":   func(a *engine.OrderAsk) { a.Cell = 0 },
	}
	for code, change := range tests {
		t.Run(code, func(t *testing.T) {
			a := good
			change(&a)
			_, err := h.GiveOrder(t.Context(), clerk(), a)
			breach(t, err, code)
		})
	}
	_, err := h.GiveOrder(t.Context(), company("green"), good)
	breach(t, err, "bureau-only")
	h.clock.advance(-50 * 366 * 24 * time.Hour)
	_, err = h.GiveOrder(t.Context(), clerk(), good)
	breach(t, err, "order-calendar")
}

// done is an order of an operator given at noon and due an hour later, done after so many minutes;
// 0 = not.
func done(operator string, minutes int) engine.Order {
	o := engine.Order{
		ID: operator, Operator: operator, Kind: engine.OrderRemove, Given: noon(), Deadline: hour(1),
		Sector: "bike", Level: engine.CellOperatorLevel(0x895c6882d07ffff, operator),
	}
	if minutes > 0 {
		o.Done = noon().Add(time.Duration(minutes) * time.Minute)
		o.Proven = o.Done
	}
	return o
}

func TestResponses(t *testing.T) {
	lapsed := done("a", 0)
	lapsed.Lapsed = hour(1)
	books := done("b", 30)
	books.Proven = time.Time{}
	orders := []engine.Order{done("a", 30), done("a", 60), done("a", 90), done("a", 0), lapsed, books}
	got, err := engine.Responses(orders, []string{"c", "a"}, noon(), hour(2), hour(4), nil)
	if err != nil {
		t.Fatal(err)
	}
	// Of a: half an hour, an hour, an hour and a half, and four hours so far. The median of four is
	// the second, nine in ten are the fourth.
	nan := math.NaN()
	want := []engine.Response{
		{Operator: "a", Orders: 4, InTime: 2, Open: 1, Breaches: 2, P50: 1, P90: 4},
		{Operator: "b", Orders: 1, InTime: 1, P50: 0.5, P90: 0.5, Unobserved: 1},
		{Operator: "c", P50: nan, P90: nan},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, v := range got[2].Values() {
		if v.Known || v.Why != engine.NoOrders {
			t.Errorf("without orders %s is %+v", v.Indicator, v)
		}
	}
	if v := got[0].Values()[2]; !v.Known || v.Value != 0.5 || v.Samples != 4 {
		t.Errorf("in time: %+v", v)
	}
	sites := engine.Sites(orders, noon(), hour(2), hour(4), 2)
	if len(sites) != 1 || sites[0].Operator != "a" || len(sites[0].Breaches) != 2 {
		t.Errorf("sites %+v", sites)
	}
	if sites := engine.Sites(orders, noon(), hour(2), hour(4), 3); len(sites) != 0 {
		t.Errorf("three breaches: %+v", sites)
	}
}

// Whoever is slower with any order is no better in any figure, and the order of orders is of no
// account.
func TestSlowerIsNeverBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.SliceOfN(rapid.IntRange(0, 200), 1, 12).Draw(t, "minutes")
		slow := slices.Clone(minutes)
		k := rapid.IntRange(0, len(slow)-1).Draw(t, "which")
		if slow[k] > 0 {
			slow[k] = rapid.SampledFrom([]int{0, slow[k] + 1, slow[k] + 50}).Draw(t, "slower")
		}
		figures := func(all []int) engine.Response {
			var orders []engine.Order
			for _, m := range all {
				orders = append(orders, done("a", m))
			}
			r, err := engine.Responses(orders, nil, noon(), hour(2), hour(5), nil)
			if err != nil {
				t.Fatal(err)
			}
			return r[0]
		}
		a, b := figures(minutes), figures(slow)
		if b.P50 < a.P50 || b.P90 < a.P90 || b.InTime > a.InTime || b.Breaches < a.Breaches {
			t.Fatalf("%v: %+v\n%v: %+v", minutes, a, slow, b)
		}
		slices.Reverse(slow)
		if turned := figures(slow); turned != b {
			t.Fatalf("turned: %+v, %+v", b, turned)
		}
	})
}
