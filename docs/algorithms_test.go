// Package docs_test holds the documents to their word: it runs the examples of algorithms.md,
// parses the city files of cityfile.md and holds its table to the code.
package docs_test

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// statement is one line of an example, with those that go on with it.
type statement struct {
	line int
	text string
}

// section is a part of a page under a heading of the second level.
type section struct {
	title    string
	promises []string // its headings that promise an example
	kept     []string // those of them under which one stands
	lines    []statement
}

// sections reads a page. A heading "### Example: ..." promises a block marked example below it.
func sections(page string) []section {
	var list []section
	fence := "" // of the block we are in
	for i, line := range strings.Split(page, "\n") {
		last := len(list) - 1
		switch {
		case fence != "" && line == "```":
			fence = ""
		case fence == "```example" && strings.HasPrefix(line, " ") && len(list[last].lines) > 0:
			list[last].lines[len(list[last].lines)-1].text += line
		case fence == "```example" && line != "" && !strings.HasPrefix(line, "#"):
			list[last].lines = append(list[last].lines, statement{i + 1, line})
		case fence == "" && strings.HasPrefix(line, "```"):
			fence = line
			if p := list[last].promises; line == "```example" && len(p) > 0 {
				list[last].kept = append(list[last].kept, p[len(p)-1])
			}
		case fence == "" && strings.HasPrefix(line, "## "):
			list = append(list, section{title: strings.TrimPrefix(line, "## ")})
		case fence == "" && strings.HasPrefix(line, "### Example: "):
			list[last].promises = append(list[last].promises, strings.TrimPrefix(line, "### "))
		}
	}
	return list
}

// run carries out one statement: it names a value, or compares a result.
func (s *scope) run(text string) error {
	if m := regexp.MustCompile(`^let ([A-Z]\w*) = (.*)$`).FindStringSubmatch(text); m != nil {
		if _, named := s.names[m[1]]; named && !s.used[m[1]] {
			return fmt.Errorf("the name %s is given twice and wasn't used", m[1])
		}
		e, err := parse(m[2])
		if err == nil {
			s.names[m[1]], err = s.eval(e)
		}
		return err
	}
	left, right, ok := strings.Cut(text, " = ")
	if !ok {
		return fmt.Errorf("a line is a let or has a result")
	}
	e, err := parse(left)
	if err != nil {
		return err
	}
	want, err := parse(right)
	if err != nil {
		return err
	}
	got, err := s.eval(e)
	if err != nil {
		return err
	}
	return compare(want, got)
}

// compare holds a result to what the page prints: numbers to the digits printed, records to the
// keys printed.
func compare(want expression, got any) error {
	switch want.op {
	case "number":
		return compareNumber(want.text, got)
	case "word":
		if fmt.Sprint(got) != want.text {
			return fmt.Errorf("got %v, want %s", got, want.text)
		}
	case "?":
		if got != nil {
			return fmt.Errorf("got %v, want it unknown", got)
		}
	case "list":
		list, _ := got.([]any)
		if len(list) != len(want.parts) {
			return fmt.Errorf("got %v, want %d items", got, len(want.parts))
		}
		for i, part := range want.parts {
			if err := compare(part, list[i]); err != nil {
				return fmt.Errorf("item %d: %w", i+1, err)
			}
		}
	case "record":
		record, _ := got.(map[string]any)
		for i, part := range want.parts {
			value, ok := record[want.keys[i]]
			if !ok {
				return fmt.Errorf("got %v, without %s", got, want.keys[i])
			}
			if err := compare(part, value); err != nil {
				return fmt.Errorf("%s: %w", want.keys[i], err)
			}
		}
	default:
		return fmt.Errorf("a result is a value, not a %s", want.op)
	}
	return nil
}

