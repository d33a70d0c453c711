package lang

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var fix = flag.Bool("fix", false, "rewrite the half-width punctuation of the Chinese texts")

// TestCatalogue judges every entry of the catalogue. Its failures name the file, the id and what
// to write instead.
func TestCatalogue(t *testing.T) {
	entries, err := load()
	if err != nil {
		t.Error(err)
	}
	for _, id := range IDs() {
		for _, fault := range faults(entries[id]) {
			t.Errorf("%s: %s: %s", fileOf(id), id, fault)
		}
	}
}

// faults returns what is wrong with an entry that can be rendered.
func faults(e entry) []string {
	var list []string
	for _, name := range e.en.names() {
		if !slices.Contains(e.zh.names(), name) {
			list = append(list, "zh lacks the placeholder {"+name+"} of en: use it in both or in none")
		}
	}
	for _, name := range e.zh.names() {
		if !slices.Contains(e.en.names(), name) {
			list = append(list, "en lacks the placeholder {"+name+"} of zh: use it in both or in none")
		}
	}
	han := strings.ContainsFunc(e.source.Zh, isHan)
	marked := e.source.Han != nil
	switch {
	case marked && *e.source.Han:
		list = append(list, "han: true is what every entry is: remove it")
	case marked && han:
		list = append(list, "zh has Chinese characters: remove han: false")
	case !marked && !han:
		list = append(list, "zh has no Chinese character: translate it, "+
			"or write han: false if it needs none")
	}
	if strings.ContainsFunc(e.source.En, isHan) {
		list = append(list, "en has a Chinese character")
	}
	if strings.TrimSpace(e.source.En) != e.source.En && !marked {
		list = append(list, "en begins or ends with a space")
	}
	if widen(e.source.Zh) != e.source.Zh {
		list = append(list, "zh has half-width punctuation beside Chinese characters: "+
			"go test ./engine/lang -run TestFix -fix rewrites it to\n\t"+widen(e.source.Zh))
	}
	return list
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// A half-width mark is one that follows a Chinese character, or stands between a placeholder and
// a Chinese character. "{file}:{line}" is neither.
var (
	afterHan  = regexp.MustCompile(`(\p{Han})([,;:?!]) ?`)
	beforeHan = regexp.MustCompile(`(\})([,;:?!]) ?(\p{Han})`)
	fullWidth = strings.NewReplacer(
		",", "\uff0c", ";", "\uff1b", ":", "\uff1a", "?", "\uff1f", "!", "\uff01")
)

// widen returns the Chinese text with full-width punctuation.
func widen(zh string) string {
	mark := func(found *regexp.Regexp) func(string) string {
		return func(s string) string {
			m := found.FindStringSubmatch(s)
			return m[1] + fullWidth.Replace(m[2]) + strings.Join(m[3:], "")
		}
	}
	zh = afterHan.ReplaceAllStringFunc(zh, mark(afterHan))
	return beforeHan.ReplaceAllStringFunc(zh, mark(beforeHan))
}

func TestWiden(t *testing.T) {
	tests := map[string]struct{ zh, want string }{
		"a comma after a character is widened, with its space": {
			"多, 少", "多\uff0c少",
		},
		"a colon between a placeholder and a character is widened": {
			"{file}:找不到", "{file}\uff1a找不到",
		},
		"a position stays as programs write it": {"{file}:{line}:{column}", "{file}:{line}:{column}"},
		"a number's separator stays":            {"1,234", "1,234"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := widen(tt.zh); got != tt.want {
				t.Errorf("widen(%q) = %q, want %q", tt.zh, got, tt.want)
			}
		})
	}
}

// TestFix rewrites the files when it is asked to, and changes nothing otherwise.
func TestFix(t *testing.T) {
	if !*fix {
		t.Skip("run with -fix to rewrite the punctuation of the Chinese texts")
	}
	names, err := filepath.Glob("*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fixed := fixLines(string(data))
		if err := os.WriteFile(name, []byte(fixed), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// quoted is a Chinese text in quotation marks; bare is a line of a block, without a key.
var (
	quoted = regexp.MustCompile(`zh: "(?:[^"\\]|\\.)*"`)
	bare   = regexp.MustCompile(`(?m)^ +[^#\n]*$`)
	keyed  = regexp.MustCompile(`(?:^|[ {])(?:en|zh|han):`)
)

// fixLines widens the Chinese texts of a file and leaves everything else as it is.
func fixLines(file string) string {
	file = quoted.ReplaceAllStringFunc(file, func(s string) string {
		return `zh: "` + widen(strings.TrimPrefix(s, `zh: "`))
	})
	return bare.ReplaceAllStringFunc(file, func(line string) string {
		if keyed.MatchString(line) {
			return line
		}
		return widen(line)
	})
}

func TestFixLines(t *testing.T) {
	tests := map[string]struct{ file, want string }{
		"a quoted text":           {`a.b: {en: "a, b", zh: "甲,乙"}`, `a.b: {en: "a, b", zh: "甲，乙"}`},
		"a line of a block":       {"  zh: |-\n    甲, 乙\n", "  zh: |-\n    甲\uff0c乙\n"},
		"a comment is left alone": {"# 甲, 乙\n", "# 甲, 乙\n"},
		"so is a flow of YAML":    {"  zh: 甲, han: true}\n", "  zh: 甲, han: true}\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := fixLines(tt.file); got != tt.want {
				t.Errorf("fixLines(%q) = %q, want %q", tt.file, got, tt.want)
			}
		})
	}
}
