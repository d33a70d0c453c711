package web

// The types of this file are for the document: the fields of MDS 2.0 that stint reads, and no
// other. engine/mds reads them itself, leniently.

// MDSPoint is a position.
type MDSPoint struct {
	_   struct{} `json:"-" additionalProperties:"true"`
	Lat float64  `json:"lat" minimum:"-90" maximum:"90" doc:"WGS-84"`
	Lng float64  `json:"lng" minimum:"-180" maximum:"180"`
}

// MDSVehicle is a vehicle as an operator registers it.
type MDSVehicle struct {
	_          struct{} `json:"-" additionalProperties:"true"`
	Device     string   `json:"device_id" format:"uuid"`
	Provider   string   `json:"provider_id" format:"uuid" doc:"The operator's own"`
	Plate      string   `json:"vehicle_id" doc:"Kept as a salted hash"`
	Type       string   `json:"vehicle_type" example:"bicycle"`
	Propulsion []string `json:"propulsion_types" minItems:"1" nullable:"false"`
}

// MDSEvent is a change of a vehicle's state.
type MDSEvent struct {
	_           struct{}  `json:"-" additionalProperties:"true"`
	Device      string    `json:"device_id" format:"uuid"`
	Provider    string    `json:"provider_id" format:"uuid"`
	Event       string    `json:"event_id" format:"uuid" doc:"Told twice, it counts once"`
	State       string    `json:"vehicle_state" example:"available"`
	Types       []string  `json:"event_types" minItems:"1" nullable:"false"`
	Timestamp   int64     `json:"timestamp" doc:"Unix milliseconds"`
	Location    *MDSPoint `json:"location,omitempty"`
	Geographies []string  `json:"event_geographies,omitempty" doc:"UUIDs, instead of a location"`
	Trips       []string  `json:"trip_ids,omitempty" doc:"Counted, not kept"`
}

// MDSTelemetry is a position of a vehicle.
type MDSTelemetry struct {
	_         struct{} `json:"-" additionalProperties:"true"`
	Device    string   `json:"device_id" format:"uuid"`
	Provider  string   `json:"provider_id" format:"uuid"`
	Telemetry string   `json:"telemetry_id" format:"uuid"`
	Timestamp int64    `json:"timestamp" doc:"Unix milliseconds"`
	Location  MDSPoint `json:"location"`
}

// MDSTrip is a ride. Who rode, what was paid and the way between are never read.
type MDSTrip struct {
	_        struct{}  `json:"-" additionalProperties:"true"`
	Device   string    `json:"device_id" format:"uuid"`
	Provider string    `json:"provider_id" format:"uuid"`
	Trip     string    `json:"trip_id" format:"uuid" doc:"Told twice, it counts once"`
	Type     []string  `json:"trip_type,omitempty" doc:"rider, rebalance or maintenance"`
	Start    int64     `json:"start_time" doc:"Unix milliseconds"`
	End      int64     `json:"end_time"`
	From     *MDSPoint `json:"start_location,omitempty" doc:"Kept as a cell"`
	To       *MDSPoint `json:"end_location,omitempty" doc:"Kept as a cell"`
	Seconds  int       `json:"duration,omitempty"`
	Metres   int       `json:"distance,omitempty"`
}

// MDSFailure is an item that was not taken.
type MDSFailure struct {
	Item        any      `json:"item" doc:"As it was sent"`
	Error       string   `json:"error" enum:"bad_param,missing_param,already_registered,unregistered"`
	Description string   `json:"error_description"`
	Details     []string `json:"error_details" minItems:"1" nullable:"false" doc:"Fields"`
}

// MDSBulk answers a list of items: 201, or 200 of a change, where anything was taken; else 409
// where all are registered already, 404 where none is registered, 400.
type MDSBulk struct {
	Success  int          `json:"success"`
	Total    int          `json:"total"`
	Failures []MDSFailure `json:"failures,omitempty"`
}
