package report

import (
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/scoring/rubric"
)

//go:embed public/scorecard.html
var publicPages embed.FS

// Scorecards are the result of an assessment as it is published (article 7): the cards without
// what the public doesn't see, and the table of marks behind them.
type Scorecards struct {
	Rubric *rubric.Rubric `json:"rubric"`
	Period string         `json:"period,omitempty"`
	Cards  []rubric.Card  `json:"cards"` // by rank, those without one last
	// Before are the scores of the assessment before, by operator; an operator without one is new.
	Before map[string]rubric.Number `json:"before,omitempty"`
}

// PublicFields are the fields of a card that the public sees where the table of marks names none.
func PublicFields() []string {
	return []string{
		"operator", "class", "score", "low", "high", "scale", "grade", "pass", "rank", "tied",
		"vetoes", "periods",
	}
}

// Publish returns what the public sees of cards: the fields that the table names, and of each item
// its points and rule. What was measured is the operator's business and never goes out.
func Publish(
	r *rubric.Rubric, period string, cards []rubric.Card, before map[string]rubric.Number,
) Scorecards {
	fields := r.Publish
	if len(fields) == 0 {
		fields = PublicFields()
	}
	s := Scorecards{Rubric: r, Period: period, Before: before}
	for _, c := range cards {
		s.Cards = append(s.Cards, publicCard(c, fields))
	}
	slices.SortStableFunc(s.Cards, func(a, b rubric.Card) int { return rankOf(a) - rankOf(b) })
	return s
}

// rankOf orders cards: by rank, then those without one.
func rankOf(c rubric.Card) int {
	if c.Rank == nil {
		return 1 << 20 // behind all
	}
	return *c.Rank
}

// publicCard returns a card without the fields that aren't published.
func publicCard(c rubric.Card, fields []string) rubric.Card {
	out := rubric.Card{Operator: c.Operator, Pass: "none"}
	for _, field := range fields {
		switch field {
		case "class":
			out.Class = c.Class
		case "score":
			out.Score, out.Scale = c.Score, c.Scale
		case "exact":
			out.Exact = c.Exact
		case "low":
			out.Low = c.Low
		case "high":
			out.High = c.High
		case "scale":
			out.Scale = c.Scale
		case "grade":
			out.Grade = c.Grade
		case "pass":
			out.Pass = c.Pass
		case "rank":
			out.Rank = c.Rank
		case "tied":
			out.Tied = c.Tied
		case "vetoes":
			out.Vetoes = c.Vetoes
		case "exit":
			out.Exit = c.Exit
		case "periods":
			out.Periods = publicPeriods(c.Periods)
		}
	}
	return out
}

// publicPeriods returns periods without what was measured.
func publicPeriods(list []rubric.Period) []rubric.Period {
	out := slices.Clone(list)
	for i := range out {
		out[i].Parts = slices.Clone(out[i].Parts)
		for j := range out[i].Parts {
			items := slices.Clone(out[i].Parts[j].Items)
			for k := range items {
				items[k].Value, items[k].Samples = nil, 0
			}
			out[i].Parts[j].Items = items
		}
	}
	return out
}

// WriteScorecardJSON writes the publication for programs.
func WriteScorecardJSON(w io.Writer, s Scorecards) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(s)
}

// WriteScorecardCSV writes one row an operator, and the points of each item of the last period.
func WriteScorecardCSV(w io.Writer, s Scorecards) error {
	out := csv.NewWriter(w)
	head := []string{
		"operator", "class", "rank", "score", "scale", "low", "high", "grade", "pass", "before",
	}
	items := itemIDs(s)
	rows := [][]string{append(head, items...)}
	for _, c := range s.Cards {
		row := []string{
			c.Operator, c.Class, optional(c.Rank), markText(c.Score), c.Scale.String(), c.Low.String(),
			c.High.String(), c.Grade, c.Pass, before(s, c.Operator),
		}
		points := pointsOf(c)
		for _, id := range items {
			row = append(row, points[id])
		}
		rows = append(rows, row)
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the scorecard: %w", err)
	}
	return nil
}

