package policy

import "github.com/stint-city/stint/quota/merit"

// Policy is one city's written rule as data: how scores become grades and ranks, how those change
// quotas, and where freed quota goes. Compile checks it; Program.Apply carries it out.
//
// A Formula is a number or an expression over the facts in reach: see Facts of each part. Lists are
// carried out in their order.
type Policy struct {
	Schema   int      `json:"schema"`
	ID       string   `json:"id"`
	Name     Text     `json:"name"`
	Sector   string   `json:"sector,omitempty"`
	Period   Period   `json:"period"`
	Source   Source   `json:"source"`
	Missing  []Gap    `json:"missing,omitempty"` // what the source doesn't tell
	Rounding Rounding `json:"rounding"`          // of single figures, unless they say otherwise

	Params []Param `json:"params,omitempty"`
	Facts  []Fact  `json:"facts,omitempty"`

	Score     Score     `json:"score"`
	Derive    []Derived `json:"derive,omitempty"`
	Vetoes    []Veto    `json:"vetoes,omitempty"`
	Grades    []Grade   `json:"grades,omitempty"` // the best first
	Qualified Formula   `json:"qualified,omitempty"`
	Rank      *Rank     `json:"rank,omitempty"`
	Streaks   []Streak  `json:"streaks,omitempty"`

	Total    *Amount  `json:"total,omitempty"` // of the city; without it the sum of what is there
	Seasons  []Season `json:"seasons,omitempty"`
	Allocate *Scratch `json:"allocate,omitempty"`
	Adjust   []Rule   `json:"adjust,omitempty"`
	Freed    *Freed   `json:"freed,omitempty"` // required where anything can be cut
	Bounds   []Bound  `json:"bounds,omitempty"`
	Layers   *Layers  `json:"layers,omitempty"`
	Release  []Rule   `json:"release,omitempty"` // of an operator's reserve

	Zones     *Zones     `json:"zones,omitempty"`
	Swap      *Swap      `json:"swap,omitempty"`
	Checks    []Check    `json:"checks,omitempty"`
	Alarms    []Check    `json:"alarms,omitempty"` // they inform; nothing changes
	Sites     []SiteRule `json:"sites,omitempty"`
	Term      *Term      `json:"term,omitempty"`
	Calendar  string     `json:"calendar,omitempty"`
	Deadlines []Deadline `json:"deadlines,omitempty"`
}

// Text is a text in both languages.
type Text struct {
	En string `json:"en,omitempty"`
	Zh string `json:"zh,omitempty"`
}

// Formula is an expression as it is written: "60", "score >= 90 and unmet_demand", "30% * total".
type Formula string

// Period is how often a policy is applied.
type Period string

// The periods.
const (
	Month    Period = "month"
	Quarter  Period = "quarter"
	HalfYear Period = "half_year"
	Year     Period = "year"
	Once     Period = "once"
)

// Source says where a rule was read and how far it can be trusted.
type Source struct {
	Text       string `json:"text"`
	Date       string `json:"date,omitempty"`
	Confidence string `json:"confidence"` // high, medium, low; own for a bureau's own rule
}

// Gap is something the source doesn't tell. Where a parameter fills it, Param names it.
type Gap struct {
	Param string `json:"param,omitempty"`
	Text  Text   `json:"text"`
}

// Param is a figure that a bureau sets: its value here, or required in the state.
type Param struct {
	ID       string  `json:"id"`
	Value    Formula `json:"value,omitempty"` // a constant
	Required bool    `json:"required,omitempty"`
	Kind     Kind    `json:"kind,omitempty"` // default number
	Unit     string  `json:"unit,omitempty"`
	Text     Text    `json:"text"`
}

// Subject is what a fact or a rule is about.
type Subject string

// The subjects.
const (
	OfOperator Subject = "operator"
	OfCity     Subject = "city"
	OfZone     Subject = "zone"
	OfSite     Subject = "site"
)

// Fact is a figure that the state gives.
type Fact struct {
	ID   string  `json:"id"`
	Of   Subject `json:"of"`
	Kind Kind    `json:"kind,omitempty"` // default number
	Unit string  `json:"unit,omitempty"`
	// Absent is the value where the state has none; without it the fact is unknown then.
	Absent Formula `json:"absent,omitempty"`
	Series *Series `json:"series,omitempty"`
}

