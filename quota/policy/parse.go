package policy

import (
	"slices"
	"strings"
)

// Scope says which facts an expression may use and of what kind they are.
type Scope func(name string) (Kind, bool)

// Expr is a checked expression: a condition or a formula of a rule. The zero value is no
// expression.
type Expr struct {
	text string
	root node
}

// String returns the expression as it was written.
func (e Expr) String() string { return e.text }

// Kind returns what the expression is worth.
func (e Expr) Kind() Kind { return e.root.kind() }

// Absent reports whether there is no expression.
func (e Expr) Absent() bool { return e.root == nil }

// Facts returns the names of the facts that the expression reads, in their order, each once.
func (e Expr) Facts() []string {
	var names []string
	if e.root != nil {
		e.root.walk(func(n node) {
			if f, ok := n.(fact); ok && !slices.Contains(names, f.name) {
				names = append(names, f.name)
			}
		})
	}
	return names
}

// Eval returns what the expression is worth, given its facts. Arithmetic and comparisons with an
// unknown fact are unknown; "and" with something false is false, "or" with something true is true,
// whatever is unknown beside it. A division by zero is unknown.
func (e Expr) Eval(facts func(name string) Value) Value { return e.root.eval(facts) }

// Decide is Eval of a condition.
func (e Expr) Decide(facts func(name string) Value) (holds, known bool) {
	return decide(e.root, facts)
}

// ParseExpr returns the expression of a text, or an *ExprError for the first thing wrong with it:
//
//	condition = condition "or" condition | condition "and" condition | "not" condition
//	          | formula ("<" | "<=" | ">" | ">=" | "=" | "!=") formula
//	          | formula ["not"] "in" "[" formula {"," formula} "]"
//	          | "at_least" "(" k "," condition {"," condition} ")" | "known" "(" fact ")" | fact
//	formula   = formula ("+" | "-" | "*" | "/") formula | "-" formula | "(" … ")"
//	          | ("min" | "max") "(" formula {"," formula} ")" | "abs" "(" formula ")"
//	          | "pick" "(" place {"," formula} ")" | "if" "(" condition "," formula "," formula ")"
//	          | number | number "%" | "text" | fact
//
// "and" binds before "or", "not" before both, * and / before + and -.
func ParseExpr(expr string, scope Scope) (Expr, error) {
	tokens, err := scan(expr)
	if err != nil {
		return Expr{}, err
	}
	p := parser{expr: expr, tokens: tokens, scope: scope}
	root, err := p.or()
	if err != nil {
		return Expr{}, err
	}
	if t := p.peek(); t.kind != endToken {
		return Expr{}, fault(expr, t.at, "rest", t.text, "")
	}
	return Expr{expr, root}, nil
}

// parser reads an expression from the left; one method a line of the grammar.
type parser struct {
	expr   string
	tokens []token
	next   int
	depth  int
	scope  Scope
}

// maxDepth bounds how deep parentheses nest, against a stack overflow by a hostile rule.
const maxDepth = 100

func (p *parser) peek() token { return p.tokens[p.next] }

func (p *parser) fault(t token, code, want string) error {
	return fault(p.expr, t.at, code, t.text, want)
}

// take moves past the next token if it is one of some signs or words.
func (p *parser) take(words ...string) (string, bool) {
	t := p.peek()
	if (t.kind == signToken || t.kind == nameToken) && slices.Contains(words, t.text) {
		p.next++
		return t.text, true
	}
	return "", false
}

func (p *parser) or() (node, error) {
	return p.chain(p.and, "or", func(l, r node) node { return logic{l, r, true} })
}

func (p *parser) and() (node, error) {
	return p.chain(p.not, "and", func(l, r node) node { return logic{l, r, false} })
}

// chain reads conditions joined by a word.
func (p *parser) chain(
	part func() (node, error), word string, join func(l, r node) node,
) (node, error) {
	at := p.peek()
	left, err := part()
	for err == nil {
		if _, ok := p.take(word); !ok {
			return left, nil
		}
		if left.kind() != KindTruth {
			return nil, p.fault(at, "condition", string(KindTruth))
		}
		at = p.peek()
		var right node
		if right, err = part(); err == nil && right.kind() != KindTruth {
			return nil, p.fault(at, "condition", string(KindTruth))
		}
		left = join(left, right)
	}
	return nil, err
}

func (p *parser) not() (node, error) {
	if _, ok := p.take("not"); !ok {
		return p.comparison()
	}
	if p.depth++; p.depth > maxDepth {
		return nil, p.fault(p.peek(), "deep", "")
	}
	defer func() { p.depth-- }()
	at := p.peek()
	inner, err := p.not()
	if err == nil && inner.kind() != KindTruth {
		err = p.fault(at, "condition", string(KindTruth))
	}
	return negation{inner}, err
}

