package quota

import "math"

// ErlangB returns the share of trips lost when n vehicles meet traffic a (trips an hour times the
// hours each occupies a vehicle): B(0) = 1, B(n) = a*B(n-1) / (n + a*B(n-1)). It is 1 for n <= 0,
// and NaN where a is negative or not finite. It falls in n, ever more slowly, and rises in a.
//
// Source: A. K. Erlang 1917; Messerli 1972 for the convexity in n that makes carried traffic
// concave.
func ErlangB(n int, a float64) float64 {
	if !(a >= 0) || math.IsInf(a, 1) {
		return math.NaN()
	}
	lost := 1.0
	for k := 1; k <= n; k++ {
		busy := float64(a * lost) // rounded before the sum, so that every processor agrees
		lost = busy / (float64(k) + busy)
	}
	return lost
}

// ErlangTraffic returns the most traffic that n vehicles carry while at most the share blocking of
// it is lost: ErlangB read backwards, by bisection to the last bit. It is 0 where n <= 0 or
// blocking <= 0, and +Inf for blocking >= 1.
func ErlangTraffic(n int, blocking float64) float64 {
	if n <= 0 || !(blocking > 0) {
		return 0
	}
	if blocking >= 1 {
		return math.Inf(1)
	}
	// At most n vehicles are busy, so a*(1-B) <= n.
	low, high := 0.0, float64(n)/(1-blocking)
	for {
		mid := low + (high-low)/2
		if mid <= low || mid >= high {
			return low
		}
		if ErlangB(n, mid) <= blocking {
			low = mid
		} else {
			high = mid
		}
	}
}
