package scoring

import (
	"fmt"
	"testing"
)

// BenchmarkEvaluate scores a city with the 24 indicators of Shenzhen's assessment of 2018 and
// more operators than any city has licensed, a tenth of the values missing.
func BenchmarkEvaluate(b *testing.B) {
	const indicators, operators = 24, 20
	r := Rubric{ID: "made", Pass: 60}
	rules := []Missing{MissingUnknown, MissingWorst, MissingMean, MissingExclude}
	for j := range indicators {
		d := Indicator{
			ID: fmt.Sprint("indicator ", j), Higher: true, Weight: 1. / indicators,
			Missing: rules[j%len(rules)], Bands: turnover,
		}
		if j%2 == 0 {
			d.Bands, d.Linear = nil, &Linear{0, 6}
		}
		r.Indicators = append(r.Indicators, d)
	}
	sheets := make([]Sheet, operators)
	for k := range sheets {
		sheets[k].Operator = fmt.Sprint("operator ", k)
		for j, d := range r.Indicators {
			sheets[k].Values = append(sheets[k].Values, Value{
				Indicator: d.ID, Value: float64((j + k) % 7), Known: (j+k)%10 != 0,
			})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Evaluate(r, sheets); err != nil {
			b.Fatal(err)
		}
	}
}
