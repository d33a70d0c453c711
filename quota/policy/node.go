package policy

// node is one part of an expression.
type node interface {
	kind() Kind
	eval(facts func(string) Value) Value
	walk(visit func(node))
}

type constant struct{ value Value }

func (c constant) kind() Kind                    { return c.value.Kind }
func (c constant) eval(func(string) Value) Value { return c.value }
func (c constant) walk(visit func(node))         { visit(c) }

type fact struct {
	name string
	is   Kind
}

func (f fact) kind() Kind                          { return f.is }
func (f fact) eval(facts func(string) Value) Value { return facts(f.name) }
func (f fact) walk(visit func(node))               { visit(f) }

// logic is "or" where any, else "and".
type logic struct {
	left, right node
	any         bool
}

func (l logic) kind() Kind { return KindTruth }

func (l logic) eval(facts func(string) Value) Value {
	holds, known := l.decide(facts)
	return Value{Kind: KindTruth, Known: known, Truth: known && holds}
}

func (l logic) decide(facts func(string) Value) (holds, known bool) {
	left, leftKnown := decide(l.left, facts)
	if leftKnown && left == l.any {
		return left, true
	}
	right, rightKnown := decide(l.right, facts)
	if rightKnown && (right == l.any || leftKnown) {
		return right, true
	}
	return false, false
}

// decider is a node that decides a condition without making a Value of it.
type decider interface {
	decide(facts func(string) Value) (holds, known bool)
}

// decide returns what a condition is worth.
func decide(n node, facts func(string) Value) (holds, known bool) {
	if d, ok := n.(decider); ok {
		return d.decide(facts)
	}
	v := n.eval(facts)
	return v.Truth, v.Known
}

func (l logic) walk(visit func(node)) {
	l.left.walk(visit)
	l.right.walk(visit)
}

type negation struct{ inner node }

func (n negation) kind() Kind { return KindTruth }

func (n negation) eval(facts func(string) Value) Value {
	v := n.inner.eval(facts)
	v.Truth = !v.Truth
	return v
}

func (n negation) walk(visit func(node)) { n.inner.walk(visit) }

type comparison struct {
	left  node
	sign  string
	right node
}

func (c comparison) kind() Kind { return KindTruth }

func (c comparison) eval(facts func(string) Value) Value {
	holds, known := c.decide(facts)
	return Value{Kind: KindTruth, Known: known, Truth: holds}
}

func (c comparison) decide(facts func(string) Value) (holds, known bool) {
	left := c.left.eval(facts)
	if !left.Known {
		return false, false
	}
	right := c.right.eval(facts)
	if !right.Known {
		return false, false
	}
	order := 0
	switch left.Kind {
	case KindNumber:
		order = left.Number.Cmp(right.Number)
	case KindText:
		order = differ(left.Text != right.Text)
	case KindTruth:
		order = differ(left.Truth != right.Truth)
	}
	switch c.sign {
	case "<":
		return order < 0, true
	case "<=":
		return order <= 0, true
	case ">":
		return order > 0, true
	case ">=":
		return order >= 0, true
	case "!=":
		return order != 0, true
	}
	return order == 0, true
}

func differ(d bool) int {
	if d {
		return 1
	}
	return 0
}

func (c comparison) walk(visit func(node)) {
	c.left.walk(visit)
	c.right.walk(visit)
}

type member struct {
	of      node
	choices []node
}

func (m member) kind() Kind { return KindTruth }

func (m member) eval(facts func(string) Value) Value {
	known := true
	for _, choice := range m.choices {
		same := comparison{m.of, "=", choice}.eval(facts)
		if same.Known && same.Truth {
			return same
		}
		known = known && same.Known
	}
	return Value{Kind: KindTruth, Known: known}
}

func (m member) walk(visit func(node)) {
	m.of.walk(visit)
	for _, choice := range m.choices {
		choice.walk(visit)
	}
}

type arithmetic struct {
	left  node
	sign  string
	right node
}

