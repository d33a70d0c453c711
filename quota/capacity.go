package quota

import "math"

// Limit names what bounds a cell's capacity. The values are codes of the message catalogue.
type Limit string

// The limits in the order in which Capacity.Bounds lists them.
const (
	LimitParking  Limit = "parking"  // parking ground, divided by the space of one vehicle
	LimitTurnover Limit = "turnover" // demand, divided by the trips each vehicle shall make
	LimitSpace    Limit = "space"    // riding or sidewalk ground
	LimitDensity  Limit = "density"  // vehicles per km²
	LimitCap      Limit = "cap"      // an explicit cap of the cell
	LimitZone     Limit = "zone"     // the limit of a zone that covers the cell
	LimitBan      Limit = "ban"      // a ban zone covers the cell
	LimitService  Limit = "service"  // enough vehicles for the service level
	LimitNone     Limit = "none"     // no known limit
)

// bannedWhole is the share of a cell under ban zones from which the whole cell counts as banned:
// the clipping of a zone drawn along a cell's border leaves slivers of this size.
const bannedWhole = 0.999

// grain keeps a product that misses a whole number by rounding error from losing a vehicle.
const grain = 1e-9

// Range is a setting known only within bounds: Low <= Mid <= High.
type Range struct {
	Low  float64 `json:"low"`
	Mid  float64 `json:"mid"`
	High float64 `json:"high"`
}

// Limits are the bureau's settings for one sector. The zero value gives ground to nobody: a
// Footprint, the usable shares and SpaceShare are needed wherever a Space names ground.
type Limits struct {
	Footprint   float64 `json:"footprint_m2"` // m² one parked vehicle takes; > 0
	Usable      Range   `json:"usable"`       // share of the parking area usable, 0-1
	SpaceShare  float64 `json:"space_share"`  // this sector's share of all shared ground, 0-1
	SpaceUsable Range   `json:"space_usable"` // share of road or sidewalk area open to parking, 0-1
	Turnover    float64 `json:"turnover"`     // trips per vehicle and day to aim at; 0 = no such limit
	Available   float64 `json:"available"`    // part of the fleet usable at any time, in (0, 1]
	Density     float64 `json:"density_km2"`  // vehicles per km² of the cell's real area; 0 = none
}

// Space is what one cell offers. NaN is unknown.
type Space struct {
	Parking, Sidewalk float64 // m², the union of the shapes clipped to the cell
	Area              float64 // m² of the cell itself
	Banned            float64 // share of the cell under ban zones, 0-1; NaN counts as none
	Cap, Zone         int     // explicit cap and zone limit, vehicles; -1 = none
}

// Bound is what one limit alone would allow, vehicles.
type Bound struct {
	Limit Limit `json:"limit"`
	Low   int   `json:"low"`
	Mid   int   `json:"mid"`
	High  int   `json:"high"`
}

// Capacity is what a cell carries: by reading the least of the Bounds, which list the known limits
// only, in the order of the Limit constants. Binding is the first limit whose Mid is least. Where
// nothing is known to limit, Known is false, Binding LimitNone and the numbers are 0.
type Capacity struct {
	Low, Mid, High int
	Binding        Limit
	Known          bool
	Bounds         []Bound
}

// Capacity returns the minimum of the limits that are present. What is unknown (NaN ground, demand
// not Known, no turnover target) does not limit and is not among the Bounds.
//
// The ground outside ban zones counts: parking, sidewalk and density shrink with Banned, and a cell
// banned to 0.999 or more carries 0 by LimitBan alone. Vehicles are whole, rounded down. The
// turnover limit reads daily as trips a day; leave Turnover 0 where the demand has another unit.
//
// Capacity panics if ground is known and Footprint is not positive, or if a turnover limit applies
// and Available is not positive.
//
// Source: the minimum of turnover, parking and riding space per cell is method E of the published
// practice (Shenzhen: Zhang Jianfeng 2019; its district caps sum to the city's total).
func (l Limits) Capacity(s Space, daily Estimate) Capacity {
	if s.Banned >= bannedWhole {
		return least([]Bound{{Limit: LimitBan}})
	}
	return least(l.bounds(s, daily))
}

// bounds lists the limits present, in the order of the Limit constants.
func (l Limits) bounds(s Space, daily Estimate) []Bound {
	open := 1.0
	if s.Banned > 0 {
		open = 1 - s.Banned
	}
	var bounds []Bound
	if !math.IsNaN(s.Parking) {
		bounds = append(bounds, l.ground(LimitParking, s.Parking*open, l.Usable))
	}
	if l.Turnover > 0 && daily.Known {
		bounds = append(bounds, l.turnover(daily))
	}
	if !math.IsNaN(s.Sidewalk) {
		bounds = append(bounds, l.ground(LimitSpace, s.Sidewalk*open, l.SpaceUsable))
	}
	if l.Density > 0 && !math.IsNaN(s.Area) {
		bounds = append(bounds, fixed(LimitDensity, whole(l.Density*s.Area*open/squareKilometre)))
	}
	if s.Cap >= 0 {
		bounds = append(bounds, fixed(LimitCap, s.Cap))
	}
	if s.Zone >= 0 {
		bounds = append(bounds, fixed(LimitZone, s.Zone))
	}
	return bounds
}

// ground is the limit of an area in m² of which a share is usable: method C, everything parked.
func (l Limits) ground(name Limit, area float64, usable Range) Bound {
	if !(l.Footprint > 0) {
		panic("quota: Limits.Footprint must be positive where ground is known")
	}
	area *= l.SpaceShare
	return Bound{
		Limit: name,
		Low:   whole(ParkingPlaces(area, usable.Low, l.Footprint, 1)),
		Mid:   whole(ParkingPlaces(area, usable.Mid, l.Footprint, 1)),
		High:  whole(ParkingPlaces(area, usable.High, l.Footprint, 1)),
	}
}

// turnover is the limit of the demand: method A.
func (l Limits) turnover(daily Estimate) Bound {
	if !(l.Available > 0) {
		panic("quota: Limits.Available must be positive where a turnover limit applies")
	}
	return Bound{
		Limit: LimitTurnover,
		Low:   whole(TurnoverFleet(daily.Low, l.Turnover, l.Available)),
		Mid:   whole(TurnoverFleet(daily.Mean, l.Turnover, l.Available)),
		High:  whole(TurnoverFleet(daily.High, l.Turnover, l.Available)),
	}
}

func fixed(name Limit, n int) Bound { return Bound{Limit: name, Low: n, Mid: n, High: n} }

// least folds bounds into the capacity they leave.
func least(bounds []Bound) Capacity {
	if len(bounds) == 0 {
		return Capacity{Binding: LimitNone}
	}
	first := bounds[0]
	c := Capacity{
		Low: first.Low, Mid: first.Mid, High: first.High,
		Binding: first.Limit, Known: true, Bounds: bounds,
	}
	for _, b := range bounds[1:] {
		if b.Mid < c.Mid {
			c.Binding = b.Limit
		}
		c.Low, c.Mid, c.High = min(c.Low, b.Low), min(c.Mid, b.Mid), min(c.High, b.High)
	}
	return c
}

// whole rounds down to vehicles, forgiving a rounding error of a billionth; what is not positive is
// 0.
func whole(x float64) int {
	if !(x > 0) {
		return 0
	}
	return int(math.Floor(min(x, math.MaxInt32) + grain))
}
