package apportion

import "math"

// Method is a way to round shares to whole numbers.
type Method string

// The methods. A divisor method rounds a share between k-1 and k up where it reaches the k-th
// signpost. The ones whose first signpost is 0 give every positive weight at least 1.
const (
	Webster        Method = "webster"         // k - 1/2: standard rounding, Sainte-Lague
	DHondt         Method = "dhondt"          // k: Jefferson, favours the large
	Adams          Method = "adams"           // k - 1: favours the small
	HuntingtonHill Method = "huntington_hill" // sqrt(k(k-1)): equal proportions

	// LargestRemainder gives whole shares, then one more each to the largest remainders. A larger
	// total can take a unit from somebody (the Alabama paradox), so it is for single totals only, and
	// to compare with.
	LargestRemainder Method = "largest_remainder"

	// Nearest is controlled rounding of a matrix: each weight becomes one of the whole numbers next to
	// it, with the least sum of distances.
	Nearest Method = "nearest"
)

// Methods are all methods, those of vectors first.
func Methods() []Method {
	return []Method{Webster, DHondt, Adams, HuntingtonHill, LargestRemainder, Nearest}
}

// known reports whether a matrix can be rounded so.
func (m Method) known() bool {
	switch m {
	case "", Webster, DHondt, Adams, HuntingtonHill, Nearest:
		return true
	}
	return false
}

// gives reports whether every positive weight gets at least 1.
func (m Method) gives() bool { return m == Adams || m == HuntingtonHill }

// post returns the k-th signpost, k >= 1.
func (m Method) post(k int) float64 {
	x := float64(k)
	switch m {
	case DHondt:
		return x
	case Adams:
		return x - 1
	case HuntingtonHill:
		return math.Sqrt(float64(x * (x - 1)))
	}
	return x - 0.5
}

// signpost returns the logarithm of the k-th signpost in fixed point. A signpost of 0 costs
// nothing: its unit is given to everybody.
func signpost(m Method, k int) int64 {
	post := m.post(k)
	if post == 0 {
		return 0
	}
	return fixedLn(post)
}

// nearestStep is the unit that controlled rounding decides on: the one that takes a weight up.
func nearestStep(t float64) int { return int(math.Floor(t)) + 1 }

// nearestCost is how much farther from a weight the whole number above it is than the one below.
func nearestCost(t float64) int64 {
	return fixed(1 - 2*(t-math.Floor(t)))
}
