package city

import (
	"strconv"
	"strings"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// fenceCount counts the points of a layer near fences: the city's compliance. A nil one counts
// nothing.
type fenceCount struct {
	spec   *Compliance
	zones  *geo.Zones
	within []int // by tolerance: near a fence's polygon
	centre []int // by tolerance: near a fence's centre
	of     int
}

// countFenced returns the counter of the layer, nil if nobody asked for its compliance.
func (r *reading) countFenced(l *Layer) *fenceCount {
	spec := r.file.Compliance
	if spec == nil || spec.Layer != l.ID {
		return nil
	}
	for _, f := range r.fences {
		if f.layer.ID == spec.Fences {
			n := len(spec.Tolerances)
			return &fenceCount{spec: spec, zones: f.zones, within: make([]int, n), centre: make([]int, n)}
		}
	}
	return nil
}

// count takes a point.
func (c *fenceCount) count(p geo.LatLng) {
	if c == nil {
		return
	}
	c.of++
	reach := c.spec.Tolerances[len(c.spec.Tolerances)-1]
	_, metres, ok := c.zones.Nearest(p, reach)
	tally(c.within, c.spec.Tolerances, metres, ok)
	if c.spec.Centre {
		_, metres, ok = c.zones.NearestCenter(p, reach)
		tally(c.centre, c.spec.Tolerances, metres, ok)
	}
}

// tally counts a distance in every tolerance that reaches it.
func tally(counts []int, tolerances []float64, metres float64, ok bool) {
	for i, tolerance := range tolerances {
		if ok && metres <= tolerance {
			counts[i]++
		}
	}
}

// compliance returns the shares, polygons first.
func (c *fenceCount) compliance() []engine.Compliance {
	if c == nil || c.of == 0 {
		return nil
	}
	var list []engine.Compliance
	add := func(measure string, counts []int) {
		for i, tolerance := range c.spec.Tolerances {
			list = append(list, engine.Compliance{
				Layer: c.spec.Layer, Measure: measure, Tolerance: tolerance,
				Share: float64(counts[i]) / float64(c.of), Within: counts[i], Of: c.of,
			})
		}
	}
	add("polygon", c.within)
	if c.spec.Centre {
		add("centre", c.centre)
	}
	return list
}

// maxVehicles bounds the vehicle IDs of the rides that are told apart, over all operators.
const maxVehicles = 1 << 20

// parking is what the layers show of each operator's vehicles, for the indicators that stint
// measures itself. Slices answer the operators.
type parking struct {
	fences    *geo.Zones // nil unless in_fence_share is asked for
	tolerance float64    // m to a fence that still count as inside
	bans      *geo.Zones // nil unless banned_zone_share is asked for

	ridden   []tallies // places of rides
	stood    []tallies // places of vehicles in the pulls
	fleet    []float64 // mean vehicles in a pull, in and outside the districts; 0 = no pulls
	disabled []flagTally
	vehicles []map[uint64]bool // IDs met in the rides
	many     bool              // more than maxVehicles
	nameless []bool            // rides without a vehicle's ID
	renewed  []bool            // the IDs of the pulls don't last
}

// tallies are counts of places.
type tallies struct{ seen, fenced, banned, outside int }

// flagTally counts vehicles that say whether they are disabled.
type flagTally struct{ known, disabled int }

func (f *flagTally) add(disabled bool) {
	f.known++
	if disabled {
		f.disabled++
	}
}

// newParking prepares what the rubric's observed indicators need.
func (r *reading) newParking() *parking {
	n := len(r.file.Operators)
	p := &parking{
		ridden: make([]tallies, n), stood: make([]tallies, n), disabled: make([]flagTally, n),
		fleet:    make([]float64, n),
		vehicles: make([]map[uint64]bool, n), nameless: make([]bool, n), renewed: make([]bool, n),
	}
	for k := range p.vehicles {
		p.vehicles[k] = map[uint64]bool{}
	}
	for _, in := range r.file.Rubric.Indicators {
		switch {
		case in.Source != sourceObserved:
		case in.ID == inFenceShare && len(r.fences) > 0:
			p.tolerance = in.Tolerance
			p.fences = joined(r.fences)
		case in.ID == bannedZoneShare:
			p.bans = joined(r.zonesOf("ban"))
		}
	}
	return p
}

// joined returns the shapes of several layers as one set of zones; nil for no layer.
func joined(layers []shapeLayer) *geo.Zones {
	if len(layers) == 0 {
		return nil
	}
	var list []geo.Zone
	for _, l := range layers {
		for _, s := range l.shapes {
			list = append(list, geo.Zone{ID: s.id, Shape: s.area})
		}
	}
	return geo.NewZones(list)
}

// judge counts where a vehicle of the operator was.
func (p *parking) judge(to []tallies, operator int, at place) {
	if operator < 0 {
		return
	}
	c := &to[operator]
	c.seen++
	if !at.inside {
		c.outside++
	}
	if p.fences != nil {
		if _, _, ok := p.fences.Nearest(at.point, p.tolerance); ok {
			c.fenced++
		}
	}
	if p.bans != nil {
		if _, _, ok := p.bans.Nearest(at.point, 0); ok {
			c.banned++
		}
	}
}

// ride notes the vehicle of a ride.
func (p *parking) ride(operator int, vehicle string) {
	switch {
	case operator < 0:
	case vehicle == "":
		p.nameless[operator] = true
	case len(p.vehicles[operator]) < maxVehicles/len(p.vehicles):
		p.vehicles[operator][hashOf(vehicle)] = true
	default:
		p.many = true
	}
}

// flag reads a yes or no that may be blank: then known is false.
func (t *table) flag(name string) (value, known bool, why *refusal) {
	switch text := strings.ToLower(t.text(name)); text {
	case "":
		return false, false, nil
	case "yes", "y":
		return true, true, nil
	case "no", "n":
		return false, true, nil
	default:
		value, err := strconv.ParseBool(text)
		if err != nil {
			return false, false, t.refuse(name, "city.no-flag",
				"column", t.header[t.column[name]], "got", clip(text))
		}
		return value, true, nil
	}
}
