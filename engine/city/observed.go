package city

import "github.com/stint-city/stint/scoring"

// The reasons for which a value is unknown; the catalogue has them as score.why-...
const (
	whyBlank      = "blank"        // the sheet has the indicator without a value or a reason
	whyNoFences   = "no-fences"    // no layer of fences
	whyNoBans     = "no-bans"      // no zones that ban
	whyUnseen     = "unseen"       // no layer shows vehicles of this operator
	whyNoFlags    = "no-flags"     // no pull says which vehicles are disabled
	whyRenewed    = "ids-renewed"  // vehicle IDs don't last from pull to pull
	whyNoRides    = "no-rides"     // vehicles are seen standing, never riding
	whyPartialDay = "part-of-day"  // rides are known for some hours of the day only
	whyNoVehicles = "no-vehicles"  // rides don't name their vehicle and nobody counted the fleet
	whyManyIDs    = "too-many-ids" // more vehicle IDs than a fleet has
)

// observed measures an indicator of operator k from the layers.
func (r *reading) observed(in Indicator, k int) scoring.Value {
	p := r.parked
	seen := p.stood[k]
	if seen.seen == 0 {
		seen = p.ridden[k]
	}
	switch in.ID {
	case inFenceShare:
		return share(in.ID, seen.fenced, seen.seen, p.fences == nil, whyNoFences)
	case bannedZoneShare:
		return share(in.ID, seen.banned, seen.seen, p.bans == nil, whyNoBans)
	case outsideShare:
		return share(in.ID, seen.outside, seen.seen, false, "")
	case disabledShare:
		f := p.disabled[k]
		return share(in.ID, f.disabled, f.known, f.known == 0, whyNoFlags)
	default:
		return r.tripsPerVehicle(k)
	}
}

// share returns part/of, unknown for the reason if missing, or if nobody was seen.
func share(id string, part, of int, missing bool, why string) scoring.Value {
	switch {
	case missing:
		return scoring.Value{Indicator: id, Why: why}
	case of == 0:
		return scoring.Value{Indicator: id, Why: whyUnseen}
	default:
		return scoring.Value{
			Indicator: id, Value: float64(part) / float64(of), Known: true, Samples: of,
		}
	}
}

// tripsPerVehicle returns rides per vehicle and day: rides of whole days, over the mean fleet
// standing where pulls show it, else over the vehicles that rides name. From pulls alone it can't
// be told: a vehicle that is elsewhere may have been ridden or moved by hand, and IDs may be
// renewed.
func (r *reading) tripsPerVehicle(k int) scoring.Value {
	p, v := r.parked, scoring.Value{Indicator: tripsPerVehicle}
	days, whole := r.watched()
	fleet := p.fleet[k]
	switch rides := p.ridden[k].seen; {
	case rides == 0 && p.renewed[k]:
		v.Why = whyRenewed
	case rides == 0 && fleet > 0:
		v.Why = whyNoRides
	case rides == 0:
		v.Why = whyUnseen
	case !whole:
		v.Why = whyPartialDay
	case fleet == 0 && p.many:
		v.Why = whyManyIDs
	case fleet == 0 && (p.nameless[k] || len(p.vehicles[k]) == 0):
		v.Why = whyNoVehicles
	default:
		if fleet == 0 {
			fleet = float64(len(p.vehicles[k]))
		}
		v.Value, v.Known = float64(rides)/fleet/float64(days), true
		v.Samples = rides
	}
	return v
}

// watched returns the days on which rides were seen, and whether for all their hours.
func (r *reading) watched() (days int, whole bool) {
	all := coverage{}
	whole = true
	for _, e := range r.demand {
		for _, d := range e.seen.days() {
			all[d] |= e.seen[d]
		}
	}
	for _, d := range all.days() {
		whole = whole && all[d] == 1<<24-1
	}
	return len(all), whole
}
