package engine

import (
	"context"
	"strings"
)

// Announce gives public notice of a draft and opens its objection window. Terms replace those of
// the draft where they are set.
func (e *Engine) Announce(ctx context.Context, by Actor, id string, t Terms) (Publication, error) {
	return e.move(ctx, by, kindAnnounced, id, func(_ *file, p *Publication) (entry, error) {
		if p.Stage != StageDraft {
			return entry{}, stage("not-draft", "id", p.ID, "stage", string(p.Stage))
		}
		terms := Terms{
			ObjectionsUntil: or(t.ObjectionsUntil, p.Terms.ObjectionsUntil),
			EffectiveAt:     or(t.EffectiveAt, p.Terms.EffectiveAt),
			RemovalDeadline: or(t.RemovalDeadline, p.Terms.RemovalDeadline),
		}
		earliest := e.now().Add(e.config.NoticeMin)
		if e.config.NoticeMin > 0 && terms.ObjectionsUntil.Before(earliest) {
			return entry{}, stage("notice-short", "least", e.config.NoticeMin.String(),
				"earliest", day(earliest))
		}
		return entry{Terms: &terms}, terms.inOrder()
	})
}

// Finalize makes an announced publication final: it comes into force at its time. Its objection
// window must have closed and every objection be answered, unless an emergency says why it can't
// wait; the reason is in the log. Under the two-person rule somebody else must have drafted and
// announced it. An error of the store that comes after it was made final leaves it so: it comes
// into force when the store is back.
func (e *Engine) Finalize(
	ctx context.Context, by Actor, id, emergency string,
) (Publication, error) {
	if by.Role != RoleAdmin {
		return Publication{}, forbidden("admin-only", "role", string(by.Role))
	}
	emergency = strings.TrimSpace(emergency)
	p, err := e.move(ctx, by, kindFinal, id, func(f *file, p *Publication) (entry, error) {
		switch {
		case p.Stage != StageNotice:
			return entry{}, stage("not-announced", "id", p.ID, "stage", string(p.Stage))
		case e.config.TwoPersons && (by.ID == p.DraftedBy || by.ID == p.NoticeBy):
			return entry{}, forbidden("two-persons", "who", by.ID)
		case p.Terms.overtaken(e):
			return entry{}, stage("deadline-past", "deadline", day(p.Terms.RemovalDeadline))
		}
		x := entry{Emergency: emergency}
		if emergency == "" {
			return x, e.heard(f, p)
		}
		return x, nil
	})
	if err != nil {
		return p, err
	}
	if err := e.enact(ctx); err != nil {
		return p, err
	}
	return e.Publication(id)
}

// overtaken reports whether nobody could keep the removal deadline any more.
func (t Terms) overtaken(e *Engine) bool {
	return !t.RemovalDeadline.IsZero() && t.RemovalDeadline.Before(e.now())
}

// heard refuses while objections may be filed, and while one has no answer.
func (e *Engine) heard(f *file, p *Publication) error {
	if e.now().Before(p.Terms.ObjectionsUntil) {
		return stage("window-open", "until", day(p.Terms.ObjectionsUntil))
	}
	for _, o := range f.objections {
		if o.Publication == p.ID && !o.Answered {
			return stage("unanswered", "objection", o.ID)
		}
	}
	return nil
}

// Enforce takes a draft or an announced publication through its stages at once and puts it in
// force: for who runs the server and starts it with a plan in hand. Neither the objection window
// nor the two-person rule is asked; the log has every stage, with the reason.
func (e *Engine) Enforce(ctx context.Context, by Actor, id, reason string) (Publication, error) {
	switch {
	case by.Role != RoleAdmin:
		return Publication{}, forbidden("admin-only", "role", string(by.Role))
	case strings.TrimSpace(reason) == "":
		return Publication{}, unfit("no-reason")
	}
	for _, kind := range []string{kindAnnounced, kindFinal} {
		p, err := e.move(ctx, by, kind, id, func(_ *file, p *Publication) (entry, error) {
			if p.Stage != StageDraft && p.Stage != StageNotice {
				return entry{}, stage("not-draft", "id", p.ID, "stage", string(p.Stage))
			}
			x := entry{Emergency: reason, Terms: &Terms{}}
			if !p.Terms.overtaken(e) {
				x.Terms.RemovalDeadline = p.Terms.RemovalDeadline
			}
			return x, nil
		})
		if err != nil {
			return p, err
		}
	}
	if err := e.enact(ctx); err != nil {
		return Publication{}, err
	}
	return e.Publication(id)
}

// Withdraw ends a publication that is not in force yet. A final one takes an admin.
func (e *Engine) Withdraw(ctx context.Context, by Actor, id, reason string) (Publication, error) {
	return e.move(ctx, by, kindWithdrawn, id, func(_ *file, p *Publication) (entry, error) {
		switch p.Stage {
		case StageFinal:
			if by.Role != RoleAdmin {
				return entry{}, forbidden("admin-only", "role", string(by.Role))
			}
		case StageDraft, StageNotice:
		default:
			return entry{}, stage("in-force", "id", p.ID, "stage", string(p.Stage))
		}
		return entry{Reason: reason}, nil
	})
}

// CheckOff records that the removals due by the deadline have been checked, and how many orders
// are not carried out.
func (e *Engine) CheckOff(ctx context.Context, by Actor, id string) (Publication, error) {
	return e.move(ctx, by, kindChecked, id, func(f *file, p *Publication) (entry, error) {
		switch {
		case p.Stage != StageEffective:
			return entry{}, stage("not-effective", "id", p.ID, "stage", string(p.Stage))
		case e.now().Before(p.Terms.RemovalDeadline):
			return entry{}, stage("before-deadline", "deadline", day(p.Terms.RemovalDeadline))
		}
		x := entry{}
		for _, o := range f.orders {
			if o.Kind == "" && o.Open() {
				x.Open++
			}
		}
		return x, nil
	})
}

// officer refuses who is not of the bureau.
func officer(by Actor) error {
	if by.Role != RoleAdmin && by.Role != RoleOfficer {
		return forbidden("bureau-only", "role", string(by.Role))
	}
	return nil
}

// move appends an entry about one publication.
func (e *Engine) move(
	ctx context.Context, by Actor, kind, id string,
	decide func(*file, *Publication) (entry, error),
) (Publication, error) {
	if err := officer(by); err != nil {
		return Publication{}, err
	}
	_, err := e.record(ctx, by, kind, func(f *file) (entry, error) {
		p := f.publication(id)
		if p == nil {
			return entry{}, notFound("no-publication", "id", cut(id))
		}
		x, err := decide(f, p)
		x.Publication = id
		return x, err
	})
	if err != nil {
		return Publication{}, err
	}
	return e.Publication(id)
}
