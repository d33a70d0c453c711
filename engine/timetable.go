package engine

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/stint-city/stint/quota/daypart"
)

// Timetable is what changes within a period by itself, and when: written, versioned, and in the log
// as a whole. Times of the day are "07:00" by the wall of its time zone.
type Timetable struct {
	Schema   int           `json:"schema" yaml:"schema"` // 1
	ID       string        `json:"id" yaml:"id"`
	Version  string        `json:"version" yaml:"version"`
	TimeZone string        `json:"time_zone" yaml:"time_zone"`
	Calendar string        `json:"calendar,omitempty" yaml:"calendar"` // "" = Monday to Friday work
	Sectors  []SectorTable `json:"sectors,omitempty" yaml:"sectors"`
}

// SectorTable is one sector's parts of the day and seasons. Of several that hold at a time, the
// first listed does: special days stand before usual ones.
type SectorTable struct {
	Sector  string   `json:"sector" yaml:"sector"`
	Parts   []Part   `json:"parts,omitempty" yaml:"parts"`
	Seasons []Season `json:"seasons,omitempty" yaml:"seasons"`
}

// Part is a part of the day with quotas of its own: the fleets are the plan's, where they may stand
// follows the demand of this part. Outside every part the plan's own quotas hold.
type Part struct {
	ID    string    `json:"id" yaml:"id"`
	Name  Name      `json:"name,omitempty,omitzero" yaml:"name"`
	Days  []string  `json:"days" yaml:"days"`   // all, working, off, mon to sun, 2027-05-01
	From  string    `json:"from" yaml:"from"`   // time of the day
	Until string    `json:"until" yaml:"until"` // of the next day where it isn't after From
	Grace int       `json:"grace_minutes,omitempty" yaml:"grace_minutes"`
	Rules PartRules `json:"rules" yaml:"rules"`
}

// PartRules say how far quotas follow the demand; see daypart.Rules.
type PartRules struct {
	Band      float64 `json:"band" yaml:"band"`
	Step      float64 `json:"step" yaml:"step"`
	Tolerance float64 `json:"tolerance,omitempty" yaml:"tolerance"`
	Hold      int     `json:"hold_turns,omitempty" yaml:"hold_turns"`
	Notice    int     `json:"notice_turns" yaml:"notice_turns"`           // at least 1
	Memory    float64 `json:"memory,omitempty" yaml:"memory"`             // see daypart.Blend
	Wait      int     `json:"wait_minutes,omitempty" yaml:"wait_minutes"` // for demand; 0 = 360
}

// rules returns the rules as the arithmetic reads them.
func (r PartRules) rules() daypart.Rules {
	return daypart.Rules{
		Band: r.Band, Step: r.Step, Tolerance: r.Tolerance, Hold: r.Hold, Notice: r.Notice,
	}
}

// Season is a factor on every fleet on the days of a season, from 0 to 1.
type Season struct {
	ID     string  `json:"id" yaml:"id"`
	From   string  `json:"from" yaml:"from"`   // first day: "12-01"
	Until  string  `json:"until" yaml:"until"` // last day; before From = over the new year
	Factor float64 `json:"factor" yaml:"factor"`
	Grace  int     `json:"grace_days,omitempty" yaml:"grace_days"` // for removals after it begins
}

// sector returns the table of a sector, nil for none.
func (t *Timetable) sector(id string) *SectorTable {
	if t == nil {
		return nil
	}
	for i := range t.Sectors {
		if t.Sectors[i].Sector == id {
			return &t.Sectors[i]
		}
	}
	return nil
}

// part returns a part by its ID, nil for none.
func (s *SectorTable) part(id string) *Part {
	if s == nil {
		return nil
	}
	for i := range s.Parts {
		if s.Parts[i].ID == id {
			return &s.Parts[i]
		}
	}
	return nil
}

// grace returns how many days are given for removals after a season begins.
func (s *SectorTable) grace(season string) int {
	for i := range s.Seasons {
		if s.Seasons[i].ID == season {
			return s.Seasons[i].Grace
		}
	}
	return 0
}

// SetTimetable puts a timetable in the place of the one before; one without ID ends adjustment. The
// quotas that parts have stay where their IDs do. It is in force when SetTimetable returns. The
// same again changes nothing and is no error.
func (e *Engine) SetTimetable(ctx context.Context, by Actor, t Timetable) error {
	if by.Role != RoleAdmin {
		return forbidden("admin-only", "role", string(by.Role))
	}
	if err := e.refresh(ctx); err != nil {
		return err
	}
	if err := e.checkTimetable(&t); err != nil {
		return err
	}
	_, err := e.record(ctx, by, kindTimetable, func(f *file) (entry, error) {
		if f.table != nil && reflect.DeepEqual(*f.table, t) {
			return entry{}, errDone
		}
		if f.table != nil && f.table.ID == t.ID && f.table.Version == t.Version && t.ID != "" {
			return entry{}, stage("timetable-version", "id", t.ID, "version", t.Version)
		}
		return entry{Timetable: &t}, nil
	})
	if unlessDone(err) != nil {
		return err
	}
	return e.enact(ctx)
}

