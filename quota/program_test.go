package quota

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// program collects a linear program in gonum's standard form: minimise cost, rows equal to bounds,
// nothing negative. The first columns are the units, the others slacks.
type program struct {
	owner  []int // leaf of each unit
	cost   []float64
	rows   []map[int]float64
	bounds []float64
}

// newProgram has a unit for each vehicle a leaf carries, at most one of each.
func newProgram(leaves []Leaf) *program {
	p := &program{}
	for i, l := range leaves {
		for n := range l.Cap {
			p.owner = append(p.owner, i)
			p.cost = append(p.cost, -l.Marginal[n])
		}
	}
	for u := range p.owner {
		p.limit(map[int]float64{u: 1}, 1, 1)
	}
	return p
}

// limit adds a row with a slack of the sign given: 1 at most, -1 at least, 0 exactly.
func (p *program) limit(row map[int]float64, slack, bound float64) {
	if slack != 0 {
		row[len(p.cost)] = slack
		p.cost = append(p.cost, 0)
	}
	p.rows, p.bounds = append(p.rows, row), append(p.bounds, bound)
}

// inside is a row with the units whose leaf holds.
func (p *program) inside(holds func(leaf int) bool) map[int]float64 {
	row := map[int]float64{}
	for u, i := range p.owner {
		if holds(i) {
			row[u] = 1
		}
	}
	return row
}

// solve returns the largest benefit.
func (p *program) solve() (float64, error) {
	a := mat.NewDense(len(p.rows), len(p.cost), nil)
	for r, row := range p.rows {
		for k, x := range row {
			a.Set(r, k, x)
		}
	}
	least, _, err := lp.Simplex(p.cost, a, p.bounds, 1e-10, nil)
	return -least, err
}

// bestBenefit is the largest benefit of exactly total vehicles under the nodes' floors and caps.
func bestBenefit(nodes []Node, leaves []Leaf, total int) (float64, error) {
	p := newProgram(leaves)
	for v, node := range nodes {
		around := func(i int) bool { return within(nodes, leaves[i].Node, v) }
		if node.Cap >= 0 {
			p.limit(p.inside(around), 1, float64(node.Cap))
		}
		if node.Floor > 0 {
			p.limit(p.inside(around), -1, float64(node.Floor))
		}
	}
	p.limit(p.inside(func(int) bool { return true }), 0, float64(total))
	return p.solve()
}

// within reports whether node v is w or lies around it.
func within(nodes []Node, w, v int) bool {
	for ; w >= 0; w = nodes[w].Parent {
		if w == v {
			return true
		}
	}
	return false
}

// medium is a city of 14 cells in a random tree of seven nodes, with benefits that are no whole
// numbers, and a maximum.
func medium(rng *rand.Rand) (nodes []Node, leaves []Leaf, most int) {
	nodes = []Node{{ID: "city", Parent: -1, Cap: -1}}
	for v := 1; v < 7; v++ {
		nodes = append(nodes, Node{
			ID: string(rune('a' + v)), Parent: rng.IntN(v), Floor: rng.IntN(4), Cap: 8 + rng.IntN(9),
		})
	}
	for i := range 14 {
		l := leaf(i, 1+rng.IntN(6), 2+rng.IntN(4))
		gain := 10 * rng.Float64()
		for range l.Cap {
			gain *= rng.Float64()
			l.Marginal = append(l.Marginal, gain)
		}
		leaves = append(leaves, l)
	}
	return nodes, leaves, 14 + rng.IntN(12)
}

func TestAllocateCellsAgainstLinearProgram(t *testing.T) {
	solved := 0
	for seed := range uint64(40) {
		nodes, leaves, most := medium(rand.New(rand.NewPCG(seed, 3)))
		got, err := AllocateCells(nodes, leaves, most, 0)
		if err != nil {
			continue // the enumeration judges infeasibility
		}
		want, err := bestBenefit(nodes, leaves, got.Total)
		if err != nil {
			t.Logf("seed %d: gonum gave up: %v", seed, err)
			continue
		}
		solved++
		_, benefit, ok := judge(nodes, leaves, got.PerCell)
		if !ok || math.Abs(benefit-want) > 1e-6 {
			t.Errorf("seed %d: benefit %v (kept %v), the program's %v", seed, benefit, ok, want)
		}
	}
	if solved < 20 {
		t.Errorf("only %d of 40 programs were solved: too few to judge by", solved)
	}
}
