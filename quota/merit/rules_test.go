package merit

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
)

func TestRulesCheckAccepts(t *testing.T) {
	tests := map[string]Rules{
		"a base alone": {Base: BaseEqual},
		"everything": {
			ID: "2026", Base: BaseUse, Exponent: 1.5, UnknownScore: ScoreZero, MinShare: 0.05,
			MaxShare: 0.5, Step: 0.2, EntrantPool: 0.1, PoolUnused: PoolToUnallocated,
			Unfilled: UnfilledError, Relax: []string{"max_share", "step", "min_share"},
		},
		"the ends of the ranges": {
			Base: BasePrevious, Exponent: 10, MinShare: 1, MaxShare: 1, Step: 1, EntrantPool: 1,
			PoolUnused: PoolToIncumbents,
		},
	}
	for name, r := range tests {
		t.Run(name, func(t *testing.T) {
			if err := r.Check(); err != nil {
				t.Errorf("Check = %v", err)
			}
		})
	}
}

func TestRulesCheckRefuses(t *testing.T) {
	tests := map[string]struct {
		spoil func(*Rules)
		want  string
	}{
		"no base": {
			func(r *Rules) { r.Base = "" },
			`base is "", but must be one of ["previous" "equal" "request" "use"]`,
		},
		"a negative exponent": {
			func(r *Rules) { r.Exponent = -1 },
			"merit_exponent is -1, but must be a number from 0 to 10",
		},
		"an exponent that is no number": {
			func(r *Rules) { r.Exponent = math.NaN() },
			"merit_exponent is NaN, but must be a number from 0 to 10",
		},
		"a share in percent": {
			func(r *Rules) { r.MaxShare = 50 },
			"max_share is 50, but must be a number from 0 to 1",
		},
		"a negative share": {
			func(r *Rules) { r.MinShare = -0.1 },
			"min_share is -0.1, but must be a number from 0 to 1",
		},
		"a step that is no number": {
			func(r *Rules) { r.Step = math.NaN() },
			"step is NaN, but must be a number from 0 to 1",
		},
		"a pool larger than all": {
			func(r *Rules) { r.EntrantPool = 1.01 },
			"entrant_pool is 1.01, but must be a number from 0 to 1",
		},
		"a smallest share above the largest": {
			func(r *Rules) { r.MinShare, r.MaxShare = 0.5, 0.4 },
			"min_share is 0.5, but must be at most max_share, 0.4",
		},
		"a pool that doesn't say what becomes of its rest": {
			func(r *Rules) { r.EntrantPool = 0.1 },
			`pool_unused is missing, but must be "incumbents" or "unallocated" ` +
				`where there is an entrant pool`,
		},
		"a word that isn't one of the choices": {
			func(r *Rules) { r.Unfilled = "whatever" },
			`unfilled is "whatever", but must be one of ["shrink" "error" ""]`,
		},
		"a rule that can't give way": {
			func(r *Rules) { r.Relax = []string{"licence"} },
			`relax is "licence", but must be a list of ["step" "min_share" "max_share"]`,
		},
		"a rule that gives way twice": {
			func(r *Rules) { r.Relax = []string{"step", "step"} },
			`relax is "step" twice, but must be a list without repetition`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := Rules{Base: BaseEqual}
			tt.spoil(&r)
			err := r.Check()
			var rule *RuleError
			if !errors.As(err, &rule) || !errors.Is(err, ErrRules) {
				t.Fatalf("Check = %v", err)
			}
			if err.Error() != tt.want {
				t.Errorf("text %q\nwant %q", err.Error(), tt.want)
			}
		})
	}
}

// The keys that plan.json publishes are those that a RuleError names.
func TestRulesEncodeUnderTheirKeys(t *testing.T) {
	data, err := json.Marshal(Rules{ID: "x", Base: BaseEqual})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"x","base":"equal","merit_exponent":0,"unknown_score":"","min_share":0,` +
		`"max_share":0,"step":0,"entrant_pool":0,"pool_unused":"","unfilled":"","relax":null}`
	if string(data) != want {
		t.Errorf("JSON %s\nwant %s", data, want)
	}
}
