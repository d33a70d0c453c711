package rubric

import (
	"fmt"
	"slices"
	"strings"
)

func (c *checker) tables() {
	if len(c.Tables) == 0 {
		c.add("tables", "tables-none")
	}
	seen := make(map[string]string)
	for i := range c.Tables {
		t, path := &c.Tables[i], fmt.Sprintf("tables[%d]", i)
		if first, twice := seen[t.Class]; twice {
			c.add(path+".class", "class-twice", "class", t.Class, "first", first)
		} else {
			seen[t.Class] = path + ".class"
		}
		c.table(path, t)
	}
}

func (c *checker) table(path string, t *Table) {
	c.positive(path+".scale", t.Scale)
	if sum := t.full(func(*Indicator) bool { return true }); sum.Cmp(t.Scale) != 0 {
		c.add(path+".scale", "scale-sum", "scale", t.Scale, "sum", sum)
	}
	c.negative(path+".bonus", t.Bonus)
	c.negative(path+".deduct", t.Deduct)
	categories := make(map[string]string)
	for i, g := range t.Categories {
		at := fmt.Sprintf("%s.categories[%d]", path, i)
		c.name(at+".id", g.ID, categories)
		sum := t.full(func(d *Indicator) bool { return d.Category == g.ID })
		if g.Max != nil && sum.Cmp(*g.Max) != 0 {
			c.add(at+".max", "category-sum", "category", g.ID, "max", *g.Max, "sum", sum)
		}
	}
	seen := make(map[string]string)
	for i := range t.Indicators {
		d, at := &t.Indicators[i], fmt.Sprintf("%s.indicators[%d]", path, i)
		c.name(at+".id", d.ID, seen)
		if _, known := categories[d.Category]; d.Category != "" && !known {
			c.add(at+".category", "category-unknown", "category", d.Category)
		}
		c.markers(at, d)
		c.positive(at+".max", d.Max)
		c.optional(at+".kind", d.Kind, kindMark, kindBonus, kindDeduction)
		c.scale(at, d)
		c.ratio(at, t, d)
		c.bands(at, d)
		c.linear(at, d)
		c.events(at, d)
		c.word(at+".missing", d.Missing, missingUnknown, missingWorst, missingMean, missingExclude)
	}
}

// markers refuses assessors that the rubric doesn't have, and one named twice.
func (c *checker) markers(path string, d *Indicator) {
	seen := make(map[string]string)
	for i, id := range d.Assessors {
		at := fmt.Sprintf("%s.assessors[%d]", path, i)
		c.name(at, id, seen)
		known := slices.ContainsFunc(c.Assessors, func(a Assessor) bool { return a.ID == id })
		if id != "" && !known {
			c.add(at, "assessor-unknown", "assessor", id)
		}
	}
}

// scale wants exactly one way from a value to points, and a direction where values have one.
func (c *checker) scale(path string, d *Indicator) {
	var kinds []string
	for _, k := range []struct {
		name  string
		given bool
	}{
		{"bands", len(d.Bands) > 0},
		{"linear", d.Linear != nil},
		{"events", d.Events != nil},
		{"given", d.Given},
	} {
		if k.given {
			kinds = append(kinds, k.name)
		}
	}
	if len(kinds) != 1 {
		c.add(path, "scale-kinds", "got", strings.Join(kinds, ", "))
	}
	if len(d.Bands) > 0 || d.Linear != nil {
		c.word(path+".direction", d.Direction, higher, lower)
	} else {
		c.optional(path+".direction", d.Direction, higher, lower)
	}
}

func (c *checker) ratio(path string, t *Table, d *Indicator) {
	if d.Ratio == nil {
		return
	}
	path += ".ratio"
	if len(d.Bands) == 0 && d.Linear == nil {
		c.add(path, "ratio-scale", "indicator", d.ID)
	}
	for _, f := range [][2]string{{".of", d.Ratio.Of}, {".over", d.Ratio.Over}} {
		c.name(path+f[0], f[1], nil)
		for i := range t.Indicators {
			if other := &t.Indicators[i]; f[1] != "" && other.Ratio != nil && other.ID == f[1] {
				c.add(path+f[0], "figure-ratio", "figure", f[1])
			}
		}
	}
}

// better reports whether more points go with larger values: for a mark or a bonus where higher
// values are better, for a deduction where lower ones are, since its points are taken off.
func (d *Indicator) better() bool {
	return (d.Direction == higher) != (d.kind() == kindDeduction)
}

func (c *checker) linear(path string, d *Indicator) {
	if d.Linear == nil {
		return
	}
	up := d.Linear.Full.Cmp(d.Linear.Zero)
	switch {
	case up == 0:
		c.add(path+".linear", "linear-flat", "value", d.Linear.Zero)
	case d.Direction != "" && (up > 0) != d.better():
		c.add(path+".linear", "linear-direction", "direction", d.Direction, "zero", d.Linear.Zero,
			"full", d.Linear.Full)
	}
}

func (c *checker) events(path string, d *Indicator) {
	if d.Events == nil {
		return
	}
	path += ".events"
	c.positive(path+".points", d.Events.Points)
	if d.Events.Per.Sign() < 0 {
		c.add(path+".per", "not-positive", "got", d.Events.Per)
	}
	c.negative(path+".free", &d.Events.Free)
}
