package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// rendered returns the page of a plan.
func rendered(t testing.TB, p *engine.Plan, tag lang.Tag) string {
	t.Helper()
	view, err := reread(p)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := writePage(&b, view, tag); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// elements walks the page's mark-up and returns how often each element stands in it. Every
// element that is opened must be closed in its turn.
func elements(t *testing.T, page string) map[string]int {
	t.Helper()
	void := []string{"meta", "br", "link", "img", "input", "hr"}
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	var open []string
	count := map[string]int{}
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if len(open) > 0 {
				t.Fatalf("%v are never closed", open)
			}
			return count
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			count[e.Name.Local]++
			if !slices.Contains(void, e.Name.Local) {
				open = append(open, e.Name.Local)
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != e.Name.Local {
				t.Fatalf("</%s> closes %v", e.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
	}
}

func TestPageIsOneWholeFile(t *testing.T) {
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		page := rendered(t, fixture(t, 6), tag)
		count := elements(t, page)
		if count["figure"] < 8 || count["table"] < 8 || count["h1"] != 1 {
			t.Errorf("%s: %v", tag, count)
		}
		for _, name := range []string{"script", "link", "img", "iframe", "object"} {
			if count[name] > 0 {
				t.Errorf("%s: the page holds <%s>", tag, name)
			}
		}
		for _, part := range []string{"http:", "https:", "//", "@import", "src=", "ZgotmplZ", "{share}"} {
			if i := strings.Index(page, part); i >= 0 {
				t.Errorf("%s: the page holds %s: %.90q", tag, part, page[max(0, i-40):])
			}
		}
		for _, m := range regexp.MustCompile(`(?:href="|url\()([^")]*)`).FindAllStringSubmatch(page, -1) {
			if !strings.HasPrefix(m[1], "#") {
				t.Errorf("%s: a reference leaves the page: %s", tag, m[1])
			}
		}
	}
}

func TestPageSpeaksBothLanguages(t *testing.T) {
	words := map[lang.Tag][]string{
		lang.English: {
			`lang="en"`, "Fleet plan of Lakeside", "Made city: no real place", "Not one more",
			"Shared bicycles",
			"Carrying capacity", "Shadow price", "From score to quota", "Old Town", "parked in fences",
			"Check a number yourself", "stint verify", "What was unknown or assumed", "69.8%",
			"to the fence&#39;s centre", "How each figure was reached", strings.Repeat("ab", 32), "GCJ-02",
			"2 km|1 km|500 m", ">N<", "What this plan does not say", "hold no trips",
		},
		lang.Chinese: {
			`lang="zh-CN"`, "湖滨市车辆投放方案", "虚构城市", "不再增加的原因", "共享单车", "承载力", "影子价格",
			"从考核得分到配额", "老城区", "入栏率", "如何核验", "未知与假设", "69.8%", "至停放区中心", "测算方法",
			strings.Repeat("ab", 32), "2 公里|1 公里|500 米", ">北<", "适用范围与局限", "没有骑行记录", "不合格",
			"0.5 得 0 分，0.95 得 100 分",
		},
	}
	for tag, want := range words {
		page := rendered(t, fixture(t, 6), tag)
		for _, any := range want {
			has := func(word string) bool { return strings.Contains(page, word) }
			if !slices.ContainsFunc(strings.Split(any, "|"), has) {
				t.Errorf("the page in %q lacks %q", tag, any)
			}
		}
		for _, id := range lang.IDs() {
			if theme, _, _ := strings.Cut(id, "."); theme == "report" && strings.Contains(page, id) {
				t.Errorf("the page in %q shows the id %s", tag, id)
			}
		}
	}
}

func TestTemplatesUseTextsOfTheCatalogue(t *testing.T) {
	files, err := pages.ReadDir("page")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`\bt "([^"]+)"`)
	used := 0
	for _, f := range files {
		data, err := pages.ReadFile("page/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(data), -1) {
			used++
			if _, ok := slices.BinarySearch(lang.IDs(), m[1]); !ok {
				t.Errorf("%s: %s is not in the catalogue", f.Name(), m[1])
			}
		}
	}
	if used < 100 {
		t.Errorf("only %d texts were found", used)
	}
}

func TestHostileNamesStayText(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>{{.}}`
	name := engine.Name{En: evil, Zh: evil}
	p := fixture(t, 4)
	p.City.ID, p.City.Name, p.City.Notice, p.City.TimeZone, p.Tool = evil, name, name, evil, evil
	p.PolicyID, p.PolicyVersion, p.Rubric.ID = evil, evil, evil
	for id := range p.Labels {
		p.Labels[id] = name
	}
	for i := range p.Sectors {
		s := &p.Sectors[i]
		s.Name, s.Reason, s.Pools[0].Name, s.Relaxed = name, evil, evil, []string{evil}
		for k := range s.Operators {
			o := &s.Operators[k]
			o.Name, o.FloorBy, o.Bound, o.Pool = name, evil, evil, evil
		}
		for c := range s.Cells {
			s.Cells[c].Reason, s.Cells[c].Codes[0] = evil, evil
		}
	}
	for i := range p.Scorecards {
		p.Scorecards[i].Name, p.Scorecards[i].Pass = name, evil
		for j := range p.Scorecards[i].Items {
			p.Scorecards[i].Items[j].How, p.Scorecards[i].Items[j].Why = evil, evil
		}
	}
	for i := range p.Rubric.Indicators {
		d := &p.Rubric.Indicators[i]
		d.Name, d.Unit, d.Rule = name, evil, evil
	}
	p.Layers[0] = engine.Layer{ID: evil, Kind: evil, Datum: evil, FirstTime: evil, LastTime: evil}
	p.Inputs[0] = engine.Input{Role: evil, Path: evil, SHA256: evil}
	p.Compliance[0].Layer, p.Compliance[0].Measure = evil, evil
	p.Notes = append(p.Notes,
		engine.Note{Kind: "warning", ID: evil, File: evil, Args: []any{evil, evil}})
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		page := rendered(t, p, tag)
		count := elements(t, page)
		if count["script"]+count["img"] > 0 || strings.Contains(page, "<script") {
			t.Errorf("%q: a name became mark-up: %v", tag, count)
		}
		if n := strings.Count(page, "&lt;script&gt;"); n < 60 {
			t.Errorf("%q: the name stands only %d times as text", tag, n)
		}
		for _, bar := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if strings.Contains(bar[1], "=") && !strings.Contains(bar[1], "&lt;") {
				t.Errorf("%q: a class reads %q", tag, bar[1])
			}
		}
	}
}

func TestPageOfAPlanWithNothing(t *testing.T) {
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		p := &engine.Plan{Sectors: []engine.SectorPlan{{ID: "bike", Unit: "trips", Max: -1}}}
		elements(t, rendered(t, p, tag))
		elements(t, rendered(t, &engine.Plan{}, tag))
	}
}
