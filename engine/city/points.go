package city

import (
	"errors"
	"hash/fnv"
	"slices"
	"time"

	"github.com/stint-city/stint/geo"
)

// pointRead is a layer of points on its way in.
type pointRead struct {
	*layerRead
	sample      sample
	first, last time.Time
	fenced      *fenceCount // nil unless the layer's compliance is asked for
}

// place is where a row lies.
type place struct {
	point  geo.LatLng
	cell   int
	inside bool // a district; points outside every district count for nothing but the Outside figure
}

func (r *reading) newPoints(l *Layer) *pointRead {
	return &pointRead{layerRead: r.newLayer(l), fenced: r.countFenced(l)}
}

// place reads the point of a row.
func (l *pointRead) place(t *table) (place, *refusal) {
	lat, why := t.number("lat")
	if why != nil {
		return place{}, why
	}
	lng, why := t.number("lng")
	if why != nil {
		return place{}, why
	}
	raw := geo.LatLng{Lat: lat, Lng: lng}
	l.sample.add(raw)
	l.sample.written(t.text("lat"))
	l.sample.written(t.text("lng"))
	if _, err := geo.NewLatLng(lat, lng); err != nil {
		return place{}, t.refuse("lat", "city.no-place", "lat", lat, "lng", lng)
	}
	p := place{point: l.datum.ToWGS84(raw)}
	p.cell, p.inside = l.within(p.point)
	return p, nil
}

// moment reads a time of a row, local to the city where it has no zone of its own.
func (l *pointRead) moment(t *table, column string) (time.Time, *refusal) {
	text := t.text(column)
	if text == "" {
		return time.Time{}, t.refuse(column, "city.no-value", "column", t.header[t.column[column]])
	}
	at, ok := moment(text, l.zone)
	if !ok {
		return time.Time{}, t.refuse(column, "city.no-time",
			"column", t.header[t.column[column]], "got", clip(text))
	}
	return at, nil
}

// span widens the layer's first and last time.
func (l *pointRead) span(at time.Time) {
	if l.first.IsZero() || at.Before(l.first) {
		l.first = at
	}
	if at.After(l.last) {
		l.last = at
	}
}

// operator returns the operator of a row, -1 where the layer doesn't tell operators apart.
func (l *pointRead) operator(t *table) (int, *refusal) {
	if s := l.layer.Split; s != nil {
		return slices.Index(l.operators, s.pick(t.fields[t.find(s.By)])), nil
	}
	if !t.has("operator") {
		if len(l.operators) == 1 {
			return 0, nil
		}
		return -1, nil
	}
	text := t.text("operator")
	id, mapped := l.layer.OperatorOf[text]
	if !mapped {
		id = text
	}
	at := slices.Index(l.operators, id)
	if at < 0 {
		l.miss("operator", text)
		return 0, t.refuse("operator", "city.row-operator", "got", clip(text))
	}
	return at, nil
}

// pick returns the operator that a value falls to: its hash, evenly spread over [0, 1), against the
// sums of the shares in their order. The same value always falls to the same operator.
func (s *Split) pick(value string) string {
	at := float64(hashOf(value)>>11) / (1 << 53)
	sum := 0.0
	for _, part := range s.Shares {
		if sum += part.Share; at < sum {
			return part.Operator
		}
	}
	return s.Shares[len(s.Shares)-1].Operator // where rounding left the sum a hair below 1
}

// hashOf returns an evenly spread hash of a text: FNV-1a with the finaliser of MurmurHash3, which
// carries the last letters into the high bits. It identifies vehicles, and keeps none of their IDs.
func hashOf(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// closePoints ends the layer: the datum first, for a wrong one explains most refusals.
func (l *pointRead) closePoints() error {
	if err := l.lint(); err != nil {
		return err
	}
	if err := l.finePlaces(); err != nil {
		return err
	}
	const form = time.DateTime
	if !l.first.IsZero() {
		l.stat.FirstTime, l.stat.LastTime = l.first.Format(form), l.last.Format(form)
	}
	if err := l.close(); err != nil {
		return err
	}
	if l.stat.Outside == l.stat.Features {
		return l.fault(l.path, "city.all-outside", "layer", l.layer.ID, "rows", l.stat.Features)
	}
	if l.stat.Outside > 0 {
		l.assume(l.path, "city.outside", "layer", l.layer.ID,
			"outside", l.stat.Outside, "rows", l.stat.Features)
	}
	l.near = append(l.near, l.fenced.compliance()...)
	return nil
}

// explain puts the datum before another fault: a wrong one explains most of them.
func (l *pointRead) explain(err error) error {
	if errors.Is(err, errRejects) {
		if fault := l.lint(); fault != nil {
			return fault
		}
	}
	return err
}

// finePlaces refuses cells so small that the coordinates can't tell them apart: an edge shorter
// than one unit of the last decimal.
func (l *pointRead) finePlaces() error {
	const degree = 111195 // m of latitude
	places := l.sample.places()
	unit := float64(degree)
	for range places {
		unit /= 10
	}
	edge := geo.EdgeLength(l.file.Resolution)
	if l.sample.seen == 0 || edge >= unit {
		return nil
	}
	return l.fault("resolution", "city.too-fine", "layer", l.layer.ID, "decimals", places,
		"unit", unit, "edge", edge, "resolution", l.file.Resolution)
}
