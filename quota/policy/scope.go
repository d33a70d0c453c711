package policy

import "maps"

// ofPoint is the scope of a series' condition: "value" alone.
const ofPoint Subject = "point"

// scopes are the facts that a policy's formulas may read, by subject.
type scopes struct {
	names map[Subject]map[string]Kind
}

// newScopes returns the facts that stint gives, the policy's parameters and declared facts.
func newScopes(p *Policy) *scopes {
	s := &scopes{map[Subject]map[string]Kind{
		"":         {},
		ofPoint:    {"value": KindNumber},
		OfCity:     maps.Clone(cityFacts),
		OfOperator: maps.Clone(operatorFacts),
		OfZone:     {"id": KindText},
		OfSite:     {"id": KindText, "operator": KindText},
	}}
	for _, subject := range []Subject{OfCity, OfOperator, OfZone, OfSite, ofPoint} {
		for _, x := range p.Params {
			s.names[subject][x.ID] = x.Kind.orNumber()
		}
	}
	for _, x := range p.Facts {
		s.add(x.Of, x.ID, x.Kind.orNumber())
	}
	for _, x := range p.Streaks {
		s.names[OfOperator]["streak."+x.ID] = KindNumber
	}
	for _, x := range p.Vetoes {
		s.names[OfOperator]["veto."+x.ID] = KindTruth
	}
	if p.Allocate != nil {
		for _, x := range p.Allocate.Pools {
			s.names[OfCity]["members."+x.ID] = KindNumber
		}
	}
	return s
}

// cityFacts are what stint itself knows of the city.
var cityFacts = map[string]Kind{ //nolint:gochecknoglobals // a table that nothing writes
	"total":     KindNumber, // of the city in this period
	"operators": KindNumber, // how many there are
	"ranked":    KindNumber, // how many have a rank
	"reserve":   KindNumber, // of the city before
	"quotas":    KindNumber, // sum of the operators' quotas before
}

// operatorFacts are what stint itself knows of an operator, beside the city's facts.
var operatorFacts = map[string]Kind{ //nolint:gochecknoglobals // a table that nothing writes
	"id":        KindText,
	"class":     KindText,
	"score":     KindNumber,
	"grade":     KindText,
	"rank":      KindNumber,
	"last":      KindNumber, // the last rank: rank = last
	"qualified": KindTruth,
	"pass":      KindTruth,
	"quota":     KindNumber, // as the rule finds it
	"before":    KindNumber, // at the start of this period
	"original":  KindNumber, // when the streak began
	"approved":  KindNumber,
	"own":       KindNumber, // the operator's own reserve
	"request":   KindNumber,
	"share":     KindNumber, // before / quotas
}

// builtin reports whether stint itself has a fact of that name.
func (s *scopes) builtin(of Subject, name string) bool {
	_, city := cityFacts[name]
	_, operator := operatorFacts[name]
	return city || (of == OfOperator && operator) || name == "value"
}

func (s *scopes) add(of Subject, name string, k Kind) {
	if s.names[of] != nil {
		s.names[of][name] = k
	}
}

// of returns the facts in reach of a subject: its own and the city's.
func (s *scopes) of(subject Subject) Scope {
	return func(name string) (Kind, bool) {
		if k, ok := s.names[subject][name]; ok {
			return k, true
		}
		if subject == "" || subject == ofPoint {
			return "", false
		}
		k, ok := s.names[OfCity][name]
		return k, ok
	}
}
