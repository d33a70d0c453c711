package city

import (
	"errors"
	"math"
	"slices"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/scoring"
)

// The indicators that stint measures from the layers.
const (
	inFenceShare    = "in_fence_share"
	bannedZoneShare = "banned_zone_share"
	outsideShare    = "outside_share"
	disabledShare   = "disabled_share"
	tripsPerVehicle = "trips_per_vehicle"
	sourceObserved  = "observed"
	sourceSheet     = "sheet"
	directionHigher = "higher"
	directionLower  = "lower"
)

// scoringRubric returns the rubric as scoring reads it.
func (r *Rubric) scoringRubric() scoring.Rubric {
	out := scoring.Rubric{ID: r.ID, Pass: math.NaN()}
	if r.Pass != nil {
		out.Pass = *r.Pass
	}
	for _, in := range r.Indicators {
		d := scoring.Indicator{
			ID: in.ID, Unit: in.Unit, Higher: in.Direction == directionHigher,
			Weight: in.Weight, Missing: scoring.Missing(in.Missing),
		}
		if in.Linear != nil {
			d.Linear = &scoring.Linear{Zero: in.Linear.Zero, Full: in.Linear.Full}
		}
		for _, b := range in.Bands {
			d.Bands = append(d.Bands, b.scoringBand())
		}
		out.Indicators = append(out.Indicators, d)
	}
	return out
}

// scoringBand returns the band with the first of its conditions.
func (b Band) scoringBand() scoring.Band {
	for _, side := range []struct {
		op    string
		value *float64
	}{
		{scoring.OpAtLeast, b.GTE},
		{scoring.OpAbove, b.GT},
		{scoring.OpAtMost, b.LTE},
		{scoring.OpBelow, b.LT},
	} {
		if side.value != nil {
			return scoring.Band{Op: side.op, Value: *side.value, Points: b.Points}
		}
	}
	return scoring.Band{Op: scoring.OpElse, Points: b.Points}
}

// conditions counts the conditions of a band; it should have one.
func (b Band) conditions() int {
	n := 0
	for _, set := range []bool{b.GTE != nil, b.GT != nil, b.LTE != nil, b.LT != nil, b.Else} {
		if set {
			n++
		}
	}
	return n
}

// rubric checks how operators are scored: first what this file adds, then scoring's own check.
func (c *checker) rubric() {
	if c.Rubric.Table != "" {
		c.table()
		return
	}
	c.required("rubric", "id", "indicators")
	c.id("rubric.id", c.Rubric.ID, plainID)
	if c.at.Has("rubric.sheets") {
		c.fault("rubric.sheets", "city.needs-key", "key", "sheets", "other", "table")
	}
	c.number("rubric.pass", value(c.Rubric.Pass), "points")
	c.unique("rubric.indicators", len(c.Rubric.Indicators),
		func(i int) string { return c.Rubric.Indicators[i].ID })
	before := len(c.faults)
	for i, in := range c.Rubric.Indicators {
		c.indicator(strict.ItemPath("rubric.indicators", i), in)
	}
	if len(c.faults) > before || !c.at.Has("rubric.indicators") {
		return
	}
	var fault *scoring.RubricError
	if errors.As(c.Rubric.scoringRubric().Check(), &fault) {
		c.rubricFault(fault)
	}
}

// indicator checks one row of the rubric as far as it stands alone.
func (c *checker) indicator(path string, in Indicator) {
	c.required(path, "id", "direction", "weight", "missing")
	c.id(strict.KeyPath(path, "id"), in.ID, plainID)
	c.oneOf(strict.KeyPath(path, "direction"), in.Direction, directionHigher, directionLower)
	c.oneOf(strict.KeyPath(path, "missing"), in.Missing, "unknown", "worst", "mean", "exclude")
	c.oneOf(strict.KeyPath(path, "source"), in.Source, sourceSheet, sourceObserved)
	c.number(strict.KeyPath(path, "weight"), in.Weight, "share")
	if in.Source == sourceObserved {
		c.oneOf(strict.KeyPath(path, "id"), in.ID, inFenceShare, bannedZoneShare, outsideShare,
			disabledShare, tripsPerVehicle)
	}
	tolerance := strict.KeyPath(path, "tolerance_m")
	c.number(tolerance, in.Tolerance, "count")
	if c.at.Has(tolerance) && (in.ID != inFenceShare || in.Source != sourceObserved) {
		c.fault(tolerance, "city.idle-key", "key", "tolerance_m", "with", "id: "+in.ID)
	}
	if in.Linear != nil {
		c.required(strict.KeyPath(path, "linear"), "zero", "full")
	}
	for i, b := range in.Bands {
		inner := strict.ItemPath(strict.KeyPath(path, "bands"), i)
		c.required(inner, "points")
		if b.conditions() != 1 {
			c.fault(inner, "city.band-condition")
		}
	}
}

// rubricFault notes what scoring found, at the indicator or band it names.
func (c *checker) rubricFault(fault *scoring.RubricError) {
	path := "rubric.indicators"
	i := slices.IndexFunc(c.Rubric.Indicators,
		func(in Indicator) bool { return in.ID == fault.Indicator })
	if i >= 0 {
		path = strict.ItemPath(path, i)
	}
	switch {
	case fault.Band > 0:
		path = strict.ItemPath(strict.KeyPath(path, "bands"), fault.Band-1)
	case fault.Code == scoring.FaultDirection || fault.Code == scoring.FaultLinear:
		path = strict.KeyPath(path, "linear")
	}
	if math.IsNaN(fault.Got) {
		c.fault(path, "city.rubric", "code", fault.Code)
		return
	}
	c.fault(path, "city.rubric-number", "code", fault.Code, "got", fault.Got)
}

// value returns what p points to, 0 for nothing.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
