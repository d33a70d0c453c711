package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/apportion"
	"github.com/stint-city/stint/quota/merit"
)

// sentence renders an error in the reader's language. The rooms of arithmetic return typed errors
// with numbers; this is the edge where they become texts of the catalogue.
func (a *app) sentence(err error) string {
	sector := ""
	if in := (*engine.SectorError)(nil); errors.As(err, &in) {
		sector = in.Sector
	}
	var (
		node   *quota.InfeasibleError
		totals *merit.InfeasibleError
		cut    *apportion.CutError
		beyond *apportion.RangeError
		breach *engine.Breach
	)
	switch {
	case errors.Is(err, engine.ErrUnsound):
		return a.tag.Error(err)
	case errors.As(err, &node):
		return a.tag.Text(floors(node, sector))
	case errors.As(err, &totals):
		return a.tag.Text(operators(totals, sector))
	case errors.Is(err, merit.ErrWeightless):
		return a.tag.Text(lang.M("infeasible.weightless", "sector", sector))
	case errors.Is(err, merit.ErrBase):
		return a.tag.Text(lang.M("infeasible.base", "sector", sector, "text", err))
	case errors.As(err, &cut) && sector == "":
		return a.tag.Text(a.unplaced(cut))
	case errors.As(err, &beyond) && sector == "":
		return a.tag.Text(outside(beyond))
	case errors.As(err, &cut):
		text := a.tag.Text(lang.M("infeasible.matrix", "sector", sector, "rows", cut.Rows,
			"need", cut.Need, "placeable", cut.Placeable, "short", cut.Shortfall,
			"cells", len(cut.Cols), "entries", len(cut.Entries)))
		if matrix := (*engine.MatrixError)(nil); errors.As(err, &matrix) {
			return a.wayOut(text, matrix.Relaxation)
		}
		return text
	case errors.As(err, &breach):
		return a.tag.Text(broken(breach))
	}
	return a.tag.Error(worded(err))
}

// wayOut adds to a text the cheapest relaxation.
func (a *app) wayOut(text string, way *apportion.Relaxation) string {
	if way == nil {
		return a.tag.Text(lang.M("infeasible.no-way-out", "text", text))
	}
	const most = 6 // what a reader takes in; more of them are of the same kinds
	var reliefs []string
	for i, r := range way.Reliefs {
		if i == most {
			more := lang.M("infeasible.more-reliefs", "n", len(way.Reliefs)-most)
			reliefs = append(reliefs, a.tag.Text(more))
			break
		}
		reliefs = append(reliefs, a.tag.Text(lang.M("infeasible."+string(r.Remedy),
			"row", r.Row, "col", r.Col, "from", r.From, "to", r.To)))
	}
	return a.tag.Text(lang.M("infeasible.way-out", "text", text, "cost", way.Cost,
		"reliefs", strings.Join(reliefs, a.tag.Word("word.semicolon"))))
}

// worded gives the engine's typed errors their texts of the catalogue; others stay as they are.
func worded(err error) error {
	var (
		text *lang.Error
		ask  *engine.AskError
		rule *engine.RuleBreach
		zone *engine.ZoneError
		no   *engine.Refusal
	)
	switch {
	case errors.As(err, &text): // whoever wrapped it has said it
	case errors.As(err, &ask):
		return lang.E(err, "ask."+ask.Code, ask.Args...)
	case errors.As(err, &rule):
		return lang.E(err, "bureau."+rule.Code, rule.Args...)
	case errors.As(err, &zone):
		id, args := zone.Message()
		return lang.E(err, id, args...)
	case errors.As(err, &no):
		id, args := no.Message()
		return lang.E(err, id, args...)
	}
	return err
}

// floors words a floor that does not fit.
func floors(e *quota.InfeasibleError, sector string) lang.Message {
	id := "infeasible.node-cells"
	switch {
	case e.Node == "":
		return lang.M("infeasible.cell", "sector", sector, "cell", e.Cell.String(),
			"need", e.Need, "room", e.Room, "short", e.Short)
	case e.By == quota.ReasonTotal:
		return lang.M("infeasible.total", "sector", sector,
			"need", e.Need, "room", e.Room, "short", e.Short)
	case e.By == quota.ReasonNode:
		id = "infeasible.node-cap"
	}
	return lang.M(id, "sector", sector, "node", e.Node,
		"need", e.Need, "room", e.Room, "short", e.Short)
}

// operators words totals that the operators' bounds can't make up.
func operators(e *merit.InfeasibleError, sector string) lang.Message {
	var held []string
	for _, o := range e.Operators {
		held = append(held, fmt.Sprintf("%s %d–%d", o.ID, o.Floor, o.Ceiling))
	}
	list := strings.Join(held, "; ")
	switch {
	case e.Total < e.Low:
		return lang.M("infeasible.operators-low", "sector", sector, "low", e.Low,
			"total", e.Total, "short", e.Low-e.Total, "held", list)
	case e.Total > e.High:
		return lang.M("infeasible.operators-high", "sector", sector, "high", e.High,
			"total", e.Total, "short", e.Total-e.High, "held", list)
	}
	return lang.M("infeasible.operators-conflict", "sector", sector, "held", list)
}

// broken words a breach of a plan.
func broken(b *engine.Breach) lang.Message {
	args := b.Args
	sum := (*quota.Breach)(nil)
	switch {
	case errors.As(b.Err, &sum):
		args = []any{"text", sum.Error()}
	case b.Err != nil:
		args = append(args, "text", b.Err.Error())
	}
	return lang.M("breach."+b.Code, args...)
}
