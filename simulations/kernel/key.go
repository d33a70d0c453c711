package kernel

import "math"

// Key names a source of random numbers. The same key gives the same numbers in whatever order they
// are asked for, so that two runs with different rules meet the same riders, breakdowns and
// weather: common random numbers by construction. Different keys give independent numbers.
//
// A key is a 64-bit hash; numbers come from Steele, Lea and Flood's SplitMix (OOPSLA 2014) with
// Stafford's 13th mixer.
type Key uint64

// golden is 2^64 over the golden ratio, odd: SplitMix's step.
const golden = 0x9e3779b97f4a7c15

// NewKey returns the key of a seed.
func NewKey(seed uint64) Key { return Key(mix(seed ^ 0x5354494e54)) }

// Of returns the key of the n-th part of what k names: a stream, an entity, a serial number.
func (k Key) Of(n uint64) Key { return Key(mix(mix(uint64(k)) + (n+1)*golden)) }

// Uniform returns the n-th number of k, in (0, 1).
func (k Key) Uniform(n uint64) float64 {
	const half = 0.5 / (1 << 52)
	return float64(mix(uint64(k)+(n+1)*golden)>>12)/(1<<52) + half
}

// Uint64 returns the n-th number of k as 64 bits. Uniform(n) is made of the same bits.
func (k Key) Uint64(n uint64) uint64 { return mix(uint64(k) + (n+1)*golden) }

// mix is a bijection of 64 bits in which every input bit changes every output bit half the time.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Poisson returns the number whose cumulative probability for a mean first reaches u: it never
// falls when u or the mean rises, so that runs with more demand keep the riders of those with less.
// A mean that is not positive gives 0; means go up to a million.
func Poisson(u, mean float64) int {
	if mean <= 0 {
		return 0
	}
	if mean < 30 {
		return poissonFrom(u, mean, math.Exp(-mean))
	}
	return poissonAround(u, mean)
}

// poissonFrom adds probabilities from 0 up; p is that of 0.
func poissonFrom(u, mean, p float64) int {
	n := 0
	for sum := p; sum < u; sum += p {
		n++
		p *= mean / float64(n)
		if p < 1e-300 {
			break // u is beyond what sums of float64 reach
		}
	}
	return n
}

// poissonAround searches from where the normal law puts u, with the exact cumulative there.
func poissonAround(u, mean float64) int {
	z := math.Sqrt2 * math.Erfinv(2*u-1)
	n := max(int(mean+z*math.Sqrt(mean)+(z*z-1)/6), 0)
	p := math.Exp(logPoisson(n, mean))
	sum := poissonTail(n, mean)
	for sum < u {
		n++
		p *= mean / float64(n)
		sum += p
		if p < 1e-300 {
			return n
		}
	}
	for n > 0 && sum-p >= u {
		sum -= p
		p *= float64(n) / mean
		n--
	}
	return n
}

// poissonTail returns P(N ≤ n), from the terms that matter.
func poissonTail(n int, mean float64) float64 {
	term := math.Exp(logPoisson(n, mean))
	if float64(n) > mean {
		sum := 0.0
		for k := n + 1; term > 1e-20; k++ {
			term *= mean / float64(k)
			sum += term
		}
		return 1 - sum
	}
	sum := 0.0
	for k := n; k >= 0 && term > 1e-20; k-- {
		sum += term
		term *= float64(k) / mean
	}
	return sum
}

func logPoisson(n int, mean float64) float64 {
	factorial, _ := math.Lgamma(float64(n + 1))
	return float64(n)*math.Log(mean) - mean - factorial
}
