package policy

import (
	"slices"

	"github.com/stint-city/stint/quota/apportion"
)

// sumUp sets the city's total for the period: what the policy or the state says, in season.
func (w *work) sumUp() error {
	if w.Policy.Total != nil {
		x, err := w.cityFigure("total", w.Policy.Total.Is)
		if err != nil {
			return err
		}
		w.city["total"] = number(w.rounding(w.Policy.Total.Round).Round(x, 0))
	}
	for _, season := range w.Policy.Seasons {
		if w.state.Date == "" || !isDay(w.state.Date) {
			return stateError("date", "day", "got", w.state.Date)
		}
		total := w.city["total"]
		if !season.holds(w.state.Date) || !total.Known {
			continue
		}
		factor, err := w.cityFigure(season.ID, season.Factor)
		if err != nil {
			return err
		}
		exact := total.Number.Mul(factor)
		rounding := w.rounding("")
		w.city["total"] = number(rounding.Round(exact, 0))
		w.decision.Steps = append(w.decision.Steps, Step{
			Rule: season.ID, Message: "policy.step.season", Exact: &exact, Rounding: rounding,
			Inputs: map[string]Value{"total": total, "factor": number(factor)},
		})
	}
	return nil
}

// holds reports whether a day lies in the season; one that ends before it begins runs over the new
// year.
func (x Season) holds(day string) bool {
	if len(x.From) < len(day) {
		day = day[len("2006-"):]
	}
	if x.From <= x.Until {
		return x.From <= day && day <= x.Until
	}
	return day >= x.From || day <= x.Until
}

// allocate divides the total from scratch, pool by pool, where the policy says so.
func (w *work) allocate() error {
	rule := w.Policy.Allocate
	if rule == nil {
		return nil
	}
	if rule.If != "" {
		v := w.exprs[rule.If][OfCity].Eval(w.cityFact)
		due := v.Known && v.Truth
		w.decision.Triggered = &due
		if !due {
			return nil
		}
	}
	w.fresh = true
	members := w.pools()
	left := w.city["total"]
	for i := range rule.Pools {
		size, err := w.size(&rule.Pools[i], left)
		if err != nil {
			return err
		}
		if err := w.fill(&rule.Pools[i], size, members[i]); err != nil {
			return err
		}
		left.Number = left.Number.Sub(Whole(size))
	}
	return nil
}

// pools returns the members of each pool: active operators, each in the first pool whose condition
// holds, the best-ranked first.
func (w *work) pools() [][]*operator {
	members := make([][]*operator, len(w.Policy.Allocate.Pools))
	for _, o := range w.inOrder() {
		o.set(0, Step{Rule: "allocate", Message: "policy.step.fresh"})
		o.known, o.Zones = true, nil
		if o.Status != "active" {
			continue
		}
		for i, x := range w.Policy.Allocate.Pools {
			if w.holds(o, x.ID, x.If) {
				members[i] = append(members[i], o)
				break
			}
		}
	}
	for i, x := range w.Policy.Allocate.Pools {
		w.city["members."+x.ID] = whole(len(members[i]))
	}
	return members
}

// inOrder returns the ranked operators and then the others by ID.
func (w *work) inOrder() []*operator {
	list := make([]*operator, len(w.ranked), len(w.operators))
	copy(list, w.ranked)
	for _, o := range w.operators {
		if o.rank == 0 {
			list = append(list, o)
		}
	}
	return list
}

// size returns a pool's size in whole vehicles.
func (w *work) size(x *Pool, left Value) (int, error) {
	if x.Size == "rest" {
		if !left.Known {
			return 0, stateError("total", "figure-unknown", "rule", x.ID, "formula", "rest")
		}
		n, ok := w.rounding("").Vehicles(left.Number)
		if !ok || n < 0 {
			return 0, stateError("total", "pool-too-large", "pool", x.ID, "left", left.String())
		}
		return n, nil
	}
	exact, err := w.cityFigure(x.ID, x.Size)
	if err != nil {
		return 0, err
	}
	n, ok := w.rounding("").Vehicles(exact)
	if !ok || n < 0 || (left.Known && Whole(n).Cmp(left.Number) > 0) {
		return 0, stateError("total", "pool-too-large", "pool", x.ID, "left", left.String())
	}
	return n, nil
}

// fill divides a pool among its members, best first.
func (w *work) fill(x *Pool, size int, members []*operator) error {
	if x.Most != "" {
		most, err := w.cityFigure(x.ID, x.Most)
		if err != nil {
			return err
		}
		for n := len(members); n > 0 && Whole(n).Cmp(most) > 0; n = len(members) {
			members = members[:n-1]
		}
	}
	weights, err := w.weights(x, members)
	if err != nil {
		return err
	}
	split := w.split
	if x.Method == "merit" {
		split = w.optimise
	}
	parts, err := split(x, size, members, weights)
	if err != nil {
		return err
	}
	given := 0
	for i, o := range members {
		o.set(parts[i], Step{
			Rule: x.ID, Message: "policy.step.pool-" + x.Method, Rounding: Rounding(x.split()),
			Inputs: map[string]Value{
				"size": whole(size), "weight": number(weights[i]), "rank": o.lookUp("rank"),
			},
		})
		o.approved = ptr(parts[i])
		given += parts[i]
	}
	if x.Unfilled == "reserve" {
		w.decision.Reserve += size - given
	}
	return nil
}

