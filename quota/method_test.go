package quota

import (
	"math"
	"testing"
)

// The published numbers of ../shared/spec/policies.md section 4; within is half of the last digit
// printed there, or what the source rounded away.
func TestPublishedNumbers(t *testing.T) {
	tests := map[string]struct {
		got, want, within float64
	}{
		"Wuhan 2019: 1.5 M trips a day under a cap of 600,100 imply a turnover of 2.50": {
			ImpliedTurnover(1.5e6, 600100), 2.50, 0.005,
		},
		"Beijing 2022H2: 2.984 M trips a day at 3.02 need 988 thousand": {
			TurnoverFleet(2.984e6, 3.02, 1), 988e3, 500,
		},
		"Beijing 2020: 1.889 M trips a day on 844 thousand turn over 2.24 times": {
			ImpliedTurnover(1.889e6, 844e3), 2.24, 0.005,
		},
		"Beijing 2018H1: 1.42 M trips a day on 1.91 M turn over 0.74 times": {
			ImpliedTurnover(1.42e6, 1.91e6), 0.74, 0.005,
		},
		"Shenzhen April 2017: 2.5 M trips a day on 520 thousand turn over 4.8 times": {
			ImpliedTurnover(2.5e6, 520e3), 4.8, 0.05,
		},
		"Xiamen: 164,920 m² of fences hold 137,433 bicycles at 1.2 m²": {
			ParkingPlaces(164920, 1, 1.2, 1), 137433, 0.5,
		},
		"a bicycle's place of 2 m by 0.6 m is 1.2 m²": {
			ParkingPlaces(1.2, 1, 2*0.6, 1), 1, 1e-12,
		},
		"a share of 0.95 usable needs a twentieth more vehicles, nearly": {
			TurnoverFleet(1.5e6, 2.5, 0.95), 631578.947, 0.001, // 600,000/0.95
		},
		"parking half used by a fleet half in the street holds the whole fleet": {
			ParkingPlaces(1000, 0.5, 1, 0.5), 1000, 1e-9,
		},
		"a million people, 2.5 trips, half short, a tenth by bicycle make 125 thousand trips": {
			TripDemand(1e6, 2.5, 0.5, 0.1), 125e3, 1e-6,
		},
		"10 km of lane 2.5 m wide, 12 h, 5 m² and 15 minutes a rider carry 240 thousand trips": {
			RidingTrips(10e3*2.5, 12*60, 5, 15), 240e3, 1e-6,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if math.Abs(tt.got-tt.want) > tt.within {
				t.Errorf("got %v, want %v within %v", tt.got, tt.want, tt.within)
			}
		})
	}
}

func TestMethodsReverse(t *testing.T) {
	// Methods C and A undo what D and ImpliedTurnover do.
	fleet := TurnoverFleet(RidingTrips(25e3, 720, 5, 15), 2.4, 1)
	if want := 100e3; math.Abs(fleet-want) > 1e-6 {
		t.Errorf("fleet for 240,000 riding trips at 2.4 = %v, want %v", fleet, want)
	}
	if got := ImpliedTurnover(240e3, fleet); math.Abs(got-2.4) > 1e-12 {
		t.Errorf("implied turnover = %v, want 2.4", got)
	}
}
