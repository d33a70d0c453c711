package observe

// Words returns what is known of a feed's vehicles as events that tell it again: the state, since
// when it stands where it does, and the last word about its place. A street that takes them knows
// as much of the vehicles as this one, to 1 cm; vehicles without a name are left out. So a log of
// deliveries may be cut short and the picture kept.
func (s *Street) Words(operator, sector string) []Sighting {
	p := s.pictures[key{operator, sector}]
	if p == nil {
		return nil
	}
	list := make([]Sighting, 0, 2*len(p.list))
	for i := range p.list {
		v := &p.list[i]
		if v.at > 0 {
			list = append(list, Sighting{Vehicle: v.id, State: v.state, At: v.at})
		}
		if v.placedAt == 0 {
			continue
		}
		place := Sighting{Vehicle: v.id, Quiet: true, At: v.placedAt, Cell: v.cell}
		if v.lat|v.lng != 0 {
			place.Placed, place.Point = true, v.point()
		}
		if since := int64(v.since) * 1000; place.Placed && since > 0 && since < v.placedAt {
			first := place
			first.At = since
			list = append(list, first)
		}
		list = append(list, place)
	}
	return list
}

// Feeds returns the operator and sector of each known feed, in this order.
func (s *Street) Feeds() [][2]string {
	var list [][2]string
	for _, k := range s.feeds() {
		list = append(list, [2]string{k.operator, k.sector})
	}
	return list
}

// Last returns the state that was last told of a vehicle and when, ms; 0 = never.
func (s *Street) Last(operator, sector string, id ID) (State, int64) {
	p := s.pictures[key{operator, sector}]
	if p == nil {
		return Unknown, 0
	}
	n := p.find(id)
	if n < 0 {
		return Unknown, 0
	}
	return p.list[n].state, p.list[n].at
}
