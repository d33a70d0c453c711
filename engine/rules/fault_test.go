package rules

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

// basePolicy is a policy without a fault; the tests break one line of it.
const basePolicy = `schema: 1
id: base
name: {en: base}
period: quarter
source: {text: own, confidence: own}
rounding: half_up
params:
  - {id: bonus, required: true, unit: points, text: {en: bonus}}
facts:
  - {id: trips, of: operator}
score: {scale: 100}
grades:
  - {id: A, from: 80}
  - {id: B}
adjust:
  - id: cut
    if: score < 60 and trips < 5
    change: {percent: -20, of: current}
freed: {to: reserve}
`

// baseState is a state that basePolicy can be applied to.
const baseState = `params: {bonus: 2}
operators:
  - {id: a, score: 50, quota: 100, facts: {trips: 3}}
  - {id: b, score: 90, quota: 100}
`

// fault is what is to be said of a text in which old was replaced by new.
type fault struct {
	old, new string
	at       string // line and column
	en, zh   string // parts of the sentences
}

var (
	placeholder = regexp.MustCompile(`\{[a-z_]+(:[a-z._]*)?\}`)
	notEnglish  = func(r rune) bool { return unicode.Is(unicode.Han, r) }
)

// checkFault compares an error with what is to be said.
func checkFault(t *testing.T, err error, want fault) {
	t.Helper()
	if !errors.Is(err, strict.ErrInput) {
		t.Fatalf("error %v, which is no fault of the input", err)
	}
	var own *lang.Error
	if !errors.As(err, &own) {
		t.Fatalf("error %v has no message", err)
	}
	for _, x := range []struct {
		tag  lang.Tag
		part string
	}{{lang.English, want.en}, {lang.Chinese, want.zh}} {
		text := x.tag.Error(err)
		place := "file.yaml:" + want.at + ": "
		if !strings.HasPrefix(text, place) || !strings.Contains(text, x.part) {
			t.Errorf("%s: %q, want %s%s", x.tag, text, place, x.part)
		}
		sentence := strings.TrimPrefix(text, place)
		if sentence == "" || strings.ContainsAny(sentence, "\n\r") || placeholder.MatchString(sentence) ||
			strings.HasPrefix(sentence, own.Message.ID) {
			t.Errorf("%s: %q is no sentence", x.tag, sentence)
		}
		if strings.IndexFunc(sentence, notEnglish) >= 0 != (x.tag == lang.Chinese) {
			t.Errorf("%s: %q is in the other language", x.tag, sentence)
		}
	}
}

// broken returns a text with one part replaced.
func broken(t *testing.T, text string, f fault) []byte {
	t.Helper()
	if strings.Count(text, f.old) != 1 {
		t.Fatalf("%q stands %d times in the text", f.old, strings.Count(text, f.old))
	}
	return []byte(strings.Replace(text, f.old, f.new, 1))
}