// Series makes one figure of a list of figures.
type Series struct {
	Take  string  `json:"take"`            // max, min, mean, sum, last or count
	From  string  `json:"from,omitempty"`  // clock time "05:00": only figures from then …
	Until string  `json:"until,omitempty"` // … until before then
	Last  int     `json:"last,omitempty"`  // only the last so many
	Where Formula `json:"where,omitempty"` // only figures for which this holds, as "value"
}

// Score says how an operator's score is made of what the state gives.
type Score struct {
	Scale     Formula    `json:"scale"`           // largest score, bonus aside; of an operator
	Bonus     Formula    `json:"bonus,omitempty"` // most beyond the scale
	Assessors []Assessor `json:"assessors,omitempty"`
	// Absent is "unknown" or "reweigh": what an assessor without a score does.
	Absent string `json:"absent,omitempty"`
	// RollUp is mean, min, max, last or sum: what makes one score of several periods' scores.
	RollUp string  `json:"roll_up,omitempty"`
	Pass   Formula `json:"pass,omitempty"` // from this score on an operator passes
}

// Assessor is one of several who score.
type Assessor struct {
	ID     string  `json:"id"`
	Weight Formula `json:"weight"`
}

// Derived is a figure computed from others.
type Derived struct {
	ID       string   `json:"id"`
	Of       Subject  `json:"of"`
	Is       Formula  `json:"is"`
	Round    Rounding `json:"round,omitempty"` // default: exact
	Decimals int      `json:"decimals,omitempty"`
}

// Veto is something that no score makes up for.
type Veto struct {
	ID    string  `json:"id"`
	If    Formula `json:"if"`
	Do    string  `json:"do"` // cap_grade, zero_score or exit
	Grade string  `json:"grade,omitempty"`
}

// Grade is a band of scores: those from From on, or above Above, that no grade before has.
type Grade struct {
	ID    string   `json:"id"`
	From  Formula  `json:"from,omitempty"`
	Above Formula  `json:"above,omitempty"` // one of From and Above; neither: every score left
	Do    []string `json:"do,omitempty"`    // what else follows: interview, credit_record, …
}

// Rank orders the qualified operators by a formula, the largest first.
type Rank struct {
	By   Formula   `json:"by"`
	Ties []Formula `json:"ties,omitempty"` // larger first; then by "id", or "shared"
	Last string    `json:"last"`           // "id" or "shared"
}

// Streak counts the periods in a row in which something held.
type Streak struct {
	ID string  `json:"id"`
	If Formula `json:"if"`
	// Reset is "break", a period in which it does not hold ends the count, or "never".
	Reset string `json:"reset"`
}

// Amount is a figure with its rounding.
type Amount struct {
	Is    Formula  `json:"is"`
	Round Rounding `json:"round,omitempty"`
}

// Season changes the total in a part of every year, or in an event's days.
type Season struct {
	ID     string  `json:"id"`
	From   string  `json:"from"`  // "12-01", or "2023-12-01" for once
	Until  string  `json:"until"` // the last day
	Factor Formula `json:"factor"`
}

// Scratch is an allocation that starts from nothing.
type Scratch struct {
	If    Formula `json:"if,omitempty"` // about the city
	Pools []Pool  `json:"pools"`
}

// Pool is a part of the total for some operators.
type Pool struct {
	ID     string  `json:"id"`
	If     Formula `json:"if,omitempty"` // who is in it: the first pool that holds
	Size   Formula `json:"size"`         // of the city; "rest" is what earlier pools left
	Most   Formula `json:"most_operators,omitempty"`
	Method string  `json:"method"` // shares, equal, weight or merit
	// Shares are parts of the size by rank: the first to the best of the pool.
	Shares []Formula `json:"shares,omitempty"`
	Weight Formula   `json:"weight,omitempty"` // of an operator, for "weight"
	Split  string    `json:"split,omitempty"`  // webster (default) or largest_remainder
	// Merit optimises: the quotas nearest in proportion to base × (score / scale)^exponent within
	// shares, steps and requests. For "merit".
	Merit *merit.Rules `json:"merit,omitempty"`
	// Unfilled is where the part that nobody takes goes: reserve, lost or others.
	Unfilled string `json:"unfilled"`
}

