package simulations

import (
	"fmt"
	"strconv"

	"github.com/stint-city/stint/engine/lang"
)

// head names the columns of a backtest's table.
func (b *Backtest) head(tag lang.Tag) []string {
	var head []string
	for _, id := range []string{
		"level", "counts", "wape", "floor", "bias", "crps", "reference", "skill", "coverage",
	} {
		head = append(head, tag.Word("sim-fit.head-"+id))
	}
	return head
}

// row writes a level.
func (b *Backtest) row(l BacktestLevel, tag lang.Tag) []string {
	f := func(x float64, digits int) string { return strconv.FormatFloat(x, 'f', digits, 64) }
	const fine = 4
	return []string{
		tag.Word("sim-fit.level-" + l.Level), strconv.Itoa(l.Counts), f(l.WAPE, 3), f(l.Floor, 3),
		fmt.Sprintf("%+.3f", l.Bias), f(l.CRPS, fine), f(l.Reference, fine),
		fmt.Sprintf("%+.3f", l.Skill), fmt.Sprintf("%.1f %%", 100*l.Coverage),
	}
}

// Text says what was judged by what, and warns where the mean of the past foretells as well.
func (b *Backtest) Text(tag lang.Tag) string {
	text := tag.Text(lang.M("sim-fit.judged", "model", string(b.Model), "since", b.Fit.From,
		"until", b.Fit.To, "from", b.Judge.From, "to", b.Judge.To, "rides", b.Rides,
		"outside", b.Outside, "bad", b.Bad, "n", b.Replications,
		"inflation", strconv.FormatFloat(b.Inflation, 'f', 3, 64),
		"unmet", strconv.FormatFloat(100*b.Lost, 'f', 1, 64)))
	if b.Weak() {
		text += "\n" + tag.Word("sim-fit.weak")
	}
	return text
}
