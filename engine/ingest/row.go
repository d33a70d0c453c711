package ingest

import (
	"bytes"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/observe"
)

// values are the texts of a row by column, without blanks around; nil where it has none.
type values [columns][]byte

// fault is why a row is refused: a message and the column it is about. got is what stood there.
type fault struct {
	id  string
	at  column
	got string
}

// reader makes rows of values. It is for one goroutine.
type reader struct {
	door     *Door
	delivery *engine.Delivery
	at       int64 // ms, of rows without a time
	zone     *time.Location
	refs     map[feedKey]*feedRef
	last     *feedRef
}

// feedRef is a feed with what makes its IDs.
type feedRef struct {
	key    feedKey
	number uint16
	hasher *observe.Hasher
	fault  *fault // why no row of it is taken
}

func (d *Door) reader(delivery *engine.Delivery) *reader {
	at := d.now()
	if !delivery.At.IsZero() {
		at = delivery.At.UnixMilli()
	}
	return &reader{
		door: d, delivery: delivery, at: at, zone: delivery.Zone, refs: map[feedKey]*feedRef{},
	}
}

// row reads a row; of what is not told nothing is set.
func (r *reader) row(v *values, x *row) *fault {
	*x = row{at: r.at}
	if len(v[colVehicle]) == 0 {
		return &fault{"ingest.vehicle", colVehicle, ""}
	}
	feed := r.feed(v[colOperator], v[colSector])
	if feed.fault != nil {
		return feed.fault
	}
	x.feed = feed.number
	x.id = uint64(feed.hasher.ID(v[colVehicle]))
	if text := v[colTime]; len(text) > 0 {
		var ok bool
		if x.at, ok = parseMoment(text, r.zone); !ok || x.at > int64(engine.LastMillis) {
			return &fault{"observe.csv-time", colTime, short(text)}
		}
	}
	if f := readState(v, x); f != nil {
		return f
	}
	lat, lng := v[colLat], v[colLng]
	if len(lat)+len(lng) == 0 {
		if !x.stated {
			return &fault{"ingest.nothing", colVehicle, ""}
		}
		return nil
	}
	var ok1, ok2 bool
	x.lat, ok1 = parseDegrees(lat)
	x.lng, ok2 = parseDegrees(lng)
	if !ok1 || !ok2 {
		return &fault{"observe.csv-position", colLat, short(lat) + ", " + short(lng)}
	}
	x.placed = true
	return nil
}

// short is a value as a fault shows it.
func short(text []byte) string {
	const most = 40
	return string(bytes.ToValidUTF8(text[:min(most, len(text))], []byte("?")))
}

// feed returns the feed that a row's values name.
func (r *reader) feed(operator, sector []byte) *feedRef {
	if l := r.last; l != nil && names(l.key.operator, operator, r.delivery.Operator) &&
		names(l.key.sector, sector, r.delivery.Sector) {
		return l
	}
	k := feedKey{r.delivery.Operator, r.delivery.Sector}
	if len(operator) > 0 {
		k.operator = string(operator)
	}
	if len(sector) > 0 {
		k.sector = string(sector)
	}
	ref := r.refs[k]
	if ref == nil {
		ref = &feedRef{key: k, fault: r.refuse(k)}
		if ref.fault == nil {
			var ok bool
			if ref.number, ok = r.door.feeds.number(k); !ok {
				ref.fault = &fault{"ingest.feeds", colOperator, ""}
			}
			ref.hasher = r.door.feeds.hasher(k)
		}
		if len(r.refs) < mostFeeds {
			r.refs[k] = ref
		}
	}
	r.last = ref
	return ref
}

// names reports whether a value, or else what holds where none is told, is a name.
func names(name string, value []byte, other string) bool {
	if len(value) > 0 {
		return string(value) == name
	}
	return other == name
}

// refuse says why a feed's rows are not taken, nil where they are.
func (r *reader) refuse(k feedKey) *fault {
	switch {
	case k.operator == "":
		return &fault{"observe.csv-operator", colOperator, ""}
	case !goodName([]byte(k.operator)):
		return &fault{"ingest.name", colOperator, short([]byte(k.operator))}
	case r.delivery.Own && k.operator != r.delivery.Operator:
		return &fault{"ingest.own", colOperator, short([]byte(k.operator))}
	case k.sector == "":
		return &fault{"ingest.sector", colSector, ""}
	case len(r.door.sectors) > 0 && !r.door.sectors[k.sector]:
		return &fault{"ingest.no-sector", colSector, short([]byte(k.sector))}
	case !goodName([]byte(k.sector)):
		return &fault{"ingest.name", colSector, short([]byte(k.sector))}
	}
	return nil
}

// readState reads the state, or makes it of flags as GBFS does: disabled, else reserved, else
// available. Flags that are all blank tell nothing.
func readState(v *values, x *row) *fault {
	if text := v[colState]; len(text) > 0 {
		state, ok := parseState(text)
		if !ok {
			return &fault{"observe.csv-state", colState, short(text)}
		}
		x.state, x.stated = uint8(state), true
		return nil
	}
	available := truth(v[colAvailable])
	disabled, reserved := truth(v[colDisabled]), truth(v[colReserved])
	var state observe.State
	switch {
	case disabled > 0:
		state = observe.NonOperational
	case reserved > 0:
		state = observe.Reserved
	case available > 0, available == 0 && disabled < 0 && reserved < 0:
		state = observe.Available
	case available < 0:
		state = observe.NonOperational
	default:
		return nil
	}
	x.state, x.stated = uint8(state), true
	return nil
}

// parseState is observe.ParseState for bytes.
func parseState(word []byte) (observe.State, bool) {
	if string(word) == "available" {
		return observe.Available, true
	}
	return observe.ParseState(string(word))
}

// truth is 1 for yes, -1 for no and 0 for a flag that tells nothing.
func truth(s []byte) int {
	if len(s) == 0 || len(s) > 5 {
		return 0
	}
	var low [5]byte
	for i, c := range s {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		low[i] = c
	}
	switch string(low[:len(s)]) {
	case "1", "true", "yes", "t", "y", "1.0":
		return 1
	case "0", "false", "no", "f", "n", "0.0":
		return -1
	}
	return 0
}
