package simulations

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/quota/forecast"
	"github.com/stint-city/stint/simulations/demand"
)

// Backtest is how well the simulation foretold days that its demand was not fitted to.
type Backtest struct {
	Model        demand.Model    `json:"model"`
	Fit          Days            `json:"fit"`
	Judge        Days            `json:"judge"`
	Replications int             `json:"replications"`
	Rides        int             `json:"rides"` // that were made in the town on the judged days
	Outside      int             `json:"outside_rides"`
	Bad          int             `json:"bad_rows"` // of the history, without a time or a place
	Inflation    float64         `json:"inflation"`
	Lost         float64         `json:"unmet_rate"` // simulated
	Levels       []BacktestLevel `json:"levels"`
	Hours        []BacktestHour  `json:"hours"`
	Skill        float64         `json:"least_skill"`
}

// BacktestLevel is a score at one coarseness: departures by cell and hour, cell and day, and of the
// whole city by hour and by day.
type BacktestLevel struct {
	Level     string  `json:"level"`
	Counts    int     `json:"counts"`
	WAPE      float64 `json:"wape"`          // sum of |count - mean| over the sum of counts
	Floor     float64 `json:"poisson_floor"` // WAPE of who knows the means of Poisson counts
	Bias      float64 `json:"bias"`          // simulated over counted, less 1
	CRPS      float64 `json:"crps"`          // mean
	Reference float64 `json:"reference_crps"`
	Skill     float64 `json:"skill"`    // 1 - CRPS over that of the weekday-hour mean
	Coverage  float64 `json:"coverage"` // part of the counts within the 80 % interval
}

// BacktestHour is the city in an hour.
type BacktestHour struct {
	Hour int     `json:"hour"` // from the first judged day's midnight
	Seen float64 `json:"counted"`
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"` // of the 80 % interval
	High float64 `json:"high"`
}

// The coarsenesses of a backtest.
const (
	levelCellHour = "cell-hour"
	levelCellDay  = "cell-day"
	levelHour     = "hour"
	levelDay      = "day"
)

// Judged returns the scenario that a backtest runs: its first policy on the judged days, after one
// day to warm up, with nothing happening, and riders from what was fitted.
func (s *Scenario) Judged() (*Scenario, error) {
	of, ok := s.History.Judge.span()
	if !ok || s.History.Trips == "" {
		c := scenarioCheck{name: s.name, at: s.at}
		c.fault("history", "sim-fit.no-judge")
		return nil, c.faults[0]
	}
	j := *s
	j.Days, j.Warmup = of.days()+1, 1
	j.FirstHour = (hourOfWeek(of.from) + week - 24) % week
	j.Demand.Model, j.Demand.Growth = fromFit, 1
	j.Policies, j.Shocks, j.Checks = s.Policies[:1], nil, nil
	if j.History.Fit.To == "" { // all that was before
		j.History.Fit.To = time.UnixMilli(of.from - dayMS).UTC().Format(time.DateOnly)
	}
	return &j, nil
}

// Backtest runs a study of Scenario.Judged and compares the rides it makes with those that were.
func (s *Study) Backtest(
	ctx context.Context, workers int, progress func(done, most int),
) (*Backtest, error) {
	w, p, set := s.worlds[0], s.past, &s.Scenario.History
	w.keepHours = true
	judged, _ := set.Judge.span() // Judged checked it
	if all := p.all(); judged.from < all.from || judged.to > all.to {
		c := scenarioCheck{name: s.Scenario.name, at: s.Scenario.at}
		told := all.text()
		c.fault("history.judge", "sim-fit.judge-outside", "from", told.From, "to", told.To)
		return nil, c.faults[0]
	}
	n := s.Scenario.Replications.Max
	samples := newSamples(len(w.town.Cells), judged.days()*24, n)
	lost, asked := int64(0), int64(0)
	maker := s.Maker()
	for from := 0; from < n; from += block {
		to := min(from+block, n)
		made, err := maker.block(ctx, from, to, workers)
		if err != nil {
			return nil, err
		}
		for k, t := range made[0] {
			samples.take(from+k, t.Departed[w.warmup*len(w.town.Cells):])
			lost, asked = lost+t.unserved(), asked+t.Requests
		}
		if progress != nil {
			progress(to, n)
		}
	}
	reference, err := s.reference()
	if err != nil {
		return nil, err
	}
	b := &Backtest{
		Model: set.Model, Fit: set.Fit, Judge: set.Judge, Replications: n, Bad: p.bad,
		Skill: set.Skill, Lost: ratio(lost, asked),
	}
	b.Fit = p.window(set.Fit).text()
	table, err := s.Scenario.fit(p, p.window(set.Fit), w.town)
	if err != nil {
		return nil, err
	}
	b.Inflation = table.Inflation
	counts := p.counts(judged, w.town)
	for c := range counts.Rides {
		for _, y := range counts.Rides[c] {
			b.Rides += int(y)
		}
	}
	b.Outside = p.count(judged) - b.Rides
	if b.Rides == 0 {
		return nil, &forecast.Unfit{Code: "empty", Need: 1, Have: 0}
	}
	for _, level := range []string{levelCellHour, levelCellDay, levelHour, levelDay} {
		score := newScore(samples, reference, counts.Rides, level)
		b.Levels = append(b.Levels, score.level())
		if level == levelHour {
			b.Hours = score.hours
		}
	}
	return b, nil
}

// text returns the days of a span.
func (s span) text() Days {
	day := func(at int64) string { return time.UnixMilli(at).UTC().Format(time.DateOnly) }
	return Days{day(s.from), day(s.to - dayMS)}
}