func TestFaultsOfPolicies(t *testing.T) {
	const score = "score: {scale: 100}" // before which a test writes a key of its own
	if _, err := ReadPolicy("file.yaml", []byte(basePolicy)); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]fault{
		"unknown key": {
			"rounding: half_up", "rounding: half_up\nzzzzzz: 1", "7:1",
			`no key "zzzzzz" here; the keys are schema, id`, `没有键 "zzzzzz"`,
		},
		"misspelt key": {"freed:", "fred:", "19:1", `did you mean "freed"?`, `是否应为 "freed"`},
		"repeated key": {
			"score: {scale: 100}", "score: {scale: 100}\nid: twice", "12:1",
			`"id" stands twice, first on line 2`, "首次出现在第 2 行",
		},
		"unknown fact": {
			"trips < 5", "tripps < 5", "17:5",
			`character 16: there is no fact "tripps"`, `第 16 个字符：此处没有 "tripps"`,
		},
		"no formula": {
			"score < 60 and", "score < and", "17:5",
			`character 9: "number" is wanted here, not "and"`, "第 9 个字符",
		},
		"no destination": {
			"freed: {to: reserve}\n", "", "16:5",
			"nothing says where it goes; add freed: {to: reserve}", "未说明去向",
		},
		"no such destination": {
			"{to: reserve}", "{to: somewhere}", "19:9",
			`freed.to is "somewhere"; want one of reserve, lost`, `freed.to 为 "somewhere"`,
		},
		"a per cent of what": {
			", of: current}", "}", "18:5",
			`of is ""; want one of current, running, original`, "可选值：current",
		},
		"a period": {
			"period: quarter", "period: fortnight", "4:1",
			`period is "fortnight"; want one of month`, `period 为 "fortnight"`,
		},
		"another schema": {
			"schema: 1", "schema: 2", "1:1",
			"schema is 2; this stint reads 1", "schema 为 2",
		},
		"no id": {"id: base", `id: ""`, "2:1", "id is missing", "缺少 id"},
		"text for a number": {
			"schema: 1", "schema: one", "1:1",
			`takes a whole number in decimal digits, not "one"`, "应为十进制整数",
		},
		"a number in quotes": {
			"schema: 1", `schema: "1"`, "1:1",
			`takes a bare number, not "1"`, "只填数字",
		},
		"a list for a mapping": {
			"score: {scale: 100}", "score: [100]", "11:1",
			"score takes a mapping of keys", "应为键值对",
		},
		"a condition for a number": {
			"scale: 100", "scale: 1 < 2", "11:9",
			"is a condition, and a number is wanted", "是条件，而此处应为数字",
		},
		"a name no formula reads": {
			"id: trips", "id: trips-a-day", "10:6",
			`"trips-a-day", which no formula can read`, "公式无法引用",
		},
		"a name of stint's own": {
			"id: trips", "id: score", "10:6",
			`stint itself has the fact "score"`, "自带的事实名",
		},
		"both lines": {
			"from: 80", "from: 80, above: 80", "13:5",
			"grades[0] has both from and above", "同时有 from 与 above",
		},
		"two of one name": {
			"id: B", "id: A", "14:6",
			`"A" stands twice among grades`, `"A" 重复`,
		},
		"a parameter with neither": {
			"required: true, ", "", "8:5",
			`"bonus" needs either a value or required`, "二者择一",
		},
		"a rule that does nothing": {
			"    change: {percent: -20, of: current}\n", "", "16:5",
			`"cut" neither changes a quota nor does anything`, "既不改变配额",
		},
		"two changes": {
			"percent: -20", "percent: -20, abs: -5", "18:5",
			"needs exactly one of abs, percent, to, divide", "须且只须给出 abs",
		},
		"no YAML":   {"id: base", "id: [base", "3:1", "this is not YAML", "YAML 格式错误"},
		"an anchor": {"id: base", "id: &x base", "2:1", "anchors, aliases, tags", "不支持锚点"},
		"two documents": {
			"freed: {to: reserve}", "freed: {to: reserve}\n---\nid: two", "21:1",
			"a second YAML document begins here", "第二个 YAML 文档",
		},
		"an unknown gap": {
			score, "missing: [{param: nothing, text: {en: gap}}]" + "\n" + score, "11:12",
			`there is no parameter "nothing"`, `没有参数 "nothing"`,
		},
		"a term": {
			score, "term: {from: 2022, years: 3}" + "\n" + score, "11:8",
			"from takes a text", "应为文本",
		},
		"a term's length": {
			score, `term: {from: "2022-07-01", years: 0}` + "\n" + score, "11:1",
			"lasts 0 years", "期限 0 年",
		},
		"a season": {
			score,
			`seasons: [{id: s, from: "12-01", until: "2023-02-01", factor: 1}]` + "\n" + score,
			"11:11",
			`runs from "12-01" until "2023-02-01"`, `起止为 "12-01"`,
		},
		"a clock": {
			"of: operator}", "of: operator, series: {take: max, from: \"25:00\"}}", "10:31",
			`"25:00" is no clock time`, "不是时刻",
		},
		"shares without a rank": {
			score,
			"allocate: {pools: [{id: p, size: 1, method: shares, shares: [1], " +
				"unfilled: lost}]}\n" + score,
			"11:37",
			"the policy ranks nobody", "没有 rank",
		},
		"merit without its rules": {
			score,
			"allocate: {pools: [{id: p, size: 1, method: merit, unfilled: " +
				"lost}]}\n" + score,
			"11:20",
			"goes with method: merit", "须与 method: merit 同用",
		},
		"merit's rules": {
			score,
			"allocate: {pools: [{id: p, size: 1, method: merit, merit: {base: " +
				"equal, merit_exponent: 11}, unfilled: lost}]}\n" + score,
			"11:73",
			"merit_exponent is 11; want a number from 0 to 10", "merit_exponent 为 11",
		},
		"working days without a calendar": {
			score,
			"deadlines: [{id: d, after: published, working_days: 3}]" + "\n" + score,
			"1:1",
			"calendar is missing", "缺少 calendar",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadPolicy("file.yaml", broken(t, basePolicy, f))
			checkFault(t, err, f)
		})
	}
}

