package rubric

import (
	"math/big"
	"strconv"
)

// How an item came to its points; the bands are counted from 1.
const (
	howBand    = "band:"
	howLinear  = "linear"
	howEvents  = "events"
	howGiven   = "given"
	howMissing = "missing:"
)

// points returns what a value is worth in the row, 0 to Max, and how. The points of a deduction
// are those taken off. The row has passed Check.
func (d *Indicator) points(x Number) (Number, string) {
	switch {
	case len(d.Bands) > 0:
		i := 0
		for i < len(d.Bands)-1 && !d.Bands[i].holds(x) {
			i++ // Check has seen that some band holds, and so the last where none before does
		}
		return d.Bands[i].Points, howBand + strconv.Itoa(i+1)
	case d.Linear != nil:
		part := x.minus(d.Linear.Zero).over(d.Linear.Full.minus(d.Linear.Zero))
		return d.clamp(part.times(d.Max)), howLinear
	case d.Events != nil:
		taken := d.clamp(d.Events.count(x).times(d.Events.Points))
		if d.kind() == kindMark {
			taken = d.Max.minus(taken)
		}
		return taken, howEvents
	default:
		return d.clamp(x), howGiven
	}
}

func (d *Indicator) clamp(points Number) Number {
	return lesser(larger(points, Number{}), d.Max)
}

// count returns how many times points are taken for x events: whole Pers beyond Free, and one more
// for a Per that has begun where that counts.
func (e *Events) count(x Number) Number {
	per := e.Per
	if per.Sign() == 0 {
		per = Whole(1)
	}
	beyond := x.minus(e.Free)
	if beyond.Sign() <= 0 {
		return Number{}
	}
	if e.Begun {
		return beyond.over(per).up(0)
	}
	return beyond.over(per).down(0)
}

// down returns the largest number with so many decimals that isn't above x.
func (x Number) down(decimals int) Number {
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	scaled := new(big.Rat).Mul(x.get(), new(big.Rat).SetInt(unit))
	floor := new(big.Int).Div(scaled.Num(), scaled.Denom()) // Euclid's; the denominator is positive
	return Number{new(big.Rat).SetFrac(floor, unit)}
}

// up returns the smallest number with so many decimals that isn't below x.
func (x Number) up(decimals int) Number {
	return Number{}.minus(Number{}.minus(x).down(decimals))
}
