package forecast

import "math"

// Prediction is the distribution of one count: negative binomial with a mean and a size, so that
// its variance is Mean + Mean²/Size. Size +Inf is Poisson. Where Known is false nothing is known.
type Prediction struct {
	Mean, Size float64
	Known      bool
}

// far ends a sum over counts: beyond it the tail weighs less than this.
const far = 1e-9

// walk calls each with k = 0, 1, 2, … and the probability of at most k, until each says false or
// the rest weighs less than far.
func (p Prediction) walk(each func(k int, below float64) bool) {
	if p.Mean <= 0 {
		each(0, 1)
		return
	}
	// Terms by their ratios; logarithms begin where the first would be 0 in float64.
	log := -p.Mean
	if !math.IsInf(p.Size, 1) {
		log = -p.Size * math.Log1p(p.Mean/p.Size)
	}
	below := 0.0
	most := int(p.Mean+20*math.Sqrt(p.variance())) + 50
	for k := 0; k <= most; k++ {
		below += math.Exp(log)
		if !each(k, math.Min(below, 1)) || (below > 1-far && float64(k) > p.Mean) {
			return
		}
		log += math.Log(p.ratio(k))
	}
}

// ratio returns the probability of k+1 over that of k.
func (p Prediction) ratio(k int) float64 {
	if math.IsInf(p.Size, 1) {
		return p.Mean / float64(k+1)
	}
	return (p.Size + float64(k)) / float64(k+1) * p.Mean / (p.Size + p.Mean)
}

func (p Prediction) variance() float64 {
	if math.IsInf(p.Size, 1) {
		return p.Mean
	}
	return p.Mean + p.Mean*p.Mean/p.Size
}

// Quantile returns the least count that the truth is at most with probability q, in (0, 1).
func (p Prediction) Quantile(q float64) int {
	at := 0
	p.walk(func(k int, below float64) bool {
		at = k
		return below < q
	})
	return at
}

// Interval returns the counts between which the truth lies with a probability of at least part:
// equally much is left out below and above.
func (p Prediction) Interval(part float64) (low, high int) {
	return p.Quantile((1 - part) / 2), p.Quantile((1 + part) / 2)
}

// CRPS returns the continuous ranked probability score of the prediction for the count that came:
// 0 for one that was certain and right, and the absolute error for one that was certain.
//
// Source: Gneiting and Raftery, Strictly Proper Scoring Rules (2007), for counts.
func (p Prediction) CRPS(y float64) float64 {
	sum, last := 0.0, -1
	p.walk(func(k int, below float64) bool {
		d := below
		if float64(k) >= y {
			d -= 1
		}
		sum += d * d
		last = k
		return true
	})
	return sum + math.Max(0, y-float64(last+1))
}

// Floor returns the mean absolute error of a forecast that knows a Poisson count's mean exactly:
// nobody forecasts it better.
//
// Source: the mean absolute deviation of the Poisson distribution about its mean,
// 2 e^-m m^(⌊m⌋+1) / ⌊m⌋! (Johnson, Kemp and Kotz, Univariate Discrete Distributions, 4.3).
func Floor(mean float64) float64 {
	if mean <= 0 {
		return 0
	}
	n := math.Floor(mean)
	factorial, _ := math.Lgamma(n + 1)
	return 2 * math.Exp((n+1)*math.Log(mean)-mean-factorial)
}
