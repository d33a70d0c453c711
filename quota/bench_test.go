package quota

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// metropolis has 200,000 cells in 200 districts, a million vehicles that add something and a cap on
// each district.
func metropolis() ([]Node, []Leaf) {
	rng := rand.New(rand.NewPCG(1, 2))
	nodes := []Node{{ID: "city", Parent: -1, Cap: -1}}
	for d := range 200 {
		nodes = append(nodes, Node{ID: fmt.Sprint(d), Floor: rng.IntN(50), Cap: 3000 + rng.IntN(2000)})
	}
	leaves := make([]Leaf, 200_000)
	for i := range leaves {
		l := leaf(i, 1+i/1000, 1+rng.IntN(9))
		gain := 20 * rng.ExpFloat64()
		for range l.Cap {
			gain *= 0.5 + rng.Float64()/2
			l.Marginal = append(l.Marginal, gain)
		}
		leaves[i] = l
	}
	return nodes, leaves
}

func BenchmarkAllocateCells(b *testing.B) {
	nodes, leaves := metropolis()
	units := 0
	for i := range leaves {
		units += leaves[i].Cap
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := AllocateCells(nodes, leaves, 600_000, 0.5); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(units), "units")
}

// busyTown is the evidence of n cells over four weeks with availability.
func busyTown(n int) Observed {
	rng := rand.New(rand.NewPCG(5, 6))
	o := Observed{Events: make([]HourCounts, n), Usable: make([][HoursOfWeek]float32, n)}
	for h := range o.Hours {
		o.Hours[h] = 4
		for i := range n {
			o.Events[i][h] = int32(rng.IntN(6))
			o.Usable[i][h] = 4 * rng.Float32()
		}
	}
	return o
}

// hexagons is the ring of a cell in rows of 100.
func hexagons(n int) func(i int) []int {
	ring := make([]int, 0, 6)
	return func(i int) []int {
		ring = ring[:0]
		for _, step := range []int{-101, -100, -1, 1, 100, 101} {
			if j := i + step; j >= 0 && j < n {
				ring = append(ring, j)
			}
		}
		return ring
	}
}

func BenchmarkEstimateDemand(b *testing.B) {
	const cells = 20_000
	o := busyTown(cells)
	b.ReportAllocs()
	for b.Loop() {
		EstimateDemand(hexagons(cells), o, Shrink{}, 1)
	}
}

func BenchmarkMarginals(b *testing.B) {
	const cells = 20_000
	demand := EstimateDemand(hexagons(cells), busyTown(cells), Shrink{}, 1)
	for _, s := range []Service{
		{Model: ModelErlang, CycleHours: 0.5},
		{Model: ModelNewsvendor, DayParts: []int{6, 10, 16, 20}},
	} {
		b.Run(s.Model, func(b *testing.B) {
			b.ReportAllocs()
			var dst []float64
			for b.Loop() {
				for _, d := range demand {
					dst = s.Marginals(dst[:0], d, 1, 60)
				}
			}
		})
	}
}

func BenchmarkCapacity(b *testing.B) {
	limits, space := bikes(), Space{Parking: 60, Sidewalk: math.NaN(), Area: 1e5, Cap: 50, Zone: -1}
	limits.Turnover, limits.Density = 2.5, 500
	for b.Loop() {
		limits.Capacity(space, daily(50, 100, 150))
	}
}

func BenchmarkVerify(b *testing.B) {
	const operators, cells = 8, 20_000
	a := Allocation{Max: -1, Exact: true, Nodes: city()}
	a.Cells = make([]CellQuota, cells)
	for i := range a.Cells {
		a.Cells[i] = CellQuota{Cell: cellOf(i), Capacity: operators, Total: operators}
	}
	for k := range operators {
		row := make([]int, cells)
		for i := range row {
			row[i] = 1
		}
		a.Quotas = append(a.Quotas, row)
		a.Operators = append(a.Operators, OperatorQuota{
			ID: fmt.Sprint(k), Ceiling: -1, Request: -1, Previous: -1, Quota: cells,
		})
	}
	a.Total = operators * cells
	b.ReportAllocs()
	for b.Loop() {
		if err := Verify(a); err != nil {
			b.Fatal(err)
		}
	}
}
