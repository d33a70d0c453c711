package policy

import (
	"cmp"
	"slices"
	"time"

	"github.com/stint-city/stint/quota/apportion"
)

// zone parts quotas over zones and works out what each zone bears.
func (w *work) zone() error {
	z := w.Policy.Zones
	if z == nil {
		return nil
	}
	if len(z.Split) > 0 {
		for _, o := range w.operators {
			if err := w.partOver(o, z.Split); err != nil {
				return err
			}
		}
	}
	sum := Number{}
	for _, x := range z.Caps {
		exact, err := w.cityFigure("zones.caps", x.Cap)
		if err != nil {
			return err
		}
		n, _ := w.rounding("").Vehicles(exact)
		sum = sum.Add(Whole(n))
		w.decision.Zones = append(w.decision.Zones, ZoneDecision{ID: x.Zone, Cap: &n})
	}
	if total := w.city["total"]; z.Sum != "" && total.Known {
		order := sum.Cmp(total.Number)
		holds := order == 0 || (order < 0 && z.Sum == "at_most")
		w.decision.Checks = append(w.decision.Checks, Verdict{
			ID: "zones.sum", Holds: &holds,
			Inputs: map[string]Value{"sum": number(sum), "total": total},
		})
	}
	return w.zoneBounds()
}

// partOver parts an operator's quota over zones so that the parts sum to it.
func (w *work) partOver(o *operator, split []ZoneShare) error {
	claims := make([]apportion.Claim, len(split))
	for i, x := range split {
		part, err := w.cityFigure("zones.split", x.Part)
		if err != nil {
			return err
		}
		claims[i] = apportion.Claim{ID: x.Zone, Weight: part.Float(), Ceiling: -1}
	}
	parts, err := divide(o.quota, claims, "webster")
	if err != nil {
		return err
	}
	o.Zones = make(map[string]int, len(split))
	for i, x := range split {
		o.Zones[x.Zone] = parts[i]
	}
	return nil
}

// zoneBounds works out the least and the most of zones.
func (w *work) zoneBounds() error {
	for _, x := range w.Policy.Zones.Bounds {
		if x.Zone != "" {
			d, err := w.zoneBound(x, x.Zone, OfCity, w.cityFact)
			if err != nil {
				return err
			}
			w.decision.Zones = append(w.decision.Zones, d)
			continue
		}
		for _, z := range w.zonesOfState() {
			fact, err := w.factsOf(OfZone, z.ID, "", z.Facts)
			if err != nil {
				return err
			}
			if x.If != "" {
				if v := w.exprs[x.If][OfZone].Eval(fact); !v.Known || !v.Truth {
					continue
				}
			}
			d, err := w.zoneBound(x, z.ID, OfZone, fact)
			if err != nil {
				return err
			}
			w.decision.Zones = append(w.decision.Zones, d)
		}
	}
	return nil
}

func (w *work) zonesOfState() []ZoneState {
	return slices.SortedFunc(slices.Values(w.state.Zones), func(a, b ZoneState) int {
		return cmp.Compare(a.ID, b.ID)
	})
}

func (w *work) zoneBound(
	x ZoneBound, id string, of Subject, fact func(string) Value,
) (ZoneDecision, error) {
	d := ZoneDecision{ID: id, Rule: x.ID}
	for _, side := range []struct {
		f        Formula
		to       **int
		rounding Rounding
	}{{x.Least, &d.Least, Up}, {x.Most, &d.Most, Down}} {
		if side.f == "" {
			continue
		}
		if x.Round != "" {
			side.rounding = x.Round
		}
		v := w.exprs[side.f][of].Eval(fact)
		if !v.Known {
			return d, stateError("zones["+id+"]", "figure-unknown", "rule", x.ID,
				"formula", string(side.f))
		}
		n, ok := side.rounding.Vehicles(v.Number)
		if !ok {
			return d, stateError("zones["+id+"]", "vehicles", "got", v.String())
		}
		*side.to = &n
	}
	return d, nil
}

// factsOf returns the facts of a zone or site, and the city's behind them.
func (w *work) factsOf(
	of Subject, id, owner string, given map[string]Datum,
) (func(string) Value, error) {
	values := map[string]Value{"id": text(id)}
	if owner != "" {
		values["operator"] = text(owner)
	}
	if err := w.read(of, string(of)+"s["+id+"].facts", given, values); err != nil {
		return nil, err
	}
	return func(name string) Value {
		if v, ok := values[name]; ok {
			return v
		}
		return w.cityFact(name)
	}, nil
}

// swap turns offered vehicles into another sector's, in whole lots.
func (w *work) swap() error {
	x := w.Policy.Swap
	if x == nil {
		return nil
	}
	give, err := w.cityFigure("swap", x.Give)
	if err != nil {
		return err
	}
	take, err := w.cityFigure("swap", x.Take)
	if err != nil {
		return err
	}
	g, okG := Down.Vehicles(give)
	t, okT := Down.Vehicles(take)
	if !okG || !okT || g < 1 || t < 1 {
		return stateError("swap", "ratio", "give", give.String(), "take", take.String())
	}
	for _, o := range w.operators {
		lots := min(o.state.Swap, o.quota) / g
		if lots == 0 {
			continue
		}
		o.Swapped = ptr(lots * t)
		o.set(o.quota-lots*g, Step{
			Rule: "swap", Message: "policy.step.swap", Inputs: map[string]Value{
				"offered": whole(o.state.Swap), "give": whole(g), "take": whole(t), "to": text(x.To),
			},
		})
	}
	return nil
}

