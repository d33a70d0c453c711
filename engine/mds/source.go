package mds

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/stint-city/stint/engine/feeds"
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
)

// Source fetches one operator's Provider API into a room: its list of vehicles once a day, or when
// a vehicle shows that the list doesn't name; its fleet as often as the operator says, with what
// happened since the fleet stood so; the trips of each hour once they are ready. Step is for one
// goroutine at a time.
type Source struct {
	operator   string
	client     *Client
	config     *feeds.Config
	room       Room
	where      Geographies
	resolution int

	sectors map[observe.ID]string // of each vehicle of the list
	listed  time.Time             // when the list was read
	hour    time.Time             // the next one whose trips are asked for
	updated int64                 // ms of the last fleet taken in
	fails   int                   // steps in a row

	mu       sync.Mutex
	problems []lenient.Problem // of the last step that was read
}

// NewSource returns the source of an operator.
func NewSource(operator string, client *Client, a *Agency) *Source {
	return &Source{
		operator: operator, client: client, config: a.config, room: a.room, where: a.where,
		resolution: a.resolution,
	}
}

const (
	listEvery = 24 * time.Hour
	listAgain = 10 * time.Minute // at the earliest, for a vehicle that the list doesn't name
	leastWait = 10 * time.Second // between two steps, whatever the operator says
	mostWait  = 15 * time.Minute // after failures
	usualWait = time.Minute      // where the operator doesn't say
	tripHours = 24               // that are asked for after a start
	hoursOnce = 3                // at most in one step
)

// Step fetches what is due and returns when the next step is. After an error the picture is as
// before, and grows stale where that goes on.
func (s *Source) Step(ctx context.Context, now time.Time) (next time.Time, err error) {
	ttl, err := s.step(ctx, now)
	if err != nil {
		s.fails++
		return now.Add(s.patience(err)), fmt.Errorf("fetch the fleet of %s: %w", s.operator, err)
	}
	s.fails = 0
	return now.Add(min(max(ttl, leastWait), mostWait)), nil
}

// patience returns how long to wait after an error: as long as was asked, or twice as long each
// time, with up to a quarter more so that not all come at once.
func (s *Source) patience(err error) time.Duration {
	wait := mostWait
	if s.fails < 6 {
		wait = min(leastWait<<s.fails, mostWait)
	}
	var status *StatusError
	if errors.As(err, &status) {
		wait = max(wait, status.Retry)
	}
	return wait + rand.N(wait/4)
}

// step fetches what is due, and returns how long the fleet holds.
func (s *Source) step(ctx context.Context, now time.Time) (time.Duration, error) {
	var problems []lenient.Problem
	if now.Sub(s.listed) >= listEvery {
		report, err := s.list(ctx, now)
		if err != nil {
			return 0, err
		}
		problems = append(problems, report...)
	}
	statuses, r, err := s.client.Statuses(ctx)
	if err != nil {
		return 0, err
	}
	at := r.Updated
	if at == 0 {
		at = now.UnixMilli() // it doesn't say: it is as new as the answer
	}
	f := s.fleet()
	batches := f.Snapshots(statuses, at, &r.Report)
	if r.Report.Count("vehicles/status", "device_id", lenient.Unknown) > 0 &&
		now.Sub(s.listed) >= listAgain {
		s.listed = time.Time{} // the next step reads the list first
	}
	for i := range batches {
		if at == s.updated {
			break // the same again
		}
		if _, err := s.room.Observe(observe.DataFleets, &batches[i], now); err != nil {
			return 0, err
		}
	}
	s.updated = at
	events, err := s.events(ctx, now, &f)
	if err != nil {
		return 0, err
	}
	trips, err := s.trips(ctx, now, &f)
	if err != nil {
		return 0, err
	}
	s.keep(slices.Concat(problems, r.Report.Problems, events, trips))
	if r.TTL < 0 {
		return usualWait, nil
	}
	return time.Duration(r.TTL) * time.Millisecond, nil
}

