package policy

// Decision is what a policy makes of a state. Every number has its Steps.
type Decision struct {
	Policy    string             `json:"policy"`
	Period    string             `json:"period,omitempty"`
	Total     *int               `json:"total"` // of the city; null = unknown
	Allocated int                `json:"allocated"`
	Reserve   int                `json:"reserve"`     // of the city, with the operators' own
	Lost      int                `json:"lost"`        // freed now and given to nobody
	Left      *int               `json:"unallocated"` // of the total, given to nobody
	Operators []OperatorDecision `json:"operators"`   // by ID
	Figures   map[string]Value   `json:"figures,omitempty"`
	Zones     []ZoneDecision     `json:"zones,omitempty"`
	Checks    []Verdict          `json:"checks,omitempty"`
	Alarms    []Verdict          `json:"alarms,omitempty"`
	Sites     []SiteDecision     `json:"sites,omitempty"`
	Deadlines map[string]string  `json:"deadlines,omitempty"`
	Term      *TermDecision      `json:"term,omitempty"`
	Triggered *bool              `json:"triggered,omitempty"` // whether an allocation was due
	Steps     []Step             `json:"steps,omitempty"`     // of the city
}

// OperatorDecision is one operator's part.
type OperatorDecision struct {
	ID        string           `json:"id"`
	Class     string           `json:"class,omitempty"`
	Score     *Number          `json:"score"`
	Grade     string           `json:"grade,omitempty"`
	Rank      *int             `json:"rank"`
	Qualified bool             `json:"qualified"`
	Pass      *bool            `json:"pass,omitempty"`
	Vetoes    []string         `json:"vetoes,omitempty"`
	Before    *int             `json:"before"`
	Quota     *int             `json:"quota"` // effective; null = unknown
	Delta     int              `json:"delta"`
	Approved  *int             `json:"approved,omitempty"`
	Reserve   int              `json:"reserve"`
	Zones     map[string]int   `json:"zones,omitempty"`
	Streaks   map[string]int   `json:"streaks,omitempty"`
	Original  *int             `json:"original,omitempty"` // quota when the streaks that run began
	Status    string           `json:"status"`             // active, suspended or exit
	Actions   []string         `json:"actions,omitempty"`
	Swapped   *int             `json:"swapped,omitempty"` // vehicles of the other sector
	Figures   map[string]Value `json:"figures,omitempty"`
	Effective string           `json:"effective,omitempty"`
	Steps     []Step           `json:"steps"`
}

// Step is one link in the chain behind a number: which rule, what went in, how it was rounded.
type Step struct {
	Rule     string           `json:"rule"`
	Message  string           `json:"message"` // ID of the catalogue
	Inputs   map[string]Value `json:"inputs,omitempty"`
	Exact    *Number          `json:"exact,omitempty"`
	Rounding Rounding         `json:"rounding,omitempty"`
	Before   int              `json:"before"`
	After    int              `json:"after"`
	Limit    string           `json:"limit,omitempty"` // the bound that decided
}

// ZoneDecision is what a zone bears.
type ZoneDecision struct {
	ID    string `json:"id"`
	Rule  string `json:"rule,omitempty"`
	Cap   *int   `json:"cap,omitempty"`
	Least *int   `json:"least,omitempty"`
	Most  *int   `json:"most,omitempty"`
}

// Verdict is the answer of a check: nil where a fact is unknown.
type Verdict struct {
	ID     string           `json:"id"`
	Of     string           `json:"of,omitempty"`
	Holds  *bool            `json:"holds"`
	Inputs map[string]Value `json:"inputs,omitempty"`
	Do     []string         `json:"do,omitempty"`
}

// SiteDecision is what becomes of a site.
type SiteDecision struct {
	ID       string `json:"id"`
	Operator string `json:"operator"`
	Rule     string `json:"rule"`
	Do       string `json:"do"`
	To       string `json:"to,omitempty"` // hand_over: the best-ranked operator
}

// TermDecision says when everything is allocated anew.
type TermDecision struct {
	Ends string `json:"ends"`
	Over bool   `json:"over"`
}
