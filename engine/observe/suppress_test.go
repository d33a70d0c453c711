package observe

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSuppress(t *testing.T) {
	for name, tt := range map[string]struct {
		counts []int
		want   []bool
	}{
		"nothing is small":                     {[]int{10, 20}, []bool{false, false}},
		"a lone small one takes the next":      {[]int{30, 5, 20}, []bool{false, true, true}},
		"two that sum to less than ten, too":   {[]int{3, 30, 4, 20}, []bool{true, false, true, true}},
		"two that sum to ten hide each other":  {[]int{4, 30, 6}, []bool{true, false, true}},
		"all of what there is":                 {[]int{4, 12}, []bool{true, true}},
		"of equal ones the first":              {[]int{15, 9, 15}, []bool{true, true, false}},
		"an empty cell is like one left out":   {[]int{0, 12}, []bool{true, false}},
		"an empty cell doesn't hide the other": {[]int{0, 5, 12, 40}, []bool{true, true, true, false}},
	} {
		got := Suppress(tt.counts)
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%s: %v hides %v, want %v", name, tt.counts, got, tt.want)
				break
			}
		}
	}
}

// Who knows the sum, every count that is printed and that all others are 0 or more, can't tell any
// hidden count to within less than Smallest; and nothing is hidden without need.
func TestNothingIsDerived(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 25), 1, 8).Draw(t, "counts")
		hidden := Suppress(counts)
		total, open, unlisted, extra := 0, 0, 0, 0
		largest := 0 // of the counts that are hidden to protect others
		for i, c := range counts {
			total += c
			switch {
			case !hidden[i]:
				open += c
				if c < Smallest {
					t.Fatalf("%d is printed", c)
				}
			default:
				unlisted++
				if c >= Smallest {
					extra++
					largest = max(largest, c)
				}
			}
		}
		rest := total - open // what the unlisted are known to sum to
		if total >= Smallest && rest > 0 && (unlisted < 2 || rest < Smallest) {
			t.Fatalf("%v hides %v: %d unlisted are known to sum to %d", counts, hidden, unlisted, rest)
		}
		// The last that was hidden was needed: without it one count alone, or less than ten, is left.
		positive := 0
		for i, c := range counts {
			if hidden[i] && c > 0 {
				positive++
			}
		}
		if extra > 0 && positive-1 >= 2 && rest-largest >= Smallest {
			t.Fatalf("%v hides %v: one less would do", counts, hidden)
		}
	})
}
