package report

import (
	"math"
	"strconv"
)

// In files, a number stands with the fewest digits that read back as the same number, without
// separators; what is unknown is "".

// exact writes x with all its digits; NaN is unknown.
func exact(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// fixed writes x with that many decimals.
func fixed(x float64, decimals int) string {
	return strconv.FormatFloat(x, 'f', decimals, 64)
}

// known writes what x points to; nil is unknown.
func known(x *float64) string {
	if x == nil {
		return ""
	}
	return exact(*x)
}

// count writes what n points to; nil is unknown.
func count(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// limited writes n, where -1 means that there is none.
func limited(n int) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// shareDigits are enough to do a quota's rounding again on a calculator: the product of three
// numbers of 12 digits is right to a few parts in 10^12, and a quota has at most 7.
const shareDigits = 12

// significant rounds x to that many significant digits.
func significant(x float64, digits int) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	if err != nil {
		return x
	}
	return y
}
