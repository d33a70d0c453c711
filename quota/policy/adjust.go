package policy

import (
	"github.com/stint-city/stint/quota/apportion"
)

// adjust carries out the rules in their order; each rule looks at all operators before the next.
func (w *work) adjust() error {
	for _, o := range w.operators {
		if o.Status == "exit" {
			if err := w.end(o, "veto", w.Policy.Freed); err != nil {
				return err
			}
		}
	}
	for i := range w.Policy.Adjust {
		if err := w.carryOut(&w.Policy.Adjust[i]); err != nil {
			return err
		}
	}
	return w.holdTotal()
}

// carryOut carries out one rule for every operator it is about.
func (w *work) carryOut(r *Rule) error {
	order := w.inOrder()
	about := make([]*operator, 0, len(order))
	condition := w.exprs[r.If][OfOperator]
	for _, o := range order {
		if !o.stopped && o.Status == "active" && w.met(o, r.ID, condition) {
			about = append(about, o)
		}
	}
	var parts []int
	if r.Change != nil && r.Change.Divide != "" {
		var err error
		if parts, err = w.divided(r, about); err != nil {
			return err
		}
	}
	for i, o := range about {
		part := 0
		if parts != nil {
			part = parts[i]
		}
		if err := w.carryOutFor(r, o, part); err != nil {
			return err
		}
		o.stopped = o.stopped || r.Stop
		if r.From != "" {
			o.Effective = r.From
		}
	}
	return nil
}

// carryOutFor changes one operator's quota and takes the rule's actions.
func (w *work) carryOutFor(r *Rule, o *operator, part int) error {
	for _, do := range r.Do {
		switch do {
		case "suspend":
			o.Status = "suspended"
		case "exit":
			o.Status = "exit"
		default:
			o.Actions = append(o.Actions, do)
		}
	}
	freed := r.Freed
	if freed == nil {
		freed = w.Policy.Freed
	}
	if r.ends() {
		return w.end(o, r.ID, freed)
	}
	if r.Change == nil {
		return nil
	}
	before := o.quota
	if err := w.change(r, o, part); err != nil {
		return err
	}
	if o.quota < before {
		o.cut = true
		return w.free(before-o.quota, freed, r.ID)
	}
	w.freed -= o.quota - before
	return nil
}

// end takes an operator's whole quota, its reserve with it.
func (w *work) end(o *operator, rule string, freed *Freed) error {
	lost := o.quota + o.reserve
	o.set(0, Step{Rule: rule, Message: "policy.step.end"})
	o.reserve, o.known, o.cut, o.Zones = 0, true, true, nil
	if lost == 0 || freed == nil {
		return nil
	}
	return w.free(lost, freed, rule)
}

// divided splits a rule's amount among the operators it is about; a negative amount is a cut.
func (w *work) divided(r *Rule, about []*operator) ([]int, error) {
	exact, err := w.cityFigure(r.ID, r.Change.Divide)
	if err != nil {
		return nil, err
	}
	total, ok := w.rounding(r.Change.Round).Vehicles(exact)
	if !ok {
		return nil, stateError("adjust", "vehicles", "got", exact.String())
	}
	sign := 1
	if total < 0 {
		sign, total = -1, -total
	}
	claims := make([]apportion.Claim, len(about))
	for i, o := range about {
		weight, _, err := w.figure(o, r.ID, r.Change.By)
		if err != nil {
			return nil, err
		}
		claims[i] = apportion.Claim{ID: o.ID, Weight: weight.Float(), Ceiling: -1}
		if sign < 0 && o.known {
			claims[i].Ceiling = o.quota
		}
	}
	parts, err := divide(total, claims, "webster")
	for i := range parts {
		parts[i] *= sign
	}
	return parts, err
}

// change gives an operator the quota that a rule says.
func (w *work) change(r *Rule, o *operator, part int) error {
	x := r.Change
	step := Step{Rule: r.ID, Message: "policy.step.change", Rounding: w.rounding(x.Round)}
	from, err := w.from(r, o)
	if err != nil {
		return err
	}
	target, in, err := w.target(r, o, from, part)
	if err != nil {
		return err
	}
	step.Inputs = in
	n, ok := step.Rounding.Vehicles(target)
	if !ok {
		return stateError("operators["+o.ID+"]", "vehicles", "got", target.String())
	}
	if exact := target; exact.Cmp(Whole(n)) != 0 {
		step.Exact = &exact
	}
	if n, step.Limit, err = w.within(r, o, n); err != nil {
		return err
	}
	if r.Until != "" {
		step.Inputs = note(step.Inputs, "until", text(r.Until))
	}
	if r.Zone != "" {
		step.Inputs = note(step.Inputs, "zone", text(r.Zone))
		n = w.rezone(r, o, n)
	}
	n, limit := w.funded(r, n-o.quota)
	if limit != "" {
		step.Limit = limit
	}
	o.set(o.quota+n, step)
	return nil
}

