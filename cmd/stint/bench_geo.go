package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/stint-city/stint/geo"
)

// districtCount is how many of the zones are districts; they come first.
const districtCount = 16

// benchZones returns the zones of a city over a box: 16 districts of 1,600 vertices, then
// no-parking areas of 4 to 12 and then parking places of 4, 2,000 and 20,000 where there are 13,000
// cells or more. bans is how many areas there are.
func benchZones(box geo.Box, cells int) (zones []geo.Zone, bans int) {
	bans, spots := min(2000, cells*2/13), min(20_000, cells*20/13)
	height := (box.Max.Lat - box.Min.Lat) / 4
	width := (box.Max.Lng - box.Min.Lng) / 4
	for i := range districtCount {
		center := geo.LatLng{
			Lat: box.Min.Lat + (float64(i/4)+0.5)*height, Lng: box.Min.Lng + (float64(i%4)+0.5)*width,
		}
		wave := func(k int) float64 { return 0.5 + 0.03*math.Sin(float64(k)/10) }
		zones = append(zones, roundZone(fmt.Sprint("district-", i), center, height, width, 1600, wave))
	}
	k := 0
	for p := range spread(box, bans+spots) {
		k++
		id, corners, metres := fmt.Sprint("spot-", k), 4, 12.0
		if k <= bans {
			id, corners, metres = fmt.Sprint("ban-", k), 4+k%9, 30+float64(k%270)
		}
		size := metres / 111_000
		uneven := func(k int) float64 { return 0.75 + 0.25*math.Cos(float64(7*k)) }
		zones = append(zones,
			roundZone(id, p, size, size/math.Cos(p.Lat*math.Pi/180), corners, uneven))
	}
	return zones, bans
}

// roundZone returns a polygon around a point: corners at even angles, at a part of height and width
// from it.
func roundZone(
	id string, center geo.LatLng, height, width float64, corners int, part func(k int) float64,
) geo.Zone {
	var r geo.Ring
	for k := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(corners))
		r = append(r, geo.LatLng{
			Lat: center.Lat + part(k)*sin*height, Lng: center.Lng + part(k)*cos*width,
		})
	}
	return geo.Zone{ID: id, Shape: geo.MultiPolygon{{append(r, r[0])}}}
}

// spread yields n points evenly all over a box.
//
// Source: Roberts, The unreasonable effectiveness of quasirandom sequences (2018).
func spread(box geo.Box, n int) func(func(geo.LatLng) bool) {
	const plastic = 1.32471795724474602596
	return func(yield func(geo.LatLng) bool) {
		for i := range n {
			_, u := math.Modf(0.5 + float64(i)/plastic)
			_, v := math.Modf(0.5 + float64(i)/(plastic*plastic))
			if !yield(geo.LatLng{
				Lat: box.Min.Lat + u*(box.Max.Lat-box.Min.Lat),
				Lng: box.Min.Lng + v*(box.Max.Lng-box.Min.Lng),
			}) {
				return
			}
		}
	}
}

// benchPlaces is where points are looked up.
type benchPlaces struct {
	box     geo.Box
	zones   []geo.Zone // districts, areas that ban, parking places
	bans    int        // areas that ban
	index   *geo.Zones
	locator *geo.Locator
	points  []geo.LatLng
}

// newBenchPlaces returns the places of a grid's city.
func newBenchPlaces(grid *geo.Grid) (*benchPlaces, error) {
	p := &benchPlaces{}
	first := grid.Cell(0).Center()
	p.box = geo.Box{Min: first, Max: first}
	for _, c := range grid.Cells() {
		at := c.Center()
		p.box.Min = geo.LatLng{Lat: min(p.box.Min.Lat, at.Lat), Lng: min(p.box.Min.Lng, at.Lng)}
		p.box.Max = geo.LatLng{Lat: max(p.box.Max.Lat, at.Lat), Lng: max(p.box.Max.Lng, at.Lng)}
	}
	p.zones, p.bans = benchZones(p.box, grid.Len())
	p.index = geo.NewZones(p.zones)
	p.points = slices.Collect(spread(p.box, 1<<16))
	var err error
	p.locator, err = geo.NewLocator(grid.Resolution(), p.box)
	return p, err
}

// banned reports whether zone i is an area that bans.
func (p *benchPlaces) banned(i int) bool { return i >= districtCount && i < districtCount+p.bans }

// each looks up the points one after the other on one core, from the first again after the last.
func (p *benchPlaces) each(ctx context.Context, span time.Duration, look func(geo.LatLng)) sample {
	n, begun := 0, time.Now()
	for time.Since(begun) < span && ctx.Err() == nil {
		for range 1000 {
			look(p.points[n%len(p.points)])
			n++
		}
	}
	took := time.Since(begun)
	mean := took.Seconds() * 1000 / float64(n)
	return sample{
		PerSecond: float64(n) / took.Seconds(), P50: mean, P99: mean, Max: mean, Decisions: n,
	}
}

// measure looks the points up in every way.
func (p *benchPlaces) measure(ctx context.Context, r *benchResult, span time.Duration) {
	var found []int
	exact := func(at geo.LatLng) { _, _ = geo.CellAt(at, p.locator.Resolution()) } // in range
	memo := func(at geo.LatLng) { _, _ = p.locator.At(at) }
	zones := func(at geo.LatLng) { found = p.index.At(found[:0], at) }
	p.each(ctx, span/10, memo) // every cell asked for once
	r.add("cell-exact", p.each(ctx, span/2, exact))
	r.add("cell-memo", p.each(ctx, span/2, memo))
	r.add("zones", p.each(ctx, span/2, zones))
	r.add("lookup", p.each(ctx, span/2, func(at geo.LatLng) {
		zones(at)
		memo(at)
	}))
}

// differing counts, of n points, those whose zones differ from plain ray casting.
func (p *benchPlaces) differing(n int) int {
	boxes := make([]geo.Box, len(p.zones))
	for i := range p.zones {
		const slack = 1e-6 // degrees: a point on the border is inside
		b := p.zones[i].Shape.Bounds()
		b.Min.Lat, b.Min.Lng = b.Min.Lat-slack, b.Min.Lng-slack
		b.Max.Lat, b.Max.Lng = b.Max.Lat+slack, b.Max.Lng+slack
		boxes[i] = b
	}
	differ := 0
	for at := range spread(p.box, n) {
		var want []int
		for i := range boxes {
			if boxes[i].Contains(at) && p.zones[i].Shape.Contains(at) {
				want = append(want, i)
			}
		}
		if !slices.Equal(p.index.At(nil, at), want) {
			differ++
		}
	}
	return differ
}

// strayed counts, of n points, those whose cell differs from H3's.
func (p *benchPlaces) strayed(n int) int {
	differ := 0
	for at := range spread(p.box, n) {
		want, errWant := geo.CellAt(at, p.locator.Resolution())
		got, err := p.locator.At(at)
		if got != want || (err == nil) != (errWant == nil) {
			differ++
		}
	}
	return differ
}
