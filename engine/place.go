package engine

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/stint-city/stint/geo"
)

// Outcome answers one placement of many: Err is nil for a grant and a *Refusal for a no.
type Outcome struct {
	Grant Grant
	Err   error
}

// Place answers one placement: a grant, or a *Refusal. An ask that makes no sense wraps ErrAsk; the
// store's errors are those of Store.
func (e *Engine) Place(ctx context.Context, p Placement) (Grant, error) {
	outcomes, err := e.PlaceAll(ctx, []Placement{p})
	if err != nil {
		return Grant{}, err
	}
	return outcomes[0].Grant, outcomes[0].Err
}

// PlaceAll answers placements[i] by outcomes[i], each on its own: a refused one takes nothing from
// the others, and later ones see what earlier ones of their sector took. An error means that
// nothing is known of any; repeat them with the same keys.
func (e *Engine) PlaceAll(ctx context.Context, placements []Placement) ([]Outcome, error) {
	outcomes := make([]Outcome, len(placements))
	bySector := map[string][]int{}
	var order []string
	for i := range placements {
		s := placements[i].Sector
		if bySector[s] == nil {
			order = append(order, s)
		}
		bySector[s] = append(bySector[s], i)
	}
	for _, sector := range order {
		questions := make([]question, 0, len(bySector[sector]))
		for _, i := range bySector[sector] {
			questions = append(questions, &placements[i])
		}
		answers, err := e.decide(ctx, sector, questions)
		if err != nil {
			return nil, err
		}
		for k, i := range bySector[sector] {
			outcomes[i] = answers[k]
		}
	}
	e.counts.add(outcomes)
	return outcomes, nil
}

// Settle carries out an operator's word on a placement it was granted. Errors are those of Place.
func (e *Engine) Settle(ctx context.Context, s Settlement) (Grant, error) {
	answers, err := e.decide(ctx, s.Sector, []question{&s})
	if err != nil {
		return Grant{}, err
	}
	e.counts.add(answers)
	return answers[0].Grant, answers[0].Err
}

// question is a Placement or a Settlement.
type question interface {
	// check returns an error that wraps ErrAsk for what makes no sense.
	check(c *Config) error
	// ask returns the question to the ledger under what is in force; a *Refusal for what needs no
	// ledger.
	ask(f *force, c *Config, now time.Time) (Ask, error)
	// id names the record to be made, print what is asked.
	id() ID
	print() string
}

// rounds is how often an ask is made anew after a publication came between, or a chunk of a pool.
const rounds = 4

// decide answers questions about one sector.
func (e *Engine) decide(ctx context.Context, sector string, qs []question) ([]Outcome, error) {
	outcomes := make([]Outcome, len(qs))
	var open []int
	for i, q := range qs {
		if err := q.check(&e.config); err != nil {
			outcomes[i].Err = err
			continue
		}
		open = append(open, i)
	}
	for round := 1; len(open) > 0; round++ {
		again, err := e.round(ctx, sector, qs, outcomes, open)
		if err != nil {
			return nil, err
		}
		if len(again) == 0 || round == rounds {
			break
		}
		open = again
	}
	return outcomes, nil
}

// round asks the open questions once and returns those to be asked again.
func (e *Engine) round(
	ctx context.Context, sector string, qs []question, outcomes []Outcome, open []int,
) (again []int, err error) {
	f, now := e.force.Load(), e.now()
	asks, at := make([]Ask, 0, len(open)), make([]int, 0, len(open))
	scope := Scope{e.config.City, sector}
	for _, i := range open {
		ask, err := qs[i].ask(f, &e.config, now)
		no := (*Refusal)(nil)
		if errors.As(err, &no) {
			outcomes[i].Err = no
			if f.caps[sector] == nil {
				continue // no ledger that could remember
			}
			ask = Ask{Verb: Place, ID: qs[i].id(), Print: qs[i].print(), Epoch: replayOnly}
		}
		asks, at = append(asks, ask), append(at, i)
	}
	if len(asks) == 0 {
		return nil, nil
	}
	answers, err := e.config.Store.Do(ctx, scope, now, asks)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", scope, err)
	}
	var dry []Level
	stale := false
	for k := range answers {
		i, a, ask := at[k], &answers[k], &asks[k]
		switch {
		case a.No == nil:
			outcomes[i] = Outcome{Grant: grantOf(sector, a)}
		case ask.Epoch == replayOnly:
			if a.No.Rule == RuleMismatch {
				outcomes[i].Err = &Refusal{Rule: RuleMismatch}
			}
		case a.No.Rule == RuleStale:
			stale = true
			again = append(again, i)
			outcomes[i].Err = &Refusal{Rule: RuleStale}
		default:
			outcomes[i].Err = e.refuse(ctx, f, sector, ask, a.No)
			if a.No.Level.Tier() == TierPool && !slices.Contains(dry, a.No.Level) {
				dry = append(dry, a.No.Level)
				again = append(again, i)
			}
		}
	}
	if stale {
		if err := e.refresh(ctx); err != nil {
			return nil, err
		}
	}
	if len(dry) > 0 && !e.draw(ctx, scope, dry) {
		again = slices.DeleteFunc(again, func(i int) bool {
			no := (*Refusal)(nil)
			return errors.As(outcomes[i].Err, &no) && no.Tier == TierPool
		})
	}
	return again, nil
}

