package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Stage is where a publication is in its life.
type Stage string

// The stages: draft → notice → final → effective → checked; or withdrawn before it is effective, or
// superseded by a later one that came into force.
const (
	StageDraft      Stage = "draft"
	StageNotice     Stage = "notice"    // public; objections are heard until Terms.ObjectionsUntil
	StageFinal      Stage = "final"     // comes into force at Terms.EffectiveAt
	StageEffective  Stage = "effective" // in force; removals are due by Terms.RemovalDeadline
	StageChecked    Stage = "checked"   // in force, and the removals have been checked
	StageWithdrawn  Stage = "withdrawn"
	StageSuperseded Stage = "superseded"
)

// Terms are the times of a publication; zero = at once.
type Terms struct {
	ObjectionsUntil time.Time `json:"objections_until,omitzero"`
	EffectiveAt     time.Time `json:"effective_at,omitzero"`
	RemovalDeadline time.Time `json:"removal_deadline,omitzero"`
}

// Publication is a plan on its way into force. It is never overwritten: another plan is another
// publication.
type Publication struct {
	ID        string // number of the log entry that drafted it
	Plan      string // ID of the plan
	Sectors   []string
	Zones     string // name of the document of its zones; "" = those in force stay
	Stage     Stage
	Terms     Terms
	DraftedBy string
	NoticeBy  string
	NoticeAt  time.Time
	FinalBy   string
	Emergency string // why it did not wait for the window to close
	Epoch     int64  // number of the log entry that put it in force; 0 = not yet
	Reason    string // why it was withdrawn
	Open      int    // orders that were not carried out when it was checked
}

// inOrder refuses terms that contradict each other.
func (t Terms) inOrder() error {
	switch {
	case !t.EffectiveAt.IsZero() && t.EffectiveAt.Before(t.ObjectionsUntil):
		return unfit("terms", "objections", day(t.ObjectionsUntil), "effective", day(t.EffectiveAt))
	case !t.RemovalDeadline.IsZero() && t.RemovalDeadline.Before(t.earliest()):
		return unfit("deadline", "effective", day(t.earliest()), "deadline", day(t.RemovalDeadline))
	}
	return nil
}

// earliest returns when the publication comes into force at the earliest.
func (t Terms) earliest() time.Time {
	if t.EffectiveAt.IsZero() {
		return t.ObjectionsUntil
	}
	return t.EffectiveAt
}

// Draft files a plan, with the zones that come into force with it; nil leaves the zones as they
// are. The plan must hold its own statements, see Verify, and zones must be such as ReadZones
// reads.
func (e *Engine) Draft(
	ctx context.Context, by Actor, p *Plan, zones []Zone, t Terms,
) (Publication, error) {
	if err := officer(by); err != nil {
		return Publication{}, err
	}
	if err := t.inOrder(); err != nil {
		return Publication{}, err
	}
	id, err := e.draft(ctx, by, p, zones, func(_ *file, x *entry) error {
		x.Terms = &t
		return nil
	})
	if err != nil {
		return Publication{}, err
	}
	return e.Publication(id)
}

// draft files a plan that holds its own statements and can be put in force, and returns the ID of
// its publication. The entry is finished by a function, which may refuse it for what was decided
// before.
func (e *Engine) draft(
	ctx context.Context, by Actor, p *Plan, zones []Zone, finish func(*file, *entry) error,
) (string, error) {
	if p.City.ID != e.config.City {
		return "", unfit("other-city", "got", p.City.ID, "want", e.config.City)
	}
	if err := Verify(p); err != nil {
		return "", err
	}
	if _, err := newForce(p, zones, nil, 0); err != nil {
		return "", err // what can't be put in force can't be drafted
	}
	name, err := e.keep(ctx, p, zones)
	if err != nil {
		return "", err
	}
	made, err := e.record(ctx, by, kindDrafted, func(f *file) (entry, error) {
		x := entry{Plan: p.ID, Zones: name, Terms: &Terms{}}
		for i := range p.Sectors {
			x.Sectors = append(x.Sectors, p.Sectors[i].ID)
		}
		return x, finish(f, &x)
	})
	if err != nil {
		return "", err
	}
	return strconv.FormatInt(made.Seq, 10), nil
}

// keep keeps a plan and its zones as documents, and returns the name of the latter, "" for nil.
func (e *Engine) keep(ctx context.Context, p *Plan, zones []Zone) (string, error) {
	data, err := p.bytes()
	if err != nil {
		return "", err
	}
	name := ""
	if zones != nil {
		if name, err = e.putZones(ctx, zones); err != nil {
			return "", err
		}
	}
	if err := e.config.Store.PutDocument(ctx, e.config.City, "plan:"+p.ID, data); err != nil {
		return "", fmt.Errorf("keep plan %s: %w", p.ID, err)
	}
	return name, nil
}

