package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

// filled is the town with some vehicles: green holds 3 and has 4 in the middle, red has 2 in an
// outer cell.
func filled(t *testing.T, on func(*engine.Config)) *hall {
	t.Helper()
	h := newHall(t, nil, on)
	hold := ask("hold", h.middle, 3)
	hold.Reserve = true
	h.place(hold)
	h.place(ask("stand", h.middle, 4))
	red := ask("red", h.outer[0], 2)
	red.Operator = "red"
	h.place(red)
	return h
}

func TestReads(t *testing.T) { onEachStore(t, reads) }

func reads(t *testing.T, on func(*engine.Config)) {
	h := filled(t, on)
	quotas, event, err := h.Quotas(t.Context(), "bike", "")
	if err != nil {
		t.Fatal(err)
	}
	byLevel := map[engine.Level]engine.Quota{}
	for _, q := range quotas {
		byLevel[q.Level] = q
	}
	want := []engine.Quota{
		{Level: "city", Tier: engine.TierCity, Cap: 90, Standing: 6, Held: 3, Room: 81},
		{
			Level: "o:green", Tier: engine.TierOperatorCity, Operator: "green",
			Cap: 45, Standing: 4, Held: 3, Room: 38,
		},
		{
			Level: engine.CellLevel(h.middle), Tier: engine.TierCell,
			Cap: 30, Standing: 4, Held: 3, Room: 23,
		},
		{
			Level: engine.CellOperatorLevel(h.outer[0], "red"), Tier: engine.TierCellOperator,
			Operator: "red", Cap: 5, Standing: 2, Room: 3,
		},
	}
	for _, w := range want {
		if diff := cmp.Diff(w, byLevel[w.Level]); diff != "" {
			t.Errorf("level %s (-want +got):\n%s", w.Level, diff)
		}
	}
	const levels = 1 + 2 + 7 + 2*7 // city, operators, cells, operators in cells
	if len(quotas) != levels {
		t.Errorf("%d levels, want %d", len(quotas), levels)
	}
	own, _, err := h.Quotas(t.Context(), "bike", "red")
	if err != nil || len(own) != 1+1+7+7 {
		t.Errorf("red sees %d levels (%v), want %d", len(own), err, 1+1+7+7)
	}
	total, at, err := h.Total(t.Context(), "bike")
	if err != nil || total != (engine.Count{Cap: 90, Standing: 6, Held: 3}) || at != event {
		t.Errorf("Total = %v at %v (%v)", total, at, err)
	}
	p, err := h.City(t.Context(), "bike")
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, p, byLevel)
	if p.Plan != h.plan.ID || p.Event != event || p.Epoch != h.InForce().Epoch {
		t.Errorf("the picture is of plan %s, epoch %d, event %s", p.Plan, p.Epoch, p.Event)
	}
}

// agrees holds a picture against the levels.
func agrees(t *testing.T, p engine.Picture, byLevel map[engine.Level]engine.Quota) {
	t.Helper()
	check := func(level engine.Level, got engine.Count) {
		q := byLevel[level]
		if want := (engine.Count{Cap: q.Cap, Standing: q.Standing, Held: q.Held}); got != want {
			t.Errorf("level %s of the picture is %v, want %v", level, got, want)
		}
	}
	check(engine.CityLevel, p.City)
	for k, operator := range p.Operators {
		check(engine.OperatorLevel(operator), p.Own[k])
	}
	for _, c := range p.Cells {
		check(engine.CellLevel(c.Cell), c.Count)
		for k, operator := range p.Operators {
			check(engine.CellOperatorLevel(c.Cell, operator), c.Own[k])
		}
	}
	if len(p.Cells) != 7 || len(p.Operators) != 2 {
		t.Errorf("%d cells and %d operators, want 7 and 2", len(p.Cells), len(p.Operators))
	}
}

func TestReadsOfWhatIsNotThere(t *testing.T) {
	h := newHall(t, nil)
	_, _, err := h.Quotas(t.Context(), "boat", "")
	if no := refused(t, err); no.Rule != engine.RuleUnknownSector {
		t.Errorf("Quotas refuses by %s", no.Rule)
	}
	_, err = h.City(t.Context(), "boat")
	if no := refused(t, err); no.Rule != engine.RuleUnknownSector {
		t.Errorf("City refuses by %s", no.Rule)
	}
	if _, err = h.Grant(t.Context(), "bike", "green:none"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("Grant of what isn't there = %v", err)
	}
}

