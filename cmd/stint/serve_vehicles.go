package main

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/ingest"
)

// vehicleDoor joins the door for where vehicles are to the server, the store and the retention.
type vehicleDoor struct {
	door    *ingest.Door
	store   engine.Whereabouts
	city    string
	keep    time.Duration
	end     context.CancelFunc
	running sync.WaitGroup
}

// usualKeep is how long a vehicle of which nothing is told any more is kept, where no file of feeds
// says.
const usualKeep = 48 * time.Hour

// newVehicleDoor returns a door that begin opens.
func newVehicleDoor(c *feedDoor) *vehicleDoor {
	d := &vehicleDoor{keep: usualKeep, end: func() {}}
	if c != nil {
		d.keep = time.Duration(c.config.Keep.Fleets) * time.Hour
	}
	return d
}

// begin opens the door over a store, for the cells and sectors of the plan in force.
func (d *vehicleDoor) begin(e *engine.Engine, store engine.Store, state stateFolder) error {
	salt, err := state.salt()
	if err != nil {
		return err
	}
	where, ok := store.(engine.Whereabouts)
	if !ok {
		return nil // a store that counts no vehicles: those routes answer 404
	}
	now := e.InForce()
	c := ingest.Config{
		City: now.City, Store: where, Salt: salt, Resolution: coarse,
	}
	if now.Plan != nil {
		c.Resolution, c.Area = now.Plan.City.Resolution, areaOf(now.Plan)
		for i := range now.Plan.Sectors {
			c.Sectors = append(c.Sectors, now.Plan.Sectors[i].ID)
		}
	}
	if d.door, err = ingest.New(c); err != nil {
		return err
	}
	d.store, d.city = where, now.City
	ctx, end := context.WithCancel(context.Background())
	d.end = end
	d.running.Go(func() {
		d.door.Run(ctx, func(err error) { slog.Error("vehicles", "error", err) })
	})
	return nil
}

// Take takes a delivery in. What it returns without an error is in the store.
func (d *vehicleDoor) Take(
	ctx context.Context, delivery engine.Delivery, r io.Reader,
) (engine.Intake, error) {
	taken, err := d.door.Take(ctx, delivery, r)
	if err != nil {
		return taken, err
	}
	return taken, d.door.Flush(ctx)
}

// Stands returns the counts of a sector's vehicles.
func (d *vehicleDoor) Stands(ctx context.Context, sector string) ([]engine.Stand, error) {
	return d.store.Stands(ctx, engine.Scope{City: d.city, Sector: sector})
}

// Forget drops the vehicles of which nothing was told for as long as they are kept.
func (d *vehicleDoor) Forget(now time.Time) ([]engine.Forgotten, error) {
	if d.door == nil {
		return nil, nil
	}
	before := now.Add(-d.keep).Truncate(time.Hour)
	n, err := d.door.Forget(context.Background(), before)
	if n == 0 && d.door.Vehicles() == 0 {
		return nil, err // nobody tells of vehicles
	}
	return []engine.Forgotten{{Data: "vehicles", Before: before, Items: n}}, err
}

// close tells the store what it lacks, and closes the door.
func (d *vehicleDoor) close() {
	d.end()
	d.running.Wait()
}

// retention returns what forgets for an engine.
func retention(feeds *feedDoor, vehicles *vehicleDoor) engine.Forgetter {
	if feeds == nil {
		return vehicles
	}
	return forgetters{feeds, vehicles}
}

// forgetters are several retentions as one.
type forgetters []engine.Forgetter

// Forget runs each of them; the first error ends it, and the next run begins again.
func (f forgetters) Forget(now time.Time) ([]engine.Forgotten, error) {
	var all []engine.Forgotten
	for _, one := range f {
		gone, err := one.Forget(now)
		all = append(all, gone...)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}
