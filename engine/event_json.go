package engine

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrEvent is what a text that is no event gives.
var ErrEvent = errors.New("no event of a ledger")

// eventLine is an event as archives and streams write it: one JSON object a line, empty fields
// left out.
type eventLine struct {
	ID      string       `json:"id"`   // "<gen>-<seq>"
	Kind    EventKind    `json:"kind"` //
	Time    Millis       `json:"time"` // Unix milliseconds
	Epoch   int64        `json:"epoch,omitempty"`
	Plan    string       `json:"plan,omitempty"`
	Level   Level        `json:"level,omitempty"`
	N       int          `json:"n,omitempty"`
	Reason  string       `json:"reason,omitempty"`
	Changes []changeLine `json:"changes,omitempty"`
}

// changeLine is one record after an event; without a text it was forgotten.
type changeLine struct {
	ID     ID     `json:"id"`
	Record string `json:"record,omitempty"` // as Record.String wrote it
}

// MarshalJSON returns the event as one JSON object without a line break. Records are in it as the
// one line of Record.String, which Redis keeps too.
func (e Event) MarshalJSON() ([]byte, error) {
	line := eventLine{
		ID: e.ID.String(), Kind: e.Kind, Time: e.Time, Epoch: e.Epoch, Plan: e.Plan,
		Level: e.Level, N: e.N, Reason: e.Reason,
	}
	for i := range e.Changes {
		change := changeLine{ID: e.Changes[i].ID}
		if e.Changes[i].Record.Verb != "" {
			change.Record = e.Changes[i].Record.String()
		}
		line.Changes = append(line.Changes, change)
	}
	return json.Marshal(line)
}

// UnmarshalJSON reads what MarshalJSON wrote. It returns ErrEvent for a kind or an ID that is none,
// and ErrRecord for a record that is none; fields that a later version added are passed over.
func (e *Event) UnmarshalJSON(data []byte) error {
	var line eventLine
	if err := json.Unmarshal(data, &line); err != nil {
		return fmt.Errorf("%w: %w", ErrEvent, err)
	}
	id, err := ParseEventID(line.ID)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrEvent, err)
	}
	if !line.Kind.known() {
		return fmt.Errorf("%w: kind %.40q", ErrEvent, line.Kind)
	}
	read := Event{
		ID: id, Kind: line.Kind, Time: line.Time, Epoch: line.Epoch, Plan: line.Plan,
		Level: line.Level, N: line.N, Reason: line.Reason,
	}
	for i := range line.Changes {
		change := Change{ID: line.Changes[i].ID}
		if text := line.Changes[i].Record; text != "" {
			if change.Record, err = ParseRecord(text); err != nil {
				return fmt.Errorf("event %s, %.80s: %w", id, change.ID, err)
			}
		}
		read.Changes = append(read.Changes, change)
	}
	*e = read
	return nil
}

// known reports whether k is one of the kinds.
func (k EventKind) known() bool {
	switch k {
	case Asked, Swept, Published, Releveled, Drawn, Shut, Opened:
		return true
	}
	return false
}
