package simulations

import (
	"slices"

	"github.com/stint-city/stint/simulations/kernel"
)

// week is the number of hours of a week, from Monday 00:00.
const week = 168

// Demand is who would like to ride. Where Trips is set they are replayed as they were; otherwise
// riders come by a Poisson law for each cell and hour of the week.
type Demand struct {
	// Rate is riders an hour by hour of the week, then cell: Rate[h*cells+c].
	Rate []float64
	// To are the destinations of riders by the cell they set out from.
	To []Destinations
	// Trips are replayed, in order of time.
	Trips []Trip
}

// Destinations is a law over cells: Upto[i] is the probability of Cells[:i+1].
type Destinations struct {
	Cells []int32
	Upto  []float64
	guide []int32 // guide[j] is the first i with Upto[i] > j/len(guide)
}

// Trip is one ride that was made: ms since the start of the scenario, cells by index.
type Trip struct {
	At       int64
	From, To int32
	a, b     point
}

// draw returns the cell at u, in (0, 1): by a guide table, which leads to within a step or two.
func (d *Destinations) draw(u float64) int32 {
	i := int(d.guide[int(u*float64(len(d.guide)))])
	for i < len(d.Upto)-1 && d.Upto[i] <= u {
		i++
	}
	return d.Cells[i]
}

// index makes the guide table.
func (d *Destinations) index() {
	d.guide = make([]int32, len(d.Upto))
	i := 0
	for j := range d.guide {
		for i < len(d.Upto)-1 && d.Upto[i] <= float64(j)/float64(len(d.guide)) {
			i++
		}
		d.guide[j] = int32(i)
	}
}

// newDestinations returns the law of weights by cell, leaving out those that are 0.
func newDestinations(weights []float64) Destinations {
	var d Destinations
	sum := 0.0
	for c, w := range weights {
		if w > 0 {
			sum += w
			d.Cells, d.Upto = append(d.Cells, int32(c)), append(d.Upto, sum)
		}
	}
	for i := range d.Upto {
		d.Upto[i] /= sum
	}
	d.index()
	return d
}

// The numbers of a rider's key, one for each thing that is drawn of it.
const (
	drawTime = iota
	drawFrom
	_
	_
	drawTo
	drawPlace
	_
	_
	drawChoice
	drawRetry
	drawPace
	drawComply
	drawBreak
	drawSpot
	drawRepair
)

// The streams of a replication.
const (
	streamDemand = iota
	streamCount
	streamExtra
	streamWeather
	streamVehicle
	streamOrder
	streamDesign
	streamResponse
)

// request is one person who would like to ride.
type request struct {
	at       int64
	key      kernel.Key
	from, to int32
	a, b     point // where it appears and where it wants to go; only of a replayed trip
	replayed bool
}

// hourMS is an hour in ms.
const hourMS = 3_600_000

// drawHour fills s.requests with the riders of an hour, in order of time.
func (s *sim) drawHour(hour int) {
	s.requests, s.order = s.requests[:0], s.order[:0]
	if s.demand.Trips != nil {
		s.replayHour(hour)
	} else {
		s.drawRates(hour)
	}
	s.drawExtra(hour)
	start := int64(hour) * hourMS
	for i := range s.requests {
		s.order = append(s.order, uint64(s.requests[i].at-start)<<32|uint64(i))
	}
	slices.Sort(s.order)
}

// drawRates draws the riders of an hour cell by cell. A rider's key is of its cell, hour and serial
// number there, so that no other cell's riders change it.
func (s *sim) drawRates(hour int) {
	cells := len(s.town.Cells)
	from := (s.firstHour + hour) % week * cells
	rates := s.demand.Rate[from : from+cells]
	factor := s.growth * s.weather(hour)
	at := s.key.Of(streamDemand).Of(uint64(hour))
	for c, rate := range rates {
		if rate <= 0 {
			continue
		}
		key := at.Of(uint64(s.town.Cells[c]))
		s.appear(key, kernel.Poisson(key.Uniform(streamCount), rate*factor), hour, int32(c))
	}
}

// appear adds n riders of a cell and hour.
func (s *sim) appear(key kernel.Key, n, hour int, cell int32) {
	for i := range n {
		k := key.Of(uint64(i) + 16) // beyond the numbers that streams take
		s.requests = append(s.requests, request{
			at: int64(hour)*hourMS + int64(k.Uniform(drawTime)*hourMS), key: k, from: cell,
			to: s.demand.To[cell].draw(k.Uniform(drawTo)),
		})
	}
}

// replayHour takes the trips of an hour; demand's growth and the weather don't touch them.
func (s *sim) replayHour(hour int) {
	end := int64(hour+1) * hourMS
	at := s.key.Of(streamDemand)
	for ; s.replayed < len(s.demand.Trips) && s.demand.Trips[s.replayed].At < end; s.replayed++ {
		t := &s.demand.Trips[s.replayed]
		s.requests = append(s.requests, request{
			at: t.At, key: at.Of(uint64(s.replayed)), from: t.From, to: t.To, a: t.a, b: t.b,
			replayed: true,
		})
	}
}
