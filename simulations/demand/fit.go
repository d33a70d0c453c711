package demand

import (
	"fmt"
	"math"

	"github.com/stint-city/stint/quota/forecast"
)

// Week is the number of hours of a week.
const Week = forecast.Week

// Model is a way to estimate demand.
type Model string

// The models.
const (
	WeekdayHour Model = "weekday-hour"
	Censored    Model = "censored-poisson"
	Pooled      Model = "pooled"
)

// Models returns every model, the plainest first.
func Models() []Model { return []Model{WeekdayHour, Censored, Pooled} }

// Counts are what was seen.
type Counts struct {
	Phase int         // hour of the week of the first hour; 0 = Monday, 00:00 to 01:00
	Rides [][]float64 // set out, cell by hour, all as long; >= 0
	// Usable is the part of each hour with at least one usable vehicle in the cell, 0 to 1, NaN where
	// unknown: taken for 1. nil = unknown everywhere.
	Usable [][]float64
}

// Hours returns how many hours were counted.
func (c *Counts) Hours() int {
	if len(c.Rides) == 0 {
		return 0
	}
	return len(c.Rides[0])
}

// usable returns the part of an hour with a usable vehicle.
func (c *Counts) usable(cell, hour int) float64 {
	if c.Usable == nil || math.IsNaN(c.Usable[cell][hour]) {
		return 1
	}
	return min(max(c.Usable[cell][hour], 0), 1)
}

// Options say how demand is estimated.
type Options struct {
	Model Model
	Ring  func(cell int) []int // the cells around a cell
	// Walk is how many of the riders who find no vehicle in their cell walk to one in the ring, 0 to
	// 1. It is assumed: counts alone can't tell it.
	Walk float64
	// Borrowed is the evidence that a cell takes from its ring, hours for each hour of the week.
	Borrowed float64
}

// Table is riders an hour.
type Table struct {
	Cells     int
	Rate      []float64 // [hour of the week * Cells + cell]
	Inflation float64   // riders estimated by rides counted, over the hours counted; NaN without rides
}

// Fit estimates demand. It returns a *forecast.Unfit where the counts don't suffice: less than a
// week, or for Pooled less than two. It panics if slices differ in length.
func Fit(c Counts, o Options) (*Table, error) {
	for i := range c.Rides {
		if len(c.Rides[i]) != c.Hours() || c.Usable != nil && len(c.Usable[i]) != c.Hours() {
			panic("demand: rows of Counts differ in length")
		}
	}
	if c.Hours() < Week {
		return nil, &forecast.Unfit{Code: "short", Need: Week, Have: c.Hours()}
	}
	t := &Table{Cells: len(c.Rides), Rate: make([]float64, Week*len(c.Rides))}
	switch o.Model {
	case WeekdayHour:
		t.means(&c)
	case Censored:
		t.means(&c)
		t.censored(&c, &o)
	case Pooled:
		if err := t.pooled(&c); err != nil {
			return nil, err
		}
	default:
		panic(fmt.Sprintf("demand: unknown model %q", o.Model))
	}
	t.inflation(&c)
	return t, nil
}

// means sets the plain means.
func (t *Table) means(c *Counts) {
	var times [Week]float64
	for hour := range c.Hours() {
		at := (c.Phase + hour) % Week
		times[at]++
		for cell := range c.Rides {
			t.Rate[at*t.Cells+cell] += c.Rides[cell][hour]
		}
	}
	for at, n := range times {
		for cell := range t.Cells {
			t.Rate[at*t.Cells+cell] /= n
		}
	}
}

// pooled sets what the forecast expects of the week after the last hour.
func (t *Table) pooled(c *Counts) error {
	m, err := forecast.Fit(forecast.History{Phase: c.Phase, Counts: c.Rides}, forecast.Pooled)
	if err != nil {
		return err
	}
	for next := range Week {
		hour := c.Hours() + next
		for cell := range t.Cells {
			if p := m.At(cell, hour); p.Known {
				t.Rate[(c.Phase+hour)%Week*t.Cells+cell] = p.Mean
			}
		}
	}
	return nil
}

// inflation sets Inflation.
func (t *Table) inflation(c *Counts) {
	riders, rides := 0.0, 0.0
	for hour := range c.Hours() {
		at := (c.Phase + hour) % Week * t.Cells
		for cell := range c.Rides {
			riders += t.Rate[at+cell]
			rides += c.Rides[cell][hour]
		}
	}
	t.Inflation = riders / rides
}
