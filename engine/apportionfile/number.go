package apportionfile

import (
	"math"
	"strconv"
)

// wholeOf reads a whole number of at most 2^53, which may be written 12.0 or 1e3.
func wholeOf(text string) (int, bool) {
	const most = 1 << 53
	if i, err := strconv.Atoi(text); err == nil {
		return i, -most <= i && i <= most
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || x != math.Trunc(x) || math.Abs(x) > most {
		return 0, false
	}
	return int(x), true
}

// weighs reports whether a number is a weight that apportion takes.
func weighs(x float64) bool { return x == 0 || x >= minWeight && x <= maxWeight }
