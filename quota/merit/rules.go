package merit

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Base is what an operator's weight starts from.
type Base string

// The bases. In the entrant pool, where nobody has a fleet yet, BasePrevious and BaseUse are as
// BaseEqual.
const (
	BasePrevious Base = "previous" // the quota of the last period
	BaseEqual    Base = "equal"    // one for every operator
	BaseRequest  Base = "request"  // the number asked for
	BaseUse      Base = "use"      // vehicles or trips seen
)

// The rules that set a bound, as FloorBy and CeilingBy name them. The first three can give way.
const (
	RuleStep     = "step"
	RuleMinShare = "min_share"
	RuleMaxShare = "max_share"
	RuleRequest  = "request"
	RuleLicence  = "licence"
	RuleTotal    = "total"
)

// Choices of the rules, as the city file spells them.
const (
	ScoreNeutral = "neutral" // an unknown score weighs as the mean merit of the known ones
	ScoreZero    = "zero"    // an unknown score weighs nothing

	PoolToIncumbents  = "incumbents"  // what entrants can't take goes to the incumbents
	PoolToUnallocated = "unallocated" // what entrants can't take is kept back

	UnfilledShrink = "shrink" // the total shrinks to what operators can take
	UnfilledError  = "error"  // that operators can't take the total is an error
)

// Rules are the operators' part of a city's policy. Shares are of the city's total; 0 is none.
type Rules struct {
	ID           string   `json:"id"`
	Base         Base     `json:"base"`
	Exponent     float64  `json:"merit_exponent"` // gamma, in [0, 10]; 0 = scores have no effect
	UnknownScore string   `json:"unknown_score"`  // ScoreNeutral, also if empty, or ScoreZero
	MinShare     float64  `json:"min_share"`      // least share of an operator, in [0, 1]
	MaxShare     float64  `json:"max_share"`      // largest share of an operator, in [0, 1]
	Step         float64  `json:"step"`           // largest relative change, in [0, 1]; 0 = none
	EntrantPool  float64  `json:"entrant_pool"`   // share kept for entrants, in [0, 1]
	PoolUnused   string   `json:"pool_unused"`    // PoolToIncumbents or PoolToUnallocated
	Unfilled     string   `json:"unfilled"`       // UnfilledShrink, also if empty, or UnfilledError
	Relax        []string `json:"relax"`          // RuleStep, RuleMinShare, RuleMaxShare in any order
}

// ErrRules means that a value of the rules is out of range. The error that wraps it is a
// *RuleError.
var ErrRules = errors.New("the rules can't be applied")

// RuleError names the value at fault. It wraps ErrRules.
type RuleError struct {
	Key  string // as in the JSON of Rules
	Got  string
	Want string // what is accepted
}

// Error is a sentence with all three.
func (e *RuleError) Error() string {
	return fmt.Sprintf("%s is %s, but must be %s", e.Key, e.Got, e.Want)
}

// Unwrap returns ErrRules.
func (e *RuleError) Unwrap() error { return ErrRules }

// Check returns a *RuleError for the first value that is out of range or contradicts another.
func (r Rules) Check() error {
	for _, check := range []func() error{r.checkNumbers, r.checkChoices, r.checkRelax} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// maxExponent is where a score of 80 already weighs a tenth of one of 100.
const maxExponent = 10

// checkNumbers looks at the numbers.
func (r Rules) checkNumbers() error {
	if !(r.Exponent >= 0 && r.Exponent <= maxExponent) {
		return &RuleError{"merit_exponent", fmt.Sprint(r.Exponent), "a number from 0 to 10"}
	}
	parts := []struct {
		key   string
		value float64
	}{
		{"min_share", r.MinShare},
		{"max_share", r.MaxShare},
		{"step", r.Step},
		{"entrant_pool", r.EntrantPool},
	}
	for _, p := range parts {
		if !(p.value >= 0 && p.value <= 1) {
			return &RuleError{p.key, fmt.Sprint(p.value), "a number from 0 to 1"}
		}
	}
	if r.MaxShare > 0 && r.MinShare > r.MaxShare {
		want := fmt.Sprintf("at most max_share, %g", r.MaxShare)
		return &RuleError{"min_share", fmt.Sprint(r.MinShare), want}
	}
	return nil
}

// checkChoices looks at the words.
func (r Rules) checkChoices() error {
	choices := []struct {
		key, value string
		accepted   []string
	}{
		{"base", string(r.Base), []string{"previous", "equal", "request", "use"}},
		{"unknown_score", r.UnknownScore, []string{ScoreNeutral, ScoreZero, ""}},
		{"pool_unused", r.PoolUnused, []string{PoolToIncumbents, PoolToUnallocated, ""}},
		{"unfilled", r.Unfilled, []string{UnfilledShrink, UnfilledError, ""}},
	}
	for _, c := range choices {
		if !slices.Contains(c.accepted, c.value) {
			return &RuleError{c.key, fmt.Sprintf("%q", c.value), fmt.Sprintf("one of %q", c.accepted)}
		}
	}
	if r.EntrantPool > 0 && r.PoolUnused == "" {
		want := fmt.Sprintf("%q or %q where there is an entrant pool",
			PoolToIncumbents, PoolToUnallocated)
		return &RuleError{"pool_unused", "missing", want}
	}
	return nil
}

// checkRelax looks at the rules that give way.
func (r Rules) checkRelax() error {
	accepted := []string{RuleStep, RuleMinShare, RuleMaxShare}
	for i, rule := range r.Relax {
		if !slices.Contains(accepted, rule) {
			return &RuleError{"relax", fmt.Sprintf("%q", rule), fmt.Sprintf("a list of %q", accepted)}
		}
		if slices.Contains(r.Relax[:i], rule) {
			return &RuleError{"relax", fmt.Sprintf("%q twice", rule), "a list without repetition"}
		}
	}
	return nil
}

// without returns the rules with some of them taken away.
func (r Rules) without(relaxed []string) Rules {
	for _, rule := range relaxed {
		switch rule {
		case RuleStep:
			r.Step = 0
		case RuleMinShare:
			r.MinShare = 0
		case RuleMaxShare:
			r.MaxShare = 0
		}
	}
	return r
}

// places is how many parts one is counted in: shares and steps are decimals of nine places, so that
// 0.29 of 100 vehicles is 29 and not 28.999.
const places = 1_000_000_000

// decimal returns a share or a step in parts of places.
func decimal(share float64) int { return int(math.Round(share * places)) }

// up returns the part of n vehicles rounded up, down the part rounded down.
func up(part, n int) int   { return (part*n + places - 1) / places }
func down(part, n int) int { return part * n / places }
