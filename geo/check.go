package geo

import "slices"

// Check returns nil if m can be measured: every point in range, every ring closed, of at least
// four points, three of them different, and not crossing itself, every hole inside its outer
// ring and apart from other holes. Otherwise it returns a *[ShapeError] with the first fault by
// part, ring and kind.
//
// A ring crosses itself if more than a thousandth of the ground it encloses is enclosed twice or
// the other way round. It may repeat a point at once, touch itself, and have the spikes and
// slivers of a boundary drawn on a coarse grid. Holes may touch their ring or one another. Whether
// parts overlap isn't checked: [Union] makes one of those.
func (m MultiPolygon) Check() error {
	for i, polygon := range m {
		if len(polygon) == 0 {
			return &ShapeError{Kind: ErrTooFew, Part: i}
		}
		for j, ring := range polygon {
			if fault := ring.check(); fault != nil {
				fault.Part, fault.Ring = i, j
				return fault
			}
		}
		if fault := polygon.checkHoles(); fault != nil {
			fault.Part = i
			return fault
		}
	}
	return nil
}

// check returns the first fault of one ring, nil for none.
func (r Ring) check() *ShapeError {
	for k, p := range r {
		if !p.valid() {
			return &ShapeError{Kind: ErrRange, Vertex: k, At: p}
		}
	}
	switch {
	case len(r) == 0:
		return &ShapeError{Kind: ErrTooFew}
	case r[0] != r[len(r)-1]:
		return &ShapeError{Kind: ErrUnclosed, Vertex: len(r) - 1, At: r[len(r)-1]}
	case len(r) < 4 || !r.threeDiffer():
		return &ShapeError{Kind: ErrTooFew, At: r[0]}
	}
	if k := r.crossing(); k >= 0 {
		return &ShapeError{Kind: ErrSelfCrossing, Vertex: k, At: r[k]}
	}
	return nil
}

// threeDiffer reports whether r has three different points.
func (r Ring) threeDiffer() bool {
	second := -1
	for k, p := range r {
		switch {
		case p == r[0]:
		case second < 0:
			second = k
		case p != r[second]:
			return true
		}
	}
	return false
}

// crossing returns the vertex where the first edge that meets another of r badly starts, -1 if
// none does or the ground in question is a slip.
func (r Ring) crossing() int {
	sides := Polygon{r}.sides()
	first, found := -1, 0
	var lats []float64
	meetings(sides, func(a, b *side) {
		at, how := meet(a.edge, b.edge)
		if how == apart || (how == touching && !swaps(sides, a, b, at)) {
			return
		}
		if k := min(a.vertex, b.vertex); first < 0 || k < first {
			first = k
		}
		if found++; how == crossing && found <= mostCrossings {
			lats = append(lats, crossingPoint(a.edge, b.edge).Lat)
		}
	})
	if found == 0 || (found <= mostCrossings && newStrips(sides, lats).share() <= slip) {
		return -1
	}
	return first
}

// swaps reports whether a ring crosses itself where two of its sides touch.
func swaps(ring []side, a, b *side, at LatLng) bool {
	p, q := passing(ring, a, at), passing(ring, b, at)
	return p != q && p.left(at, q.from) != p.left(at, q.to)
}

// pass is where a ring comes from and goes to at one of its points.
type pass struct{ from, to LatLng }

// passing returns the pass of the ring at a point of its side s.
func passing(ring []side, s *side, at LatLng) pass {
	n := len(ring)
	switch at {
	case s.a:
		return pass{from: ring[(s.index+n-1)%n].a, to: s.b}
	case s.b:
		return pass{from: s.a, to: ring[(s.index+1)%n].b}
	}
	return pass{from: s.a, to: s.b}
}

// left reports whether the direction from a point to q is left of the pass there: turning
// counter-clockwise from where it goes to, q comes before where it came from.
func (p pass) left(at, q LatLng) bool {
	switch turns := orient(at, p.to, p.from); {
	case turns > 0:
		return orient(at, p.to, q) > 0 && orient(at, q, p.from) > 0
	case turns < 0:
		return orient(at, p.from, q) <= 0 || orient(at, q, p.to) <= 0
	}
	return orient(at, p.to, q) > 0
}

// checkHoles returns the first hole of p that isn't inside the outer ring and apart from the holes
// before it.
func (p Polygon) checkHoles() *ShapeError {
	if len(p) < 2 {
		return nil
	}
	fault := (*ShapeError)(nil)
	report := func(j, k int) {
		if fault == nil || j < fault.Ring || (j == fault.Ring && k < fault.Vertex) {
			fault = &ShapeError{Kind: ErrHole, Ring: j, Vertex: k, At: p[j][k]}
		}
	}
	meetings(p.sides(), func(a, b *side) {
		if a.ring > b.ring {
			a, b = b, a
		}
		if _, how := meet(a.edge, b.edge); a.ring != b.ring && how == crossing {
			report(b.ring, b.vertex)
		}
	})
	outer := newBands(Polygon{p[0]})
	holes := make([]bands, len(p))
	for j := 1; j < len(p); j++ {
		if k := outsider(p[j], &outer); k >= 0 {
			report(j, k)
		}
		holes[j] = newBands(Polygon{p[j]})
		for i := 1; i < j; i++ {
			if nested(p[i], &holes[i], p[j], &holes[j]) {
				report(j, 0)
			}
		}
	}
	return fault
}

// outsider returns the first vertex of r outside the figure, -1 if there is none.
func outsider(r Ring, outer *bands) int {
	return slices.IndexFunc(r, func(v LatLng) bool { return !outer.contains(v) })
}

// nested reports whether one of two rings that don't cross lies in the other.
func nested(a Ring, inA *bands, b Ring, inB *bands) bool {
	if !inA.box.overlaps(inB.box) {
		return false
	}
	return outsider(a, inB) < 0 || outsider(b, inA) < 0
}
