package simulations

import (
	"math"
	"testing"
)

// near reports whether two figures agree.
func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

// Two districts of 10 requests; in one all are reached, in the other those of one of two cells.
// Shares of those reached: 2/3 and 1/3, of requests 1/2 each. By hand:
// between = 2/3 ln(4/3) + 1/3 ln(2/3); within = 1/3 ln 2.
func TestTheil(t *testing.T) {
	town := &Town{Districts: []string{"a", "b"}, District: []int{0, 1, 1, -1}}
	x := &Tally{ByCell: []CellTally{
		{Requests: 10, Reached: 10}, {Requests: 5, Reached: 5}, {Requests: 5}, {Requests: 7, Reached: 7},
	}}
	between, within := x.theil(town)
	if !near(between, 2.0/3*math.Log(4.0/3)+1.0/3*math.Log(2.0/3)) || !near(within, math.Log(2)/3) {
		t.Errorf("between %v, within %v", between, within)
	}
	if a, b := (&Tally{ByCell: make([]CellTally, 4)}).theil(town); !math.IsNaN(a) || !math.IsNaN(b) {
		t.Errorf("%v, %v where nobody is reached", a, b)
	}
}

// Operators with 3, 1 and 0 rides: (9 + 1) / 16.
func TestHHI(t *testing.T) {
	x := &Tally{ByOperator: []OperatorTally{{Served: 3}, {Served: 1}, {}}}
	served := func(o *OperatorTally) int64 { return o.Served }
	if got := x.hhi(served); got != 0.625 {
		t.Errorf("concentration %v, want 10/16", got)
	}
	if got := (&Tally{ByOperator: make([]OperatorTally, 2)}).hhi(served); !math.IsNaN(got) {
		t.Errorf("concentration %v of no rides", got)
	}
}

// A histogram of 1, 0, 3: half of 4 is reached a third into the third bin, a quarter at the end of
// the first.
func TestQuantile(t *testing.T) {
	bins := []int64{1, 0, 3}
	if got := quantile(bins, 0.5); !near(got, 2+1.0/3) {
		t.Errorf("median %v, want 2 1/3", got)
	}
	if got := quantile(bins, 0.25); got != 1 {
		t.Errorf("quartile %v, want 1", got)
	}
	if got := quantile(make([]int64, 3), 0.5); !math.IsNaN(got) {
		t.Errorf("median %v of nothing", got)
	}
}

// The Lorenz curve of the Gini test: along the axis to the middle, then straight up to the corner.
func TestLorenz(t *testing.T) {
	x, y := lorenz([]CellTally{{Requests: 10, Reached: 10}, {}, {Requests: 10}})
	if len(x) != 3 || x[1] != 0.5 || y[1] != 0 || x[2] != 1 || y[2] != 1 {
		t.Errorf("curve %v, %v", x, y)
	}
}
