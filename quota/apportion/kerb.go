package apportion

import (
	"fmt"
	"math"
)

// Kerb is ground that several sectors use at once: bikes and scooters along the same street. Each
// sector is a problem of its own over the same columns, with ColTotals the most that it could use
// of each and ColLeast the least.
type Kerb struct {
	Sectors   []Problem
	Footprint []float64 // what a vehicle of each sector takes, m²; > 0
	Shares    []float64 // the policy's part of the ground for each sector; they sum to at most 1
	Area      []float64 // of each column, m²
}

// SharedKerb is how a kerb was shared. It is never called optimal: Gap says how much less any other
// sharing could cost at most.
type SharedKerb struct {
	Solutions []*Solution // one a sector
	Price     []float64   // of the ground of each column in the best bound, nats per m²; >= 0
	Cost      float64     // of the matrices together, nats
	ByShares  float64     // what they would have cost by the policy's shares alone
	Bound     float64     // no sharing costs less
	Gap       float64     // Cost - Bound; >= 0
	Rounds    int         // how often the ground was priced
}

// ShareKerb shares a kerb by the policy's shares first. Then it puts a price on each column's
// ground, at which the sectors are problems apart, and raises or lowers it by how much more or less
// than there is they use: each round proves a bound, and its use of the ground, cut back to what
// there is, is another sharing. The cheapest of them is taken. The same input gives the same
// answer.
//
// It returns ErrMalformed for lengths that differ and numbers out of range, and a *CutError if the
// policy's shares leave some sector no answer: to widen them is the policy's affair.
//
// Source: Held, Wolfe and Crowder, Mathematical Programming 6 (1974), for the step; Fisher,
// Management Science 27 (1981), for the bound.
func ShareKerb(k Kerb, rounds int) (*SharedKerb, error) {
	if err := k.check(); err != nil {
		return nil, err
	}
	best, err := k.solve(k.byShares)
	if err != nil {
		return nil, err
	}
	best.ByShares, best.Price, best.Bound = best.Cost, make([]float64, len(k.Area)), math.Inf(-1)
	price := make([]float64, len(k.Area))
	pace, stale := 1.0, 0
	for best.Rounds < rounds && best.Cost-best.Bound > tiny {
		priced, err := k.price(price)
		if err != nil {
			return nil, err
		}
		best.Rounds++
		if stale++; priced.Cost > best.Bound {
			best.Bound, best.Price, stale = priced.Cost, append([]float64(nil), price...), 0
		}
		used := k.use(priced.Solutions)
		other, err := k.solve(k.cutBack(priced.Solutions, used))
		if err == nil && other.Cost < best.Cost {
			best.Solutions, best.Cost = other.Solutions, other.Cost
		}
		if stale == 5 {
			pace, stale = pace/2, 0
		}
		if !k.step(price, used, pace*(best.Cost-priced.Cost)) {
			break // the ground suffices, and what is over costs nothing: no round would say more
		}
	}
	best.Gap = max(0, best.Cost-best.Bound)
	return best, nil
}

// tiny is a gap that is rounding, in nats.
const tiny = 1e-6

// check returns ErrMalformed for what is no kerb.
func (k *Kerb) check() error {
	shares := 0.0
	if len(k.Footprint) != len(k.Sectors) || len(k.Shares) != len(k.Sectors) {
		return fmt.Errorf("%w: %d sectors, %d footprints, %d shares",
			ErrMalformed, len(k.Sectors), len(k.Footprint), len(k.Shares))
	}
	for s, p := range k.Sectors {
		shares += k.Shares[s]
		switch {
		case len(p.Cols) != len(k.Area) || p.ColLeast == nil || p.Method == Nearest:
			return fmt.Errorf("%w: sector %d has %d columns of %d, or no leasts, or no divisor",
				ErrMalformed, s, len(p.Cols), len(k.Area))
		case !(k.Footprint[s] > 0 && k.Footprint[s] <= maxWeight && k.Shares[s] >= 0):
			return fmt.Errorf("%w: sector %d has the footprint %g and the share %g",
				ErrMalformed, s, k.Footprint[s], k.Shares[s])
		}
	}
	if !(shares <= 1+1e-9) {
		return fmt.Errorf("%w: the shares sum to %g", ErrMalformed, shares)
	}
	for c, area := range k.Area {
		if !(area >= 0 && area <= maxWeight) {
			return fmt.Errorf("%w: column %d has an area of %g", ErrMalformed, c, area)
		}
	}
	return nil
}

