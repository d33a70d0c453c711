package simulations

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"math"
	"strconv"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/simulations/chart"
)

//go:embed page.html
var pages embed.FS

// Extras are what stands on a report's page where it was made.
type Extras struct {
	Sweep       *Sweep
	Sensitivity *Sensitivity
	Backtest    *Backtest
}

// Page returns the report: one HTML file with its drawings, no network.
func (r *Result) Page(m Manifest, extras Extras, tag lang.Tag) ([]byte, error) {
	d := drawing{r, tag}
	t, err := template.New("page.html").Funcs(template.FuncMap{
		"word":    tag.Word,
		"metric":  func(id string) string { return tag.Word("sim.metric-" + id) },
		"level":   func(l Level) string { return LevelText(l, tag) },
		"verdict": func(v Verdict) string { return v.Text(tag) },
		"number":  func(x float64) string { return strconv.FormatFloat(x, 'g', 5, 64) },
		"unmet":   d.unmet, "hours": d.hours, "before": d.before, "after": d.after,
		"pareto": d.pareto, "lorenz": d.lorenz, "sweep": d.sweep, "tornado": d.tornado,
		"foretold": d.foretold, "levels": func(b *Backtest) [][]string {
			rows, _ := b.Table(tag)
			return rows
		},
		"judged": func(b *Backtest) string { return b.Text(tag) },
		"count": func() string {
			return tag.Text(lang.M("sim.report-count", "n", r.Replications, "seed", r.Seed))
		},
	}).ParseFS(pages, "page.html")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, struct {
		*Result
		Extras
		Manifest  Manifest
		Operators []operatorRows
		Lang      string
	}{r, extras, m, r.byOperator(), string(tag)})
	return b.Bytes(), err
}

// LevelText writes a level with its interval, or says that it is not computable.
func LevelText(l Level, tag lang.Tag) string {
	if l.Mean == nil {
		return tag.Word("word.unknown")
	}
	digits := 1
	if size := max(math.Abs(*l.Low), math.Abs(*l.High)); size < 10 {
		digits = 3
	}
	f := func(x float64) string { return strconv.FormatFloat(x, 'f', digits, 64) }
	return fmt.Sprintf("%s [%s, %s]", f(*l.Mean), f(*l.Low), f(*l.High))
}

// operatorRows are an operator's figures under every policy.
type operatorRows struct {
	Key  string
	Rows []operatorRow
}

type operatorRow struct {
	Metric string
	Levels []Level // by policy
}

// byOperator turns the parts of policies into tables by operator.
func (r *Result) byOperator() []operatorRows {
	var list []operatorRows
	for i, part := range r.Policies[0].Parts {
		if part.Scope != scopeOperator {
			continue
		}
		rows := operatorRows{Key: part.Key}
		for m, l := range part.Metrics {
			row := operatorRow{Metric: l.Metric}
			for p := range r.Policies {
				row.Levels = append(row.Levels, r.Policies[p].Parts[i].Metrics[m])
			}
			rows.Rows = append(rows.Rows, row)
		}
		list = append(list, rows)
	}
	return list
}

// drawing makes a report's pictures.
type drawing struct {
	*Result
	tag lang.Tag
}

// value is a level's mean and interval, NaN where it is not computable.
func value(l Level) (mean, low, high float64) {
	if l.Mean == nil {
		return math.NaN(), math.NaN(), math.NaN()
	}
	return *l.Mean, *l.Low, *l.High
}

// unmet draws the unmet rate of each policy with its interval.
func (d drawing) unmet() template.HTML {
	var bars []chart.Bar
	for _, p := range d.Policies {
		b := chart.Bar{Name: p.ID, Text: d.tag.Word("word.unknown")}
		if b.Mean, b.Low, b.High = value(p.Metrics[0]); p.Metrics[0].Mean != nil {
			b.Text = strconv.FormatFloat(100*b.Mean, 'f', 2, 64) + " %"
		}
		bars = append(bars, b)
	}
	return chart.Bars(d.tag.Word("sim.report-unmet"), bars)
}

// hours draws requests and what each policy serves by hour of the day, with intervals.
func (d drawing) hours() template.HTML {
	line := func(p int, metric, name string) chart.Line {
		l := chart.Line{Name: name}
		for _, part := range d.Policies[p].Parts {
			if part.Scope != scopeHour {
				continue
			}
			for _, m := range part.Metrics {
				if m.Metric == metric {
					mean, low, high := value(m)
					l.X, l.Y = append(l.X, float64(len(l.X))), append(l.Y, mean)
					l.Low, l.High = append(l.Low, low), append(l.High, high)
				}
			}
		}
		return l
	}
	requests := line(0, "requests", d.tag.Word("sim.metric-requests"))
	requests.Dashed, requests.Low, requests.High = true, nil, nil
	lines := []chart.Line{}
	for p := range d.Policies {
		lines = append(lines, line(p, "served", d.Policies[p].ID))
	}
	return chart.Lines(chart.Frame{
		Name: d.tag.Word("sim.report-hours"), X: d.tag.Word("sim.report-hour"), Zero: true,
	}, append(lines, requests))
}

