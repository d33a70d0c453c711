package lang

import (
	"fmt"
	"slices"
	"strings"
)

// Message is a text before it has a language: an id of the catalogue and the arguments of its
// placeholders as pairs of name and value.
type Message struct {
	ID   string
	Args []any // "cell", "8931…", "room", 12, …
}

// M returns the message of an id and its arguments, which are pairs of name and value.
func M(id string, args ...any) Message {
	return Message{ID: id, Args: args}
}

// Text renders m in the language t. It never panics: an id that isn't in the catalogue gives
// the id and the arguments, a placeholder without an argument stays as it is written.
func (t Tag) Text(m Message) string {
	e, ok := entryOf(m.ID)
	if !ok {
		return t.bare(m)
	}
	var b strings.Builder
	for _, p := range e.template(t).parts {
		b.WriteString(t.part(p, m.Args))
	}
	return b.String()
}

// Word renders an id that takes no arguments: a label, a column's title, the name of a limit.
func (t Tag) Word(id string) string {
	return t.Text(Message{ID: id})
}

// Check returns an error that tells what is wrong with m: an id that isn't in the catalogue,
// arguments that aren't pairs, a placeholder without its argument, an argument that no
// placeholder uses. The argument cause may be absent: an Error brings it. Text renders a faulty
// message all the same; Check is for the tests of those who build messages.
func (m Message) Check() error {
	e, ok := entryOf(m.ID)
	if !ok {
		return fmt.Errorf("message %q: not in the catalogue: add it to engine/lang/%s",
			m.ID, fileOf(m.ID))
	}
	given, err := m.names()
	if err != nil {
		return err
	}
	wanted := e.en.names()
	for _, name := range wanted {
		if name != causeName && !slices.Contains(given, name) {
			return fmt.Errorf("message %q: the placeholder {%s} has no argument", m.ID, name)
		}
	}
	for _, name := range given {
		if !slices.Contains(wanted, name) {
			return fmt.Errorf("message %q: no placeholder uses the argument %q", m.ID, name)
		}
	}
	return nil
}

// names returns the names of m's arguments in their order.
func (m Message) names() ([]string, error) {
	if len(m.Args)%2 != 0 {
		return nil, fmt.Errorf("message %q: %d arguments are not pairs of name and value",
			m.ID, len(m.Args))
	}
	names := make([]string, 0, len(m.Args)/2)
	for i := 0; i < len(m.Args); i += 2 {
		name, ok := m.Args[i].(string)
		if !ok {
			return nil, fmt.Errorf("message %q: argument %d is %v, not a name", m.ID, i, m.Args[i])
		}
		names = append(names, name)
	}
	return names, nil
}

// bare renders a message the catalogue doesn't know: its id and what came with it.
func (t Tag) bare(m Message) string {
	if len(m.Args) == 0 {
		return m.ID
	}
	pairs := make([]string, 0, (len(m.Args)+1)/2)
	for i := 0; i+1 < len(m.Args); i += 2 {
		pairs = append(pairs, t.value(m.Args[i], "")+"="+t.value(m.Args[i+1], ""))
	}
	if len(m.Args)%2 != 0 {
		pairs = append(pairs, t.value(m.Args[len(m.Args)-1], ""))
	}
	return m.ID + " (" + strings.Join(pairs, ", ") + ")"
}

// part renders one piece of a template with the arguments of a message.
func (t Tag) part(p part, args []any) string {
	if p.name == "" {
		return p.literal
	}
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); !ok || name != p.name {
			continue
		}
		if p.plural {
			return p.choose(args[i+1])
		}
		return t.value(args[i+1], p.verb)
	}
	return p.literal
}
