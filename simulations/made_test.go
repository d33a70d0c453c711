package simulations

import (
	"math"
	"strconv"
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/simulations/kernel"
)

// made is a made town's size.
type made struct {
	cells, operators, vehicles int
	trips                      float64 // requests a day
	hot                        int     // cells that draw nine tenths of them; 0 = all alike
	days                       int
	resolution                 int // of H3; 0 = 9
}

// defaults are the users of the spec's example.
func defaultUsers() Users {
	return Users{
		Radius: 400, Walk: 1.33, Ride: 3.67, Detour: 1.3,
		Choice:  Choice{Walk: -0.008, Price: -0.5, Availability: 0.2, Outside: -4},
		Parking: Parking{Tolerance: 20, Comply: 0.8},
	}
}

// world returns the made town: cells in rings around a centre, demand in the open hours of the day,
// rides of a mean 2 km.
func (m made) world(tb testing.TB) *world {
	tb.Helper()
	if m.resolution == 0 {
		m.resolution = 9
	}
	center, err := geo.CellAt(geo.LatLng{Lat: 24.48, Lng: 118.1}, m.resolution)
	if err != nil {
		tb.Fatal(err)
	}
	var cells []geo.Cell
	for k := 0; len(cells) < m.cells; k++ {
		cells = append(cells, center.Ring(k)...)
	}
	grid, err := geo.NewGrid(cells[:m.cells])
	if err != nil {
		tb.Fatal(err)
	}
	capacity := make([]int, m.cells)
	for i := range capacity {
		capacity[i] = 2*m.vehicles/m.cells + 1
	}
	s := &engine.Snapshot{Grid: grid, DistrictOf: make([]int, m.cells)}
	s.Districts = []engine.District{{ID: "all"}}
	town, err := NewTown(s, capacity)
	if err != nil {
		tb.Fatal(err)
	}
	w := &world{
		town: town, demand: m.demand(town), users: defaultUsers(), hours: 24 * max(m.days, 1),
		growth: 1, piles: PileRule{},
	}
	for k := range m.operators {
		w.operators = append(w.operators, operator{
			id: "op" + strconv.Itoa(k), fleet: m.vehicles / m.operators, constant: 0,
			price: Price{Unlock: 1.5, Minutes: 15, Next: 0.5}, comply: 0.8, broken: 0.0008,
			repair: 24 * hourMS, crew: crew{strategy: crewNone}, targets: m.pull(town),
		})
	}
	w.prepare()
	return w
}

// pull returns how much each cell attracts.
func (m made) pull(t *Town) []float64 {
	key := kernel.NewKey(99)
	pull := make([]float64, len(t.Cells))
	for c := range pull {
		pull[c] = -math.Log(key.Uniform(uint64(c)))
	}
	cells := float64(len(pull))
	for i := range m.hot {
		pull[int(key.Of(1).Uniform(uint64(i))*cells)] += 9 * cells / float64(m.hot)
	}
	return pull
}

func (m made) demand(t *Town) *Demand {
	pull, total := m.pull(t), 0.0
	for _, p := range pull {
		total += p
	}
	d := &Demand{Rate: make([]float64, week*len(pull)), To: make([]Destinations, len(pull))}
	for h := range week {
		open := 0.0
		if h%24 >= 6 && h%24 < 22 {
			open = 1.0 / 16
		}
		for c, p := range pull {
			d.Rate[h*len(pull)+c] = m.trips * open * p / total
		}
	}
	weights := make([]float64, len(pull))
	for c := range pull {
		for to, p := range pull {
			weights[to] = p * math.Exp(-distance(t.center[c], t.center[to])/100_000)
		}
		d.To[c] = newDestinations(weights)
	}
	return d
}

// runs returns the tally of one replication.
func (w *world) runs(tb testing.TB, seed uint64) *Tally {
	tb.Helper()
	t, err := newSim(w).replicate(tb.Context(), replicationKey(seed, 0))
	if err != nil {
		tb.Fatal(err)
	}
	return t
}
