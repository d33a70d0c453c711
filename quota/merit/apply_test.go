package merit

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// op is a licensed incumbent who asks for nothing in particular.
func op(id string, score float64, previous int) Operator {
	return Operator{
		ID: id, Score: score, Previous: previous, Request: -1, Use: math.NaN(), Licensed: true,
	}
}

// asking is an operator with a request.
func asking(o Operator, request int) Operator {
	o.Request = request
	return o
}

// unlicensed is an operator without its licence.
func unlicensed(o Operator) Operator {
	o.Licensed = false
	return o
}

// unknown is the score of an operator that nobody could score.
func unknown() float64 { return math.NaN() }

// figures are the whole numbers of a Total and what set them.
type figures struct {
	Quota, Floor, Ceiling     int
	FloorBy, CeilingBy, Bound string
}

func TestApply(t *testing.T) {
	tests := map[string]struct {
		rules Rules
		total int
		ops   []Operator
		want  []figures
	}{
		"shares follow scores": {
			Rules{Base: BaseEqual, Exponent: 1},
			100,
			[]Operator{op("a", 80, -1), op("b", 60, -1), op("c", 60, -1)},
			[]figures{
				{40, 0, 100, "", "total", ""},
				{30, 0, 100, "", "total", ""},
				{30, 0, 100, "", "total", ""},
			},
		},
		"an exponent of 2 doubles the stakes": {
			Rules{Base: BaseEqual, Exponent: 2},
			100,
			[]Operator{op("a", 100, -1), op("b", 50, -1)},
			[]figures{{80, 0, 100, "", "total", ""}, {20, 0, 100, "", "total", ""}},
		},
		"an exponent of 0 leaves the base alone": {
			Rules{Base: BasePrevious},
			100,
			[]Operator{op("a", 1, 30), op("b", 99, 20)},
			[]figures{{60, 0, 100, "", "total", ""}, {40, 0, 100, "", "total", ""}},
		},
		// 600*0.9 = 540 to 400*0.6 = 240: 692.3 to 307.7, but b falls by 10 % at most.
		"the step holds up who falls": {
			Rules{Base: BasePrevious, Exponent: 1, Step: 0.1},
			1000,
			[]Operator{op("a", 90, 600), op("b", 60, 400)},
			[]figures{{640, 540, 660, "step", "step", ""}, {360, 360, 440, "step", "step", "floor"}},
		},
		"the step holds back who rises": {
			Rules{Base: BasePrevious, Exponent: 1, Step: 0.1},
			1000,
			[]Operator{op("a", 100, 500), op("b", 50, 500)},
			[]figures{{550, 450, 550, "step", "step", "ceiling"}, {450, 450, 550, "step", "step", "floor"}},
		},
		// Of 7 vehicles 6.3 to 7.7 are allowed: 7.
		"a step of less than one vehicle is none": {
			Rules{Base: BaseEqual, Step: 0.1},
			20,
			[]Operator{op("a", 90, 7), op("b", 90, -1)},
			[]figures{{7, 7, 7, "step", "step", "ceiling"}, {13, 0, 20, "", "total", ""}},
		},
		"nobody holds more than the largest share": {
			Rules{Base: BasePrevious, MaxShare: 0.5},
			100,
			[]Operator{op("a", 90, 80), op("b", 90, 10), op("c", 90, 10)},
			[]figures{
				{50, 0, 50, "", "max_share", "ceiling"},
				{25, 0, 50, "", "max_share", ""},
				{25, 0, 50, "", "max_share", ""},
			},
		},
		// In float64 0.29*100 is 28.999...
		"shares are decimals": {
			Rules{Base: BasePrevious, MinShare: 0.07, MaxShare: 0.29},
			100,
			[]Operator{op("a", 90, 1), op("b", 90, 40), op("c", 90, 40), op("d", 90, 19)},
			[]figures{
				{13, 7, 29, "min_share", "max_share", ""},
				{29, 7, 29, "min_share", "max_share", "ceiling"},
				{29, 7, 29, "min_share", "max_share", "ceiling"},
				{29, 7, 29, "min_share", "max_share", "ceiling"},
			},
		},
		"nobody holds less than the smallest share": {
			Rules{Base: BasePrevious, MinShare: 0.1},
			95,
			[]Operator{op("a", 90, 98), op("b", 90, 2)},
			[]figures{
				{85, 10, 95, "min_share", "total", ""}, {10, 10, 95, "min_share", "total", "floor"},
			},
		},
		"what one doesn't ask for goes to the others": {
			Rules{Base: BaseEqual},
			90,
			[]Operator{asking(op("a", 90, -1), 20), op("b", 90, -1), op("c", 90, -1)},
			[]figures{
				{20, 0, 20, "", "request", "ceiling"},
				{35, 0, 90, "", "total", ""},
				{35, 0, 90, "", "total", ""},
			},
		},
		"a floor never lifts an operator above its request": {
			Rules{Base: BasePrevious, Step: 0.2},
			140,
			[]Operator{asking(op("a", 90, 100), 50), op("b", 90, 100)},
			[]figures{{50, 50, 50, "request", "request", "ceiling"}, {90, 80, 120, "step", "step", ""}},
		},
		"without a licence there is no quota": {
			Rules{Base: BaseEqual, MinShare: 0.2, Step: 0.1},
			100,
			[]Operator{op("a", 90, 100), unlicensed(op("b", 90, 50))},
			[]figures{{100, 90, 100, "step", "total", ""}, {0, 0, 0, "", "licence", "ceiling"}},
		},
		// Merits 0.8 and 0.4; their mean 0.6 stands in.
		"an unknown score weighs as the mean": {
			Rules{Base: BaseEqual, Exponent: 1},
			90,
			[]Operator{op("a", 80, -1), op("b", 40, -1), op("c", unknown(), -1)},
			[]figures{
				{40, 0, 90, "", "total", ""},
				{20, 0, 90, "", "total", ""},
				{30, 0, 90, "", "total", ""},
			},
		},
		"or as nothing, if the rules say so": {
			Rules{Base: BaseEqual, Exponent: 1, UnknownScore: ScoreZero},
			90,
			[]Operator{op("a", 80, -1), op("b", 40, -1), op("c", unknown(), -1)},
			[]figures{
				{60, 0, 90, "", "total", ""},
				{30, 0, 90, "", "total", ""},
				{0, 0, 90, "", "total", ""},
			},
		},
		"where nobody is scored bases decide": {
			Rules{Base: BasePrevious, Exponent: 1},
			90,
			[]Operator{op("a", unknown(), 20), op("b", unknown(), 10)},
			[]figures{{60, 0, 90, "", "total", ""}, {30, 0, 90, "", "total", ""}},
		},
		"no vehicles are no vehicles for anybody": {
			Rules{Base: BaseEqual},
			0,
			[]Operator{op("a", 80, -1)},
			[]figures{{0, 0, 0, "", "total", ""}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := Apply(tt.rules, tt.total, tt.ops)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, read(d)); diff != "" {
				t.Errorf("totals (-want +got):\n%s", diff)
			}
			if d.Granted != tt.total || d.Unallocated != 0 || d.Relaxed != nil {
				t.Errorf("granted %d, unallocated %d, relaxed %v", d.Granted, d.Unallocated, d.Relaxed)
			}
		})
	}
}