func TestFaultsOfStates(t *testing.T) {
	for name, f := range map[string]fault{
		"unknown fact": {
			"{trips: 3}", "{tripps: 3}", "3:44",
			"tripps: the policy declares no such fact", "规则未声明此项",
		},
		"unknown parameter": {
			"{bonus: 2}", "{bonus: 2, bonsu: 3}", "1:20",
			"bonsu: the policy has no such parameter", "没有此参数",
		},
		"missing parameter": {
			"{bonus: 2}", "{}", "1:1",
			"leaves this parameter to the bureau; give it (points)", "请给出（points）",
		},
		"an operator twice": {"id: b", "id: a", "2:1", `"a" stands twice`, `"a" 重复`},
		"no id":             {"id: b, ", "", "2:1", "an operator without an id", "缺少 id"},
		"a score above the scale": {
			"score: 90", "score: 100.5", "4:13",
			"the score 100.5 is not between 0 and 100", "得分 100.5",
		},
		"a negative score": {
			"score: 90", "score: -1", "4:13",
			"the score -1 is not between 0 and 100", "得分 -1",
		},
		"a negative quota": {
			"score: 90, quota: 100", "score: 90, quota: -1", "4:5",
			"operators[b]: -1 is no number of vehicles", "-1 不是有效车辆数",
		},
		"too many vehicles": {
			"score: 90, quota: 100", "score: 90, quota: 1000000001", "4:5",
			"1,000,000,001 is no number of vehicles", "不是有效车辆数",
		},
		"text for a quota": {
			"score: 90, quota: 100", "score: 90, quota: many", "4:24",
			`takes a whole number in decimal digits, not "many"`, "应为十进制整数",
		},
		"text for a score": {
			"score: 90", "score: good", "4:13",
			`score can't be "good"`, `score 不能是 "good"`,
		},
		"text for a fact": {
			"{trips: 3}", "{trips: few}", "3:44",
			"trips: want a number", "trips：应为数字",
		},
		"text for a parameter": {
			"{bonus: 2}", "{bonus: two}", "1:10",
			"bonus: want a number", "bonus：应为数字",
		},
		"half a vehicle": {
			"score: 90, quota: 100", "score: 90, quota: 99.5", "4:24",
			`a whole number in decimal digits, not "99.5"`, "应为十进制整数",
		},
		"an unknown quota": {
			"score: 50, quota: 100", "score: 50", "3:5",
			`the rule "cut" needs "quota", which is unknown`, "其值未知",
		},
		"an unsigned override": {
			"params:", "overrides: [{operator: a, quota: 5}]\nparams:", "1:1",
			"needs a reason and a signer", "须写明理由与签字人",
		},
		"an override of nobody": {
			"params:", "overrides: [{operator: z, quota: 5, reason: r, signer: s}]\nparams:",
			"1:1",
			`there is no operator "z"`, `没有企业 "z"`,
		},
		"more than the total": {
			"params:", "total: 150\nparams:", "1:1",
			"are 50 more than the total 150", "达 50",
		},
		"misspelt key": {
			"quota: 100}", "qouta: 100}", "4:24",
			`did you mean "quota"?`, `是否应为 "quota"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := ReadPolicy("policy.yaml", []byte(basePolicy))
			if err != nil {
				t.Fatal(err)
			}
			s, err := ReadState("file.yaml", broken(t, baseState, f))
			if err == nil {
				_, err = p.Apply(s, everyDay{})
			}
			checkFault(t, err, f)
		})
	}
}
