package rubric

import (
	"errors"
	"testing"
)

func TestEvaluateRefusesARubric(t *testing.T) {
	_, err := Evaluate(&Rubric{}, nil)
	var check *CheckError
	if !errors.Is(err, ErrRubric) || !errors.As(err, &check) || len(check.Faults) != 5 {
		t.Fatalf("Evaluate() = %v, want a CheckError of five faults", err)
	}
	const want = `rubric "": schema: schema (got 0), and 4 more`
	if err.Error() != want {
		t.Errorf("Error() = %q, want %q", err.Error(), want)
	}
}

func TestSheetErrors(t *testing.T) {
	r := rubricOf(t, `"assessors": [{"id": "city", "weight": 1}, {"id": "public", "weight": 1}],
		"absent": "reweigh", "tables": [{"class": "bike", "scale": 10, "indicators": [
			{"id": "word", "name": {}, "max": 6, "given": true, "missing": "worst"},
			{"id": "late", "name": {}, "max": 4, "events": {"points": 1}, "assessors": ["city"],
				"missing": "worst"},
			{"id": "share", "name": {}, "max": 1, "kind": "bonus", "direction": "higher",
				"ratio": {"of": "part", "over": "all"}, "linear": {"zero": 0, "full": 1},
				"missing": "worst"}]}]`)
	const o = `"operator": "o", "class": "bike", "assessor": "city"`
	tests := map[string]struct{ sheets, want string }{
		"nobody's sheet": {
			`{"class": "bike", "assessor": "city"}`,
			`sheet of operator "", assessor "city": operator-empty`,
		},
		"twice the same": {
			`{` + o + `}, {` + o + `}`,
			`sheet of operator "o", assessor "city": sheet-twice`,
		},
		"a figure nobody asked for": {
			`{` + o + `, "values": {"cars": 1}}`,
			`sheet of operator "o", assessor "city", indicator "cars": figure-unknown (figure cars)`,
		},
		"a ratio itself": {
			`{` + o + `, "values": {"share": 1}}`,
			`sheet of operator "o", assessor "city", indicator "share": figure-unknown (figure share)`,
		},
		"samples of what nobody asked for": {
			`{` + o + `, "samples": {"cars": 1}}`,
			`sheet of operator "o", assessor "city", indicator "cars": figure-unknown (figure cars)`,
		},
		"fewer than no samples": {
			`{` + o + `, "samples": {"share": -1}}`,
			`sheet of operator "o", assessor "city", indicator "share": negative (got -1)`,
		},
		"an assessor nobody named": {
			`{"operator": "o", "class": "bike", "assessor": "mayor"}`,
			`sheet of operator "o", assessor "mayor": assessor-unknown (assessor mayor)`,
		},
		"no assessor where there are some": {
			`{"operator": "o", "class": "bike"}`,
			`sheet of operator "o": assessor-unknown (assessor )`,
		},
		"a row that isn't the assessor's": {
			`{"operator": "o", "class": "bike", "assessor": "public", "values": {"late": 1}}`,
			`sheet of operator "o", assessor "public", indicator "late": figure-unmarked ` +
				`(figure late, assessor public)`,
		},
		"a class without a table": {
			`{"operator": "o", "class": "car", "assessor": "city"}`,
			`sheet of operator "o", assessor "city": class-unknown (class car)`,
		},
		"two classes": {
			`{` + o + `}, {"operator": "o", "class": "car", "assessor": "public"}`,
			`sheet of operator "o", assessor "public": class-differs (class car, other bike)`,
		},
		"more points than there are": {
			`{` + o + `, "values": {"word": 6.1}}`,
			`sheet of operator "o", assessor "city", indicator "word": given-range (got 6.1, max 6)`,
		},
		"fewer events than none": {
			`{` + o + `, "values": {"late": -1}}`,
			`sheet of operator "o", assessor "city", indicator "late": negative (got -1)`,
		},
		"two periods": {
			`{` + o + `, "period": "1"}, {` + o + `, "period": "2"}`,
			`sheet of operator "o", period "2", assessor "city": periods-many (got 2, most 1)`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Evaluate(r, sheetsOf(t, `[`+tt.sheets+`]`))
			var sheet *SheetError
			if !errors.Is(err, ErrSheet) || !errors.As(err, &sheet) {
				t.Fatalf("Evaluate() = %v, want a SheetError", err)
			}
			if err.Error() != tt.want {
				t.Errorf("Error() = %q, want %q", err.Error(), tt.want)
			}
		})
	}
}
