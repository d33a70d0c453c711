package lang

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// cell stands for a type of another room with a text of its own.
type cell uint64

func (cell) String() string { return "8931aa42d4bffff" }

// broken is an argument whose own text fails.
type broken struct{}

func (*broken) String() string { panic("no text") }
func (*broken) Error() string  { panic("no text") }

// render renders a template that needs no catalogue.
func render(t *testing.T, tag Tag, text string, args ...any) string {
	t.Helper()
	parsed, err := parseTemplate(text)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range parsed.parts {
		b.WriteString(tag.part(p, args))
	}
	return b.String()
}

func TestText(t *testing.T) {
	limit := 80
	tests := map[string]struct {
		text string
		v    any
		want string
	}{
		"an integer has separators":        {"{v}", 137400, "137,400"},
		"four digits have one too":         {"{v}", int32(1234), "1,234"},
		"three digits have none":           {"{v}", uint8(123), "123"},
		"a negative number keeps its sign": {"{v}", -5000, "-5,000"},
		"an integer beyond 2^53 is exact": {
			"{v:d}", uint64(1<<53 + 1), "9007199254740993",
		},
		"a line number has no separators":                 {"{v:d}", 14071, "14071"},
		"a line number read from JSON has none either":    {"{v:d}", 14071.0, "14071"},
		"a float is as short as it is exact":              {"{v}", 1234.5, "1,234.5"},
		"decimals are rounded":                            {"{v:n1}", 164920.26, "164,920.3"},
		"a whole number has no point":                     {"{v:n0}", 164920.26, "164,920"},
		"an integer takes decimals":                       {"{v:f2}", 12, "12.00"},
		"fixed decimals have no separators":               {"{v:f2}", 1234.567, "1234.57"},
		"a share is per cent":                             {"{v:pct1}", 0.698, "69.8%"},
		"a whole share is a hundred per cent":             {"{v:pct0}", 1, "100%"},
		"a small negative is no minus zero":               {"{v:n0}", -0.3, "0"},
		"NaN is unknown":                                  {"{v:pct1}", math.NaN(), "unknown"},
		"nothing is unknown":                              {"{v}", nil, "unknown"},
		"a pointer to nothing is unknown":                 {"{v:n0}", (*float64)(nil), "unknown"},
		"a pointer is what it points to":                  {"{v}", &limit, "80"},
		"without bound is infinite":                       {"{v:n0}", math.Inf(1), "∞"},
		"a code with a text reads as the text":            {"{v:limit.}", "parking", "parking area"},
		"a prefix may have more words":                    {"{v:score.missing.}", "x", "x"},
		"a code without a text stays":                     {"{v:limit.}", "moon", "moon"},
		"a type's own text is its text":                   {"{v}", cell(1), "8931aa42d4bffff"},
		"a verb for numbers asks for the number":          {"{v:d}", cell(1), "1"},
		"a list is joined":                                {"{v}", []int{1, 2000}, "1, 2,000"},
		"text from a file is quoted":                      {"{v:q}", "a\x1b[2J", `"a\x1b[2J"`},
		"Chinese text stays legible in quotes":            {"{v:q}", "思明", `"思明"`},
		"a message is rendered":                           {"{v}", M("limit.total"), "city total"},
		"an answer is a word":                             {"{v}", true, "yes"},
		"one row":                                         {"{v} {v|row|rows}", 1, "1 row"},
		"one row read from JSON":                          {"{v} {v|row|rows}", 1.0, "1 row"},
		"no rows":                                         {"{v} {v|row|rows}", 0, "0 rows"},
		"doubled braces are braces":                       {`{{"v": {v}}}`, 3, `{"v": 3}`},
		"what is no number ignores a verb for numbers":    {"{v:n2}", "many", "many"},
		"a placeholder without argument stays as written": {"{w:n2}", 3, "{w:n2}"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := render(t, English, tt.text, "v", tt.v); got != tt.want {
				t.Errorf("%s of %v = %q, want %q", tt.text, tt.v, got, tt.want)
			}
		})
	}
}

