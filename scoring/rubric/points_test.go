package rubric

import "testing"

func TestPoints(t *testing.T) {
	const (
		// The three steps by which Shenzhen 2018 marks turnover: 5, 3 and 1 points.
		shenzhen = `"direction": "higher", "bands": [{"gte": 2, "points": 5},
			{"gte": 1, "points": 3}, {"else": true, "points": 1}]`
		line    = `"direction": "higher", "linear": {"zero": 60, "full": 100}`
		falling = `"direction": "lower", "linear": {"zero": 30, "full": 10}`
		whole   = `"events": {"points": 0.5, "per": 3, "free": 1}`
		begun   = `"events": {"points": 0.5, "per": 3, "free": 1, "begun": true}`
	)
	tests := map[string]struct {
		row, kind, value, want, how string
	}{
		"a value on the line is in its band":   {shenzhen, kindMark, "2", "5", "band:1"},
		"just below it is in the next":         {shenzhen, kindMark, "1.999999", "3", "band:2"},
		"the rest has the last":                {shenzhen, kindMark, "-7", "1", "band:3"},
		"60.0 is the foot of the line":         {line, kindMark, "60.0", "0", "linear"},
		"a third of the way is an exact third": {line, kindMark, "72", "1.5", "linear"},
		"nobody has less than nothing":         {line, kindMark, "12", "0", "linear"},
		"nobody has more than full marks":      {line, kindMark, "120", "5", "linear"},
		"lower is better":                      {falling, kindMark, "15", "3.75", "linear"},
		"free events cost nothing":             {whole, kindMark, "1", "5", "events"},
		"what isn't whole doesn't count":       {whole, kindMark, "3.9", "5", "events"},
		"whole threes count":                   {whole, kindMark, "7", "4", "events"},
		"begun threes count where it says so":  {begun, kindMark, "1.1", "4.5", "events"},
		"a whole three is one begun":           {begun, kindMark, "4", "4.5", "events"},
		"events take no more than full marks":  {whole, kindMark, "1000", "0", "events"},
		"a deduction takes for each":           {whole, kindDeduction, "7", "1", "events"},
		"a deduction has an end":               {whole, kindDeduction, "1000", "5", "events"},
		"a bonus gives for each":               {whole, kindBonus, "4", "0.5", "events"},
		"the points given are the points":      {`"given": true`, kindMark, "3.25", "3.25", "given"},
		"one event costs without more said":    {`"events": {"points": 2}`, kindMark, "1", "3", "events"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := oneTable(t, "5", `{"id": "x", "name": {}, "max": 5, "kind": "`+tt.kind+`", `+tt.row+`}`, "")
			got, how := r.Tables[0].Indicators[0].points(num(t, tt.value))
			if got.Cmp(num(t, tt.want)) != 0 || how != tt.how {
				t.Errorf("points(%s) = %v by %s, want %s by %s", tt.value, got, how, tt.want, tt.how)
			}
		})
	}
}

// By hand, with z² = 3.841459: none of n ends at z²/(n + z²), and half of 100 at
// 0.5 ± z/(1 + z²/100) × √(0.0025 + z²/40,000).
func TestWilson(t *testing.T) {
	tests := map[string]struct {
		p         string
		n         int
		low, high string
	}{
		"half of a hundred": {"0.5", 100, "0.403831", "0.596169"},
		"none of ten":       {"0", 10, "0", "0.277533"},
		"all of ten":        {"1", 10, "0.722467", "1"},
		"one of one":        {"1", 1, "0.206549", "1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			low, high := wilson(num(t, tt.p), tt.n)
			if low.Cmp(num(t, tt.low)) != 0 || high.Cmp(num(t, tt.high)) != 0 {
				t.Errorf("wilson(%s, %d) = %v to %v, want %s to %s", tt.p, tt.n, low, high, tt.low, tt.high)
			}
		})
	}
}

func TestInterval(t *testing.T) {
	tests := map[string]struct {
		samples   string // of the rubric
		unit      string
		value     string
		n         string
		low, high string // points of 10, one for each tenth of the way from 0 to 100, or to 1
	}{
		"nobody said how many":                     {"0", "%", "50", "", "5", "5"},
		"a share of few has an interval":           {"0", "%", "50", "100", "4.03831", "5.96169"},
		"enough are taken at their word":           {"100", "%", "50", "100", "5", "5"},
		"one too few isn't":                        {"101", "%", "50", "100", "4.03831", "5.96169"},
		"a count is taken at its word":             {"0", "minutes", "50", "4", "5", "5"},
		"unless the rubric wants more: 50 ± 49":    {"30", "minutes", "50", "4", "0.10009", "9.89991"},
		"no observation says nothing of a share":   {"0", "%", "50", "0", "0", "10"},
		"no observation where some are needed":     {"30", "minutes", "50", "0", "0", "10"},
		"more than all is no share, and no sample": {"0", "%", "150", "4", "10", "10"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := oneTable(t, "10", `{"id": "x", "name": {}, "max": 10, "unit": "`+tt.unit+`",
				"direction": "higher", "linear": {"zero": 0, "full": 100}, "missing": "worst"}`,
				`"samples": `+tt.samples)
			samples := ""
			if tt.n != "" {
				samples = `, "samples": {"x": ` + tt.n + `}`
			}
			card := evaluate(t, r, `[{"operator": "o", "values": {"x": `+tt.value+`}`+samples+`}]`)[0]
			if card.Low.String() != tt.low || card.High.String() != tt.high {
				t.Errorf("interval %v to %v, want %s to %s", card.Low, card.High, tt.low, tt.high)
			}
		})
	}
}
