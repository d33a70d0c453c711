package report

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// texts checks the files that are written anew and compared line by line.
func (c *checker) texts() error {
	for _, t := range []file{
		{MapFile, func(w io.Writer) error { return writeMap(w, c.plan) }},
		{ScoresFile, func(w io.Writer) error { return writeScores(w, c.plan) }},
	} {
		var want bytes.Buffer
		if err := t.write(&want); err != nil {
			return err
		}
		if err := c.lines(t.name, &want); err != nil {
			return err
		}
	}
	return nil
}

// lines compares a file of the folder with what it should be.
func (c *checker) lines(name string, want io.Reader) error {
	f, err := c.open(name)
	if err != nil {
		return err
	}
	return errors.Join(c.compare(name, bufio.NewReader(f), bufio.NewReader(want)), f.Close())
}

// compare returns a breach for the first line that differs.
func (c *checker) compare(name string, got, want *bufio.Reader) error {
	for line := 1; ; line++ {
		a, endA := got.ReadString('\n')
		b, endB := want.ReadString('\n')
		if a != b {
			a, b, key := around(strings.TrimSuffix(a, "\n"), strings.TrimSuffix(b, "\n"))
			return c.differs(Breach{name, line, key, a, b, nil})
		}
		if endA != nil || endB != nil {
			return nil
		}
	}
}

// around cuts two lines down to the value in which they first differ, and returns the JSON key
// or the mark-up before it.
func around(a, b string) (gotValue, wantValue, key string) {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	from := strings.LastIndexAny(a[:at], ",:>[{") + 1
	head := strings.TrimRight(a[:from], ":>")
	key = head[strings.LastIndexAny(head, ",{[<>")+1:]
	key = strings.Trim(key, " \t\"")
	if key == "" {
		key = "text"
	}
	return value(a[from:]), value(b[from:]), key
}

// value returns the text up to the end of its value, and no more than a line of a terminal.
func value(s string) string {
	if end := strings.IndexAny(s, ",}]<"); end >= 0 {
		s = s[:end]
	}
	const most = 80
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most])
	}
	return strings.TrimSpace(s)
}
