package engine

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Objection is what somebody has against a publication.
type Objection struct {
	ID          string // number of the log entry that filed it
	Publication string
	By          string
	At          time.Time
	Text        string
	Answered    bool
	Accepted    bool
	Answer      string
	AnsweredBy  string
}

// Object files an objection to a publication within its window: anybody who says who they are may.
func (e *Engine) Object(ctx context.Context, by Actor, id, text string) (Objection, error) {
	made, err := e.record(ctx, by, kindObjected, func(f *file) (entry, error) {
		p := f.publication(id)
		switch {
		case p == nil || p.Stage == StageDraft:
			return entry{}, notFound("no-publication", "id", cut(id))
		case by.ID == "":
			return entry{}, forbidden("nameless")
		case strings.TrimSpace(text) == "":
			return entry{}, unfit("no-text")
		case p.Stage != StageNotice || !e.now().Before(p.Terms.ObjectionsUntil):
			return entry{}, stage("window-closed", "id", p.ID, "until", day(p.Terms.ObjectionsUntil))
		}
		return entry{Publication: id, Text: text}, nil
	})
	if err != nil {
		return Objection{}, err
	}
	return e.objection(strconv.FormatInt(made.Seq, 10))
}

// AnswerObjection answers an objection, once.
func (e *Engine) AnswerObjection(
	ctx context.Context, by Actor, id string, accepted bool, text string,
) (Objection, error) {
	if err := officer(by); err != nil {
		return Objection{}, err
	}
	_, err := e.record(ctx, by, kindAnswered, func(f *file) (entry, error) {
		o := f.objection(id)
		switch {
		case o == nil:
			return entry{}, notFound("no-objection", "id", cut(id))
		case o.Answered:
			return entry{}, stage("answered", "id", id)
		case strings.TrimSpace(text) == "":
			return entry{}, unfit("no-text")
		}
		return entry{Objection: id, Accepted: accepted, Text: text}, nil
	})
	if err != nil {
		return Objection{}, err
	}
	return e.objection(id)
}

// Objections returns the objections to a publication, the first filed first.
func (e *Engine) Objections(publication string) []Objection {
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	var all []Objection
	for _, o := range e.bureau.file.objections {
		if o.Publication == publication {
			all = append(all, *o)
		}
	}
	return all
}

func (e *Engine) objection(id string) (Objection, error) {
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	if o := e.bureau.file.objection(id); o != nil {
		return *o, nil
	}
	return Objection{}, notFound("no-objection", "id", cut(id))
}

func (f *file) objection(id string) *Objection {
	for _, o := range f.objections {
		if o.ID == id {
			return o
		}
	}
	return nil
}

// applyObjection folds an entry about an objection.
func (f *file) applyObjection(e *Entry, x *entry) {
	if e.Kind == kindObjected {
		f.objections = append(f.objections, &Objection{
			ID: strconv.FormatInt(e.Seq, 10), Publication: x.Publication, By: e.By,
			At: e.Time.Time(), Text: x.Text,
		})
		return
	}
	if o := f.objection(x.Objection); o != nil {
		o.Answered, o.Accepted, o.Answer, o.AnsweredBy = true, x.Accepted, x.Text, e.By
	}
}
