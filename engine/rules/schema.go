package rules

import (
	"embed"
	"regexp"

	"github.com/stint-city/stint/engine/strict"
)

//go:embed schema/*.json
var schemaFiles embed.FS

// Schemas returns the names of the documents that have a JSON Schema.
func Schemas() []string {
	return []string{"policy", "state", "decision", "rubric", "sheets", "card", "replay"}
}

// Schema returns the JSON Schema (draft 2020-12) of a document, with a description of every key;
// ok is false for a name that is none of Schemas. What it accepts the reader may still refuse.
func Schema(name string) (data []byte, ok bool) {
	data, err := schemaFiles.ReadFile("schema/" + name + ".json")
	return data, err == nil
}

// tables tells a table of marks from a policy: only the former has tables.
var tables = regexp.MustCompile(`(?m)^[\s{]*"?tables"?\s*:`)

// Lint returns the faults of a policy or a table of marks, and its findings where it has none.
func Lint(name string, data []byte) ([]*strict.Fault, []Finding) {
	if tables.Match(data) {
		return LintRubric(name, data)
	}
	return LintPolicy(name, data)
}
