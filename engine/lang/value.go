package lang

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// value renders one argument as verb asks; doc.go lists the verbs. A verb for numbers leaves
// anything else as it is.
func (t Tag) value(v any, verb string) string {
	if s, ok := t.number(v, verb); ok {
		return s
	}
	s := t.plain(v)
	if verb == "q" {
		return strconv.Quote(s)
	}
	return s
}

// plain renders an argument that isn't a plain number.
func (t Tag) plain(v any) string {
	switch x := v.(type) {
	case nil:
		return t.Word("word.unknown")
	case string:
		return x
	case []byte:
		return string(x)
	case bool:
		return t.Word("word." + strconv.FormatBool(x))
	case Message:
		return t.Text(x)
	case error:
		return t.Error(x)
	case fmt.Stringer:
		return fmt.Sprint(x) // which survives a String that panics
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Pointer:
		if r.IsNil() {
			return t.Word("word.unknown")
		}
		return t.value(r.Elem().Interface(), "")
	case reflect.Slice, reflect.Array:
		return t.list(r)
	default:
		return fmt.Sprint(v)
	}
}

// list joins the elements of a slice or array with the language's separator.
func (t Tag) list(r reflect.Value) string {
	items := make([]string, r.Len())
	for i := range items {
		items[i] = t.value(r.Index(i).Interface(), "")
	}
	return strings.Join(items, t.Word("word.separator"))
}

// number renders v if it is a number, or a pointer to one, and the verb leaves it a number.
// A type with its own text keeps that text unless the verb is one for numbers.
func (t Tag) number(v any, verb string) (string, bool) {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && !r.IsNil() {
		v = r.Elem().Interface()
	}
	if _, texts := v.(fmt.Stringer); texts && (verb == "" || verb == "q") {
		return "", false
	}
	if digits := integer(v); digits != "" {
		switch verb {
		case "", "n0":
			return group(digits), true
		case "d", "f0", "q":
			return digits, true
		}
	}
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return "", false
	case r.CanFloat():
		return t.float(r.Float(), verb), true
	case r.CanInt():
		return t.float(float64(r.Int()), verb), true
	case r.CanUint():
		return t.float(float64(r.Uint()), verb), true
	default:
		return "", false
	}
}

// integer returns the decimal digits of an integer of any type, "" for anything else.
func integer(v any) string {
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return ""
	case r.CanInt():
		return strconv.FormatInt(r.Int(), 10)
	case r.CanUint():
		return strconv.FormatUint(r.Uint(), 10)
	default:
		return ""
	}
}

// exactly is the number of decimals that gives the shortest text which reads back as the same
// float; see strconv.FormatFloat.
const exactly = -1

// float renders x as a verb for numbers asks. NaN is unknown.
func (t Tag) float(x float64, verb string) string {
	if math.IsNaN(x) {
		return t.Word("word.unknown")
	}
	if math.IsInf(x, 0) {
		return strings.TrimSuffix(fmt.Sprint(x), "Inf") + "∞"
	}
	kind := strings.TrimRight(verb, "0123456789")
	decimals, err := strconv.Atoi(verb[len(kind):])
	if err != nil {
		decimals = exactly
	}
	switch kind {
	case "pct":
		return fixed(x*100, decimals) + "%"
	case "n":
		return group(fixed(x, decimals))
	default:
		return fixed(x, decimals)
	}
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
	whole, rest := s, ""
	if point := strings.IndexByte(s, '.'); point >= 0 {
		whole, rest = s[:point], s[point:]
	}
	var b strings.Builder
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(whole[i])
	}
	return sign + b.String() + rest
}
