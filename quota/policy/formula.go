package policy

import "encoding/json"

// UnmarshalJSON reads an expression, or a bare number or truth as one.
func (f *Formula) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		*f = Formula(s)
		return nil
	}
	*f = Formula(data)
	return nil
}

// Verbatim marks a text that a strict file may also give as a number or a truth: 60 is "60".
func (Formula) Verbatim() {}
