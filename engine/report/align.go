package report

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// sheet is a table of a terminal: the first column to the left, numbers to the right. A line of
// no cells is a rule.
type sheet struct {
	left  int // columns aligned to the left
	lines [][]string
}

// add adds a line of cells; none is a rule.
func (s *sheet) add(cells ...string) { s.lines = append(s.lines, cells) }

// write appends the table to b, each line after indent. A Chinese character is two columns wide.
func (s *sheet) write(b *strings.Builder, indent string) {
	// An ambiguous sign such as × is one column wide whatever the locale, so that bytes don't depend
	// on the environment.
	width := runewidth.Condition{}
	var widths []int
	for _, line := range s.lines {
		for i, cell := range line {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], width.StringWidth(cell))
		}
	}
	for _, line := range s.lines {
		var text strings.Builder
		if len(line) == 0 {
			line = rules(widths)
		}
		for i, cell := range line {
			gap := strings.Repeat(" ", widths[i]-width.StringWidth(cell))
			if i < s.left {
				text.WriteString(cell + gap + "  ")
			} else {
				text.WriteString(gap + cell + "  ")
			}
		}
		b.WriteString(indent + strings.TrimRight(text.String(), " ") + "\n")
	}
}

// rules returns a line of dashes for each column.
func rules(widths []int) []string {
	line := make([]string, len(widths))
	for i, w := range widths {
		line[i] = strings.Repeat("-", w)
	}
	return line
}
