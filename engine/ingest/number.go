package ingest

import (
	"math"
	"strconv"
)

// scale is how many steps of a position are one degree.
const scale = 10_000_000

// beyond stands for every position that no int32 holds.
const beyond = math.MaxInt64

// parseDegrees reads decimal degrees as a whole number of 1e-7 degrees, rounded half away from
// zero; beyond where it is no place on Earth by far. ok is false for what is no number.
func parseDegrees(s []byte) (n int64, ok bool) {
	i, negative := 0, false
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		negative, i = s[0] == '-', 1
	}
	from := i
	for i < len(s) && s[i]-'0' <= 9 {
		n = n*10 + int64(s[i]-'0')
		if i++; i-from > 3 {
			return parseOther(s)
		}
	}
	if i == from {
		return parseOther(s)
	}
	if i == len(s) {
		return sign(n*scale, negative), true
	}
	if s[i] != '.' {
		return parseOther(s)
	}
	i++
	step := int64(scale / 10)
	n *= scale
	for ; i < len(s) && s[i]-'0' <= 9; i++ {
		if step == 0 {
			continue
		}
		n += int64(s[i]-'0') * step
		if step /= 10; step == 0 && i+1 < len(s) && s[i+1] >= '5' && s[i+1] <= '9' {
			n++
		}
	}
	if i < len(s) {
		return parseOther(s)
	}
	return sign(n, negative), true
}

func sign(n int64, negative bool) int64 {
	if negative {
		return -n
	}
	return n
}

// parseOther reads what is not plain decimal: with an exponent, or long.
func parseOther(s []byte) (n int64, ok bool) {
	x, err := strconv.ParseFloat(string(s), 64)
	switch {
	case err != nil && !math.IsInf(x, 0):
		return 0, false
	case !(math.Abs(x) < 1000):
		return beyond, true
	}
	return int64(math.Round(x * scale)), true
}
