package policy

import (
	"errors"
	"fmt"
	"time"

	"github.com/stint-city/stint/quota/merit"
)

// changing checks totals, allocation, adjustments and where freed quota goes.
func (c *compiler) changing() {
	p := c.program.Policy
	c.amount("total", p.Total, OfCity)
	for i, x := range p.Seasons {
		path := fmt.Sprintf("seasons[%d]", i)
		c.expr(path+".factor", x.Factor, OfCity, KindNumber, true)
		if !isSeasonDay(x.From) || !isSeasonDay(x.Until) || len(x.From) != len(x.Until) {
			c.fault(path, "season", "from", x.From, "until", x.Until)
		}
	}
	if p.Allocate != nil {
		c.condition("allocate.if", p.Allocate.If, OfCity)
		c.unique("allocate.pools", idsOf(p.Allocate.Pools, func(x Pool) string { return x.ID }))
		for i := range p.Allocate.Pools {
			c.pool(fmt.Sprintf("allocate.pools[%d]", i), &p.Allocate.Pools[i])
		}
	}
	c.unique("adjust", idsOf(p.Adjust, func(x Rule) string { return x.ID }))
	for i := range p.Adjust {
		c.rule(fmt.Sprintf("adjust[%d]", i), &p.Adjust[i], false)
	}
	if p.Freed == nil {
		for i := range p.Adjust {
			if r := &p.Adjust[i]; r.Freed == nil && (r.Change != nil || r.ends()) {
				c.fault(fmt.Sprintf("adjust[%d]", i), "destination", "rule", r.ID)
				break
			}
		}
	}
	c.freed("freed", p.Freed)
	c.unique("bounds", idsOf(p.Bounds, func(x Bound) string { return x.ID }))
	for i, x := range p.Bounds {
		path := fmt.Sprintf("bounds[%d]", i)
		c.condition(path+".if", x.If, OfOperator)
		c.number(path+".least", x.Least, OfOperator)
		c.number(path+".most", x.Most, OfOperator)
	}
	if p.Layers != nil {
		c.expr("layers.effective", p.Layers.Effective, OfOperator, KindNumber, true)
		c.rounding("layers.round", p.Layers.Round, false)
	}
	for i := range p.Release {
		c.rule(fmt.Sprintf("release[%d]", i), &p.Release[i], true)
	}
	if p.Swap != nil {
		c.expr("swap.give", p.Swap.Give, OfCity, KindNumber, true)
		c.expr("swap.take", p.Swap.Take, OfCity, KindNumber, true)
		if p.Swap.To == "" {
			c.fault("swap.to", "required")
		}
	}
}

// ends reports whether the rule takes an operator's whole quota.
func (r *Rule) ends() bool { return r.has("suspend") || r.has("exit") }

func (r *Rule) has(action string) bool {
	for _, do := range r.Do {
		if do == action {
			return true
		}
	}
	return false
}

func (c *compiler) amount(path string, a *Amount, of Subject) {
	if a != nil {
		c.expr(path+".is", a.Is, of, KindNumber, true)
		c.rounding(path+".round", a.Round, false)
	}
}

func (c *compiler) pool(path string, x *Pool) {
	c.condition(path+".if", x.If, OfOperator)
	if x.Size != "rest" {
		c.expr(path+".size", x.Size, OfCity, KindNumber, true)
	}
	c.number(path+".most_operators", x.Most, OfCity)
	c.oneOf(path+".method", x.Method, "shares", "equal", "weight", "merit")
	if (x.Method == "merit") != (x.Merit != nil) {
		c.fault(path+".merit", "goes-with", "key", "merit", "with", "method: merit")
	}
	if wrong := (*merit.RuleError)(nil); x.Merit != nil && errors.As(x.Merit.Check(), &wrong) {
		c.fault(path+".merit."+wrong.Key, "merit", "got", wrong.Got, "want", wrong.Want)
	}
	for i, share := range x.Shares {
		c.number(fmt.Sprintf("%s.shares[%d]", path, i), share, OfCity)
	}
	if (x.Method == "shares") != (len(x.Shares) > 0) {
		c.fault(path+".shares", "goes-with", "key", "shares", "with", "method: shares")
	}
	if (x.Method == "weight") != (x.Weight != "") {
		c.fault(path+".weight", "goes-with", "key", "weight", "with", "method: weight")
	}
	c.number(path+".weight", x.Weight, OfOperator)
	c.oneOf(path+".split", x.Split, "", "webster", "largest_remainder")
	c.oneOf(path+".unfilled", x.Unfilled, "reserve", "lost", "others")
	if x.Method == "shares" && c.program.Policy.Rank == nil {
		c.fault(path+".method", "needs-rank")
	}
}

