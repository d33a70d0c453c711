package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/observe"
)

// tellObserved prints fleets, health and findings.
func (a *app) tellObserved(out *observed) error {
	_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("observe.read", "rows", out.Rows,
		"bad", out.Bad, "batches", out.Batches, "method", out.Method)))
	if err != nil {
		return err
	}
	t := a.table("observe.fleet-head")
	for _, f := range out.Fleets {
		t.row(time.UnixMilli(f.At).UTC().Format(time.RFC3339), f.Operator, orDash(f.Sector),
			strconv.Itoa(f.Vehicles), strconv.Itoa(f.Cells))
	}
	if err := t.flush(); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(a.Out) // flush tells
	t = a.table("observe.health-head")
	for i := range out.Health {
		h := &out.Health[i]
		last := a.tag.Word("word.unknown")
		if h.IDsLast != nil {
			last = a.tag.Word(fmt.Sprintf("observe.last-%t", *h.IDsLast))
		}
		t.row(h.Operator, orDash(h.Sector), a.tag.Word("observe.is-"+h.Status), a.share(h.Coverage),
			a.share(h.Duplicates), a.share(h.OutOfCity), a.share(h.LastShare), last)
	}
	if err := t.flush(); err != nil {
		return err
	}
	if err := a.tellQuality(out.Health); err != nil {
		return err
	}
	if err := a.tellFences(out); err != nil {
		return err
	}
	if err := a.tellEpisodes(out); err != nil {
		return err
	}
	return a.tellFindings(out)
}

// tellFences prints how much of the parking was within a tolerance of a fence.
func (a *app) tellFences(out *observed) error {
	if len(out.Fences) == 0 {
		return nil
	}
	_, _ = fmt.Fprintln(a.Out) // flush tells
	t := a.table("street.fence-head")
	for i := range out.Fences {
		f := &out.Fences[i]
		t.row(f.Operator, orDash(f.Sector), plainNumber(f.Tolerance), strconv.Itoa(f.Within),
			strconv.Itoa(f.Of), a.share(f.Share))
	}
	return t.flush()
}

// shownEpisodes are the episodes that are printed; the files have them all.
const shownEpisodes = 20

// tellEpisodes prints how many pile-ups and starvations there were, and the worst of them by name.
func (a *app) tellEpisodes(out *observed) error {
	if len(out.Episodes) == 0 {
		return nil
	}
	_, _ = fmt.Fprintln(a.Out) // flush tells
	t := a.table("street.episode-head")
	list := slices.Clone(out.Episodes)
	slices.SortStableFunc(list, func(x, y observedEpisode) int {
		return cmp.Compare(math.Abs(y.Worst.N-y.Worst.Limit), math.Abs(x.Worst.N-x.Worst.Limit))
	})
	for i := range list[:min(len(list), shownEpisodes)] {
		e := &list[i]
		t.row(a.tag.Word("observe.find-"+e.Kind), a.class(e.Class), orDash(e.Street), orDash(e.District),
			e.Cell.String(), clockText(e.From), clockText(e.Until), plainNumber(e.Worst.N),
			fmt.Sprintf("%.4g", e.Worst.Limit))
	}
	if err := t.flush(); err != nil {
		return err
	}
	by := map[string]int{}
	for i := range out.Episodes {
		by[cmp.Or(out.Episodes[i].Class, out.Episodes[i].Kind)]++
	}
	_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("street.episodes", "n", len(out.Episodes),
		"standing", by[observe.PileStanding], "transient", by[observe.PileTransient],
		"untold", by[observe.PileUntold], "starved", by[observe.FindStarved])))
	return err
}

// class is the word for the class of a pile-up.
func (a *app) class(class string) string {
	if class == "" {
		return "–"
	}
	return a.tag.Word("street.class-" + class)
}

// tellFindings prints how many findings there are of each kind, operator and zone, and what could
// not be told.
func (a *app) tellFindings(out *observed) error {
	_, _ = fmt.Fprintln(a.Out) // flush tells
	t := a.table("observe.finding-head")
	for i := 0; i < len(out.Findings); {
		f, n := out.Findings[i], 0
		for ; i < len(out.Findings) && out.Findings[i].Kind == f.Kind &&
			out.Findings[i].Operator == f.Operator &&
			(out.Findings[i].Zone == f.Zone || f.Kind == observe.FindFence); i++ {
			n++
		}
		if f.Kind == observe.FindFence { // the nearest fence is no place of many
			f.Zone = ""
		}
		t.row(a.tag.Word("observe.find-"+f.Kind), orDash(f.Operator), orDash(f.Zone),
			strconv.Itoa(n))
	}
	if err := t.flush(); err != nil {
		return err
	}
	for _, g := range out.Gaps {
		_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("observe.gap", "kind",
			a.tag.Word("observe.find-"+g.Kind), "operator", orDash(g.Operator),
			"why", a.tag.Word("observe.is-"+g.Why))))
		if err != nil {
			return err
		}
	}
	return nil
}

// share writes a part of one as a percentage; unknown is said.
func (a *app) share(x *float64) string {
	if x == nil {
		return a.tag.Word("word.unknown")
	}
	return fmt.Sprintf("%.1f %%", math.Round(1000**x)/10)
}
