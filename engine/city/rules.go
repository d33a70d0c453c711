package city

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// gathered holds the zones that placements are held to.
type gathered struct {
	*reading
	zones []engine.Zone
	taken map[string]bool // IDs
}

// placementZones returns the zones that placements are held to: those of effect ban, limit, strict
// and spot; all that lies outside the zones of effect fence, as a ban; and, where some zone is
// strict, every parking fence as a spot.
func (r *reading) placementZones() ([]engine.Zone, error) {
	out := gathered{reading: r, taken: map[string]bool{}}
	strict := false
	for _, l := range r.zones {
		switch l.layer.Effect {
		case "ban":
			out.layer(l, engine.ZoneBan)
		case "limit":
			out.limits(l)
		case "strict":
			strict = true
			out.layer(l, engine.ZoneStrict)
		case "spot":
			out.layer(l, engine.ZoneSpot)
		}
	}
	if strict {
		for _, l := range r.fences {
			out.layer(l, engine.ZoneSpot)
		}
	}
	for sector := range r.file.Sectors {
		if err := out.outside(sector); err != nil {
			return nil, err
		}
	}
	return out.zones, nil
}

// layer adds the shapes of a layer as zones of a kind.
func (r *gathered) layer(l shapeLayer, kind engine.ZoneKind) {
	for _, s := range l.shapes {
		r.add(l.layer, s, engine.Zone{ID: s.id, Kind: kind, Sectors: l.layer.Sectors})
	}
}

// limits adds the shapes of a layer of effect limit, for each sector with its part of the limit.
func (r *gathered) limits(l shapeLayer) {
	for _, s := range l.shapes {
		for i := range r.file.Sectors {
			if !r.speaksOf(l.layer, i) {
				continue
			}
			z := engine.Zone{ID: s.id, Kind: engine.ZoneLimit, Limit: r.partOf(l.layer, i)}
			if len(r.file.Sectors) > 1 {
				z.ID += "/" + r.file.Sectors[i].ID
				z.Sectors = []string{r.file.Sectors[i].ID}
			}
			r.add(l.layer, s, z)
		}
	}
}

// add adds a zone of a layer's shape under an ID of its own. A shape too fine for seven decimals
// is left out and noted.
func (r *gathered) add(l *Layer, s shape, z engine.Zone) {
	z.Name, z.Shape = s.name, s.area.Map(rounded)
	if z.Shape.Check() != nil {
		r.warn(s.file, s.at, "city.zone-fine", "layer", l.ID, "id", s.id)
		return
	}
	z.From, _ = moment(l.From, r.zone)
	z.Until, _ = moment(l.Until, r.zone)
	z.From, z.Until = utc(z.From), utc(z.Until)
	z.ID = r.unused(l.ID + "/" + z.ID)
	r.zones = append(r.zones, z)
}

// unused returns an ID as zones may have it, with a number where it is taken.
func (r *gathered) unused(id string) string {
	const most = 90 // runes, of 100 that a zone's ID may have
	id = strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || strings.ContainsRune(",|:", c) {
			return '_'
		}
		return c
	}, strings.ToValidUTF8(id, "_"))
	if all := []rune(id); len(all) > most {
		id = string(all[:most])
	}
	free := id
	for n := 2; r.taken[free]; n++ {
		free = id + "-" + strconv.Itoa(n)
	}
	r.taken[free] = true
	return free
}

// outside adds as a ban what no zone of effect fence covers, where some speak of the sector.
func (r *gathered) outside(sector int) error {
	open := r.shapesFor(r.zonesOf("fence"), sector)
	if open == nil {
		return nil
	}
	list := make([]geo.MultiPolygon, len(r.borders))
	for i, b := range r.borders {
		list[i] = b.Shape
	}
	city, err := geo.Union(list)
	if err != nil {
		return r.geometryFault(r.borders[0].layer, err)
	}
	fenced, err := geo.Union(open)
	if err != nil {
		return r.geometryFault(r.borders[0].layer, err)
	}
	rest, err := geo.Subtract(city, fenced)
	if err != nil {
		return r.geometryFault(r.borders[0].layer, err)
	}
	for i, polygon := range rest { // one by one, so that a sliver of a border doesn't end the rest
		area := geo.MultiPolygon{polygon}.Map(rounded)
		if area.Check() != nil {
			continue
		}
		id := r.file.Sectors[sector].ID
		r.zones = append(r.zones, engine.Zone{
			ID: r.unused("outside-fences/" + id + "/" + strconv.Itoa(i+1)), Kind: engine.ZoneBan,
			Sectors: []string{id}, Shape: area,
		})
	}
	return nil
}

// rounded returns a point to the seven decimals that zones are written with.
func rounded(p geo.LatLng) geo.LatLng {
	const decimals = 1e7
	return geo.LatLng{
		Lat: math.Round(p.Lat*decimals) / decimals, Lng: math.Round(p.Lng*decimals) / decimals,
	}
}

// utc returns a time in UTC, the zero time as it is.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

// always reports whether the layer's zones hold without a time.
func (l *Layer) always() bool { return l.From == "" && l.Until == "" }

// window checks when a layer's zones hold.
func (c *checker) window(path string, l *Layer) {
	zone, err := location(c.TimeZone)
	if err != nil {
		return // told already
	}
	var at [2]time.Time
	for i, key := range []string{"from", "until"} {
		if !c.at.Has(strict.KeyPath(path, key)) {
			continue
		}
		var ok bool
		if at[i], ok = moment([]string{l.From, l.Until}[i], zone); !ok {
			c.fault(strict.KeyPath(path, key), "city.moment",
				"key", key, "got", []string{l.From, l.Until}[i])
		}
	}
	if !at[0].IsZero() && !at[1].IsZero() && !at[0].Before(at[1]) {
		c.fault(strict.KeyPath(path, "until"), "city.window", "from", l.From, "until", l.Until)
	}
	if !l.always() && !slices.Contains([]string{"ban", "limit", "strict", "spot", ""}, l.Effect) {
		key := "until"
		if l.From != "" {
			key = "from"
		}
		c.fault(strict.KeyPath(path, key), "city.idle-key", "key", key, "with", "effect: "+l.Effect)
	}
}
