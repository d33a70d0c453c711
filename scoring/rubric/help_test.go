package rubric

import (
	"encoding/json"
	"strings"
	"testing"
)

// rubricOf reads a rubric from JSON; the fields that every rubric needs are put around it.
func rubricOf(t testing.TB, fields string) *Rubric {
	t.Helper()
	var r Rubric
	text := `{"schema": 1, "id": "test", "name": {"en": "Test"}, "period": "year",
		"source": {"text": "test", "confidence": "own"}, ` + fields + `}`
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		t.Fatalf("rubric: %v in %s", err, text)
	}
	return &r
}

// oneTable is a rubric of one table for everybody, with these rows.
func oneTable(t testing.TB, scale, rows, rest string) *Rubric {
	t.Helper()
	if rest != "" {
		rest = ", " + rest
	}
	return rubricOf(t, `"tables": [{"scale": `+scale+`, "indicators": [`+rows+`]}]`+rest)
}

// given is a row whose value is its points.
func given(id, most, missing string) string {
	return `{"id": "` + id + `", "name": {}, "max": ` + most + `, "given": true, "missing": "` +
		missing + `"}`
}

// sheetsOf reads sheets from JSON.
func sheetsOf(t testing.TB, text string) []Sheet {
	t.Helper()
	var sheets []Sheet
	if err := json.Unmarshal([]byte(text), &sheets); err != nil {
		t.Fatalf("sheets: %v in %s", err, text)
	}
	return sheets
}

// evaluate scores sheets that can be scored.
func evaluate(t testing.TB, r *Rubric, sheets string) []Card {
	t.Helper()
	cards, err := Evaluate(r, sheetsOf(t, sheets))
	if err != nil {
		t.Fatal(err)
	}
	return cards
}

// num reads a decimal.
func num(t testing.TB, text string) Number {
	t.Helper()
	x, err := ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// text spells a number that may be unknown.
func text(x *Number) string {
	if x == nil {
		return "unknown"
	}
	return x.String()
}

// decimals returns a number of decimals as a rubric has it.
func decimals(n int) *int { return &n }

func TestWholePointsCanBeAskedFor(t *testing.T) {
	r := &Rubric{Decimals: decimals(0)}
	x, err := ParseNumber("59.5")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.round(x); got.Cmp(Whole(60)) != 0 {
		t.Errorf("59.5 in whole points is %v, want 60", got)
	}
}
