package scoring

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
)

// ErrTable is what a table of points that can't be compared gives.
var ErrTable = errors.New("malformed table of points")

// Table holds points by operator and indicator, more being better: Points[k][j] ≥ 0.
type Table struct {
	Points [][]float64
}

// check returns ErrTable unless the table is a rectangle of finite numbers from 0 upwards with at
// least two operators.
func (t Table) check() error {
	if len(t.Points) < 2 || len(t.Points[0]) == 0 {
		return fmt.Errorf("%w: it needs two operators and an indicator", ErrTable)
	}
	for k, row := range t.Points {
		if len(row) != len(t.Points[0]) {
			return fmt.Errorf("%w: row %d has %d points, want %d", ErrTable,
				k+1, len(row), len(t.Points[0]))
		}
		for j, x := range row {
			if !(x >= 0) || math.IsInf(x, 0) {
				return fmt.Errorf("%w: row %d, column %d is %v", ErrTable, k+1, j+1, x)
			}
		}
	}
	return nil
}

// column returns the points of one indicator.
func (t Table) column(j int) []float64 {
	column := make([]float64, len(t.Points))
	for k, row := range t.Points {
		column[k] = row[j]
	}
	return column
}

// The weights below follow from how the operators' points spread. They move when another
// operator's figures move, which is hard to defend in an appeal: stint publishes them beside the
// bureau's own weights, as a sensitivity, and never scores by them.

// EntropyWeights weighs an indicator by how unevenly its points spread: 1 - H/ln m, divided by the
// sum. An indicator in which all operators have the same points weighs 0; where all do, ErrTable.
//
// Source: Shannon's entropy as used by Zeleny, Multiple Criteria Decision Making (1982), ch. 7.
func EntropyWeights(t Table) ([]float64, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	weights := make([]float64, len(t.Points[0]))
	for j := range weights {
		column, sum, entropy := t.column(j), 0.0, 0.0
		for _, x := range column {
			sum += x
		}
		if sum == 0 {
			continue
		}
		for _, x := range column {
			if p := x / sum; p > 0 {
				entropy -= p * math.Log(p)
			}
		}
		weights[j] = max(0, 1-entropy/math.Log(float64(len(column))))
	}
	return normal(weights)
}

// DeviationWeights weighs an indicator by the standard deviation of its points.
func DeviationWeights(t Table) ([]float64, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	weights := make([]float64, len(t.Points[0]))
	for j := range weights {
		weights[j] = stat.StdDev(t.column(j), nil)
	}
	return normal(weights)
}

// CRITICWeights weighs an indicator by the spread of its points, stretched to 0 to 1, times how
// little they go with the others: the sum over the others of one less the correlation.
//
// Source: Diakoulaki, Mavrotas and Papayannakis, Computers & Operations Research 22(7), 1995.
func CRITICWeights(t Table) ([]float64, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	n := len(t.Points[0])
	columns, weights := make([][]float64, n), make([]float64, n)
	for j := range columns {
		columns[j] = stretched(t.column(j))
	}
	for j := range weights {
		deviation := stat.StdDev(columns[j], nil)
		if deviation == 0 {
			continue
		}
		conflict := 0.0
		for i := range columns {
			if i != j && stat.StdDev(columns[i], nil) > 0 {
				conflict += 1 - stat.Correlation(columns[j], columns[i], nil)
			}
		}
		weights[j] = deviation * conflict
	}
	return normal(weights)
}

// stretched maps the least point to 0 and the largest to 1; equal points all to 0.
func stretched(column []float64) []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range column {
		low, high = min(low, x), max(high, x)
	}
	for k, x := range column {
		if column[k] = 0; high > low {
			column[k] = (x - low) / (high - low)
		}
	}
	return column
}

// normal divides by the sum; ErrTable where nothing weighs anything.
func normal(weights []float64) ([]float64, error) {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	if !(sum > 0) {
		return nil, fmt.Errorf("%w: no indicator tells the operators apart", ErrTable)
	}
	for j := range weights {
		weights[j] /= sum
	}
	return weights, nil
}

// TOPSIS returns how near each operator is to the best of everything, 0 to 1: its distance from the
// worst points, divided by that and its distance from the best, in weighted points of unit length.
// Where all operators are alike, each has 1/2.
//
// Source: Hwang and Yoon, Multiple Attribute Decision Making (1981), ch. 3.
func TOPSIS(t Table, weights []float64) ([]float64, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	if len(weights) != len(t.Points[0]) {
		return nil, fmt.Errorf("%w: %d weights for %d indicators", ErrTable,
			len(weights), len(t.Points[0]))
	}
	best, worst := make([]float64, len(t.Points)), make([]float64, len(t.Points))
	for j, w := range weights {
		column, length := t.column(j), 0.0
		for _, x := range column {
			length = math.Hypot(length, x)
		}
		low, high := math.Inf(1), math.Inf(-1)
		for k := range column {
			if length > 0 {
				column[k] *= w / length
			}
			low, high = min(low, column[k]), max(high, column[k])
		}
		for k, x := range column {
			best[k] = math.Hypot(best[k], high-x)
			worst[k] = math.Hypot(worst[k], x-low)
		}
	}
	near := make([]float64, len(best))
	for k := range near {
		if near[k] = 0.5; best[k]+worst[k] > 0 {
			near[k] = worst[k] / (best[k] + worst[k])
		}
	}
	return near, nil
}
