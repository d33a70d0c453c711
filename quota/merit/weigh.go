package merit

import (
	"fmt"
	"math"
)

// candidate is an operator on its way to a total.
type candidate struct {
	Total
	operator Operator
	at       int // index among the operators given
}

// weigh sets base, merit, weight and pool of the candidates, which stand in ID order.
func (r Rules) weigh(cs []candidate) ([]Note, error) {
	neutral := r.neutral(cs)
	var notes []Note
	for i := range cs {
		c := &cs[i]
		c.Pool = PoolIncumbent
		if r.EntrantPool > 0 && c.operator.Previous < 0 {
			c.Pool = PoolEntrant
		}
		if !c.operator.Licensed {
			continue
		}
		if err := r.setBase(c); err != nil {
			return nil, err
		}
		c.Merit = r.merit(c.operator.Score)
		if math.IsNaN(c.operator.Score) {
			note := Note{NoteScoreZero, []any{"operator", c.ID}}
			c.Merit = 0
			if r.UnknownScore != ScoreZero {
				c.Merit = neutral
				note = Note{NoteScoreNeutral, append(note.Args, "merit", neutral)}
			}
			notes = append(notes, note)
		}
		c.Weight = float64(c.Base * c.Merit)
	}
	return notes, nil
}

// merit returns (score/100)^Exponent. It is rounded to nine decimals, which any calculator finds.
func (r Rules) merit(score float64) float64 {
	return nine(math.Pow(score/100, r.Exponent))
}

// nine rounds to nine decimals.
func nine(x float64) float64 { return math.Round(x*places) / places }

// neutral returns the mean merit of the licensed operators with a score; 1 if there is none, so
// that bases alone decide.
func (r Rules) neutral(cs []candidate) float64 {
	sum, n := 0.0, 0
	for _, c := range cs {
		if c.operator.Licensed && !math.IsNaN(c.operator.Score) {
			sum += r.merit(c.operator.Score)
			n++
		}
	}
	if n == 0 {
		return 1
	}
	return nine(sum / float64(n))
}

// setBase sets what a licensed operator's weight starts from, or returns ErrBase.
func (r Rules) setBase(c *candidate) error {
	entrant := c.Pool == PoolEntrant
	switch {
	case r.Base == BaseEqual, entrant && r.Base != BaseRequest:
		c.Base = 1
	case r.Base == BasePrevious && c.operator.Previous >= 0:
		c.Base = float64(c.operator.Previous)
	case r.Base == BaseRequest && c.operator.Request >= 0:
		c.Base = float64(c.operator.Request)
	case r.Base == BaseUse && !math.IsNaN(c.operator.Use):
		c.Base = nine(c.operator.Use)
	case r.Base == BasePrevious:
		return fmt.Errorf("%w: operator %q has no previous quota; set an entrant pool or another base",
			ErrBase, c.ID)
	default:
		return fmt.Errorf("%w: the %s of operator %q is not given; give it or set another base",
			ErrBase, r.Base, c.ID)
	}
	return nil
}
