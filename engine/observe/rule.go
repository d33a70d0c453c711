package observe

import (
	"cmp"
	"slices"

	"github.com/stint-city/stint/geo"
)

// Rule is a count rule as MDS Policy has it: how many vehicles of some states and types may be in
// some places together.
type Rule struct {
	Places           []geo.MultiPolygon
	States           StateSet
	Types            []string // empty = every type
	Minimum, Maximum *int     // nil = none
	OpenMinimum      bool     // inclusive_minimum is false
	OpenMaximum      bool     // inclusive_maximum is false
}

// Counted is a vehicle as rules count it.
type Counted struct {
	Provider string
	Type     string
	State    State
	Point    geo.LatLng
	At       int64 // ms of its last event
}

// Violations returns by how many vehicles a policy's rules are broken. Vehicles match in the order
// of their last events; up to the maximum fit a rule, and whoever doesn't fit goes on to the later
// rules. Who fits no rule that it matched, and who lacks to a minimum, is a violation. Places of a
// rule are pooled, and a vehicle in two of them counts once. Each provider is judged alone, unless
// shared.
//
// Source: MDS Policy 2.0; cases with reasons in ../shared/cases/counts.
func Violations(rules []Rule, vehicles []Counted, shared bool) int {
	if shared {
		return violations(rules, vehicles)
	}
	by := map[string][]Counted{}
	for _, v := range vehicles {
		by[v.Provider] = append(by[v.Provider], v)
	}
	total := 0
	for _, list := range by {
		total += violations(rules, list)
	}
	if len(by) == 0 {
		return violations(rules, nil)
	}
	return total
}

func violations(rules []Rule, vehicles []Counted) int {
	left := slices.Clone(vehicles)
	slices.SortStableFunc(left, func(a, b Counted) int { return cmp.Compare(a.At, b.At) })
	over := make([]bool, len(left)) // matched a rule and did not fit
	done := make([]bool, len(left)) // fits a rule
	total := 0
	for i := range rules {
		r := &rules[i]
		matched := 0
		for n := range left {
			if done[n] || !r.matches(&left[n]) {
				continue
			}
			matched++
			done[n] = r.Maximum == nil || matched <= r.most()
			over[n] = !done[n]
		}
		if r.Minimum != nil {
			total += max(0, r.least()-matched)
		}
	}
	for n := range left {
		if over[n] && !done[n] {
			total++
		}
	}
	return total
}

func (r *Rule) most() int {
	if r.OpenMaximum {
		return *r.Maximum - 1
	}
	return *r.Maximum
}

func (r *Rule) least() int {
	if r.OpenMinimum {
		return *r.Minimum + 1
	}
	return *r.Minimum
}

func (r *Rule) matches(v *Counted) bool {
	return r.States.Has(v.State) && (len(r.Types) == 0 || slices.Contains(r.Types, v.Type)) &&
		slices.ContainsFunc(r.Places, func(m geo.MultiPolygon) bool { return m.Contains(v.Point) })
}