func compareNumber(want string, got any) error {
	value, err := strconv.ParseFloat(want, 64)
	if err != nil {
		return err
	}
	_, decimals, _ := strings.Cut(want, ".")
	half := 0.5 * math.Pow10(-len(decimals))
	number, ok := got.(float64)
	if !ok || !(math.Abs(number-value) <= half*(1+1e-9)) {
		return fmt.Errorf("got %v, want %s", got, want)
	}
	return nil
}

func TestExamplesOfTheAlgorithms(t *testing.T) {
	page, err := os.ReadFile("algorithms.md")
	if err != nil {
		t.Fatal(err)
	}
	marks := regexp.MustCompile("(?m)^ *```(.+)$").FindAllStringSubmatch(string(page), -1)
	for _, info := range marks {
		if info[1] != "example" {
			t.Errorf("a block is marked %q, which nothing runs", info[1])
		}
	}
	used := map[string]bool{}
	for _, section := range sections(string(page)) {
		t.Run(section.title, func(t *testing.T) {
			if strings.Contains(section.title, ". ") && len(section.promises) == 0 {
				t.Error("the section has no example")
			}
			if !slices.Equal(section.kept, section.promises) {
				t.Errorf("examples stand under %q, but are promised by %q",
					section.kept, section.promises)
			}
			s := scope{functions(), map[string]any{}, used}
			for _, line := range section.lines {
				if err := s.run(line.text); err != nil {
					t.Errorf("algorithms.md:%d: %s: %v", line.line, line.text, err)
				}
			}
			for name := range s.names {
				if !used[name] {
					t.Errorf("the name %s is never used", name)
				}
				delete(used, name)
			}
		})
	}
	for name := range functions() {
		if !used[name] {
			t.Errorf("no example calls %s", name)
		}
		if !strings.Contains(string(page), "`"+name) {
			t.Errorf("the page doesn't say what %s is", name)
		}
	}
}

// A runner that holds whatever it is given would prove nothing.
func TestALineOfAnExampleFails(t *testing.T) {
	tests := map[string]struct{ line, want string }{
		"on an unknown function":           {"fleet(1) = 1", "no function fleet"},
		"on an unknown name":               {"Fleet + 1 = 2", "name Fleet isn't given"},
		"on a wrong number":                {"1 + 1 = 3", "got 2, want 3"},
		"on a digit too many":              {"1 / 3 = 0.334", "want 0.334"},
		"on a wrong word":                  {"[true, no] = [true, yes]", "item 2: got no, want yes"},
		"on a list of another length":      {"[1, 2] = [1]", "want 1 items"},
		"on a key the result lacks":        {"{a: 1} = {b: 1}", "without b"},
		"on a figure that isn't unknown":   {"1 = ?", "want it unknown"},
		"on an unknown figure":             {"? = 0", "got <nil>, want 0"},
		"on a key the function lacks":      {"cell_totals([{name: x}], [], {}) = 1", "unknown field"},
		"on an argument too few":           {"ln() = 0", "takes 1 arguments"},
		"on a fraction for a whole number": {"erlang_b(1.5, 1) = 0.5", "argument 1 of erlang_b"},
		"without a result":                 {"1 + 1", "a line is a let or has a result"},
		"on a bracket left open":           {"(1 + 1 = 2", "a bracket is open"},
		"on a result to be worked out":     {"2 = 1 + 1", "a result is a value"},
		"on what is left over":             {"1 2 = 1", `"2" is left over`},
		"on a stray sign":                  {"1 + % = 1", `"%" can't stand here`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := scope{functions(), map[string]any{}, map[string]bool{}}
			err := s.run(tt.line)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: got %v, want an error with %q", tt.line, err, tt.want)
			}
		})
	}
}

func TestAHeadingKeepsItsPromise(t *testing.T) {
	page := "## 1. A\n### Example: one\n```\nx\n```\n### Example: two\n```example\n1 = 1\n```\n"
	got := sections(page)
	if len(got) != 1 || len(got[0].promises) != 2 || len(got[0].kept) != 1 || len(got[0].lines) != 1 {
		t.Errorf("sections = %+v, want two promises, one kept with one line", got)
	}
}
