package daypart

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestBlend(t *testing.T) {
	unknown := math.NaN()
	tests := map[string]struct {
		seen [][]float64
		keep float64
		want []float64
	}{
		"the last alone":                {[][]float64{{9}, {4}}, 0, []float64{4}},
		"all alike":                     {[][]float64{{2}, {4}, {6}}, 1, []float64{4}},
		"half of the one after":         {[][]float64{{8}, {2}}, 0.5, []float64{4}}, // (2 + ½·8) / 1½
		"unknown counts for nothing":    {[][]float64{{8}, {unknown}}, 0.5, []float64{8}},
		"and doesn't age what is known": {[][]float64{{8}, {2}, {unknown}}, 0.5, []float64{4}},
		"never known stays unknown":     {[][]float64{{unknown, 1}}, 0.5, []float64{unknown, 1}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := Blend(tt.seen, tt.keep)
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := Blend(nil, 1); got != nil {
		t.Errorf("of nothing comes %v", got)
	}
}
