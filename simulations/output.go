package simulations

import (
	"bytes"
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/stint-city/stint/engine/lang"
)

//go:embed page.html
var pages embed.FS

// Manifest says what made a result, so that anybody can make it again.
type Manifest struct {
	Tool     string            `json:"tool"`
	Scenario string            `json:"scenario_sha256"`
	Plans    map[string]string `json:"plans"`  // by policy; a plan's ID is the hash of its content
	Inputs   map[string]string `json:"inputs"` // sha256 by path, of the baseline's city
}

// Manifest returns what made this study's results.
func (s *Study) Manifest(tool, scenario string) Manifest {
	m := Manifest{
		Tool: tool, Scenario: scenario, Plans: map[string]string{}, Inputs: map[string]string{},
	}
	for p, w := range s.worlds {
		m.Plans[s.Scenario.Policies[p].ID] = w.bureau.plan.ID
	}
	for _, in := range s.worlds[0].bureau.snapshot.Inputs {
		m.Inputs[in.Path] = in.SHA256
	}
	return m
}

// Write writes a result into an empty folder: summary.json, metrics.csv (policy, replication,
// metric, value), manifest.json and report.html.
func (r *Result) Write(dir string, m Manifest, tag lang.Tag) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	page, err := r.page(m, tag)
	if err != nil {
		return err
	}
	table, err := r.table()
	if err != nil {
		return err
	}
	files := map[string][]byte{"report.html": page, "metrics.csv": table}
	for name, of := range map[string]any{"summary.json": r, "manifest.json": m} {
		data, err := json.MarshalIndent(of, "", " ")
		if err != nil {
			return err
		}
		files[name] = append(data, '\n')
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// table returns every metric of every replication as CSV; what is not computable is empty.
func (r *Result) table() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"policy", "replication", "metric", "value"})
	for p := range r.Policies {
		for m, id := range MetricIDs() {
			for k, x := range r.values[p][m] {
				text := ""
				if !math.IsNaN(x) {
					text = strconv.FormatFloat(x, 'g', -1, 64)
				}
				_ = w.Write([]string{r.Policies[p].ID, strconv.Itoa(k), id, text})
			}
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// page returns the report: one file, no network.
func (r *Result) page(m Manifest, tag lang.Tag) ([]byte, error) {
	t, err := template.New("page.html").Funcs(template.FuncMap{
		"word":  func(id string) string { return tag.Word(id) },
		"level": func(l Level) string { return LevelText(l, tag) },
		"unmet": func() template.HTML { return r.unmetBars() },
		"hours": func() template.HTML { return r.hourLines() },
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
		Manifest Manifest
	}{r, m})
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

// The size of a chart, px.
const chartWidth, rowHeight, labelWidth = 640, 28, 140

// unmetBars draws the unmet rate of each policy with its interval.
func (r *Result) unmetBars() template.HTML {
	most := 0.0
	for _, p := range r.Policies {
		if l := p.Metrics[0]; l.High != nil {
			most = max(most, *l.High)
		}
	}
	if most == 0 {
		most = 1
	}
	var b bytes.Buffer
	scale := (chartWidth - labelWidth - 80) / most
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img">`, chartWidth, rowHeight*len(r.Policies))
	for i, p := range r.Policies {
		y := i * rowHeight
		fmt.Fprintf(&b, `<text x="%d" y="%d" class="label">%s</text>`, labelWidth-8, y+18,
			template.HTMLEscapeString(p.ID))
		l := p.Metrics[0]
		if l.Mean == nil {
			continue
		}
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%.1f" height="16" class="bar"/>`,
			labelWidth, y+6, *l.Mean*scale)
		fmt.Fprintf(&b, `<path d="M%.1f %dH%.1f" class="interval"/>`,
			labelWidth+*l.Low*scale, y+14, labelWidth+*l.High*scale)
		fmt.Fprintf(&b, `<text x="%.1f" y="%d">%.1f %%</text>`,
			labelWidth+*l.High*scale+6, y+18, 100**l.Mean)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // numbers and escaped IDs
}

// hourLines draws requests and what each policy serves by hour of the day.
func (r *Result) hourLines() template.HTML {
	const height = 200
	most := 1.0
	for _, h := range r.Policies[0].ByHour {
		most = max(most, h.Requests)
	}
	var b bytes.Buffer
	line := func(class string, of func(h int) float64) {
		fmt.Fprintf(&b, `<path class="%s" d="`, class)
		for h := range 24 {
			command := "L"
			if h == 0 {
				command = "M"
			}
			fmt.Fprintf(&b, "%s%.1f %.1f", command, 30+float64(h)*25, height-of(h)/most*(height-20))
		}
		b.WriteString(`"/>`)
	}
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img">`, chartWidth, height+20)
	line("requests", func(h int) float64 { return r.Policies[0].ByHour[h].Requests })
	for p := range r.Policies {
		line("served p"+strconv.Itoa(p%6), func(h int) float64 { return r.Policies[p].ByHour[h].Served })
	}
	for h := 0; h < 24; h += 3 {
		fmt.Fprintf(&b, `<text x="%d" y="%d" class="tick">%02d</text>`, 22+h*25, height+16, h)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // numbers only
}
