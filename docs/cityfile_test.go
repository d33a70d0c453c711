package docs_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/city"
)

// row is one row of a table of keys.
type row struct{ key, unit, need, meaning string }

// keyRows reads the tables whose first column is a key.
func keyRows(page string) []row {
	var list []row
	in := false
	for _, line := range strings.Split(page, "\n") {
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.Trim(cells[i], " `")
		}
		switch {
		case !strings.HasPrefix(line, "|"):
			in = false
		case cells[0] == "key":
			in = true
		case in && len(cells) == 4 && !strings.HasPrefix(cells[0], "---"):
			list = append(list, row{cells[0], cells[1], cells[2], cells[3]})
		}
	}
	return list
}

// keysOf returns the path of every key under a type: [] stands for an item of a list and * for a
// free key. Texts and ranges are leaves; their own keys have a table of their own.
func keysOf(t reflect.Type, path string) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var list []string
	switch t.Kind() {
	case reflect.Slice:
		return keysOf(t.Elem(), path+"[]")
	case reflect.Map:
		return keysOf(t.Elem(), path+".*")
	case reflect.Struct:
		for i := range t.NumField() {
			tag := t.Field(i).Tag.Get("yaml")
			if tag == "" {
				continue // not of the file
			}
			key := strings.TrimPrefix(path+"."+tag, ".")
			list = append(list, key)
			switch t.Field(i).Type {
			case reflect.TypeFor[engine.Name](), reflect.TypeFor[city.Range]():
			default:
				list = append(list, keysOf(t.Field(i).Type, key)...)
			}
		}
	default:
	}
	return list
}

func readPage(t *testing.T, name string) string {
	t.Helper()
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

func TestTheTablesHaveEveryKeyOfACityFile(t *testing.T) {
	want := keysOf(reflect.TypeFor[city.File](), "")
	want = append(want, keysOf(reflect.TypeFor[engine.Name](), "TEXT")...)
	want = append(want, keysOf(reflect.TypeFor[city.Range](), "RANGE")...)
	var got []string
	for _, r := range keyRows(readPage(t, "cityfile.md")) {
		got = append(got, r.key)
		if r.need == "" || r.meaning == "" {
			t.Errorf("the row of %s doesn't say whether it is required, or what it means", r.key)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys of city.File and of the tables (-code +page):\n%s", diff)
	}
}

// wholeFiles returns the yaml blocks of a page that are whole city files.
func wholeFiles(page string) []string {
	var list []string
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)\n```").FindAllStringSubmatch(page, -1) {
		if strings.HasPrefix(m[1], "schema:") {
			list = append(list, m[1]+"\n")
		}
	}
	return list
}

func TestTheCityFilesOfThePageParse(t *testing.T) {
	files := wholeFiles(readPage(t, "cityfile.md"))
	if len(files) == 0 {
		t.Fatal("the page has no whole city file")
	}
	for _, text := range files {
		if _, err := city.Parse("cityfile.md", []byte(text)); err != nil {
			t.Error(err)
		}
	}
}

// drop removes a key from a decoded file, in the first item of each list that has it, and reports
// whether it was there.
func drop(node any, path []string) bool {
	head, inner, last := path[0], path[1:], len(path) == 1
	switch n := node.(type) {
	case map[string]any:
		for key, value := range n {
			if key != head && head != "*" {
				continue
			}
			if last {
				delete(n, key)
				return true
			}
			if drop(value, inner) {
				return true
			}
		}
	case []any:
		if head == "[]" {
			return slices.ContainsFunc(n, func(item any) bool { return drop(item, inner) })
		}
	}
	return false
}

// steps parts the path of a key: a.b[].c is a, b, [], c.
func steps(key string) []string {
	return strings.Split(strings.ReplaceAll(key, "[]", ".[]"), ".")
}

// What the tables call required must be missed, and what has a default must not be.
func TestTheTablesSayWhatIsRequired(t *testing.T) {
	page := readPage(t, "cityfile.md")
	example := wholeFiles(page)[0]
	idle := map[string]string{ // keys that are refused without the first
		"rubric.indicators[].source":    "rubric.indicators[].tolerance_m",
		"policy.operators.entrant_pool": "policy.operators.pool_unused",
	}
	tried := 0
	for _, r := range keyRows(page) {
		required, optional := r.need == "required", strings.HasPrefix(r.need, "default")
		if !required && !optional {
			continue
		}
		var file map[string]any
		if err := yaml.Unmarshal([]byte(example), &file); err != nil {
			t.Fatal(err)
		}
		if !drop(file, steps(r.key)) {
			continue
		}
		if other := idle[r.key]; other != "" {
			drop(file, steps(other))
		}
		tried++
		text, err := yaml.Marshal(file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = city.Parse("example", text)
		switch {
		case required && err == nil:
			t.Errorf("%s is called required, but the example parses without it", r.key)
		case optional && err != nil:
			t.Errorf("%s is said to have a default, but without it: %v", r.key, err)
		}
	}
	if tried < 60 {
		t.Errorf("only %d keys of the tables were tried; the example lost some", tried)
	}
}
