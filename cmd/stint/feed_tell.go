package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/stint-city/stint/engine/gbfs"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
)

// tellFeed prints files, problems, fleets and health.
func (a *app) tellFeed(out *feedReport) error {
	t := a.table("feed.file-head")
	for i := range out.Files {
		f := &out.Files[i]
		usable := a.tag.Word(fmt.Sprintf("word.%t", f.Usable))
		if f.Outcome != "" && !f.Usable {
			usable = a.outcome(string(f.Outcome), f.Status)
		}
		t.row(fileName(f.Path), orDash(f.Version), feedTime(f.Updated), a.feedAge(f.File, out.Now),
			ttlText(f.TTL), strconv.Itoa(f.Items), usable, strconv.Itoa(len(f.Problems)))
	}
	if err := t.flush(); err != nil {
		return err
	}
	if err := a.tellProblems(out.Problems); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(a.Out) // flush tells
	t = a.table("feed.fleet-head")
	for i := range out.Fleets {
		x := &out.Fleets[i]
		var states []string
		for _, s := range x.sortedStates() {
			states = append(states, fmt.Sprintf("%s %d", a.tag.Word("feed.state-"+s), x.States[s]))
		}
		t.row(a.tag.Word("feed.count-"+string(x.Count)), feedTime(x.At), strconv.Itoa(x.Vehicles),
			orDash(strings.Join(states, a.tag.Word("word.semicolon"))))
	}
	if err := t.flush(); err != nil {
		return err
	}
	return a.tellFeedHealth(out.Health)
}

// tellProblems prints every deviation with the place of its first example.
func (a *app) tellProblems(list []lenient.Problem) error {
	if len(list) == 0 {
		_, err := fmt.Fprintf(a.Out, "\n%s\n", a.tag.Word("feed.clean"))
		return err
	}
	_, _ = fmt.Fprintln(a.Out) // flush tells
	t := a.table("feed.problem-head")
	for _, p := range list {
		first := p.First
		if p.Line > 0 {
			first = fmt.Sprintf("%s %d:%d", p.First, p.Line, p.Column)
		}
		t.row(orDash(p.Feed), orDash(p.Field), a.tag.Word("feed.kind-"+string(p.Kind)),
			strconv.Itoa(p.Count), orDash(strings.TrimSpace(first)), orDash(p.Got))
	}
	return t.flush()
}

// tellFeedHealth prints how far the feed can be relied upon.
func (a *app) tellFeedHealth(list []observe.Health) error {
	_, _ = fmt.Fprintln(a.Out) // flush tells
	t := a.table("feed.health-head")
	number := func(n *int) string {
		if n == nil {
			return a.tag.Word("word.unknown")
		}
		return strconv.Itoa(*n)
	}
	for i := range list {
		h := &list[i]
		old := a.tag.Word("word.unknown")
		if h.Age != nil {
			old = age(*h.Age)
		}
		t.row(h.Operator, orDash(h.Sector), a.tag.Word("observe.is-"+h.Status), old, number(h.Vehicles),
			a.share(h.Duplicates), number(h.Zero), number(h.Swapped), a.share(h.OutOfCity),
			a.share(h.Persistence))
	}
	if err := t.flush(); err != nil {
		return err
	}
	return a.tellQuality(list)
}

// outcome writes how a question ended, with the status of HTTP.
func (a *app) outcome(outcome string, status int) string {
	word := a.tag.Word("feed.outcome-" + outcome)
	if status == 0 {
		return word
	}
	return a.tag.Text(lang.M("feed.status", "word", word, "status", status))
}

// feedAge is how old a file is at the time now, by its own word.
func (a *app) feedAge(f *gbfs.File, now int64) string {
	if f.Updated == 0 {
		return a.tag.Word("word.unknown")
	}
	return age(now - f.Updated)
}

func ttlText(ttl int) string {
	if ttl < 0 {
		return "–"
	}
	return strconv.Itoa(ttl)
}

func feedTime(at int64) string {
	if at == 0 {
		return "–"
	}
	return time.UnixMilli(at).UTC().Format(time.RFC3339)
}
