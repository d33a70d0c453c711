package rubric

// edge is a cut in the line of values, just before a value or just after it.
type edge struct {
	at    Number
	after bool
}

// cmp orders edges from the lowest up: the cut before a value comes before the one after it.
func (e edge) cmp(f edge) int {
	if c := e.at.Cmp(f.at); c != 0 || e.after == f.after {
		return c
	}
	if e.after {
		return 1
	}
	return -1
}

// limit is one condition: the values above a cut, or those below it.
type limit struct {
	edge
	above bool
}

// limits returns the conditions that are stated, in the order gte, gt, lte, lt.
func limits(gte, gt, lte, lt *Number) []limit {
	var found []limit
	for _, l := range []struct {
		at           *Number
		after, above bool
	}{
		{gte, false, true},
		{gt, true, true},
		{lte, true, false},
		{lt, false, false},
	} {
		if l.at != nil {
			found = append(found, limit{edge{*l.at, l.after}, l.above})
		}
	}
	return found
}

// within reports whether x is on the stated side of every limit that is given.
func within(x Number, gte, gt, lte, lt *Number) bool {
	return (gte == nil || x.Cmp(*gte) >= 0) && (gt == nil || x.Cmp(*gt) > 0) &&
		(lte == nil || x.Cmp(*lte) <= 0) && (lt == nil || x.Cmp(*lt) < 0)
}

// holds reports whether the band is the one for x, if none before it was.
func (b *Band) holds(x Number) bool { return within(x, b.GTE, b.GT, b.LTE, b.LT) }

// holds reports whether the veto's condition is met by x.
func (v *Veto) holds(x Number) bool { return within(x, v.GTE, v.GT, v.LTE, v.LT) }

// reached reports whether a score is on or above the grade's line.
func (g *Grade) reached(score Number) bool { return within(score, g.From, g.Above, nil, nil) }

// span is the values between two cuts; nil is no end.
type span struct{ low, high *edge }

func (s span) empty() bool { return s.low != nil && s.high != nil && s.low.cmp(*s.high) >= 0 }

// split returns the parts of the span below and above a cut; either may be empty.
func (s span) split(e edge) (below, above span) {
	below, above = span{s.low, &e}, span{&e, s.high}
	if s.high != nil && s.high.cmp(e) < 0 {
		below.high = s.high
	}
	if s.low != nil && s.low.cmp(e) > 0 {
		above.low = s.low
	}
	return below, above
}

// String spells the span as conditions: ">= 60, < 70".
func (s span) String() string {
	text := ""
	if s.low != nil {
		text = ">= " + s.low.at.String()
		if s.low.after {
			text = "> " + s.low.at.String()
		}
	}
	if s.high == nil {
		return text
	}
	if text != "" {
		text += ", "
	}
	if s.high.after {
		return text + "<= " + s.high.at.String()
	}
	return text + "< " + s.high.at.String()
}
