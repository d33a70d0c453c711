package main

import (
	"fmt"
	"maps"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/city"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
)

// Units of the file's thresholds.
const (
	minuteMS = 60_000
	hourMS   = 60 * minuteMS
	kmh      = 3.6 // km/h of a m/s
)

// replay hands batches to a street, each at its own time, and keeps what it says.
type replay struct {
	file     *observeFile
	snapshot *engine.Snapshot
	out      *observed
	street   *observe.Street
	ground   *observe.Ground
	area     geo.Box
	learned  *observe.Departures // nil unless demand is learnt from moves
	episodes *observe.Episodes
	places   map[*observe.Episode]*observedEpisode
	fences   *geo.Zones // nil = not asked for, or the city has none
	streets  []string   // answers fences
	tally    *observe.FenceTally
	register *observe.Register // nil = the file names none
	events   bool              // a feed tells events
	last     int64             // ms of the last batch
}

// newReplay prepares the street of a city.
func newReplay(
	file *observeFile, s *engine.Snapshot, zone *time.Location, out *observed,
) (*replay, error) {
	t := &file.Thresholds
	r := &replay{
		file: file, snapshot: s, out: out, episodes: observe.NewEpisodes(),
		places: map[*observe.Episode]*observedEpisode{},
		area:   geo.Box{Min: geo.LatLng{Lat: 90, Lng: 180}, Max: geo.LatLng{Lat: -90, Lng: -180}},
	}
	var districts, banned []geo.Zone
	for _, d := range s.Districts {
		b := d.Shape.Bounds()
		r.area.Min.Lat, r.area.Min.Lng = min(r.area.Min.Lat, b.Min.Lat), min(r.area.Min.Lng, b.Min.Lng)
		r.area.Max.Lat, r.area.Max.Lng = max(r.area.Max.Lat, b.Max.Lat), max(r.area.Max.Lng, b.Max.Lng)
		districts = append(districts, geo.Zone{ID: d.ID, Shape: d.Shape})
	}
	for _, z := range s.Zones {
		if z.Kind == engine.ZoneBan {
			banned = append(banned, geo.Zone{ID: z.ID, Shape: z.Shape})
		}
	}
	r.street = observe.New(observe.Settings{
		Resolution: s.City.Resolution, Area: r.area,
		City: geo.NewZones(districts), Stale: int64(t.StaleMinutes) * minuteMS, Near: t.NearMetres,
		MaxSpeed: t.MaxSpeed / kmh, Restart: int64(t.RestartMinutes) * minuteMS,
	})
	method, _ := observe.MethodOf(file.Method)
	r.ground = &observe.Ground{
		Method: method, Quota: file.Quotas, Theta: t.Theta,
		Tau: int64(t.TauMinutes) * minuteMS, Banned: geo.NewZones(banned),
		Idle: int64(t.IdleHours) * hourMS, Abandoned: int64(t.AbandonedHours) * hourMS,
		Horizon: int64(t.LeaveMinutes) * minuteMS, Capacity: capacities(s, t),
		Hunger: observe.Hunger{
			Cells: s.Grid.Cells(), Share: t.StarveShare, Least: t.StarveLeast,
			Horizon: int64(t.LeaveMinutes) * minuteMS,
		},
	}
	var err error
	switch file.Demand {
	case demandRides:
		r.ground.Demand, err = demandOf(s, zone)
	case demandMoves:
		r.learned = observe.NewDepartures(zone)
		r.ground.Demand = r.learned
		r.street.OnMove(r.learned.Take)
	}
	return r, err
}

// capacities are what the cells carry; a cell of which nothing is known is not judged.
func capacities(s *engine.Snapshot, t *observeThresholds) map[geo.Cell]float64 {
	if t.CellCapacity <= 0 && !t.Ground {
		return nil
	}
	out := map[geo.Cell]float64{}
	for i, cell := range s.Grid.Cells() {
		most, known := t.CellCapacity, t.CellCapacity > 0 || t.Ground
		if t.Ground {
			sum := 0.0
			for n := range s.Sectors {
				c := s.Sectors[n].Limits.Capacity(s.Sectors[n].Space[i], quota.Estimate{})
				known = known && c.Known
				sum += float64(c.Mid)
			}
			most = max(most, sum)
		}
		if known {
			out[cell] = most
		}
	}
	return out
}

