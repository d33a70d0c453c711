package lenient

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says what is wrong; its words are in the catalogue under feed.kind-.
type Kind string

// The kinds of problems.
const (
	Missing   Kind = "missing"   // a field that the standard requires isn't there
	Type      Kind = "type"      // another JSON type than the standard's; the value was understood
	Value     Kind = "value"     // it can't be understood and is taken as absent
	Range     Kind = "range"     // a number or a text beyond what can be
	Word      Kind = "word"      // a word that the standard doesn't have
	Unit      Kind = "unit"      // another unit than the standard's; the value was understood
	Repeated  Kind = "repeated"  // a key or an ID for the second time; the first holds
	Unknown   Kind = "unknown"   // it refers to something that isn't there
	Version   Kind = "version"   // a version, or a field of a version, that is not the feed's
	Future    Kind = "future"    // a time to come
	Zero      Kind = "zero"      // the position (0, 0): a receiver without a fix
	Swapped   Kind = "swapped"   // latitude and longitude changed places
	Nowhere   Kind = "nowhere"   // a position that is not on Earth
	Outside   Kind = "outside"   // a position far from all others, or out of the city
	Mismatch  Kind = "mismatch"  // two numbers of the feed that can't both be true
	Unlisted  Kind = "unlisted"  // a file that the discovery doesn't name
	Absent    Kind = "absent"    // a file that the discovery names and nobody has
	Frozen    Kind = "frozen"    // the content changed and its time did not
	Fewer     Kind = "fewer"     // less than two thirds of what the file held before
	Truncated Kind = "truncated" // the text ends in the middle
	Syntax    Kind = "syntax"    // no JSON
	Trailing  Kind = "trailing"  // something stands behind the JSON text
	Mark      Kind = "mark"      // a byte order mark stands before it
	Further   Kind = "further"   // problems of kinds beyond what a report tells apart
)

// Kinds returns every kind, for the tests of the catalogue.
func Kinds() []Kind {
	return []Kind{
		Missing, Type, Value, Range, Word, Unit, Repeated, Unknown, Version, Future, Zero, Swapped,
		Nowhere, Outside, Mismatch, Unlisted, Absent, Frozen, Fewer, Truncated, Syntax, Trailing, Mark,
		Further,
	}
}

// Problem is one kind of deviation of one field.
type Problem struct {
	Feed   string `json:"feed"`  // which file of the feed
	Field  string `json:"field"` // data.bikes[].lat; "" = the file itself
	Kind   Kind   `json:"kind"`
	Count  int    `json:"count"`
	First  string `json:"first,omitempty"`  // the path of the first: data.bikes[17].lat
	Line   int    `json:"line,omitempty"`   // of the first, from 1; 0 = not known
	Column int    `json:"column,omitempty"` // bytes, from 1
	Got    string `json:"got,omitempty"`    // what stands there, cut; never an ID
}

// problemKey is what makes two deviations the same problem.
type problemKey struct {
	feed, field string
	kind        Kind
}

// Report counts problems in the order in which they were met. The zero value is an empty report.
type Report struct {
	Problems []Problem
	index    map[problemKey]int
}

// mostProblems is how many problems a report tells apart; a field has few, so that only a text
// made to fill a memory reaches it.
const mostProblems = 300

// Add counts a problem: its first example stays. Beyond mostProblems different ones, all others
// are one of the kind Further.
func (r *Report) Add(p Problem) {
	k := problemKey{p.Feed, p.Field, p.Kind}
	if _, known := r.index[k]; !known && len(r.Problems) >= mostProblems {
		p = Problem{Kind: Further}
		k = problemKey{kind: Further}
	}
	if n, known := r.index[k]; known {
		r.Problems[n].Count++
		return
	}
	if r.index == nil {
		r.index = map[problemKey]int{}
	}
	r.index[k] = len(r.Problems)
	p.Count = 1
	r.Problems = append(r.Problems, p)
}

// Count returns how often a kind of problem was met in a field.
func (r *Report) Count(feed, field string, kind Kind) int {
	n, known := r.index[problemKey{feed, field, kind}]
	if !known {
		return 0
	}
	return r.Problems[n].Count
}

// cut shortens a text to what a sentence can hold, without what a terminal would obey.
func cut(s string) string {
	const most = 60
	if strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }) {
		s = strings.Map(func(c rune) rune {
			if unicode.IsPrint(c) {
				return c
			}
			return unicode.ReplacementChar
		}, s[:min(len(s), most*utf8.UTFMax)])
	}
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// lineOf returns the line and column of an offset in a text, from 1.
func lineOf(text []byte, offset int) (line, column int) {
	offset = min(max(0, offset), len(text))
	before := text[:offset]
	return bytes.Count(before, []byte("\n")) + 1, offset - bytes.LastIndexByte(before, '\n')
}
