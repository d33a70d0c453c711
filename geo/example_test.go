package geo_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stint-city/stint/geo" //nolint:depguard // examples are written as a caller would
)

func ExampleDatum_ToWGS84() {
	// What a Chinese map shows as Tiananmen, in GCJ-02, lies 600 m further to the south-west.
	shown := geo.LatLng{Lat: 39.908692, Lng: 116.397477}
	p := geo.GCJ02.ToWGS84(shown)
	fmt.Printf("%.4f, %.4f\n", p.Lat, p.Lng)
	back := geo.GCJ02.FromWGS84(p)
	fmt.Println("back within a metre:", geo.Distance(shown, back) < 1)
	// Output:
	// 39.9073, 116.3912
	// back within a metre: true
}

func ExampleParseDatum() {
	_, err := geo.ParseDatum("xian80")
	fmt.Println(err)
	// Output:
	// unknown datum "xian80": want WGS-84 (EPSG:4326), CGCS2000 (EPSG:4490), GCJ-02 or BD-09
}

// square returns a square of so many degrees from its south-west corner.
func square(south, west, size float64) geo.MultiPolygon {
	return geo.MultiPolygon{{{
		{Lat: south, Lng: west},
		{Lat: south, Lng: west + size},
		{Lat: south + size, Lng: west + size},
		{Lat: south + size, Lng: west},
		{Lat: south, Lng: west},
	}}}
}

func ExampleUnion() {
	// Two fences of which the second covers half of the first.
	a, b := square(24.48, 118.09, 0.0001), square(24.48, 118.09005, 0.0001)
	both, err := geo.Union([]geo.MultiPolygon{a, b})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f of the sum\n", both.Area()/(a.Area()+b.Area())*4)
	// Output:
	// 3.0 of the sum
}

func ExampleCover() {
	grid, err := geo.Cover(square(24.47, 118.08, 0.01), 8)
	if err != nil {
		fmt.Println(err)
		return
	}
	area, err := geo.Overlap(grid, square(24.47, 118.08, 0.01))
	if err != nil {
		fmt.Println(err)
		return
	}
	total := 0.0
	for _, m2 := range area {
		total += m2
	}
	fmt.Printf("resolution %d, %.2f km²\n", grid.Resolution(), total/1e6)
	// Output:
	// resolution 8, 1.13 km²
}

func ExampleZones_Nearest() {
	fences := geo.NewZones([]geo.Zone{
		{ID: "north gate", Shape: square(24.4810, 118.09, 0.0001)},
		{ID: "south gate", Shape: square(24.4800, 118.09, 0.0001)},
	})
	bike := geo.LatLng{Lat: 24.4802, Lng: 118.09005} // a ten-thousandth of a degree north of one
	i, metres, ok := fences.Nearest(bike, 30)
	fmt.Printf("%s, %.1f m, %v\n", fences.Zone(i).ID, metres, ok)
	// Output:
	// south gate, 11.1 m, true
}

func ExampleReadFeatures() {
	const text = `{"type": "FeatureCollection", "features": [
  {"type": "Feature", "id": 350203, "properties": {}, "geometry":
    {"type": "Polygon", "coordinates": [[[118, 24], [119, 24], [119, 25], [118, 24]]]}},
  {"type": "Feature", "id": 350206, "properties": {}, "geometry":
    {"type": "Polygon", "coordinates": [[[8, 24], [9, 24], [9, 25], [8, 25]]]}}
]}`
	err := geo.ReadFeatures(strings.NewReader(text), func(f geo.Feature, err error) error {
		if err != nil {
			fmt.Printf("line %d: %s is left out, unclosed: %v\n",
				f.Line, f.ID, errors.Is(err, geo.ErrUnclosed))
			return nil
		}
		fmt.Printf("line %d: %s, %d part\n", f.Line, f.ID, len(f.Shape))
		return nil
	})
	fmt.Println(err)
	// Output:
	// line 2: 350203, 1 part
	// line 4: 350206 is left out, unclosed: true
	// <nil>
}

func ExampleOutline() {
	c, err := geo.ParseCell("8841ab6b11fffff")
	if err != nil {
		fmt.Println(err)
		return
	}
	flower := geo.Outline(append(c.Ring(1), c))
	fmt.Println(len(flower), "part of", len(flower[0][0])-1, "sides")
	// Output:
	// 1 part of 18 sides
}

func ExampleAppendGeometry() {
	fmt.Printf("%s\n", geo.AppendGeometry(nil, square(24, 118, 0.5)))
	// Output:
	// {"type":"Polygon","coordinates":[[[118,24],[118.5,24],[118.5,24.5],[118,24.5],[118,24]]]}
}
