package rules

import (
	"embed"
	"io/fs"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

//go:embed preset/*.yaml
var presetFiles embed.FS

// Presets returns the IDs of the published rules that stint ships, sorted.
func Presets() []string {
	entries, err := fs.ReadDir(presetFiles, "preset")
	if err != nil {
		return nil // the folder is embedded
	}
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = strings.TrimSuffix(e.Name(), ".yaml")
	}
	slices.Sort(ids)
	return ids
}

// Preset returns a preset as it is written. An ID that isn't one is an error of the input.
func Preset(id string) ([]byte, error) {
	data, err := presetFiles.ReadFile("preset/" + id + ".yaml")
	if err != nil {
		return nil, &strict.Fault{Err: lang.E(nil, "policy.no-preset", "got", id, "known", Presets())}
	}
	return data, nil
}