func ptr[T any](x T) *T { return &x }

// split returns the method of a pool's division.
func (x *Pool) split() string {
	if x.Split == "" {
		return "webster"
	}
	return x.Split
}

// weights returns what each member weighs in its pool, and behind them the shares that nobody
// takes, unless they go to the others.
func (w *work) weights(x *Pool, members []*operator) ([]Number, error) {
	var weights []Number
	for i, o := range members {
		weight := Whole(1)
		var err error
		switch x.Method {
		case "weight":
			weight, _, err = w.figure(o, x.ID, x.Weight)
		case "shares":
			if weight = (Number{}); i < len(x.Shares) {
				weight, err = w.cityFigure(x.ID, x.Shares[i])
			}
		}
		if err != nil {
			return nil, err
		}
		if weight.Sign() < 0 {
			return nil, stateError("operators["+o.ID+"]", "negative-weight", "rule", x.ID)
		}
		weights = append(weights, weight)
	}
	if x.Method != "shares" || x.Unfilled == "others" {
		return weights, nil
	}
	rest := Whole(1) // what no member has: shares of ranks nobody holds, and what sums to less than 1
	for _, weight := range weights {
		rest = rest.Sub(weight)
	}
	if rest.Sign() < 0 {
		return nil, stateError("allocate", "shares-above-1", "pool", x.ID)
	}
	return append(weights, rest), nil
}

// split divides size by weights; parts beyond the members' go to nobody.
func (w *work) split(x *Pool, size int, members []*operator, weights []Number) ([]int, error) {
	claims := make([]apportion.Claim, len(weights))
	for i, weight := range weights {
		claims[i] = apportion.Claim{ID: "~", Weight: weight.Float(), Ceiling: -1}
		if i >= len(members) {
			continue
		}
		claims[i].ID = members[i].ID
		if x.Method == "shares" {
			continue
		}
		low, high, err := w.limits(members[i])
		if err != nil {
			return nil, err
		}
		claims[i].Floor, claims[i].Ceiling = low, high
	}
	return divide(size, claims, x.split())
}

// divide splits a total among claims; what nobody with a weight can take is left. Parts answer the
// claims.
func divide(total int, claims []apportion.Claim, method string) ([]int, error) {
	most, open := 0, false
	for _, c := range claims {
		switch {
		case c.Weight == 0:
			most += c.Floor
		case c.Ceiling < 0:
			open = true
		default:
			most += c.Ceiling
		}
	}
	if !open {
		total = min(total, most)
	}
	split := apportion.Divide
	if method == "largest_remainder" {
		split = largestRemainder
	}
	shares, _, err := split(total, claims)
	if err != nil {
		return nil, stateError("allocate", "bounds", "text", err.Error())
	}
	parts := make([]int, len(shares))
	for i, s := range shares {
		parts[i] = s.Quota
	}
	return parts, nil
}

// largestRemainder gives each claim its whole part and the rest to the largest remainders, ties to
// the ID first in byte order. Floors and ceilings bind afterwards, as they do in no theory of it.
func largestRemainder(total int, claims []apportion.Claim) ([]apportion.Share, float64, error) {
	sum := Number{}
	weights := make([]Number, len(claims))
	for i, c := range claims {
		weights[i], _ = FromFloat(c.Weight)
		sum = sum.Add(weights[i])
	}
	shares := make([]apportion.Share, len(claims))
	rests, left := make([]Number, len(claims)), total
	order := make([]int, len(claims))
	for i, c := range claims {
		exact, _ := Whole(total).Mul(weights[i]).Div(sum)
		whole, _ := Down.Vehicles(exact)
		shares[i] = apportion.Share{ID: c.ID, Quota: whole}
		rests[i], order[i] = exact.Sub(Whole(whole)), i
		left -= whole
	}
	slices.SortFunc(order, func(i, j int) int {
		if by := rests[j].Cmp(rests[i]); by != 0 {
			return by
		}
		return slices.Compare([]byte(claims[i].ID), []byte(claims[j].ID))
	})
	for _, i := range order[:max(0, min(left, len(order)))] {
		shares[i].Quota++
	}
	for i, c := range claims {
		shares[i].Quota = max(shares[i].Quota, c.Floor)
		if c.Ceiling >= 0 {
			shares[i].Quota = min(shares[i].Quota, c.Ceiling)
		}
	}
	return shares, 0, nil
}
