package observe

import "fmt"

// State is what a vehicle is doing, in the words of MDS 2.0. The zero value is Unknown.
//
// Source: Mobility Data Specification 2.0, general information, vehicle states.
type State uint8

// The states of MDS 2.0.
const (
	Unknown State = iota
	Available
	NonOperational
	Reserved
	OnTrip
	Stopped
	NonContactable
	Removed
	Missing
	Elsewhere

	states = iota
)

// stateNames are the words of the standard.
//
//nolint:gochecknoglobals // a table that nothing writes
var stateNames = [states]string{
	"unknown", "available", "non_operational", "reserved", "on_trip", "stopped",
	"non_contactable", "removed", "missing", "elsewhere",
}

// String returns the word of the standard.
func (s State) String() string {
	if int(s) >= states {
		return stateNames[Unknown]
	}
	return stateNames[s]
}

// MarshalText writes the word of the standard.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *State) UnmarshalText(text []byte) error {
	state, ok := ParseState(string(text))
	if !ok {
		return fmt.Errorf("no state of a vehicle: %.40q", text)
	}
	*s = state
	return nil
}

// ParseState reads a word of the standard; ok is false for any other, which is then Unknown.
func ParseState(word string) (s State, ok bool) {
	for i, name := range stateNames {
		if name == word {
			return State(i), true
		}
	}
	return Unknown, false
}

// States returns every state in the order of the constants.
func States() []State {
	list := make([]State, states)
	for i := range list {
		list[i] = State(i)
	}
	return list
}

// OnStreet reports whether a vehicle in this state takes public space, or may: all but removed,
// missing and elsewhere. These three linger in a feed for 90 minutes and are no part of a count.
func (s State) OnStreet() bool { return s != Removed && s != Missing && s != Elsewhere }

// Standing reports whether a vehicle in this state stands where it was seen.
func (s State) Standing() bool { return s.OnStreet() && s != OnTrip && s != Unknown }

// StateSet is a set of states.
type StateSet uint16

// SetOf returns the set of some states.
func SetOf(list ...State) StateSet {
	var set StateSet
	for _, s := range list {
		set |= 1 << s
	}
	return set
}

// Has reports whether a state is in the set.
func (set StateSet) Has(s State) bool { return set>>s&1 == 1 }

// List returns the states of the set in the order of the constants.
func (set StateSet) List() []State {
	var list []State
	for s := range State(states) {
		if set.Has(s) {
			list = append(list, s)
		}
	}
	return list
}
