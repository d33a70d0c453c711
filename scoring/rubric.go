package scoring

// Rubric is how a city scores its operators. It is data: Check tells whether it makes sense.
type Rubric struct {
	ID         string
	Pass       float64 // the score from which an operator passes, 0–100; NaN = no pass line
	Indicators []Indicator
}

// Indicator is one thing measured. Exactly one of Bands and Linear is its scale.
type Indicator struct {
	ID     string
	Unit   string  // of the values, as printed: "trips/vehicle/day"
	Higher bool    // direction: a larger value is better
	Weight float64 // part of the score, in [0, 1]; the weights of a rubric sum to 1

	Bands   []Band
	Linear  *Linear
	Missing Missing
}

// Band gives points to the values on one side of Value. The first band of an indicator that
// holds wins; its Op says whether Value itself is inside.
type Band struct {
	Op     string  // one of the Op constants
	Value  float64 // in the indicator's unit; not read when Op is OpElse
	Points float64 // 0–100
}

// What a band compares with its Value.
const (
	OpAtLeast = "gte"  // the value itself is inside: 60.0 with gte 60 holds
	OpAbove   = "gt"   // the value itself is outside
	OpAtMost  = "lte"  // the value itself is inside
	OpBelow   = "lt"   // the value itself is outside
	OpElse    = "else" // every value; only the last band
)

// holds reports whether v is inside the band.
func (b Band) holds(v float64) bool {
	switch b.Op {
	case OpAtLeast:
		return v >= b.Value
	case OpAbove:
		return v > b.Value
	case OpAtMost:
		return v <= b.Value
	case OpBelow:
		return v < b.Value
	default:
		return b.Op == OpElse
	}
}

// Linear gives 0 points at Zero, 100 at Full, in proportion between them, and no less and no
// more beyond. Zero is above Full where less is better.
type Linear struct {
	Zero, Full float64 // in the indicator's unit
}

// points returns the points of the value v.
func (l Linear) points(v float64) float64 {
	if v == l.Full {
		return full // whatever the division below would round to
	}
	return min(max(0, full*(v-l.Zero)/(l.Full-l.Zero)), full)
}

// full is the most points an item, and the highest score an operator, can have.
const full = 100

// Missing is what an indicator without a value does to the score of its operator.
type Missing string

// The rules for a missing value.
const (
	// MissingUnknown leaves the score unknown. The interval has the item at 0 and at 100 points.
	MissingUnknown Missing = "unknown"
	// MissingWorst gives 0 points: who doesn't report gains nothing by it.
	MissingWorst Missing = "worst"
	// MissingMean gives the mean points of the operators that have a value; where nobody has
	// one, it is MissingUnknown.
	MissingMean Missing = "mean"
	// MissingExclude drops the item and reweighs the rest in proportion; where nothing that
	// weighs anything is left, it is MissingUnknown.
	MissingExclude Missing = "exclude"
)