// replayOnly is an epoch that is never in force: such an ask is answered only if its key was
// answered before, so that a retry is told its first answer whatever zones have come since.
const replayOnly = -1

// ErrAsk means that a question makes no sense. The error that wraps it is an *AskError.
var ErrAsk = errors.New("the question makes no sense")

// AskError says which field is wrong: the catalogue has its sentence under "ask.<Code>".
type AskError struct {
	Field string // "n", "key", "at", "hold", "placement"
	Code  string
	Args  []any // name, value pairs
}

// Error returns one sentence for logs.
func (e *AskError) Error() string { return fmt.Sprintf("%s: %s %v", e.Field, e.Code, e.Args) }

// Unwrap returns ErrAsk.
func (e *AskError) Unwrap() error { return ErrAsk }

// keyForm is what an idempotency key looks like.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,64}$`) //nolint:gochecknoglobals // compiled once

// checkKey refuses a key that can't be kept.
func checkKey(key string) error {
	if len(key) > 64 || !keyForm.MatchString(key) {
		return &AskError{"key", "key", []any{"got", cut(key)}}
	}
	return nil
}

// cut shortens a text for a sentence.
func cut(s string) string {
	const most = 60
	if len(s) > most {
		return s[:most]
	}
	return s
}

// checkPlace refuses a point that is not on Earth, with a hint where latitude and longitude seem
// to have changed places.
func checkPlace(p geo.LatLng) error {
	args := []any{"lat", p.Lat, "lng", p.Lng}
	switch {
	case math.IsNaN(p.Lat) || math.IsNaN(p.Lng) || math.IsInf(p.Lat, 0) || math.IsInf(p.Lng, 0):
		return &AskError{"at", "not-finite", args}
	case math.Abs(p.Lat) > 90 && math.Abs(p.Lng) <= 90 && math.Abs(p.Lat) <= 180:
		return &AskError{"at", "swapped", args}
	case math.Abs(p.Lat) > 90 || math.Abs(p.Lng) > 180:
		return &AskError{"at", "range", args}
	}
	return nil
}

func (p *Placement) check(c *Config) error {
	switch {
	case p.Operator == "":
		return &AskError{"operator", "operator", nil}
	case p.N < 1 || p.N > MaxVehicles:
		return &AskError{"n", "n", []any{"got", p.N, "most", MaxVehicles}}
	case p.Hold < 0 || p.Hold > c.LeaseMax:
		return &AskError{"hold", "hold", []any{"got", p.Hold.String(), "most", c.LeaseMax.String()}}
	}
	if err := checkKey(p.Key); err != nil {
		return err
	}
	return checkPlace(p.At)
}

func (p *Placement) id() ID { return NewID(p.Operator, p.Key) }

func (p *Placement) print() string {
	verb := Place
	if p.Reserve {
		verb = Reserve
	}
	return fingerprint(string(verb), p.Sector, p.N, p.At, p.Hold.String())
}

// fingerprint returns the fingerprint of what is asked: 64 bits, which tell a retry from a key that was
// used for something else by mistake.
func fingerprint(verb, sector string, n int, at geo.LatLng, rest string) string {
	h := fnv.New64a()
	var b [160]byte
	text := append(b[:0], verb...)
	text = append(append(text, '|'), sector...)
	text = strconv.AppendInt(append(text, '|'), int64(n), 10)
	text = strconv.AppendFloat(append(text, '|'), at.Lat, 'g', -1, 64)
	text = strconv.AppendFloat(append(text, '|'), at.Lng, 'g', -1, 64)
	_, _ = h.Write(append(append(text, '|'), rest...)) // a hash never fails
	return strconv.FormatUint(h.Sum64(), 16)
}

