package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine/lang"
)

// inputs returns the inputs of the first line of a rule as numbers; absent rules give nil.
func inputs(t *testing.T, a Account, rule string) map[string]float64 {
	t.Helper()
	for _, l := range a.Lines {
		if l.Message.ID != "explain."+rule {
			continue
		}
		data, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		var line struct{ Inputs map[string]any }
		if err := json.Unmarshal(data, &line); err != nil {
			t.Fatal(err)
		}
		numbers := map[string]float64{}
		for name, v := range line.Inputs {
			if x, ok := v.(float64); ok {
				numbers[name] = x
			}
		}
		return numbers
	}
	return nil
}

// recomputed does the reckoning of an account again from the numbers it prints, as a citizen
// would: the share, the tolerance, the upper bound.
func recomputed(t *testing.T, a Account) int {
	t.Helper()
	if inputs(t, a, "nothing") != nil {
		return 0
	}
	share := inputs(t, a, "share")
	y := share["claim"] * share["rho"] * share["delta"]
	if math.Abs(y-share["share"]) > 1e-9*y {
		t.Errorf("%v × %v × %v is %v, the account says %v",
			share["claim"], share["rho"], share["delta"], y, share["share"])
	}
	n := half(y)
	if band := inputs(t, a, "band"); band != nil {
		low := half(y * math.Exp(-band["tolerance"]))
		high := half(y * math.Exp(band["tolerance"]))
		n = max(low, min(int(band["previous"]), high))
	}
	return min(n, int(inputs(t, a, "upper")["upper"]))
}

func TestExplanationComesToTheQuotaForEveryEntry(t *testing.T) {
	p := fixture(t, 6)
	entries := 0
	for _, s := range p.Sectors {
		for _, c := range s.Cells {
			for k, o := range s.Operators {
				a, err := Explanation(p, s.ID, c.Cell.String(), o.ID)
				if err != nil {
					t.Fatal(err)
				}
				if got := recomputed(t, a); got != c.Quotas[k] || a.Quota != c.Quotas[k] {
					t.Errorf("%s %s %s: %d, recomputed %d, want %d", s.ID, c.Cell, o.ID, a.Quota, got, c.Quotas[k])
				}
				entries++
			}
		}
	}
	if entries < 500 {
		t.Errorf("only %d entries were tried", entries)
	}
}

func TestExplanationComesToTheCapacityAndTheOperatorsQuota(t *testing.T) {
	p := fixture(t, 6)
	for _, s := range p.Sectors {
		for _, c := range s.Cells {
			a, err := Explanation(p, s.ID, c.Cell.String(), "ibis")
			if err != nil {
				t.Fatal(err)
			}
			least := math.MaxInt
			for _, rule := range []string{"parking", "space", "turnover", "density", "bound"} {
				in := inputs(t, a, rule)
				if in == nil {
					continue
				}
				exact := in["n"]
				switch rule {
				case "parking", "space":
					exact = in["area"] * in["open"] * in["share"] * in["usable"] / in["footprint"]
				case "turnover":
					exact = in["trips"] / (in["turnover"] * in["available"])
				case "density":
					exact = in["density"] * in["area"] * in["open"] / 1e6
				}
				if got := int(exact + 1e-9); got != int(in["n"]) {
					t.Errorf("%s %s %s: %v is %d vehicles, the account says %v",
						s.ID, c.Cell, rule, exact, got, in["n"])
				}
				least = min(least, int(in["n"]))
			}
			if capacity := inputs(t, a, "capacity"); capacity != nil && int(capacity["n"]) != least {
				t.Errorf("%s %s: capacity %v, the least of its lines is %d", s.ID, c.Cell, capacity["n"], least)
			}
			weight, divisor := inputs(t, a, "weight"), inputs(t, a, "divisor")
			got := half(weight["base"] * weight["merit"] * divisor["multiplier"])
			if got != int(divisor["rounded"]) {
				t.Errorf("%s: base × merit × multiplier rounds to %d, the account says %v",
					s.ID, got, divisor["rounded"])
			}
		}
	}
}