// itemIDs returns the items of all cards' last periods, in the order of the tables.
func itemIDs(s Scorecards) []string {
	var ids []string
	for _, c := range s.Cards {
		if len(c.Periods) == 0 {
			continue
		}
		for _, part := range c.Periods[len(c.Periods)-1].Parts {
			for _, x := range part.Items {
				if id := itemID(part, x); !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}

func itemID(part rubric.Part, x rubric.Item) string {
	if part.Assessor == "" {
		return x.Indicator
	}
	return part.Assessor + ":" + x.Indicator
}

// pointsOf returns the points of a card's last period by item; "" is unknown.
func pointsOf(c rubric.Card) map[string]string {
	points := map[string]string{}
	if len(c.Periods) == 0 {
		return points
	}
	for _, part := range c.Periods[len(c.Periods)-1].Parts {
		for _, x := range part.Items {
			points[itemID(part, x)] = markText(x.Points)
		}
	}
	return points
}

func markText(x *rubric.Number) string {
	if x == nil {
		return ""
	}
	return x.String()
}

func optional(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

func before(s Scorecards, operator string) string {
	x, ok := s.Before[operator]
	if !ok {
		return ""
	}
	return x.String()
}

// scorecardPage is what the template of scorecard.html reads.
type scorecardPage struct {
	Scorecards
	Lang  string
	Style template.CSS
	Rows  []scorecardRow
	Tied  []string // sentences about ranks that can't be told apart
}

// scorecardRow is one operator on the page; bars in per cent of the scale.
type scorecardRow struct {
	rubric.Card
	Bar, Left, Width float64
	Uncertain        bool
	Trend            string
}

// WriteScorecardPage writes the publication for people: one HTML file that needs no other.
func WriteScorecardPage(w io.Writer, s Scorecards, tag lang.Tag) error {
	functions := template.FuncMap{
		"t": func(id string, pairs ...any) string { return tag.Text(lang.M(id, pairs...)) },
		"text": func(t rubric.Text) string {
			if (tag == lang.Chinese && t.Zh != "") || t.En == "" {
				return t.Zh
			}
			return t.En
		},
		"x": func(x *rubric.Number) string {
			if x == nil {
				return tag.Word("word.unknown")
			}
			return x.String()
		},
		"two":   func(x rubric.Number) string { return fmt.Sprintf("%.2f", x.Float()) },
		"scale": func(d rubric.Indicator) string { return scaleText(tag, &d) },
		"agency": func(t rubric.Table, d rubric.Indicator) string {
			return agencyOf(&t, &d)
		},
	}
	const name = "scorecard.html"
	page, err := template.New(name).Funcs(functions).ParseFS(publicPages, "public/"+name)
	if err != nil {
		return err
	}
	style, err := pages.ReadFile("page/style.css")
	if err != nil {
		return err
	}
	view := scorecardPage{Scorecards: s, Lang: "en", Style: template.CSS(style)} // our own file
	if tag == lang.Chinese {
		view.Lang = "zh-CN"
	}
	for _, c := range s.Cards {
		view.Rows = append(view.Rows, scorecardRowOf(s, c, tag))
		for _, other := range c.Tied {
			if c.Operator < other {
				text := tag.Text(lang.M("scorecard.tied", "a", c.Operator, "b", other))
				view.Tied = append(view.Tied, text)
			}
		}
	}
	return page.Execute(w, view)
}

func scorecardRowOf(s Scorecards, c rubric.Card, tag lang.Tag) scorecardRow {
	row := scorecardRow{Card: c, Trend: tag.Word("scorecard.new")}
	scale := c.Scale.Float()
	if scale > 0 {
		row.Left, row.Width = 100*c.Low.Float()/scale, 100*(c.High.Float()-c.Low.Float())/scale
		if c.Score != nil {
			row.Bar = 100 * c.Score.Float() / scale
		}
	}
	row.Uncertain = c.Low.Cmp(c.High) != 0
	if len(s.Before) == 0 {
		row.Trend = "–"
	} else if was, ok := s.Before[c.Operator]; ok && c.Score != nil {
		row.Trend = fmt.Sprintf("%+.2f", c.Score.Float()-was.Float())
	}
	return row
}

// agencyOf returns who answers for a row.
func agencyOf(t *rubric.Table, d *rubric.Indicator) string {
	if d.Agency != "" {
		return d.Agency
	}
	for _, c := range t.Categories {
		if c.ID == d.Category {
			return c.Agency
		}
	}
	return ""
}
