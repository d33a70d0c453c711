package lang

import (
	"slices"
	"strings"
	"testing"
)

// What a developer can get wrong in a file is said with the file, the id and the cure.
func TestReadNamesTheFault(t *testing.T) {
	tests := map[string]struct {
		file, data string
		want       []string // parts of the error
	}{
		"a language is missing": {
			"word.yaml", `word.a: {en: "a"}`,
			[]string{"word.yaml", "word.a", "needs a text in en and in zh"},
		},
		"an id in another theme's file": {
			"word.yaml", `limit.a: {en: "a", zh: "甲"}`, []string{"limit.a", "belongs in limit.yaml"},
		},
		"an id that is no id": {
			"word.yaml", `word.A b: {en: "a", zh: "甲"}`, []string{"word.A b", "lower-case"},
		},
		"an id without a theme": {
			"word.yaml", `word: {en: "a", zh: "甲"}`, []string{"the theme first"},
		},
		"a brace left open": {
			"word.yaml", `word.a: {en: "a {b", zh: "甲"}`,
			[]string{"word.a", "en:", "the { at byte 2 is never closed"},
		},
		"a brace that closes nothing": {
			"word.yaml", `word.a: {en: "a", zh: "甲 b}"}`,
			[]string{"word.a", "zh:", "the } at byte 5 closes nothing"},
		},
		"a verb nobody knows": {
			"word.yaml", `word.a: {en: "{b:%d}", zh: "甲"}`,
			[]string{"{b:%d} at byte 0 is no placeholder", "{name:n0}"},
		},
		"an id that stands twice": {
			"word.yaml", "word.a: {en: \"a\", zh: \"甲\"}\nword.a: {en: \"b\", zh: \"乙\"}\n",
			[]string{"word.yaml", "[2:1]", "word.a"},
		},
		"a key that is none": {
			"word.yaml", `word.a: {en: "a", zh: "甲", fr: "a"}`, []string{"word.yaml", "fr"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := read(map[string]entry{}, tt.file, []byte(tt.data))
			if err == nil {
				t.Fatal("read found nothing wrong")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("read says %q, which lacks %q", err, want)
				}
			}
		})
	}
}

func TestReadKeepsWhatIsRight(t *testing.T) {
	entries := map[string]entry{}
	data := "word.a: {en: \"a\", zh: \"甲\"}\nword.b: {en: \"b\"}\n"
	if err := read(entries, "word.yaml", []byte(data)); err == nil {
		t.Error("word.b lacks its Chinese text, and read says nothing")
	}
	if _, ok := entries["word.a"]; !ok || len(entries) != 1 {
		t.Errorf("read keeps %d entries, want word.a alone", len(entries))
	}
}

// The test of the catalogue finds what it says it finds.
func TestFaults(t *testing.T) {
	tests := map[string]struct {
		data string
		want string // part of the one fault, "" for none
	}{
		"nothing is wrong":              {`{en: "{n} a", zh: "甲{n}"}`, ""},
		"a unit needs no translation":   {`{en: "m²", zh: "m²", han: false}`, ""},
		"a placeholder only in English": {`{en: "{n}", zh: "甲"}`, "zh lacks the placeholder {n}"},
		"a placeholder only in Chinese": {`{en: "a", zh: "甲{n}"}`, "en lacks the placeholder {n}"},
		"an English text as Chinese":    {`{en: "a", zh: "a"}`, "translate it"},
		"a mark that says nothing true": {`{en: "a", zh: "甲", han: false}`, "remove han: false"},
		"a mark that says nothing":      {`{en: "a", zh: "甲", han: true}`, "remove it"},
		"Chinese in the English text":   {`{en: "甲", zh: "甲"}`, "en has a Chinese character"},
		"a space at the end":            {`{en: "a ", zh: "甲"}`, "begins or ends with a space"},
		"half-width punctuation":        {`{en: "a", zh: "甲,乙"}`, "half-width"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			entries := map[string]entry{}
			if err := read(entries, "word.yaml", []byte("word.a: "+tt.data)); err != nil {
				t.Fatal(err)
			}
			got := faults(entries["word.a"])
			if tt.want == "" && len(got) == 0 {
				return
			}
			if len(got) != 1 || tt.want == "" || !strings.Contains(got[0], tt.want) {
				t.Errorf("faults = %q, want one with %q", got, tt.want)
			}
		})
	}
}

func TestIDsAreSorted(t *testing.T) {
	ids := IDs()
	if !slices.IsSorted(ids) || !slices.Contains(ids, "limit.parking") {
		t.Errorf("IDs are not sorted, or lack limit.parking: %q", ids)
	}
}
