package forecast

import "math"

// Method is a way to forecast.
type Method string

// The methods, the plain ones first.
const (
	Last        Method = "last"         // the last count
	LastWeek    Method = "last-week"    // the count a week before: seasonal-naive
	Level       Method = "level"        // a mean that forgets, the same for every hour
	WeekdayHour Method = "weekday-hour" // a mean of the same hour of the week that forgets
	Pooled      Method = "pooled"       // a cell's level now times a shape shared with its region
)

// Methods returns every method, the plain ones first: of two equally good the plainer one counts.
func Methods() []Method { return []Method{Last, LastWeek, Level, WeekdayHour, Pooled} }

// How fast means forget: after so many hours a count weighs half.
const (
	forgetLevel = 3 * 24
	forgetWeeks = 4 * Week
)

// Model is a method fitted to a history.
type Model struct {
	Method  Method
	Size    float64 // of its predictions; +Inf = Poisson
	Setting Setting // of Pooled
	mean    func(cell, hour int) float64
}

// At returns the prediction of a cell in an hour, which may lie after the history's end.
func (m *Model) At(cell, hour int) Prediction {
	mean := m.mean(cell, hour)
	return Prediction{Mean: mean, Size: m.Size, Known: !math.IsNaN(mean)}
}

// Fit fits a method to a history. It returns an *Unfit where the history doesn't suffice.
//
// The width of the predictions comes from the last week: the method, fitted to what was before,
// meets it, and what its errors are larger than a Poisson count's makes Size. A history without
// that much gives Poisson predictions. Fit panics if the history's slices differ in length.
func Fit(h History, method Method) (*Model, error) {
	h.check()
	m := &Model{Method: method, Size: math.Inf(1)}
	held := h.Hours() - Week
	if method == Pooled {
		if err := h.weekly(); err != nil {
			return nil, err
		}
		m.Setting = tune(&h)
	}
	if err := m.fit(&h); err != nil {
		return nil, err
	}
	if held <= 0 {
		return m, nil
	}
	before := h.until(held)
	past := &Model{Method: method, Setting: m.Setting}
	if past.fit(&before) == nil {
		m.Size = past.size(&h, held)
	}
	return m, nil
}

// fit sets m.mean.
func (m *Model) fit(h *History) error {
	need := h.weekly
	switch m.Method {
	case Last, Level:
		need = h.some
	case LastWeek:
		need = h.week
	}
	if err := need(); err != nil {
		return err
	}
	switch m.Method {
	case Last:
		m.mean = lastOf(h)
	case LastWeek:
		m.mean = lastWeekOf(h)
	case Level:
		m.mean = levelOf(h)
	case WeekdayHour:
		m.mean = weekdayHourOf(h)
	case Pooled:
		m.mean = pooledOf(h, m.Setting)
	default:
		panic("forecast: unknown method " + string(m.Method))
	}
	return nil
}

// week returns an *Unfit unless the history has a week.
func (h *History) week() error {
	if err := h.some(); err != nil {
		return err
	}
	if h.Hours() < Week {
		return &Unfit{"short", Week, h.Hours()}
	}
	return nil
}

// size returns the size that the counts from an hour on ask for, by their moments.
func (m *Model) size(h *History, from int) float64 {
	extra, squares := 0.0, 0.0
	for c, row := range h.Counts {
		for t := from; t < len(row); t++ {
			mean := m.mean(c, t)
			if math.IsNaN(row[t]) || math.IsNaN(mean) {
				continue
			}
			extra += (row[t]-mean)*(row[t]-mean) - mean
			squares += mean * mean
		}
	}
	if extra <= 0 || squares == 0 {
		return math.Inf(1)
	}
	return squares / extra
}

// lastOf forecasts the last count of each cell.
func lastOf(h *History) func(cell, hour int) float64 {
	last := make([]float64, len(h.Counts))
	for c, row := range h.Counts {
		last[c] = math.NaN()
		for _, y := range row {
			if !math.IsNaN(y) {
				last[c] = y
			}
		}
	}
	return func(cell, _ int) float64 { return last[cell] }
}

// lastWeekOf forecasts the last count in the same hour of the week.
func lastWeekOf(h *History) func(cell, hour int) float64 {
	last := hourly(len(h.Counts), math.NaN())
	for c, row := range h.Counts {
		for t, y := range row {
			if !math.IsNaN(y) {
				last[c][h.ofWeek(t)] = y
			}
		}
	}
	phase := *h
	return func(cell, hour int) float64 { return last[cell][phase.ofWeek(hour)] }
}

// hourly returns a table by cell and hour of the week, all of it x.
func hourly(cells int, x float64) [][]float64 {
	table, all := make([][]float64, cells), make([]float64, cells*Week)
	for i := range all {
		all[i] = x
	}
	for c := range table {
		table[c] = all[c*Week : (c+1)*Week]
	}
	return table
}

// weights returns what a count weighs in each hour, 1 at the end of the history.
func (h *History) weights(halfLife float64) []float64 {
	w := make([]float64, h.Hours())
	for t := range w {
		w[t] = math.Exp2(-float64(len(w)-1-t) / halfLife)
	}
	return w
}

// levelOf forecasts each cell's mean that forgets.
func levelOf(h *History) func(cell, hour int) float64 {
	level := make([]float64, len(h.Counts))
	w := h.weights(forgetLevel)
	for c, row := range h.Counts {
		sum, weight := 0.0, 0.0
		for t, y := range row {
			if !math.IsNaN(y) {
				sum, weight = sum+w[t]*y, weight+w[t]
			}
		}
		level[c] = sum / weight // NaN where nothing is known
	}
	return func(cell, _ int) float64 { return level[cell] }
}

// weekdayHourOf forecasts each cell's mean of the same hour of the week that forgets.
func weekdayHourOf(h *History) func(cell, hour int) float64 {
	mean, _ := h.hourOfWeek(h.weights(forgetWeeks))
	phase := *h
	return func(cell, hour int) float64 { return mean[cell][phase.ofWeek(hour)] }
}

// hourOfWeek returns each cell's weighted mean by hour of the week, NaN where none was counted, and
// the weights behind it.
func (h *History) hourOfWeek(w []float64) (mean, weight [][]float64) {
	mean, weight = hourly(len(h.Counts), 0), hourly(len(h.Counts), 0)
	for c, row := range h.Counts {
		for t, y := range row {
			if k := h.ofWeek(t); !math.IsNaN(y) {
				mean[c][k] += w[t] * y
				weight[c][k] += w[t]
			}
		}
		for k := range mean[c] {
			mean[c][k] /= weight[c][k]
		}
	}
	return mean, weight
}