// putZones keeps zones under the hash of their bytes and returns the document's name. Zones that
// could not be read again are refused.
func (e *Engine) putZones(ctx context.Context, zones []Zone) (string, error) {
	var b bytes.Buffer
	if err := WriteZones(&b, zones); err != nil {
		return "", err
	}
	if _, err := ReadZones(bytes.NewReader(b.Bytes())); err != nil {
		return "", err
	}
	name := zonesName(b.Bytes())
	if err := e.config.Store.PutDocument(ctx, e.config.City, name, b.Bytes()); err != nil {
		return "", fmt.Errorf("keep the zones: %w", err)
	}
	return name, nil
}

func (f *file) publication(id string) *Publication {
	for _, p := range f.publications {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// Publication returns one publication, or an error that wraps ErrNotFound.
func (e *Engine) Publication(id string) (Publication, error) {
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	if p := e.bureau.file.publication(id); p != nil {
		return *p, nil
	}
	return Publication{}, notFound("no-publication", "id", cut(id))
}

// Publications returns all publications, the newest first.
func (e *Engine) Publications() []Publication {
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	all := make([]Publication, 0, len(e.bureau.file.publications))
	for i := len(e.bureau.file.publications) - 1; i >= 0; i-- {
		all = append(all, *e.bureau.file.publications[i])
	}
	return all
}

// PlanDocument returns the bytes of a plan that was drafted, or ErrNotFound.
func (e *Engine) PlanDocument(ctx context.Context, plan string) ([]byte, error) {
	return e.config.Store.Document(ctx, e.config.City, "plan:"+plan)
}

// zonesName returns the name of a document of zones.
func zonesName(data []byte) string { return "zones:" + hashOf(data) }

// readPlan returns a plan that was drafted, if it is still what it was.
func (e *Engine) readPlan(ctx context.Context, id string) (*Plan, error) {
	data, err := e.PlanDocument(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read plan %s: %w", id, err)
	}
	var p Plan
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("read plan %s: %w", id, err)
	}
	sealed, err := p.Sealed()
	if err == nil && (!sealed || p.ID != id) {
		err = errors.New("its content has changed")
	}
	if err != nil {
		return nil, fmt.Errorf("read plan %s: %w", id, err)
	}
	return &p, nil
}

// readZones returns the zones of a document, none for "".
func (e *Engine) readZones(ctx context.Context, name string) ([]Zone, error) {
	if name == "" {
		return nil, nil
	}
	data, err := e.config.Store.Document(ctx, e.config.City, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return ReadZones(bytes.NewReader(data))
}

// applyPlan folds an entry about a publication.
func (f *file) applyPlan(e *Entry, x *entry) {
	if e.Kind == kindDrafted {
		f.publications = append(f.publications, &Publication{
			ID: strconv.FormatInt(e.Seq, 10), Plan: x.Plan, Sectors: x.Sectors, Zones: x.Zones,
			Stage: StageDraft, Terms: *x.Terms, DraftedBy: e.By,
		})
		if x.Closed != nil && f.closes.Before(x.Closed.Until) {
			f.closes = x.Closed.Until
		}
		return
	}
	p := f.publication(x.Publication)
	if p == nil {
		return // an entry of a later stint: it has no part in the life of a plan
	}
	switch e.Kind {
	case kindAnnounced:
		p.Stage, p.Terms, p.NoticeBy, p.NoticeAt = StageNotice, *x.Terms, e.By, e.Time.Time()
	case kindFinal:
		p.Stage, p.FinalBy, p.Emergency = StageFinal, e.By, x.Emergency
	case kindWithdrawn:
		p.Stage, p.Reason = StageWithdrawn, x.Reason
	case kindChecked:
		p.Stage, p.Open = StageChecked, x.Open
	case kindEffective:
		if old := f.publication(f.force.publication); old != nil {
			old.Stage = StageSuperseded
		}
		if f.force.plan != p.Plan {
			f.forgetShifts()
		}
		if f.began.IsZero() {
			f.began = e.Time.Time()
		}
		p.Stage, p.Epoch = StageEffective, e.Seq
		f.force.publication, f.force.plan, f.force.epoch = p.ID, p.Plan, e.Seq
		if p.Zones != "" {
			f.force.zones = p.Zones
		}
	}
}
