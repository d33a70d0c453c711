package example

import (
	"math"
	"math/rand/v2"
)

// A stream is one purpose of randomness, so that a change to one part of the city leaves the others
// as they are.
type stream uint64

const (
	streamBorder stream = iota + 1
	streamFence
	streamFleet
	streamRide
)

// dice is a source of random draws that are the same on every machine.
type dice struct{ *rand.Rand }

func newDice(seed uint64, s stream, part int) dice {
	return dice{rand.New(rand.NewPCG(seed, uint64(s)<<32|uint64(part)))}
}

// poisson draws a Poisson number with the mean, which must be finite and ≥ 0. It adds up draws of
// mean 1 and thins the last one, so that no exponential or logarithm is needed: those differ in the
// last bit between machines.
func (d dice) poisson(mean float64) int {
	whole, part := math.Modf(mean)
	n := 0
	for range int(whole) {
		n += d.poissonOne()
	}
	for range d.poissonOne() {
		if d.Float64() < part {
			n++
		}
	}
	return n
}

// poissonOne draws a Poisson number of mean 1: how many uniform factors keep a product above 1/e.
//
// Source: Knuth, The Art of Computer Programming, vol. 2, 3.4.1, algorithm Q.
func (d dice) poissonOne() int {
	product := 1.0
	for n := 0; ; n++ {
		product *= d.Float64()
		if product < 1/math.E {
			return n
		}
	}
}

// spread draws a whole number in [-most, most], near 0 more often than far: the mean of two draws.
func (d dice) spread(most int64) int64 {
	return (d.Int64N(2*most+1) + d.Int64N(2*most+1) - 2*most) / 2
}

// A lot draws an index with a chance in proportion to its weight.
type lot []int64 // running sums of the weights

func newLot(weights []int64) lot {
	sums := make(lot, len(weights))
	sum := int64(0)
	for i, w := range weights {
		sum += w
		sums[i] = sum
	}
	return sums
}

// draw returns an index; the weights must sum to more than 0.
func (l lot) draw(d dice) int {
	at := d.Int64N(l[len(l)-1])
	low, high := 0, len(l)-1
	for low < high {
		mid := (low + high) / 2
		if l[mid] > at {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
