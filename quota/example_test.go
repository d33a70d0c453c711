package quota_test

import (
	"errors"
	"fmt"
	"math"

	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
)

// Two districts share a city. Riverside may hold 3 vehicles at most, Hillside is owed one; a
// vehicle must add 2 trips a day to be given space.
func ExampleAllocateCells() {
	nodes := []quota.Node{
		{ID: "city", Parent: -1, Cap: -1},
		{ID: "riverside", Parent: 0, Cap: 3},
		{ID: "hillside", Parent: 0, Floor: 1, Cap: -1},
	}
	leaves := []quota.Leaf{
		{Cell: 0x8928308280fffff, Node: 1, Cap: 5, Weight: 1, Marginal: []float64{6, 5, 4}},
		{Cell: 0x8928308280bffff, Node: 1, Cap: 1, Weight: 1, Marginal: []float64{3}},
		{Cell: 0x89283082807ffff, Node: 2, Cap: 5, Weight: 1, Marginal: []float64{1}},
	}
	totals, err := quota.AllocateCells(nodes, leaves, -1, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, n := range totals.PerCell {
		fmt.Println(n, totals.Binding[i])
	}
	fmt.Println("total", totals.Total, "shadow price", totals.ShadowPrice)
	// Output:
	// 3 benefit
	// 0 node:riverside
	// 1 floor
	// total 4 shadow price 4
}

func ExampleAllocateCells_infeasible() {
	nodes := []quota.Node{{ID: "city", Parent: -1, Floor: 10, Cap: -1}}
	leaves := []quota.Leaf{{Cell: geo.Cell(0x8928308280fffff), Cap: 7, Weight: 1}}
	_, err := quota.AllocateCells(nodes, leaves, -1, 0)
	fmt.Println(err)
	fmt.Println(errors.Is(err, quota.ErrInfeasible))
	// Output:
	// node "city": floors need 10 vehicles, its cells take 7: 3 too few
	// true
}

// A cell with 60 m² of fences and room on the pavement: the fences bind.
func ExampleLimits_Capacity() {
	limits := quota.Limits{
		Footprint:   1.2,
		Usable:      quota.Range{Low: 0.8, Mid: 0.9, High: 1},
		SpaceShare:  1,
		SpaceUsable: quota.Range{Low: 0.01, Mid: 0.02, High: 0.03},
	}
	space := quota.Space{Parking: 60, Sidewalk: 9000, Area: 1e5, Cap: -1, Zone: -1}
	c := limits.Capacity(space, quota.Estimate{})
	fmt.Println(c.Low, c.Mid, c.High, c.Binding)
	for _, b := range c.Bounds {
		fmt.Println(b.Limit, b.Mid)
	}
	// Output:
	// 40 45 50 parking
	// parking 45
	// space 150
}

func ExampleErlangB() {
	fmt.Printf("%.4f\n", quota.ErlangB(2, 1))
	// Output: 0.2000
}

func ExampleErlangTraffic() {
	fmt.Printf("%.3f\n", quota.ErlangTraffic(15, 0.01))
	// Output: 8.108
}

// One trip an hour, each an hour long: one erlang.
func ExampleService_Marginals() {
	var demand quota.CellDemand
	for h := range demand.Rate {
		demand.Rate[h] = 1
	}
	service := quota.Service{Model: quota.ModelErlang, CycleHours: 1, Level: 0.8}
	marginals := service.Marginals(nil, demand, 1, 3)
	fmt.Printf("%.2f\n", marginals)
	fmt.Println("enough for four trips in five:", service.Enough(marginals, 24))
	// Output:
	// [12.00 7.20 3.30]
	// enough for four trips in five: 2
}

// The first cell lost half its hours to stock-outs: its six trips came in two hours, not in four.
func ExampleEstimateDemand() {
	o := quota.Observed{
		Events: make([]quota.HourCounts, 2),
		Usable: make([][quota.HoursOfWeek]float32, 2),
	}
	o.Hours[8] = 4 // four Mondays, 8 to 9
	o.Events[0][8], o.Usable[0][8] = 6, 2
	o.Events[1][8], o.Usable[1][8] = 2, 4
	ring := func(i int) []int { return []int{1 - i} }
	demand := quota.EstimateDemand(ring, o, quota.Shrink{Hours: 2}, 1)
	fmt.Printf("%.2f trips an hour, not %.2f\n", demand[0].Rate[8], 6.0/4)
	fmt.Println("Monday 9 to 10 is unknown:", math.IsNaN(float64(demand[0].Rate[9])))
	// Output:
	// 1.75 trips an hour, not 1.50
	// Monday 9 to 10 is unknown: true
}

func ExampleVerify() {
	err := quota.Verify(quota.Allocation{
		Sector: "bike", Total: 5, Max: -1, Exact: true,
		Nodes: []quota.Node{{ID: "city", Parent: -1, Cap: -1}},
		Cells: []quota.CellQuota{{Cell: 0x8928308280fffff, Capacity: 4, Total: 5}},
		Operators: []quota.OperatorQuota{
			{ID: "hello", Ceiling: -1, Request: -1, Previous: -1, Quota: 5},
		},
		Quotas: [][]int{{5}},
	})
	var breach *quota.Breach
	if errors.As(err, &breach) {
		fmt.Println(breach.Invariant, breach.Text, breach.Got, breach.Want)
	}
	// Output: Q7 a cell's total is at most its capacity 5 4
}
