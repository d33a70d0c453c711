package lang

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// value renders one argument as verb asks; doc.go lists the verbs. A verb for numbers leaves
// anything else as it is.
func (t Tag) value(v any, verb string) string {
	if n, ok := numberOf(v); ok && !ownText(v, verb) {
		return t.number(n, verb)
	}
	s := t.plain(v)
	switch {
	case verb == "q":
		return strconv.Quote(s)
	case strings.HasSuffix(verb, "."):
		return t.code(verb, s)
	default:
		return s
	}
}

// ownText reports whether v is to be shown by its own String method: it has one, and the verb
// isn't one for numbers.
func ownText(v any, verb string) bool {
	_, texts := v.(fmt.Stringer)
	return texts && (verb == "" || verb == "q" || strings.HasSuffix(verb, "."))
}

// code renders a code of a theme as the catalogue's text for it, if there is one.
func (t Tag) code(theme, code string) string {
	if _, ok := entryOf(theme + code); !ok {
		return code
	}
	return t.Word(theme + code)
}

// plain renders an argument that isn't a number.
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
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer:
		if r.IsNil() {
			return t.Word("word.unknown")
		}
		return t.value(r.Elem().Interface(), "")
	case reflect.Slice, reflect.Array:
		return t.list(r)
	default:
		return fmt.Sprint(v) // which sorts the keys of a map
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
