package report

import (
	"strings"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/quota"
)

// pair is a setting with its value, as the page lists them.
type pair struct{ Name, Value string }

// pairs gathers the settings of a sector that play a part in it.
type pairs struct {
	tag  lang.Tag
	list []pair
}

// add adds a setting; args belong to the name.
func (p *pairs) add(id, value string, args ...any) {
	p.list = append(p.list, pair{p.tag.Text(lang.M("report.set-"+id, args...)), value})
}

// number adds a setting that is a number, unless it is 0 and so not set.
func (p *pairs) number(id string, x float64) {
	if x != 0 {
		p.add(id, p.tag.Text(lang.M("report.value", "x", x)))
	}
}

// spread adds a setting with a low, a middle and a high reading, unless it is not set.
func (p *pairs) spread(id string, r quota.Range) {
	if r == (quota.Range{}) {
		return
	}
	var texts []string
	for _, x := range []float64{r.Low, r.Mid, r.High} {
		texts = append(texts, p.tag.Text(lang.M("report.value", "x", x)))
	}
	p.add(id, strings.Join(texts, " / "))
}

// word adds a setting that is a code of a theme.
func (p *pairs) word(id, theme, code string) {
	p.add(id, p.tag.Text(lang.M("report."+theme, "code", code)))
}

// newPairs lists the settings of a sector.
func newPairs(plan *engine.Plan, tag lang.Tag, s *engine.SectorPlan) []pair {
	p := &pairs{tag: tag}
	p.ground(s)
	p.demand(s)
	p.operators(s)
	p.add("seed", tag.Text(lang.M("report.code", "n", plan.City.TieSeed)))
	return p.list
}

// ground lists what the capacity rests on.
func (p *pairs) ground(s *engine.SectorPlan) {
	l := s.Settings.Limits
	p.number("footprint", l.Footprint)
	p.spread("usable", l.Usable)
	p.number("space-share", l.SpaceShare)
	p.spread("sidewalk", l.SpaceUsable)
	p.number("turnover", l.Turnover)
	if l.Turnover > 0 {
		p.number("available", l.Available)
	}
	p.number("density", l.Density)
}

// demand lists what the demand, the benefit and the total rest on.
func (p *pairs) demand(s *engine.SectorPlan) {
	service := s.Settings.Service
	p.add("service", p.tag.Text(lang.M("report.service-"+service.Model,
		"hours", service.CycleHours, "parts", parts(service.DayParts))))
	p.number("level", service.Level)
	if service.Model != quota.ModelPresence {
		p.number("shrink", s.Settings.Shrink)
		p.number("factor", s.Settings.Factor)
	}
	p.add("benefit", p.tag.Text(lang.M("report.value", "x", s.Settings.MinBenefit)), "unit", s.Unit)
	p.add("max", vehicles(p.tag, s.Max))
}

// operators lists the rules of the operators' totals and of the matrix.
func (p *pairs) operators(s *engine.SectorPlan) {
	r, m := s.Settings.Rules, s.Settings.Matrix
	p.word("base", "base", string(r.Base))
	p.add("exponent", p.tag.Text(lang.M("report.value", "x", r.Exponent)))
	p.word("unknown", "merit", r.UnknownScore)
	p.number("min-share", r.MinShare)
	p.number("max-share", r.MaxShare)
	p.number("step", r.Step)
	p.number("pool", r.EntrantPool)
	if m.Claims == claimsUse {
		p.add("claims", p.tag.Text(lang.M("report.claims-use", "smoothing", m.Smoothing)))
	} else {
		p.add("claims", p.tag.Word("report.claims-equal"))
	}
	p.number("local", m.LocalMaxShare)
	p.number("tolerance", m.Tolerance)
}

// claimsUse is the rule of claims that rest on what was seen in a cell.
const claimsUse = "use"
