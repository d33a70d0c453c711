package lang

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// number is an argument that is a number of any type. An integer keeps its digits, so that it
// is exact beyond 2^53.
type number struct {
	digits string // "" for a float
	float  float64
}

// numberOf returns v as a number, if it is one or points to one.
func numberOf(v any) (number, bool) {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Pointer {
		r = r.Elem()
	}
	switch {
	case !r.IsValid():
		return number{}, false
	case r.CanInt():
		return number{strconv.FormatInt(r.Int(), 10), float64(r.Int())}, true
	case r.CanUint():
		return number{strconv.FormatUint(r.Uint(), 10), float64(r.Uint())}, true
	case r.CanFloat():
		return number{"", r.Float()}, true
	default:
		return number{}, false
	}
}

// number renders n as a verb asks. NaN is unknown; a verb that isn't for numbers gives the plain
// digits.
func (t Tag) number(n number, verb string) string {
	if math.IsNaN(n.float) {
		return t.Word("word.unknown")
	}
	if math.IsInf(n.float, 0) {
		return strings.TrimPrefix(strings.TrimSuffix(fmt.Sprint(n.float), "Inf"), "+") + "∞"
	}
	kind := strings.TrimRight(verb, "0123456789")
	decimals, _ := strconv.Atoi(verb[len(kind):])
	switch kind {
	case "":
		return group(n.exact())
	case "pct":
		return fixed(n.float*100, decimals) + "%"
	case "n":
		return group(n.round(decimals))
	case "f":
		return n.round(decimals)
	default:
		return n.exact()
	}
}

// exact writes n with all its digits.
func (n number) exact() string {
	if n.digits != "" {
		return n.digits
	}
	return fixed(n.float, -1) // -1: the shortest text that reads back as the same float
}

// round writes n with that many decimals.
func (n number) round(decimals int) string {
	if n.digits != "" && decimals == 0 {
		return n.digits
	}
	return fixed(n.float, decimals)
}

// is reports whether n is the integer i.
func (n number) is(i int64) bool {
	return n.exact() == strconv.FormatInt(i, 10)
}

// fixed writes x without an exponent, and zero without a sign.
func fixed(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		return strings.TrimPrefix(s, "-")
	}
	return s
}

// group puts a comma between the thousands of a decimal number.
func group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, decimals, point := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(whole[i])
	}
	if point {
		b.WriteString("." + decimals)
	}
	return b.String()
}
