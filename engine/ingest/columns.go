package ingest

import (
	"maps"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

// column is what a value of a row is about.
type column uint8

const (
	colVehicle column = iota
	colOperator
	colSector
	colLat
	colLng
	colTime
	colState
	colAvailable
	colDisabled
	colReserved
	columns
)

// usual are the names that columns and members go by, the likeliest first.
//
// Sources: GBFS 2.3 and 3.0, free_bike_status and vehicle_status; MDS 2.0, vehicle status and
// telemetry.
//
//nolint:gochecknoglobals // a table that nothing writes
var usual = [columns]struct {
	key   string
	names []string
}{
	colVehicle:  {"vehicle", []string{"vehicle_id", "device_id", "bike_id", "vehicle"}},
	colOperator: {"operator", []string{"operator", "provider_id", "operator_id"}},
	colSector:   {"sector", []string{"sector"}},
	colLat: {"lat", []string{
		"lat", "latitude", "location.lat", "last_telemetry.location.lat", "last_event.location.lat",
	}},
	colLng: {"lng", []string{
		"lng", "lon", "longitude", "location.lng", "last_telemetry.location.lng",
		"last_event.location.lng",
	}},
	colTime: {"time", []string{
		"time", "timestamp", "last_reported", "last_telemetry.timestamp", "last_event.timestamp",
	}},
	colState:     {"state", []string{"state", "vehicle_state", "last_event.vehicle_state"}},
	colAvailable: {"available", []string{"is_available", "available"}},
	colDisabled:  {"disabled", []string{"is_disabled", "disabled"}},
	colReserved:  {"reserved", []string{"is_reserved", "reserved"}},
}

// naming says which names each column may go by; the first that is there counts.
type naming [columns][]string

// namingOf returns the naming of a delivery's map, or of none the usual one.
func namingOf(given map[string]string) (naming, error) {
	var n naming
	if len(given) == 0 {
		for c := range columns {
			n[c] = usual[c].names
		}
		return n, nil
	}
	left := maps.Clone(given)
	var known []string
	for c := range columns {
		key := usual[c].key
		known = append(known, key)
		if title := given[key]; title != "" {
			n[c] = []string{title}
		}
		delete(left, key)
	}
	for _, key := range slices.Sorted(maps.Keys(left)) {
		return n, lang.E(strict.ErrInput, "ingest.no-column", "got", key,
			"known", strings.Join(known, ", "))
	}
	if n[colVehicle] == nil {
		return n, lang.E(strict.ErrInput, "ingest.no-vehicle-column")
	}
	return n, nil
}
