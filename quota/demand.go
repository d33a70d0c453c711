package quota

import "math"

// HoursOfWeek is the number of hours of a week. Hour 0 is Monday 00-01 local time, hour 167 Sunday
// 23-24.
const HoursOfWeek = 168

const hoursOfDay = 24

// MinHours is the least exposure, in hours summed over the week, from which a cell's demand is
// Known: below it all of the cell's own evidence weighs less than the prior of a single hour.
const MinHours = 2.0

// defaultShrink is the prior evidence in hours where Shrink says nothing: two hours of the ring's
// riding against each hour of the week of the cell's own.
const defaultShrink = 2.0

// Estimate is a quantity with its 80 % interval: 10 % of the probability lies below Low and 10 %
// above High. Its unit is trips a mean day, or trips an hour where a function says so. All three
// are NaN where nothing at all was observed. Known is false where the evidence is too little to act
// on; the interval is then wide, and the mean that of the surroundings.
type Estimate struct {
	Mean, Low, High float64
	Known           bool
	Hours           float64 // exposure it rests on, hours
	Events          int     // events it rests on
}

// HourCounts are the events of one cell by hour of the week, summed over all weeks observed.
type HourCounts [HoursOfWeek]int32

// Observed is the demand evidence of one sector. Slices answer the grid's cells.
type Observed struct {
	Events []HourCounts         // trips or lock events
	Hours  [HoursOfWeek]float64 // hours observed city-wide by hour of the week; 0 = never observed
	// Usable is the part of Hours with at least one usable vehicle in the cell; NaN = unknown for
	// that hour, nil = availability unknown everywhere. It is read within [0, Hours].
	Usable [][HoursOfWeek]float32
}

// Shrink is how much a cell borrows from its ring.
type Shrink struct {
	Hours float64 // hours of prior evidence for each hour of the week; 0 = the default, 2
}

// CellDemand is the demand of one cell.
type CellDemand struct {
	Rate      [HoursOfWeek]float32 // trips per hour; NaN where the hour was never observed
	Daily     Estimate             // trips a mean day: see EstimateDemand
	Corrected bool                 // exposure was the usable hours, for some hour at least
}

func (s Shrink) evidence() float64 {
	if s.Hours > 0 {
		return s.Hours
	}
	return defaultShrink
}

// exposure returns the hours in which a trip of the cell could have been seen.
func (o *Observed) exposure(i, hour int) float64 {
	if o.Usable == nil {
		return o.Hours[hour]
	}
	usable := float64(o.Usable[i][hour])
	if math.IsNaN(usable) {
		return o.Hours[hour]
	}
	return max(0, min(usable, o.Hours[hour]))
}

// days counts the weekdays of which at least one hour is known.
func (d *CellDemand) days() int {
	days := 0
	for day := 0; day < HoursOfWeek; day += hoursOfDay {
		for _, rate := range d.Rate[day : day+hoursOfDay] {
			if !math.IsNaN(float64(rate)) {
				days++
				break
			}
		}
	}
	return days
}
