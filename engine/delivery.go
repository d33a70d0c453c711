package engine

import "time"

// Delivery is a text that tells of vehicles: one row each, in CSV, or one object each, in JSON.
type Delivery struct {
	Name string // of the file, for faults
	JSON bool   // a list of objects, one object a line, or a list in an envelope; else CSV
	// Columns maps operator, sector, vehicle, lat, lng, time, state, available, disabled and reserved
	// to the titles of columns or the paths of members ("location.lat"). nil = the usual names.
	Columns  map[string]string
	Operator string         // of every row, where no column tells
	Own      bool           // rows of another operator than Operator are refused
	Sector   string         // of every row, where no column tells
	At       time.Time      // of every row, where no column tells; zero = now
	Zone     *time.Location // of times without an offset; nil = UTC
}

// Intake is what was made of a Delivery.
type Intake struct {
	Rows    int     // rows or objects read
	Held    int     // rows that told something new
	Old     int     // rows that told nothing new: late, or told before
	Moved   int     // of Held, those that changed a count: the cell or the state, or a new vehicle
	Ahead   int     // rows from a time to come, not taken
	Nowhere int     // positions not taken: (0, 0), swapped axes, not on Earth
	Outside int     // positions outside the city's surroundings, taken
	Bad     int     // rows refused
	Faults  []error // of the first rows refused, each a *strict.Fault, by line
}
