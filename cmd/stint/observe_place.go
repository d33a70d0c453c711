package main

import (
	"cmp"
	"slices"

	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

// streetReach is how far a vehicle may stand from a fence and still be in its street, m.
const streetReach = 200

// name names the places of episodes: the street with most of the vehicles nearest to its fences,
// else the nearest fence, else the district.
func (r *replay) name(list []*observe.Episode, at int64) {
	cells := map[geo.Cell]bool{}
	for _, e := range list {
		cells[e.Cell] = true
	}
	var beside map[geo.Cell]map[int]int
	if r.fences != nil {
		beside = r.street.Beside(r.ground.Method, cells, r.fences, streetReach, at)
	}
	for _, e := range list {
		p := &observedEpisode{Episode: e, Centre: e.Cell.Center(), By: "cell"}
		r.places[e] = p
		if i, ok := r.snapshot.Grid.Index(e.Cell); ok && r.snapshot.DistrictOf[i] >= 0 {
			p.District, p.By = r.snapshot.Districts[r.snapshot.DistrictOf[i]].ID, "district"
		}
		r.nameByFence(p, beside[e.Cell])
	}
}

// nameByFence names an episode's place after the fences that its vehicles stand nearest to.
func (r *replay) nameByFence(p *observedEpisode, beside map[int]int) {
	streets, fences := map[string]int{}, map[string]int{}
	for i, n := range beside {
		p.Of += n
		if i < 0 {
			continue
		}
		fences[r.fences.Zone(i).ID] += n
		if r.streets[i] != "" {
			streets[r.streets[i]] += n
		}
	}
	if p.Of == 0 && r.fences != nil { // a starved cell: by its centre
		if i, _, ok := r.fences.Nearest(p.Centre, streetReach); ok {
			fences[r.fences.Zone(i).ID] = 0
			if r.streets[i] != "" {
				streets[r.streets[i]] = 0
			}
		}
	}
	switch {
	case len(streets) > 0:
		p.Street, p.Beside = most(streets)
		p.By = "street"
	case len(fences) > 0:
		p.Street, p.Beside = most(fences)
		p.By = "fence"
	}
}

// most returns the name with the largest number, of several the first.
func most(by map[string]int) (name string, n int) {
	names := make([]string, 0, len(by))
	for x := range by {
		names = append(names, x)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(by[b], by[a]), cmp.Compare(a, b))
	})
	return names[0], by[names[0]]
}
