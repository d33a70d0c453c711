package city

import (
	"slices"

	"github.com/stint-city/stint/engine/strict"
)

// columns checks each schema of a layer.
func (c *checker) columns(path string, l *Layer) {
	key := strict.KeyPath(path, "columns")
	for i, schema := range l.Columns {
		inner := strict.ItemPath(key, i)
		if !c.at.Has(inner) {
			inner = key
		}
		c.schema(inner, l, schema)
	}
	if c.at.Has(key) && len(l.Columns) == 0 {
		c.fault(key, "city.empty-list", "key", "columns")
	}
	if len(l.Columns) > 1 && l.Format != formatCSV {
		c.fault(key, "city.one-schema", "format", l.Format)
	}
}

// schema checks that a mapping names stint's columns, and every one that is needed.
func (c *checker) schema(path string, l *Layer, schema map[string]string) {
	need, take := l.columnNames(c.File)
	for _, name := range sortedKeys(schema) {
		inner := strict.KeyPath(path, name)
		switch {
		case !slices.Contains(need, name) && !slices.Contains(take, name):
			c.fault(inner, "city.unknown-column", "column", name, "kind", l.Kind,
				"known", slices.Concat(need, take))
		case schema[name] == "":
			c.fault(inner, "city.no-text", "key", name)
		}
	}
	if _, told := schema["sector"]; told && len(l.Sectors) > 0 {
		c.fault(strict.KeyPath(path, "sector"), "city.idle-key",
			"key", "the column sector", "with", "sectors")
	}
	var missing []string
	for _, name := range need {
		if _, ok := schema[name]; !ok {
			missing = append(missing, name)
		}
	}
	_, district := schema["district"]
	_, cell := schema["cell"]
	_, wkt := schema["wkt"]
	_, ring := schema["ring"]
	switch {
	case l.Kind == sidewalk && district == cell:
		missing = append(missing, "district|cell")
	case l.isShape() && l.Format == formatCSV && wkt == ring:
		missing = append(missing, "wkt|ring")
	}
	if len(missing) > 0 {
		c.fault(path, "city.columns-missing", "kind", l.Kind, "columns", missing)
	}
}
