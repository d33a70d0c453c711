package simulations

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// What an operator sets its fleet by.
const (
	respondProfit = "profit" // fares less costs
	respondShare  = "share"  // its part of all rides
)

// cream leaves an operator's targets only in the share of cells from which most riders set out.
func (w *world) cream(targets []float64, share float64) {
	if share >= 1 {
		return
	}
	cells := len(w.town.Cells)
	order, pull := make([]int, cells), make([]float64, cells)
	for c := range order {
		order[c] = c
		for h := range week {
			pull[c] += w.demand.Rate[h*cells+c]
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(pull[b], pull[a]) })
	for _, c := range order[int(math.Ceil(share*float64(cells))):] {
		targets[c] = 0
	}
}

// The search for fleets that no operator would change alone.
const (
	responseRounds = 8
	responseStep   = 0.25 // of a fleet, up or down
	responseRuns   = 2    // replications of each trial
)

// settle lets those operators who set their own fleets take turns: each tries a fleet a step
// larger, then smaller, and keeps what serves it better, until nobody changes any more or the
// rounds end. Trials meet the same riders, who are not those of the replications that are counted.
func (w *world) settle(ctx context.Context, seed uint64) error {
	for range responseRounds {
		moved := false
		for k := range w.operators {
			if w.operators[k].respond == "" {
				continue
			}
			better, err := w.turn(ctx, seed, k)
			if err != nil {
				return err
			}
			moved = moved || better
		}
		if !moved {
			return nil
		}
	}
	return nil
}

// turn is one operator's turn. It reports whether it changed its fleet.
func (w *world) turn(ctx context.Context, seed uint64, k int) (bool, error) {
	own, most := w.operators[k].fleet, w.operators[k].most
	best, err := w.worth(ctx, seed, k)
	if err != nil {
		return false, err
	}
	step := max(1, int(math.Round(responseStep*float64(own))))
	for _, fleet := range []int{own + step, max(0, own-step)} {
		if most > 0 && fleet > most {
			continue
		}
		w.operators[k].fleet = fleet
		worth, err := w.worth(ctx, seed, k)
		if err != nil {
			return false, err
		}
		if worth > best {
			return true, nil
		}
	}
	w.operators[k].fleet = own
	return false, nil
}

// worth is what an operator sets its fleet by, in the mean of a few replications.
func (w *world) worth(ctx context.Context, seed uint64, k int) (float64, error) {
	sum, sim := 0.0, newSim(w)
	for r := range responseRuns {
		t, err := sim.replicate(ctx, replicationKey(seed, r).Of(streamResponse))
		if err != nil {
			return 0, err
		}
		if w.operators[k].respond == respondShare {
			sum += ratio(t.ByOperator[k].Served, max(t.Served, 1))
		} else {
			sum += w.costs.profit(&t.ByOperator[k])
		}
	}
	return sum / responseRuns, nil
}
