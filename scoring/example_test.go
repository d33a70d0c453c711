package scoring

import (
	"errors"
	"fmt"
	"math"
	"os"
)

func ExampleEvaluate() {
	rubric := Rubric{ID: "made", Pass: 60, Indicators: []Indicator{
		{
			ID: "parked-in-fence", Unit: "share", Higher: true, Weight: 0.75,
			Linear: &Linear{Zero: 0.5, Full: 0.9}, Missing: MissingWorst,
		},
		{
			ID: "turnover", Unit: "trips/vehicle/day", Higher: true, Weight: 0.25,
			Bands: []Band{
				{Op: OpAtLeast, Value: 5, Points: 100},
				{Op: OpAtLeast, Value: 3, Points: 80},
				{Op: OpElse, Points: 50},
			},
			Missing: MissingExclude,
		},
	}}
	cards, err := Evaluate(rubric, []Sheet{
		{Operator: "blue", Values: []Value{
			{Indicator: "parked-in-fence", Value: 0.8, Known: true},
			{Indicator: "turnover", Value: 3, Known: true},
		}},
		{Operator: "green", Values: []Value{
			{Indicator: "parked-in-fence", Value: 0.7, Known: true},
			{Indicator: "turnover", Why: "no-trips"},
		}},
	})
	if err != nil {
		fmt.Fprintln(os.Stdout, err)
		return
	}
	for _, c := range cards {
		fmt.Fprintf(os.Stdout, "%s %.2f %s\n", c.Operator, c.Score, c.Pass)
		for _, it := range c.Items {
			fmt.Fprintf(os.Stdout, "  %s %.2f × %.2f = %.2f (%s)\n",
				it.Indicator, it.Points, it.Effective, it.Contribution, it.How)
		}
	}
	// Output:
	// blue 76.25 pass
	//   parked-in-fence 75.00 × 0.75 = 56.25 (linear)
	//   turnover 80.00 × 0.25 = 20.00 (band:2)
	// green 50.00 fail
	//   parked-in-fence 50.00 × 1.00 = 50.00 (linear)
	//   turnover NaN × 0.00 = 0.00 (missing:exclude)
}

func ExampleRubric_Check() {
	rubric := Rubric{ID: "made", Pass: math.NaN(), Indicators: []Indicator{{
		ID: "complaints", Unit: "per 1,000 trips", Weight: 1, Missing: MissingWorst,
		Bands: []Band{
			{Op: OpBelow, Value: 2, Points: 100},
			{Op: OpAbove, Value: 2, Points: 0},
		},
	}}}
	err := rubric.Check()
	fmt.Fprintln(os.Stdout, err)
	fmt.Fprintln(os.Stdout, errors.Is(err, ErrRubric))
	// Output:
	// indicator "complaints": no band holds for the value 2
	// true
}

func ExampleUnmeasured() {
	rubric := Rubric{Indicators: []Indicator{{ID: "turnover"}, {ID: "complaints"}}}
	fmt.Fprintln(os.Stdout, Unmeasured(rubric, []Sheet{
		{Operator: "blue", Values: []Value{{Indicator: "turnover", Value: 3, Known: true}}},
	}))
	// Output: [complaints]
}
