package policy

import "github.com/stint-city/stint/quota/apportion"

// free sends vehicles where the policy says.
func (w *work) free(n int, f *Freed, rule string) error {
	switch f.To {
	case "reserve":
		w.decision.Reserve += n
	case "lost":
		w.decision.Lost += n
	case "hold_total":
		w.freed += n
	case "first":
		for _, o := range w.ranked {
			if o.Status == "active" {
				o.set(o.quota+n, Step{
					Rule: rule, Message: "policy.step.freed", Inputs: map[string]Value{"freed": whole(n)},
				})
				return nil
			}
		}
		return w.free(n, &Freed{To: f.Else}, rule)
	case "share":
		return w.share(n, f, rule)
	}
	return nil
}

// share divides freed vehicles among those who may have them.
func (w *work) share(n int, f *Freed, rule string) error {
	var among []*operator
	var claims []apportion.Claim
	for _, o := range w.inOrder() {
		if o.Status != "active" || !w.holds(o, rule, f.Among) {
			continue
		}
		weight, _, err := w.figure(o, rule, f.By)
		if err != nil {
			return err
		}
		if weight.Sign() > 0 {
			among = append(among, o)
			claims = append(claims, apportion.Claim{ID: o.ID, Weight: weight.Float(), Ceiling: -1})
		}
	}
	if len(among) == 0 {
		return w.free(n, &Freed{To: f.Else}, rule)
	}
	parts, err := divide(n, claims, "webster")
	for i := range parts {
		among[i].set(among[i].quota+parts[i], Step{
			Rule: rule, Message: "policy.step.freed", Rounding: "webster",
			Inputs: map[string]Value{"freed": whole(n), "weight": number(numberOf(claims[i].Weight))},
		})
	}
	return err
}

func numberOf(f float64) Number {
	x, _ := FromFloat(f)
	return x
}

// holdTotal gives what is left of freed quota, or takes what was given beyond it, from those that
// no rule cut, in proportion to their quotas.
func (w *work) holdTotal() error {
	if w.Policy.Freed == nil || w.Policy.Freed.To != "hold_total" || w.freed == 0 {
		return nil
	}
	var among []*operator
	var claims []apportion.Claim
	for _, o := range w.operators {
		if o.Status == "active" && !o.cut && o.quota > 0 {
			among = append(among, o)
			claim := apportion.Claim{ID: o.ID, Weight: float64(o.quota), Ceiling: -1}
			if w.freed < 0 {
				claim.Ceiling = o.quota
			}
			claims = append(claims, claim)
		}
	}
	n, sign := w.freed, 1
	if n < 0 {
		n, sign = -n, -1
	}
	if len(among) == 0 {
		return w.free(max(0, w.freed), &Freed{To: w.Policy.Freed.Else}, "hold_total")
	}
	parts, err := divide(n, claims, "webster")
	for i := range parts {
		among[i].set(among[i].quota+sign*parts[i], Step{
			Rule: "hold_total", Message: "policy.step.hold", Rounding: "webster",
			Inputs: map[string]Value{"total": whole(w.freed)},
		})
	}
	w.freed = 0
	return err
}
