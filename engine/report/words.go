package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/quota/merit"
)

// how returns the text of how an item came to its points: a linear scale, a band, or the rule
// for a missing value.
func how(it *engine.Item) lang.Message {
	kind, rest, _ := strings.Cut(it.How, ":")
	switch kind {
	case "band":
		n, _ := strconv.Atoi(rest)
		return lang.M("score.band", "band", n)
	case "missing":
		return lang.M("score.missing-" + rest)
	}
	return lang.M("score." + kind)
}

// why returns the text of why a value is unknown: a code of the catalogue, or the sheet's own
// words.
func why(it *engine.Item) any {
	if _, known := slices.BinarySearch(lang.IDs(), "score.why-"+it.Why); known && it.Why != "" {
		return lang.M("score.why-" + it.Why)
	}
	if it.Why == "" {
		return lang.M("word.unknown")
	}
	return it.Why
}

// scale returns the text of a rubric's rule, which a plan holds in a short notation: "0 at 5,
// 100 at 1", or bands as "≥ 4: 100; else: 30".
func scale(tag lang.Tag, rule string) string {
	var zero, full float64
	if n, _ := fmt.Sscanf(rule, "0 at %g, 100 at %g", &zero, &full); n == 2 {
		return tag.Text(lang.M("report.scale-linear", "zero", zero, "full", full))
	}
	bands, points, found := strings.Cut(rule, "else: ")
	if !found {
		return rule
	}
	return bands + tag.Text(lang.M("report.scale-else", "points", points))
}

// poolCode returns the code of a pool's text: the only pool is that of all operators.
func poolCode(s *engine.SectorPlan, name string) string {
	if len(s.Pools) == 1 {
		return "all"
	}
	return name
}

// baseCode returns the code of what an operator's weight starts from: in a pool of their own,
// newcomers have no previous quota or use to start from.
func baseCode(s *engine.SectorPlan, o *engine.OperatorPlan) string {
	base := string(s.Settings.Rules.Base)
	if o.Pool == merit.PoolEntrant && base != string(merit.BaseRequest) {
		return string(merit.BaseEqual)
	}
	return base
}

// held returns the code of what holds a cell's total back, with the capacity told apart into the
// limit that binds it: a code of limit., or of hold. for what is no limit of the ground.
func held(c *engine.CellPlan) string {
	if c.Reason != "capacity" {
		return c.Reason
	}
	if c.Enough >= 0 && c.Total >= c.Enough && (c.Capacity == nil || c.Enough < *c.Capacity) {
		return "service"
	}
	return string(c.Binding)
}

// sentence returns a note's text with its place before it, as compilers write it, or with its
// sector where the plan has several.
func sentence(p *engine.Plan, tag lang.Tag, n engine.Note) string {
	text := tag.Text(lang.M(n.ID, n.Args...))
	if s, ok := p.Sector(n.Sector); ok && len(p.Sectors) > 1 {
		name := named(s.Name, tag, s.ID)
		return tag.Text(lang.M("report.of-sector", "sector", name, "text", text))
	}
	place := n.File
	if n.Line > 0 {
		place += ":" + strconv.Itoa(n.Line)
		if n.Column > 0 {
			place += ":" + strconv.Itoa(n.Column)
		}
	}
	if place == "" || strings.HasPrefix(text, place) {
		return text
	}
	return place + ": " + text
}

// label returns the name of an ID in the language, or the ID itself.
func label(p *engine.Plan, tag lang.Tag, id string) string {
	if id == p.City.ID {
		return named(p.City.Name, tag, id)
	}
	if name := p.Labels[id].In(string(tag)); name != "" {
		return name
	}
	return id
}

// named returns a name in the language, or the ID where there is none.
func named(n engine.Name, tag lang.Tag, id string) string {
	if text := n.In(string(tag)); text != "" {
		return text
	}
	return id
}

// short is the part of a plan's ID that people compare.
func short(id string) string { return id[:min(12, len(id))] }
