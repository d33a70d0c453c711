package apportion

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestRead(t *testing.T) {
	tests := map[string]struct {
		share     float64
		lower     int
		upper     int
		previous  int
		tolerance float64
		quota     int
		want      Readout
	}{
		"a share is rounded": {
			share: 2.4, upper: 9, previous: -1, quota: 2,
			want: Readout{Code: RoundedShare, Low: 2, High: 2},
		},
		"the lower bound holds up": {
			share: 2.4, lower: 4, upper: 9, previous: -1, quota: 4,
			want: Readout{Code: AtMinimum, Low: 2, High: 2},
		},
		"the upper bound holds down": {
			share: 2.4, upper: 1, previous: -1, quota: 1,
			want: Readout{Code: AtRequest, Low: 2, High: 2},
		},
		"a bound that the share meets does not hold": {
			share: 2.4, lower: 2, upper: 2, previous: -1, quota: 2,
			want: Readout{Code: RoundedShare, Low: 2, High: 2},
		},
		"a half may go up": {
			share: 2.5, upper: 9, previous: -1, quota: 3,
			want: Readout{Code: Tie, Low: 3, High: 3},
		},
		"a half may go down": {
			share: 2.5, upper: 9, previous: -1, quota: 2,
			want: Readout{Code: Tie, Low: 3, High: 3},
		},
		// e^0.3 = 1.35: from 2.4/1.35 = 1.78 to 2.4*1.35 = 3.24.
		"within the tolerance the previous value stays": {
			share: 2.4, upper: 9, previous: 3, tolerance: 0.3, quota: 3,
			want: Readout{Code: Kept, Low: 2, High: 3},
		},
		"a previous value that is the rounded share is the rounded share": {
			share: 2.4, upper: 9, previous: 2, tolerance: 0.3, quota: 2,
			want: Readout{Code: RoundedShare, Low: 2, High: 3},
		},
		"beyond the tolerance the quota moves to its edge": {
			share: 2.4, upper: 9, previous: 7, tolerance: 0.3, quota: 3,
			want: Readout{Code: RoundedShare, Low: 2, High: 3},
		},
		"what would be kept may be above the upper bound": {
			share: 2.4, upper: 2, previous: 3, tolerance: 0.3, quota: 2,
			want: Readout{Code: AtRequest, Low: 2, High: 3},
		},
		// 2.5/e^0.3 = 1.85 and 2.5*e^0.3 = 3.37: neither end is a half.
		"a half inside the tolerance is no tie": {
			share: 2.5, upper: 9, previous: 2, tolerance: 0.3, quota: 2,
			want: Readout{Code: Kept, Low: 2, High: 3},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := Problem{
				Rows: []string{"a"}, Cols: []string{"x"}, Weights: [][]float64{{tt.share}},
				RowTotals: []int{tt.quota}, ColTotals: []int{9},
				Lower: [][]int{{tt.lower}}, Upper: [][]int{{tt.upper}}, Tolerance: tt.tolerance,
			}
			if tt.previous >= 0 {
				p.Previous = [][]int{{tt.previous}}
			}
			s := &Solution{
				Matrix:         [][]int{{tt.quota}},
				RowMultipliers: []float64{1}, ColMultipliers: []float64{1},
			}
			tt.want.Share, tt.want.Previous = tt.share, tt.previous
			tt.want.Lower, tt.want.Upper, tt.want.Quota = tt.lower, tt.upper, tt.quota
			if diff := cmp.Diff(tt.want, Read(p, s, 0, 0), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
				t.Errorf("Read (-want +got):\n%s", diff)
			}
		})
	}
}

// The citizen's formula gives every entry of every optimum, but for ties, which are one away.
func TestReadExplainsEveryEntry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawCity(t).problem()
		p.Ties = rapid.Bool().Draw(t, "lottery")
		s := solved(t, p)
		for o := range p.Rows {
			for c := range p.Cols {
				r := Read(p, s, o, c)
				fair := r.High
				if r.Previous >= 0 {
					fair = max(r.Low, min(r.Previous, r.High))
				}
				off := abs(r.Quota - max(r.Lower, min(fair, r.Upper)))
				if off > 1 || off == 1 && r.Code != Tie {
					t.Errorf("row %d, column %d: %+v", o, c, r)
				}
			}
		}
	})
}

// In general position the prices leave no entry on a half.
func TestReadFindsNoTiesInGeneralPosition(t *testing.T) {
	p := city{rows: 6, cols: 400, seed: 9, bounded: true, tolerance: 0.1}.problem()
	p.Ties = false
	s := solved(t, p)
	count := map[Reading]int{}
	for o := range p.Rows {
		for c := range p.Cols {
			count[Read(p, s, o, c).Code]++
		}
	}
	if count[Tie] > 0 {
		t.Errorf("%d ties among claims of which no two are equal", count[Tie])
	}
	for _, code := range []Reading{AtMinimum, AtRequest, Kept, RoundedShare} {
		if count[code] == 0 {
			t.Errorf("no entry reads %q: the made city is too tame", code)
		}
	}
}
