package apportionfile

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/quota/apportion"
)

// Shortage is an infeasible question's proof as it is written: the Rows need Need and only
// Placeable fit. Cols are full, Entries at their upper bounds.
type Shortage struct {
	Rows      []string `json:"rows"`
	Need      int      `json:"need"`
	Placeable int      `json:"placeable"`
	Shortfall int      `json:"shortfall"`
	Cols      []string `json:"cols"`
	Entries   []Limit  `json:"entries"`

	// Groups limit rows by their most there. Forced turns the proof round: the leasts of Cols force
	// Need on the Rows, which may hold only Placeable.
	Groups []GroupLimit `json:"groups,omitempty"`
	Forced bool         `json:"forced,omitempty"`

	Relaxation *Relaxation `json:"relaxation,omitempty"` // the cheapest way out; nil = none found
}

// GroupLimit is a group in which a row can't hold more.
type GroupLimit struct {
	Row   string `json:"row"`
	Group int    `json:"group"`
	Most  int    `json:"most"`
}

// Relaxation is what to change so that there is an answer, and the sum of units times prices.
type Relaxation struct {
	Cost    int      `json:"cost"`
	Reliefs []Relief `json:"reliefs"`
}

// Relief moves one bound or total.
type Relief struct {
	Remedy apportion.Remedy `json:"remedy"`
	Row    string           `json:"row,omitempty"`
	Col    string           `json:"col,omitempty"`
	From   int              `json:"from"`
	To     int              `json:"to"`
}

// Limit is an entry that can't take more.
type Limit struct {
	Row   string `json:"row"`
	Col   string `json:"col"`
	Upper int    `json:"upper"`
}

// Shortage reads the proof off an error of Solve; ok is false for any other error.
func (q *Question) Shortage(err error) (shortage Shortage, ok bool) {
	var cut *apportion.CutError
	var beyond *apportion.RangeError
	s := Shortage{Rows: []string{}, Cols: []string{}, Entries: []Limit{}}
	switch {
	case errors.As(err, &cut):
		s.Need, s.Placeable, s.Shortfall = cut.Need, cut.Placeable, cut.Shortfall
		s.Rows, s.Cols = append(s.Rows, cut.Rows...), append(s.Cols, cut.Cols...)
		for _, x := range cut.Entries {
			s.Entries = append(s.Entries, Limit(x))
		}
		for _, x := range cut.Groups {
			s.Groups = append(s.Groups, GroupLimit(x))
		}
		s.Forced = cut.Forced
	case errors.As(err, &beyond):
		s.Rows, s.Need, s.Placeable = append(s.Rows, q.Rows...), beyond.Low, beyond.Total
		if beyond.Total > beyond.High {
			s.Need, s.Placeable = beyond.Total, beyond.High
			s.Entries = q.ceilings()
		}
		s.Shortfall = s.Need - s.Placeable
	default:
		return s, false
	}
	return s, true
}

// CheckRemedies returns an error for a name that is no remedy and a price that is none.
func CheckRemedies(prices map[string]int) error {
	for _, name := range slices.Sorted(maps.Keys(prices)) {
		price := prices[name]
		if !slices.Contains(apportion.Remedies(), apportion.Remedy(name)) || price < 1 ||
			price > apportion.MaxRemedyPrice {
			return lang.E(nil, "apportion.remedy", "got", fmt.Sprintf("%s=%d", name, price),
				"known", apportion.Remedies(), "most", apportion.MaxRemedyPrice)
		}
	}
	return nil
}

// Relax returns the cheapest way out of an infeasible matrix at the prices of the remedies, which
// CheckRemedies has seen; without any, every remedy costs 1 a unit. It returns nil for a vector,
// where the remedies are not enough, where the totals are too large for it, and without prices for
// a matrix of more than 200,000 entries.
func (q *Question) Relax(prices map[string]int) *Relaxation {
	if q.Vector || len(prices) == 0 && len(q.Rows)*len(q.Cols) > maxRelaxed {
		return nil
	}
	list := map[apportion.Remedy]int{}
	for _, remedy := range apportion.Remedies() {
		if price, ok := prices[string(remedy)]; ok {
			list[remedy] = price
		} else if len(prices) == 0 {
			list[remedy] = 1
		}
	}
	found, err := apportion.Relax(q.Problem, list)
	if err != nil {
		return nil // a cut, or totals beyond it: the proof stands without a way out
	}
	r := &Relaxation{Cost: found.Cost, Reliefs: []Relief{}}
	for _, x := range found.Reliefs {
		r.Reliefs = append(r.Reliefs, Relief(x))
	}
	return r
}

// ceilings are the upper bounds of a vector's claims, 0 without a weight or a floor.
func (q *Question) ceilings() []Limit {
	limits := []Limit{}
	for _, c := range q.claims() {
		upper := c.Ceiling
		if c.Weight == 0 {
			upper = c.Floor
		}
		if upper >= 0 && upper < math.MaxInt {
			limits = append(limits, Limit{q.Rows[0], c.ID, upper})
		}
	}
	return limits
}