// from returns what a rule's change starts from: the operator's quota, in a zone, of its reserve.
func (w *work) from(r *Rule, o *operator) (int, error) {
	if r.Zone != "" {
		n, ok := o.Zones[r.Zone]
		if !ok {
			return 0, stateError("operators["+o.ID+"].zones", "zone-unknown", "zone", r.Zone,
				"rule", r.ID)
		}
		return n, nil
	}
	if !o.known && r.Change.Abs == "" && r.Change.Divide == "" {
		return 0, stateError("operators["+o.ID+"].quota", "figure-unknown", "rule", r.ID,
			"formula", "quota")
	}
	return o.quota, nil
}

// target returns the exact quota that a rule leads to.
func (w *work) target(
	r *Rule, o *operator, from, part int,
) (Number, map[string]Value, error) {
	x := r.Change
	switch {
	case x.To != "":
		n, in, err := w.figure(o, r.ID, x.To)
		return n, note(in, "from", whole(from)), err
	case x.Divide != "":
		return Whole(from + part), map[string]Value{"part": whole(part)}, nil
	case x.Abs != "":
		n, in, err := w.figure(o, r.ID, x.Abs)
		if err == nil {
			err = w.discretion(r, o, n)
		}
		return Whole(from).Add(n), note(in, "change", number(n)), err
	}
	percent, in, err := w.figure(o, r.ID, x.Percent)
	if err != nil {
		return Number{}, nil, err
	}
	if err := w.discretion(r, o, percent); err != nil {
		return Number{}, nil, err
	}
	base, err := w.base(r, o, from)
	if err != nil {
		return Number{}, nil, err
	}
	part100, _ := Whole(base).Mul(percent).Div(Whole(100))
	in = note(in, "percent", number(percent))
	in["of"] = whole(base)
	return Whole(from).Add(part100), in, nil
}

func note(in map[string]Value, name string, v Value) map[string]Value {
	if in == nil {
		in = map[string]Value{}
	}
	in[name] = v
	return in
}

// base returns what a per cent is of.
func (w *work) base(r *Rule, o *operator, from int) (int, error) {
	var base *int
	switch r.Change.Of {
	case "current":
		base = o.Before
	case "original":
		base = o.original()
	case "approved":
		base = o.approved
	case "reserve":
		base = &o.reserve
	default: // running, zone
		base = &from
	}
	if base == nil {
		return 0, stateError("operators["+o.ID+"]", "figure-unknown", "rule", r.ID,
			"formula", r.Change.Of)
	}
	return *base, nil
}

// discretion refuses a figure outside the range that the rule leaves open.
func (w *work) discretion(r *Rule, o *operator, x Number) error {
	for _, side := range []struct {
		f    Formula
		sign int
	}{{r.Change.Low, -1}, {r.Change.High, 1}} {
		if side.f == "" {
			continue
		}
		limit, _, err := w.figure(o, r.ID, side.f)
		if err != nil {
			return err
		}
		if x.Cmp(limit) == side.sign {
			return stateError("operators["+o.ID+"]", "discretion", "rule", r.ID,
				"got", x.String(), "limit", limit.String())
		}
	}
	return nil
}

// within keeps a quota between the rule's own Least and Most, and above 0. What was beyond them
// before is not changed by them.
func (w *work) within(r *Rule, o *operator, n int) (int, string, error) {
	limit := ""
	if f := r.Change.Most; f != "" {
		x, _, err := w.figure(o, r.ID, f)
		if err != nil {
			return 0, "", err
		}
		most, _ := Down.Vehicles(x)
		if n > most && n > o.quota {
			n, limit = max(most, o.quota), "most"
		}
	}
	if f := r.Change.Least; f != "" {
		x, _, err := w.figure(o, r.ID, f)
		if err != nil {
			return 0, "", err
		}
		least, _ := Up.Vehicles(x)
		if n < least && n < o.quota {
			n, limit = min(least, o.quota), "least"
		}
	}
	if n < 0 && o.known {
		return 0, "zero", nil
	}
	return n, limit, nil
}

// rezone sets an operator's quota in a zone and returns its quota in the city.
func (w *work) rezone(r *Rule, o *operator, n int) int {
	city := o.quota + n - o.Zones[r.Zone]
	o.Zones[r.Zone] = n
	return city
}

// funded returns how much of a rise the rule's source can give, and what limits it.
func (w *work) funded(r *Rule, rise int) (int, string) {
	if rise <= 0 {
		return rise, ""
	}
	switch r.Fund {
	case "reserve":
		given := min(rise, max(0, w.decision.Reserve))
		w.decision.Reserve -= given
		if given < rise {
			return given, "reserve"
		}
	case "freed":
		given := min(rise, max(0, w.freed))
		if given < rise {
			return given, "freed"
		}
	}
	return rise, ""
}
