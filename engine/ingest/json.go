package ingest

import (
	"bytes"
	"encoding/json"
)

// object decodes blocks of JSON objects, by the members of a tree. What the tree doesn't name is
// skipped to its end and not checked further.
type object struct {
	tree  *node
	data  []byte
	v     values
	rank  [columns]int // of the value in v; only where v has one
	where [columns]int // of the value in v
	wrong int          // where the object can't be read
}

func newJSON(tree *node) *object { return &object{tree: tree} }

// decode reads every object of a block. One that can't be read is skipped whole.
func (o *object) decode(b *block, each func(*values, *fault, func(column) int)) {
	o.data = b.data
	for i := skipBlank(o.data, 0); i < len(o.data); i = skipBlank(o.data, i) {
		end := balance(o.data, i)
		if end < 0 {
			return // the source sends whole objects only
		}
		start := i
		o.v, o.where = values{}, [columns]int{}
		at := func(c column) int {
			if o.where[c] > 0 {
				return o.where[c]
			}
			return start
		}
		if n, ok := o.members(o.tree, i); ok && n == end {
			each(&o.v, nil, at)
		} else {
			each(nil, &fault{id: "ingest.json"}, func(column) int { return min(o.wrong, end) })
		}
		i = end
	}
}

// members reads the object at i and returns where it ends; false, and o.wrong, where it is none.
func (o *object) members(tree *node, i int) (end int, ok bool) {
	d := o.data
	i = skipSpace(d, i+1)
	if i < len(d) && d[i] == '}' {
		return i + 1, true
	}
	for {
		if i >= len(d) || d[i] != '"' {
			return o.fail(i)
		}
		close := endOfString(d, i)
		if close < 0 {
			return o.fail(i)
		}
		child := tree.children[string(d[i+1:close-1])]
		if i = skipSpace(d, close); i >= len(d) || d[i] != ':' {
			return o.fail(i)
		}
		i = skipSpace(d, i+1)
		next, ok := o.member(child, i)
		if !ok {
			return 0, false
		}
		if i = skipSpace(d, next); i >= len(d) {
			return o.fail(i)
		}
		switch d[i] {
		case '}':
			return i + 1, true
		case ',':
			i = skipSpace(d, i+1)
		default:
			return o.fail(i)
		}
	}
}

// member reads the value at i of a member that the tree names, nil for one it doesn't.
func (o *object) member(child *node, i int) (end int, ok bool) {
	d := o.data
	if i >= len(d) {
		return o.fail(i)
	}
	switch c := d[i]; {
	case c == '{' && child != nil && child.children != nil:
		return o.members(child, i)
	case c == '{' || c == '[':
		if end = balance(d, i); end < 0 || child != nil && child.columns != nil {
			return o.fail(i)
		}
		return end, true
	case c == '"':
		if end = endOfString(d, i); end < 0 {
			return o.fail(i)
		}
		if child == nil || child.columns == nil {
			return end, true
		}
		text := d[i+1 : end-1]
		if bytes.IndexByte(text, '\\') >= 0 {
			var s string
			if json.Unmarshal(d[i:end], &s) != nil {
				return o.fail(i)
			}
			text = []byte(s)
		}
		o.set(child, i, bytes.TrimSpace(text))
		return end, true
	}
	if end = endOfScalar(d, i); end == i || !scalar(d[i:end]) {
		return o.fail(i)
	}
	if text := d[i:end]; child != nil && string(text) != "null" {
		o.set(child, i, text)
	}
	return end, true
}

// set gives a value to a member's columns, unless a name that counts before told one.
func (o *object) set(child *node, i int, text []byte) {
	for _, c := range child.columns {
		if o.v[c.column] == nil || c.rank < o.rank[c.column] {
			o.v[c.column], o.rank[c.column], o.where[c.column] = text, c.rank, i
		}
	}
}

func (o *object) fail(i int) (int, bool) {
	o.wrong = i
	return 0, false
}

// scalar reports whether a text is a number, true, false or null.
func scalar(text []byte) bool {
	switch text[0] {
	case 't':
		return string(text) == "true"
	case 'f':
		return string(text) == "false"
	case 'n':
		return string(text) == "null"
	}
	return json.Valid(text)
}
