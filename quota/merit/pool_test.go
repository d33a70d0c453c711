package merit

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestApplyRequestAndEntrantBases(t *testing.T) {
	ops := []Operator{
		asking(op("a", 90, 10), 30), asking(op("b", 90, -1), 20), asking(op("c", 90, -1), 40),
	}
	tests := map[Base][]float64{ // in the entrant pool only a request tells newcomers apart
		BaseRequest:  {30, 20, 40},
		BasePrevious: {10, 1, 1},
		BaseEqual:    {1, 1, 1},
	}
	for base, want := range tests {
		r := Rules{Base: base, EntrantPool: 0.5, PoolUnused: PoolToIncumbents}
		d, err := Apply(r, 60, ops)
		if err != nil {
			t.Fatal(err)
		}
		for k, total := range d.Totals {
			if total.Base != want[k] {
				t.Errorf("base %s of %s is %g, want %g", base, total.ID, total.Base, want[k])
			}
		}
	}
}

func TestApplyEntrantPool(t *testing.T) {
	rules := Rules{Base: BasePrevious, EntrantPool: 0.1, PoolUnused: PoolToIncumbents}
	kept := rules
	kept.PoolUnused = PoolToUnallocated
	xiamen := Rules{Base: BasePrevious, EntrantPool: 0.0625, PoolUnused: PoolToUnallocated}
	tests := map[string]struct {
		rules   Rules
		total   int
		ops     []Operator
		want    []int // quotas
		pools   []int // totals of the entrants' and the incumbents'
		granted int
	}{
		// Xiamen 2019: 10,000 of 160,000 for one newcomer, the rest 50 to 30 to 20.
		"a newcomer is served from its pool": {
			xiamen, 160_000,
			[]Operator{op("a", 90, 50), op("b", 90, 30), op("c", 90, 20), op("d", 90, -1)},
			[]int{75_000, 45_000, 30_000, 10_000},
			[]int{10_000, 150_000},
			160_000,
		},
		"what entrants don't take goes to the incumbents": {
			rules, 1000,
			[]Operator{op("a", 90, 20), op("b", 90, 10), asking(op("c", 90, -1), 60)},
			[]int{627, 313, 60}, // 940 by 2 to 1
			[]int{60, 940},
			1000,
		},
		"or stays unallocated": {
			kept, 1000,
			[]Operator{op("a", 90, 20), op("b", 90, 10), asking(op("c", 90, -1), 60)},
			[]int{600, 300, 60},
			[]int{60, 900},
			960,
		},
		"a pool without entrants is unused": {
			kept, 1000,
			[]Operator{op("a", 90, 20), op("b", 90, 10)},
			[]int{600, 300},
			[]int{0, 900},
			900,
		},
		"what incumbents don't take goes to the entrants": {
			kept, 1000,
			[]Operator{asking(op("a", 90, 20), 700), op("b", 90, -1), op("c", 90, -1)},
			[]int{700, 150, 150},
			[]int{300, 700},
			1000,
		},
		"what nobody takes shrinks the total": {
			rules, 1000,
			[]Operator{asking(op("a", 90, 20), 700), asking(op("b", 90, -1), 250)},
			[]int{700, 250},
			[]int{250, 700},
			950,
		},
		"the pool is rounded down": {
			rules, 19,
			[]Operator{op("a", 90, 20), op("b", 90, -1)},
			[]int{18, 1},
			[]int{1, 18},
			19,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := Apply(tt.rules, tt.total, tt.ops)
			if err != nil {
				t.Fatal(err)
			}
			var got, pools []int
			for _, total := range d.Totals {
				got = append(got, total.Quota)
			}
			for _, p := range d.Pools {
				pools = append(pools, p.Total)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("quotas (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.pools, pools); diff != "" {
				t.Errorf("pools (-want +got):\n%s", diff)
			}
			if d.Granted != tt.granted || d.Unallocated != tt.total-tt.granted {
				t.Errorf("granted %d, unallocated %d", d.Granted, d.Unallocated)
			}
		})
	}
}