// keep remembers what the operator's answers deviated in.
func (s *Source) keep(problems []lenient.Problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = problems
}

// Problems returns what the answers of the last whole step deviated in. Any goroutine may ask.
func (s *Source) Problems() []lenient.Problem {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

// list reads the list of vehicles: who is of which sector, and the register.
func (s *Source) list(ctx context.Context, now time.Time) ([]lenient.Problem, error) {
	vehicles, r, err := s.client.Vehicles(ctx)
	if err != nil {
		return nil, err
	}
	sectors := map[observe.ID]string{}
	var fresh []observe.Registered
	for i := range vehicles {
		v := &vehicles[i]
		sector, ok := s.config.SectorOf(v.Type, v.Propulsion)
		switch {
		case !v.Faults.None():
			continue // counted where it was read
		case !ok:
			r.Report.Add(lenient.Problem{
				Feed: "vehicles", Field: "vehicle_type", Kind: lenient.Unknown, Got: v.Type,
			})
			continue
		}
		sectors[v.Device] = sector
		one := v.registered(sector)
		if old, known := s.room.Vehicle(s.operator, v.Device); !known || old != one {
			fresh = append(fresh, one)
		}
	}
	if len(fresh) > 0 {
		if err := s.room.Register(s.operator, fresh, now); err != nil {
			return nil, err
		}
	}
	s.sectors, s.listed = sectors, now
	return r.Report.Problems, nil
}

// fleet is the operator's, with the sectors of its list.
func (s *Source) fleet() Fleet {
	return Fleet{
		Operator: s.operator, Sectors: s.config.SectorIDs(), Where: s.where, Source: "mds provider",
		SectorOf: func(device observe.ID) (string, bool) {
			sector, ok := s.sectors[device]
			return sector, ok
		},
	}
}

// events fetches what has happened since the fleet stood as it was told: what is older can't change
// it any more. An operator that doesn't offer them is left in peace.
func (s *Source) events(
	ctx context.Context, now time.Time, f *Fleet,
) ([]lenient.Problem, error) {
	since := time.UnixMilli(s.updated)
	if !since.Before(now) {
		return nil, nil
	}
	events, r, err := s.client.Events(ctx, since, now)
	var status *StatusError
	if errors.As(err, &status) && (status.Status == http.StatusNotFound ||
		status.Status == http.StatusNotImplemented) {
		return []lenient.Problem{{Feed: "events/recent", Kind: lenient.Absent, Count: 1}}, nil
	}
	if err != nil {
		return nil, err
	}
	for _, b := range f.Events(events, now.UnixMilli(), &r.Report) {
		if len(b.Sightings) == 0 {
			continue
		}
		if _, err := s.room.Observe(observe.DataEvents, &b, now); err != nil {
			return nil, err
		}
	}
	return r.Report.Problems, nil
}

// trips fetches the trips of hours that are past, until one isn't ready. One of which nothing is
// known is passed: nobody drove, or the operator wasn't there.
func (s *Source) trips(
	ctx context.Context, now time.Time, f *Fleet,
) ([]lenient.Problem, error) {
	if s.hour.IsZero() {
		s.hour = now.Truncate(time.Hour).Add(-tripHours * time.Hour)
	}
	var problems []lenient.Problem
	for range hoursOnce {
		if s.hour.Add(time.Hour).After(now) {
			break
		}
		trips, r, err := s.client.Trips(ctx, s.hour)
		switch {
		case errors.Is(err, ErrNotReady):
			return problems, nil
		case errors.Is(err, ErrNoHour):
		case err != nil:
			return nil, err
		default:
			rides := f.Rides(trips, s.resolution, &r.Report)
			problems = append(problems, r.Report.Problems...)
			if len(rides) == 0 {
				break
			}
			if _, err := s.room.Ride(s.operator, rides, now); err != nil {
				return nil, err
			}
		}
		s.hour = s.hour.Add(time.Hour)
	}
	return problems, nil
}
