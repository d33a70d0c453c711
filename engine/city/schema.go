package city

import (
	_ "embed"
	"slices"
)

//go:embed city.schema.json
var citySchema []byte

// Schema returns the JSON Schema (draft 2020-12) of the city file, with a description of every
// key, for editors and for other programs. What it accepts Parse may still refuse: that a name is
// known or that weights sum to 1 is beyond a schema.
func Schema() []byte { return slices.Clone(citySchema) }
