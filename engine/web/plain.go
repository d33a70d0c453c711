package web

import (
	"bytes"
	"strconv"
)

// plain reads JSON as programs write it: objects with the names of BatchAsk, each once, strings of
// ASCII without escapes. It says false for everything else, right or wrong, and leaves that to
// encoding/json; where it says true, both agree.
type plain struct {
	rest []byte
}

// space skips white space.
func (p *plain) space() {
	for len(p.rest) > 0 {
		switch p.rest[0] {
		case ' ', '\t', '\n', '\r':
			p.rest = p.rest[1:]
		default:
			return
		}
	}
}

// take reads one character after white space.
func (p *plain) take(c byte) bool {
	p.space()
	if len(p.rest) == 0 || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// end reports whether nothing is left.
func (p *plain) end() bool {
	p.space()
	return len(p.rest) == 0
}

// text reads a string.
func (p *plain) text() (s []byte, ok bool) {
	if !p.take('"') {
		return nil, false
	}
	for i, c := range p.rest {
		switch {
		case c == '"':
			s, p.rest = p.rest[:i], p.rest[i+1:]
			return s, true
		case c < ' ' || c >= 0x7f || c == '\\':
			return nil, false
		}
	}
	return nil, false
}

// number reads a number: -?(0|[1-9][0-9]*)(\.[0-9]+)?, without an exponent.
func (p *plain) number() (s []byte, whole, ok bool) {
	p.space()
	i := 0
	if i < len(p.rest) && p.rest[i] == '-' {
		i++
	}
	from := i
	i += digits(p.rest[i:])
	if i == from || (p.rest[from] == '0' && i > from+1) {
		return nil, false, false
	}
	whole = true
	if i < len(p.rest) && p.rest[i] == '.' {
		n := digits(p.rest[i+1:])
		if n == 0 {
			return nil, false, false
		}
		whole = false
		i += 1 + n
	}
	if i < len(p.rest) && (p.rest[i] == 'e' || p.rest[i] == 'E') {
		return nil, false, false
	}
	s, p.rest = p.rest[:i], p.rest[i:]
	return s, whole, true
}

// digits returns how many digits s begins with.
func digits(s []byte) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func (p *plain) integer(n *int) bool {
	s, whole, ok := p.number()
	if !ok || !whole {
		return false
	}
	v, err := strconv.Atoi(string(s))
	*n = v
	return err == nil
}

func (p *plain) float(x **float64) bool {
	s, _, ok := p.number()
	if !ok {
		return false
	}
	v, err := strconv.ParseFloat(string(s), 64)
	*x = &v
	return err == nil
}

func (p *plain) str(s *string) bool {
	text, ok := p.text()
	*s = string(text)
	return ok
}

func (p *plain) boolean(b *bool) bool {
	p.space()
	for _, word := range [...]string{"true", "false"} {
		if rest, ok := bytes.CutPrefix(p.rest, []byte(word)); ok {
			*b, p.rest = word == "true", rest
			return true
		}
	}
	return false
}

// ask reads one object.
func (p *plain) ask(a *BatchAsk) bool {
	if !p.take('{') {
		return false
	}
	seen := 0
	for {
		name, ok := p.text()
		if !ok || !p.take(':') {
			return false
		}
		bit, ok := p.field(a, name)
		if !ok || seen&bit != 0 {
			return false
		}
		seen |= bit
		if p.take('}') {
			return true
		}
		if !p.take(',') {
			return false
		}
	}
}

// field reads the value of one name, and returns the name's bit.
func (p *plain) field(a *BatchAsk, name []byte) (bit int, ok bool) {
	switch string(name) {
	case "sector":
		return 1, p.str(&a.Sector)
	case "lat":
		return 2, p.float(&a.Lat)
	case "lng":
		return 4, p.float(&a.Lng)
	case "n":
		return 8, p.integer(&a.N)
	case "reserve":
		return 16, p.boolean(&a.Reserve)
	case "hold":
		return 32, p.integer(&a.Hold)
	case "plan":
		return 64, p.str(&a.Plan)
	case "key":
		return 128, p.str(&a.Key)
	}
	return 0, false
}

// batch reads {"asks": [ask, …]} to its end.
func (p *plain) batch() ([]BatchAsk, bool) {
	name, ok := []byte(nil), p.take('{')
	if ok {
		name, ok = p.text()
	}
	if !ok || string(name) != "asks" || !p.take(':') || !p.take('[') {
		return nil, false
	}
	asks := make([]BatchAsk, 0, 128)
	for {
		asks = append(asks, BatchAsk{})
		if !p.ask(&asks[len(asks)-1]) {
			return nil, false
		}
		if p.take(']') {
			return asks, p.take('}') && p.end()
		}
		if !p.take(',') || len(asks) == maxBatch {
			return nil, false
		}
	}
}
