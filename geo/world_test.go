package geo

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// world is a city's zones at full size, as large as the largest that the design was measured on: 16
// districts of 1,600 vertices that meet without a gap, 2,000 no-parking areas of 4 to 12 vertices
// and 20,000 parking spots of 4, over 30 by 30 km.
func world() (zones []Zone, box Box) {
	box = Box{Min: LatLng{39.75, 116.2}, Max: LatLng{40.02, 116.55}}
	zones = districtsOf(box)
	k := 0
	spread(box, 22_000, func(p LatLng) {
		k++
		if k <= 2000 {
			corners, radius := 4+k%9, (30+float64(k%270))/metres
			zones = append(zones, Zone{ID: fmt.Sprint("ban-", k), Shape: blob(p, radius, corners)})
			return
		}
		zones = append(zones, Zone{ID: fmt.Sprint("spot-", k), Shape: blob(p, 12/metres, 4)})
	})
	return zones, box
}

// blob returns a polygon of so many corners around p, at radii from a half to one.
func blob(p LatLng, radius float64, corners int) MultiPolygon {
	var r Ring
	for k := range corners {
		angle := 2 * math.Pi * float64(k) / float64(corners)
		far := radius * (0.75 + 0.25*math.Cos(float64(7*k)))
		r = append(r, LatLng{
			p.Lat + far*math.Sin(angle), p.Lng + far*math.Cos(angle)/math.Cos(p.Lat*radians),
		})
	}
	return MultiPolygon{{append(r, r[0])}}
}

// districtsOf cuts a box into 4 by 4 districts whose common sides are crooked lines of 400 steps.
func districtsOf(box Box) []Zone {
	const rows, steps = 4, 400
	height := (box.Max.Lat - box.Min.Lat) / rows
	width := (box.Max.Lng - box.Min.Lng) / rows
	crook := func(line, step int) float64 {
		if line == 0 || line == rows {
			return 0
		}
		x := float64(step) / steps * rows
		return 0.1*math.Sin(3*math.Pi*x+float64(line)) + 0.02*math.Sin(90*x)
	}
	// Corner (i, j) of the 1,600 by 1,600 lattice along the lines between districts.
	across := func(line, step int) LatLng { // a line from west to east
		y := float64(line)
		if step%steps != 0 {
			y += crook(line, step)
		}
		return LatLng{box.Min.Lat + y*height, box.Min.Lng + float64(step)/steps*width}
	}
	along := func(line, step int) LatLng { // a line from south to north
		x := float64(line)
		if step%steps != 0 {
			x += crook(line, step)
		}
		return LatLng{box.Min.Lat + float64(step)/steps*height, box.Min.Lng + x*width}
	}
	var zones []Zone
	for i := range rows {
		for j := range rows {
			var r Ring
			for s := range steps {
				r = append(r, across(i, j*steps+s))
			}
			for s := range steps {
				r = append(r, along(j+1, i*steps+s))
			}
			for s := range steps {
				r = append(r, across(i+1, (j+1)*steps-s))
			}
			for s := range steps {
				r = append(r, along(j, (i+1)*steps-s))
			}
			zones = append(zones, Zone{
				ID: fmt.Sprintf("district-%d-%d", i, j), Shape: MultiPolygon{{append(r, r[0])}},
			})
		}
	}
	return zones
}

func BenchmarkZonesAt(b *testing.B) {
	zones, box := world()
	z := NewZones(zones)
	var points []LatLng
	spread(box, 1<<16, func(p LatLng) { points = append(points, p) })
	var found []int
	i, total := 0, 0
	for b.Loop() {
		found = z.At(found[:0], points[i%len(points)])
		total += len(found)
		i++
	}
	b.ReportMetric(float64(total)/float64(i), "zones/point")
}

// plain returns the zones at a point by ray casting alone.
func plain(zones []Zone, boxes []Box, p LatLng) []int {
	var inside []int
	for i, zone := range zones {
		if boxes[i].Contains(p) && zone.Shape.Contains(p) {
			inside = append(inside, i)
		}
	}
	return inside
}

