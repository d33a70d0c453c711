package report

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// mostCells is how many changed cells Diff shows; --json has all of them.
const mostCells = 20

// Diff writes what changes from plan a to plan b: totals, operators, the cells with the largest
// change and how many vehicles move.
func Diff(w io.Writer, a, b *engine.Plan, tag lang.Tag) error {
	d := Compare(a, b)
	var out strings.Builder
	say := func(id string, args ...any) { out.WriteString(tag.Text(lang.M(id, args...)) + "\n") }
	say("diff.title", "from", short(d.From), "to", short(d.To))
	if d.From == d.To {
		say("diff.same")
	}
	if d.City {
		say("diff.other-city", "from", a.City.ID, "to", b.City.ID)
	}
	if d.Policy[0] != d.Policy[1] {
		say("diff.policy", "from", d.Policy[0], "to", d.Policy[1])
	}
	for _, in := range d.Inputs {
		say("diff.input", "role", in.Role, "path", in.Path)
	}
	for i := range d.Sectors {
		out.WriteString("\n")
		sectorDiff(&out, &d.Sectors[i], tag)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// sectorDiff writes one sector.
func sectorDiff(out *strings.Builder, d *SectorDiff, tag lang.Tag) {
	say := func(id string, args ...any) { out.WriteString(tag.Text(lang.M(id, args...)) + "\n") }
	say("diff.sector", "sector", d.ID, "from", d.From, "to", d.To,
		"change", change(tag, d.From, d.To))
	say = func(id string, args ...any) { out.WriteString("  " + tag.Text(lang.M(id, args...)) + "\n") }
	say("diff.capacity", "from", d.Capacity[0], "to", d.Capacity[1])
	say("diff.churn", "placed", d.Placed, "removed", d.Removed,
		"cells", len(d.Cells), "churn", d.Churn)
	t := &sheet{left: 1}
	t.add(tag.Word("word.operator"), tag.Word("diff.score-from"), tag.Word("diff.score-to"),
		tag.Word("diff.from"), tag.Word("diff.to"), tag.Word("table.change"))
	t.add()
	for _, o := range d.Operators {
		t.add(o.ID, score(tag, o.Score[0]), score(tag, o.Score[1]),
			grouped(tag, o.From), grouped(tag, o.To), change(tag, o.From, o.To))
	}
	t.write(out, "  ")
	if len(d.Cells) == 0 {
		return
	}
	out.WriteString("\n")
	if len(d.Cells) > mostCells {
		say("diff.largest", "n", mostCells, "cells", len(d.Cells))
	}
	cellDiffs(d, tag).write(out, "  ")
}

// cellDiffs returns the cells in which most vehicles move, with each operator's change.
func cellDiffs(d *SectorDiff, tag lang.Tag) *sheet {
	cells := slices.Clone(d.Cells)
	slices.SortStableFunc(cells, func(a, b CellDiff) int { return cmp.Compare(moved(b), moved(a)) })
	t := &sheet{left: 3}
	t.add(tag.Word("word.cell"), tag.Word("word.district"), tag.Word("word.operator"),
		tag.Word("diff.from"), tag.Word("diff.to"), tag.Word("table.change"), tag.Word("word.reason"))
	t.add()
	for _, c := range cells[:min(mostCells, len(cells))] {
		for i, e := range c.Operators {
			cell, district := c.Cell, c.District
			if i > 0 {
				cell, district = "", ""
			}
			t.add(cell, district, e.ID, grouped(tag, e.From), grouped(tag, e.To),
				change(tag, e.From, e.To), reasonWord(tag, e.Reason))
		}
	}
	return t
}

// moved is the number of vehicles placed in or removed from a cell.
func moved(c CellDiff) int {
	n := 0
	for _, e := range c.Operators {
		n += max(e.To-e.From, e.From-e.To)
	}
	return n
}

// reasonWord is the text of a quota's code.
func reasonWord(tag lang.Tag, code string) string {
	if code == "" {
		return tag.Word("diff.gone")
	}
	return tag.Text(lang.M("diff.reason", "code", code))
}
