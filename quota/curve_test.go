package quota

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCurve(t *testing.T) {
	tests := map[string]struct {
		nodes  []Node
		leaves []Leaf
		most   int
		want   []CurvePoint
	}{
		"it goes on past the total": {
			city(),
			[]Leaf{leaf(1, 0, 9, 5, 3, 1), leaf(2, 0, 9, 4)},
			2,
			[]CurvePoint{{0, 0, 5}, {1, 5, 5}, {2, 9, 4}, {3, 12, 3}, {4, 13, 1}},
		},
		"it begins with what floors force": {
			city(),
			[]Leaf{floored(leaf(1, 0, 9, 2), 2), leaf(2, 0, 9, 4)},
			-1,
			[]CurvePoint{{2, 2, 4}, {3, 6, 4}},
		},
		"it ends at the city's cap": {
			[]Node{{"city", -1, 0, 2}},
			[]Leaf{leaf(1, 0, 9, 5, 3, 1)},
			1,
			[]CurvePoint{{0, 0, 5}, {1, 5, 5}, {2, 8, 3}},
		},
		"where nothing adds anything it is one point": {
			city(), []Leaf{floored(leaf(1, 0, 9), 3)}, -1, []CurvePoint{{3, 0, 0}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := AllocateCells(tt.nodes, tt.leaves, tt.most, 0)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.Curve); diff != "" {
				t.Errorf("curve (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCurveIsShort(t *testing.T) {
	for _, units := range []int{1, 2, 197, 198, 199, 200, 201, 396, 397, 1000, 99991} {
		marginal := make([]float64, units)
		for n := range marginal {
			marginal[n] = float64(units - n)
		}
		for _, most := range []int{0, 1, 77, units / 2, units - 1, units} {
			got, err := AllocateCells(city(), []Leaf{leaf(1, 0, units, marginal...)}, most, 0)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(got.Curve); n > 200 {
				t.Errorf("%d units: curve of %d points", units, n)
			}
			total, last := false, -1
			for _, p := range got.Curve {
				// The best n of units, units-1, ... sum to n*(2*units-n+1)/2.
				if want := float64(p.Vehicles) * float64(2*units-p.Vehicles+1) / 2; p.Benefit != want {
					t.Errorf("%d units: benefit of %d = %v, want %v", units, p.Vehicles, p.Benefit, want)
				}
				if p.Vehicles <= last {
					t.Errorf("%d units: point %d after %d", units, p.Vehicles, last)
				}
				total, last = total || p.Vehicles == got.Total, p.Vehicles
			}
			if got.Curve[0].Vehicles != 0 || last != units || !total {
				t.Errorf("%d units, most %d: the curve misses an end or the total", units, most)
			}
		}
	}
}
