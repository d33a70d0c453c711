package rubric

// Evaluate scores every operator that has a sheet. The cards are in byte order of the operators'
// IDs; sheets may come in any order.
//
// An operator is scored by the table of its class, else by the table of no class. Points are
// looked up row by row, summed by assessor, weighed over the assessors, rolled up over the
// periods, and only then rounded. A veto that was met in any period then caps the grade or takes
// the score. Rank is among the operators of a class by rounded score, equal scores sharing it.
//
// For every card Low ≤ Exact ≤ High. A row whose value comes from few observations is at both ends
// of what that value may stand for in them; the score itself takes the value as it is.
//
// Evaluate returns a *CheckError for a rubric that Check finds fault with, and a *SheetError for
// the first sheet, by operator, period and assessor, that can't be scored.
func Evaluate(r *Rubric, sheets []Sheet) ([]Card, error) {
	if faults := r.Check(); len(faults) > 0 {
		return nil, &CheckError{r.ID, faults}
	}
	entries, err := r.read(sheets)
	if err != nil {
		return nil, err
	}
	means := means(entries)
	for k := range entries {
		entries[k].fill(means)
	}
	cards := make([]Card, 0, len(entries))
	for len(entries) > 0 {
		n := run(entries, func(e entry) string { return e.Operator })
		cards = append(cards, r.card(entries[:n]))
		entries = entries[n:]
	}
	rank(cards)
	return cards, nil
}

// run returns how many entries from the first on have the same key.
func run(entries []entry, key func(entry) string) int {
	n := 1
	for n < len(entries) && key(entries[n]) == key(entries[0]) {
		n++
	}
	return n
}

// card scores the sheets of one operator, which are in the order of their periods.
func (r *Rubric) card(sheets []entry) Card {
	first := sheets[0]
	card := Card{Operator: first.Operator, Class: first.Class, Scale: r.scale(first.table)}
	vetoes := r.met(sheets)
	var scores []estimate
	for len(sheets) > 0 {
		n := run(sheets, func(e entry) string { return e.Period })
		period, score := r.period(sheets[:n])
		card.Periods, scores = append(card.Periods, period), append(scores, score)
		sheets = sheets[n:]
	}
	score := r.rollUp(first.table, scores)
	for _, v := range vetoes {
		card.Vetoes = append(card.Vetoes, v.ID)
		card.Exit = card.Exit || v.Do == doExit
		if v.Do == doZero {
			score = exactly(Number{})
		}
	}
	card.Exact, card.Low, card.High = score.exact, score.low, score.high
	rounded := score.each(r.round)
	card.Score = rounded.exact
	card.Grade = r.grade(rounded, vetoes)
	card.Pass = r.verdict(rounded)
	return card
}

// defaultDecimals is what a rubric without Decimals has.
const defaultDecimals = 2

// round rounds a score as the rubric says.
func (r *Rubric) round(score Number) Number {
	decimals := defaultDecimals
	if r.Decimals != nil {
		decimals = *r.Decimals
	}
	return score.round(decimals, r.Rounding == halfEven)
}
