package apportion_test

import (
	"errors"
	"fmt"

	"github.com/stint-city/stint/quota/apportion"
)

// 1,000 vehicles among three operators by their weights; the second has asked for 250 at most.
func ExampleDivide() {
	shares, rho, err := apportion.Divide(1000, []apportion.Claim{
		{ID: "azure", Weight: 4, Ceiling: -1},
		{ID: "brick", Weight: 3, Ceiling: 250},
		{ID: "coral", Weight: 2, Floor: 100, Ceiling: -1},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range shares {
		fmt.Printf("%s %d %q\n", s.ID, s.Quota, s.Bound)
	}
	fmt.Printf("multiplier %.0f\n", rho)
	// Output:
	// azure 500 ""
	// brick 250 "ceiling"
	// coral 250 ""
	// multiplier 125
}

// Two operators in three cells. Azure may hold at most 6 in the station's cell.
func ExampleSolve() {
	p := apportion.Problem{
		Rows: []string{"azure", "brick"}, Cols: []string{"park", "station", "school"},
		Weights:   [][]float64{{2, 8, 2}, {2, 4, 2}},
		RowTotals: []int{10, 10}, ColTotals: []int{4, 12, 4},
		Upper: [][]int{{9, 6, 9}, {9, 12, 9}},
	}
	s, err := apportion.Solve(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	certificate, err := apportion.Certify(p, s)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Matrix, "gap", certificate.Gap)
	fmt.Println(apportion.Read(p, s, 0, 1).Code)
	// Output:
	// [[2 6 2] [2 6 2]] gap 0
	// at-request
}

// An operator that may stand in one cell only, and not with all its vehicles.
func ExampleCutError() {
	_, err := apportion.Solve(apportion.Problem{
		Rows: []string{"azure", "brick"}, Cols: []string{"park", "station"},
		Weights:   [][]float64{{0, 1}, {1, 1}},
		RowTotals: []int{5, 5}, ColTotals: []int{6, 4},
	})
	var cut *apportion.CutError
	if errors.As(err, &cut) {
		fmt.Println(cut.Rows, "need", cut.Need, "placeable", cut.Placeable, "limited by", cut.Cols)
	}
	// Output:
	// [azure] need 5 placeable 4 limited by [station]
}
