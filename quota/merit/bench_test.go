package merit

import (
	"fmt"
	"testing"
)

// A large city's total among few operators, and among more than any city has.
func BenchmarkApply(b *testing.B) {
	rules := Rules{
		Base: BasePrevious, Exponent: 2, MaxShare: 0.5, Step: 0.2, EntrantPool: 0.05,
		PoolUnused: PoolToIncumbents, Relax: []string{RuleStep},
	}
	for _, n := range []int{8, 1000} {
		b.Run(fmt.Sprintf("1e6 among %d", n), func(b *testing.B) {
			ops := make([]Operator, n)
			for k := range ops {
				ops[k] = op(fmt.Sprintf("operator-%04d", k), float64(40+k%60), 1_000_000/n)
				if k%5 == 0 {
					ops[k].Previous = -1
				}
			}
			for b.Loop() {
				if _, err := Apply(rules, 1_000_000, ops); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
