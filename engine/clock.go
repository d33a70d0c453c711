package engine

import "time"

// Clock tells the time. Every decision takes its time from one Clock, so that a simulation and a
// server decide alike.
type Clock interface {
	Now() time.Time
}

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now returns the machine's time.
func (SystemClock) Now() time.Time { return time.Now() }
