package rubric

// Card is one operator's result. Score = sum of the items' points, as Parts and Periods weigh
// them, rounded once.
type Card struct {
	Operator string   `json:"operator"`
	Class    string   `json:"class,omitempty"`
	Score    *Number  `json:"score"` // rounded; null = unknown
	Exact    *Number  `json:"exact"` // before rounding
	Low      Number   `json:"low"`   // the score with every unknown item at its worst …
	High     Number   `json:"high"`  // … and at its best; both are Exact when nothing is unknown
	Scale    Number   `json:"scale"`
	Grade    string   `json:"grade,omitempty"`
	Pass     string   `json:"pass"`           // pass, fail, unknown or none
	Rank     *int     `json:"rank"`           // among cards of the same class; null = unknown score
	Tied     []string `json:"tied,omitempty"` // operators whose rank can't be told from this one's
	Vetoes   []string `json:"vetoes,omitempty"`
	Exit     bool     `json:"exit,omitempty"`
	Periods  []Period `json:"periods"`
}

// Period is one period's score.
type Period struct {
	Period string  `json:"period,omitempty"`
	Score  *Number `json:"score"` // exact; null = unknown
	Low    Number  `json:"low"`
	High   Number  `json:"high"`
	Parts  []Part  `json:"parts"`
}

// Part is one assessor's marks.
type Part struct {
	Assessor   string          `json:"assessor,omitempty"`
	Weight     Number          `json:"weight"` // as it counts here: the weights of a period sum to 1
	Score      *Number         `json:"score"`
	Low        Number          `json:"low"`
	High       Number          `json:"high"`
	Categories []CategoryScore `json:"categories,omitempty"`
	Items      []Item          `json:"items"`
	Bonus      Number          `json:"bonus"`    // what was added, within the cap
	Deducted   Number          `json:"deducted"` // what was taken off, within the cap
}

// CategoryScore is what the items of a category sum to.
type CategoryScore struct {
	ID     string  `json:"id"`
	Points *Number `json:"points"`
	Max    Number  `json:"max"`
}

// Item is one indicator's points and how they came about.
type Item struct {
	Indicator string  `json:"indicator"`
	Category  string  `json:"category,omitempty"`
	Agency    string  `json:"agency,omitempty"`
	Kind      string  `json:"kind"`
	Value     *Number `json:"value"`
	Samples   int     `json:"samples,omitempty"`
	Points    *Number `json:"points"` // null = unknown, or dropped
	Max       Number  `json:"max"`    // after reweighing, where others were dropped
	// How is "band:2", "linear", "events", "given" or "missing:<rule>".
	How string `json:"how"`
}
