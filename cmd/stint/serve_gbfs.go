package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/stint-city/stint/engine/feeds"
	"github.com/stint-city/stint/engine/gbfs"
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/live"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/poll"
	"github.com/stint-city/stint/geo"
)

// gbfsDoor polls one operator's GBFS feed into the room.
type gbfsDoor struct {
	source *gbfs.Source
	fleet  gbfs.Fleet
	room   *live.Room

	mu   sync.Mutex
	told []lenient.Problem // of the files that came last
}

// newGBFSDoor returns the door of a feed. Positions outside of an area that is known count as out
// of the city.
func newGBFSDoor(
	operator string, g feeds.GBFS, c *feeds.Config, salt []byte, area geo.Box, room *live.Room,
) *gbfsDoor {
	settings := gbfs.Settings{Hasher: observe.NewHasher(salt), Ahead: int64(c.Ahead) * 1000}
	if area != emptyArea() {
		settings.Area = &area
	}
	var also []gbfs.Endpoint
	for _, address := range g.Also {
		also = append(also, gbfs.Endpoint{Name: fileName(address), URL: address})
	}
	client := poll.New(poll.Settings{Private: g.Private})
	return &gbfsDoor{
		source: gbfs.NewSource(gbfs.New(settings), client, g.URL, also),
		fleet: gbfs.Fleet{
			Operator: operator, Sector: g.Sector, SectorOf: c.SectorOf, Sectors: c.SectorIDs(),
			Count: gbfs.Count(g.Count), Source: poll.Safe(g.URL),
		},
		room: room,
	}
}

// keep polls until ctx ends. A file that can't be had or used leaves the picture as it was.
func (d *gbfsDoor) keep(ctx context.Context) {
	for {
		if err := d.poll(ctx, time.Now()); err != nil {
			slog.Warn("keep a feed", "operator", d.fleet.Operator, "error", err)
		}
		if !pause(ctx, time.Until(time.UnixMilli(d.source.Next()))) {
			return
		}
	}
}

// poll asks what is due, and takes the fleet in where the feed knows more of it than before.
func (d *gbfsDoor) poll(ctx context.Context, now time.Time) error {
	fleet := false
	for _, p := range d.source.Poll(ctx, now.UnixMilli(), rand.Float64) {
		if !p.Taken && !p.Outcome.Good() && ctx.Err() == nil {
			slog.Warn("poll", "operator", d.fleet.Operator, "address", p.Address,
				"outcome", p.Outcome, "status", p.Status)
		}
		fleet = fleet || p.Taken && fleetFile(p.Name)
	}
	d.tell()
	if !fleet {
		return nil
	}
	for _, b := range d.source.Feed.Batches(d.fleet) {
		if _, err := d.room.Observe(observe.DataFleets, &b, now); err != nil {
			return err
		}
	}
	return nil
}

// fleetFile reports whether a file says where vehicles are.
func fleetFile(name string) bool { return name == gbfs.VehicleStatus || name == gbfs.StationStatus }

// tell keeps the problems of the files for who asks.
func (d *gbfsDoor) tell() {
	var list []lenient.Problem
	for _, f := range d.source.Feed.Files() {
		list = append(list, f.Problems...)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.told = list
}

// problems returns what the feed deviates in.
func (d *gbfsDoor) problems() []lenient.Problem {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.told)
}
