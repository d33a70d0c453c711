package mds

import (
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/feeds"
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
)

// Vehicle is one vehicle of a fleet.
type Vehicle struct {
	Device     observe.ID
	Plate      observe.ID // of the identifier on the vehicle
	Provider   string
	Type       string
	Propulsion []string // in the order of the standard
	Offset     int
	Faults     Faults
}

// vehicle reads one vehicle.
func (r *reader) vehicle() Vehicle {
	var v Vehicle
	ok := r.object(func(key string) {
		switch key {
		case "device_id":
			v.Device = r.id(key)
		case "provider_id":
			v.Provider = r.name(key)
		case "vehicle_id":
			if text, ok := r.Text(); ok {
				v.Plate = r.hasher.ID([]byte(text))
			} else {
				r.bad(key)
			}
		case "vehicle_type":
			word, ok := r.Text()
			if ok && !slices.Contains(feeds.VehicleTypes(), word) {
				r.Problem(lenient.Word, word)
				ok = false
			}
			if v.Type = word; !ok {
				r.bad(key)
			}
		case "propulsion_types":
			words := r.words(func(w string) bool { return slices.Contains(feeds.PropulsionTypes(), w) })
			if v.Propulsion = inOrder(words); len(words) == 0 {
				r.bad(key)
			}
		default:
			r.Skip()
		}
	})
	v.Offset = r.Offset()
	if ok {
		r.need("device_id", "vehicle_type", "propulsion_types")
		r.expect("provider_id", "vehicle_id")
	}
	v.Faults = r.faults
	return v
}

// inOrder returns each word once, in the order of the standard.
func inOrder(words []string) []string {
	var list []string
	for _, w := range feeds.PropulsionTypes() {
		if slices.Contains(words, w) {
			list = append(list, w)
		}
	}
	return list
}

// registered returns a vehicle as the register of a sector has it.
func (v *Vehicle) registered(sector string) observe.Registered {
	return observe.Registered{
		Vehicle: v.Device, Sector: sector, Type: v.Type, Plate: v.Plate,
		Propulsion: strings.Join(v.Propulsion, ","),
	}
}
