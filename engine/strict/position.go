package strict

import (
	"strconv"
	"strings"
)

// Position is a place in a text, both numbers from 1; zero = not known.
type Position struct{ Line, Column int }

// At returns the place in a line and column.
func At(line, column int) Position { return Position{line, column} }

// Positions tell where each key and list item of the city file stands, by path: "sectors[0].id".
type Positions map[string]Position

// Of returns where the path stands, or the nearest part of the file around it that is written.
func (p Positions) Of(path string) Position {
	for path != "" {
		if at, ok := p[path]; ok {
			return at
		}
		path = parentPath(path)
	}
	return p[""]
}

// Has reports whether the path is written in the file.
func (p Positions) Has(path string) bool {
	_, ok := p[path]
	return ok
}

// parentPath cuts the last key or index off.
func parentPath(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// KeyPath appends a key to a path.
func KeyPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// ItemPath appends an index to a path.
func ItemPath(path string, i int) string {
	return path + "[" + strconv.Itoa(i) + "]"
}

// LastKey returns the last key of a path, without its indices.
func LastKey(path string) string {
	path = path[strings.LastIndexByte(path, '.')+1:]
	key, _, _ := strings.Cut(path, "[")
	return key
}
