package kernel

import (
	"testing"

	"pgregory.net/rapid"
)

// TestNearest holds the index against a search of everything while items come, go and pile up. An
// answer may be farther than the nearest by the diagonal of one smallest square.
func TestNearest(t *testing.T) {
	const size, items, layers = 100_000, 120, 2
	rapid.Check(t, func(t *rapid.T) {
		ix := NewIndex(layers, items, size, size)
		layerOf := map[int32]int{}
		place := rapid.OneOf(rapid.Int32Range(0, size), rapid.Int32Range(40_000, 40_500),
			rapid.Just(int32(60_000)))
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			item := rapid.Int32Range(0, items-1).Draw(t, "item")
			if layer, in := layerOf[item]; in {
				ix.Remove(layer, item)
				delete(layerOf, item)
			} else {
				layer := rapid.IntRange(0, layers-1).Draw(t, "layer")
				ix.Insert(layer, item, place.Draw(t, "x"), place.Draw(t, "y"))
				layerOf[item] = layer
			}
		}
		for range 20 {
			x, y := place.Draw(t, "x"), place.Draw(t, "y")
			radius := rapid.Int32Range(0, 60_000).Draw(t, "radius")
			checkNearest(t, ix, layerOf, x, y, radius)
		}
	})
}

func checkNearest(t *rapid.T, ix *Index, layerOf map[int32]int, x, y, radius int32) {
	got, d2, ok := ix.Nearest(1, x, y, radius)
	least, any := int64(1)<<62, false
	for item, layer := range layerOf {
		ax, ay := ix.At(item)
		dx, dy := int64(ax-x), int64(ay-y)
		if layer == 1 && dx*dx+dy*dy <= int64(radius)*int64(radius) {
			any, least = true, min(least, dx*dx+dy*dy)
		}
	}
	const slack = 283 // cm, over the diagonal of 2 m by 2 m
	switch {
	case ok && !any:
		t.Fatalf("found %d at %d² cm where nothing is", got, d2)
	case ok && layerOf[got] != 1:
		t.Fatalf("found %d of another layer", got)
	case ok && root(d2) > root(least)+slack:
		t.Fatalf("found one at %d cm, the nearest is at %d", root(d2), root(least))
	case !ok && any && root(least) < int64(radius)-slack:
		t.Fatalf("missed one at %d cm of %d", root(least), radius)
	}
}

// root returns the whole square root, by halving.
func root(n int64) int64 {
	low, high := int64(0), int64(1)<<31
	for low < high {
		mid := (low + high + 1) / 2
		if mid*mid <= n {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

// BenchmarkNearest searches 100,000 items: spread evenly, and piled up at 50 corners.
func BenchmarkNearest(b *testing.B) {
	const size, items = 1_400_000, 100_000
	for name, piles := range map[string]uint64{"even": 0, "piles": 50} {
		b.Run(name, func(b *testing.B) {
			ix, key := NewIndex(1, items, size, size), NewKey(1)
			for i := range int32(items) {
				k := key.Of(uint64(i))
				if piles > 0 {
					k = key.Of(uint64(i) % piles)
				}
				ix.Insert(0, i, int32(k.Uniform(0)*size), int32(k.Uniform(1)*size))
			}
			n := uint64(0)
			b.ReportAllocs()
			for b.Loop() {
				n++
				x, y := int32(key.Uniform(2*n)*size), int32(key.Uniform(2*n+1)*size)
				item, _, ok := ix.Nearest(0, x, y, 40_000)
				if ok {
					px, py := ix.At(item)
					ix.Remove(0, item)
					ix.Insert(0, item, px, py)
				}
			}
		})
	}
}
