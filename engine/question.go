package engine

import (
	"errors"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/stint-city/stint/geo"
)

// question is a Placement or a Settlement.
type question interface {
	// check returns an error that wraps ErrAsk for what makes no sense.
	check(c *Config) error
	// ask returns the question to the ledger under what is in force. With a *Refusal, of what needs
	// no counter, the ask has at least its ID, Print and, where it has a place, Cell and At.
	ask(f *force, c *Config, now time.Time) (Ask, error)
}

func (p *Placement) check(c *Config) error {
	switch {
	case p.N < 1 || p.N > MaxVehicles:
		return &AskError{"n", "n", []any{"got", p.N, "most", MaxVehicles}}
	case p.Hold < 0 || p.Hold > c.LeaseMax:
		return &AskError{"hold", "hold", []any{"got", p.Hold.String(), "most", c.LeaseMax.String()}}
	}
	if err := errors.Join(checkOperator(p.Operator), checkKey(p.Key)); err != nil {
		return err
	}
	return checkPlace(p.At)
}

// fingerprint returns the fingerprint of what is asked: 64 bits, which tell a retry from a key that
// was used for something else by mistake.
func fingerprint(verb Verb, sector string, n int, at geo.LatLng, rest string) string {
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
	ask := Ask{Verb: Place, ID: NewID(p.Operator, p.Key), N: p.N}
	if p.Reserve {
		ask.Verb, ask.Expires = Reserve, MillisOf(now.Add(or(p.Hold, c.Lease)))
	}
	ask.Print = fingerprint(ask.Verb, p.Sector, p.N, p.At, p.Hold.String())
	if f.plan != nil && p.Plan != "" && p.Plan != f.plan.ID {
		return ask, &Refusal{Rule: RuleSuperseded, Of: f.plan.ID}
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
	a.Cell, a.At = cell, rounded(at)
	if _, ok := caps.Districts(cell); !ok {
		return &Refusal{Rule: RuleOutsideCity, Of: f.plan.City.ID, Cell: cell}
	}
	under := f.effects[sector].at(cell)
	if rule, measure := under.shut(); rule != "" {
		return &Refusal{Rule: rule, Of: measure, Cell: cell}
	}
	g := f.zones.at(a.At, sector, now)
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
	a.Levels, a.Epoch = levels, caps.Epoch
	return nil
}

// rounded returns a point as records keep it, so that the first answer and the same told again
// agree.
func rounded(p geo.LatLng) geo.LatLng {
	const decimals = 1e6
	return geo.LatLng{
		Lat: math.Round(p.Lat*decimals) / decimals, Lng: math.Round(p.Lng*decimals) / decimals,
	}
}

func (s *Settlement) check(*Config) error {
	switch {
	case s.N < 0 || s.N > MaxVehicles:
		return &AskError{"n", "n", []any{"got", s.N, "most", MaxVehicles}}
	case s.Placement == "":
		return &AskError{"placement", "placement", nil}
	case !slices.Contains([]Verb{Commit, Release, Remove, Move}, s.Verb):
		return &AskError{"verb", "verb", []any{"got", cut(string(s.Verb))}}
	}
	if err := errors.Join(checkOperator(s.Operator), checkKey(s.Key)); err != nil {
		return err
	}
	if id := s.Placement; checkOperator(id.Operator()) != nil || checkKey(id.Key()) != nil {
		return &Refusal{Rule: RuleUnknown} // no placement has such a name
	}
	if s.Verb == Move {
		return checkPlace(s.To)
	}
	return nil
}

func (s *Settlement) ask(f *force, _ *Config, now time.Time) (Ask, error) {
	ask := Ask{
		Verb: s.Verb, ID: NewID(s.Operator, s.Key), N: s.N, Placement: s.Placement,
		Print: fingerprint(s.Verb, s.Sector, s.N, s.To, string(s.Placement)),
	}
	if s.Verb == Move {
		return ask, f.locate(&ask, s.Sector, s.To, now)
	}
	if f.plan != nil && !f.has(s.Sector) {
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
