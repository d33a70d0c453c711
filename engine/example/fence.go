package example

import "strconv"

// fence is a parking place painted along a street: a rectangle of four corners, counter-clockwise.
type fence struct {
	id      string
	street  string
	corners [4]point
	centre  point
}

const (
	fenceDepth   = 200  // cm: a bicycle stands across
	slotLength   = 2700 // cm of street a fence may stand in
	slotsStreet  = 12   // slots of one street in a block; the rest is crossing
	streetsBlock = 4    // two along and two across
)

// fences draws the parking fences of all blocks and notes them there: some seven in the busiest
// block and hardly one at the edge of the city. The underserved area has two a block: the city
// painted them, the operators stay away. Every fortieth has a second one drawn over half of it, as
// in files that several surveyors added to.
func (m *cityMap) fences(seed uint64, blocks []block) []fence {
	d := newDice(seed, streamFence, 0)
	served := areaZones()[0]
	var all []fence
	for i := range blocks {
		b := &blocks[i]
		slots := d.Perm(streetsBlock * slotsStreet)
		count := min(d.poisson(0.9+float64(6.3*b.busy)), 10)
		if served.contains(m, b.centre) {
			count = max(count, 2)
		}
		for _, slot := range slots[:count] {
			length := 300 + 100*d.Int64N(8)
			all = m.paint(all, b, slot, fenceSpan{0, length})
			if d.IntN(40) == 0 {
				all = m.paint(all, b, slot, fenceSpan{length / 2, length})
			}
		}
	}
	return all
}

// fenceSpan is where in its slot a fence begins and how long it is, cm.
type fenceSpan struct{ from, length int64 }

// paint appends the fence unless a corner of it lies outside the city.
func (m *cityMap) paint(all []fence, b *block, slot int, span fenceSpan) []fence {
	street, place := slot/slotsStreet, int64(slot%slotsStreet)
	across := int64(street%2)*blockSide/2 + blockSide/4 + 400*(place%2)
	along := 1200 + place*slotLength + span.from
	var f fence
	for i, corner := range [4]point{
		{along, across},
		{along + span.length, across},
		{along + span.length, across + fenceDepth},
		{along, across + fenceDepth},
	} {
		if street >= 2 { // a street across: mirrored, so the order turns too
			corner = point{corner.y, corner.x}
			i = (4 - i) % 4
		}
		at := b.corner.plus(corner)
		f.corners[i] = turned(at.x, at.y)
		if m.districtAt(f.corners[i]) < 0 {
			return all
		}
	}
	f.centre = f.corners[0].toward(f.corners[2], 1, 2)
	f.id = "F" + padded(len(all)+1, 5)
	f.street = streetName(b, street)
	b.fences = append(b.fences, len(all))
	return append(all, f)
}

// streetName names a street of the block by the grid: Row 12 runs along, Lane 7 across.
func streetName(b *block, street int) string {
	if street < 2 {
		return "Row " + strconv.FormatInt(2*b.corner.y/blockSide+int64(street%2), 10)
	}
	return "Lane " + strconv.FormatInt(2*b.corner.x/blockSide+int64(street%2), 10)
}

// padded writes n with leading zeros, width digits at least.
func padded(n, width int) string {
	s := strconv.Itoa(n)
	for len(s) < width {
		s = "0" + s
	}
	return s
}
