package simulations

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// riders is the hash of everything that decides who wants to ride where and when: two results with
// the same one are paired, replication by replication.
func (s *Study) riders() string {
	w, h := s.worlds[0], sha256.New()
	put := func(of any) { _ = binary.Write(h, binary.LittleEndian, of) } // a hash takes everything
	put(s.Scenario.Seed)
	put([]int64{int64(w.hours), int64(w.warmup), int64(w.firstHour)})
	for _, c := range w.town.Cells {
		put(uint64(c))
	}
	put(w.demand.Rate)
	for _, t := range w.demand.Trips {
		put([]int64{t.At, int64(t.From), int64(t.To)})
	}
	for _, f := range s.past.files {
		_, _ = h.Write([]byte(f.sha256))
	}
	_ = json.NewEncoder(h).Encode(s.Scenario.Demand)
	_ = json.NewEncoder(h).Encode(s.Scenario.Shocks)
	return hex.EncodeToString(h.Sum(nil))
}

// Comparison is what one policy of a result does beside a policy of another.
type Comparison struct {
	A, B    string
	Paired  bool // both met the same riders: differences replication by replication
	Changes []Change
}

// CompareResults compares policy b of one result with policy a of another, metric by metric of the
// whole city, b less a. With the same riders the differences are paired; else Welch's interval for
// two independent samples holds. Policies are indices.
func CompareResults(
	a *Result, ma Manifest, policyA int, b *Result, mb Manifest, policyB int,
) Comparison {
	c := Comparison{
		A: a.Policies[policyA].ID, B: b.Policies[policyB].ID,
		Paired: ma.Riders != "" && ma.Riders == mb.Riders,
	}
	x, y := a.series[policyA][0], b.series[policyB][0]
	for m, id := range x.metrics {
		for n := range y.metrics {
			if y.metrics[n] != id {
				continue
			}
			if c.Paired {
				k := min(len(x.values[m]), len(y.values[n]))
				c.Changes = append(c.Changes, change(id, y.values[n][:k], x.values[m][:k]))
				continue
			}
			c.Changes = append(c.Changes, verdict(welch(id, x.values[m], y.values[n])))
		}
	}
	return c
}

// welch is the difference of means of independent samples, b less a, with Welch's interval.
func welch(id string, a, b []float64) Level {
	l := Level{Metric: id}
	meanA, varA := stat.MeanVariance(a, nil)
	meanB, varB := stat.MeanVariance(b, nil)
	ea, eb := varA/float64(len(a)), varB/float64(len(b))
	mean := meanB - meanA
	if math.IsNaN(mean) || math.IsNaN(ea+eb) {
		return l
	}
	half := 0.0
	if ea+eb > 0 {
		nu := (ea + eb) * (ea + eb) / (ea*ea/float64(len(a)-1) + eb*eb/float64(len(b)-1))
		half = distuv.StudentsT{Sigma: 1, Nu: nu}.Quantile((1+confidence)/2) * math.Sqrt(ea+eb)
	}
	low, high := mean-half, mean+half
	l.Mean, l.Low, l.High = &mean, &low, &high
	return l
}
