package rubric

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// draw makes rubrics and sheets of small numbers, so that lines are hit and scores are equal.
type draw struct {
	t       *rapid.T
	missing []string // rules to draw from
}

func (d draw) among(words ...string) string { return rapid.SampledFrom(words).Draw(d.t, "word") }

func (d draw) count(low, high int) int { return rapid.IntRange(low, high).Draw(d.t, "n") }

// row draws an indicator; direct says which way its points go with its values.
func (d draw) row(id, kind string) Indicator {
	row := Indicator{
		ID: id, Kind: kind, Max: Whole(d.count(1, 12)), Missing: d.among(d.missing...),
		Unit: d.among("", "%", "minutes"), Category: d.among("", "c"),
	}
	switch d.among("bands", "linear", "events", "given") {
	case "bands":
		row.Direction = d.among(higher, lower)
		part := func(n int) Number { return row.Max.times(Whole(n)).over(Whole(3)) }
		high, middle, low := part(3), part(d.count(1, 2)), part(d.count(0, 1))
		if !row.better() {
			high, low = low, high
		}
		top, bottom := Whole(d.count(5, 9)), Whole(d.count(0, 4))
		row.Bands = []Band{
			{GTE: &top, Points: high},
			{LT: &bottom, Points: low},
			{Else: true, Points: middle},
		}
	case "linear":
		row.Direction = d.among(higher, lower)
		row.Linear = &Linear{Zero: Whole(d.count(0, 4)), Full: Whole(d.count(5, 9))}
		if !row.better() {
			row.Linear.Zero, row.Linear.Full = row.Linear.Full, row.Linear.Zero
		}
	case "events":
		row.Events = &Events{
			Points: Whole(d.count(1, 3)), Per: Whole(d.count(0, 3)),
			Free: Whole(d.count(0, 2)), Begun: rapid.Bool().Draw(d.t, "begun"),
		}
	default:
		row.Given = true
	}
	return row
}

func (d draw) rubric() *Rubric {
	r := &Rubric{
		Schema: 1, ID: "drawn", Period: "month", Source: Source{Confidence: "own"},
		Samples: d.count(0, 1) * 20, Rounding: d.among("", halfEven),
		Grades: []Grade{{ID: "a", From: pointer(20)}, {ID: "b", Above: pointer(10)}, {ID: "c"}},
		Pass:   pointer(10),
	}
	if rapid.Bool().Draw(d.t, "assessors") {
		r.Assessors = []Assessor{{ID: "a", Weight: Whole(7)}, {ID: "b", Weight: Whole(3)}}
		r.Absent = d.among(absentUnknown, absentReweigh)
	}
	if rapid.Bool().Draw(d.t, "periods") {
		r.RollUp = &RollUp{
			Of: 2, Take: d.among(takeMean, takeMin, takeMax, takeSum, takeLast),
			Absent: d.among(absentUnknown, absentReweigh),
		}
	}
	table := Table{Categories: []Category{{ID: "c"}}}
	for i := range d.count(1, 6) {
		kind := kindMark
		if i > 0 {
			kind = d.among(kindMark, "", kindBonus, kindDeduction)
		}
		row := d.row(fmt.Sprintf("x%d", i), kind)
		if i > 0 && len(r.Assessors) > 0 && rapid.Bool().Draw(d.t, "alone") {
			row.Assessors = []string{"a"}
		}
		table.Indicators = append(table.Indicators, row)
	}
	table.Scale = table.full(func(*Indicator) bool { return true })
	if rapid.Bool().Draw(d.t, "caps") {
		table.Bonus, table.Deduct = pointer(d.count(0, 9)), pointer(d.count(0, 9))
	}
	r.Tables = []Table{table}
	if faults := r.Check(); len(faults) > 0 {
		d.t.Fatalf("drew a rubric with faults: %v", faults)
	}
	return r
}

func pointer(n int) *Number {
	x := Whole(n)
	return &x
}

// sheets draws at least one sheet for each of a few operators.
func (d draw) sheets(r *Rubric, samples bool) []Sheet {
	periods, assessors := []string{"1"}, []string{""}
	if r.RollUp != nil {
		periods = append(periods, "2")
	}
	if len(r.Assessors) > 0 {
		assessors = []string{"a", "b"}
	}
	var sheets []Sheet
	for k := range d.count(1, 4) {
		for _, period := range periods {
			for _, assessor := range assessors {
				first := period == "1" && assessor == assessors[0]
				if !first && d.count(0, 3) == 0 {
					continue
				}
				s := Sheet{Operator: fmt.Sprint("o", k), Period: period, Assessor: assessor}
				d.fill(r, &s, samples)
				sheets = append(sheets, s)
			}
		}
	}
	return sheets
}

