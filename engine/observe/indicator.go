package observe

import "github.com/stint-city/stint/scoring"

// The indicators that a feed gives by itself, for a rubric to ask for.
const (
	IndicatorCoverage   = "feed-coverage"      // vehicles on the street / registered, 0-1
	IndicatorRegistered = "feed-registered"    // of those seen, found in the register, 0-1
	IndicatorFreshness  = "feed-freshness-p90" // minutes, of the state whose words are the oldest
	IndicatorDuplicates = "feed-duplicates"    // share of rows, 0-1
	IndicatorOutOfCity  = "feed-out-of-city"   // share of vehicles with a place, 0-1
	IndicatorCoarse     = "feed-coarse"        // share of positions with at most 4 decimals, 0-1
	IndicatorJumps      = "feed-jumps"         // share of compared places that nobody can have reached
)

// NotTold is why a feed that is known lacks a figure: a code.
const NotTold = "not-told"

// Values returns a feed's health as indicators of its operator's sheet. Of a stale or silent feed
// all are unknown, with its status as the reason: never the figures of a day gone by.
func (h *Health) Values() []scoring.Value {
	var oldest *float64
	for _, f := range h.Freshness {
		const minute = 60_000
		if age := float64(f.P90) / minute; oldest == nil || age > *oldest {
			oldest = &age
		}
	}
	list := []scoring.Value{}
	for _, x := range []struct {
		id    string
		value *float64
	}{
		{IndicatorCoverage, h.Coverage},
		{IndicatorRegistered, h.Registered},
		{IndicatorFreshness, oldest},
		{IndicatorDuplicates, h.Duplicates},
		{IndicatorOutOfCity, h.OutOfCity},
		{IndicatorCoarse, h.Coarse},
		{IndicatorJumps, h.JumpShare},
	} {
		v := scoring.Value{Indicator: x.id, Why: NotTold}
		if h.Status != Known {
			v.Why = h.Status
		} else if x.value != nil {
			v.Value, v.Known, v.Why = *x.value, true, ""
		}
		list = append(list, v)
	}
	return list
}
