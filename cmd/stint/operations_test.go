package main

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/lang"
)

// readGround reads a file of the repository's root.
func readGround(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// parsesAsServe fails unless words are a command line of serve whose flags exist.
func parsesAsServe(t *testing.T, where string, words []string) {
	t.Helper()
	a := &app{streams: streams{new(bytes.Buffer), new(bytes.Buffer)}, tag: lang.English}
	if len(words) == 0 || words[0] != "serve" {
		t.Fatalf("%s runs %q, want stint serve", where, words)
	}
	c := a.serveCommand()
	if err := c.ParseFlags(words[1:]); err != nil {
		t.Errorf("%s: %v", where, err)
	}
	if err := c.Args(c, c.Flags().Args()); err != nil {
		t.Errorf("%s: %v", where, err)
	}
}

// TestOperationsNameEveryFlagOfServe holds the table of docs/operations.md to the command: the same
// flags with the same defaults.
func TestOperationsNameEveryFlagOfServe(t *testing.T) {
	page := readGround(t, "docs/operations.md")
	table, _, found := strings.Cut(page[strings.Index(page, "| flag |"):], "\n\n")
	if !found {
		t.Fatal("operations.md has no table of flags")
	}
	var named []string
	a := &app{streams: streams{new(bytes.Buffer), new(bytes.Buffer)}, tag: lang.English}
	flags := a.serveCommand().Flags()
	for _, row := range strings.Split(table, "\n") {
		cells := strings.Split(row, "|")
		for _, name := range regexp.MustCompile("--([a-z][a-z-]*)").FindAllStringSubmatch(cells[1], -1) {
			named = append(named, name[1])
			f := flags.Lookup(name[1])
			if f != nil && !saysDefault(strings.TrimSpace(cells[2]), f.DefValue) {
				t.Errorf("--%s is %q by default, the page says %s", f.Name, f.DefValue, cells[2])
			}
		}
	}
	var real []string
	listed := regexp.MustCompile(`(?m)^ +--([a-z-]+)`)
	for _, m := range listed.FindAllStringSubmatch(flags.FlagUsages(), -1) {
		real = append(real, m[1])
	}
	slices.Sort(named)
	slices.Sort(real)
	if diff := cmp.Diff(real, named); diff != "" {
		t.Errorf("flags of stint serve (-command +operations.md):\n%s", diff)
	}
}

// TestContainersAndUnitServe holds what starts stint elsewhere to the flags that serve has.
func TestContainersAndUnitServe(t *testing.T) {
	var entry []string
	for _, line := range strings.Split(readGround(t, "Dockerfile"), "\n") {
		if list, ok := strings.CutPrefix(line, "CMD "); ok {
			if err := json.Unmarshal([]byte(list), &entry); err != nil {
				t.Fatal(err)
			}
		}
	}
	parsesAsServe(t, "Dockerfile", entry)

	var file struct {
		Services map[string]struct {
			Command []string `yaml:"command"`
		} `yaml:"services"`
	}
	if err := yaml.Unmarshal([]byte(readGround(t, "compose.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	parsesAsServe(t, "compose.yaml", file.Services["stint"].Command)

	unit := regexp.MustCompile(`(?s)ExecStart=\S+/stint (.*?[^\\])\n`)
	line := unit.FindStringSubmatch(readGround(t, "docs/operations.md"))
	if line == nil {
		t.Fatal("operations.md has no unit")
	}
	parsesAsServe(t, "operations.md", strings.Fields(strings.ReplaceAll(line[1], "\\\n", " ")))
}

// saysDefault reports whether a cell of the table gives a default, as it is or in words.
func saysDefault(cell, value string) bool {
	switch value {
	case "", "false": // what is used instead is said in words
		return cell != "" && cell != "on" && !regexp.MustCompile("^(`.*`|[0-9]+)$").MatchString(cell)
	case "0s":
		value = "0"
	}
	return strings.Trim(cell, "`") == value
}
