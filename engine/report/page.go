package report

import (
	"embed"
	"html/template"
	"io"
	"math"
	"strings"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

//go:embed page/*.html page/style.css
var pages embed.FS

// page is what the template of report.html reads. All texts are plain: html/template escapes
// each for the place where it stands, so that a name from an input file can do no harm.
type page struct {
	Plan        *engine.Plan
	Lang        string // of the document, a BCP 47 tag
	City        string
	Notice      string
	Style       template.CSS
	Sectors     []sectorView
	Borders     borders
	Cards       []cardView
	Layers      []engine.Layer
	Tolerances  []engine.Compliance
	Warnings    []string
	Assumptions []string
	Unknowns    []string // what the plan does not know, in sentences
	AnyTrips    bool     // a sector's demand is in trips
	AnyPresence bool     // a sector's demand is in vehicles standing
	Worked      *worked
}

// writePage writes report.html: one file that needs no other and no network.
func writePage(w io.Writer, p *engine.Plan, tag lang.Tag) error {
	t, err := template.New("page.html").Funcs(functions(p, tag)).ParseFS(pages, "page/*.html")
	if err != nil {
		return err
	}
	style, err := pages.ReadFile("page/style.css")
	if err != nil {
		return err
	}
	view := newPage(p, tag)
	view.Style = template.CSS(style) // our own file
	return t.Execute(w, view)
}

func newPage(p *engine.Plan, tag lang.Tag) *page {
	view := &page{
		Plan: p, Lang: "en", City: named(p.City.Name, tag, p.City.ID),
		Notice: p.City.Notice.In(string(tag)), Layers: p.Layers, Tolerances: p.Compliance,
		Warnings: Warnings(p, tag), Assumptions: Assumptions(p, tag),
		Unknowns: unknowns(p, tag), Worked: newWorked(p, tag),
	}
	if tag == lang.Chinese {
		view.Lang = "zh-CN"
	}
	pl := newPlane(p)
	view.Borders = newBorders(p, tag, pl)
	for i := range p.Sectors {
		view.Sectors = append(view.Sectors, newSector(p, tag, pl, &view.Borders, &p.Sectors[i]))
		if p.Sectors[i].Unit == unitTrips {
			view.AnyTrips = true
		} else {
			view.AnyPresence = true
		}
	}
	for i := range p.Scorecards {
		view.Cards = append(view.Cards, newCard(p, tag, &p.Scorecards[i]))
	}
	return view
}

// functions are what the templates call; each returns a plain text.
func functions(p *engine.Plan, tag lang.Tag) template.FuncMap {
	return template.FuncMap{
		"t":       func(id string, args ...any) string { return tag.Text(lang.M(id, args...)) },
		"n":       func(n int) string { return grouped(tag, n) },
		"some":    func(n int) string { return vehicles(tag, n) },
		"count":   func(n *int) string { return tag.Text(lang.M("report.value", "x", n)) },
		"big":     func(n int64) string { return tag.Text(lang.M("report.value", "x", n)) },
		"f":       func(decimals int, x any) string { return decimal(tag, decimals, x) },
		"pct":     func(x float64) string { return tag.Text(lang.M("report.percent", "x", x)) },
		"score":   func(x *float64) string { return score(tag, x) },
		"name":    func(n engine.Name, id string) string { return named(n, tag, id) },
		"label":   func(id string) string { return label(p, tag, id) },
		"short":   short,
		"width":   width,
		"percent": func(x float64) string { x *= 100; return width(&x) },
		"change": func(previous, n int) string {
			return change(tag, previous, n)
		},
		"share":  share,
		"digits": func(x float64) float64 { return significant(x, shareDigits) },
		"exact": func(x float64) string {
			return tag.Text(lang.M("report.value", "x", significant(x, 6)))
		},
		"gives": func(list []string) string { return relaxed(tag, list) },
	}
}

// decimal writes a float or a pointer to one with that many decimals; nil and NaN are unknown.
func decimal(tag lang.Tag, decimals int, x any) string {
	ids := []string{"report.value0", "report.value1", "report.value2", "report.value3"}
	return tag.Text(lang.M(ids[min(decimals, len(ids)-1)], "x", x))
}

// width is a share of a bar that is 100 wide, as a number for SVG; unknown is 0.
func width(x *float64) string {
	if x == nil || math.IsNaN(*x) {
		return "0"
	}
	return exact(math.Round(10*max(0, min(*x, 100))) / 10)
}

// relaxed lists the bounds that gave way.
func relaxed(tag lang.Tag, codes []string) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = tag.Text(lang.M("report.bound", "code", code))
	}
	return strings.Join(words, tag.Word("word.separator"))
}

// cardView is one operator's scorecard.
type cardView struct {
	*engine.Scorecard
	Title string
	Items []itemView
}

// itemView is one row of a scorecard.
type itemView struct {
	*engine.Item
	Title string
	Unit  string
	Rule  string
	How   string
}

// Number is the measured value, which is known.
func (v itemView) Number() float64 { return *v.Value }

func newCard(p *engine.Plan, tag lang.Tag, c *engine.Scorecard) cardView {
	v := cardView{Scorecard: c, Title: named(c.Name, tag, c.Operator)}
	for i := range c.Items {
		it := &c.Items[i]
		d := indicatorOf(&p.Rubric, it.Indicator)
		row := itemView{Item: it, Title: named(d.Name, tag, d.ID), Unit: d.Unit, Rule: scale(tag, d.Rule)}
		row.How = tag.Text(how(it))
		if it.Value == nil && it.Why != "" {
			row.How = tag.Text(lang.M("report.how-why", "how", row.How, "why", why(it)))
		}
		v.Items = append(v.Items, row)
	}
	return v
}
