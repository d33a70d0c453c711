package scoring

import (
	"cmp"
	"math"
	"slices"
)

// Scorecard is the score of one operator and how it came about.
type Scorecard struct {
	Operator string
	Score    float64 // 0–100; NaN when unknown
	Known    bool
	// Low and High are the score with every unknown item at 0 and at 100 points; both are Score
	// when it is known.
	Low, High float64
	Pass      string // one of the Verdict constants
	Items     []Item // in the order of the rubric
}

// Item is what one indicator adds to a score.
type Item struct {
	Indicator string
	Value     float64 // as measured, in the indicator's unit; NaN when unknown
	Known     bool    // the value was measured
	Why       string  // why it wasn't, a code
	Samples   int     // observations behind the value, as the sheet has it
	Points    float64 // 0–100; NaN when unknown or dropped
	Weight    float64 // of the rubric
	Effective float64 // the weight after dropping items; the items' sum to 1
	// Contribution is Effective × Points; NaN when unknown, 0 for an item that weighs nothing.
	Contribution float64
	How          string // HowLinear, HowBand and the band counted from 1, HowMissing and the rule
}

// How an item came to its points.
const (
	HowLinear  = "linear"
	HowBand    = "band:"    // "band:1" is the first band of the indicator
	HowMissing = "missing:" // "missing:worst" used the rule MissingWorst
)

// The verdicts. An unknown score still passes or fails where no value of its unknown items could
// change that.
const (
	VerdictPass    = "pass"
	VerdictFail    = "fail"
	VerdictUnknown = "unknown"
	VerdictNone    = "none" // the rubric has no pass line
)

// passTolerance is how far below the pass line a score still counts as on it, in points: more
// than binary fractions lose in a sum, less than any published decimal. 60.0 passes.
const passTolerance = 1e-9

// Evaluate scores every operator: cards[k] answers sheets[k], and its Items the rubric's
// indicators. A value that is missing is decided by its indicator's rule, which the item names
// in How. An indicator that nobody has a value for is no error; Unmeasured lists those.
//
// For every card the contributions, added in the order of the items, are exactly the score.
// Low ≤ Score ≤ High, all in [0, 100]. A better value of an operator never lowers its score.
// No figure depends on the order of sheets or of values. The weights are divided by their sum,
// so that an operator with 60 points throughout has 60, however the weights were rounded.
//
// Evaluate returns the *RubricError of Check, and a *SheetError for an operator or a value that
// stands twice, an indicator the rubric doesn't have, and a known value that isn't finite.
func Evaluate(r Rubric, sheets []Sheet) ([]Scorecard, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	items, err := r.readAll(r.positions(), sheets)
	if err != nil {
		return nil, err
	}
	means := r.means(sheets, items)
	cards := make([]Scorecard, len(sheets))
	for k, s := range sheets {
		r.fill(items[k], means)
		weigh(items[k])
		cards[k] = total(s.Operator, items[k])
		cards[k].Pass = verdict(r.Pass, cards[k].Low, cards[k].High)
	}
	return cards, nil
}

// Unmeasured returns the indicators that no sheet has a known value for, in the order of the
// rubric: all of them when there are no sheets. Sheets are read as they are, faults and all.
func Unmeasured(r Rubric, sheets []Sheet) []string {
	measured := make(map[string]bool, len(r.Indicators))
	for _, s := range sheets {
		for _, v := range s.Values {
			if v.Known {
				measured[v.Indicator] = true
			}
		}
	}
	var ids []string
	for _, d := range r.Indicators {
		if !measured[d.ID] {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// means returns the mean points of each indicator over the operators that have a value for it,
// NaN where nobody has. The sum runs in byte order of the operators' IDs.
func (r Rubric) means(sheets []Sheet, items [][]Item) []float64 {
	order := make([]int, len(sheets))
	for k := range order {
		order[k] = k
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(sheets[a].Operator, sheets[b].Operator)
	})
	means := make([]float64, len(r.Indicators))
	for j := range means {
		sum, n := 0.0, 0
		for _, k := range order {
			if items[k][j].Known {
				sum += items[k][j].Points
				n++
			}
		}
		means[j] = sum / float64(n) // 0/0 is NaN: unknown
	}
	return means
}

// fill gives points to the items that have no value, as their indicators' rules say, and drops
// those that are to be excluded by taking their weight as nothing.
func (r Rubric) fill(items []Item, means []float64) {
	droppable := r.droppable(items)
	for j := range items {
		it := &items[j]
		it.Effective = it.Weight
		if it.Known {
			continue
		}
		rule := r.Indicators[j].Missing
		switch {
		case rule == MissingWorst:
			it.Points = 0
		case rule == MissingMean && !math.IsNaN(means[j]):
			it.Points = means[j]
		case rule == MissingExclude && droppable:
			it.Effective = 0
		default:
			rule = MissingUnknown
		}
		it.How = HowMissing + string(rule)
	}
}

// droppable reports whether something that weighs anything is left when every item that its
// rule excludes is dropped.
func (r Rubric) droppable(items []Item) bool {
	for j, it := range items {
		excluded := !it.Known && r.Indicators[j].Missing == MissingExclude
		if !excluded && it.Weight > 0 {
			return true
		}
	}
	return false
}

// weigh divides the effective weights by their sum.
func weigh(items []Item) {
	sum := 0.0
	for _, it := range items {
		sum += it.Effective
	}
	for j := range items {
		items[j].Effective /= sum
	}
}

// total adds the contributions up in the order of the items.
func total(operator string, items []Item) Scorecard {
	card := Scorecard{Operator: operator, Known: true, Items: items}
	for j := range items {
		it := &items[j]
		if it.Effective == 0 {
			continue // what weighs nothing contributes nothing, known or not
		}
		it.Contribution = contribution(it.Effective, it.Points, card.Low)
		if math.IsNaN(it.Points) {
			card.Known = false
			card.High += contribution(it.Effective, full, card.High)
			continue
		}
		card.Low += it.Contribution
		card.High += contribution(it.Effective, it.Points, card.High)
	}
	card.Score = card.Low
	if !card.Known {
		card.Score = math.NaN()
	}
	return card
}

// contribution returns what an item adds to the sum before it: its weighted points, less what
// binary fractions would carry the sum beyond 100. It grows with points and is NaN for NaN.
func contribution(effective, points, sum float64) float64 {
	return min(float64(effective*points), full-sum)
}

// verdict compares a score known to lie between low and high with the pass line.
func verdict(pass, low, high float64) string {
	switch {
	case math.IsNaN(pass):
		return VerdictNone
	case low >= pass-passTolerance:
		return VerdictPass
	case high < pass-passTolerance:
		return VerdictFail
	default:
		return VerdictUnknown
	}
}