func (c *compiler) rule(path string, r *Rule, release bool) {
	c.condition(path+".if", r.If, OfOperator)
	c.oneOf(path+".fund", r.Fund, "", "total", "reserve", "freed")
	c.oneOf(path+".effective", r.From, "", "now", "next_period")
	c.freed(path+".freed", r.Freed)
	if r.Change == nil {
		if len(r.Do) == 0 {
			c.fault(path, "does-nothing", "id", r.ID)
		}
		return
	}
	x, at := r.Change, path+".change"
	given := 0
	for _, f := range []Formula{x.Abs, x.Percent, x.To, x.Divide} {
		if f != "" {
			given++
		}
	}
	if given != 1 {
		c.fault(at, "one-of", "known", []string{"abs", "percent", "to", "divide"})
	}
	c.number(at+".abs", x.Abs, OfOperator)
	c.number(at+".percent", x.Percent, OfOperator)
	c.number(at+".to", x.To, OfOperator)
	c.number(at+".divide", x.Divide, OfCity)
	c.expr(at+".by", x.By, OfOperator, KindNumber, x.Divide != "")
	switch {
	case x.Percent == "":
		c.oneOf(at+".of", x.Of, "")
	case release:
		c.oneOf(at+".of", x.Of, "reserve", "approved")
	case r.Zone != "":
		c.oneOf(at+".of", x.Of, "zone")
	default:
		c.oneOf(at+".of", x.Of, "current", "running", "original", "approved")
	}
	c.number(at+".low", x.Low, OfOperator)
	c.number(at+".high", x.High, OfOperator)
	c.number(at+".most", x.Most, OfOperator)
	c.number(at+".least", x.Least, OfOperator)
	c.rounding(at+".round", x.Round, false)
}

func (c *compiler) freed(path string, f *Freed) {
	if f == nil {
		return
	}
	c.oneOf(path+".to", f.To, "reserve", "lost", "first", "share", "hold_total")
	c.expr(path+".among", f.Among, OfOperator, KindTruth, f.To == "share")
	c.expr(path+".by", f.By, OfOperator, KindNumber, f.To == "share")
	if f.To == "share" || f.To == "first" || f.To == "hold_total" {
		c.oneOf(path+".else", f.Else, "reserve", "lost")
	}
}

// placing checks zones, checks, alarms and sites.
func (c *compiler) placing() {
	p := c.program.Policy
	if z := p.Zones; z != nil {
		for i, x := range z.Split {
			c.expr(fmt.Sprintf("zones.split[%d].part", i), x.Part, OfCity, KindNumber, true)
		}
		for i, x := range z.Caps {
			c.expr(fmt.Sprintf("zones.caps[%d].cap", i), x.Cap, OfCity, KindNumber, true)
		}
		c.oneOf("zones.sum", z.Sum, "", "equal", "at_most")
		for i, x := range z.Bounds {
			path := fmt.Sprintf("zones.bounds[%d]", i)
			of := OfZone
			if x.Zone != "" {
				of = OfCity
			}
			c.condition(path+".if", x.If, of)
			c.number(path+".least", x.Least, of)
			c.number(path+".most", x.Most, of)
			c.rounding(path+".round", x.Round, false)
		}
	}
	c.checks("checks", p.Checks)
	c.checks("alarms", p.Alarms)
	for i, x := range p.Sites {
		path := fmt.Sprintf("sites[%d]", i)
		c.expr(path+".if", x.If, OfSite, KindTruth, true)
		c.oneOf(path+".do", x.Do, "withdraw", "hand_over")
	}
}

func (c *compiler) checks(list string, checks []Check) {
	c.unique(list, idsOf(checks, func(x Check) string { return x.ID }))
	for i, x := range checks {
		path := fmt.Sprintf("%s[%d]", list, i)
		c.oneOf(path+".of", string(x.Of), string(OfOperator), string(OfCity), string(OfZone))
		c.condition(path+".if", x.If, x.Of)
		c.expr(path+".hold", x.Hold, x.Of, KindTruth, true)
	}
}

// dates checks the term and the deadlines.
func (c *compiler) dates() {
	p := c.program.Policy
	if p.Term != nil && (!isDay(p.Term.From) || p.Term.Years < 1) {
		c.fault("term", "term", "from", p.Term.From, "years", p.Term.Years)
	}
	c.unique("deadlines", idsOf(p.Deadlines, func(x Deadline) string { return x.ID }))
	for i, x := range p.Deadlines {
		path := fmt.Sprintf("deadlines[%d]", i)
		if x.After == "" {
			c.fault(path+".after", "required")
		}
		if (x.Days > 0) == (x.WorkingDays > 0) {
			c.fault(path, "one-of", "known", []string{"days", "working_days"})
		}
		if x.WorkingDays > 0 && p.Calendar == "" {
			c.fault("calendar", "required")
		}
	}
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// isSeasonDay accepts "12-01" and "2023-12-01".
func isSeasonDay(s string) bool { return isDay(s) || isDay("2024-"+s) }

func isClock(s string) bool {
	_, err := time.Parse("15:04", s)
	return err == nil
}
