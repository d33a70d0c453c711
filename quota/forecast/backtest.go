package forecast

import "math"

// Options say how a backtest is made. The zero value holds back the last week in one piece.
type Options struct {
	Horizon int // hours forecast at a time; default Week
	Folds   int // how many horizons are held back, the last ones; default 1
}

// Score is how one method did on what was held back.
type Score struct {
	Method   Method  `json:"method"`
	Why      *Unfit  `json:"why,omitempty"` // why it is not computed; the rest is 0 then
	Counts   int     `json:"counts"`        // cells and hours forecast and then counted
	WAPE     float64 `json:"wape"`          // sum of |count - mean| over the sum of counts
	Floor    float64 `json:"poisson_floor"` // WAPE of who knows the means and meets Poisson counts
	CRPS     float64 `json:"crps"`          // mean
	Skill    float64 `json:"skill"`         // 1 - CRPS over the reference's
	Coverage float64 `json:"coverage"`      // part of the counts within the 80 % interval
	Size     float64 `json:"-"`             // of the last fold's predictions
}

// Report is a backtest: every method side by side.
type Report struct {
	Horizon, Folds int
	Scores         []Score // answers Methods
	Reference      Method  // whose CRPS is skill 0: weekday-hour, or last where that isn't computed
	Best           Method  // the least CRPS of those computed on all the counts
}

// Part is the interval that coverage is measured of, and that is published.
const Part = 0.8

// Backtest forecasts the last hours of a history from what was before them, by every method. Each
// fold's methods see nothing of it or after it. It returns an *Unfit where no method is computable
// or nothing that is forecast was counted. It panics if the history's slices differ in length.
func Backtest(h History, o Options) (Report, error) {
	h.check()
	if o.Horizon <= 0 {
		o.Horizon = Week
	}
	if o.Folds <= 0 {
		o.Folds = 1
	}
	r := Report{Horizon: o.Horizon, Folds: o.Folds}
	if need := o.Horizon*o.Folds + 1; h.Hours() < need {
		return r, &Unfit{"short", need, h.Hours()}
	}
	for _, method := range Methods() {
		r.Scores = append(r.Scores, score(&h, method, o))
	}
	return r, r.compare()
}

// score backtests one method.
func score(h *History, method Method, o Options) Score {
	s := Score{Method: method}
	sum := tally{}
	for fold := o.Folds; fold > 0; fold-- {
		from := h.Hours() - fold*o.Horizon
		m, err := Fit(h.until(from), method)
		if err != nil {
			s.Why, _ = err.(*Unfit) //nolint:errorlint // Fit returns nothing else
			return s
		}
		s.Size = m.Size
		for c, row := range h.Counts {
			for t := from; t < from+o.Horizon; t++ {
				if p := m.At(c, t); p.Known && !math.IsNaN(row[t]) {
					sum.add(p, row[t])
				}
			}
		}
	}
	sum.into(&s)
	return s
}

// tally sums what a score is made of.
type tally struct {
	n, within                 int
	wrong, least, total, crps float64
	means                     float64
}

func (x *tally) add(p Prediction, y float64) {
	x.n++
	x.wrong += math.Abs(y - p.Mean)
	x.least += Floor(p.Mean)
	x.means += p.Mean
	x.total += y
	x.crps += p.CRPS(y)
	if low, high := p.Interval(Part); float64(low) <= y && y <= float64(high) {
		x.within++
	}
}

func (x *tally) into(s *Score) {
	if x.total == 0 { // nothing came: there is no error in parts of it
		s.Why = &Unfit{"empty", 1, 0}
		return
	}
	s.Counts = x.n
	s.WAPE = x.wrong / x.total
	if x.means > 0 {
		s.Floor = x.least / x.means
	}
	s.CRPS = x.crps / float64(x.n)
	s.Coverage = float64(x.within) / float64(x.n)
}

// compare sets skills and the best method.
func (r *Report) compare() error {
	var reference, best *Score
	most := 0
	for i := range r.Scores {
		if s := &r.Scores[i]; s.Why == nil {
			most = max(most, s.Counts)
		}
	}
	for i := range r.Scores {
		s := &r.Scores[i]
		if s.Why != nil {
			continue
		}
		if s.Method == WeekdayHour || (reference == nil && s.Method == Last) {
			reference = s
		}
		if s.Counts == most && (best == nil || s.CRPS < best.CRPS) {
			best = s
		}
	}
	if best == nil || reference == nil {
		return &Unfit{"empty", 1, 0}
	}
	r.Reference, r.Best = reference.Method, best.Method
	for i := range r.Scores {
		if s := &r.Scores[i]; s.Why == nil && reference.CRPS > 0 {
			s.Skill = 1 - s.CRPS/reference.CRPS
		}
	}
	return nil
}
