package apportion

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// divisors are the methods that Split has a multiplier for.
func divisors() []Method { return []Method{Webster, DHondt, Adams, HuntingtonHill} }

func TestSplit(t *testing.T) {
	tests := map[string]struct {
		method Method
		total  int
		claims []Claim
		want   []int
	}{
		"no method is Webster's": {"", 10, votes([]float64{6, 6, 2}), []int{5, 4, 1}},
		// Prices of dhondt: 1/6 2/6 3/6 4/6 5/6 twice; c's first unit is 1/2, tied with both thirds.
		"dhondt favours the large":   {DHondt, 10, votes([]float64{6, 6, 2}), []int{5, 4, 1}},
		"adams favours the small":    {Adams, 3, votes([]float64{100, 1, 1}), []int{1, 1, 1}},
		"dhondt gives all to one":    {DHondt, 3, votes([]float64{100, 1, 1}), []int{3, 0, 0}},
		"a zero weight gets nothing": {Adams, 3, votes([]float64{1, 0, 1}), []int{2, 0, 1}},
		// The second unit of weight 1 costs sqrt(2), of weight 3 sqrt(2)/3, its third sqrt(6)/3 < 1.
		"equal proportions": {HuntingtonHill, 4, votes([]float64{3, 1}), []int{3, 1}},
		// Posts 1, 2, 3: a/2 has prices 1/2 and 1, b/1 has 1. The tie at 1 goes to a.
		"a tie of dhondt goes to the first ID": {
			DHondt, 2, []Claim{{"b", 1, 0, -1}, {"a", 2, 0, -1}}, []int{0, 2},
		},
		"a tie of equal proportions goes to the first ID": {
			HuntingtonHill, 3, []Claim{{"b", 7, 0, -1}, {"a", 7, 0, -1}}, []int{1, 2},
		},
		"a ceiling of 0 keeps even adams out": {
			Adams, 2, []Claim{{"a", 1, 0, 0}, {"b", 1, 0, -1}}, []int{0, 2},
		},
		"floors and ceilings hold": {
			DHondt, 10, []Claim{{"a", 8, 0, 5}, {"b", 1, 3, -1}, {"c", 1, 0, -1}}, []int{5, 3, 2},
		},
		// Shares 10*6/14 = 4 2/7 twice and 1 3/7: the unit left goes to c.
		"largest remainder": {LargestRemainder, 10, votes([]float64{6, 6, 2}), []int{4, 4, 2}},
		"equal remainders go to the first IDs": {
			LargestRemainder, 2, votes([]float64{1, 1, 1}), []int{1, 1, 0},
		},
		"nothing among nobody": {LargestRemainder, 0, nil, []int{}},
		"extreme weights": {
			HuntingtonHill, 1_000_000,
			[]Claim{{"a", 1e-100, 0, -1}, {"b", 1e100, 0, 999_998}},
			[]int{2, 999_998},
		},
		"a large total": {DHondt, 1 << 40, votes([]float64{1, 3}), []int{1 << 38, 3 << 38}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Split(tt.method, tt.total, tt.claims)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, quotas(got.Shares)); diff != "" {
				t.Errorf("Split(%s, %d) (-want +got):\n%s", tt.method, tt.total, diff)
			}
		})
	}
}

func TestSplitNamesTheBoundThatDecides(t *testing.T) {
	claims := []Claim{{"a", 8, 0, 5}, {"b", 1, 3, -1}, {"c", 1, 0, -1}}
	got, err := Split(DHondt, 10, claims)
	if err != nil {
		t.Fatal(err)
	}
	want := []Share{{"a", 5, "ceiling"}, {"b", 3, "floor"}, {"c", 2, ""}}
	if diff := cmp.Diff(want, got.Shares); diff != "" {
		t.Errorf("shares (-want +got):\n%s", diff)
	}
	if got.Multiplier != 2.5 { // c has 2: from 2 to 3
		t.Errorf("multiplier %g, want 2.5", got.Multiplier)
	}
}

