package rules

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota/policy"
)

// State is a state that was read, with where each part of it stands.
type State struct {
	policy.State
	File string
	at   strict.Positions
}

// ReadState reads a state, in JSON or YAML. The error is a *strict.Fault.
func ReadState(name string, data []byte) (*State, error) {
	s := &State{File: name}
	var err error
	s.at, err = strict.Decode(name, data, maxFile, &s.State)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Apply applies the policy to the state. calendar may be nil for that of the policy's name among
// those that stint ships. What the state lacks is a *strict.Fault at its place.
func (p *Policy) Apply(s *State, calendar policy.Calendar) (*policy.Decision, error) {
	if calendar == nil {
		calendar = Shipped(p.Policy.Calendar)
	}
	d, err := p.Program.Apply(&s.State, calendar)
	if wrong := (*policy.StateError)(nil); errors.As(err, &wrong) {
		return nil, strict.FaultAt(s.File, s.at.Of(s.place(wrong.Path)), "state."+wrong.Code,
			withPath(wrong.Path, wrong.Args)...)
	}
	return d, err
}

// place turns the names in a path into places in their lists: operators[hello] into operators[1].
func (s *State) place(path string) string {
	list, rest, ok := strings.Cut(path, "[")
	id, tail, closed := strings.Cut(rest, "]")
	if !ok || !closed {
		return path
	}
	at := -1
	switch list {
	case "operators":
		for i := range s.Operators {
			if s.Operators[i].ID == id {
				at = i
			}
		}
	case "zones":
		for i := range s.Zones {
			if s.Zones[i].ID == id {
				at = i
			}
		}
	case "sites":
		for i := range s.Sites {
			if s.Sites[i].ID == id {
				at = i
			}
		}
	}
	if at < 0 {
		return list
	}
	return fmt.Sprintf("%s[%d]%s", list, at, tail)
}
