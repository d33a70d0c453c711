package mds

import (
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/feeds"
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

// Faults are why an item can't be taken: the fields that it lacks, and those that can't be
// understood, in the order in which they were met.
type Faults struct {
	Missing, Bad []string
}

// None reports whether an item can be taken.
func (f *Faults) None() bool { return len(f.Missing)+len(f.Bad) == 0 }

// reader reads the items of one list.
type reader struct {
	*lenient.Reader
	hasher *observe.Hasher
	faults Faults
	seen   []string // the fields of the item that it has
}

// object walks one item.
func (r *reader) object(field func(key string)) bool {
	r.faults, r.seen = Faults{}, r.seen[:0]
	ok := r.Object(func(key string) {
		r.seen = append(r.seen, key)
		field(key)
	})
	if !ok {
		r.bad("item")
	}
	return ok
}

func (r *reader) has(key string) bool { return slices.Contains(r.seen, key) }

// need counts a field as missing that the item must have, and must be without.
func (r *reader) need(keys ...string) {
	for _, key := range keys {
		if !r.has(key) {
			r.Missing(key)
			r.faults.Missing = append(r.faults.Missing, key)
		}
	}
}

// expect counts a field as missing that the standard requires and stint can do without.
func (r *reader) expect(keys ...string) {
	for _, key := range keys {
		if !r.has(key) {
			r.Missing(key)
		}
	}
}

func (r *reader) bad(key string) {
	if !slices.Contains(r.faults.Bad, key) {
		r.faults.Bad = append(r.faults.Bad, key)
	}
}

// name reads an ID as text. One that is no UUID is understood and counted.
func (r *reader) name(key string) string {
	text, ok := r.Text()
	text = strings.ToLower(strings.TrimSpace(text))
	switch {
	case !ok || text == "":
		r.bad(key)
		return ""
	case !feeds.IsUUID(text):
		r.Problem(lenient.Value, "")
	}
	return text
}

// id reads an ID as its salted hash.
func (r *reader) id(key string) observe.ID { return r.hasher.ID([]byte(r.name(key))) }

func (r *reader) time(key string) int64 {
	at, ok := r.Time(lenient.Millis)
	if !ok {
		r.bad(key)
	}
	return at
}

// words reads a list of words. One that the standard doesn't have is counted and left out.
func (r *reader) words(known func(string) bool) []string {
	const most = 16
	var list []string
	r.List(func() {
		word, ok := r.Text()
		switch {
		case !ok:
		case !known(word):
			r.Problem(lenient.Word, word)
		case len(list) >= most:
			r.Problem(lenient.Range, "")
		default:
			list = append(list, word)
		}
	})
	return list
}

// names counts a list of IDs, and returns them where each is asked for.
func (r *reader) names(each func(string)) int {
	n := 0
	r.List(func() {
		text, ok := r.Text()
		if ok && text != "" {
			n++
			if each != nil {
				each(strings.ToLower(text))
			}
		}
	})
	return n
}

// place reads a position. One that is not on Earth is absent; observe judges the others.
func (r *reader) place(key string) (p geo.LatLng, ok bool) {
	lat, lng := false, false
	whole := r.Object(func(key string) {
		switch key {
		case "lat":
			p.Lat, lat = r.Number()
		case "lng":
			p.Lng, lng = r.Number()
		default:
			r.Skip()
		}
	})
	switch {
	case !whole:
		r.bad(key)
	case !lat:
		r.bad(key + ".lat")
	case !lng:
		r.bad(key + ".lng")
	case p.Lat < -90 || p.Lat > 90 || p.Lng < -180 || p.Lng > 180:
		r.Problem(lenient.Nowhere, "")
		r.bad(key)
	default:
		if p.Lat == 0 && p.Lng == 0 {
			r.Problem(lenient.Zero, "")
		}
		return p, true
	}
	return p, false
}
