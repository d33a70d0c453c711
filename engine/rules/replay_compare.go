package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/stint-city/stint/quota/policy"
)

// compareTrees returns an outcome for every leaf of want: what got has there.
func compareTrees(id, path string, want, got any) []Outcome {
	switch w := want.(type) {
	case map[string]any:
		var list []Outcome
		for _, key := range slices.Sorted(maps.Keys(w)) {
			list = append(list, compareTrees(id, join(path, key), w[key], child(got, key))...)
		}
		return list
	case []any:
		items, ok := got.([]any)
		if !ok || len(items) != len(w) {
			return []Outcome{{id, path, show(want), show(got), false}}
		}
		var list []Outcome
		for i := range w {
			list = append(list, compareTrees(id, fmt.Sprintf("%s[%d]", path, i), w[i], items[i])...)
		}
		return list
	}
	return []Outcome{{id, path, show(want), show(got), same(want, got)}}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// child returns a key of an object, or the element of a list that has it as its ID.
func child(tree any, key string) any {
	switch t := tree.(type) {
	case map[string]any:
		return t[key]
	case []any:
		for _, x := range t {
			object, ok := x.(map[string]any)
			if !ok {
				continue
			}
			name, _ := object["id"].(string)
			if of, has := object["of"].(string); has {
				name += ":" + of
			}
			if rule, has := object["rule"].(string); has && object["cap"] == nil {
				if name+":"+rule == key {
					return x
				}
			}
			if name == key {
				return x
			}
		}
	}
	return nil
}

// same compares leaves: numbers by their worth, 75000 and 75000.0 are one.
func same(want, got any) bool {
	a, okA := want.(json.Number)
	b, okB := got.(json.Number)
	if okA && okB {
		x, errX := policy.ParseNumber(a.String())
		y, errY := policy.ParseNumber(b.String())
		return errX == nil && errY == nil && x.Cmp(y) == 0
	}
	return want == got
}

func show(tree any) string {
	data, err := json.Marshal(tree)
	if err != nil {
		return fmt.Sprint(tree)
	}
	return string(data)
}

// factsOf returns the facts that conditions on a decision may read: total, allocated, reserve,
// lost, unallocated, operators; of an operator quota.ID, before.ID, delta.ID, score.ID, rank.ID,
// grade.ID, status.ID, cut.ID, the part of its quota that it loses, and zone.ID.ZONE; the same of
// an earlier case with its ID and a dot in front. Hyphens in IDs are written as _.
func factsOf(
	d *policy.Decision, decided map[string]*policy.Decision,
) func(name string) (policy.Value, bool) {
	facts := map[string]policy.Value{}
	add(facts, "", d)
	for id, earlier := range decided {
		if earlier != d {
			add(facts, plain(id)+".", earlier)
		}
	}
	return func(name string) (policy.Value, bool) {
		v, ok := facts[name]
		return v, ok
	}
}

func plain(id string) string { return strings.ReplaceAll(id, "-", "_") }

// add puts the facts of a decision under a prefix.
func add(facts map[string]policy.Value, prefix string, d *policy.Decision) {
	count := func(name string, n *int) {
		v := policy.Value{Kind: policy.KindNumber}
		if n != nil {
			v.Known, v.Number = true, policy.Whole(*n)
		}
		facts[prefix+name] = v
	}
	operators := len(d.Operators)
	count("total", d.Total)
	count("allocated", &d.Allocated)
	count("reserve", &d.Reserve)
	count("lost", &d.Lost)
	count("unallocated", d.Left)
	count("operators", &operators)
	for i := range d.Operators {
		o := &d.Operators[i]
		id := plain(o.ID)
		count("quota."+id, o.Quota)
		count("before."+id, o.Before)
		count("delta."+id, &o.Delta)
		count("rank."+id, o.Rank)
		score, cut := policy.Value{Kind: policy.KindNumber}, policy.Value{Kind: policy.KindNumber}
		if o.Score != nil {
			score.Known, score.Number = true, *o.Score
		}
		if o.Before != nil && o.Quota != nil && *o.Before > 0 {
			cut.Known = true
			cut.Number, _ = policy.Whole(*o.Before - *o.Quota).Div(policy.Whole(*o.Before))
		}
		facts[prefix+"score."+id], facts[prefix+"cut."+id] = score, cut
		facts[prefix+"grade."+id] = word(o.Grade)
		facts[prefix+"status."+id] = word(o.Status)
		for zone, n := range o.Zones {
			count("zone."+id+"."+plain(zone), &n)
		}
	}
}

func word(s string) policy.Value {
	return policy.Value{Kind: policy.KindText, Known: s != "", Text: s}
}
