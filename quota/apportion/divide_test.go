package apportion

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDivide(t *testing.T) {
	tests := map[string]struct {
		total  int
		claims []Claim
		want   []int
	}{
		"shares that are whole stay as they are": {
			10,
			[]Claim{{"a", 2, 0, -1}, {"b", 3, 0, -1}, {"c", 5, 0, -1}},
			[]int{2, 3, 5},
		},
		"a tie goes to the claim first by ID": {
			3,
			[]Claim{{"b", 1, 0, -1}, {"a", 1, 0, -1}},
			[]int{1, 2},
		},
		// The second unit of weight 3 and the first of weight 1 both cost 1/2.
		"a tie between unequal weights goes to the claim first by ID": {
			2,
			[]Claim{{"a", 1, 0, -1}, {"b", 3, 0, -1}},
			[]int{1, 1},
		},
		// In float64 0.3 is a little less than 3/10 and 0.1 a little more than 1/10: no tie, though
		// both quotients round to 5.
		"weights that differ in the last bit are not a tie": {
			2,
			[]Claim{{"a", 0.3, 0, -1}, {"b", 0.1, 0, -1}},
			[]int{1, 1},
		},
		"what a ceiling keeps back goes to the others": {
			10,
			[]Claim{{"a", 1, 0, 2}, {"b", 1, 0, -1}, {"c", 1, 0, -1}},
			[]int{2, 4, 4},
		},
		// Seven units are left for a and b; the prices 1/16, 3/16, 5/16, 7/16, 9/16 and 11/16 of a and
		// 1/2 of b come first.
		"what a floor takes comes from the others in proportion": {
			10,
			[]Claim{{"a", 8, 0, -1}, {"b", 1, 0, -1}, {"c", 1, 3, -1}},
			[]int{6, 1, 3},
		},
		"a zero weight gets its floor and no more": {
			10,
			[]Claim{{"a", 0, 2, -1}, {"b", 1, 0, -1}},
			[]int{2, 8},
		},
		"weights of extreme sizes are told apart": {
			1_000_000,
			[]Claim{{"a", 1e-100, 0, -1}, {"b", 1e100, 0, 999_999}},
			[]int{1, 999_999},
		},
		"nothing among nobody is nothing": {0, nil, []int{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, _, err := Divide(tt.total, tt.claims)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, quotas(got)); diff != "" {
				t.Errorf("Divide(%d) (-want +got):\n%s", tt.total, diff)
			}
		})
	}
}

func TestDivideNamesTheBoundThatDecides(t *testing.T) {
	claims := []Claim{{"a", 6, 0, 2}, {"b", 1, 4, -1}, {"c", 3, 0, 9}}
	got, rho, err := Divide(9, claims) // c gets 3: rho between 2.5/3 and 3.5/3, its middle is 1
	if err != nil {
		t.Fatal(err)
	}
	want := []Share{{"a", 2, "ceiling"}, {"b", 4, "floor"}, {"c", 3, ""}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("shares (-want +got):\n%s", diff)
	}
	if math.Abs(rho-1) > 1e-15 {
		t.Errorf("multiplier %v, want 1", rho)
	}
}

func TestDivideRefuses(t *testing.T) {
	tests := map[string]struct {
		total  int
		claims []Claim
		want   error
	}{
		"a total below the floors":   {3, []Claim{{"a", 1, 4, -1}}, ErrInfeasible},
		"a total above the ceilings": {5, []Claim{{"a", 1, 0, 4}}, ErrInfeasible},
		"a negative total":           {-1, []Claim{{"a", 1, 0, 4}}, ErrInfeasible},
		"zero weights beyond floors": {5, []Claim{{"a", 0, 1, -1}}, ErrInfeasible},
		"a total for nobody":         {1, nil, ErrInfeasible},
		"a total beyond counting":    {1<<40 + 1, []Claim{{"a", 1, 0, -1}}, ErrMalformed},
		"a weight that is no number": {5, []Claim{{"a", math.NaN(), 0, -1}}, ErrMalformed},
		"an infinite weight":         {5, []Claim{{"a", math.Inf(1), 0, -1}}, ErrMalformed},
		"a negative weight":          {5, []Claim{{"a", -1, 0, -1}}, ErrMalformed},
		"a negative floor":           {5, []Claim{{"a", 1, -2, -1}}, ErrMalformed},
		"a ceiling below its floor":  {5, []Claim{{"a", 1, 5, 4}}, ErrMalformed},
		"a ceiling below -1":         {5, []Claim{{"a", 1, 0, -2}}, ErrMalformed},
		"an ID that stands twice":    {5, []Claim{{"a", 1, 0, -1}, {"a", 1, 0, -1}}, ErrMalformed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, _, err := Divide(tt.total, tt.claims); !errors.Is(err, tt.want) {
				t.Errorf("Divide(%d) = %v, want %v", tt.total, err, tt.want)
			}
		})
	}
}

