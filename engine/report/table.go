package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// Table writes what a person at a terminal wants first: for each sector the total with what
// holds it back, the operators with their quotas, and how many warnings the plan carries.
func Table(w io.Writer, p *engine.Plan, tag lang.Tag) error {
	var b strings.Builder
	b.WriteString(tag.Text(lang.M("table.title", "city", named(p.City.Name, tag, p.City.ID),
		"plan", short(p.ID))) + "\n")
	if notice := p.City.Notice.In(string(tag)); notice != "" {
		b.WriteString(notice + "\n")
	}
	for i := range p.Sectors {
		b.WriteString("\n")
		sectorLines(&b, &p.Sectors[i], tag)
		sectorTable(&p.Sectors[i], tag).write(&b, "  ")
	}
	b.WriteString("\n" + tag.Text(lang.M("table.notes", "warnings", len(Warnings(p, tag)),
		"assumptions", len(Assumptions(p, tag)))) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// sectorLines writes the sector's total, capacity and what holds the total back.
func sectorLines(b *strings.Builder, s *engine.SectorPlan, tag lang.Tag) {
	b.WriteString(tag.Text(lang.M("table.sector", "sector", named(s.Name, tag, s.ID),
		"total", s.Total, "cells", len(s.Cells))) + "\n")
	t := &sheet{left: 2}
	say := func(label, id string, args ...any) {
		t.add(tag.Word(label), tag.Text(lang.M(id, args...)))
	}
	if unlimited(s) {
		say("word.capacity", "word.unknown")
	} else {
		say("word.capacity", "table.range",
			"mid", s.Capacity.Mid, "low", s.Capacity.Low, "high", s.Capacity.High)
	}
	if s.Capacity.Unknown > 0 {
		say("table.without-limit", "table.some-cells", "cells", s.Capacity.Unknown)
	}
	say("table.not-more", "table.because", "reason", s.Reason)
	switch {
	case s.Unit != unitTrips: // what a vehicle standing is worth is no price of space
	case s.Shadow == nil:
		say("word.shadow-price", "word.unknown")
	default:
		say("word.shadow-price", "table.per-vehicle", "trips", *s.Shadow)
	}
	t.write(b, "  ")
	b.WriteString("\n")
}

// unlimited reports whether nothing known limits any cell of the sector.
func unlimited(s *engine.SectorPlan) bool {
	return len(s.Cells) > 0 && s.Capacity.Unknown == len(s.Cells)
}

// unitTrips is the unit of a sector whose demand is trips a day.
const unitTrips = "trips"

// sectorTable returns the operators with score, previous quota, quota and change, and their sums.
func sectorTable(s *engine.SectorPlan, tag lang.Tag) *sheet {
	t := &sheet{left: 1}
	t.add(tag.Word("word.operator"), tag.Word("word.score"), tag.Word("word.previous"),
		tag.Word("word.quota"), tag.Word("table.change"), tag.Word("word.share"))
	t.add()
	previous, all, total := 0, true, 0
	for k := range s.Operators {
		o := &s.Operators[k]
		t.add(named(o.Name, tag, o.ID), score(tag, o.Score), vehicles(tag, o.Previous),
			grouped(tag, o.Quota), change(tag, o.Previous, o.Quota), share(o.Quota, s.Total))
		if o.Previous >= 0 {
			previous += o.Previous
		} else {
			all = false
		}
		total += o.Quota
	}
	t.add()
	if !all {
		t.add(tag.Word("table.sum"), "", grouped(tag, previous), grouped(tag, total), "", "")
		return t
	}
	t.add(tag.Word("table.sum"), "", grouped(tag, previous), grouped(tag, total),
		change(tag, previous, total), "")
	return t
}

// score writes a score with one decimal.
func score(tag lang.Tag, x *float64) string {
	if x == nil {
		return tag.Word("word.unknown")
	}
	return fixed(*x, 1)
}

// vehicles writes a number of vehicles, -1 as none.
func vehicles(tag lang.Tag, n int) string {
	if n < 0 {
		return tag.Word("word.none")
	}
	return grouped(tag, n)
}

// grouped writes n with separators between the thousands.
func grouped(tag lang.Tag, n int) string { return tag.Text(lang.M("table.number", "n", n)) }

// change writes the signed difference to a previous number, if there was one.
func change(tag lang.Tag, previous, n int) string {
	switch {
	case previous < 0:
		return tag.Word("table.new")
	case n > previous:
		return "+" + grouped(tag, n-previous)
	case n < previous:
		return "−" + grouped(tag, previous-n)
	}
	return "0"
}

// share writes n as per cent of total.
func share(n, total int) string {
	if total == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f%%", 100*float64(n)/float64(total))
}
