package city

import "github.com/stint-city/stint/geo"

// operator checks a company with its evidence.
func (c *checker) operator(path string, o Operator) {
	c.required(path, "id")
	c.id(keyPath(path, "id"), o.ID, plainID)
	for i, id := range o.Sectors {
		inner := itemPath(keyPath(path, "sectors"), i)
		if !c.at.has(inner) {
			inner = keyPath(path, "sectors")
		}
		c.known(inner, id, "sectors", c.sectorIDs())
	}
	c.path(keyPath(path, "sheet"), o.Sheet)
	if sheet := keyPath(path, "sheet"); c.at.has(sheet) && c.at.has(keyPath(path, "indicators")) {
		c.fault(sheet, "city.sheet-twice", "operator", o.ID)
	}
	for _, id := range sortedKeys(o.Indicators) {
		c.sheetIndicator(keyPath(keyPath(path, "indicators"), id), id)
	}
	for _, key := range []string{"previous", "request"} {
		vehicles := o.Previous
		if key == "request" {
			vehicles = o.Request
		}
		for _, sector := range sortedKeys(vehicles) {
			inner := keyPath(keyPath(path, key), sector)
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
	c.required("policy", "id", "operators", "matrix")
	c.id("policy.id", c.Policy.ID, plainID)
	for _, sector := range sortedKeys(c.Policy.Total) {
		path := keyPath("policy.total", sector)
		total := c.Policy.Total[sector]
		c.known(path, sector, "sectors", c.sectorIDs())
		c.number(keyPath(path, "max"), float64(value(total.Max)), "count")
		c.number(keyPath(path, "min_benefit"), total.MinBenefit, "count")
	}
	c.operatorRules("policy.operators", c.Policy.Operators)
	c.matrix("policy.matrix", c.Policy.Matrix)
}

// operatorRules checks the link of score and quota.
func (c *checker) operatorRules(path string, r OperatorRules) {
	c.required(path, "base", "merit_exponent")
	c.oneOf(keyPath(path, "base"), r.Base, "previous", "equal", "request", "use")
	c.number(keyPath(path, "merit_exponent"), r.Exponent, "exponent")
	c.oneOf(keyPath(path, "unknown_score"), r.UnknownScore, "neutral", "zero")
	c.number(keyPath(path, "min_share"), r.MinShare, "below-one")
	c.number(keyPath(path, "max_share"), r.MaxShare, "part")
	c.number(keyPath(path, "step"), r.Step, "part")
	c.number(keyPath(path, "entrant_pool"), r.EntrantPool, "below-one")
	c.oneOf(keyPath(path, "pool_unused"), r.PoolUnused, "incumbents", "unallocated")
	c.oneOf(keyPath(path, "unfilled"), r.Unfilled, "shrink", "error")
	if c.at.has(keyPath(path, "max_share")) && r.MinShare > r.MaxShare {
		c.fault(keyPath(path, "max_share"), "city.share-order", "min", r.MinShare, "max", r.MaxShare)
	}
	if r.EntrantPool > 0 {
		c.required(path, "pool_unused")
	} else if unused := keyPath(path, "pool_unused"); c.at.has(unused) {
		c.fault(unused, "city.needs-key", "key", "pool_unused", "other", "entrant_pool")
	}
	seen := map[string]bool{}
	for i, bound := range r.Relax {
		inner := itemPath(keyPath(path, "relax"), i)
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
	c.oneOf(keyPath(path, "claims"), m.Claims, "use", "equal")
	c.number(keyPath(path, "smoothing"), value(m.Smoothing), "share")
	c.number(keyPath(path, "local_max_share"), m.LocalMaxShare, "part")
	c.number(keyPath(path, "churn_tolerance"), m.Churn, "count")
}

// limits checks the caps and floors as far as the file alone tells.
func (c *checker) limits() {
	c.bounds("limits.districts", c.Limits.Districts)
	c.bounds("limits.areas", c.Limits.Areas)
	c.bounds("limits.cells", c.Limits.Cells)
	for i, b := range c.Limits.Cells {
		path := keyPath(itemPath("limits.cells", i), "id")
		if !c.at.has(path) {
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
		inner := itemPath(path, i)
		c.required(inner, "id")
		if len(c.Sectors) > 1 {
			c.required(inner, "sector")
		}
		c.known(keyPath(inner, "sector"), b.Sector, "sectors", c.sectorIDs())
		c.number(keyPath(inner, "floor"), float64(b.Floor), "count")
		c.number(keyPath(inner, "cap"), float64(value(b.Cap)), "count")
		if b.Cap != nil && *b.Cap < b.Floor {
			c.fault(keyPath(inner, "cap"), "city.cap-below-floor", "id", b.ID, "cap", *b.Cap,
				"floor", b.Floor, "short", b.Floor-*b.Cap)
		}
		key := [2]string{b.ID, b.Sector}
		if j, twice := first[key]; twice && b.ID != "" {
			c.fault(inner, "city.repeated-id", "id", b.ID, "list", path,
				"first", c.at.of(itemPath(path, j)).line)
			continue
		}
		first[key] = i
	}
}