func TestRangeErrorGivesTheSums(t *testing.T) {
	_, _, err := Divide(20, []Claim{{"a", 1, 2, 5}, {"b", 0, 1, 9}})
	var got *RangeError
	if !errors.As(err, &got) {
		t.Fatalf("error %v", err)
	}
	if want := (RangeError{Total: 20, Low: 3, High: 6}); *got != want {
		t.Errorf("got %+v, want %+v", *got, want)
	}
}

func TestDivideKnownAnswers(t *testing.T) {
	var file struct {
		Cases []struct {
			Method   string
			Votes    []float64
			Seats    int
			Expected []int
			Source   string
		}
	}
	readCase(t, "vector.json", &file)
	n := 0
	for _, c := range file.Cases {
		if c.Method != "webster" {
			continue
		}
		n++
		got, _, err := Divide(c.Seats, votes(c.Votes))
		if err != nil {
			t.Fatalf("%s: %v", c.Source, err)
		}
		if diff := cmp.Diff(c.Expected, quotas(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.Source, diff)
		}
	}
	if n == 0 {
		t.Error("no case of Webster's method in the file")
	}
}

func TestDivideHasNoAlabamaParadox(t *testing.T) {
	var file struct {
		Votes                []float64
		Webster10, Webster11 []int
	}
	readCase(t, "apportion_paradox.json", &file)
	for total, want := range map[int][]int{10: file.Webster10, 11: file.Webster11} {
		got, _, err := Divide(total, votes(file.Votes))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, quotas(got)); diff != "" {
			t.Errorf("Divide(%d) (-want +got):\n%s", total, diff)
		}
	}
}

// Every promise of Divide's comment on one random division.
func TestDivideKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claims, low, high := drawClaims(t)
		total := rapid.IntRange(low, high).Draw(t, "total")
		got, rho, err := Divide(total, claims)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for k, s := range got {
			c := claims[k]
			sum += s.Quota
			if s.Quota < c.Floor || c.Ceiling >= 0 && s.Quota > c.Ceiling {
				t.Errorf("%q has %d, outside %d to %d", s.ID, s.Quota, c.Floor, c.Ceiling)
			}
			if !rounds(c, rho, s.Quota) {
				t.Errorf("%q has %d, not %g times %g rounded", s.ID, s.Quota, c.Weight, rho)
			}
		}
		if sum != total {
			t.Errorf("quotas sum to %d, not %d", sum, total)
		}
		checkOrder(t, claims, got)
	})
}

// rounds reports whether clamp(round(weight*rho)) is the quota, where a half goes either way.
func rounds(c Claim, rho float64, quota int) bool {
	share, slack := c.Weight*rho, 1e-12*(1+c.Weight*rho)
	least, most := int(math.Floor(share+0.5-slack)), int(math.Floor(share+0.5+slack))
	if c.Ceiling >= 0 {
		least, most = min(least, c.Ceiling), min(most, c.Ceiling)
	}
	return max(least, c.Floor) <= quota && quota <= max(most, c.Floor)
}

// checkOrder holds a division against the definition, in exact fractions: no unit that was granted
// comes after one that was not.
func checkOrder(t *rapid.T, claims []Claim, shares []Share) {
	price := func(k, unit int) *big.Rat {
		weight := new(big.Rat).SetFloat64(claims[k].Weight)
		return weight.Quo(big.NewRat(int64(2*unit-1), 2), weight)
	}
	for i, a := range claims {
		for j, b := range claims {
			if i == j || a.Weight == 0 || b.Weight == 0 || shares[i].Quota == a.Floor ||
				b.Ceiling >= 0 && shares[j].Quota == b.Ceiling {
				continue
			}
			order := price(i, shares[i].Quota).Cmp(price(j, shares[j].Quota+1))
			if order > 0 || order == 0 && a.ID > b.ID {
				t.Errorf("%q keeps unit %d before unit %d of %q",
					a.ID, shares[i].Quota, shares[j].Quota+1, b.ID)
			}
		}
	}
}

func TestDivideIsBlindToOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claims, low, high := drawClaims(t)
		total := rapid.IntRange(low, high).Draw(t, "total")
		shuffled := rapid.Permutation(claims).Draw(t, "shuffled")
		first, rho, err := Divide(total, claims)
		second, again, other := Divide(total, shuffled)
		if err != nil || other != nil || rho != again {
			t.Fatal(rho, again, err, other)
		}
		byID := func(a, b Share) int { return strings.Compare(a.ID, b.ID) }
		slices.SortFunc(first, byID)
		slices.SortFunc(second, byID)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("order matters (-given +shuffled):\n%s", diff)
		}
	})
}

// Invariant Q4.
func TestDivideLargerTotalShrinksNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claims, low, high := drawClaims(t)
		total := rapid.IntRange(low, high).Draw(t, "total")
		larger := rapid.IntRange(total, high).Draw(t, "larger")
		first, _, err := Divide(total, claims)
		second, _, other := Divide(larger, claims)
		if err != nil || other != nil {
			t.Fatal(err, other)
		}
		for k := range claims {
			if second[k].Quota < first[k].Quota {
				t.Errorf("%q falls from %d of %d to %d of %d", claims[k].ID,
					first[k].Quota, total, second[k].Quota, larger)
			}
		}
	})
}

// Invariant Q5.
func TestDivideLargerWeightNeverGetsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claims, low, high := drawClaims(t)
		if len(claims) == 0 {
			return
		}
		total := rapid.IntRange(low, high).Draw(t, "total")
		k := rapid.IntRange(0, len(claims)-1).Draw(t, "claim")
		heavier := slices.Clone(claims)
		heavier[k].Weight *= rapid.Float64Range(1, 10).Draw(t, "factor")
		first, _, err := Divide(total, claims)
		second, _, other := Divide(total, heavier)
		if err != nil || other != nil {
			t.Fatal(err, other)
		}
		if second[k].Quota < first[k].Quota {
			t.Errorf("%q falls from %d to %d with a larger weight",
				claims[k].ID, first[k].Quota, second[k].Quota)
		}
	})
}

// drawClaims draws claims with ties, bounds and zero weights, and the sums of what they must and
// can take, the latter at most a thousand more.
func drawClaims(t *rapid.T) (claims []Claim, low, high int) {
	n := rapid.IntRange(0, 8).Draw(t, "claims")
	weight := rapid.OneOf(rapid.SampledFrom([]float64{0, 0.1, 0.3, 1, 1, 2, 3, 7}),
		rapid.Float64Range(1e-3, 1e3))
	for _, id := range ids("claim", n) {
		c := Claim{ID: id, Weight: weight.Draw(t, "weight"), Ceiling: -1}
		if rapid.Bool().Draw(t, "floored") {
			c.Floor = rapid.IntRange(0, 20).Draw(t, "floor")
		}
		if rapid.Bool().Draw(t, "capped") {
			c.Ceiling = c.Floor + rapid.IntRange(0, 100).Draw(t, "room")
		}
		claims = append(claims, c)
		low += c.Floor
		switch {
		case c.Weight == 0:
			high += c.Floor
		case c.Ceiling >= 0:
			high += c.Ceiling
		default:
			high += c.Floor + 1000
		}
	}
	return claims, low, high
}

// votes are unbounded claims in ID order.
func votes(weights []float64) []Claim {
	claims := make([]Claim, len(weights))
	for k, id := range ids("party", len(weights)) {
		claims[k] = Claim{ID: id, Weight: weights[k], Ceiling: -1}
	}
	return claims
}

// quotas reads the quotas off.
func quotas(shares []Share) []int {
	list := make([]int, len(shares))
	for k, s := range shares {
		list[k] = s.Quota
	}
	return list
}
