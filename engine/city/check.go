package city

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata"

	// a bare machine has no time zones

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
)

// checker collects what is wrong with the values of a file.
type checker struct {
	*File
	faults []*strict.Fault
}

// check returns the fault that stands first in the file, or nil.
func (f *File) check() error {
	c := checker{File: f}
	c.city()
	for i := range f.Sectors {
		c.sector(strict.ItemPath("sectors", i), f.Sectors[i])
	}
	for i := range f.Layers {
		c.layer(strict.ItemPath("layers", i), &f.Layers[i])
	}
	c.layersTogether()
	c.compliance()
	for i := range f.Operators {
		c.operator(strict.ItemPath("operators", i), f.Operators[i])
	}
	c.rubric()
	c.policy()
	c.limits()
	if len(c.faults) == 0 {
		return nil
	}
	return slices.MinFunc(c.faults, func(a, b *strict.Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
}

// city checks the keys at the top.
func (c *checker) city() {
	c.required("", "schema", "id", "name", "time_zone", "resolution",
		"sectors", "layers", "operators", "rubric", "policy")
	if c.at.Has("schema") && c.Schema != FileSchema {
		c.fault("schema", "city.schema-version", "got", c.Schema, "want", FileSchema)
	}
	c.id("id", c.ID, cityID)
	c.named("name", c.Name)
	if c.at.Has("time_zone") {
		if _, err := location(c.TimeZone); err != nil {
			c.fault("time_zone", "city.time-zone", "got", c.TimeZone)
		}
	}
	if c.at.Has("resolution") && (c.Resolution < 7 || c.Resolution > 10) {
		c.fault("resolution", "city.resolution", "got", c.Resolution)
	}
	for _, list := range []struct {
		key string
		n   int
	}{
		{"sectors", len(c.Sectors)},
		{"layers", len(c.Layers)},
		{"operators", len(c.Operators)},
	} {
		if c.at.Has(list.key) && list.n == 0 {
			c.fault(list.key, "city.empty-list", "key", list.key)
		}
	}
	c.unique("sectors", len(c.Sectors), func(i int) string { return c.Sectors[i].ID })
	c.unique("layers", len(c.Layers), func(i int) string { return c.Layers[i].ID })
	c.unique("operators", len(c.Operators), func(i int) string { return c.Operators[i].ID })
	c.path("quotas", c.Quotas)
}

// sector checks one kind of vehicle.
func (c *checker) sector(path string, s Sector) {
	c.required(path, "id", "footprint_m2", "usable_share", "service")
	c.id(strict.KeyPath(path, "id"), s.ID, plainID)
	c.number(strict.KeyPath(path, "footprint_m2"), s.Footprint, "positive")
	c.span(strict.KeyPath(path, "usable_share"), s.UsableShare)
	c.number(strict.KeyPath(path, "space_share"), s.SpaceShare, "part")
	c.span(strict.KeyPath(path, "sidewalk_share"), s.SidewalkShare)
	c.number(strict.KeyPath(path, "density_per_km2"), s.Density, "positive")
	c.number(strict.KeyPath(path, "prior_hours"), s.PriorHours, "positive")
	if t := s.Turnover; t != nil {
		inner := strict.KeyPath(path, "turnover")
		c.required(inner, "target")
		c.number(strict.KeyPath(inner, "target"), t.Target, "positive")
		c.number(strict.KeyPath(inner, "usable"), t.Usable, "part")
	}
	if d := s.DailyFactor; d != nil {
		inner := strict.KeyPath(path, "daily_factor")
		c.required(inner, "value", "reason")
		c.number(strict.KeyPath(inner, "value"), d.Value, "factor")
		c.named(strict.KeyPath(inner, "reason"), d.Reason)
	}
	c.service(strict.KeyPath(path, "service"), s.Service)
}

// service checks that the model has what it needs and nothing it doesn't use.
func (c *checker) service(path string, s Service) {
	if !c.at.Has(path) {
		return
	}
	c.required(path, "model")
	c.oneOf(strict.KeyPath(path, "model"), s.Model, "erlang", "newsvendor", "presence")
	cycle, parts := strict.KeyPath(path, "cycle_hours"), strict.KeyPath(path, "day_parts")
	c.number(cycle, s.CycleHours, "positive")
	c.number(strict.KeyPath(path, "level"), s.Level, "part")
	switch {
	case s.Model == "erlang" && !c.at.Has(cycle):
		c.required(path, "cycle_hours")
	case s.Model != "erlang" && c.at.Has(cycle):
		c.fault(cycle, "city.idle-key", "key", "cycle_hours", "with", "model: "+s.Model)
	}
	if s.Model != "newsvendor" && c.at.Has(parts) {
		c.fault(parts, "city.idle-key", "key", "day_parts", "with", "model: "+s.Model)
	}
	for i, hour := range s.DayParts {
		if hour < 0 || hour > 23 || (i > 0 && hour <= s.DayParts[i-1]) {
			c.fault(strict.ItemPath(parts, i), "city.day-parts", "got", hour)
		}
	}
}

// fault notes what is wrong at a path.
func (c *checker) fault(path, id string, args ...any) {
	c.faults = append(c.faults, strict.FaultAt(c.name, c.at.Of(path), id, args...))
}

// required notes each key that isn't written in the mapping at path.
func (c *checker) required(path string, keys ...string) {
	if path != "" && !c.at.Has(path) {
		return // the mapping itself is what is missing
	}
	for _, key := range keys {
		if !c.at.Has(strict.KeyPath(path, key)) {
			c.fault(path, "city.required", "key", key)
		}
	}
}

// number checks a number that is written at path.
func (c *checker) number(path string, v float64, must string) {
	if c.at.Has(path) && !holds(must, v) {
		c.fault(path, "city.number", "key", strict.LastKey(path), "got", v, "must", must)
	}
}

// holds reports whether v is what must says. Its codes are the catalogue's city.must texts.
func holds(must string, v float64) bool {
	switch must {
	case "positive":
		return v > 0 && !math.IsInf(v, 0)
	case "count":
		return v >= 0 && !math.IsInf(v, 0)
	case "factor":
		return v >= 1 && !math.IsInf(v, 0)
	case "share":
		return v >= 0 && v <= 1
	case "part":
		return v > 0 && v <= 1
	case "below-one":
		return v >= 0 && v < 1
	case "points":
		return v >= 0 && v <= 100
	case "exponent": // merit.Rules takes no more
		return v >= 0 && v <= 10
	default:
		panic("city: no such bound: " + must)
	}
}

// span checks a share with its low and high estimate.
func (c *checker) span(path string, r Range) {
	if !c.at.Has(path) {
		return
	}
	if c.at.Has(strict.KeyPath(path, "mid")) || c.at.Has(strict.KeyPath(path, "low")) {
		c.required(path, "low", "mid", "high")
	}
	for _, v := range []float64{r.Low, r.Mid, r.High} {
		if !holds("share", v) {
			c.fault(path, "city.number", "key", strict.LastKey(path), "got", v, "must", "share")
			return
		}
	}
	if r.Low > r.Mid || r.Mid > r.High {
		c.fault(path, "city.range-order", "low", r.Low, "mid", r.Mid, "high", r.High)
	}
}

// oneOf checks a word that is written at path.
func (c *checker) oneOf(path, got string, words ...string) {
	if c.at.Has(path) && !slices.Contains(words, got) {
		c.fault(path, "city.one-of", "key", strict.LastKey(path), "got", got, "words", words)
	}
}

// idForm is how an ID is spelled.
type idForm string

const (
	cityID  idForm = `^[a-z0-9]+(-[a-z0-9]+)*$`
	plainID idForm = `^[a-z0-9]+([-_][a-z0-9]+)*$`
)

func (c *checker) id(path, got string, form idForm) {
	if c.at.Has(path) && !regexp.MustCompile(string(form)).MatchString(got) {
		c.fault(path, "city.id", "got", got)
	}
}

// named checks that a text that is written has one language at least.
func (c *checker) named(path string, n engine.Name) {
	if c.at.Has(path) && strings.TrimSpace(n.En+n.Zh) == "" {
		c.fault(path, "city.no-text", "key", strict.LastKey(path))
	}
}

// unique notes every item of a list whose ID an earlier one has.
func (c *checker) unique(path string, n int, id func(int) string) {
	first := map[string]int{}
	for i := range n {
		inner := strict.KeyPath(strict.ItemPath(path, i), "id")
		if j, twice := first[id(i)]; twice && c.at.Has(inner) {
			line := c.at.Of(strict.KeyPath(strict.ItemPath(path, j), "id")).Line
			c.fault(inner, "city.repeated-id", "id", id(i), "list", path, "first", line)
			continue
		}
		first[id(i)] = i
	}
}

// known checks that a word that is written names something of the file.
func (c *checker) known(path, got, what string, ids []string) {
	if !c.at.Has(path) || slices.Contains(ids, got) {
		return
	}
	c.fault(path, "city.unknown-name", "got", got, "what", what, "known", ids)
}

// path checks a path that is written: it stays inside the data folder.
func (c *checker) path(key, got string) {
	if c.at.Has(key) && !isLocal(got) {
		c.fault(key, "city.path", "got", got)
	}
}

// location returns a time zone of the IANA list. The machine's own zone is none: a plan must not
// depend on where it is made.
func location(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, strict.ErrInput
	}
	return time.LoadLocation(name)
}
