package city

import (
	"slices"

	"github.com/stint-city/stint/engine/rules"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// operator checks a company with its evidence.
func (c *checker) operator(path string, o Operator) {
	c.required(path, "id")
	c.id(strict.KeyPath(path, "id"), o.ID, plainID)
	for i, id := range o.Sectors {
		inner := strict.ItemPath(strict.KeyPath(path, "sectors"), i)
		if !c.at.Has(inner) {
			inner = strict.KeyPath(path, "sectors")
		}
		c.known(inner, id, "sectors", c.sectorIDs())
	}
	c.path(strict.KeyPath(path, "sheet"), o.Sheet)
	sheet, indicators := strict.KeyPath(path, "sheet"), strict.KeyPath(path, "indicators")
	if c.at.Has(sheet) && c.at.Has(indicators) {
		c.fault(sheet, "city.sheet-twice", "operator", o.ID)
	}
	for _, id := range sortedKeys(o.Indicators) {
		c.sheetIndicator(strict.KeyPath(strict.KeyPath(path, "indicators"), id), id)
	}
	for _, key := range []string{"previous", "request"} {
		vehicles := o.Previous
		if key == "request" {
			vehicles = o.Request
		}
		for _, sector := range sortedKeys(vehicles) {
			inner := strict.KeyPath(strict.KeyPath(path, key), sector)
			c.known(inner, sector, "sectors", c.sectorIDs())
			c.number(inner, float64(vehicles[sector]), "count")
		}
	}
}

// sheetIndicator checks that a sheet's indicator is one the rubric reads from sheets.
func (c *checker) sheetIndicator(path, id string) {
	var known []string
	for _, in := range c.Rubric.Indicators {
		known = append(known, in.ID)
		if in.ID == id && in.Source == sourceObserved {
			c.fault(path, "city.observed-in-sheet", "indicator", id)
		}
	}
	c.known(path, id, "indicators", known)
}

// policy checks what the bureau decided.
func (c *checker) policy() {
	c.required("policy", "id", "matrix")
	if len(c.Policy.Rule) < len(c.Sectors) {
		c.required("policy", "operators")
	}
	c.ruleFiles()
	c.id("policy.id", c.Policy.ID, plainID)
	for _, sector := range sortedKeys(c.Policy.Total) {
		path := strict.KeyPath("policy.total", sector)
		total := c.Policy.Total[sector]
		c.known(path, sector, "sectors", c.sectorIDs())
		c.number(strict.KeyPath(path, "max"), float64(value(total.Max)), "count")
		c.number(strict.KeyPath(path, "min_benefit"), total.MinBenefit, "count")
	}
	if c.at.Has("policy.operators") {
		c.operatorRules("policy.operators", c.Policy.Operators)
	}
	c.matrix("policy.matrix", c.Policy.Matrix)
}

// ruleFiles checks which sectors have a written rule, and that a state goes with one.
func (c *checker) ruleFiles() {
	for _, sector := range sortedKeys(c.Policy.Rule) {
		path := strict.KeyPath("policy.rule", sector)
		c.known(path, sector, "sectors", c.sectorIDs())
		if !slices.Contains(rules.Presets(), c.Policy.Rule[sector]) {
			c.path(path, c.Policy.Rule[sector])
		}
	}
	for _, sector := range sortedKeys(c.Policy.State) {
		path := strict.KeyPath("policy.state", sector)
		c.known(path, sector, "sectors", c.sectorIDs())
		c.path(path, c.Policy.State[sector])
		if c.Policy.Rule[sector] == "" {
			c.fault(path, "city.needs-key", "key", "state", "other", "rule")
		}
	}
}

// operatorRules checks the link of score and quota.
func (c *checker) operatorRules(path string, r OperatorRules) {
	c.required(path, "base", "merit_exponent")
	c.oneOf(strict.KeyPath(path, "base"), r.Base, "previous", "equal", "request", "use")
	c.number(strict.KeyPath(path, "merit_exponent"), r.Exponent, "exponent")
	c.oneOf(strict.KeyPath(path, "unknown_score"), r.UnknownScore, "neutral", "zero")
	c.number(strict.KeyPath(path, "min_share"), r.MinShare, "below-one")
	c.number(strict.KeyPath(path, "max_share"), r.MaxShare, "part")
	c.number(strict.KeyPath(path, "step"), r.Step, "part")
	c.number(strict.KeyPath(path, "entrant_pool"), r.EntrantPool, "below-one")
	c.oneOf(strict.KeyPath(path, "pool_unused"), r.PoolUnused, "incumbents", "unallocated")
	c.oneOf(strict.KeyPath(path, "unfilled"), r.Unfilled, "shrink", "error")
	if c.at.Has(strict.KeyPath(path, "max_share")) && r.MinShare > r.MaxShare {
		c.fault(strict.KeyPath(path, "max_share"), "city.share-order",
			"min", r.MinShare, "max", r.MaxShare)
	}
	if r.EntrantPool > 0 {
		c.required(path, "pool_unused")
	} else if unused := strict.KeyPath(path, "pool_unused"); c.at.Has(unused) {
		c.fault(unused, "city.needs-key", "key", "pool_unused", "other", "entrant_pool")
	}
	seen := map[string]bool{}
	for i, bound := range r.Relax {
		inner := strict.ItemPath(strict.KeyPath(path, "relax"), i)
		c.oneOf(inner, bound, "step", "min_share", "max_share")
		if seen[bound] {
			c.fault(inner, "city.repeated-item", "got", bound)
		}
		seen[bound] = true
	}
}

// matrix checks how an operator's total spreads.
func (c *checker) matrix(path string, m Matrix) {
	c.required(path, "claims")
	c.oneOf(strict.KeyPath(path, "claims"), m.Claims, "use", "equal")
	c.number(strict.KeyPath(path, "smoothing"), value(m.Smoothing), "share")
	c.number(strict.KeyPath(path, "local_max_share"), m.LocalMaxShare, "part")
	c.number(strict.KeyPath(path, "churn_tolerance"), m.Churn, "count")
	path = strict.KeyPath(path, "remedies")
	c.remedy(path, "local_share", m.Remedies.LocalShare)
	c.remedy(path, "operator_fewer", m.Remedies.OperatorFewer)
	c.remedy(path, "operator_more", m.Remedies.OperatorMore)
	c.remedy(path, "cell_fewer", m.Remedies.CellFewer)
	c.remedy(path, "cell_more", m.Remedies.CellMore)
}

// remedy checks the price of a remedy: points without their fractions.
func (c *checker) remedy(path, key string, price *int) {
	c.number(strict.KeyPath(path, key), float64(value(price)), "points")
}

// limits checks the caps and floors as far as the file alone tells.
func (c *checker) limits() {
	c.bounds("limits.districts", c.Limits.Districts)
	c.bounds("limits.areas", c.Limits.Areas)
	c.bounds("limits.cells", c.Limits.Cells)
	for i, b := range c.Limits.Cells {
		path := strict.KeyPath(strict.ItemPath("limits.cells", i), "id")
		if !c.at.Has(path) {
			continue
		}
		cell, err := geo.ParseCell(b.ID)
		switch {
		case err != nil:
			c.fault(path, "city.cell", "got", b.ID)
		case cell.Resolution() != c.Resolution:
			c.fault(path, "city.cell-resolution", "cell", b.ID, "got", cell.Resolution(),
				"want", c.Resolution)
		}
	}
}

// bounds checks a list of caps and floors.
func (c *checker) bounds(path string, list []Bounds) {
	first := map[[2]string]int{}
	for i, b := range list {
		inner := strict.ItemPath(path, i)
		c.required(inner, "id")
		if len(c.Sectors) > 1 {
			c.required(inner, "sector")
		}
		c.known(strict.KeyPath(inner, "sector"), b.Sector, "sectors", c.sectorIDs())
		c.number(strict.KeyPath(inner, "floor"), float64(b.Floor), "count")
		c.number(strict.KeyPath(inner, "cap"), float64(value(b.Cap)), "count")
		if b.Cap != nil && *b.Cap < b.Floor {
			c.fault(strict.KeyPath(inner, "cap"), "city.cap-below-floor", "id", b.ID, "cap", *b.Cap,
				"floor", b.Floor, "short", b.Floor-*b.Cap)
		}
		key := [2]string{b.ID, b.Sector}
		if j, twice := first[key]; twice && b.ID != "" {
			c.fault(inner, "city.repeated-id", "id", b.ID, "list", path,
				"first", c.at.Of(strict.ItemPath(path, j)).Line)
			continue
		}
		first[key] = i
	}
}