// fence holds parking against the city's fences, and names places after their streets.
func (r *replay) fence(f *observeFences, list []city.Fence) {
	if len(list) == 0 {
		r.out.Gaps = append(r.out.Gaps, observe.Gap{Kind: observe.FindFence, Why: "no-fences"})
		return
	}
	zones := make([]geo.Zone, len(list))
	r.streets = make([]string, len(list))
	for i, x := range list {
		zones[i] = geo.Zone{ID: x.ID, Shape: x.Shape}
		r.streets[i] = x.Name
		if f.street != nil {
			r.streets[i] = ""
			if m := f.street.FindStringSubmatch(x.ID); m != nil {
				r.streets[i] = m[1]
			}
		}
	}
	r.fences = geo.NewZones(zones)
	r.ground.Fences, r.ground.Tolerance = r.fences, f.Finding
	r.tally = observe.NewFenceTally(r.fences, f.Tolerances, r.area)
}

// run replays the batches, which are in the order of time. Events are also looked at between their
// batches, while their feed is known: what stands too long is seen though nothing happens.
func (r *replay) run(batches []observe.Batch) {
	for i := range batches {
		r.events = r.events || batches[i].Kind == observe.Events
	}
	for i := range batches {
		b := &batches[i]
		r.between(b.At)
		r.street.Apply(b, b.At)
		if r.tally != nil {
			r.tally.Take(b)
		}
		if r.learned != nil && b.Kind == observe.Events {
			r.learned.Watched(b.At - 1) // a tick's end belongs to the next hour
		}
		r.last = b.At
		if i+1 == len(batches) || batches[i+1].At != b.At {
			r.look(b.At, i+1 == len(batches))
		}
	}
	r.close(batches)
}

// between looks at the street at every tick before the next batch.
func (r *replay) between(next int64) {
	tick, stale := int64(r.file.TickMinutes)*minuteMS, int64(r.file.Thresholds.StaleMinutes)*minuteMS
	if !r.events || r.last == 0 {
		return
	}
	for at := r.last + tick; at < next && at <= r.last+stale; at += tick {
		r.look(at, false)
	}
	if stale > 0 && next > r.last+stale { // nothing was known: what was found has no further end
		r.episodes.Take(nil, r.last+stale)
	}
}

// look keeps what the street says at a time; at the end it is asked about single vehicles too.
func (r *replay) look(at int64, end bool) {
	r.out.At = at
	r.out.count(r.street.Occupancy(r.ground.Method, at))
	var list []observe.Finding
	if end {
		var gaps []observe.Gap
		list, gaps = r.street.Findings(r.ground, at)
		r.out.Findings, r.out.Gaps = list, append(r.out.Gaps, gaps...)
	} else {
		list = r.street.Watch(r.ground, at)
	}
	if worse := r.episodes.Take(list, at); len(worse) > 0 {
		r.name(worse, at)
	}
}

// close adds what is said once, of the whole replay.
func (r *replay) close(batches []observe.Batch) {
	registered := map[[2]string]int{}
	for i := range batches {
		k := [2]string{batches[i].Operator, batches[i].Sector}
		registered[k] = r.file.Registered[k[0]]
	}
	if r.register != nil {
		maps.Copy(registered, r.register.Fleets())
	}
	r.out.Health = r.street.Health(r.out.At, registered)
	r.street.Match(r.out.Health, r.register)
	for _, e := range r.episodes.List() {
		r.out.Episodes = append(r.out.Episodes, *r.places[e])
	}
	if r.tally != nil {
		r.out.Fences = r.tally.Shares()
	}
	operators := map[string]bool{}
	for k := range registered {
		operators[k[0]] = true
	}
	if len(operators) == 1 {
		for name := range operators {
			r.out.Gaps = append(r.out.Gaps, observe.Gap{
				Kind: "comparison", Operator: name, Why: "one-operator",
			})
		}
	}
}

// count adds the occupancy of one time.
func (out *observed) count(list []observe.Count) {
	at := time.UnixMilli(out.At).UTC().Format(time.RFC3339)
	for _, c := range list {
		place := ""
		if c.Cell != 0 {
			place = c.Cell.String()
		}
		out.cells = append(out.cells,
			[]string{at, c.Operator, c.Sector, place, c.State.String(), fmt.Sprint(c.N)})
		last := len(out.Fleets) - 1
		if last < 0 || out.Fleets[last].At != out.At || out.Fleets[last].Operator != c.Operator ||
			out.Fleets[last].Sector != c.Sector {
			out.Fleets = append(out.Fleets, observedFleet{
				At: out.At, Operator: c.Operator,
				Sector: c.Sector,
			})
			last++
		}
		f := &out.Fleets[last]
		f.Vehicles += c.N
		if before := len(out.cells) - 2; c.Cell != 0 && (f.Cells == 0 || before < 0 ||
			out.cells[before][3] != place) {
			f.Cells++
		}
	}
}
