package quota

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// bikes are settings with round numbers: 1.2 m² a bicycle, half of the ground usable give or take.
func bikes() Limits {
	return Limits{
		Footprint:   1.2,
		Usable:      Range{Low: 0.4, Mid: 0.5, High: 0.6},
		SpaceShare:  1,
		SpaceUsable: Range{Low: 0.01, Mid: 0.02, High: 0.05},
		Available:   0.95,
	}
}

// nothing is a space of which nothing is known.
func nothing() Space {
	nan := math.NaN()
	return Space{Parking: nan, Sidewalk: nan, Area: nan, Cap: -1, Zone: -1}
}

func daily(low, mean, high float64) Estimate {
	return Estimate{Low: low, Mean: mean, High: high, Known: true}
}

func TestCapacity(t *testing.T) {
	tests := map[string]struct {
		limits func(*Limits)
		space  func(*Space)
		daily  Estimate
		want   Capacity
	}{
		"what is unknown does not limit": {
			want: Capacity{Binding: LimitNone},
		},
		"parking is ground times usable share over the footprint, whole vehicles": {
			space: func(s *Space) { s.Parking = 121 }, // 40.3, 50.4 and 60.5 bicycles
			want: Capacity{40, 50, 60, LimitParking, true, []Bound{
				{LimitParking, 40, 50, 60},
			}},
		},
		"a product that misses a whole number by rounding keeps its vehicle": {
			limits: func(l *Limits) { l.Usable = Range{0.1, 0.7, 1} },
			space:  func(s *Space) { s.Parking = 3.6 }, // 3.6*0.7/1.2 is 2.1; 3.6/1.2 is 3
			want: Capacity{0, 2, 3, LimitParking, true, []Bound{
				{LimitParking, 0, 2, 3},
			}},
		},
		"another sector's share of the ground is not ours": {
			limits: func(l *Limits) { l.SpaceShare = 0.25 },
			space:  func(s *Space) { s.Parking, s.Sidewalk = 120, 1200 },
			want: Capacity{2, 5, 12, LimitSpace, true, []Bound{
				{LimitParking, 10, 12, 15},
				{LimitSpace, 2, 5, 12},
			}},
		},
		"turnover divides the demand by the trips a vehicle shall make": {
			limits: func(l *Limits) { l.Turnover = 2 },
			space:  func(s *Space) { s.Parking = 120 },
			daily:  daily(19, 38, 76), // over 2*0.95 trips
			want: Capacity{10, 20, 40, LimitTurnover, true, []Bound{
				{LimitParking, 40, 50, 60},
				{LimitTurnover, 10, 20, 40},
			}},
		},
		"demand too little known does not limit": {
			limits: func(l *Limits) { l.Turnover = 2 },
			space:  func(s *Space) { s.Cap = 7 },
			daily:  Estimate{Mean: 1, Low: 0, High: 9},
			want:   Capacity{7, 7, 7, LimitCap, true, []Bound{{LimitCap, 7, 7, 7}}},
		},
		"Nashville's 225 per square mile is 45 in a cell of central Beijing": {
			limits: func(l *Limits) { l.Density = 225 / 2.589988110336 },
			space:  func(s *Space) { s.Area = 0.526e6 },
			want:   Capacity{45, 45, 45, LimitDensity, true, []Bound{{LimitDensity, 45, 45, 45}}},
		},
		"Nashville's 225 per square mile is 64 in an average cell": {
			limits: func(l *Limits) { l.Density = 225 / 2.589988110336 },
			space:  func(s *Space) { s.Area = 0.737e6 },
			want:   Capacity{64, 64, 64, LimitDensity, true, []Bound{{LimitDensity, 64, 64, 64}}},
		},
		"a ban scales the ground but not a limit in vehicles": {
			limits: func(l *Limits) { l.Density = 100 },
			space: func(s *Space) {
				s.Parking, s.Sidewalk, s.Area, s.Banned, s.Cap, s.Zone = 120, 1200, 1e6, 0.75, 40, 30
			},
			want: Capacity{2, 5, 12, LimitSpace, true, []Bound{
				{LimitParking, 10, 12, 15},
				{LimitSpace, 2, 5, 12},
				{LimitDensity, 25, 25, 25},
				{LimitCap, 40, 40, 40},
				{LimitZone, 30, 30, 30},
			}},
		},
		"a cell all but covered by a ban carries nothing": {
			space: func(s *Space) { s.Parking, s.Banned, s.Cap = 1e6, 0.9991, 5 },
			want:  Capacity{0, 0, 0, LimitBan, true, []Bound{{LimitBan, 0, 0, 0}}},
		},
		"of two limits alike the first listed binds": {
			space: func(s *Space) { s.Cap, s.Zone = 5, 5 },
			want: Capacity{5, 5, 5, LimitCap, true, []Bound{
				{LimitCap, 5, 5, 5}, {LimitZone, 5, 5, 5},
			}},
		},
		"each reading has its own minimum": {
			space: func(s *Space) { s.Parking, s.Cap = 120, 45 },
			want: Capacity{40, 45, 45, LimitCap, true, []Bound{
				{LimitParking, 40, 50, 60}, {LimitCap, 45, 45, 45},
			}},
		},
		"known ground of no size carries nothing": {
			space: func(s *Space) { s.Parking = 0 },
			want:  Capacity{0, 0, 0, LimitParking, true, []Bound{{LimitParking, 0, 0, 0}}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			limits, space := bikes(), nothing()
			if tt.limits != nil {
				tt.limits(&limits)
			}
			if tt.space != nil {
				tt.space(&space)
			}
			got := limits.Capacity(space, tt.daily)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Capacity (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCapacityPanics(t *testing.T) {
	tests := map[string]struct {
		limits Limits
		space  Space
		daily  Estimate
	}{
		"on ground without a footprint": {Limits{SpaceShare: 1}, Space{Parking: 5}, Estimate{}},
		"on a turnover target without availability": {
			Limits{Footprint: 1, Turnover: 2}, nothing(), daily(1, 2, 3),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("Capacity did not panic")
				}
			}()
			tt.limits.Capacity(tt.space, tt.daily)
		})
	}
}

// drawLimits draws settings inside their domain.
func drawLimits(t *rapid.T) Limits {
	share := rapid.Float64Range(0, 1)
	ordered := func(label string) Range {
		low := share.Draw(t, label+" low")
		mid := rapid.Float64Range(low, 1).Draw(t, label+" mid")
		return Range{low, mid, rapid.Float64Range(mid, 1).Draw(t, label+" high")}
	}
	return Limits{
		Footprint:   rapid.Float64Range(0.1, 20).Draw(t, "footprint"),
		Usable:      ordered("usable"),
		SpaceShare:  share.Draw(t, "space share"),
		SpaceUsable: ordered("space usable"),
		Turnover:    rapid.SampledFrom([]float64{0, 0.5, 2.5}).Draw(t, "turnover"),
		Available:   rapid.Float64Range(0.1, 1).Draw(t, "available"),
		Density:     rapid.SampledFrom([]float64{0, 86.9, 5000}).Draw(t, "density"),
	}
}

// drawSpace draws a cell of which each thing may be unknown.
func drawSpace(t *rapid.T) Space {
	area := rapid.OneOf(rapid.Just(math.NaN()), rapid.Float64Range(0, 1e6))
	limit := rapid.OneOf(rapid.Just(-1), rapid.IntRange(0, 500))
	return Space{
		Parking:  area.Draw(t, "parking"),
		Sidewalk: area.Draw(t, "sidewalk"),
		Area:     area.Draw(t, "area"),
		Banned:   rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 1)).Draw(t, "banned"),
		Cap:      limit.Draw(t, "cap"),
		Zone:     limit.Draw(t, "zone"),
	}
}

func TestCapacityIsTheMinimumOfItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Float64Range(0, 1e5).Draw(t, "demand")
		limits, space := drawLimits(t), drawSpace(t)
		got := limits.Capacity(space, daily(mean/2, mean, mean*2))
		if got.Known != (len(got.Bounds) > 0) {
			t.Fatalf("Known = %v with %d bounds", got.Known, len(got.Bounds))
		}
		if got.Low > got.Mid || got.Mid > got.High || got.Low < 0 {
			t.Fatalf("readings out of order: %+v", got)
		}
		binds := !got.Known
		for _, b := range got.Bounds {
			if b.Low < got.Low || b.Mid < got.Mid || b.High < got.High {
				t.Fatalf("bound %+v below the capacity %+v", b, got)
			}
			binds = binds || (b.Limit == got.Binding && b.Mid == got.Mid)
		}
		if !binds {
			t.Fatalf("binding limit %q is not at the minimum: %+v", got.Binding, got)
		}
	})
}

func TestCapacityFallsWithTheBan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limits, space := drawLimits(t), drawSpace(t)
		free := limits.Capacity(space, Estimate{})
		space.Banned = rapid.Float64Range(space.Banned, 1).Draw(t, "more banned")
		if got := limits.Capacity(space, Estimate{}); free.Known && got.Mid > free.Mid {
			t.Fatalf("a larger ban raised the capacity from %d to %d", free.Mid, got.Mid)
		}
	})
}
