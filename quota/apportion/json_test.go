package apportion

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// readCase decodes a file of known answers, or skips the test where it isn't at hand.
func readCase(t *testing.T, name string, to any) {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "cases", "apportionment", name)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("SKIP (loud): no known answers at %s: %v", path, err)
	}
	if err := json.Unmarshal(data, to); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// keys are the keys of a table in order.
func keys[K cmp.Ordered, V any](table map[K]V) []K {
	list := make([]K, 0, len(table))
	for key := range table {
		list = append(list, key)
	}
	slices.Sort(list)
	return list
}
