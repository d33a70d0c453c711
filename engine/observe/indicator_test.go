package observe

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/scoring"
)

// What a feed tells is an indicator; what it doesn't is unknown, and of a stale feed everything is.
func TestHealthAsIndicators(t *testing.T) {
	half, tenth := 0.5, 0.1
	h := Health{
		Status: Known, Coverage: &half, Duplicates: &tenth,
		Freshness: []Freshness{{P90: 60_000}, {P90: 90_000}, {P90: 30_000}},
	}
	want := []scoring.Value{
		{Indicator: "feed-coverage", Value: 0.5, Known: true},
		{Indicator: "feed-registered", Why: "not-told"},
		{Indicator: "feed-freshness-p90", Value: 1.5, Known: true},
		{Indicator: "feed-duplicates", Value: 0.1, Known: true},
		{Indicator: "feed-out-of-city", Why: "not-told"},
		{Indicator: "feed-coarse", Why: "not-told"},
		{Indicator: "feed-jumps", Why: "not-told"},
	}
	if diff := cmp.Diff(want, h.Values()); diff != "" {
		t.Errorf("Values() (-want +got):\n%s", diff)
	}
	h.Status = Stale
	for _, v := range h.Values() {
		if v.Known || v.Why != Stale {
			t.Errorf("of a stale feed: %+v", v)
		}
	}
}