// Rule changes quotas where a condition holds.
type Rule struct {
	ID     string   `json:"id"`
	If     Formula  `json:"if,omitempty"` // about an operator
	Change *Change  `json:"change,omitempty"`
	Zone   string   `json:"zone,omitempty"`  // the change is of the quota in this zone
	Until  string   `json:"until,omitempty"` // how long it holds, told with the step
	Do     []string `json:"do,omitempty"`    // suspend, exit, interview, rectify, may_apply, hold, …
	Freed  *Freed   `json:"freed,omitempty"`
	Fund   string   `json:"fund,omitempty"`      // of a rise: total, reserve or freed
	From   string   `json:"effective,omitempty"` // now or next_period
	Stop   bool     `json:"stop,omitempty"`      // no later rule for this operator
}

// Change is one of: by so many vehicles, by so many per cent, to so many, or a part of an amount
// that several share.
type Change struct {
	Abs     Formula  `json:"abs,omitempty"`
	Percent Formula  `json:"percent,omitempty"`
	Of      string   `json:"of,omitempty"` // current, running, original, approved, zone
	To      Formula  `json:"to,omitempty"`
	Divide  Formula  `json:"divide,omitempty"` // an amount about the city
	By      Formula  `json:"by,omitempty"`     // weight of an operator in it
	Low     Formula  `json:"low,omitempty"`    // bounds of a figure left to discretion
	High    Formula  `json:"high,omitempty"`
	Most    Formula  `json:"most,omitempty"` // the quota rises to this at most
	Least   Formula  `json:"least,omitempty"`
	Round   Rounding `json:"round,omitempty"`
}

// Freed says where vehicles go that an operator loses.
type Freed struct {
	To    string  `json:"to"`              // reserve, lost, first, share or hold_total
	Among Formula `json:"among,omitempty"` // share: who gets a part
	By    Formula `json:"by,omitempty"`    // share: weight of an operator
	Else  string  `json:"else,omitempty"`  // where it goes if nobody may have it: reserve or lost
}

// Bound keeps quotas within limits.
type Bound struct {
	ID    string  `json:"id"`
	If    Formula `json:"if,omitempty"`
	Least Formula `json:"least,omitempty"`
	Most  Formula `json:"most,omitempty"`
}

// Layers part what is approved into what is effective now and a conditional reserve.
type Layers struct {
	Effective Formula  `json:"effective"` // part, 0 to 1
	Round     Rounding `json:"round,omitempty"`
}

// Zones say how quotas part over zones and what each zone bears.
type Zones struct {
	Split  []ZoneShare `json:"split,omitempty"` // of each operator's quota; the parts sum to 1
	Caps   []ZoneCap   `json:"caps,omitempty"`
	Sum    string      `json:"sum,omitempty"` // against the total: equal, at_most; "" = not asked
	Bounds []ZoneBound `json:"bounds,omitempty"`
}

// ZoneShare is one zone's part.
type ZoneShare struct {
	Zone string  `json:"zone"`
	Part Formula `json:"part"`
}

// ZoneCap is the most that one zone bears.
type ZoneCap struct {
	Zone string  `json:"zone"`
	Cap  Formula `json:"cap"`
}

// ZoneBound is worked out for a zone of the state, or for each zone for which If holds.
type ZoneBound struct {
	ID    string   `json:"id"`
	Zone  string   `json:"zone,omitempty"`
	If    Formula  `json:"if,omitempty"`
	Least Formula  `json:"least,omitempty"`
	Most  Formula  `json:"most,omitempty"`
	Round Rounding `json:"round,omitempty"`
}

// Swap lets operators turn vehicles of this sector into another's.
type Swap struct {
	To   string  `json:"to"`
	Give Formula `json:"give"` // so many of this sector …
	Take Formula `json:"take"` // … are so many of the other
}

// Check tells whether something holds.
type Check struct {
	ID   string   `json:"id"`
	Of   Subject  `json:"of"`
	If   Formula  `json:"if,omitempty"` // whom it is about
	Hold Formula  `json:"hold"`
	Do   []string `json:"do,omitempty"` // what a bureau may do; nothing changes by itself
}

// SiteRule says what becomes of a site.
type SiteRule struct {
	ID string  `json:"id"`
	If Formula `json:"if"`
	Do string  `json:"do"` // withdraw or hand_over
}

// Term is how long an allocation lasts before everything is allocated anew.
type Term struct {
	From  string `json:"from"` // the first day
	Years int    `json:"years"`
}

// Deadline is a day by which something must be done.
type Deadline struct {
	ID          string `json:"id"`
	After       string `json:"after"` // a day of the state: published, effective, or one it names
	Days        int    `json:"days,omitempty"`
	WorkingDays int    `json:"working_days,omitempty"`
}
