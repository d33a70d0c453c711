package geo

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

func BenchmarkReadXiamenFences(b *testing.B) {
	for b.Loop() {
		xiamenFences(b)
	}
}

func BenchmarkUnionOfXiamenFences(b *testing.B) {
	shapes := shapesOf(xiamenFences(b))
	for b.Loop() {
		if _, err := Union(shapes); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCoverageOfXiamenFences(b *testing.B) {
	shapes := shapesOf(xiamenFences(b))
	for _, resolution := range []int{8, 9, 10} {
		area, err := Union(shapes)
		if err != nil {
			b.Fatal(err)
		}
		grid, err := Cover(area, resolution)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("resolution=%d/cells=%d", resolution, grid.Len()), func(b *testing.B) {
			for b.Loop() {
				if _, err := Coverage(grid, shapes); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNearest looks up one lock event in the fences of Xiamen.
func BenchmarkNearest(b *testing.B) {
	locks, fences := xiamenLocks(b), NewZones(xiamenFences(b))
	for _, reach := range []float64{15, 30, 1000} {
		b.Run(fmt.Sprintf("within=%gm", reach), func(b *testing.B) {
			i := 0
			for b.Loop() {
				fences.Nearest(locks[i%len(locks)].at, reach)
				i++
			}
		})
	}
}

// BenchmarkAt asks which district a lock event is in: polygons of thousands of vertices.
func BenchmarkAt(b *testing.B) {
	locks := xiamenLocks(b)
	districts := NewZones(zonesOf(b, "xiamen/districts_wgs84.geojson.gz"))
	var found []int
	i := 0
	for b.Loop() {
		found = districts.At(found[:0], locks[i%len(locks)].at)
		i++
	}
}

func BenchmarkCoverXiamen(b *testing.B) {
	var area MultiPolygon
	for _, z := range zonesOf(b, "xiamen/districts_wgs84.geojson.gz") {
		area = append(area, z.Shape...)
	}
	for _, resolution := range []int{8, 9} {
		b.Run(fmt.Sprintf("resolution=%d", resolution), func(b *testing.B) {
			for b.Loop() {
				if _, err := Cover(area, resolution); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOverlapOfADistrict(b *testing.B) {
	district := zonesOf(b, "xiamen/districts_wgs84.geojson.gz")[1].Shape
	grid, err := Cover(district, 9)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Overlap(grid, district); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadFeatures(b *testing.B) {
	text, err := io.ReadAll(openData(b, "xiamen/districts_wgs84.geojson.gz"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		err := ReadFeatures(bytes.NewReader(text), func(_ Feature, err error) error { return err })
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCellAt(b *testing.B) {
	p := LatLng{24.48, 118.09}
	for b.Loop() {
		if _, err := CellAt(p, 9); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkToWGS84(b *testing.B) {
	p := LatLng{24.48, 118.09}
	for b.Loop() {
		p = GCJ02.ToWGS84(GCJ02.FromWGS84(p))
	}
}
