// Package mem keeps ledgers, the bureau's log and pools in the process: what simulations run on,
// and what stint serves from where no Redis is at hand. Nothing outlives the process.
//
// Each scope has a lock of its own: calls of one scope happen one after the other, those of two
// scopes side by side. Read shares the lock with other readers. A call whose context has ended
// before it starts changes nothing and returns the context's error.
package mem
