package city

import (
	"strings"

	"github.com/stint-city/stint/geo"
)

// sampleSize is the most points of a layer that the datum is tested with.
const sampleSize = 20000

// sample keeps every n-th point of a layer as its file has it, n growing with the layer, and how
// many decimals the coordinates are written with. It takes the same memory for a gigabyte as for
// a page.
type sample struct {
	points   []geo.LatLng
	seen     int
	step     int
	decimals [maxDecimals + 1]int // coordinates by decimals
}

// maxDecimals is the last class of decimals: a thousandth of a millimetre and finer.
const maxDecimals = 12

// add offers the next point. It may lie anywhere: latitude 118 is what a swapped file has.
func (s *sample) add(p geo.LatLng) {
	s.step = max(s.step, 1)
	if s.seen%s.step == 0 {
		if len(s.points) == sampleSize {
			s.thin()
		}
		if s.seen%s.step == 0 {
			s.points = append(s.points, p)
		}
	}
	s.seen++
}

// thin keeps every other point.
func (s *sample) thin() {
	for i := range len(s.points) / 2 {
		s.points[i] = s.points[2*i]
	}
	s.points = s.points[:len(s.points)/2]
	s.step *= 2
}

// written counts the decimals of a coordinate's text.
func (s *sample) written(text string) {
	_, decimals, _ := strings.Cut(text, ".")
	if strings.ContainsAny(decimals, "eE") {
		return // no promise about places
	}
	s.decimals[min(len(decimals), maxDecimals)]++
}

// places returns the decimals that the coordinates are meant to have: the most that a tenth of them
// reach. Trailing zeros are often cut, and one odd row with fifteen decimals makes no survey.
func (s *sample) places() int {
	total := 0
	for _, n := range s.decimals {
		total += n
	}
	reached := 0
	for d := maxDecimals; d > 0; d-- {
		if reached += s.decimals[d]; reached*10 >= total && reached > 0 {
			return d
		}
	}
	return 0
}