func TestTextInChinese(t *testing.T) {
	tests := map[string]struct {
		v    any
		want string
	}{
		"a list is joined the Chinese way":      {[]string{"甲", "乙"}, "甲、乙"},
		"a message inside speaks Chinese":       {M("limit.total"), "全市总量"},
		"an error inside speaks Chinese":        {E(nil, "limit.total"), "全市总量"},
		"the unknown is unknown":                {math.NaN(), "未知"},
		"a number keeps the Western separators": {1234, "1,234"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := render(t, Chinese, "{v}", "v", tt.v); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTextOfAnUnknownIDShowsWhatItHas(t *testing.T) {
	tests := map[string]struct {
		m    Message
		want string
	}{
		"the id alone":               {M("moon.full"), "moon.full"},
		"the id and its arguments":   {M("moon.full", "day", 1234, "x", 1), "moon.full (day=1,234, x=1)"},
		"an argument without a pair": {M("moon.full", "day"), "moon.full (day)"},
		"the zero message":           {Message{}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := English.Text(tt.m); got != tt.want {
				t.Errorf("Text(%v) = %q, want %q", tt.m, got, tt.want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	tests := map[string]struct {
		m    Message
		want string // part of the error, "" for none
	}{
		"a complete message is right":    {M("input.missing-file", "file", "a.csv"), ""},
		"the cause may be absent":        {M("input.unreadable-file", "file", "a.csv"), ""},
		"an unknown id names the file":   {M("input.moon"), "add it to engine/lang/input.yaml"},
		"a missing argument is named":    {M("input.missing-file"), "{file} has no argument"},
		"a useless argument is named":    {M("limit.total", "n", 1), `uses the argument "n"`},
		"a name without value is a slip": {M("limit.total", "n"), "not pairs"},
		"a name is a string":             {M("limit.total", 1, 2), "not a name"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := tt.m.Check()
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("Check(%v) = %v, want nil", tt.m, err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("Check(%v) = %v, want an error with %q", tt.m, err, tt.want)
			}
		})
	}
}

// An argument of any type leaves Text standing, in every text of the catalogue and none.
func TestTextNeverPanics(t *testing.T) {
	ids := append(IDs(), "", "moon.full")
	values := []any{
		nil, 1, -1, uint64(1), 1.5, math.NaN(), math.Inf(-1), "x", "", []byte("x"), true, 'x', 1i,
		cell(1), (*cell)(nil), (*broken)(nil), &broken{}, E(&broken{}, "word.none"), (*Error)(nil),
		error(nil), errors.New("x"),
		[]any{1, nil, "x"},
		[0]int{},
		map[string]int{"b": 1, "a": 2},
		struct{ X any }{1},
		func() {}, make(chan int), M("word.none"), M("moon", 1),
	}
	rapid.Check(t, func(t *rapid.T) {
		m := Message{ID: rapid.SampledFrom(ids).Draw(t, "id")}
		for range rapid.IntRange(0, 3).Draw(t, "pairs") {
			m.Args = append(m.Args, rapid.SampledFrom(
				[]any{"file", "cause", "rows", "got", "quota", "", 7, nil}).Draw(t, "name"))
			m.Args = append(m.Args, rapid.SampledFrom(values).Draw(t, "value"))
		}
		if rapid.Bool().Draw(t, "odd") {
			m.Args = append(m.Args, rapid.SampledFrom(values).Draw(t, "last"))
		}
		tag := Tag(rapid.SampledFrom([]string{"en", "zh", "", "fr"}).Draw(t, "tag"))
		if got := tag.Text(m); m.ID != "" && got == "" {
			t.Fatalf("%q says nothing of %v", tag, m)
		}
	})
}

func FuzzTemplate(f *testing.F) {
	for _, id := range IDs() {
		e, _ := entryOf(id)
		f.Add(e.source.En)
		f.Add(e.source.Zh)
	}
	f.Add("{{a}} {b|c|d} {e:limit.}")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := parseTemplate(text)
		if err != nil {
			return
		}
		var b strings.Builder
		for _, p := range parsed.parts {
			if p.name == "" {
				b.WriteString(strings.NewReplacer("{", "{{", "}", "}}").Replace(p.literal))
				continue
			}
			b.WriteString(p.literal)
		}
		if b.String() != text {
			t.Errorf("the parts of %q spell %q", text, b.String())
		}
	})
}

func BenchmarkText(b *testing.B) {
	m := M("input.missing-file", "file", "xiamen/fences.csv")
	Chinese.Text(m)
	for b.Loop() {
		Chinese.Text(m)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := load(); err != nil {
			b.Fatal(err)
		}
	}
}
