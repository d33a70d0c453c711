package report

import (
	"strings"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/scoring/rubric"
)

// scaleText writes how a row of a table of marks turns a value into points.
func scaleText(tag lang.Tag, d *rubric.Indicator) string {
	var parts []string
	if d.Ratio != nil {
		parts = append(parts, d.Ratio.Of+" ÷ "+d.Ratio.Over)
	}
	for _, b := range d.Bands {
		parts = append(parts, bandText(tag, b))
	}
	switch {
	case d.Linear != nil:
		parts = append(parts, tag.Text(lang.M("scorecard.linear", "zero", d.Linear.Zero.String(),
			"full", d.Linear.Full.String(), "max", d.Max.String())))
	case d.Events != nil:
		per := d.Events.Per.String()
		if d.Events.Per.Sign() == 0 {
			per = "1"
		}
		parts = append(parts, tag.Text(lang.M("scorecard.events", "points", d.Events.Points.String(),
			"per", per, "free", d.Events.Free.String())))
	case d.Given:
		parts = append(parts, tag.Word("scorecard.given"))
	}
	return strings.Join(parts, "; ")
}

func bandText(tag lang.Tag, b rubric.Band) string {
	for _, side := range []struct {
		sign string
		x    *rubric.Number
	}{{"≥ ", b.GTE}, {"> ", b.GT}, {"≤ ", b.LTE}, {"< ", b.LT}} {
		if side.x != nil {
			return side.sign + side.x.String() + ": " + b.Points.String()
		}
	}
	return tag.Word("scorecard.else") + ": " + b.Points.String()
}
