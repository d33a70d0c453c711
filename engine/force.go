package engine

import (
	"math"

	"github.com/stint-city/stint/geo"
)

// force is what is in force at one moment: it doesn't change, a later one takes its place.
type force struct {
	plan     *Plan            // nil before the first publication
	held     *Plan            // with what parts of the day and seasons make of its quotas
	shifts   []shifted        // that made it so
	epoch    int64            // Seq of the log entry that put it in force
	caps     map[string]*Caps // by sector
	closed   []*Caps          // of sectors that only an earlier plan had
	licensed map[operatorIn]bool
	zones    *zoneIndex
	zoned    string              // name of the zones' document
	effects  map[string]*effects // of the measures in force, by sector
	totals   []Pool              // by ID
	pools    map[string][]string // pools charged, by operator of the plan
	locator  *geo.Locator
	centers  map[geo.Cell]geo.LatLng
}

// operatorIn is an operator in a sector.
type operatorIn struct{ operator, sector string }

// newForce derives what a plan with zones and pools puts in force.
func newForce(plan *Plan, zones []Zone, pools []Pool, epoch int64) (*force, error) {
	return forceOf(plan, plan, zones, pools, epoch)
}

// forceOf is newForce for a plan whose quotas are held otherwise for a time.
func forceOf(plan, held *Plan, zones []Zone, pools []Pool, epoch int64) (*force, error) {
	f := &force{
		plan: plan, held: held, epoch: epoch, caps: map[string]*Caps{}, licensed: map[operatorIn]bool{},
		zones: newZoneIndex(zones), totals: pools, pools: map[string][]string{},
		centers: map[geo.Cell]geo.LatLng{},
	}
	for i := range plan.Sectors {
		s := &plan.Sectors[i]
		caps, _ := CapsOf(held, s.ID, epoch)
		for _, z := range zones {
			if z.Kind == ZoneLimit && z.about(s.ID) {
				caps.Cap[ZoneLevel(z.ID)] = z.Limit
			}
		}
		f.caps[s.ID] = caps
		for _, o := range s.Operators {
			f.licensed[operatorIn{o.ID, s.ID}] = o.Licensed
			f.pools[o.ID] = f.poolsOf(o.ID)
		}
		for _, c := range caps.Cells {
			if _, known := f.centers[c]; !known {
				f.centers[c] = c.Center()
			}
		}
	}
	var err error
	f.locator, err = geo.NewLocator(plan.City.Resolution, bounds(f.centers))
	return f, err
}

// poolsOf returns the pools that an operator is charged to, whether the plan has it or not.
func (f *force) poolsOf(operator string) []string {
	var ids []string
	for i := range f.totals {
		if f.totals[i].charges(operator) {
			ids = append(ids, f.totals[i].ID)
		}
	}
	return ids
}

// bounds returns the box around some points, an empty one around none.
func bounds(points map[geo.Cell]geo.LatLng) geo.Box {
	box := geo.Box{
		Min: geo.LatLng{Lat: math.Inf(1), Lng: math.Inf(1)},
		Max: geo.LatLng{Lat: math.Inf(-1), Lng: math.Inf(-1)},
	}
	for _, p := range points {
		box.Min.Lat, box.Max.Lat = min(box.Min.Lat, p.Lat), max(box.Max.Lat, p.Lat)
		box.Min.Lng, box.Max.Lng = min(box.Min.Lng, p.Lng), max(box.Max.Lng, p.Lng)
	}
	return box
}

// sectors returns the IDs of the sectors in force, in the plan's order.
func (f *force) sectors() []string {
	var ids []string
	if f.plan != nil {
		for i := range f.plan.Sectors {
			ids = append(ids, f.plan.Sectors[i].ID)
		}
	}
	return ids
}
