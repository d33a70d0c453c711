package scoring

import (
	"errors"
	"fmt"
)

// ErrRubric means that a rubric makes no sense. Every RubricError wraps it.
var ErrRubric = errors.New("faulty rubric")

// RubricError is the first fault of a rubric.
type RubricError struct {
	Indicator string  // its ID; "" where the rubric as a whole is at fault
	Code      string  // one of the Fault constants
	Band      int     // the band at fault, counted from 1; 0 where none is
	Got       float64 // the number that is wrong; NaN where none is
}

// The codes of a RubricError.
const (
	FaultEmpty       = "no-indicators"    // a rubric has at least one
	FaultPass        = "pass-line"        // Got is no score: not in [0, 100]
	FaultSum         = "weights-sum"      // Got isn't 1
	FaultID          = "no-id"            // an indicator without an ID
	FaultTwice       = "indicator-twice"  // two indicators with one ID
	FaultWeight      = "weight"           // Got isn't in [0, 1]
	FaultMissing     = "missing-rule"     // Missing isn't one of the four
	FaultScale       = "scale"            // neither Bands nor Linear, or both
	FaultLinear      = "linear"           // Zero or Full isn't finite, or they are too far apart
	FaultDirection   = "direction"        // Full minus Zero, Got, runs against Higher or is 0
	FaultOp          = "band-op"          // Op isn't one of the five
	FaultBandValue   = "band-value"       // Got isn't finite
	FaultBandPoints  = "band-points"      // Got isn't in [0, 100]
	FaultElse        = "band-else"        // else before the last band
	FaultGap         = "band-gap"         // no band holds for the value Got
	FaultOrder       = "band-order"       // from the value Got on, better values have fewer points
	FaultUnreachable = "band-unreachable" // the bands before leave no value for this one
)

// Error returns one sentence.
func (e *RubricError) Error() string {
	switch {
	case e.Indicator == "":
		return "rubric: " + e.fault()
	case e.Band == 0:
		return fmt.Sprintf("indicator %q: %s", e.Indicator, e.fault())
	default:
		return fmt.Sprintf("indicator %q, band %d: %s", e.Indicator, e.Band, e.fault())
	}
}

// Unwrap returns ErrRubric.
func (e *RubricError) Unwrap() error { return ErrRubric }

// fault says what is wrong, without where.
func (e *RubricError) fault() string {
	switch e.Code {
	case FaultEmpty:
		return "no indicators"
	case FaultPass:
		return fmt.Sprintf("the pass line %v is not between 0 and 100", e.Got)
	case FaultSum:
		return fmt.Sprintf("the weights sum to %v, not to 1", e.Got)
	case FaultID:
		return "an indicator has no id"
	case FaultTwice:
		return "stands twice"
	case FaultWeight:
		return fmt.Sprintf("the weight %v is not between 0 and 1", e.Got)
	case FaultMissing:
		return "the rule for a missing value is none of unknown, worst, mean, exclude"
	case FaultScale:
		return "needs either bands or a linear scale"
	case FaultLinear:
		return "the linear scale needs two finite values"
	case FaultDirection:
		return fmt.Sprintf("full minus zero is %v, which contradicts the direction", e.Got)
	default:
		return e.bandFault()
	}
}

// bandFault says what is wrong with bands.
func (e *RubricError) bandFault() string {
	switch e.Code {
	case FaultOp:
		return "compares with none of gte, gt, lte, lt, else"
	case FaultBandValue:
		return fmt.Sprintf("the value %v is not finite", e.Got)
	case FaultBandPoints:
		return fmt.Sprintf("the points %v are not between 0 and 100", e.Got)
	case FaultElse:
		return "else must be the last band"
	case FaultGap:
		return fmt.Sprintf("no band holds for the value %v", e.Got)
	case FaultOrder:
		return fmt.Sprintf("at the value %v the points contradict the direction", e.Got)
	case FaultUnreachable:
		return "the bands before it leave no value for it"
	default:
		return e.Code
	}
}
