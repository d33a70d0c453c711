package mds

import (
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
)

// register adds vehicles to the operator's register. One that is there already fails, as the
// standard has it, also where it is the same: so a retry shows as such.
func (in *intake) register() error {
	var list []observe.Registered
	here := map[observe.ID]bool{}
	err := in.each(func() {
		v := in.vehicle()
		if !in.own(&v.Faults, v.Provider, v.Offset) {
			return
		}
		sector, ok := in.config.SectorOf(v.Type, v.Propulsion)
		if !ok {
			in.fail(v.Offset, badParam, "vehicle_type", "propulsion_types")
			return
		}
		if _, known := in.room.Vehicle(in.Operator, v.Device); known || here[v.Device] {
			in.fail(v.Offset, alreadyRegistered, "device_id")
			return
		}
		here[v.Device] = true
		list = append(list, v.registered(sector))
	})
	return in.keep(err, list)
}

// change changes vehicles of the register. A vehicle stays in its sector: another kind of vehicle
// is another vehicle.
func (in *intake) change() error {
	var list []observe.Registered
	err := in.each(func() {
		v := in.vehicle()
		if !in.own(&v.Faults, v.Provider, v.Offset) {
			return
		}
		was, ok := in.sectorOf(v.Device, v.Offset)
		if !ok {
			return
		}
		if sector, ok := in.config.SectorOf(v.Type, v.Propulsion); !ok || sector != was {
			in.fail(v.Offset, badParam, "vehicle_type", "propulsion_types")
			return
		}
		list = append(list, v.registered(was))
	})
	return in.keep(err, list)
}

// each reads every item of the body.
func (in *intake) each(read func()) error {
	return in.items(func() {
		in.bulk.Total++
		read()
	})
}

// keep hands vehicles to the register, unless the body was no list of them.
func (in *intake) keep(err error, list []observe.Registered) error {
	if err == nil && len(list) > 0 {
		err = in.room.Register(in.Operator, list, in.Now)
	}
	in.bulk.Success = len(list)
	return err
}

// batches are the items of a call by sector.
type batches map[string]*observe.Batch

func (b batches) put(in *intake, sector string, x observe.Sighting) {
	if b[sector] == nil {
		b[sector] = &observe.Batch{
			Operator: in.Operator, Sector: sector, Kind: observe.Events, At: in.now,
			Source: in.What,
		}
	}
	b[sector].Sightings = append(b[sector].Sightings, x)
	in.bulk.Success++
}

// hand gives the batches to the room in the order of their sectors.
func (b batches) hand(in *intake, data observe.Data) error {
	sectors := make([]string, 0, len(b))
	for s := range b {
		sectors = append(sectors, s)
	}
	slices.Sort(sectors)
	for _, s := range sectors {
		if _, err := in.room.Observe(data, b[s], in.Now); err != nil {
			return err
		}
	}
	return nil
}

// events takes changes of state in. What was told before, or is older than what is known, is taken
// and changes nothing.
func (in *intake) events() error {
	list := batches{}
	last := map[observe.ID]word{}
	err := in.each(func() {
		e := in.event()
		if !in.own(&e.Faults, e.Provider, e.Offset) || in.ahead(e.At, e.Offset, "timestamp") {
			return
		}
		sector, ok := in.sectorOf(e.Device, e.Offset)
		if !ok {
			return
		}
		in.follow(last, sector, &e)
		list.put(in, sector, e.sighting(in.where))
	})
	if err != nil {
		return err
	}
	return list.hand(in, observe.DataEvents)
}

// word is the last that is known of a vehicle.
type word struct {
	state observe.State
	at    int64
}

// follow counts an event that the state machine doesn't allow after the last one known.
func (in *intake) follow(last map[observe.ID]word, sector string, e *Event) {
	before, met := last[e.Device]
	if !met {
		before.state, before.at = in.room.Last(in.Operator, sector, e.Device)
	}
	if e.At <= before.at {
		return
	}
	last[e.Device] = word{e.State, e.At}
	if len(e.Types) > 0 && !follows(before.state, e.Types, e.State) && leads(e.Types, e.State) {
		in.report.Add(lenient.Problem{
			Feed: in.What, Field: "[].vehicle_state", Kind: lenient.Mismatch,
			Got: before.state.String() + " " + strings.Join(e.Types, " ") + " " + e.State.String(),
		})
	}
}

// positions takes telemetry in.
func (in *intake) positions() error {
	list := batches{}
	err := in.each(func() {
		t := in.telemetry()
		if !in.own(&t.Faults, t.Provider, t.Offset) || in.ahead(t.At, t.Offset, "timestamp") {
			return
		}
		if sector, ok := in.sectorOf(t.Device, t.Offset); ok {
			list.put(in, sector, t.sighting())
		}
	})
	if err != nil {
		return err
	}
	return list.hand(in, observe.DataTelemetry)
}

// trips takes rides in.
func (in *intake) trips() error {
	var list []observe.Trip
	err := in.each(func() {
		t := in.trip()
		if !in.own(&t.Faults, t.Provider, t.Offset) || in.ahead(t.End, t.Offset, "end_time") {
			return
		}
		if sector, ok := in.sectorOf(t.Device, t.Offset); ok {
			list = append(list, t.ride(sector, in.resolution))
		}
	})
	if err == nil && len(list) > 0 {
		_, err = in.room.Ride(in.Operator, list, in.Now)
	}
	in.bulk.Success = len(list)
	return err
}
