package policy

import (
	"errors"
	"slices"
)

// params takes each parameter from the state, or else from the policy.
func (w *work) params() error {
	for _, x := range w.Policy.Params {
		given, ok := w.state.Params[x.ID]
		kind := x.Kind.orNumber()
		switch {
		case ok && given.Value.Known && given.Value.Kind == kind:
			w.city[x.ID] = given.Value
		case ok:
			return stateError("params."+x.ID, "kind", "want", string(kind))
		case x.Required:
			return stateError("params."+x.ID, "required-param", "unit", x.Unit)
		default:
			w.city[x.ID] = w.exprs[x.Value][""].Eval(nil)
		}
	}
	for name := range w.state.Params {
		if !slices.ContainsFunc(w.Policy.Params, func(x Param) bool { return x.ID == name }) {
			return stateError("params."+name, "unknown-param")
		}
	}
	return nil
}

// read takes the declared facts of a subject into values; figures that the policy doesn't declare
// are refused, so that a misspelt one is never taken for unknown.
func (w *work) read(
	of Subject, path string, given map[string]Datum, values map[string]Value,
) error {
	found := 0
	for _, x := range w.Policy.Facts {
		if x.Of != of {
			continue
		}
		datum, ok := given[x.ID]
		if ok {
			found++
		}
		v, err := w.take(x, datum)
		if err != nil {
			return stateError(path+"."+x.ID, "kind", "want", string(x.Kind.orNumber()))
		}
		values[x.ID] = v
	}
	if found == len(given) {
		return nil
	}
	for name := range given {
		declared := func(x Fact) bool { return x.Of == of && x.ID == name }
		if !slices.ContainsFunc(w.Policy.Facts, declared) {
			return stateError(path+"."+name, "unknown-fact")
		}
	}
	return nil
}

// errKind means that a figure has another kind than its declaration.
var errKind = errors.New("kind")

// take returns one fact: what is given, what a series comes to, or what its absence means.
func (w *work) take(x Fact, datum Datum) (Value, error) {
	kind := x.Kind.orNumber()
	if x.Series != nil && datum.Series != nil {
		if v := w.fold(x.Series, datum.Series); v.Known {
			return v, nil
		}
		datum = Datum{}
	}
	switch {
	case datum.Series != nil || (datum.Value.Known && datum.Value.Kind != kind):
		return Value{}, errKind
	case datum.Value.Known:
		return datum.Value, nil
	case x.Absent != "":
		return w.exprs[x.Absent][""].Eval(nil), nil
	}
	return unknown(kind), nil
}

// fold makes one figure of a series; unknown where nothing of it counts, except that a count is 0.
func (w *work) fold(s *Series, points []Point) Value {
	var kept []Number
	for _, x := range points {
		if (s.From != "" && x.At < s.From) || (s.Until != "" && x.At >= s.Until) {
			continue
		}
		kept = append(kept, x.Value)
	}
	if s.Last > 0 && len(kept) > s.Last {
		kept = kept[len(kept)-s.Last:]
	}
	if s.Where != "" {
		holds := w.exprs[s.Where][ofPoint]
		kept = slices.DeleteFunc(kept, func(x Number) bool {
			v := holds.Eval(func(name string) Value {
				if name == "value" {
					return number(x)
				}
				return w.cityFact(name)
			})
			return !v.Known || !v.Truth
		})
	}
	return reduce(s.Take, kept)
}

// reduce folds figures by the name of a statistic.
func reduce(take string, xs []Number) Value {
	if take == "count" {
		return whole(len(xs))
	}
	if len(xs) == 0 {
		return unknown(KindNumber)
	}
	best, sum := xs[0], Number{}
	for _, x := range xs {
		sum = sum.Add(x)
		if order := x.Cmp(best); (take == "max" && order > 0) || (take == "min" && order < 0) {
			best = x
		}
	}
	switch take {
	case "sum":
		return number(sum)
	case "mean":
		mean, _ := sum.Div(Whole(len(xs)))
		return number(mean)
	case "last":
		return number(xs[len(xs)-1])
	}
	return number(best)
}