func TestExplainSpeaksBothLanguages(t *testing.T) {
	p := fixture(t, 6)
	cell := p.Sectors[0].Cells[7].Cell.String()
	words := map[lang.Tag][]string{
		lang.English: {
			"heron may keep", "Old Town|Harbour|Campus|Hills", "m² ×",
			"merit: (82.8 ÷ 100)", "rounded",
			"tolerance 0.1", "parked in fences", "not one more", "operator's multiplier 1.08",
		},
		lang.Chinese: {
			"承载力", "老城区|港区|大学城|山前区", "平方米 ×", "评分权重：（82.8 ÷ 100）", "四舍五入", "容差 0.1",
			"入栏率", "不再增加", "企业乘数 1.08",
		},
	}
	for tag, want := range words {
		var b bytes.Buffer
		if err := Explain(&b, p, tag, "bike", cell, "heron"); err != nil {
			t.Fatal(err)
		}
		for _, any := range want {
			found := false
			for _, word := range strings.Split(any, "|") {
				found = found || strings.Contains(b.String(), word)
			}
			if !found {
				t.Errorf("%s lacks %q:\n%s", tag, any, b.String())
			}
		}
	}
}

func TestExplanationSaysWhereThePlanContradictsItself(t *testing.T) {
	p := fixture(t, 4)
	c := &p.Sectors[0].Cells[9]
	c.Quotas[0] += 2
	a, err := Explanation(p, "bike", c.Cell.String(), "heron")
	if err != nil {
		t.Fatal(err)
	}
	in := inputs(t, a, "differs")
	if in == nil || int(in["quota"]) != c.Quotas[0] || int(in["n"]) != c.Quotas[0]-2 {
		t.Errorf("a quota made larger by 2 is explained as %v", a.Lines[len(a.Lines)-1].Message)
	}
}

// TestLinesAreMessages holds every line of many accounts to the catalogue.
func TestLinesAreMessages(t *testing.T) {
	p := fixture(t, 6)
	p.Sectors[0].Operators[1].Bound, p.Sectors[0].Operators[1].Licensed = "floor", false
	p.Sectors[0].Cells[3].Floor, p.Sectors[0].Cells[3].Codes[2] = 2, "tie"
	p.Sectors[0].Settings.Service.Model = "newsvendor"
	p.Scorecards = p.Scorecards[1:]
	for _, s := range p.Sectors {
		for _, c := range s.Cells {
			for _, o := range s.Operators {
				a, err := Explanation(p, s.ID, c.Cell.String(), o.ID)
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range a.Lines {
					if err := l.Message.Check(); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

func TestExplanationOfWhatIsNotInThePlan(t *testing.T) {
	p := fixture(t, 4)
	cells := p.Sectors[0].Cells
	cell := cells[0].Cell.String()
	typo := cell[:9] + "x" + cell[10:]
	tests := map[string]struct {
		sector, cell, operator string
		want                   string
	}{
		"a sector":                {"bikes", cell, "heron", `no sector "bikes"; it has bike, ebike`},
		"no sector where two are": {"", cell, "heron", "it has bike, ebike"},
		"an operator":             {"bike", cell, "herron", `"herron"; the nearest names are heron, `},
		"a cell elsewhere":        {"bike", "8928308280fffff", "heron", "nearest of its cells are 89"},
		"a typing error":          {"bike", typo, "heron", "similar names are " + cell},
		"no cell at all":          {"bike", "here", "heron", `"here" is no H3 cell`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			err := Explain(&b, p, lang.English, tt.sector, tt.cell, tt.operator)
			if !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Explain = %v, want ErrUnknown and %q", err, tt.want)
			}
			if b.Len() > 0 {
				t.Errorf("it wrote all the same: %s", b.String())
			}
		})
	}
}

func TestOneSectorNeedsNoName(t *testing.T) {
	p := fixture(t, 2)
	p.Sectors = p.Sectors[:1]
	a, err := Explanation(p, "", p.Sectors[0].Cells[0].Cell.String(), "heron")
	if err != nil || a.Sector != "bike" {
		t.Errorf("Explanation = sector %q, %v; want bike", a.Sector, err)
	}
}

func TestDistance(t *testing.T) {
	tests := map[string]struct {
		a, b string
		want int
	}{
		"the same":                  {"heron", "heron", 0},
		"one letter more":           {"heron", "herron", 1},
		"one letter for another":    {"ibis", "iris", 1},
		"nothing against something": {"", "swift", 5},
		"the textbook's":            {"kitten", "sitting", 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := lang.Edits(tt.a, tt.b); got != tt.want {
				t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
			}
		})
	}
}
