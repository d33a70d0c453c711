package mds

import "github.com/stint-city/stint/engine/observe"

// transition is one row of the state machine of micromobility: what may happen to a vehicle in
// which states, and the state it then has.
type transition struct {
	word   string
	before observe.StateSet
	after  observe.State
}

// machine is the table of vehicle state events. MDS 2.0 has the states non_contactable and missing
// where MDS 1 had unknown.
//
// Source: mobility-data-specification, modes/micromobility.md, vehicle state events.
func machine() []transition {
	const (
		available = observe.Available
		broken    = observe.NonOperational
		reserved  = observe.Reserved
		riding    = observe.OnTrip
		removed   = observe.Removed
		silent    = observe.NonContactable
		missing   = observe.Missing
		elsewhere = observe.Elsewhere
	)
	set := observe.SetOf
	lost := set(silent, missing)
	idle := set(available, broken, elsewhere)
	every := set(available, broken, reserved, riding, removed, elsewhere)
	list := []transition{
		{"battery_charged", set(broken), available},
		{"on_hours", set(broken), available},
		{"maintenance", set(broken), available},
		{"system_resume", set(broken), available},
		{"provider_drop_off", set(removed) | lost, available},
		{"agency_drop_off", set(removed) | lost, available},
		{"trip_end", set(riding), available},
		{"trip_cancel", set(riding), available},
		{"reservation_cancel", set(reserved), available},
		{"unspecified", set(broken) | lost, available},
		{"reservation_start", set(available), reserved},
		{"unspecified", lost, reserved},
		{"trip_start", set(available, reserved), riding},
		{"trip_enter_jurisdiction", set(elsewhere), riding},
		{"changed_geographies", set(riding), riding},
		{"unspecified", lost, riding},
		{"trip_leave_jurisdiction", set(riding), elsewhere},
		{"unspecified", lost, elsewhere},
		{"battery_low", set(available), broken},
		{"maintenance", set(available), broken},
		{"off_hours", set(available), broken},
		{"system_suspend", set(available), broken},
		{"unspecified", set(available) | lost, broken},
		{"rebalance_pick_up", idle, removed},
		{"maintenance_pick_up", idle, removed},
		{"compliance_pick_up", idle, removed},
		{"agency_pick_up", idle | lost, removed},
		{"decommissioned", idle | lost, removed},
		{"unspecified", idle | lost, removed},
		{"comms_lost", every | set(missing), silent},
		{"unspecified", every | set(missing), silent},
		{"not_located", every | set(silent), missing},
		{"unspecified", every | set(silent), missing},
	}
	for _, back := range []observe.State{
		available, reserved, riding, elsewhere, broken, removed,
	} {
		list = append(list, transition{"comms_restored", lost, back},
			transition{"located", lost, back})
	}
	return list
}

// rules finds the rows of a word.
//
//nolint:gochecknoglobals // a table that nothing writes
var rules = func() map[string][]transition {
	byWord := map[string][]transition{}
	for _, t := range machine() {
		byWord[t.word] = append(byWord[t.word], t)
	}
	return byWord
}()

// known reports whether a word names an event of micromobility.
func known(word string) bool { return len(rules[word]) > 0 }

// leads reports whether the last of an event's words may lead to a state. The states between
// several words are passed and never held.
func leads(words []string, state observe.State) bool {
	if len(words) == 0 {
		return false
	}
	for _, t := range rules[words[len(words)-1]] {
		if t.after == state {
			return true
		}
	}
	return false
}

// follows reports whether an event may happen to a vehicle in a state. It is only counted: events
// come late and in any order, and the standard forbids to enforce it at the door.
func follows(before observe.State, words []string, state observe.State) bool {
	if before == observe.Unknown {
		return true
	}
	now := observe.SetOf(before)
	for i, word := range words {
		var next observe.StateSet
		for _, t := range rules[word] {
			if t.before&now != 0 && (i+1 < len(words) || t.after == state) {
				next |= observe.SetOf(t.after)
			}
		}
		now = next
	}
	return now.Has(state)
}

// ofTrip reports whether an event is about a trip and must name it.
func ofTrip(word string) bool {
	switch word {
	case "trip_start", "trip_end", "trip_cancel", "trip_enter_jurisdiction",
		"trip_leave_jurisdiction":
		return true
	}
	return false
}