func (p *parser) comparison() (node, error) {
	left, err := p.sum()
	if err != nil {
		return nil, err
	}
	at := p.peek()
	if sign, ok := p.take("<", "<=", ">", ">=", "=", "==", "!="); ok {
		right, err := p.sum()
		if err != nil {
			return nil, err
		}
		return p.compare(at, left, strings.Replace(sign, "==", "=", 1), right)
	}
	_, not := p.take("not")
	if _, ok := p.take("in"); !ok {
		if not {
			return nil, p.fault(p.peek(), "missing", "in")
		}
		return left, nil
	}
	choices, err := p.list(at, left)
	if err != nil {
		return nil, err
	}
	var in node = member{left, choices}
	if not {
		in = negation{in}
	}
	return in, nil
}

// compare returns a comparison of two values of one kind; only numbers have an order.
func (p *parser) compare(at token, left node, sign string, right node) (node, error) {
	if left.kind() != right.kind() {
		return nil, p.fault(at, "kinds", string(left.kind())+" "+sign+" "+string(right.kind()))
	}
	if left.kind() != KindNumber && sign != "=" && sign != "!=" {
		return nil, p.fault(at, "order", string(KindNumber))
	}
	return comparison{left, sign, right}, nil
}

// list reads the choices of "in", each of the kind of what is looked for.
func (p *parser) list(at token, of node) ([]node, error) {
	if _, ok := p.take("["); !ok {
		return nil, p.fault(p.peek(), "missing", "[")
	}
	choices, err := p.arguments("]")
	for _, choice := range choices {
		if choice.kind() != of.kind() {
			return nil, p.fault(at, "kinds", string(of.kind())+" in "+string(choice.kind()))
		}
	}
	return choices, err
}

// arguments reads expressions up to a closing sign; one at least.
func (p *parser) arguments(closing string) ([]node, error) {
	var list []node
	for {
		n, err := p.or()
		if err != nil {
			return nil, err
		}
		list = append(list, n)
		if _, ok := p.take(closing); ok {
			return list, nil
		}
		if _, ok := p.take(","); !ok {
			return nil, p.fault(p.peek(), "missing", closing)
		}
	}
}

func (p *parser) sum() (node, error)     { return p.arithmetic(p.product, "+", "-") }
func (p *parser) product() (node, error) { return p.arithmetic(p.unary, "*", "/") }

// arithmetic reads formulas joined by signs of one strength.
func (p *parser) arithmetic(part func() (node, error), signs ...string) (node, error) {
	left, err := part()
	for err == nil {
		at := p.peek()
		sign, ok := p.take(signs...)
		if !ok {
			return left, nil
		}
		var right node
		if right, err = part(); err != nil {
			break
		}
		if left.kind() != KindNumber || right.kind() != KindNumber {
			return nil, p.fault(at, "kinds", string(KindNumber))
		}
		left = arithmetic{left, sign, right}
	}
	return nil, err
}

func (p *parser) unary() (node, error) {
	at := p.peek()
	if _, ok := p.take("-"); !ok {
		return p.atom()
	}
	if p.depth++; p.depth > maxDepth {
		return nil, p.fault(at, "deep", "")
	}
	defer func() { p.depth-- }()
	inner, err := p.unary()
	if err == nil && inner.kind() != KindNumber {
		err = p.fault(at, "kinds", string(KindNumber))
	}
	return arithmetic{constant{whole(0)}, "-", inner}, err
}

func (p *parser) atom() (node, error) {
	t := p.peek()
	p.next++
	switch t.kind {
	case numberToken:
		return p.number(t)
	case textToken:
		return constant{text(t.text)}, nil
	case nameToken:
		return p.name(t)
	case signToken:
		if t.text == "(" {
			return p.group()
		}
	}
	p.next--
	return nil, p.fault(t, "missing", string(KindNumber))
}

func (p *parser) group() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fault(p.peek(), "deep", "")
	}
	defer func() { p.depth-- }()
	inner, err := p.or()
	if err != nil {
		return nil, err
	}
	if _, ok := p.take(")"); !ok {
		return nil, p.fault(p.peek(), "missing", ")")
	}
	return inner, nil
}

// number reads a constant; a per cent is a hundredth of it.
func (p *parser) number(t token) (node, error) {
	x, err := ParseNumber(t.text)
	if err != nil {
		return nil, p.fault(t, "number", "")
	}
	if _, ok := p.take("%"); ok {
		x, _ = x.Div(Whole(100))
	}
	return constant{number(x)}, nil
}

// name reads a word of the language, a function or a fact.
func (p *parser) name(t token) (node, error) {
	switch t.text {
	case "true", "false":
		return constant{truth(t.text == "true")}, nil
	case "and", "or", "not", "in":
		p.next--
		return nil, p.fault(t, "missing", string(KindNumber))
	}
	if _, ok := p.take("("); ok {
		return p.call(t)
	}
	kind, ok := p.scope(t.text)
	if !ok {
		return nil, p.fault(t, "unknown-fact", "")
	}
	return fact{t.text, kind}, nil
}

// call reads the arguments of a function and checks their kinds.
func (p *parser) call(t token) (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fault(t, "deep", "")
	}
	defer func() { p.depth-- }()
	args, err := p.arguments(")")
	if err != nil {
		return nil, err
	}
	f := call{t.text, args}
	if want := f.wrong(); want != "" {
		return nil, p.fault(t, "arguments", want)
	}
	return f, nil
}