func (a arithmetic) kind() Kind { return KindNumber }

func (a arithmetic) eval(facts func(string) Value) Value {
	left, right := a.left.eval(facts), a.right.eval(facts)
	if !left.Known || !right.Known {
		return unknown(KindNumber)
	}
	switch x, y := left.Number, right.Number; a.sign {
	case "+":
		return number(x.Add(y))
	case "-":
		return number(x.Sub(y))
	case "*":
		return number(x.Mul(y))
	default:
		q, ok := x.Div(y)
		return Value{Kind: KindNumber, Known: ok, Number: q}
	}
}

func (a arithmetic) walk(visit func(node)) {
	a.left.walk(visit)
	a.right.walk(visit)
}

// call is a function: min, max, abs, pick, if, known or at_least.
type call struct {
	name string
	args []node
}

func (c call) kind() Kind {
	if c.name == "known" || c.name == "at_least" {
		return KindTruth
	}
	return KindNumber
}

// wrong returns what the function wants instead of its arguments, "" where they are right.
func (c call) wrong() string {
	of := KindNumber
	args := c.args
	switch c.name {
	case "min", "max":
	case "pick":
		if len(args) < 2 {
			return "pick(number, number, ...)"
		}
	case "if":
		if len(args) != 3 || args[0].kind() != KindTruth {
			return "if(condition, number, number)"
		}
		args = args[1:]
	case "abs":
		if len(args) != 1 {
			return "abs(number)"
		}
	case "known":
		if _, ok := args[0].(fact); !ok || len(args) != 1 {
			return "known(fact)"
		}
		return ""
	case "at_least":
		k, ok := args[0].(constant)
		if !ok || k.value.Kind != KindNumber || len(args) < 2 {
			return "at_least(number, condition, ...)"
		}
		of, args = KindTruth, args[1:]
	default:
		return "min, max, abs, pick, if, known or at_least"
	}
	for _, a := range args {
		if a.kind() != of {
			return c.name + "(" + string(of) + ", ...)"
		}
	}
	return ""
}

func (c call) eval(facts func(string) Value) Value {
	switch c.name {
	case "known":
		return truth(c.args[0].eval(facts).Known)
	case "at_least":
		return c.atLeast(facts)
	case "pick":
		return c.pick(facts)
	case "if":
		switch v := c.args[0].eval(facts); {
		case !v.Known:
			return unknown(KindNumber)
		case v.Truth:
			return c.args[1].eval(facts)
		}
		return c.args[2].eval(facts)
	}
	best := c.args[0].eval(facts)
	if c.name == "abs" && best.Number.Sign() < 0 {
		best.Number = Number{}.Sub(best.Number)
	}
	for _, a := range c.args[1:] {
		v := a.eval(facts)
		if !v.Known {
			return v
		}
		if order := v.Number.Cmp(best.Number); (c.name == "min") == (order < 0) {
			best.Number = v.Number
		}
	}
	return best
}

// pick returns the figure in the place that the first one says, unknown where there is no such
// place.
func (c call) pick(facts func(string) Value) Value {
	at := c.args[0].eval(facts)
	for i, a := range c.args[1:] {
		if at.Known && at.Number.Cmp(Whole(i+1)) == 0 {
			return a.eval(facts)
		}
	}
	return unknown(KindNumber)
}

// atLeast is true where k conditions hold, false where k can't hold any more, else unknown.
func (c call) atLeast(facts func(string) Value) Value {
	hold, open := 0, 0
	for _, a := range c.args[1:] {
		switch v := a.eval(facts); {
		case !v.Known:
			open++
		case v.Truth:
			hold++
		}
	}
	k := c.args[0].(constant).value.Number
	switch {
	case Whole(hold).Cmp(k) >= 0:
		return truth(true)
	case Whole(hold+open).Cmp(k) < 0:
		return truth(false)
	}
	return unknown(KindTruth)
}

func (c call) walk(visit func(node)) {
	for _, a := range c.args {
		a.walk(visit)
	}
}
