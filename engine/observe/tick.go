package observe

import (
	"cmp"
	"slices"
	"strings"
)

// ByTime orders batches for a replay: snapshots stay whole at their own time; the events of every
// delivery are cut into batches of one operator and sector, each of the events of one tick (ms,
// more than 0), handed over at its end. So events of several files that overlap in time come in the
// order in which they happened, and what is short-lived is seen.
func ByTime(list []Batch, tick int64) []Batch {
	var out []Batch
	events := map[key][]Sighting{}
	source := map[key]string{}
	for i := range list {
		b := &list[i]
		if b.Kind != Events {
			out = append(out, *b)
			continue
		}
		k := key{b.Operator, b.Sector}
		events[k] = append(events[k], b.Sightings...)
		source[k] = cmp.Or(source[k], b.Source)
	}
	for k, all := range events {
		slices.SortStableFunc(all, func(a, b Sighting) int { return cmp.Compare(a.At, b.At) })
		for len(all) > 0 {
			end := tickEnd(all[0].At, tick)
			n, _ := slices.BinarySearchFunc(all, end+1, func(x Sighting, at int64) int {
				return cmp.Compare(x.At, at)
			})
			out = append(out, Batch{
				Operator: k.operator, Sector: k.sector, Kind: Events, At: end, Source: source[k],
				Sightings: all[:n:n],
			})
			all = all[n:]
		}
	}
	slices.SortStableFunc(out, func(a, b Batch) int {
		return cmp.Or(cmp.Compare(a.At, b.At), strings.Compare(a.Operator, b.Operator),
			strings.Compare(a.Sector, b.Sector))
	})
	return out
}

// tickEnd is the end of the tick that a time belongs to: (k-1)·tick < at ≤ k·tick.
func tickEnd(at, tick int64) int64 {
	if rest := at % tick; rest != 0 {
		return at - rest + tick
	}
	return at
}