// before maps the unmet rate of the baseline.
func (d drawing) before() template.HTML { return d.mapped(0, false) }

// after maps the difference of a policy's unmet rate from the baseline's.
func (d drawing) after(p int) template.HTML { return d.mapped(p, true) }

// mostTitles is how many cells of a map say their figures where the mouse is.
const mostTitles = 3000

// mapped draws cells with requests: the unmet rate of a policy or its difference.
func (d drawing) mapped(p int, difference bool) template.HTML {
	var cells []chart.Cell
	unmet := func(c *Cell) float64 { return ratio(c.Requests-c.Served, c.Requests) }
	for i := range d.cells[p] {
		c := &d.cells[p][i]
		x := chart.Cell{Outline: c.Cell.Boundary(), Value: unmet(c)}
		if difference {
			x.Value -= unmet(&d.cells[0][i])
		}
		if len(d.cells[p]) <= mostTitles {
			x.Title = fmt.Sprintf("%s %s: %.3f", c.Cell, c.District, x.Value)
		}
		cells = append(cells, x)
	}
	return chart.Map(d.Policies[p].ID, cells, difference)
}

// pareto draws each policy's vehicles against its unmet rate. Nothing beats a point of the front in
// both.
func (d drawing) pareto() template.HTML {
	var points []chart.Point
	for _, p := range d.Policies {
		x := chart.Point{Name: p.ID}
		for _, q := range p.Quotas {
			x.X += float64(q.Vehicles)
		}
		x.Y, x.Low, x.High = value(p.Metrics[0])
		points = append(points, x)
	}
	for i := range points {
		points[i].Best = true
		for _, q := range points {
			beats := q.X <= points[i].X && q.Y <= points[i].Y && (q.X < points[i].X || q.Y < points[i].Y)
			points[i].Best = points[i].Best && !beats
		}
	}
	return chart.Scatter(chart.Frame{
		Name: d.tag.Word("sim.report-pareto"), X: d.tag.Word("sim.report-vehicles"),
		Y: d.tag.Word("sim.metric-unmet_rate"),
	}, points)
}

// lorenz draws how evenly requests find a vehicle, by policy, beside the line of equality.
func (d drawing) lorenz() template.HTML {
	equal := chart.Line{Name: d.tag.Word("sim.report-equal"), X: []float64{0, 1}, Y: []float64{0, 1}}
	equal.Dashed = true
	lines := []chart.Line{}
	for p := range d.Policies {
		counts := make([]CellTally, len(d.cells[p]))
		for i := range counts {
			counts[i] = d.cells[p][i].CellTally
		}
		x, y := lorenz(counts)
		lines = append(lines, chart.Line{Name: d.Policies[p].ID, X: x, Y: y})
	}
	return chart.Lines(chart.Frame{
		Name: d.tag.Word("sim.report-lorenz"), X: d.tag.Word("sim.report-lorenz-x"),
		Y: d.tag.Word("sim.report-lorenz-y"), Zero: true,
	}, append(lines, equal))
}

// sweep draws the points of a sweep.
func (d drawing) sweep(s *Sweep) template.HTML {
	var points []chart.Point
	for i := range s.Points {
		at := &s.Points[i]
		x := chart.Point{Name: at.ID, X: float64(at.Vehicles), Chosen: i == s.Best}
		x.Y, x.Low, x.High = value(at.Objective)
		points = append(points, x)
	}
	return chart.Scatter(chart.Frame{
		Name: d.tag.Word("sim.sweep-title"), X: d.tag.Word("sim.report-vehicles"),
		Y: d.tag.Word("sim.metric-" + s.Metric),
	}, points)
}

// tornado draws how far each assumption moves the answer.
func (d drawing) tornado(s *Sensitivity) template.HTML {
	var list []chart.Reach
	for _, f := range s.Factors {
		list = append(list, chart.Reach{Name: f.Key, From: f.AtLow, To: f.AtHigh})
	}
	return chart.Tornado(d.tag.Word("sim.sensitivity-title"), s.Middle, list)
}

// foretold draws the rides of each judged hour beside what the simulation makes of them.
func (d drawing) foretold(b *Backtest) template.HTML {
	made := chart.Line{Name: d.tag.Word("sim-fit.simulated")}
	seen := chart.Line{Name: d.tag.Word("sim-fit.counted"), Dashed: true}
	for _, h := range b.Hours {
		x := float64(h.Hour)
		made.X, made.Y = append(made.X, x), append(made.Y, h.Mean)
		made.Low, made.High = append(made.Low, h.Low), append(made.High, h.High)
		seen.X, seen.Y = append(seen.X, x), append(seen.Y, h.Seen)
	}
	return chart.Lines(chart.Frame{
		Name: d.tag.Word("sim-fit.title"), X: d.tag.Word("sim-fit.axis"), Zero: true,
	}, []chart.Line{made, seen})
}
