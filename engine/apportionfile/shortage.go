package apportionfile

import (
	"errors"
	"math"

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
