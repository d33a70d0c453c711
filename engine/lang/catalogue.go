package lang

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed *.yaml
var files embed.FS

// idForm is how an id is spelled: a theme, then words.
var idForm = regexp.MustCompile(`^[a-z][a-z0-9]*([._-][a-z0-9]+)+$`)

// entry is one id of the catalogue, ready to be rendered.
type entry struct {
	en, zh template
	source written
}

// written is an entry as it stands in a file.
type written struct {
	En  string `yaml:"en"`
	Zh  string `yaml:"zh"`
	Han *bool  `yaml:"han"` // false: the Chinese text needs no Chinese character
}

// template returns the text of a language.
func (e entry) template(t Tag) template {
	if t == Chinese {
		return e.zh
	}
	return e.en
}

// catalogue reads the embedded files once, on first use.
//
//nolint:gochecknoglobals // a cache of constant bytes: written once, by sync, and never again
var catalogue = sync.OnceValues(load)

// entryOf returns the entry of an id, and whether there is one.
func entryOf(id string) (entry, bool) {
	entries, _ := catalogue() // what is wrong with the files is for the tests: Text says what it can
	e, ok := entries[id]
	return e, ok
}

// IDs returns every id of the catalogue in byte order.
func IDs() []string {
	entries, _ := catalogue()
	ids := make([]string, 0, len(entries))
	for id := range entries {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// load reads every file of the catalogue. It returns the entries that are right and, joined, an
// error for each that isn't.
func load() (map[string]entry, error) {
	entries := map[string]entry{}
	names, err := files.ReadDir(".")
	if err != nil {
		return entries, fmt.Errorf("list the catalogue: %w", err)
	}
	var faults []error
	for _, f := range names {
		data, err := files.ReadFile(f.Name())
		if err != nil {
			faults = append(faults, fmt.Errorf("read %s: %w", f.Name(), err))
			continue
		}
		faults = append(faults, read(entries, f.Name(), data))
	}
	return entries, errors.Join(faults...)
}

// read adds the entries of one file to entries, and returns its faults in the order of the ids.
func read(entries map[string]entry, file string, data []byte) error {
	var all map[string]written
	if err := yaml.UnmarshalWithOptions(data, &all, yaml.Strict()); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	ids := make([]string, 0, len(all))
	for id := range all {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var faults []error
	for _, id := range ids {
		e, err := parseEntry(file, id, all[id])
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %s: %w", file, id, err))
			continue
		}
		entries[id] = e
	}
	return errors.Join(faults...)
}

// parseEntry checks what an entry must be to be rendered: a well-formed id in the file of its
// theme, both languages, templates that parse.
func parseEntry(file, id string, w written) (entry, error) {
	if !idForm.MatchString(id) {
		return entry{}, errors.New("an id is lower-case words joined by . - or _, the theme first")
	}
	if want := fileOf(id); file != want {
		return entry{}, fmt.Errorf("belongs in %s: a file holds the ids that begin with its name", want)
	}
	if w.En == "" || w.Zh == "" {
		return entry{}, errors.New("needs a text in en and in zh")
	}
	en, err := parseTemplate(w.En)
	if err != nil {
		return entry{}, fmt.Errorf("en: %w", err)
	}
	zh, err := parseTemplate(w.Zh)
	if err != nil {
		return entry{}, fmt.Errorf("zh: %w", err)
	}
	return entry{en: en, zh: zh, source: w}, nil
}

// fileOf returns the file in which an id belongs: its theme's.
func fileOf(id string) string {
	theme, _, _ := strings.Cut(id, ".")
	return path.Base(theme) + ".yaml"
}
