package engine

import (
	"fmt"
	"strconv"
	"strings"
)

// EventID orders what happened in one scope. Gen counts how often the ledger was opened after a
// loss or at its birth; Seq counts the events of a generation from 1.
type EventID struct {
	Gen int64
	Seq int64
}

// String returns "<gen>-<seq>", which is also its ID in a Redis stream.
func (e EventID) String() string { return fmt.Sprintf("%d-%d", e.Gen, e.Seq) }

// ParseEventID returns the ID that String wrote.
func ParseEventID(text string) (EventID, error) {
	gen, seq, _ := strings.Cut(text, "-")
	g, errG := strconv.ParseInt(gen, 10, 64)
	s, errS := strconv.ParseInt(seq, 10, 64)
	if errG != nil || errS != nil || g < 0 || s < 0 {
		return EventID{}, fmt.Errorf("no event ID: %.40q", text)
	}
	return EventID{g, s}, nil
}

// After reports whether e is later than o.
func (e EventID) After(o EventID) bool {
	return e.Gen > o.Gen || (e.Gen == o.Gen && e.Seq > o.Seq)
}

// EventKind says what an event is about.
type EventKind string

// The kinds of event.
const (
	Asked     EventKind = "asked"     // asks were granted
	Swept     EventKind = "swept"     // leases expired, or ended records were forgotten
	Published EventKind = "published" // other caps are in force
	Releveled EventKind = "releveled" // records charge other levels
	Drawn     EventKind = "drawn"     // a pool's chunk came or went
	Shut      EventKind = "shut"      // no grants until Opened
	Opened    EventKind = "opened"    // grants again
)

// Event is one atomic change of a ledger. Changes hold whole records as they are afterwards, so
// that applying an event twice does no harm.
type Event struct {
	ID      EventID
	Kind    EventKind
	Time    Millis
	Changes []Change
	Epoch   int64  // Published: the caps now in force
	Plan    string // Published: the plan's ID
	Level   Level  // Drawn: the pool's level
	N       int    // Drawn: its cap afterwards
	Reason  string // Shut: why, a code of the catalogue
}

// Change is one record after an event; a Record without a Verb was forgotten.
type Change struct {
	ID     ID
	Record Record
}
