package rubric

import (
	"fmt"
	"testing"
)

// BenchmarkEvaluate scores a thousand operators by 24 rows, a third each by bands, a line and
// events, every share of the line from a sample.
func BenchmarkEvaluate(b *testing.B) {
	const operators, third = 1000, 8
	table := Table{Scale: Whole(3 * third * 4)}
	for i := range third {
		bands := []Band{
			{GTE: pointer(80), Points: Whole(4)},
			{GTE: pointer(60), Points: Whole(2)},
			{Else: true},
		}
		rows := []Indicator{
			{ID: fmt.Sprint("bands", i), Direction: higher, Bands: bands},
			{
				ID: fmt.Sprint("linear", i), Direction: higher, Unit: "%",
				Linear: &Linear{Zero: Whole(50), Full: Whole(100)},
			},
			{ID: fmt.Sprint("events", i), Events: &Events{Points: Whole(1), Per: Whole(10)}},
		}
		for _, row := range rows {
			row.Max, row.Missing = Whole(4), missingMean
			table.Indicators = append(table.Indicators, row)
		}
	}
	r := &Rubric{
		Schema: 1, ID: "bench", Period: "month", Source: Source{Confidence: "own"},
		Tables: []Table{table}, Pass: pointer(60),
	}
	sheets := make([]Sheet, operators)
	for k := range sheets {
		s := &sheets[k]
		s.Operator, s.Values = fmt.Sprintf("operator-%04d", k), make(map[string]*Number)
		s.Samples = make(map[string]int)
		for j := range table.Indicators {
			if (k+j)%17 > 0 {
				s.Values[table.Indicators[j].ID] = pointer((k*31 + j*7) % 101)
			}
			if table.Indicators[j].Linear != nil {
				s.Samples[table.Indicators[j].ID] = 50 + k
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Evaluate(r, sheets); err != nil {
			b.Fatal(err)
		}
	}
}
