package rubric

import (
	"encoding/json"
	"testing"
)

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]string{
		"60.0": "60", "-0.075": "-0.075", "1e-3": "0.001", "0.1234567": "0.123457", "0": "0",
	} {
		if got := num(t, in).String(); got != want {
			t.Errorf("ParseNumber(%q) = %s, want %s", in, got, want)
		}
	}
	for _, in := range []string{
		"", "null", "60/100", "0x3c", "NaN", "Inf", "1_000", "1e999999", "1e-999999",
		"11111111111111111111111111111111111111111",
	} {
		if x, err := ParseNumber(in); err == nil {
			t.Errorf("ParseNumber(%q) = %v, want an error", in, x)
		}
	}
}

func TestRound(t *testing.T) {
	tests := map[string]struct{ x, up, even string }{
		"half goes up, or to the even":   {"2.345", "2.35", "2.34"},
		"half goes up to the even":       {"2.355", "2.36", "2.36"},
		"half goes away from 0":          {"-2.345", "-2.35", "-2.34"},
		"more than half goes up":         {"2.3450001", "2.35", "2.35"},
		"less than half goes down":       {"2.3449999", "2.34", "2.34"},
		"59.995 is 60.00, not 59.99":     {"59.995", "60", "60"},
		"what needs no rounding is kept": {"61.7", "61.7", "61.7"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			x := num(t, tt.x)
			if got := x.round(2, false).String(); got != tt.up {
				t.Errorf("half up: %s, want %s", got, tt.up)
			}
			if got := x.round(2, true).String(); got != tt.even {
				t.Errorf("half to even: %s, want %s", got, tt.even)
			}
		})
	}
}

func TestSpread(t *testing.T) {
	tests := map[string]struct {
		x         string
		n         int
		low, high string
	}{
		"a quarter of 1.96":       {"100", 16, "51.0009", "148.9991"},
		"not beyond 0":            {"10", 1, "0", "29.59964"},
		"nor from below":          {"-10", 1, "-29.59964", "0"},
		"nothing stays nothing":   {"0", 5, "0", "0"},
		"a cost below 0 has both": {"-100", 16, "-148.9991", "-51.0009"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			low, high := spread(num(t, tt.x), tt.n)
			if low.String() != tt.low || high.String() != tt.high {
				t.Errorf("spread(%s, %d) = %v to %v, want %s to %s", tt.x, tt.n, low, high, tt.low, tt.high)
			}
		})
	}
	if got := num(t, "0.25").Float(); got < 0.25 || got > 0.25 {
		t.Errorf("Float() = %v, want 0.25", got)
	}
}

// Whatever a file says, it is checked, and what passes can be carried out.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"schema": 1, "id": "x", "period": "once", "source": {"confidence": "own"}, ` +
		sound + `}`))
	f.Add([]byte(`{"tables": [{"scale": 1, "indicators": [{"bands": [{}, {"else": true}]}]}]}`))
	f.Add([]byte(`{"tables": [{"indicators": [{"linear": {}, "ratio": {}, "direction": "lower"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r Rubric
		if json.Unmarshal(data, &r) != nil {
			return
		}
		faults := r.Check()
		r.Lint()
		sheet := Sheet{Operator: "o"}
		if len(r.Assessors) > 0 {
			sheet.Assessor = r.Assessors[0].ID
		}
		if len(r.Tables) > 0 {
			sheet.Class = r.Tables[0].Class
		}
		if _, err := Evaluate(&r, []Sheet{sheet}); (err != nil) != (len(faults) > 0) {
			t.Errorf("Check() = %v, Evaluate() = %v", faults, err)
		}
	})
}