// fill gives most rows of a sheet a value.
func (d draw) fill(r *Rubric, s *Sheet, samples bool) {
	s.Values, s.Samples = make(map[string]*Number), make(map[string]int)
	for j := range r.Tables[0].Indicators {
		row := &r.Tables[0].Indicators[j]
		if !row.markedBy(s.Assessor) || d.count(0, 4) == 0 {
			continue
		}
		x := d.value(row)
		s.Values[row.ID] = &x
		if samples && rapid.Bool().Draw(d.t, "sampled") {
			s.Samples[row.ID] = d.count(0, 40)
		}
	}
}

func (d draw) value(row *Indicator) Number {
	x := Number{}.plus(Whole(d.count(0, 24)).over(Whole(2)))
	if row.Given {
		return lesser(x, row.Max)
	}
	return x
}

// improve returns a value at least as good as x.
func (d draw) improve(row *Indicator, x Number) Number {
	up := row.Direction == higher
	if row.Direction == "" { // more points given are better, unless they are taken off
		up = row.kind() == kindBonus || (row.Given && row.kind() != kindDeduction)
	}
	step := Whole(d.count(0, 12)).over(Whole(2))
	switch {
	case !up:
		return larger(x.minus(step), Number{})
	case row.Given:
		return lesser(x.plus(step), row.Max)
	}
	return x.plus(step)
}

func (d draw) evaluate(r *Rubric, sheets []Sheet) []Card {
	cards, err := Evaluate(r, sheets)
	if err != nil {
		d.t.Fatal(err)
	}
	return cards
}

func anyRule() []string {
	return []string{missingUnknown, missingWorst, missingMean, missingExclude}
}

// The items of a part sum to its score, the parts to their period's, without a rest.
func TestItemsSumToTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw{t, anyRule()}
		r := d.rubric()
		for _, c := range d.evaluate(r, d.sheets(r, true)) {
			for _, period := range c.Periods {
				var sum, weights Number
				for _, p := range period.Parts {
					weights = weights.plus(p.Weight)
					if p.Score == nil {
						continue
					}
					if got := retotal(&r.Tables[0], p); got.Cmp(*p.Score) != 0 {
						t.Fatalf("items of %s sum to %v, not to %v", c.Operator, got, p.Score)
					}
					sum = sum.plus(p.Score.times(p.Weight))
				}
				if weights.Cmp(Whole(1)) != 0 {
					t.Fatalf("weights of %s sum to %v", c.Operator, weights)
				}
				if period.Score != nil && sum.Cmp(*period.Score) != 0 {
					t.Fatalf("parts of %s sum to %v, not to %v", c.Operator, sum, period.Score)
				}
			}
		}
	})
}

// retotal adds a part up from what the public sees of it, and checks what was added and taken off.
func retotal(table *Table, p Part) Number {
	sums := make(map[string]Number)
	for _, item := range p.Items {
		if item.Points != nil {
			sums[item.Kind] = sums[item.Kind].plus(*item.Points)
		}
	}
	if c := table.Bonus; c != nil {
		sums[kindBonus] = lesser(sums[kindBonus], *c)
	}
	if c := table.Deduct; c != nil {
		sums[kindDeduction] = lesser(sums[kindDeduction], *c)
	}
	if sums[kindBonus].Cmp(p.Bonus) != 0 || sums[kindDeduction].Cmp(p.Deducted) != 0 {
		return Whole(-1)
	}
	return larger(sums[kindMark].minus(p.Deducted).plus(p.Bonus), Number{})
}

