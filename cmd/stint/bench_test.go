package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// BenchmarkPlan is the whole of `stint plan`: read, decide, verify, write.
func BenchmarkPlan(b *testing.B) {
	data := os.Getenv("STINT_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "shared", "data")
	}
	for _, city := range []string{"xiamen", "shanghai", "columbus"} {
		b.Run(city, func(b *testing.B) {
			if _, err := os.Stat(filepath.Join(data, city)); err != nil {
				b.Skipf("SKIP (loud): no real data at %s; set STINT_DATA", data)
			}
			plan(b, filepath.Join("..", "..", "docs", "cities", city+".yaml"), data)
		})
	}
	b.Run("made-20000x8", func(b *testing.B) {
		dir := filepath.Join(b.TempDir(), "city")
		carry(b, "example", dir, "--cells", "20000", "--operators", "8", "--weeks", "1")
		plan(b, filepath.Join(dir, "city.yaml"), dir)
	})
}

// plan plans a city into a fresh folder each time.
func plan(b *testing.B, city, data string) {
	b.Helper()
	dir := b.TempDir()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		carry(b, "plan", city, "--data", data, "-o", filepath.Join(dir, strconv.Itoa(n)))
	}
}

// carry runs a command line that must succeed.
func carry(b *testing.B, args ...string) {
	b.Helper()
	quiet := streams{io.Discard, io.Discard}
	if code := run(context.Background(), quiet, args, os.Getenv); code != 0 {
		b.Fatalf("stint %v: exit %d", args, code)
	}
}