// read takes the figures of a decision.
func read(d Decision) []figures {
	list := make([]figures, len(d.Totals))
	for k, t := range d.Totals {
		list[k] = figures{t.Quota, t.Floor, t.Ceiling, t.FloorBy, t.CeilingBy, t.Bound}
	}
	return list
}

func TestApplyExplainsEachTotal(t *testing.T) {
	used := op("b", 50, 300)
	used.Use = 12.5
	first := op("a", 80, 100)
	first.Use = 10
	d, err := Apply(Rules{Base: BaseUse, Exponent: 2}, 95, []Operator{first, used})
	if err != nil {
		t.Fatal(err)
	}
	// 10*0.64 = 6.4 and 12.5*0.25 = 3.125: 63.8 to 31.2 of 95.
	want := []Total{
		{
			ID: "a", Quota: 64, Base: 10, Merit: 0.64, Weight: 6.4, Ceiling: 95, CeilingBy: "total",
			Pool: "incumbent",
		},
		{
			ID: "b", Quota: 31, Base: 12.5, Merit: 0.25, Weight: 3.125, Ceiling: 95, CeilingBy: "total",
			Pool: "incumbent",
		},
	}
	if diff := cmp.Diff(want, d.Totals); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
	if len(d.Pools) != 1 || d.Pools[0].Name != PoolIncumbent || d.Pools[0].Total != 95 {
		t.Errorf("pools %+v", d.Pools)
	}
	for _, total := range d.Totals {
		if got := int(math.Round(total.Weight * d.Pools[0].Multiplier)); got != total.Quota {
			t.Errorf("%s: %g times %g rounds to %d, not %d",
				total.ID, total.Weight, d.Pools[0].Multiplier, got, total.Quota)
		}
	}
}

func TestApplyNotes(t *testing.T) {
	rules := Rules{
		Base: BasePrevious, Exponent: 1, Step: 0.1, EntrantPool: 0.1, PoolUnused: PoolToUnallocated,
		Relax: []string{"step"},
	}
	ops := []Operator{
		op("b", unknown(), 10), asking(op("a", 50, 10), 5), asking(op("c", 80, -1), 1),
	}
	d, err := Apply(rules, 50, ops)
	if err != nil {
		t.Fatal(err)
	}
	want := []Note{ // in the order of IDs; the mean of 0.5 and 0.8 stands in
		{NoteScoreNeutral, []any{"operator", "b", "merit", 0.65}},
		{NoteFloorLowered, []any{"operator", "a", "floor", 9, "request", 5}},
		{NotePoolUnused, []any{"vehicles", 4}},
		{NoteShrunk, []any{"total", 50, "granted", 17}}, // 5, and 11 by the step, and 1
	}
	if diff := cmp.Diff(want, d.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	d, err = Apply(rules, 10, ops)
	if err != nil {
		t.Fatal(err)
	}
	last := d.Notes[len(d.Notes)-1]
	if diff := cmp.Diff(Note{NoteRelaxed, []any{"rule", "step"}}, last); diff != "" {
		t.Errorf("last note (-want +got):\n%s", diff)
	}
}
