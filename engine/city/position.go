package city

import (
	"strconv"
	"strings"
)

// position is a place in a text, both numbers from 1; zero = not known.
type position struct{ line, column int }

// positions tell where each key and list item of the city file stands, by path: "sectors[0].id".
type positions map[string]position

// of returns where the path stands, or the nearest part of the file around it that is written.
func (p positions) of(path string) position {
	for path != "" {
		if at, ok := p[path]; ok {
			return at
		}
		path = parentPath(path)
	}
	return p[""]
}

// has reports whether the path is written in the file.
func (p positions) has(path string) bool {
	_, ok := p[path]
	return ok
}

// parentPath cuts the last key or index off.
func parentPath(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// keyPath appends a key to a path.
func keyPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// itemPath appends an index to a path.
func itemPath(path string, i int) string {
	return path + "[" + strconv.Itoa(i) + "]"
}

// lastKey returns the last key of a path, without its indices.
func lastKey(path string) string {
	path = path[strings.LastIndexByte(path, '.')+1:]
	key, _, _ := strings.Cut(path, "[")
	return key
}