// Timetable returns the timetable in force, and whether there is one. It must not be changed.
func (e *Engine) Timetable() (Timetable, bool) {
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	if e.bureau.file.table == nil || e.bureau.file.table.ID == "" {
		return Timetable{}, false
	}
	return *e.bureau.file.table, true
}

// checkTimetable refuses a timetable that makes no sense.
func (e *Engine) checkTimetable(t *Timetable) error {
	if t.ID == "" {
		*t = Timetable{}
		return nil
	}
	const longest = 64
	if t.Schema != 1 {
		return unfit("timetable-schema", "got", t.Schema)
	}
	if !zoneID.MatchString(t.ID) || t.Version == "" || len(t.Version) > longest {
		return unfit("timetable-id", "got", cut(t.ID), "version", cut(t.Version))
	}
	if _, err := e.almanac(t); err != nil {
		return err
	}
	f := e.force.Load()
	for i := range t.Sectors {
		s := &t.Sectors[i]
		if f.plan != nil && f.caps[s.Sector] == nil {
			return &Refusal{Rule: RuleUnknownSector, Of: cut(s.Sector), Known: f.sectors()}
		}
		if t.sector(s.Sector) != s {
			return unfit("timetable-twice", "got", cut(s.Sector))
		}
		if err := s.check(); err != nil {
			return err
		}
	}
	return nil
}

// mostParts bounds the parts and the seasons of a sector.
const mostParts = 50

// check refuses parts and seasons that make no sense.
func (s *SectorTable) check() error {
	if len(s.Parts) > mostParts || len(s.Seasons) > mostParts {
		return unfit("timetable-many", "sector", cut(s.Sector), "most", mostParts)
	}
	for i := range s.Parts {
		p := &s.Parts[i]
		if !zoneID.MatchString(p.ID) || s.part(p.ID) != p {
			return unfit("timetable-twice", "got", cut(p.ID))
		}
		if err := p.check(); err != nil {
			return err
		}
	}
	for _, x := range s.Seasons {
		_, wrong := seasonDay(x.From)
		_, alsoWrong := seasonDay(x.Until)
		if !zoneID.MatchString(x.ID) || wrong != nil || alsoWrong != nil {
			return unfit("timetable-season", "id", cut(x.ID), "from", cut(x.From), "until", cut(x.Until))
		}
		if !(x.Factor >= 0 && x.Factor <= 1) || x.Grace < 0 || x.Grace > 366 {
			return unfit("timetable-factor", "id", x.ID, "got", x.Factor, "days", x.Grace)
		}
	}
	return nil
}

// check refuses a part that makes no sense.
func (p *Part) check() error {
	const mostTurns, mostMinutes = 60, 24 * 60
	r := p.Rules
	part := func(x float64) bool { return x >= 0 && x <= 1 }
	for _, clock := range []string{p.From, p.Until} {
		if _, err := clockTime(clock); err != nil {
			return err
		}
	}
	if len(p.Days) == 0 || len(p.Days) > mostParts {
		return unfit("timetable-days", "id", p.ID, "got", "")
	}
	for _, day := range p.Days {
		if _, err := time.Parse(time.DateOnly, day); err != nil && !slices.Contains(dayWords(), day) {
			return unfit("timetable-days", "id", p.ID, "got", cut(day))
		}
	}
	switch {
	case !part(r.Band) || !part(r.Step) || !part(r.Memory) || !(r.Tolerance >= 0 && r.Tolerance < 10):
		return unfit("timetable-part", "id", p.ID)
	case r.Notice < 1 || r.Notice > mostTurns || r.Hold < 0 || r.Hold > mostTurns:
		return unfit("timetable-notice", "id", p.ID, "most", mostTurns)
	case p.Grace < 0 || p.Grace > mostMinutes || r.Wait < 0 || r.Wait > mostMinutes:
		return unfit("timetable-minutes", "id", p.ID, "most", mostMinutes)
	}
	return nil
}

// dayWords are the days that a part may name without a date.
func dayWords() []string {
	return []string{"all", "working", "off", "mon", "tue", "wed", "thu", "fri", "sat", "sun"}
}