// Every score lies in its interval, and the interval between nothing and the best there is.
func TestLowExactHigh(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw{t, anyRule()}
		r := d.rubric()
		best := r.best(&r.Tables[0])
		within := func(what string, score *Number, low, high, most Number) {
			if low.Sign() < 0 || low.Cmp(high) > 0 || high.Cmp(most) > 0 ||
				(score != nil && (score.Cmp(low) < 0 || score.Cmp(high) > 0)) {
				t.Fatalf("%s: 0 ≤ %v ≤ %s ≤ %v ≤ %v doesn't hold", what, low, text(score), high, most)
			}
		}
		for _, c := range d.evaluate(r, d.sheets(r, true)) {
			most := best
			if r.RollUp != nil && r.RollUp.Take == takeSum {
				most = best.times(Whole(r.RollUp.Of))
			}
			within("card", c.Exact, c.Low, c.High, most)
			for _, period := range c.Periods {
				within("period", period.Score, period.Low, period.High, best)
				for _, p := range period.Parts {
					within("part", p.Score, p.Low, p.High, r.Tables[0].best(p.Assessor))
				}
			}
		}
	})
}

// Whatever the unknown values turn out to be, the score lies in the interval that was published.
func TestTheIntervalHoldsWhatTurnsOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw{t, []string{missingUnknown}}
		r := d.rubric()
		if r.RollUp != nil {
			r.RollUp.Absent = absentUnknown
		}
		sheets := d.sheets(r, false)
		before := d.evaluate(r, sheets)
		for k := range sheets {
			for j := range r.Tables[0].Indicators {
				row := &r.Tables[0].Indicators[j]
				if row.markedBy(sheets[k].Assessor) && sheets[k].Values[row.ID] == nil {
					x := d.value(row)
					sheets[k].Values[row.ID] = &x
				}
			}
		}
		for i, after := range d.evaluate(r, sheets) {
			low, high := before[i].Low, before[i].High
			if after.Low.Cmp(low) < 0 || after.High.Cmp(high) > 0 {
				t.Fatalf("%v to %v became %v to %v", low, high, after.Low, after.High)
			}
		}
	})
}

// A better value never has a lower score.
func TestBetterNeverScoresLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw{t, anyRule()}
		r := d.rubric()
		sheets := d.sheets(r, false)
		before := d.evaluate(r, sheets)
		s := sheets[d.count(0, len(sheets)-1)]
		row := &r.Tables[0].Indicators[d.count(0, len(r.Tables[0].Indicators)-1)]
		if s.Values[row.ID] == nil {
			return
		}
		x := *s.Values[row.ID]
		y := d.improve(row, x)
		s.Values[row.ID] = &y
		for i, after := range d.evaluate(r, sheets) {
			if after.Operator != s.Operator {
				continue
			}
			worse := after.Low.Cmp(before[i].Low) < 0 || after.High.Cmp(before[i].High) < 0
			if worse || (after.Exact != nil && after.Exact.Cmp(*before[i].Exact) < 0) {
				t.Fatalf("%s: %v became %v and the score %s became %s", row.ID, x, y,
					text(before[i].Exact), text(after.Exact))
			}
		}
	})
}

// The same sheets make the same bytes, in whatever order they come.
func TestSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw{t, anyRule()}
		r := d.rubric()
		sheets := d.sheets(r, true)
		want := bytesOf(t, d.evaluate(r, sheets))
		if got := bytesOf(t, d.evaluate(r, sheets)); got != want {
			t.Fatalf("twice the same made\n%s\n%s", want, got)
		}
		shuffled := slices.Clone(sheets)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		random.Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		if got := bytesOf(t, d.evaluate(r, shuffled)); got != want {
			t.Fatalf("another order made\n%s\n%s", want, got)
		}
	})
}

func bytesOf(t *rapid.T, cards []Card) string {
	data, err := json.Marshal(cards)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Wilson's interval has the share in it, moves up with it, and narrows with more observations.
func TestWilsonProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw{t: t}
		n := d.count(1, 10000)
		i := d.count(0, 1000)
		p := Whole(i).over(Whole(1000))
		low, high := wilson(p, n)
		if low.Sign() < 0 || low.Cmp(p) > 0 || high.Cmp(p) < 0 || high.Cmp(Whole(1)) > 0 {
			t.Fatalf("wilson(%v, %d) = %v to %v", p, n, low, high)
		}
		better := p.plus(Whole(1000 - i).over(Whole(1000 * d.count(1, 50))))
		if l, h := wilson(better, n); l.Cmp(low) < 0 || h.Cmp(high) < 0 {
			t.Fatalf("wilson(%v, %d) = %v to %v is below that of %v", better, n, l, h, p)
		}
		if l, h := wilson(p, 2*n); h.minus(l).Cmp(high.minus(low)) > 0 {
			t.Fatalf("wilson(%v, %d) is wider than of %d", p, 2*n, n)
		}
	})
}