func TestSplitRefuses(t *testing.T) {
	twice := []Claim{{"a", 1, 0, -1}, {"a", 1, 0, -1}}
	tests := map[string]struct {
		method Method
		total  int
		claims []Claim
		want   error
	}{
		"adams below one each":         {Adams, 2, votes([]float64{1, 2, 3}), ErrInfeasible},
		"equal proportions below that": {HuntingtonHill, 2, votes([]float64{1, 2, 3}), ErrInfeasible},
		"a negative total":             {LargestRemainder, -1, votes([]float64{1}), ErrInfeasible},
		"a total and no weight":        {LargestRemainder, 1, votes([]float64{0}), ErrInfeasible},
		"bounds on remainders":         {LargestRemainder, 1, []Claim{{"a", 1, 0, 3}}, ErrMalformed},
		"a method of matrices":         {Nearest, 1, votes([]float64{1}), ErrMalformed},
		"a weight that is no number":   {DHondt, 1, votes([]float64{math.NaN()}), ErrMalformed},
		"an ID that stands twice":      {Adams, 3, twice, ErrMalformed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := Split(tt.method, tt.total, tt.claims); !errors.Is(err, tt.want) {
				t.Errorf("Split = %v, want %v", err, tt.want)
			}
		})
	}
}

func TestSplitKnownAnswers(t *testing.T) {
	var file struct {
		Cases []struct {
			Method    Method
			Votes     []float64
			Seats     int
			Threshold float64
			Expected  []int
			Source    string
		}
	}
	readCase(t, "vector.json", &file)
	for _, c := range file.Cases {
		sum := 0.0
		for _, v := range c.Votes {
			sum += v
		}
		for k, v := range c.Votes {
			if v < c.Threshold*sum {
				c.Votes[k] = 0
			}
		}
		got, err := Split(c.Method, c.Seats, votes(c.Votes))
		if err != nil {
			t.Fatalf("%s: %v", c.Source, err)
		}
		if diff := cmp.Diff(c.Expected, quotas(got.Shares)); diff != "" {
			t.Errorf("%s, %s (-want +got):\n%s", c.Method, c.Source, diff)
		}
	}
	if len(file.Cases) == 0 {
		t.Error("no case in the file")
	}
}

func TestSplitTellsTheAlabamaParadox(t *testing.T) {
	var file struct {
		Votes      []float64
		Lr10, Lr11 []int
	}
	readCase(t, "apportion_paradox.json", &file)
	ten, err := Split(LargestRemainder, 10, votes(file.Votes))
	eleven, other := Split(LargestRemainder, 11, votes(file.Votes))
	if err != nil || other != nil {
		t.Fatal(err, other)
	}
	if diff := cmp.Diff([][]int{file.Lr10, file.Lr11},
		[][]int{quotas(ten.Shares), quotas(eleven.Shares)}); diff != "" {
		t.Errorf("largest remainder at 10 and 11 (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Loss{{ID: ten.Shares[2].ID, Quota: 2, Next: 1}}, ten.Losses); diff != "" {
		t.Errorf("losses at 11 (-want +got):\n%s", diff)
	}
}

// naive divides by highest averages, unit by unit, in exact fractions.
func naive(method Method, total int, claims []Claim) []int {
	got := make([]int, len(claims))
	for k, c := range claims {
		got[k], _ = span(method, c)
		total -= got[k]
	}
	for ; total > 0; total-- {
		best := -1
		for k, c := range claims {
			if _, most := span(method, c); got[k] >= most {
				continue
			}
			if best < 0 {
				best = k
				continue
			}
			b := claims[best]
			order := priceOf(method, got[k]+1, c.Weight).Cmp(priceOf(method, got[best]+1, b.Weight))
			if order < 0 || order == 0 && c.ID < b.ID {
				best = k
			}
		}
		got[best]++
	}
	return got
}

func TestSplitIsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claims, method, total := drawSplit(t)
		got, err := Split(method, total, claims)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(naive(method, total, claims), quotas(got.Shares)); diff != "" {
			t.Errorf("%s, %d (-naive +got):\n%s", method, total, diff)
		}
		proof, err := Prove(method, total, claims, quotas(got.Shares))
		if err != nil {
			t.Fatal(err)
		}
		if rho := got.Multiplier; rho < proof.Low*(1-1e-12) || rho > proof.High*(1+1e-12) {
			t.Errorf("multiplier %g outside %g to %g", rho, proof.Low, proof.High)
		}
	})
}

// drawSplit draws a divisor method, claims and a total that it can divide.
func drawSplit(t *rapid.T) ([]Claim, Method, int) {
	method := rapid.SampledFrom(divisors()).Draw(t, "method")
	claims, _, _ := drawClaims(t)
	low, high := 0, 0
	for _, c := range claims {
		least, most := span(method, c)
		low += least
		high += min(most, least+100)
	}
	return claims, method, rapid.IntRange(low, high).Draw(t, "total")
}

func TestSplitLargerTotalShrinksNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claims, method, total := drawSplit(t)
		first, err := Split(method, total, claims)
		second, other := Split(method, total+1, claims)
		if errors.Is(other, ErrInfeasible) {
			return // all are full
		}
		if err != nil || other != nil {
			t.Fatal(err, other)
		}
		for k := range claims {
			if second.Shares[k].Quota < first.Shares[k].Quota {
				t.Errorf("%s: %q falls", method, claims[k].ID)
			}
		}
	})
}

func TestSplitIsBlindToOrderAndScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claims, method, total := drawSplit(t)
		if rapid.Bool().Draw(t, "remainders") {
			method, total = LargestRemainder, rapid.IntRange(0, 100).Draw(t, "units")
			claims = append(claims, Claim{ID: "z", Weight: 1})
			for k := range claims {
				claims[k].Floor, claims[k].Ceiling = 0, -1
			}
		}
		shuffled := rapid.Permutation(claims).Draw(t, "shuffled")
		power := math.Ldexp(1, rapid.IntRange(-40, 40).Draw(t, "power")) // which rounds no weight
		for k := range shuffled {
			shuffled[k].Weight *= power
		}
		first, err := Split(method, total, claims)
		second, other := Split(method, total, shuffled)
		if err != nil || other != nil {
			t.Fatal(err, other)
		}
		want := map[string]int{}
		for _, s := range first.Shares {
			want[s.ID] = s.Quota
		}
		for _, s := range second.Shares {
			if s.Quota != want[s.ID] {
				t.Errorf("%s: %q has %d, and %d in another order", method, s.ID, want[s.ID], s.Quota)
			}
		}
	})
}

// The quota rule: the whole part of the exact share, or one more. And losses are what they say.
func TestLargestRemainderStaysAtTheShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "claims")
		weights := rapid.SliceOfN(rapid.IntRange(1, 40), n, n).Draw(t, "weights")
		total := rapid.IntRange(0, 60).Draw(t, "total")
		list, sum := make([]float64, n), 0
		for k, w := range weights {
			list[k], sum = float64(w), sum+w
		}
		got, err := Split(LargestRemainder, total, votes(list))
		next, other := Split(LargestRemainder, total+1, votes(list))
		if err != nil || other != nil {
			t.Fatal(err, other)
		}
		left, losses := total, []Loss(nil)
		for k, s := range got.Shares {
			left -= s.Quota
			if whole := total * weights[k] / sum; s.Quota != whole && s.Quota != whole+1 {
				t.Errorf("%q has %d, its share is %s", s.ID, s.Quota,
					big.NewRat(int64(total*weights[k]), int64(sum)).FloatString(3))
			}
			if later := next.Shares[k].Quota; later < s.Quota {
				losses = append(losses, Loss{s.ID, s.Quota, later})
			}
		}
		if left != 0 {
			t.Errorf("%d units are left", left)
		}
		if diff := cmp.Diff(losses, got.Losses); diff != "" {
			t.Errorf("losses (-want +got):\n%s", diff)
		}
	})
}

func TestProveCatches(t *testing.T) {
	claims := []Claim{{"a", 5, 0, -1}, {"b", 3, 0, 4}, {"c", 2, 1, -1}}
	for _, method := range divisors() {
		good, err := Split(method, 10, claims)
		if err != nil {
			t.Fatal(err)
		}
		right := quotas(good.Shares)
		if _, err := Prove(method, 10, claims, right); err != nil {
			t.Errorf("%s: %v", method, err)
		}
		for name, move := range map[string][3]int{
			"a moved unit": {1, -1, 0}, "a swapped pair": {-1, 0, 1}, "a unit too many": {1, 0, 0},
			"a floor missed": {0, 3, -3}, "a ceiling passed": {-2, 2, 0},
		} {
			wrong := slices.Clone(right)
			for k := range wrong {
				wrong[k] += move[k]
			}
			if _, err := Prove(method, 10, claims, wrong); !errors.Is(err, ErrUncertified) {
				t.Errorf("%s, %s: %v goes through: %v", method, name, wrong, err)
			}
		}
	}
	if _, err := Prove(LargestRemainder, 10, claims, []int{5, 3, 2}); !errors.Is(err, ErrMalformed) {
		t.Errorf("remainders have a multiplier: %v", err)
	}
	if _, err := Prove(Webster, 10, claims, []int{10}); !errors.Is(err, ErrMalformed) {
		t.Errorf("one quota for three claims: %v", err)
	}
}