// check answers checks and alarms; nothing changes by them.
func (w *work) check() error {
	for _, list := range []struct {
		checks []Check
		to     *[]Verdict
	}{{w.Policy.Checks, &w.decision.Checks}, {w.Policy.Alarms, &w.decision.Alarms}} {
		for _, x := range list.checks {
			verdicts, err := w.verdicts(x)
			if err != nil {
				return err
			}
			*list.to = append(*list.to, verdicts...)
		}
	}
	return nil
}

// verdicts answers one check, for each that it is about.
func (w *work) verdicts(x Check) ([]Verdict, error) {
	switch x.Of {
	case OfCity:
		return w.verdict(x, "", w.cityFact), nil
	case OfOperator:
		var list []Verdict
		for _, o := range w.operators {
			list = append(list, w.verdict(x, o.ID, o.fact)...)
		}
		return list, nil
	}
	var list []Verdict
	for _, z := range w.zonesOfState() {
		fact, err := w.factsOf(OfZone, z.ID, "", z.Facts)
		if err != nil {
			return nil, err
		}
		list = append(list, w.verdict(x, z.ID, fact)...)
	}
	return list, nil
}

// verdict answers one check for one subject, nothing where it is not about it.
func (w *work) verdict(x Check, of string, fact func(string) Value) []Verdict {
	if x.If != "" {
		if v := w.exprs[x.If][x.Of].Eval(fact); !v.Known || !v.Truth {
			return nil
		}
	}
	e := w.exprs[x.Hold][x.Of]
	v := e.Eval(fact)
	verdict := Verdict{ID: x.ID, Of: of, Inputs: inputs(e, fact), Do: x.Do}
	if v.Known {
		verdict.Holds = &v.Truth
	}
	return []Verdict{verdict}
}

// site withdraws parking places, or hands them to the best-ranked other operator.
func (w *work) site() error {
	sites := slices.SortedFunc(slices.Values(w.state.Sites), func(a, b SiteState) int {
		return cmp.Compare(a.ID, b.ID)
	})
	for _, s := range sites {
		fact, err := w.factsOf(OfSite, s.ID, s.Operator, s.Facts)
		if err != nil {
			return err
		}
		for _, x := range w.Policy.Sites {
			if v := w.exprs[x.If][OfSite].Eval(fact); !v.Known || !v.Truth {
				continue
			}
			d := SiteDecision{ID: s.ID, Operator: s.Operator, Rule: x.ID, Do: x.Do}
			if x.Do == "hand_over" {
				for _, o := range w.ranked {
					if o.ID != s.Operator && o.Status == "active" {
						d.To = o.ID
						break
					}
				}
			}
			w.decision.Sites = append(w.decision.Sites, d)
			break
		}
	}
	return nil
}

// days works out the term and the deadlines.
func (w *work) days(calendar Calendar) func() error {
	return func() error {
		if t := w.Policy.Term; t != nil {
			from, _ := time.Parse(time.DateOnly, t.From)
			ends := from.AddDate(t.Years, 0, -1).Format(time.DateOnly)
			w.decision.Term = &TermDecision{Ends: ends, Over: w.state.Date > ends}
		}
		for _, x := range w.Policy.Deadlines {
			day, err := w.deadline(x, calendar)
			if err != nil {
				return err
			}
			if w.decision.Deadlines == nil {
				w.decision.Deadlines = map[string]string{}
			}
			w.decision.Deadlines[x.ID] = day
		}
		return nil
	}
}

// deadline counts days, or working days, after a day of the state: the day itself doesn't count.
func (w *work) deadline(x Deadline, calendar Calendar) (string, error) {
	start := w.state.Days[x.After]
	if start == "" && x.After == "date" {
		start = w.state.Date
	}
	day, err := time.Parse(time.DateOnly, start)
	if err != nil {
		return "", stateError("days."+x.After, "day", "got", start)
	}
	if x.Days > 0 {
		return day.AddDate(0, 0, x.Days).Format(time.DateOnly), nil
	}
	for left := x.WorkingDays; left > 0; {
		day = day.AddDate(0, 0, 1)
		text := day.Format(time.DateOnly)
		working, ok := false, calendar != nil
		if ok {
			working, ok = calendar.Working(text)
		}
		if !ok {
			return "", stateError("days."+x.After, "calendar-year", "calendar", w.Policy.Calendar,
				"day", text)
		}
		if working {
			left--
		}
	}
	return day.Format(time.DateOnly), nil
}

// finish writes the decision. Quotas and reserves beyond a total that is known are an error: a rule
// that gives what isn't there can't be put in force.
func (w *work) finish() (*Decision, error) {
	d := w.decision
	for _, o := range w.operators {
		o.Delta = o.quota - o.before
		if o.known {
			o.Quota = ptr(o.quota)
			d.Allocated += o.quota
		}
		o.Approved, o.Reserve = o.approved, o.reserve
		d.Reserve += o.reserve
		d.Operators = append(d.Operators, *o.OperatorDecision)
	}
	if total := w.city["total"]; total.Known {
		if n, ok := w.rounding("").Vehicles(total.Number); ok {
			d.Total, d.Left = ptr(n), ptr(n-d.Allocated-d.Reserve)
			if *d.Left < 0 {
				return nil, stateError("total", "over-total", "allocated", d.Allocated,
					"reserve", d.Reserve, "total", n, "over", -*d.Left)
			}
		}
	}
	return d, nil
}
