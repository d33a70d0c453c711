package simulations

import _ "embed" // the schema

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of a scenario file, with a description of every
// key. What it accepts Parse may still refuse.
func Schema() []byte { return schema }
