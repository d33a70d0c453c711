package observe

// tally is what was counted of a feed since its last snapshot, that snapshot included.
type tally struct {
	rows, vehicles, placed, nameless, duplicates, jumps, future int
	faults                                                      [faultOutside + 1]int
	previous                                                    int64 // ms of the snapshot before
	// before and kept are the IDs of the snapshot before, and those of them still there.
	before, kept int
	// The same over gaps that tell whether IDs last.
	lastBefore, lastKept int
	paired               int                   // changes of place that could be a jump
	decimals             [mostDecimals + 1]int // positions by the decimals that they need
	fresh                []Freshness           // at the snapshot, of the vehicles that told a time
}

// IDs are judged over gaps long enough for a timer to renew them and too short for most vehicles to
// be ridden.
const (
	shortGap = 3600 * 1000      // ms
	longGap  = 24 * 3600 * 1000 // ms
	lasting  = 0.5              // share of IDs still there from which on they are held to last
)

// after carries on what is known over several snapshots.
func (t tally) after(old tally, at int64) tally {
	t.lastBefore, t.lastKept = old.lastBefore, old.lastKept
	if gap := at - t.previous; t.previous != 0 && gap >= shortGap && gap <= longGap && t.before > 0 {
		t.lastBefore += t.before
		t.lastKept += t.kept
	}
	return t
}

// Health says how far a feed can be relied upon. A nil number is unknown, never zero.
type Health struct {
	Operator    string   `json:"operator"`
	Sector      string   `json:"sector"`
	Status      string   `json:"status"` // known, stale or silent
	At          int64    `json:"at_ms"`  // of the last word; 0 = none
	Age         *int64   `json:"age_ms"`
	Vehicles    *int     `json:"vehicles"`
	Coverage    *float64 `json:"coverage"` // vehicles on the street / registered
	Duplicates  *float64 `json:"duplicate_share"`
	OutOfCity   *float64 `json:"out_of_city_share"`
	Zero        *int     `json:"zero_positions"`
	Swapped     *int     `json:"swapped_positions"`
	Nowhere     *int     `json:"impossible_positions"`
	Jumps       *int     `json:"jumps"`
	JumpShare   *float64 `json:"jump_share"`      // of the vehicles whose place could be compared
	Decimals    *int     `json:"median_decimals"` // of a degree, that positions need
	Coarse      *float64 `json:"coarse_share"`    // of positions with at most 4 decimals: 10 m
	Future      int      `json:"from_the_future"`
	Persistence *float64 `json:"id_persistence"`     // of the snapshot before
	Gap         *int64   `json:"persistence_gap_ms"` // between the two
	IDsLast     *bool    `json:"ids_last"`           // judged over gaps of 1 to 24 hours
	LastShare   *float64 `json:"ids_last_share"`

	Freshness  []Freshness `json:"freshness"`        // by state; nil = the feed doesn't tell
	Registered *float64    `json:"registered_share"` // of the vehicles seen, found in the register
	Seen       *float64    `json:"register_seen"`    // of the register, found on the street
}

// The states of a feed.
const (
	Known  = "known"
	Stale  = "stale"
	Silent = "silent"
)

// status says whether a picture may be used.
func (s *Street) status(p *picture, now int64) string {
	switch {
	case p.last == 0:
		return Silent
	case s.settings.Stale > 0 && now-p.last > s.settings.Stale:
		return Stale
	}
	return Known
}

// Health returns the health of every feed at the time now. registered is the registered fleet by
// operator and sector; a missing entry is unknown.
func (s *Street) Health(now int64, registered map[[2]string]int) []Health {
	var list []Health
	for _, k := range s.feeds() {
		p := s.pictures[k]
		h := Health{
			Operator: k.operator, Sector: k.sector, Status: s.status(p, now), At: p.last,
			Future: p.health.future,
		}
		if h.Status != Silent {
			s.fill(&h, p, now, registered[[2]string{k.operator, k.sector}])
		}
		list = append(list, h)
	}
	return list
}

// fill computes what a feed that has spoken lets compute.
func (s *Street) fill(h *Health, p *picture, now int64, registered int) {
	t := &p.health
	h.Age = new(int64)
	*h.Age = now - p.last
	n := 0
	for v := range p.all() {
		if v.state.OnStreet() {
			n++
		}
	}
	h.Vehicles = &n
	h.Coverage = ratio(n, registered)
	h.Freshness = p.words(now)
	h.Decimals, h.Coarse = t.accuracy()
	if h.JumpShare = ratio(t.jumps, t.paired); h.JumpShare != nil {
		h.Jumps = &t.jumps
	}
	h.Duplicates = ratio(t.duplicates, t.rows)
	if p.snapshot != 0 {
		if t.before > 0 {
			h.Persistence = ratio(t.kept, t.before)
			gap := p.snapshot - t.previous
			h.Gap = &gap
			h.Jumps = &t.jumps
		}
	}
	if t.placed > 0 {
		h.Zero, h.Nowhere = &t.faults[faultZero], &t.faults[faultNowhere]
		if !s.settings.Area.Empty() {
			h.Swapped = &t.faults[faultSwapped]
			h.OutOfCity = ratio(t.faults[faultOutside], t.placed)
		}
	}
	if h.LastShare = ratio(t.lastKept, t.lastBefore); h.LastShare != nil {
		last := *h.LastShare >= lasting
		h.IDsLast = &last
	}
}

// ratio is a/b, unknown where b is 0.
func ratio(a, b int) *float64 {
	if b == 0 {
		return nil
	}
	x := float64(a) / float64(b)
	return &x
}
