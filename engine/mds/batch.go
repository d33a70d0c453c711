package mds

import (
	"slices"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

// Geographies finds the cell of a geography by its UUID; ok is false for one that is no cell. nil
// knows none.
type Geographies func(id string) (c geo.Cell, ok bool)

// cellOf returns the first of some geographies that is a cell, 0 for none.
func (g Geographies) cellOf(ids []string) geo.Cell {
	if g == nil {
		return 0
	}
	for _, id := range ids {
		if c, ok := g(id); ok {
			return c
		}
	}
	return 0
}

// sighting returns what an event tells: with its place, or the cell that its geographies name, or
// its state alone.
func (e *Event) sighting(where Geographies) observe.Sighting {
	x := observe.Sighting{
		Vehicle: e.Device, Event: e.ID, State: e.State, At: e.At, Placed: e.Placed, Point: e.Point,
	}
	if !e.Placed {
		x.Cell = where.cellOf(e.Geography)
	}
	return x
}

// sighting returns what telemetry tells: a place, and no state.
func (t *Telemetry) sighting() observe.Sighting {
	return observe.Sighting{
		Vehicle: t.Device, At: t.At, Placed: t.Placed, Point: t.Point, Quiet: true,
	}
}

// ride returns a trip as it is kept: from cell to cell.
func (t *Trip) ride(sector string, resolution int) observe.Trip {
	x := observe.Trip{
		ID: t.ID, Vehicle: t.Device, Sector: sector, Start: t.Start, End: t.End,
		Metres: t.Metres, Rider: t.Rider,
	}
	if t.Left {
		x.From = cellAt(t.From, resolution)
	}
	if t.Came {
		x.To = cellAt(t.To, resolution)
	}
	return x
}

// cellAt returns the cell of a point, 0 for none and for a receiver without a fix.
func cellAt(p geo.LatLng, resolution int) geo.Cell {
	c, err := geo.CellAt(p, resolution)
	if err != nil || p == (geo.LatLng{}) {
		return 0
	}
	return c
}

// Fleet says whose vehicles an answer tells of and which sector each belongs to.
type Fleet struct {
	Operator string
	Sectors  []string // each gets a batch, also an empty one
	// SectorOf finds a vehicle's sector by its device; ok is false for one that no list of vehicles
	// has named.
	SectorOf func(device observe.ID) (sector string, ok bool)
	Where    Geographies
	Source   string // address, for evidence; no credentials
}

// batches returns an empty batch for each sector.
func (f *Fleet) batches(kind observe.Kind, at int64) []observe.Batch {
	list := make([]observe.Batch, len(f.Sectors))
	for i, s := range f.Sectors {
		list[i] = observe.Batch{
			Operator: f.Operator, Sector: s, Kind: kind, At: at, Source: f.Source,
		}
	}
	return list
}

// put adds a sighting to the batch of its vehicle's sector. One of no known sector is counted.
func (f *Fleet) put(list []observe.Batch, x observe.Sighting, feed string, r *lenient.Report) {
	sector, ok := f.SectorOf(x.Vehicle)
	i := slices.Index(f.Sectors, sector)
	if !ok || i < 0 {
		r.Add(lenient.Problem{Feed: feed, Field: "device_id", Kind: lenient.Unknown})
		return
	}
	list[i].Sightings = append(list[i].Sightings, x)
}

// Snapshots returns the fleet that statuses show at a time, ms: one snapshot for each sector. The
// states removed, missing and elsewhere, which linger for 90 minutes, are in it and not counted.
func (f *Fleet) Snapshots(statuses []Status, at int64, r *lenient.Report) []observe.Batch {
	list := f.batches(observe.Snapshot, at)
	for i := range statuses {
		if statuses[i].Faults.None() {
			f.put(list, statuses[i].sighting(f.Where), "vehicles/status", r)
		}
	}
	return list
}

// Events returns what events tell, one batch for each sector; at is when they were handed over.
// An event whose state can't be understood tells its place.
func (f *Fleet) Events(events []Event, at int64, r *lenient.Report) []observe.Batch {
	list := f.batches(observe.Events, at)
	for i := range events {
		e := &events[i]
		if e.Device == 0 || e.At == 0 {
			continue // counted where it was read
		}
		x := e.sighting(f.Where)
		x.Quiet = e.State == observe.Unknown
		f.put(list, x, "events/recent", r)
	}
	return list
}

// Rides returns the trips that can be told apart, as they are kept.
func (f *Fleet) Rides(trips []Trip, resolution int, r *lenient.Report) []observe.Trip {
	var list []observe.Trip
	for i := range trips {
		t := &trips[i]
		if !t.Faults.None() {
			continue // counted where it was read
		}
		sector, ok := f.SectorOf(t.Device)
		if !ok {
			r.Add(lenient.Problem{Feed: "trips", Field: "device_id", Kind: lenient.Unknown})
			continue
		}
		list = append(list, t.ride(sector, resolution))
	}
	return list
}