// boxesOf returns the boxes that the zones are in.
func boxesOf(zones []Zone) []Box {
	var boxes []Box
	for _, zone := range zones {
		boxes = append(boxes, zone.Shape.Bounds().grown(2*touch))
	}
	return boxes
}

func TestZonesOfAWholeCityDifferNowhereFromRayCasting(t *testing.T) {
	points := 1 << 16
	if testing.Short() {
		points = 1 << 12
	}
	zones, box := world()
	if len(zones) != 22_016 || zones[0].Shape[0].edgeCount() != 1600 {
		t.Fatalf("%d zones, the first of %d edges", len(zones), zones[0].Shape[0].edgeCount())
	}
	z, boxes := NewZones(zones), boxesOf(zones)
	if z.pixels == nil {
		t.Fatal("a city has no pixels")
	}
	differ := 0
	check := func(p LatLng) {
		if !slices.Equal(z.At(nil, p), plain(zones, boxes, p)) {
			differ++
		}
	}
	spread(box.grown(0.01), points, check)
	for k := range points / 16 { // at corners, on edges and a hair beside them
		r := zones[k*7%len(zones)].Shape[0][0]
		a, b := r[k%(len(r)-1)], r[k%(len(r)-1)+1]
		check(a)
		hair := touch * float64(k%5-2)
		check(LatLng{(a.Lat+b.Lat)/2 + hair, (a.Lng+b.Lng)/2 + hair})
	}
	if differ != 0 {
		t.Errorf("%d points differ", differ)
	}
}

// TestZonesAtTheBordersOfPixels asks at the corners of pixels and a hair beside them.
func TestZonesAtTheBordersOfPixels(t *testing.T) {
	zones := districtsOf(beijing())
	z, boxes := NewZones(zones), boxesOf(zones)
	p := z.pixels
	for row := 0; row <= p.rows; row += 3 {
		for col := row % 5; col <= p.cols; col += 5 {
			at := LatLng{
				p.box.Min.Lat + float64(row)/p.scale.Lat, p.box.Min.Lng + float64(col)/p.scale.Lng,
			}
			for _, q := range []LatLng{
				at,
				{math.Nextafter(at.Lat, 90), math.Nextafter(at.Lng, 0)},
				{math.Nextafter(at.Lat, 0), math.Nextafter(at.Lng, 180)},
				{at.Lat - touch, at.Lng + touch},
			} {
				if got, want := z.At(nil, q), plain(zones, boxes, q); !slices.Equal(got, want) {
					t.Fatalf("At(%v) = %v, want %v", q, got, want)
				}
			}
		}
	}
}

// TestZonesThatPixelsCantServe: the tree answers where pixels would be slow or large.
func TestZonesThatPixelsCantServe(t *testing.T) {
	var heap, stack, needles []Zone
	for i := range 400 {
		small := blob(LatLng{40 + float64(i)*1e-7, 116}, 20/metres, 5)
		heap = append(heap, Zone{ID: fmt.Sprint(i), Shape: small})
		stack = append(stack, Zone{ID: fmt.Sprint(i), Shape: rect(39, 115, 41, 117)})
		var r Ring
		for k := range 60 {
			r = append(r, LatLng{40 + float64(k%2), 116 + float64(k*37%60)/60 + float64(i)*1e-9})
		}
		needles = append(needles, Zone{ID: fmt.Sprint(i), Shape: MultiPolygon{{append(r, r[0])}}})
	}
	far := Zone{ID: "far", Shape: rect(-30, -60, -29.99, -59.99)}
	for name, zones := range map[string][]Zone{
		"a heap and one far away": append(heap, far), "one above another": stack, "needles": needles,
	} {
		t.Run(name, func(t *testing.T) {
			z, boxes := NewZones(zones), boxesOf(zones)
			if z.pixels != nil {
				t.Error("the zones have pixels")
			}
			spread(Box{LatLng{39.999, 115.999}, LatLng{40.001, 116.001}}, 300, func(p LatLng) {
				if got, want := z.At(nil, p), plain(zones, boxes, p); !slices.Equal(got, want) {
					t.Fatalf("At(%v) = %v, want %v", p, got, want)
				}
			})
		})
	}
}
