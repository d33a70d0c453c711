package merit_test

import (
	"errors"
	"fmt"
	"math"

	"github.com/stint-city/stint/quota/merit"
)

// 1,000 vehicles among three operators by last period's fleet and score. Nobody may change by more
// than a fifth.
func ExampleApply() {
	rules := merit.Rules{Base: merit.BasePrevious, Exponent: 1, Step: 0.2}
	decision, err := merit.Apply(rules, 1000, []merit.Operator{
		{ID: "azure", Score: 90, Previous: 500, Request: -1, Use: math.NaN(), Licensed: true},
		{ID: "brick", Score: 60, Previous: 300, Request: -1, Use: math.NaN(), Licensed: true},
		{ID: "coral", Score: 75, Previous: 200, Request: -1, Use: math.NaN(), Licensed: true},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range decision.Totals {
		fmt.Printf("%s: %g * %g = %g, from %d to %d: %d %q\n",
			t.ID, t.Base, t.Merit, t.Weight, t.Floor, t.Ceiling, t.Quota, t.Bound)
	}
	// Output:
	// azure: 500 * 0.9 = 450, from 400 to 600: 570 ""
	// brick: 300 * 0.6 = 180, from 240 to 360: 240 "floor"
	// coral: 200 * 0.75 = 150, from 160 to 240: 190 ""
}

// The rules can't be met: the city's total falls by more than any operator's quota may.
func ExampleInfeasibleError() {
	rules := merit.Rules{Base: merit.BasePrevious, Exponent: 1, Step: 0.2}
	_, err := merit.Apply(rules, 700, []merit.Operator{
		{ID: "azure", Score: 90, Previous: 600, Request: -1, Use: math.NaN(), Licensed: true},
		{ID: "brick", Score: 60, Previous: 400, Request: -1, Use: math.NaN(), Licensed: true},
	})
	var infeasible *merit.InfeasibleError
	if errors.As(err, &infeasible) {
		fmt.Println("total", infeasible.Total, "but floors of", infeasible.Low)
		for _, o := range infeasible.Operators {
			fmt.Println(o.ID, "at least", o.Floor, "by", o.FloorBy)
		}
	}
	// Output:
	// total 700 but floors of 800
	// azure at least 480 by step
	// brick at least 320 by step
}