func (p *Placement) ask(f *force, c *Config, now time.Time) (Ask, error) {
	if f.plan != nil && p.Plan != "" && p.Plan != f.plan.ID {
		return Ask{}, &Refusal{Rule: RuleSuperseded, Of: f.plan.ID}
	}
	ask := Ask{Verb: Place, ID: p.id(), Print: p.print(), N: p.N}
	if p.Reserve {
		ask.Verb, ask.Expires = Reserve, MillisOf(now.Add(or(p.Hold, c.Lease)))
	}
	return ask, f.locate(&ask, p.Sector, p.At, now)
}

// locate fills in where an ask is about and what it is charged to; a *Refusal where nothing may be
// placed there at all.
func (f *force) locate(a *Ask, sector string, at geo.LatLng, now time.Time) error {
	if f.plan == nil {
		return &Refusal{Rule: RuleNoPlan}
	}
	caps, operator := f.caps[sector], a.ID.Operator()
	if caps == nil {
		return &Refusal{Rule: RuleUnknownSector, Of: sector, Known: f.sectors()}
	}
	if !f.licensed[operatorIn{operator, sector}] {
		return &Refusal{Rule: RuleUnlicensed, Of: operator}
	}
	cell, err := f.locator.At(at)
	if err != nil {
		return err
	}
	if _, ok := caps.Districts(cell); !ok {
		return &Refusal{Rule: RuleOutsideCity, Of: f.plan.City.ID, Cell: cell}
	}
	g := f.zones.at(at, sector, now)
	no := &Refusal{Cell: cell}
	switch {
	case g.ban != "":
		no.Rule, no.Of = RuleNoParking, g.ban
	case g.strict != "":
		no.Rule, no.Of = RuleSpotRequired, g.strict
	}
	if no.Rule != "" {
		return no
	}
	levels, ok := caps.Levels(cell, operator, g.limits, f.pools[operator])
	if !ok {
		return &Refusal{Rule: RuleNoQuota, Of: operator, Cell: cell}
	}
	a.Cell, a.At, a.Levels, a.Epoch = cell, at, levels, caps.Epoch
	return nil
}

func (s *Settlement) check(*Config) error {
	switch {
	case s.Operator == "":
		return &AskError{"operator", "operator", nil}
	case s.N < 0 || s.N > MaxVehicles:
		return &AskError{"n", "n", []any{"got", s.N, "most", MaxVehicles}}
	case s.Placement == "" || len(s.Placement) > 200:
		return &AskError{"placement", "placement", nil}
	case !slices.Contains([]Verb{Commit, Release, Remove, Move}, s.Verb):
		return &AskError{"verb", "verb", []any{"got", cut(string(s.Verb))}}
	}
	if err := checkKey(s.Key); err != nil {
		return err
	}
	if s.Verb == Move {
		return checkPlace(s.To)
	}
	return nil
}

func (s *Settlement) id() ID { return NewID(s.Operator, s.Key) }

func (s *Settlement) print() string {
	return fingerprint(string(s.Verb), s.Sector, s.N, s.To, string(s.Placement))
}

func (s *Settlement) ask(f *force, _ *Config, now time.Time) (Ask, error) {
	ask := Ask{Verb: s.Verb, ID: s.id(), Print: s.print(), N: s.N, Placement: s.Placement}
	if s.Verb == Move {
		return ask, f.locate(&ask, s.Sector, s.To, now)
	}
	if f.plan != nil && f.caps[s.Sector] == nil {
		return ask, &Refusal{Rule: RuleUnknownSector, Of: s.Sector, Known: f.sectors()}
	}
	return ask, nil
}

// grantOf returns what a granted ask is to its operator.
func grantOf(sector string, a *Answer) Grant {
	r := &a.Record
	g := Grant{
		ID: a.ID, Placement: a.ID, Operator: a.ID.Operator(), Sector: sector, Verb: r.Verb,
		State: r.State, N: r.First, Left: r.Left, Cell: r.Cell, At: r.At,
		Expires: r.Expires.Time(), Since: r.Since.Time(), Epoch: r.Epoch, Replayed: a.Replayed,
	}
	if !r.Verb.makes() {
		g.Placement = r.Placement
	}
	return g
}
