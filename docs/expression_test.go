package docs_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// expression is a value or an expression of an example, as docs/algorithms.md defines them.
type expression struct {
	op    string // number, word, name, list, record, call, ? or one of + - * /
	text  string // of a number, word or name; the function of a call
	keys  []string
	parts []expression
}

// tokens are the pieces of a line. A word may hold hyphens, so that a minus stands between blanks.
var tokens = regexp.MustCompile(`\d+(?:\.\d+)?|[A-Za-z][\w-]*|[-+*/()\[\]{},:=?]|\S`)

// parser reads tokens from the left.
type parser struct{ left []string }

// parse reads a whole text as one expression.
func parse(text string) (expression, error) {
	p := parser{tokens.FindAllString(text, -1)}
	e, err := p.sum()
	if err == nil && len(p.left) > 0 {
		err = fmt.Errorf("%q is left over", strings.Join(p.left, " "))
	}
	return e, err
}

// take removes the next token if it is one of those given, and returns it.
func (p *parser) take(any ...string) string {
	for _, t := range any {
		if len(p.left) > 0 && p.left[0] == t {
			p.left = p.left[1:]
			return t
		}
	}
	return ""
}

func (p *parser) sum() (expression, error) {
	return p.chain(func() (expression, error) { return p.chain(p.operand, "*", "/") }, "+", "-")
}

// chain reads operands joined by operators of one rank, from the left.
func (p *parser) chain(operand func() (expression, error), ops ...string) (expression, error) {
	e, err := operand()
	for err == nil {
		op := p.take(ops...)
		if op == "" {
			break
		}
		var right expression
		right, err = operand()
		e = expression{op: op, parts: []expression{e, right}}
	}
	return e, err
}

func (p *parser) operand() (expression, error) {
	if len(p.left) == 0 {
		return expression{}, fmt.Errorf("a value is missing")
	}
	t := p.left[0]
	p.left = p.left[1:]
	switch first := t[0]; {
	case t == "?":
		return expression{op: "?"}, nil
	case t == "(":
		e, err := p.sum()
		if err == nil && p.take(")") == "" {
			err = fmt.Errorf("a bracket is open")
		}
		return e, err
	case t == "[":
		return p.items(expression{op: "list"}, "]")
	case t == "{":
		return p.items(expression{op: "record"}, "}")
	case first >= '0' && first <= '9':
		return expression{op: "number", text: t}, nil
	case p.take("(") != "":
		return p.items(expression{op: "call", text: t}, ")")
	case first >= 'A' && first <= 'Z':
		return expression{op: "name", text: t}, nil
	case first >= 'a' && first <= 'z':
		return expression{op: "word", text: t}, nil
	}
	return expression{}, fmt.Errorf("%q can't stand here", t)
}

// items reads what stands between commas up to the closing bracket; a record's have keys.
func (p *parser) items(e expression, closing string) (expression, error) {
	for p.take(closing) == "" {
		if len(e.parts) > 0 && p.take(",") == "" {
			return e, fmt.Errorf("a comma or %q is missing", closing)
		}
		if e.op == "record" {
			if len(p.left) < 2 || p.left[1] != ":" {
				return e, fmt.Errorf("a record's value has no key")
			}
			e.keys = append(e.keys, p.left[0])
			p.left = p.left[2:]
		}
		item, err := p.sum()
		if err != nil {
			return e, err
		}
		e.parts = append(e.parts, item)
	}
	return e, nil
}

// scope is what expressions are evaluated in: functions, and the names given so far.
type scope struct {
	functions map[string]any
	names     map[string]any
	used      map[string]bool // functions and names
}

// eval returns float64, string, bool, []any, map[string]any, or nil for what is unknown.
func (s *scope) eval(e expression) (any, error) {
	switch e.op {
	case "?":
		return nil, nil
	case "number":
		return strconv.ParseFloat(e.text, 64)
	case "word":
		if e.text == "true" || e.text == "false" {
			return e.text == "true", nil
		}
		return e.text, nil
	case "name":
		v, ok := s.names[e.text]
		if !ok {
			return nil, fmt.Errorf("the name %s isn't given", e.text)
		}
		s.used[e.text] = true
		return v, nil
	}
	parts := make([]any, len(e.parts))
	for i, part := range e.parts {
		var err error
		if parts[i], err = s.eval(part); err != nil {
			return nil, err
		}
	}
	switch e.op {
	case "list":
		return parts, nil
	case "record":
		record := map[string]any{}
		for i, key := range e.keys {
			record[key] = parts[i]
		}
		return record, nil
	case "call":
		s.used[e.text] = true
		return call(s.functions[e.text], e.text, parts)
	}
	return arithmetic(e.op, parts[0], parts[1])
}

func arithmetic(op string, left, right any) (any, error) {
	a, aOK := left.(float64)
	b, bOK := right.(float64)
	if !aOK || !bOK {
		return nil, fmt.Errorf("%v %s %v: these aren't numbers", left, op, right)
	}
	switch op {
	case "+":
		return a + b, nil
	case "-":
		return a - b, nil
	case "*":
		return a * b, nil
	}
	return a / b, nil
}

// call passes plain values to a function of the packages by way of JSON: its parameters and its
// result are what JSON makes of them, and a key that a parameter doesn't have is an error.
func call(function any, name string, args []any) (any, error) {
	if function == nil {
		return nil, fmt.Errorf("there is no function %s", name)
	}
	f := reflect.ValueOf(function)
	if f.Type().NumIn() != len(args) {
		return nil, fmt.Errorf("%s takes %d arguments, not %d", name, f.Type().NumIn(), len(args))
	}
	in := make([]reflect.Value, len(args))
	for i, arg := range args {
		param := reflect.New(f.Type().In(i))
		if err := recode(arg, param.Interface()); err != nil {
			return nil, fmt.Errorf("argument %d of %s: %w", i+1, name, err)
		}
		in[i] = param.Elem()
	}
	out := f.Call(in)
	if len(out) == 2 && !out[1].IsNil() {
		return nil, fmt.Errorf("%s: %w", name, out[1].Interface().(error))
	}
	var result any
	err := recode(out[0].Interface(), &result)
	return result, err
}

// recode turns one Go value into another of the same JSON.
func recode(from, to any) error {
	data, err := json.Marshal(from)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	return decoder.Decode(to)
}
