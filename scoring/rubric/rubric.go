package rubric

// Rubric is a bureau's table of marks as data. Check tells whether it makes sense.
type Rubric struct {
	Schema int    `json:"schema"` // 1
	ID     string `json:"id"`
	Name   Text   `json:"name"`
	Source Source `json:"source"`

	Period   string `json:"period"`             // month, quarter, half_year, year or once
	Decimals *int   `json:"decimals,omitempty"` // of the score; default 2
	Rounding string `json:"rounding,omitempty"` // of the score: half_up (default) or half_even

	Tables []Table `json:"tables"` // one for everybody, or one for each class of operators

	Assessors []Assessor `json:"assessors,omitempty"` // none: one sheet an operator and period
	// Absent is what an assessor without a sheet does: unknown, or reweigh, the others count in
	// proportion. Required with assessors.
	Absent string  `json:"absent,omitempty"`
	RollUp *RollUp `json:"roll_up,omitempty"` // none: one period

	Vetoes []Veto  `json:"vetoes,omitempty"`
	Grades []Grade `json:"grades,omitempty"` // the best first
	Pass   *Number `json:"pass,omitempty"`   // from this score on an operator passes

	// Samples is how many observations an indicator needs before its value is taken at its word;
	// below it the score comes with an interval. 0 = any.
	Samples int `json:"samples,omitempty"`
	// Publish are the fields of a card that the public sees.
	Publish []string `json:"publish,omitempty"`
	// Objections says where and until when objections are heard.
	Objections Text `json:"objections,omitempty"`
}

// Text is a text in both languages.
type Text struct {
	En string `json:"en,omitempty"`
	Zh string `json:"zh,omitempty"`
}

// Source says where a table was read and how far it can be trusted.
type Source struct {
	Text       string `json:"text"`
	Date       string `json:"date,omitempty"`
	Confidence string `json:"confidence"` // high, medium, low; own for a bureau's own table
}

// Table is the marks of a class of operators.
type Table struct {
	Class      string      `json:"class,omitempty"` // "" = every class without a table of its own
	Scale      Number      `json:"scale"`           // full marks: what the indicators sum to
	Bonus      *Number     `json:"bonus,omitempty"` // most points that bonus items add; default none
	Deduct     *Number     `json:"deduct,omitempty"`
	Categories []Category  `json:"categories,omitempty"`
	Indicators []Indicator `json:"indicators"`
}

// Category groups indicators under one heading.
type Category struct {
	ID   string  `json:"id"`
	Name Text    `json:"name"`
	Max  *Number `json:"max,omitempty"` // what its indicators sum to, checked where it is given
	// Agency answers for the category's indicators that name none of their own.
	Agency string `json:"agency,omitempty"`
}

// Indicator is one row. Exactly one of Bands, Linear, Events and Given is its scale; Ratio goes
// with Bands or Linear.
type Indicator struct {
	ID       string `json:"id"`
	Name     Text   `json:"name"`
	Category string `json:"category,omitempty"`
	Unit     string `json:"unit,omitempty"`
	Agency   string `json:"agency,omitempty"`
	// Assessors are who mark it; default all.
	Assessors []string `json:"assessors,omitempty"`

	Max  Number `json:"max"`            // full marks of the row
	Kind string `json:"kind,omitempty"` // mark (default), bonus or deduction

	Direction string  `json:"direction,omitempty"` // higher or lower is better; for Bands, Linear
	Ratio     *Ratio  `json:"ratio,omitempty"`     // the value is one figure over another
	Bands     []Band  `json:"bands,omitempty"`     // the first that holds gives its points
	Linear    *Linear `json:"linear,omitempty"`
	Events    *Events `json:"events,omitempty"` // points taken off, or given, for each event
	Given     bool    `json:"given,omitempty"`  // the value is the points that an assessor gave

	Missing string `json:"missing"` // unknown, worst, mean or exclude
	// Size: the indicator grows with the size of the fleet, and the bureau has said why that is
	// meant; without it Lint warns of one that does.
	Size string `json:"size,omitempty"`
}

// Ratio divides one figure of the sheet by another; 0 below the line is unknown.
type Ratio struct {
	Of   string `json:"of"`
	Over string `json:"over"`
}

// Band gives Points where its one condition holds. The side that is inside is stated by its name:
// gte and lte have the value itself inside, gt and lt outside.
type Band struct {
	GTE    *Number `json:"gte,omitempty"`
	GT     *Number `json:"gt,omitempty"`
	LTE    *Number `json:"lte,omitempty"`
	LT     *Number `json:"lt,omitempty"`
	Else   bool    `json:"else,omitempty"`
	Points Number  `json:"points"` // 0 to Max
}

// Linear gives 0 points at Zero, Max at Full, in proportion between.
type Linear struct {
	Zero Number `json:"zero"`
	Full Number `json:"full"`
}

// Events takes Points for every Per events beyond Free, begun ones where Begun says so: off Max
// for a mark, onto what is taken off for a deduction, onto what is given for a bonus; never more
// than Max.
type Events struct {
	Points Number `json:"points"`
	Per    Number `json:"per,omitempty"`  // default 1
	Free   Number `json:"free,omitempty"` // default 0
	Begun  bool   `json:"begun,omitempty"`
}

// Assessor is one of several who mark.
type Assessor struct {
	ID     string `json:"id"`
	Name   Text   `json:"name,omitempty"`
	Weight Number `json:"weight"` // in proportion to the others
}

// RollUp makes one score of several periods': months into a quarter, quarters into a year.
type RollUp struct {
	Take string `json:"take"` // mean, min, max, sum or last
	Of   int    `json:"of"`   // so many periods
	// Absent is what a period without a known score does: unknown, or reweigh over the others.
	Absent string `json:"absent"`
}

// Veto is something that no score makes up for: a value of a sheet beyond a limit, in any period.
type Veto struct {
	ID    string  `json:"id"`
	Name  Text    `json:"name,omitempty"`
	Of    string  `json:"of"` // an indicator, or a figure of the sheet
	GTE   *Number `json:"gte,omitempty"`
	GT    *Number `json:"gt,omitempty"`
	LTE   *Number `json:"lte,omitempty"`
	LT    *Number `json:"lt,omitempty"`
	Do    string  `json:"do"`              // cap_grade, zero_score or exit
	Grade string  `json:"grade,omitempty"` // the best grade left, for cap_grade
}

// Grade is a band of scores: those from From on, or above Above, that no grade before has.
type Grade struct {
	ID    string  `json:"id"`
	Name  Text    `json:"name,omitempty"`
	From  *Number `json:"from,omitempty"`
	Above *Number `json:"above,omitempty"` // one of From and Above; neither: every score left
}
