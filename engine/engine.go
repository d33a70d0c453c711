package engine

import (
	"sync/atomic"
	"time"
)

// Config is what an Engine needs. City and Store must be set; zero values elsewhere are defaults.
type Config struct {
	City       string        // ID of the city served
	Store      Store         //
	Clock      Clock         // default SystemClock
	Lease      time.Duration // how long a reservation holds when it doesn't say; default 10 minutes
	LeaseMax   time.Duration // longest reservation; default 24 hours
	Keep       time.Duration // how long an ended record answers retries; default 24 hours
	NoticeMin  time.Duration // least public notice before a plan may become final; default none
	TwoPersons bool          // who drafted or announced a plan can't make it final
	Chunk      int           // vehicles drawn of a pool at a time; default 64
}

// Engine decides for one city: plans become caps in force, asks become grants or refusals. Many
// engines may serve one city on one store. It is safe for concurrent use.
type Engine struct {
	config Config
	force  atomic.Pointer[force]
}

// force is what is in force at one moment: it doesn't change, a later one takes its place.
type force struct {
	plan  *Plan            // nil before the first publication
	epoch int64            // Seq of the log entry that put it in force
	caps  map[string]*Caps // by sector
	zones *zoneIndex
	pools map[string][]string // pools charged, by operator; "" = by every operator
}