// byShares is the most of a column for a sector by the policy.
func (k *Kerb) byShares(s, c int) int {
	return int(math.Floor(float64(k.Shares[s]*k.Area[c])/k.Footprint[s] + 1e-9))
}

// cutBack returns the most of each column for each sector: what it uses, in proportion less where
// all together use more than there is, and what is left over to each by its share.
func (k *Kerb) cutBack(solutions []*Solution, used []float64) func(s, c int) int {
	return func(s, c int) int {
		vehicles := 0
		for _, row := range solutions[s].Matrix {
			vehicles += row[c]
		}
		if used[c] > k.Area[c] {
			return int(math.Floor(float64(vehicles)*k.Area[c]/used[c] + 1e-9))
		}
		spare := float64(k.Shares[s] * (k.Area[c] - used[c]))
		return vehicles + int(math.Floor(spare/k.Footprint[s]+1e-9))
	}
}

// solve solves every sector with a most for each column.
func (k *Kerb) solve(most func(s, c int) int) (*SharedKerb, error) {
	shared := &SharedKerb{}
	for s, p := range k.Sectors {
		p.ColTotals = append([]int(nil), p.ColTotals...)
		p.ColLeast = append([]int(nil), p.ColLeast...)
		for c := range p.ColTotals {
			p.ColTotals[c] = min(p.ColTotals[c], most(s, c))
			if p.ColTotals[c] < p.ColLeast[c] {
				return nil, &CutError{
					Forced: true, Cols: []string{p.Cols[c]}, Need: p.ColLeast[c],
					Placeable: p.ColTotals[c], Shortfall: p.ColLeast[c] - p.ColTotals[c],
				}
			}
		}
		if need, room := p.need(), sum(p.ColTotals); need > room {
			return nil, &CutError{
				Rows: p.Rows, Cols: p.Cols, Need: need, Placeable: room, Shortfall: need - room,
			}
		}
		if err := shared.add(p); err != nil {
			return nil, err
		}
	}
	return shared, nil
}

// need is the least that a problem's rows must hold.
func (p *Problem) need() int {
	if p.RowLeast != nil {
		return sum(p.RowLeast)
	}
	return sum(p.RowTotals)
}

// price solves every sector with a price on the ground: a weight that counts e^(price*footprint)
// less. The cost is the bound that the prices prove.
func (k *Kerb) price(price []float64) (*SharedKerb, error) {
	shared := &SharedKerb{}
	for s, p := range k.Sectors {
		p.Weights = make([][]float64, len(p.Rows))
		for o := range p.Weights {
			p.Weights[o] = make([]float64, len(p.Cols))
			for c, t := range k.Sectors[s].Weights[o] {
				p.Weights[o][c] = float64(t * math.Exp(-float64(price[c]*k.Footprint[s])))
			}
		}
		if err := shared.add(p); err != nil {
			return nil, err
		}
	}
	for c, area := range k.Area {
		shared.Cost -= float64(price[c] * area)
	}
	return shared, nil
}

// add solves a sector and adds what it costs, certified.
func (s *SharedKerb) add(p Problem) error {
	solution, err := Solve(p)
	if err != nil {
		return err
	}
	certificate, err := Certify(p, solution)
	if err != nil {
		return err
	}
	primal, _ := certificate.Primal.Float64()
	s.Cost += primal / UnitsPerNat
	s.Solutions = append(s.Solutions, solution)
	return nil
}

// use returns how much ground of each column the sectors use.
func (k *Kerb) use(solutions []*Solution) []float64 {
	used := make([]float64, len(k.Area))
	for s, solution := range solutions {
		for _, row := range solution.Matrix {
			for c, x := range row {
				used[c] += float64(float64(x) * k.Footprint[s])
			}
		}
	}
	return used
}

// step moves the prices against the use by a length that would close the gap if the bound were
// linear. It returns false if no price moves.
func (k *Kerb) step(price, used []float64, gap float64) bool {
	const most = 200 // nats a vehicle: beyond it a weight is nothing
	size := 0.0
	for c, area := range k.Area {
		if over := used[c] - area; over > 0 || price[c] > 0 {
			size += float64(over * over)
		}
	}
	if size == 0 || gap <= 0 {
		return false
	}
	largest := 0.0
	for _, footprint := range k.Footprint {
		largest = max(largest, footprint)
	}
	for c, area := range k.Area {
		if over := used[c] - area; over > 0 || price[c] > 0 {
			price[c] = min(most/largest, max(0, price[c]+float64(gap*over)/size))
		}
	}
	return true
}
