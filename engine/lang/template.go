package lang

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// causeName is the placeholder that stands for what an Error wraps.
const causeName = "cause"

// placeholder is what may stand between braces: a name, then a verb or a pair of words.
var placeholder = regexp.MustCompile(
	`^([a-z][a-z0-9_]*)` +
		`(?::(d|q|n[0-9]|f[0-9]|pct[0-9]|[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*\.)` +
		`|\|([^|{}]*)\|([^|{}]*))?$`)

// template is a text cut at its placeholders.
type template struct {
	parts []part
}

// part is a piece of a template: literal text when name is empty, otherwise a placeholder, and
// literal is then its own spelling.
type part struct {
	literal   string
	name      string
	verb      string // "", "d", "q", "n0", "f2", "pct1", "limit.", …
	plural    bool   // one and many are to be chosen from
	one, many string
}

// parseTemplate cuts a text at its placeholders. The error names what is wrong and where, in
// bytes from the start of the text.
func parseTemplate(text string) (template, error) {
	var t template
	var literal strings.Builder
	for i := 0; i < len(text); {
		switch rest := text[i:]; {
		case strings.HasPrefix(rest, "{{"), strings.HasPrefix(rest, "}}"):
			literal.WriteByte(rest[0])
			i += 2
		case rest[0] == '}':
			return template{}, fmt.Errorf("the } at byte %d closes nothing: write }} for a brace", i)
		case rest[0] == '{':
			p, err := parsePlaceholder(rest, i)
			if err != nil {
				return template{}, err
			}
			t.literal(&literal)
			t.parts = append(t.parts, p)
			i += len(p.literal)
		default:
			literal.WriteByte(rest[0])
			i++
		}
	}
	t.literal(&literal)
	return t, nil
}

// parsePlaceholder reads the placeholder that text begins with; at is its place in the template.
func parsePlaceholder(text string, at int) (part, error) {
	end := strings.IndexByte(text, '}')
	if end < 0 {
		return part{}, fmt.Errorf("the { at byte %d is never closed: write {{ for a brace", at)
	}
	m := placeholder.FindStringSubmatch(text[1:end])
	if m == nil {
		return part{}, fmt.Errorf("%s at byte %d is no placeholder: "+
			"write {name}, {name:n0}, {name:f2}, {name:pct1}, {name:d}, {name:q}, {name:limit.} "+
			"or {name|one|many}", text[:end+1], at)
	}
	return part{
		literal: text[:end+1], name: m[1], verb: m[2],
		plural: strings.Contains(m[0], "|"), one: m[3], many: m[4],
	}, nil
}

// literal moves what b has gathered into a part of its own.
func (t *template) literal(b *strings.Builder) {
	if b.Len() > 0 {
		t.parts = append(t.parts, part{literal: b.String()})
		b.Reset()
	}
}

// names returns the names of the placeholders, each once, sorted.
func (t template) names() []string {
	var names []string
	for _, p := range t.parts {
		if p.name != "" {
			names = append(names, p.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// choose returns the word for one when v is the number 1, otherwise the word for many.
func (p part) choose(v any) string {
	if n, ok := numberOf(v); ok && n.is(1) {
		return p.one
	}
	return p.many
}
