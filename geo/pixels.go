package geo

import "math"

// pixels finds the parts of zones at a point without a search: the box around them is cut into
// equal pixels, and each lists the parts that a point in it may be in. A pixel of no edge is wholly
// inside a part or wholly outside, so that its points needn't be tested.
type pixels struct {
	box        Box
	rows, cols int
	scale      LatLng   // pixels a degree
	first      []int32  // pixel k lists list[first[k]:first[k+1]]
	list       []listed // parts in ascending order
}

// listed is a part in the list of a pixel.
type listed struct {
	part  int32
	whole bool // the pixel is wholly inside the part
}

// newPixels returns the pixels of the parts, about four for each part and one for two edges; ok is
// false where so many parts lie in one place that a tree finds them faster.
func newPixels(parts []part) (p *pixels, ok bool) {
	box, edges := emptyBox(), 0
	for i := range parts {
		grown := parts[i].bands.box.grown(touch)
		box = box.extend(grown.Min).extend(grown.Max)
		edges += len(parts[i].bands.edges)
	}
	if box.Empty() {
		return nil, false
	}
	const largest = 1 << 20
	n := min(4*len(parts)+edges/2, largest)
	// Large parts are listed by many pixels: fewer pixels then, so that the lists stay short.
	for ; n >= 1; n /= 4 {
		p = &pixels{box: box}
		p.cut(n)
		if p.fill(parts, 16*(n+len(parts)+edges)) {
			return p, p.typical() <= 32
		}
	}
	return nil, false
}

// cut makes about n pixels, as square in degrees as their number allows.
func (p *pixels) cut(n int) {
	height, width := p.box.Max.Lat-p.box.Min.Lat, p.box.Max.Lng-p.box.Min.Lng
	p.rows = min(max(int(math.Sqrt(float64(n)*height/width)), 1), n)
	p.cols = max(n/p.rows, 1)
	p.scale = LatLng{float64(p.rows) / height, float64(p.cols) / width}
}

// span returns the first and last row or column of a reach of degrees. What is in the reach has
// its pixel among them, as every step of the arithmetic keeps the order of numbers.
func span(low, high, from, scale float64, count int) (first, last int) {
	last = count - 1
	first = int(min(max((low-from)*scale, 0), float64(last)))
	return first, int(min(max((high-from)*scale, 0), float64(last)))
}

// fill lists every part, and reports whether that took no more than so many steps.
func (p *pixels) fill(parts []part, steps int) bool {
	lists := make([][]listed, p.rows*p.cols)
	crossed := make([]int32, len(lists)) // 1 + the part whose edge was last seen in the pixel
	p.first = make([]int32, 1, len(lists)+1)
	total := 0
	for i := range parts {
		b := &parts[i].bands
		for _, e := range b.edges {
			box := emptyBox().extend(e.a).extend(e.b).grown(touch)
			steps -= p.each(box, func(k int) { crossed[k] = int32(i) + 1 })
			if steps < 0 {
				return false
			}
		}
		steps -= p.each(b.box.grown(touch), func(k int) {
			whole := crossed[k] != int32(i)+1
			if !whole || b.contains(p.middle(k)) {
				lists[k] = append(lists[k], listed{int32(i), whole})
				total++
			}
		})
	}
	p.list = make([]listed, 0, total)
	for _, list := range lists {
		p.list = append(p.list, list...)
		p.first = append(p.first, int32(len(p.list)))
	}
	return steps >= 0
}

// each calls f for the pixels that a box touches and returns how many they are.
func (p *pixels) each(b Box, f func(k int)) int {
	south, north := span(b.Min.Lat, b.Max.Lat, p.box.Min.Lat, p.scale.Lat, p.rows)
	west, east := span(b.Min.Lng, b.Max.Lng, p.box.Min.Lng, p.scale.Lng, p.cols)
	for row := south; row <= north; row++ {
		for col := west; col <= east; col++ {
			f(row*p.cols + col)
		}
	}
	return (north - south + 1) * (east - west + 1)
}

// middle returns the point in the middle of a pixel.
func (p *pixels) middle(k int) LatLng {
	return LatLng{
		p.box.Min.Lat + (float64(k/p.cols)+0.5)/p.scale.Lat,
		p.box.Min.Lng + (float64(k%p.cols)+0.5)/p.scale.Lng,
	}
}

// typical returns how many parts are listed where the average listed part is.
func (p *pixels) typical() float64 {
	squares := 0.0
	for k := range len(p.first) - 1 {
		n := float64(p.first[k+1] - p.first[k])
		squares += n * n
	}
	return squares / float64(len(p.list))
}

// at returns the parts that q may be in.
func (p *pixels) at(q LatLng) []listed {
	if !p.box.Contains(q) {
		return nil
	}
	row := min(int((q.Lat-p.box.Min.Lat)*p.scale.Lat), p.rows-1)
	col := min(int((q.Lng-p.box.Min.Lng)*p.scale.Lng), p.cols-1)
	k := row*p.cols + col
	return p.list[p.first[k]:p.first[k+1]]
}
