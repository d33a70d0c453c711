package engine_test

import (
	"errors"
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/quota"
)

// first returns the first cell of the first sector.
func first(p *engine.Plan) *engine.CellPlan { return &p.Sectors[0].Cells[0] }

// TestVerify spoils a sound plan in one place at a time: each edit is caught and named, also when
// the plan is sealed again after it.
func TestVerify(t *testing.T) {
	tests := map[string]struct {
		edit func(p *engine.Plan)
		want string // the code of the breach
	}{
		"a plan as decided": {func(*engine.Plan) {}, ""},
		"another schema":    {func(p *engine.Plan) { p.Schema = 99 }, "schema"},
		"a score raised":    {func(p *engine.Plan) { *p.Scorecards[0].Score += 5 }, "score"},
		"an item's part raised": {
			func(p *engine.Plan) { *p.Scorecards[0].Items[0].Contribution += 5 }, "contribution",
		},
		"an item left out": {func(p *engine.Plan) { p.Scorecards[0].Items = nil }, "score-items"},
		"a score that is not the scorecard's": {
			func(p *engine.Plan) { *p.Sectors[0].Operators[0].Score += 5 }, "score-differs",
		},
		"a weight raised": {
			func(p *engine.Plan) { p.Sectors[0].Operators[0].Weight *= 2 }, "weight",
		},
		"more ground than there is": {func(p *engine.Plan) { *first(p).Capacity++ }, "capacity"},
		"a bound above its ground":  {func(p *engine.Plan) { first(p).Bounds[0].Mid++ }, "bound"},
		"a limit taken out": {
			func(p *engine.Plan) { first(p).Bounds, first(p).Capacity = nil, nil }, "bound",
		},
		"quotas of the last period in one cell only": {
			func(p *engine.Plan) { first(p).Previous = []int{1, 1} }, "cell-shape",
		},
		"a cell above its capacity": {func(p *engine.Plan) { first(p).Total += 100 }, "cell-over"},
		"a quota short of an entry": {
			func(p *engine.Plan) { first(p).Quotas = first(p).Quotas[:1] }, "cell-shape",
		},
		"one operator may hold more than its local share": {
			func(p *engine.Plan) { first(p).Upper[0]++ }, "upper",
		},
		"one vehicle too many": {func(p *engine.Plan) { first(p).Quotas[0]++ }, "allocation"},
		"a vehicle moved to the other operator": {
			func(p *engine.Plan) {
				first(p).Quotas[0]--
				first(p).Quotas[1]++
			}, "allocation",
		},
		"two vehicles swapped, sums unchanged": {
			func(p *engine.Plan) {
				cells := p.Sectors[0].Cells
				cells[0].Quotas[0]--
				cells[0].Quotas[1]++
				cells[1].Quotas[0]++
				cells[1].Quotas[1]--
			}, "gap",
		},
		"a fleet raised": {
			func(p *engine.Plan) { p.Sectors[0].Operators[0].Quota++ }, "allocation",
		},
		"a total raised":       {func(p *engine.Plan) { p.Sectors[0].Total++ }, "allocation"},
		"a certificate forged": {func(p *engine.Plan) { p.Certificate.Gap = 4 }, "gap"},
		"a price changed":      {func(p *engine.Plan) { first(p).Price += 1 << 36 }, "certificate"},
		"another notice":       {func(p *engine.Plan) { p.City.Notice.En = "real" }, "seal"},
		"an input's hash edited": {
			func(p *engine.Plan) { p.Inputs = append(p.Inputs, engine.Input{Role: "x"}) }, "seal",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			plan, err := engine.Decide(town(t), engine.Options{})
			if err != nil {
				t.Fatal(err)
			}
			tt.edit(plan)
			if tt.want != "" && tt.want != "seal" {
				if _, err := plan.Seal(); err != nil {
					t.Fatal(err)
				}
			}
			err = engine.Verify(plan)
			var breach *engine.Breach
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("Verify: %v, want no breach", err)
			case tt.want == "":
			case !errors.As(err, &breach) || !errors.Is(err, engine.ErrBreach):
				t.Errorf("Verify: %v, want the breach %q", err, tt.want)
			case breach.Code != tt.want:
				t.Errorf("Verify: %v, want the breach %q", err, tt.want)
			}
		})
	}
}

func TestVerifyNamesTheInvariant(t *testing.T) {
	plan, err := engine.Decide(town(t), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	plan.Sectors[0].Operators[1].Ceiling = 1
	var breach *quota.Breach
	if err := engine.Verify(plan); !errors.As(err, &breach) || breach.Invariant != "Q2" {
		t.Errorf("Verify: %v, want Q2 of operator b", err)
	}
}
