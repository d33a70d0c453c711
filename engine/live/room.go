package live

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/stint-city/stint/engine/observe"
)

// Settings are what a Room is told once.
type Settings struct {
	Dir    string // made where it isn't there
	Most   int64  // bytes of the journal; 0 = no bound
	Street observe.Settings
	Method observe.Method                 // how vehicles are counted
	Keep   map[observe.Data]time.Duration // after arrival; a kind that isn't there is kept for ever
	Expect [][2]string                    // operator and sector of feeds whose silence is to be seen
}

// Room is what is known of the street. It is safe for concurrent use.
type Room struct {
	settings Settings
	mu       sync.Mutex
	journal  journal
	vehicles *segment // of the register
	street   *observe.Street
	rides    observe.Rides
	register map[string]map[observe.ID]observe.Registered // by operator
	changed  bool                                         // the register, since it was written anew
	health   memo[observe.Health]
	counts   memo[observe.Count]
}

// memo is an answer that holds for a second, unless something is taken in before: who asks again
// and again, and anybody may, doesn't count a fleet each time.
type memo[T any] struct {
	known bool
	at    int64 // ms
	list  []T
}

// holds reports whether an answer is still good at a time, ms.
func (m *memo[T]) holds(now int64) bool { return m.known && now >= m.at && now-m.at < 1000 }

// touch forgets the answers that hold no longer.
func (r *Room) touch() { r.health, r.counts = memo[observe.Health]{}, memo[observe.Count]{} }

// The files beside the journal.
const (
	pictureFile  = "picture" + suffix
	vehiclesFile = "vehicles" + suffix
)

// Open returns the room of a folder as it was left. It returns ErrJournal where a file can't be
// read.
func Open(s Settings) (*Room, error) {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open what was observed: %w", err)
	}
	r := &Room{
		settings: s, street: observe.New(s.Street),
		journal:  journal{s.Dir, s.Most, map[observe.Data]*segment{}, map[string]content{}},
		register: map[string]map[observe.ID]observe.Registered{},
	}
	for _, f := range s.Expect {
		r.street.Expect(f[0], f[1])
	}
	if err := r.load(); err != nil {
		return nil, fmt.Errorf("open what was observed: %w", err)
	}
	return r, nil
}

// load folds every file. The order of the kinds doesn't matter to a street.
func (r *Room) load() error {
	err := r.journal.read(filepath.Join(r.settings.Dir, pictureFile), r.fold)
	if err != nil {
		return err
	}
	vehicles := filepath.Join(r.settings.Dir, vehiclesFile)
	if err := r.journal.read(vehicles, r.fold); err != nil {
		return err
	}
	for _, data := range observe.Datas() {
		files, err := r.journal.list(data)
		if err != nil {
			return err
		}
		for _, path := range files {
			if err := r.journal.read(path, r.fold); err != nil {
				return err
			}
		}
	}
	r.vehicles, err = openSegment(vehicles)
	return err
}

// fold takes in what a record says.
func (r *Room) fold(x *record) {
	for _, v := range x.Vehicles {
		if r.register[x.Operator] == nil {
			r.register[x.Operator] = map[observe.ID]observe.Registered{}
		}
		r.register[x.Operator][v.Vehicle] = v
	}
	if len(x.Trips) > 0 {
		r.rides.Add(x.Operator, x.Trips)
	}
	if len(x.Seen) > 0 || x.Holds != 0 {
		r.street.Apply(x.batch(), x.At)
	}
}

// Close ends the room.
func (r *Room) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(r.journal.close(), r.vehicles.file.Close())
}

// Observe takes a batch in at the time now, to be kept as a kind of data. After an error nothing of
// it is known.
func (r *Room) Observe(
	data observe.Data, b *observe.Batch, now time.Time,
) (observe.Taken, error) {
	x := recordOf(b, now.UnixMilli())
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.journal.append(data, &x); err != nil {
		return observe.Taken{}, err
	}
	r.touch()
	return r.street.Apply(b, x.At), nil
}

// Ride takes trips in and returns how many were new. After an error none of them is known.
func (r *Room) Ride(operator string, trips []observe.Trip, now time.Time) (int, error) {
	x := record{At: now.UnixMilli(), Operator: operator, Trips: trips}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.journal.append(observe.DataTrips, &x); err != nil {
		return 0, err
	}
	return r.rides.Add(operator, trips), nil
}

// Register adds vehicles to an operator's register, or changes them. After an error none is known.
func (r *Room) Register(operator string, list []observe.Registered, now time.Time) error {
	x := record{At: now.UnixMilli(), Operator: operator, Vehicles: list}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.vehicles.add(&x); err != nil {
		return err
	}
	r.changed = true
	r.touch()
	r.fold(&x)
	return nil
}

// Vehicle returns what an operator has registered under a device.
func (r *Room) Vehicle(operator string, device observe.ID) (observe.Registered, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.register[operator][device]
	return v, ok
}

// Last returns the state that was last told of a vehicle and when, ms; 0 = never.
func (r *Room) Last(operator, sector string, device observe.ID) (observe.State, int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.street.Last(operator, sector, device)
}

// Health returns how far each feed can be relied upon. Coverage and match are those of the
// vehicles that its operator has registered; of an operator without any they are unknown.
func (r *Room) Health(now time.Time) []observe.Health {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.health.holds(now.UnixMilli()) {
		return slices.Clone(r.health.list)
	}
	register := observe.NewRegister()
	for operator, list := range r.register {
		for id, v := range list {
			register.Add(operator, v.Sector, id)
		}
	}
	list := r.street.Health(now.UnixMilli(), register.Fleets())
	r.street.Match(list, register)
	r.health = memo[observe.Health]{true, now.UnixMilli(), list}
	return slices.Clone(list)
}

// Occupancy counts the vehicles of each feed by cell and state. Feeds that are stale or silent are
// left out: nothing is known of them.
func (r *Room) Occupancy(now time.Time) []observe.Count {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.counts.holds(now.UnixMilli()) {
		list := r.street.Occupancy(r.settings.Method, now.UnixMilli())
		r.counts = memo[observe.Count]{true, now.UnixMilli(), list}
	}
	return slices.Clone(r.counts.list)
}

// Rides counts the rides that ended since a time, by hour.
func (r *Room) Rides(from time.Time) []observe.RideHour {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rides.Hours(from.UnixMilli())
}

// Method returns the name of how vehicles are counted.
func (r *Room) Method() string { return r.settings.Method.Name }

// registered returns the whole register as records.
func (r *Room) registered(at int64) []record {
	var list []record
	for _, operator := range slices.Sorted(maps.Keys(r.register)) {
		own := r.register[operator]
		ids := slices.Sorted(maps.Keys(own))
		for part := range slices.Chunk(ids, wordsALine) {
			x := record{At: at, Operator: operator}
			for _, id := range part {
				x.Vehicles = append(x.Vehicles, own[id])
			}
			list = append(list, x)
		}
	}
	return list
}

// Dir returns the folder.
func (r *Room) Dir() string { return r.settings.Dir }
