package simulations

import "testing"

// Who wants the largest part of the rides puts out more than who wants profit, and loses money on
// it; a cap on each operator's vehicles prevents that: what Transportation Science 60(1) finds of
// dockless bikes, in quality. Nobody regulates but the cap.
func TestShareMaximisersOversupply(t *testing.T) {
	play := func(by string, most int) (vehicles int, profit float64) {
		w := made{cells: 19, operators: 2, vehicles: 100, trips: 600}.world(t)
		w.costs = Costs{VehicleDay: 3}
		for k := range w.operators {
			w.operators[k].respond, w.operators[k].most = by, most
		}
		if err := w.settle(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		tally := w.runs(t, 7)
		for k := range w.operators {
			vehicles += w.operators[k].fleet
			profit += w.costs.profit(&tally.ByOperator[k])
		}
		return vehicles, profit
	}
	modest, earned := play(respondProfit, 0)
	race, lost := play(respondShare, 0)
	if race < 2*modest || lost >= earned || lost >= 0 {
		t.Errorf("for profit %d vehicles and %.0f, for the share %d and %.0f",
			modest, earned, race, lost)
	}
	capped, kept := play(respondShare, 60)
	if capped > 120 || kept <= lost {
		t.Errorf("under a cap %d vehicles and %.0f, without %d and %.0f", capped, kept, race, lost)
	}
}
