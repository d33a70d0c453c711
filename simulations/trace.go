package simulations

import (
	"context"
	"errors"
	"fmt"

	"github.com/stint-city/stint/geo"
)

// ErrNoPolicy means that a scenario has no policy of a name.
var ErrNoPolicy = errors.New("no policy of the scenario")

// Request is one rider of one replication, and what came of looking for a vehicle.
type Request struct {
	At       int64 // ms from the start of the scenario
	Counted  bool  // after the warm-up
	From, To geo.Cell
	Outcome  string  // served, or as the metrics lost_… have it
	Operator string  // whose vehicle; "" = none
	Walk     float64 // m, of those served
	Seconds  float64 // of the ride, of those served
	Fare     float64 // of those served
}

// outcomes are the ends of a request without a ride, as the metrics name them.
//
//nolint:gochecknoglobals // a table that nothing writes
var outcomes = [...]string{
	lostNone: "lost_no_vehicle", lostOutside: "lost_other_way", lostTaken: "lost_taken",
	lostFrozen: "lost_suspended",
}

// Trace makes one replication of a policy again and tells of every request, in the order in which
// they ended. It is the replication of the same number that Run makes.
func (s *Study) Trace(
	ctx context.Context, policy string, replication int, each func(Request) error,
) error {
	for p := range s.Scenario.Policies {
		if s.Scenario.Policies[p].ID != policy {
			continue
		}
		sim := newSim(s.worlds[p])
		var fault error
		sim.told = func(r Request) {
			if fault == nil {
				fault = each(r)
			}
		}
		if _, err := sim.replicate(ctx, replicationKey(s.Scenario.Seed, replication)); err != nil {
			return fmt.Errorf("policy %s, replication %d: %w", policy, replication, err)
		}
		return fault
	}
	return fmt.Errorf("%w: %s", ErrNoPolicy, policy)
}

// tell tells of a request that has ended, where somebody listens.
func (s *sim) tell(t *trip, r Request) {
	if s.told == nil {
		return
	}
	r.At, r.Counted = t.asked, t.asked >= int64(s.warmup)*hourMS
	r.From, r.To = s.town.Cells[t.from], s.town.Cells[t.goal]
	s.told(r)
}
