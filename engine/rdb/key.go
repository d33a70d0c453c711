package rdb

import (
	"strconv"
	"time"

	"github.com/stint-city/stint/engine"
)

// The keys of a scope's ledger, all with the tag "{city:sector}", so that they share one slot:
//
//	plan           hash  gen, seq of the last event; epoch, plan in force, was: the epoch before;
//	                     shut: why nothing is granted; replid: the server it was opened on
//	cap:<epoch>    hash  level -> cap; written before the epoch is in force, then never changed
//	drawn          hash  a pool's level -> vehicles drawn: its cap here
//	taken          hash  level -> vehicles standing and held
//	rec            hash  record ID -> engine.Record.String()
//	ev             stream of events, whose IDs are the events' own
//	due            zset  seconds that have a list of leases
//	lease:<second> list  IDs of leases that have expired by then; the sweeper deletes it, no TTL
//	past           zset  hours that have a list of ended records
//	ended:<hour>   list  IDs of records that ended in it
//	wait           string, written where replicas must confirm, so that there is what to confirm
//
// One more key, "stint:version", says in which shape all of them are.
const versionKey = "stint:version"

// ledgerKeys are the keys that every script of the ledger has first, in this order.
type ledgerKeys [7]string

// keysOf returns a scope's keys: plan, rec, taken, drawn, ev, due, past.
func keysOf(s engine.Scope) ledgerKeys {
	var keys ledgerKeys
	for i, name := range [...]string{"plan", "rec", "taken", "drawn", "ev", "due", "past"} {
		keys[i] = ledgerKey(s, name)
	}
	return keys
}

func capKey(s engine.Scope, epoch int64) string {
	return ledgerKey(s, "cap:"+strconv.FormatInt(epoch, 10))
}

// leaseKey returns the list of the leases that have expired by a second.
func leaseKey(s engine.Scope, second int64) string {
	return ledgerKey(s, "lease:"+strconv.FormatInt(second, 10))
}

// endedKey returns the list of the records that ended in an hour.
func endedKey(s engine.Scope, hour int64) string {
	return ledgerKey(s, "ended:"+strconv.FormatInt(hour, 10))
}

// secondOf returns the first whole second in which m has passed.
func secondOf(m engine.Millis) int64 { return (int64(m) + 999) / 1000 }

// hourOf returns the hour that m lies in.
func hourOf(m engine.Millis) int64 { return int64(m) / time.Hour.Milliseconds() }