// count returns how many rides of a span there are, in the town or not.
func (p *past) count(of span) int {
	n := 0
	for i := range p.rides {
		if p.rides[i].at >= of.from && p.rides[i].at < of.to {
			n++
		}
	}
	return n
}

// reference is the plain mean by cell and hour of the week, over the hours judged:
// [hour*cells+cell].
func (s *Study) reference() ([]float64, error) {
	t, set := s.worlds[0].town, &s.Scenario.History
	table, err := demand.Fit(s.past.counts(s.past.window(set.Fit), t),
		demand.Options{Model: demand.WeekdayHour})
	if err != nil {
		return nil, err
	}
	of, _ := set.Judge.span()
	var list []float64
	for hour := range of.days() * 24 {
		at := (hourOfWeek(of.from) + hour) % week * table.Cells
		list = append(list, table.Rate[at:at+table.Cells]...)
	}
	return list, nil
}

// samples are the departures of every replication: most are 0 and aren't kept.
type samples struct {
	cells, hours, n int
	kept            map[int][]sample // by hour*cells + cell
}

type sample struct{ replication, n int32 }

func newSamples(cells, hours, n int) *samples {
	return &samples{cells, hours, n, map[int][]sample{}}
}

// take keeps the departures of a replication.
func (s *samples) take(replication int, departed []uint32) {
	for i, n := range departed {
		if n > 0 {
			s.kept[i] = append(s.kept[i], sample{int32(replication), int32(n)})
		}
	}
}

// bucket returns the group of an hour and cell at a level, and how many groups there are.
func (s *samples) bucket(level string, hour, cell int) int {
	switch level {
	case levelCellHour:
		return hour*s.cells + cell
	case levelCellDay:
		return hour/24*s.cells + cell
	case levelHour:
		return hour
	}
	return hour / 24
}

// buckets returns how many groups a level has.
func (s *samples) buckets(level string) int {
	return s.bucket(level, s.hours-1, s.cells-1) + 1
}

// score compares samples with counts at a level.
type score struct {
	name  string
	sum   tallyScore
	hours []BacktestHour
}

// tallyScore sums what a level is made of.
type tallyScore struct {
	n, within                            int
	wrong, least, total, means, crps, by float64
}

// newScore groups samples, reference and counts, and scores each group.
func newScore(s *samples, reference []float64, rides [][]float64, level string) *score {
	groups := s.buckets(level)
	seen, mean := make([]float64, groups), make([]float64, groups)
	made := make([][]float64, groups) // by replication; nil = none rode
	for hour := range s.hours {
		for cell := range s.cells {
			at, g := hour*s.cells+cell, s.bucket(level, hour, cell)
			seen[g] += rides[cell][hour]
			mean[g] += reference[at]
			for _, x := range s.kept[at] {
				if made[g] == nil {
					made[g] = make([]float64, s.n)
				}
				made[g][x.replication] += float64(x.n)
			}
		}
	}
	out := &score{name: level}
	none := make([]float64, s.n)
	for g := range groups {
		list := made[g]
		if list == nil {
			list = none
		}
		out.add(list, seen[g], mean[g], level == levelHour)
	}
	return out
}

// add scores one count by the replications, which it sorts, and by the reference's mean.
func (s *score) add(list []float64, y, reference float64, keep bool) {
	slices.Sort(list)
	mean := 0.0
	for _, x := range list {
		mean += x / float64(len(list))
	}
	low, high := least(list, (1-forecast.Part)/2), least(list, (1+forecast.Part)/2)
	x := &s.sum
	x.n++
	x.wrong += math.Abs(y - mean)
	x.least += forecast.Floor(mean)
	x.total, x.means = x.total+y, x.means+mean
	x.crps += crps(list, y)
	x.by += forecast.Prediction{Mean: reference, Size: math.Inf(1), Known: true}.CRPS(y)
	if low <= y && y <= high {
		x.within++
	}
	if keep {
		s.hours = append(s.hours, BacktestHour{len(s.hours), y, mean, low, high})
	}
}

// level returns the score.
func (s *score) level() BacktestLevel {
	x, n := &s.sum, float64(s.sum.n)
	l := BacktestLevel{
		Level: s.name, Counts: x.n, WAPE: x.wrong / x.total, Bias: x.means/x.total - 1,
		CRPS: x.crps / n, Reference: x.by / n, Coverage: float64(x.within) / n,
	}
	if x.means > 0 {
		l.Floor = x.least / x.means
	}
	if x.by > 0 {
		l.Skill = 1 - x.crps/x.by
	}
	return l
}

// least returns the least of sorted values that the part q of them is at most.
func least(sorted []float64, q float64) float64 {
	return sorted[max(0, int(math.Ceil(q*float64(len(sorted))))-1)]
}

// crps returns the continuous ranked probability score of a sorted sample for what came, as if the
// sample were without end: the mean distance from it, less half the mean distance within it.
//
// Source: Gneiting and Raftery, Strictly Proper Scoring Rules (2007); the correction for few
// members, Ferro (2014).
func crps(sorted []float64, y float64) float64 {
	n := float64(len(sorted))
	far, within := 0.0, 0.0
	for i, x := range sorted {
		far += math.Abs(x - y)
		within += x * (2*float64(i) - n + 1)
	}
	if n < 2 {
		return far
	}
	return far/n - within/(n*(n-1))
}

// Holds returns ErrCheck where the skill by cell and hour is below the least.
func (b *Backtest) Holds() error {
	if l := b.Levels[0]; l.Skill < b.Skill {
		return lang.E(ErrCheck, "sim-fit.below", "skill", l.Skill, "least", b.Skill)
	}
	return nil
}

// Weak reports whether the simulation foretells no better than the mean of the past.
func (b *Backtest) Weak() bool { return b.Levels[0].Skill <= 0 }
