package city

import (
	"io/fs"
	"math"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// idleKeys are the keys of a layer that only some kinds use.
func idleKeys() []struct {
	key   string
	kinds []string
} {
	return []struct {
		key   string
		kinds []string
	}{
		{"features", []string{districts, fences, zones}},
		{"alias", []string{districts, sidewalk}},
		{"sector_of", []string{rides, availability, occupancy, caps}},
		{"operator_of", []string{rides, occupancy}},
		{"split", []string{rides, occupancy}},
		{"sectors", []string{fences, zones, rides, availability, occupancy, sidewalk, caps}},
		{"counts", []string{rides}},
		{"hours", []string{rides}},
		{"effect", []string{zones}},
		{"limit", []string{zones}},
		{"from", []string{zones}},
		{"until", []string{zones}},
		{"file_time", []string{occupancy}},
		{"min_gap_minutes", []string{occupancy}},
		{"lint", []string{districts, fences, rides, availability, occupancy}},
	}
}

// layer checks one layer by itself.
func (c *checker) layer(path string, l *Layer) {
	c.required(path, "id", "kind", "path")
	c.id(strict.KeyPath(path, "id"), l.ID, plainID)
	c.oneOf(strict.KeyPath(path, "kind"), l.Kind,
		districts, fences, zones, rides, availability, occupancy, sidewalk, caps)
	for _, idle := range idleKeys() {
		if key := strict.KeyPath(path, idle.key); c.at.Has(key) && !slices.Contains(idle.kinds, l.Kind) {
			c.fault(key, "city.idle-key", "key", idle.key, "with", "kind: "+l.Kind)
		}
	}
	c.layerPath(path, l)
	c.layerDatum(path, l)
	c.columns(path, l)
	c.layerNames(path, l)
	c.split(strict.KeyPath(path, "split"), l.Split)
	c.zoneEffect(path, l)
	c.oneOf(strict.KeyPath(path, "counts"), l.Counts, "start", "end")
	c.oneOf(strict.KeyPath(path, "lint"), l.Lint, "error", "warn")
	c.number(strict.KeyPath(path, "reject_limit"), l.Rejects, "share")
	c.number(strict.KeyPath(path, "min_gap_minutes"), l.MinGap, "count")
	if l.MinGap > 0 && !l.FileTime {
		c.fault(strict.KeyPath(path, "min_gap_minutes"), "city.needs-key", "key", "min_gap_minutes",
			"other", "file_time: true")
	}
	if hours := strict.KeyPath(path, "hours"); c.at.Has(hours) {
		if h := l.Hours; len(h) != 2 || h[0] < 0 || h[0] >= h[1] || h[1] > 24 {
			c.fault(hours, "city.hours")
		}
	}
}

// layerPath checks a layer's paths and its format.
func (c *checker) layerPath(path string, l *Layer) {
	paths := strict.KeyPath(path, "path")
	if c.at.Has(paths) && len(l.Path) == 0 {
		c.fault(paths, "city.empty-list", "key", "path")
	}
	for i, p := range l.Path {
		if !isLocal(p) {
			c.fault(strict.ItemPath(paths, i), "city.path", "got", p)
		}
	}
	format := strict.KeyPath(path, "format")
	c.oneOf(format, l.Format, formatCSV, formatGeo, formatMDS)
	switch {
	case len(l.Path) > 0 && l.Format == "" && !c.at.Has(format):
		c.fault(paths, "city.format", "got", l.Path[0])
	case !l.isShape() && (l.Format == formatGeo || l.Format == formatMDS):
		c.fault(format, "city.table-format", "kind", l.Kind)
	}
	if l.Format == formatCSV && c.at.Has(strict.KeyPath(path, "features")) {
		c.fault(strict.KeyPath(path, "features"), "city.idle-key",
			"key", "features", "with", "format: csv")
	}
}

// isLocal reports whether a path stays inside the folder it is relative to, on every system.
func isLocal(path string) bool {
	return path != "." && fs.ValidPath(path) && !strings.ContainsAny(path, `\:`)
}

// layerDatum checks the CRS: required where there are coordinates.
func (c *checker) layerDatum(path string, l *Layer) {
	crs := strict.KeyPath(path, "crs")
	switch {
	case !c.at.Has(crs) && (l.isShape() || l.isPoint()):
		c.fault(path, "city.needs-crs", "layer", l.ID)
	case c.at.Has(crs) && !l.isShape() && !l.isPoint():
		c.fault(crs, "city.idle-key", "key", "crs", "with", "kind: "+l.Kind)
	case c.at.Has(crs):
		if _, err := geo.ParseDatum(l.CRS); err != nil {
			c.fault(crs, "city.crs", "got", l.CRS)
		}
	}
}

// layerNames checks the sectors and operators that a layer names.
func (c *checker) layerNames(path string, l *Layer) {
	for i, id := range l.Sectors {
		inner := strict.ItemPath(strict.KeyPath(path, "sectors"), i)
		if !c.at.Has(inner) {
			inner = strict.KeyPath(path, "sectors")
		}
		c.known(inner, id, "sectors", c.sectorIDs())
	}
	for _, value := range sortedKeys(l.SectorOf) {
		c.known(strict.KeyPath(strict.KeyPath(path, "sector_of"), value), l.SectorOf[value],
			"sectors", c.sectorIDs())
	}
	for _, value := range sortedKeys(l.OperatorOf) {
		c.known(strict.KeyPath(strict.KeyPath(path, "operator_of"), value), l.OperatorOf[value],
			"operators", c.operatorIDs())
	}
}

// split checks a made-up division among operators.
func (c *checker) split(path string, s *Split) {
	if s == nil {
		return
	}
	c.required(path, "by", "shares")
	sum := 0.0
	for i, part := range s.Shares {
		inner := strict.ItemPath(strict.KeyPath(path, "shares"), i)
		c.required(inner, "operator", "share")
		c.known(strict.KeyPath(inner, "operator"), part.Operator, "operators", c.operatorIDs())
		c.number(strict.KeyPath(inner, "share"), part.Share, "part")
		sum += part.Share
	}
	if c.at.Has(strict.KeyPath(path, "shares")) && !isOne(sum) {
		c.fault(strict.KeyPath(path, "shares"), "city.sum", "key", "shares", "sum", sum)
	}
}

// isOne reports whether a sum of decimal fractions is 1.
func isOne(sum float64) bool { return math.Abs(sum-1) <= 1e-9 }

// zoneEffect checks what the zones of a layer do.
func (c *checker) zoneEffect(path string, l *Layer) {
	if l.Kind != zones {
		return
	}
	c.required(path, "effect")
	c.oneOf(strict.KeyPath(path, "effect"), l.Effect,
		"ban", "limit", "fence", "area", "strict", "spot")
	c.window(path, l)
	limit := strict.KeyPath(path, "limit")
	switch {
	case l.Effect == "limit":
		c.required(path, "limit")
		c.number(limit, float64(l.Limit), "count")
	case c.at.Has(limit):
		c.fault(limit, "city.idle-key", "key", "limit", "with", "effect: "+l.Effect)
	}
}

// layersTogether checks what only the whole list shows.
func (c *checker) layersTogether() {
	if len(c.Layers) == 0 {
		return
	}
	if c.layersOf(districts) == nil {
		c.fault("layers", "city.no-districts")
	}
	for i := range c.Sectors {
		c.demandLayers(strict.ItemPath("sectors", i), &c.Sectors[i])
	}
	if len(c.layersOf(sidewalk)) == 0 {
		return
	}
	for i := range c.Sectors {
		if path := strict.ItemPath("sectors", i); !c.at.Has(strict.KeyPath(path, "sidewalk_share")) {
			c.fault(path, "city.sidewalk-share", "sector", c.Sectors[i].ID)
		}
	}
}

// demandLayers checks that some layer shows the demand that a sector's service model reads.
func (c *checker) demandLayers(path string, s *Sector) {
	kind, id := rides, "city.needs-rides"
	args := []any{"sector", s.ID, "model", s.Service.Model}
	if s.Service.Model == "presence" {
		kind, id, args = occupancy, "city.needs-occupancy", args[:2]
	}
	speaks := func(l *Layer) bool { return slices.Contains(l.sectorIDs(c.File), s.ID) }
	if !slices.ContainsFunc(c.layersOf(kind), speaks) {
		c.fault(strict.KeyPath(path, "service"), id, args...)
	}
}

// compliance checks which layers are held against each other.
func (c *checker) compliance() {
	if c.Compliance == nil {
		return
	}
	c.required("compliance", "layer", "fences", "tolerances_m")
	parked := append(c.layersOf(rides), c.layersOf(occupancy)...)
	c.known("compliance.layer", c.Compliance.Layer, "layers", layerIDs(parked))
	c.known("compliance.fences", c.Compliance.Fences, "layers", layerIDs(c.layersOf(fences)))
	if c.at.Has("compliance.tolerances_m") && len(c.Compliance.Tolerances) == 0 {
		c.fault("compliance.tolerances_m", "city.empty-list", "key", "tolerances_m")
	}
	for i, m := range c.Compliance.Tolerances {
		path := strict.ItemPath("compliance.tolerances_m", i)
		c.number(path, m, "count")
		if i > 0 && m <= c.Compliance.Tolerances[i-1] {
			c.fault(path, "city.ascending", "key", "tolerances_m")
		}
	}
}
