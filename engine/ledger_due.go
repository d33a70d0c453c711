package engine

import (
	"maps"
	"slices"
)

// due are IDs by the second or hour in which something is to be done about them. An ID stays listed
// until its bucket is done or has none left that count; whoever works through a bucket asks each
// record whether it is still due.
type due map[int64]*bucket

// bucket is the IDs of one second or hour, in the order in which they came.
type bucket struct {
	ids  []ID
	live int // how many of them count
}

// add lists an ID.
func (d *due) add(at int64, id ID) {
	if *d == nil {
		*d = due{}
	}
	b := (*d)[at]
	if b == nil {
		b = &bucket{}
		(*d)[at] = b
	}
	b.ids = append(b.ids, id)
	b.live++
}

// drop tells that one ID of a bucket counts no more.
func (d due) drop(at int64) {
	if b := d[at]; b != nil {
		if b.live--; b.live <= 0 {
			delete(d, at)
		}
	}
}

// until returns the buckets up to one, in order.
func (d due) until(last int64) []int64 {
	var at []int64
	for a := range maps.Keys(d) {
		if a <= last {
			at = append(at, a)
		}
	}
	slices.Sort(at)
	return at
}

const hourMillis = 3_600_000

// second returns the first whole second in which m has passed.
func (m Millis) second() int64 { return (int64(m) + 999) / 1000 }

// hour returns the hour that m lies in.
func (m Millis) hour() int64 { return int64(m) / hourMillis }

// file lists a record by what is next to be done about it: a lease to expire, an ended record to
// be forgotten, nothing for what stands.
func (l *Ledger) file(id ID, r *Record) {
	switch {
	case r.State == Held:
		l.leases.add(r.Expires.second(), id)
	case r.Ended != 0:
		l.ended.add(r.Ended.hour(), id)
	}
}

// unfile takes back what file did for the record as it is.
func (l *Ledger) unfile(r *Record) {
	switch {
	case r.State == Held:
		l.leases.drop(r.Expires.second())
	case r.Ended != 0:
		l.ended.drop(r.Ended.hour())
	}
}
