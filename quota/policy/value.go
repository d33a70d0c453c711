package policy

import (
	"encoding/json"
	"strconv"
)

// Kind is what a value is.
type Kind string

// The kinds of value.
const (
	KindNumber Kind = "number"
	KindText   Kind = "text"
	KindTruth  Kind = "truth"
)

// Value is what a fact or an expression is worth; unknown unless Known, and never zero instead.
type Value struct {
	Kind   Kind
	Known  bool
	Number Number
	Text   string
	Truth  bool
}

func number(x Number) Value { return Value{Kind: KindNumber, Known: true, Number: x} }
func whole(n int) Value     { return number(Whole(n)) }
func text(s string) Value   { return Value{Kind: KindText, Known: true, Text: s} }
func truth(t bool) Value    { return Value{Kind: KindTruth, Known: true, Truth: t} }
func unknown(k Kind) Value  { return Value{Kind: k} }

// String returns the value as a rule would spell it, "unknown" where it is not known.
func (v Value) String() string {
	switch {
	case !v.Known:
		return "unknown"
	case v.Kind == KindNumber:
		return v.Number.String()
	case v.Kind == KindTruth:
		return strconv.FormatBool(v.Truth)
	}
	return v.Text
}

// MarshalJSON writes the value as JSON has it, null where it is not known.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case !v.Known:
		return []byte("null"), nil
	case v.Kind == KindNumber:
		return v.Number.MarshalJSON()
	case v.Kind == KindTruth:
		return strconv.AppendBool(nil, v.Truth), nil
	}
	return []byte(strconv.Quote(v.Text)), nil
}

// UnmarshalJSON reads a JSON number, text or truth; null is unknown.
func (v *Value) UnmarshalJSON(data []byte) error {
	switch s := string(data); {
	case s == "null":
		*v = Value{}
	case s == "true" || s == "false":
		*v = truth(s == "true")
	case s != "" && s[0] == '"':
		var got string
		if err := json.Unmarshal(data, &got); err != nil {
			return err
		}
		*v = text(got)
	default:
		var x Number
		if err := x.UnmarshalJSON(data); err != nil {
			return err
		}
		*v = number(x)
	}
	return nil
}

// UnmarshalJSON reads one figure, or a list of figures or of points.
func (d *Datum) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '[' {
		return d.Value.UnmarshalJSON(data)
	}
	d.Series = []Point{}
	var numbers []Number
	if err := json.Unmarshal(data, &numbers); err == nil {
		for _, x := range numbers {
			d.Series = append(d.Series, Point{Value: x})
		}
		return nil
	}
	return json.Unmarshal(data, &d.Series)
}

// TextDatum returns a text as a figure of the state.
func TextDatum(s string) Datum { return Datum{Value: text(s)} }
