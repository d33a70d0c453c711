package simulations

// A ledger counts what was granted, cell by cell; riders then carry vehicles elsewhere. Vehicles of
// an operator are alike to the bureau, so an operator that brings one back to a cell signs off one
// that was ridden away from there, rather than the one on its truck: else a full ledger would
// refuse every truck.

// listGone lists an operator's vehicles by the cell they were granted and no longer stand in.
func (s *sim) listGone(k int) {
	if s.desk == nil {
		return
	}
	gone := s.crews.gone
	for c := range gone {
		gone[c] = gone[c][:0]
	}
	for i := s.first[k]; i < s.first[k+1]; i++ {
		v := &s.vehicles[i]
		if v.placement == none {
			continue
		}
		if c := s.desk.cellOfPlacement[v.placement]; c != v.cell {
			gone[c] = append(gone[c], int32(i))
		}
	}
}

// swapGrant lets a vehicle stand by the grant of one that is gone from a cell, and that one by its.
func (s *sim) swapGrant(v, cell int32) {
	if s.desk == nil || s.vehicles[v].placement == none {
		return
	}
	gone := s.crews.gone[cell]
	for len(gone) > 0 {
		u := gone[len(gone)-1]
		gone = gone[:len(gone)-1]
		p := s.vehicles[u].placement
		same := p != none && s.vehicles[u].op == s.vehicles[v].op // pile-ups are cleared between rounds
		if same && s.desk.cellOfPlacement[p] == cell && s.vehicles[u].cell != cell {
			s.vehicles[u].placement, s.vehicles[v].placement = s.vehicles[v].placement, p
			break
		}
	}
	s.crews.gone[cell] = gone
}
