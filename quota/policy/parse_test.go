package policy

import (
	"errors"
	"testing"
)

// known are the facts of the expressions below; gap is unknown.
func known(name string) (Kind, bool) {
	kind, ok := map[string]Kind{
		"score": KindNumber, "rank": KindNumber, "gap": KindNumber, "grade": KindText,
		"fraud": KindTruth, "maybe": KindTruth,
	}[name]
	return kind, ok
}

func values(name string) Value {
	switch name {
	case "score":
		return number(mustNumber("59.9"))
	case "rank":
		return whole(2)
	case "grade":
		return text("B")
	case "fraud":
		return truth(false)
	case "maybe":
		return unknown(KindTruth)
	}
	return unknown(KindNumber)
}

func mustNumber(s string) Number {
	x, err := ParseNumber(s)
	if err != nil {
		panic(err)
	}
	return x
}

func TestExpressions(t *testing.T) {
	tests := map[string]string{
		"1 + 2 * 3":                  "7",
		"(1 + 2) * 3":                "9",
		"10 / 4":                     "2.5",
		"-2 - -3":                    "1",
		"30% * 2000":                 "600",
		"min(3, 1, 2) + max(1, 5)":   "6",
		"abs(-4)":                    "4",
		"pick(rank, 3000, 0, -3000)": "0",
		"if(score < 60, 1, 2)":       "1",
		"1 / 0":                      "unknown",
		"gap + 1":                    "unknown",
		"0.1 + 0.2 = 0.3":            "true",
		"score < 60":                 "true",
		"score >= 60":                "false",
		"not fraud and score < 60":   "true",
		"fraud or rank = 2":          "true",
		"gap < 1 or rank = 2":        "true",
		"gap < 1 and rank = 3":       "false",
		"gap < 1 and rank = 2":       "unknown",
		"known(gap)":                 "false",
		`grade in ["A", "B"]`:        "true",
		`grade not in ["A"]`:         "true",
		`grade = 'B'`:                "true",
		"at_least(2, score < 60, rank = 2, fraud)": "true",
		"at_least(2, score < 60, fraud, maybe)":    "unknown",
		"at_least(3, score < 60, fraud, maybe)":    "false",
	}
	for expr, want := range tests {
		e, err := ParseExpr(expr, known)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if got := e.Eval(values).String(); got != want {
			t.Errorf("%s = %s, want %s", expr, got, want)
		}
	}
}

func TestBadExpressions(t *testing.T) {
	tests := map[string]struct {
		code   string
		column int
	}{
		"":                 {"missing", 1},
		"score <":          {"missing", 8},
		"(score":           {"missing", 7},
		"score < 60 score": {"rest", 12},
		"skore < 60":       {"unknown-fact", 1},
		"score and fraud":  {"condition", 1},
		`score = "B"`:      {"kinds", 7},
		`grade < "B"`:      {"order", 7},
		"grade + 1":        {"kinds", 7},
		`grade = "B`:       {"open-quote", 9},
		"score ; 1":        {"character", 7},
		"1.2.3":            {"number", 1},
		"sum(1)":           {"arguments", 1},
		"grade not [1]":    {"missing", 11},
		"得分 < 60":          {"unknown-fact", 1},
	}
	for expr, want := range tests {
		_, err := ParseExpr(expr, known)
		var fault *ExprError
		if !errors.As(err, &fault) || fault.Code != want.code || fault.Column != want.column {
			t.Errorf("%q: %v, want %s at %d", expr, err, want.code, want.column)
		}
	}
}

func FuzzParseExpr(f *testing.F) {
	f.Add("not fraud and score < 60% or grade in ['A', \"B\"]")
	f.Add("((((((((((1))))))))))")
	f.Fuzz(func(t *testing.T, expr string) {
		e, err := ParseExpr(expr, known)
		if err != nil {
			return
		}
		if again, err := ParseExpr(e.String(), known); err != nil ||
			again.Eval(values).String() != e.Eval(values).String() {
			t.Errorf("%q read again is another, %v", expr, err)
		}
	})
}

func TestRounding(t *testing.T) {
	tests := []struct {
		rounding Rounding
		x        string
		want     string
	}{
		{HalfUp, "9652.5", "9653"},
		{HalfUp, "-0.5", "-1"},
		{HalfUp, "87.5", "88"},
		{HalfEven, "9652.5", "9652"},
		{HalfEven, "9653.5", "9654"},
		{Down, "2.9", "2"},
		{Down, "-2.9", "-2"},
		{Up, "2.1", "3"},
		{Up, "2", "2"},
	}
	for _, tt := range tests {
		if got := tt.rounding.Round(mustNumber(tt.x), 0).String(); got != tt.want {
			t.Errorf("%s rounds %s to %s, want %s", tt.rounding, tt.x, got, tt.want)
		}
	}
	if got := HalfUp.Round(mustNumber("14.0775"), 2).String(); got != "14.08" {
		t.Errorf("14.0775 to two decimals is %s, want 14.08", got)
	}
}