func TestGrants(t *testing.T) {
	h := filled(t, func(*engine.Config) {})
	for i := range 200 {
		p := ask(fmt.Sprintf("k%03d", i), h.outer[i%6], 1)
		if i%6 == 0 {
			p.Operator = "red"
		}
		_, _ = h.Place(t.Context(), p) // five fit in each cell
	}
	release := engine.Settlement{
		Verb: engine.Release, Operator: "green", Sector: "bike", Key: "r", Placement: "green:hold",
	}
	if _, err := h.Settle(t.Context(), release); err != nil {
		t.Fatal(err)
	}
	all, err := h.Grants(t.Context(), "bike", "", "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	var paged []engine.Grant
	for after := engine.ID(""); ; {
		page, err := h.Grants(t.Context(), "bike", "", after, 7)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
		after = page[len(page)-1].ID
	}
	if diff := cmp.Diff(all, paged); diff != "" {
		t.Errorf("page by page (-all +paged):\n%s", diff)
	}
	vehicles := 0
	for _, g := range all {
		vehicles += g.N
		if g.ID == "green:hold" {
			t.Error("what was released is told among what stands")
		}
	}
	total, _, err := h.Total(t.Context(), "bike")
	if err != nil || total.Standing+total.Held != vehicles {
		t.Errorf("the grants hold %d vehicles, the city %v (%v)", vehicles, total, err)
	}
	g, err := h.Grant(t.Context(), "bike", "green:hold")
	if err != nil || g.State != engine.Released || g.N != 0 {
		t.Errorf("what was released is %+v (%v)", g, err)
	}
	if none, err := h.Grants(t.Context(), "bike", "", "", -1); err != nil || len(none) != 0 {
		t.Errorf("a limit of -1 gives %d (%v)", len(none), err)
	}
}

func TestAround(t *testing.T) {
	h := newHall(t, nil)
	h.place(ask("fill", h.outer[0], 5))
	near, err := h.Around(t.Context(), "green", "bike", h.middle.Center(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(near) != 6 || near[0].Cell != h.middle || near[0].Room != 15 {
		t.Errorf("around the middle is room in %v, want the middle and five more", near)
	}
	if containsCell(near, h.outer[0]) {
		t.Error("a full cell is told")
	}
	_, err = h.Around(t.Context(), "blue", "bike", h.middle.Center(), 1)
	if no := refused(t, err); no.Rule != engine.RuleUnlicensed {
		t.Errorf("who has no licence is refused by %s", no.Rule)
	}
}

// TestRunGivesBackWhatExpired: the sweeper ends a lease without anybody's asking.
func TestRunGivesBackWhatExpired(t *testing.T) {
	h := newHall(t, nil)
	p := ask("k", h.middle, 3)
	p.Reserve, p.Hold = true, time.Second
	h.place(p)
	h.clock.advance(2 * time.Second)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.Run(ctx, func(err error) { t.Error(err) })
	}()
	defer func() { stop(); <-done }()
	patience, enough := context.WithTimeout(t.Context(), 20*time.Second)
	defer enough()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		g, err := h.Grant(patience, "bike", "green:k")
		if err != nil {
			t.Fatalf("the lease is not expired after 20 s: %v", err)
		}
		if g.State == engine.Expired {
			return
		}
		<-tick.C
	}
}

// TestSectorThatAPlanDrops: nothing more is granted there, and what stands can be seen and removed.
func TestSectorThatAPlanDrops(t *testing.T) { onEachStore(t, droppedSector) }

func droppedSector(t *testing.T, on func(*engine.Config)) {
	h := newHall(t, nil, on)
	scooter := h.city.Sectors[0]
	scooter.ID = "scooter"
	h.city.Sectors = append(h.city.Sectors, scooter)
	for k := range h.city.Operators {
		o := &h.city.Operators[k]
		o.Licensed, o.Previous = []bool{true, true}, []int{-1, -1}
		o.Request = []int{-1, -1}
	}
	h.publish(nil)
	p := ask("k", h.middle, 3)
	p.Sector = "scooter"
	first := h.place(p)
	h.city.Sectors = h.city.Sectors[:1]
	h.publish(nil)
	again := h.place(p)
	if first.Replayed = true; again != first {
		t.Errorf("the retry is told %+v, want %+v", again, first)
	}
	p.Key = "new"
	_, err := h.Place(t.Context(), p)
	if no := refused(t, err); no.Rule != engine.RuleUnknownSector {
		t.Errorf("a new ask is refused by %s", no.Rule)
	}
	grants, err := h.Grants(t.Context(), "scooter", "green", "", 10)
	if err != nil || len(grants) != 1 || grants[0].N != 3 {
		t.Errorf("what stands is %v (%v)", grants, err)
	}
	if orders := h.Orders("green"); len(orders) == 0 {
		t.Error("nobody ordered the removal")
	}
	_, err = h.Settle(t.Context(), engine.Settlement{
		Verb: engine.Remove, Operator: "green", Sector: "scooter", Key: "away",
		Placement: "green:k",
	})
	if err != nil {
		t.Error(err)
	}
	if c, _, err := h.Total(t.Context(), "scooter"); err != nil || c.Standing != 0 {
		t.Errorf("%v stand afterwards (%v)", c, err)
	}
}
