package report

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

func TestTableSaysWhatMatters(t *testing.T) {
	p := fixture(t, 5)
	words := map[lang.Tag][]string{
		lang.English: {
			"Fleet plan of Lakeside", "Made city", "Shared bicycles", "capacity", "not more",
			"the next vehicle would add too little", "0.21 trips per vehicle and day", "Heron", "82.8",
			"unknown", "1 warning, 1 assumption", "new",
		},
		lang.Chinese: {
			"湖滨市车辆投放方案", "虚构城市", "共享单车", "承载力", "不再增加", "再增加一辆效益不足",
			"每车每日 0.21 次", "白鹭", "82.8", "未知", "警告 1 条，假设 1 条", "新入驻",
		},
	}
	for tag, want := range words {
		var b bytes.Buffer
		if err := Table(&b, p, tag); err != nil {
			t.Fatal(err)
		}
		for _, word := range want {
			if !strings.Contains(b.String(), word) {
				t.Errorf("%s lacks %q:\n%s", tag, word, b.String())
			}
		}
	}
}

func TestColumnsStandInLine(t *testing.T) {
	width := runewidth.Condition{}
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		p := fixture(t, 5)
		s := sectorTable(&p.Sectors[0], tag)
		var b strings.Builder
		s.write(&b, "")
		lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
		rule := width.StringWidth(lines[1])
		for i, line := range lines {
			full := len(s.lines[i]) == 0 || s.lines[i][len(s.lines[i])-1] != ""
			if got := width.StringWidth(line); full && got != rule {
				t.Errorf("%s: line %d is %d columns wide, the rule %d:\n%s", tag, i+1, got, rule, b.String())
			}
		}
	}
}

func TestChange(t *testing.T) {
	tests := map[string]struct {
		previous, quota int
		want            string
	}{
		"more":                          {4000, 5250, "+1,250"},
		"less":                          {5250, 4000, "−1,250"},
		"the same":                      {100, 100, "0"},
		"from nothing":                  {0, 10, "+10"},
		"no previous quota: a newcomer": {-1, 300, "new"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := change(lang.English, tt.previous, tt.quota); got != tt.want {
				t.Errorf("change(%d, %d) = %s, want %s", tt.previous, tt.quota, got, tt.want)
			}
		})
	}
}

func ExampleTable() {
	score := 82.5
	p := &engine.Plan{
		ID:   "3f2a91c0de12aa55",
		City: engine.City{ID: "lakeside", Name: engine.Name{En: "Lakeside"}},
		Sectors: []engine.SectorPlan{{
			ID: "bike", Name: engine.Name{En: "Bicycles"}, Unit: "trips", Total: 1500, Reason: "capacity",
			Capacity: engine.CapacityRange{Low: 1300, Mid: 1500, High: 1700},
			Operators: []engine.OperatorPlan{
				{ID: "heron", Name: engine.Name{En: "Heron"}, Score: &score, Previous: 900, Quota: 1000},
				{ID: "ibis", Name: engine.Name{En: "Ibis"}, Previous: -1, Quota: 500},
			},
		}},
	}
	_ = Table(os.Stdout, p, lang.English)
	// Output:
	// Fleet plan of Lakeside · 3f2a91c0de12
	//
	// Bicycles: total 1,500 vehicles in 0 cells
	//   capacity      1,500 (1,300–1,700)
	//   not more      the ground carries no more
	//   shadow price  unknown
	//
	//   operator    score  previous quota  quota  change  share
	//   --------  -------  --------------  -----  ------  -----
	//   Heron        82.5             900  1,000    +100  66.7%
	//   Ibis      unknown            none    500     new  33.3%
	//   --------  -------  --------------  -----  ------  -----
	//   all                           900  1,500
	//
	// 0 warnings, 0 assumptions
}
