package policy

import "slices"

// limits returns the least and the most that Bounds allow an operator; -1 = no most.
func (w *work) limits(o *operator) (least, most int, err error) {
	most = -1
	for _, b := range w.Policy.Bounds {
		if !w.holds(o, b.ID, b.If) {
			continue
		}
		if b.Least != "" {
			x, _, err := w.figure(o, b.ID, b.Least)
			if err != nil {
				return 0, 0, err
			}
			n, _ := Up.Vehicles(x)
			least = max(least, n)
		}
		if b.Most != "" {
			x, _, err := w.figure(o, b.ID, b.Most)
			if err != nil {
				return 0, 0, err
			}
			n, _ := Down.Vehicles(x)
			if most < 0 || n < most {
				most = n
			}
		}
	}
	if most >= 0 && least > most {
		return 0, 0, stateError("operators["+o.ID+"]", "bounds-conflict",
			"least", least, "most", most)
	}
	return least, most, nil
}

// bound keeps every active operator within its limits; what is above them is freed, what is below
// is given.
func (w *work) bound() error {
	for _, o := range w.operators {
		if o.Status != "active" || !o.known {
			continue
		}
		least, most, err := w.limits(o)
		if err != nil {
			return err
		}
		switch {
		case most >= 0 && o.quota > most:
			over := o.quota - most
			o.set(most, Step{Rule: "bounds", Message: "policy.step.bound", Limit: "most"})
			if w.Policy.Freed != nil && w.Policy.Freed.To == "reserve" {
				w.decision.Reserve += over
			} else {
				w.decision.Lost += over
			}
		case o.quota < least:
			o.set(least, Step{Rule: "bounds", Message: "policy.step.bound", Limit: "least"})
		}
	}
	return nil
}

// override puts decisions by hand in the place of the rules'.
func (w *work) override() error {
	for i, x := range w.state.Overrides {
		at := slices.IndexFunc(w.operators, func(o *operator) bool { return o.ID == x.Operator })
		switch {
		case at < 0:
			return stateError("overrides", "operator-unknown", "id", x.Operator)
		case x.Reason == "" || x.Signer == "":
			return stateError("overrides", "override-unsigned", "id", x.Operator)
		case x.Quota < 0 || x.Quota > maxVehicles:
			return stateError("overrides", "vehicles", "got", x.Quota)
		}
		w.operators[at].set(x.Quota, Step{
			Rule: "override", Message: "policy.step.override", Inputs: map[string]Value{
				"reason": text(w.state.Overrides[i].Reason), "signer": text(x.Signer),
			},
		})
		w.operators[at].known = true
	}
	return nil
}

// layer parts a fresh allocation into what is effective now and the operator's reserve.
func (w *work) layer() error {
	if w.Policy.Layers == nil || !w.fresh {
		return nil
	}
	for _, o := range w.operators {
		if o.Status != "active" {
			continue
		}
		part, in, err := w.figure(o, "layers", w.Policy.Layers.Effective)
		if err != nil {
			return err
		}
		exact, rounding := Whole(o.quota).Mul(part), w.rounding(w.Policy.Layers.Round)
		n, ok := rounding.Vehicles(exact)
		if !ok || n < 0 || n > o.quota {
			return stateError("layers", "part", "got", part.String())
		}
		o.reserve = o.quota - n
		o.set(n, Step{
			Rule: "layers", Message: "policy.step.layer", Rounding: rounding,
			Inputs: note(in, "part", number(part)),
		})
	}
	return nil
}

// release makes part of operators' own reserves effective.
func (w *work) release() error {
	for i := range w.Policy.Release {
		r := &w.Policy.Release[i]
		for _, o := range w.operators {
			if o.Status != "active" || o.reserve == 0 || !w.holds(o, r.ID, r.If) {
				continue
			}
			o.Actions = append(o.Actions, r.Do...)
			if r.Change == nil {
				continue
			}
			target, in, err := w.target(r, o, 0, 0)
			if err != nil {
				return err
			}
			rounding := w.rounding(r.Change.Round)
			n, ok := rounding.Vehicles(target)
			if !ok || n < 0 {
				return stateError("operators["+o.ID+"]", "vehicles", "got", target.String())
			}
			limit := ""
			if n > o.reserve {
				n, limit = o.reserve, "own"
			}
			o.reserve -= n
			o.set(o.quota+n, Step{
				Rule: r.ID, Message: "policy.step.release", Inputs: in, Rounding: rounding, Limit: limit,
			})
		}
	}
	return nil
}
