package city

import (
	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
)

// FileSchema is the version of the city file's shape, its key `schema`.
const FileSchema = 1

// File is a city file as written: every key is here with its unit and default, and no other key is
// accepted. Paths are relative to the data folder, or to the city file where none is given.
type File struct {
	Schema int         `yaml:"schema"` // required: 1
	ID     string      `yaml:"id"`     // required: lower-case letters, digits, hyphens
	Name   engine.Name `yaml:"name"`   // required in one language at least
	// Notice: printed on everything made from the file; default none
	Notice     engine.Name `yaml:"notice"`
	TimeZone   string      `yaml:"time_zone"`  // required: IANA name
	Resolution int         `yaml:"resolution"` // required: H3, 7-10
	// TieSeed: published seed of the lottery between equal claims; default 1
	TieSeed uint64 `yaml:"tie_seed"`

	Sectors []Sector `yaml:"sectors"` // required, one at least
	// Layers: required: one of kind districts, and whatever the plan rests on
	Layers     []Layer     `yaml:"layers"`
	Compliance *Compliance `yaml:"compliance"` // parked vehicles against fences; default not measured
	Operators  []Operator  `yaml:"operators"`  // required, one at least
	Rubric     Rubric      `yaml:"rubric"`     // required
	Policy     Policy      `yaml:"policy"`     // required
	// Limits: caps and floors of districts, areas and cells; default none
	Limits Limits `yaml:"limits"`
	Quotas string `yaml:"quotas"` // CSV sector,cell,operator,quota in force; default none

	name string           // what faults call the file
	at   strict.Positions // where each key stands
}

// Sector is one kind of vehicle: its footprint, the ground it may use and the service it owes.
type Sector struct {
	ID        string      `yaml:"id"`
	Name      engine.Name `yaml:"name"`
	Footprint float64     `yaml:"footprint_m2"` // required: ground one parked vehicle takes, m²
	// UsableShare: required: part of fence area that can be used, 0-1
	UsableShare Range `yaml:"usable_share"`
	// SpaceShare: this sector's part of shared ground, 0-1; default 1
	SpaceShare float64 `yaml:"space_share"`
	// SidewalkShare: part of sidewalk open to parking; required with a sidewalk layer
	SidewalkShare Range     `yaml:"sidewalk_share"`
	Turnover      *Turnover `yaml:"turnover"` // target turnover; default no such limit
	// Density: most vehicles per km² of cell; default no such limit
	Density float64 `yaml:"density_per_km2"`
	Service Service `yaml:"service"` // required
	// DailyFactor: trips of a day for one in the hours observed; default 1
	DailyFactor *Factor `yaml:"daily_factor"`
	// PriorHours: weight of the neighbours' rate, hours; default 2
	PriorHours float64 `yaml:"prior_hours"`
}

// Range is a number, or a low, mid and high one. In YAML a scalar or {low:, mid:, high:}.
type Range struct {
	Low  float64 `yaml:"low"`
	Mid  float64 `yaml:"mid"`
	High float64 `yaml:"high"`
}

// Turnover is the fleet's duty: trips per vehicle and day, and the part of the fleet fit to ride.
type Turnover struct {
	Target float64 `yaml:"target"` // trips per vehicle and day; > 0
	Usable float64 `yaml:"usable"` // part of the fleet fit to ride, in (0, 1]; default 1
}

// Factor is an assumption with its reason: it is printed wherever a number rests on it.
type Factor struct {
	Value  float64     `yaml:"value"`
	Reason engine.Name `yaml:"reason"`
}

// Service is how vehicles turn into trips served.
type Service struct {
	Model string `yaml:"model"` // required: erlang, newsvendor or presence
	// CycleHours: erlang: hours from one pick-up to the next chance; required there
	CycleHours float64 `yaml:"cycle_hours"`
	// DayParts: newsvendor: hours at which stock is set anew; default [0]
	DayParts []int `yaml:"day_parts"`
	// Level: part of the demand served that is enough, (0, 1]; default no such limit
	Level float64 `yaml:"level"`
}

// Layer is one body of data with its format, columns and datum.
type Layer struct {
	ID string `yaml:"id"`
	// Kind: districts, fences, zones, rides, availability, occupancy, sidewalk or caps
	Kind string  `yaml:"kind"`
	Path Strings `yaml:"path"` // one path or several; * and ? match within a folder
	// Format is csv, geojson or mds-geographies; default by the name's ending (.csv, .geojson or
	// .json).
	Format string `yaml:"format"`
	// CRS: required where there are coordinates: WGS-84, CGCS2000, GCJ-02 or BD-09
	CRS string `yaml:"crs"`
	// Columns map stint's names to the file's; a list holds alternatives, of which the first that
	// the header has is taken. Without columns the file's own names are stint's. Rides need time,
	// lat, lng and take operator, vehicle, end, minutes (added to time: the end of a ride that is
	// told by its start and duration). Occupancy needs operator, lat, lng and takes vehicle,
	// available, disabled. Availability needs start, end, lat, lng. These three take sector, and
	// need it where the layer speaks of several sectors. Shapes take id, name (or name_en and
	// name_zh), and need wkt or ring in CSV. Sidewalk needs district or cell, and m2. Caps need cell
	// and cap, and take sector.
	Columns Schemas `yaml:"columns"`
	// Features: dotted path to the features where the JSON is no FeatureCollection
	Features string `yaml:"features"`
	// Where: keep only rows whose column or property has one of the values
	Where map[string]Strings `yaml:"where"`
	// Alias: district names as written in the file -> district IDs
	Alias    map[string]string `yaml:"alias"`
	Sectors  Strings           `yaml:"sectors"`   // which sectors it speaks of; default all
	SectorOf map[string]string `yaml:"sector_of"` // value of the column `sector` -> sector ID
	// OperatorOf: value of the column `operator` -> operator ID
	OperatorOf map[string]string `yaml:"operator_of"`
	// Split: made-up operators where the source has one; default none
	Split *Split `yaml:"split"`
	// Counts: rides: what a row's place is: start or end of a ride; default start
	Counts string `yaml:"counts"`
	// Hours: rides: [from, to) local hours covered each day; default [0, 24]
	Hours []int `yaml:"hours"`
	// Effect: zones: ban, limit, fence (parking allowed only here), area (bounded under limits),
	// strict (placements only at a spot or within a parking fence) or spot (a designated place)
	Effect string `yaml:"effect"`
	// Limit: zones with effect limit: most vehicles in each zone, all operators
	Limit int `yaml:"limit"`
	// From, Until: zones: when they hold; local where no zone is written. Zones with either are for
	// placements alone: the plan is made as if they weren't there.
	From  string `yaml:"from"`
	Until string `yaml:"until"`
	// FileTime: occupancy: the file's name holds its time, YYYYMMDDThhmmssZ
	FileTime bool `yaml:"file_time"`
	// MinGap: occupancy: a pull nearer than this to the one before is left out; default 0
	MinGap float64 `yaml:"min_gap_minutes"`
	// Rejects: part of the rows that may be refused; default 0 for shapes and tables, 0.01 for rides,
	// availability and occupancy
	Rejects float64 `yaml:"reject_limit"`
	// Lint: a datum that fits worse than another: error (default) or warn
	Lint string `yaml:"lint"`
	// Synthetic: the data are made up; said wherever they are used
	Synthetic bool `yaml:"synthetic"`
}

// Split assigns rows to operators by a hash of a column, in given shares: a made-up split, so
// labelled.
type Split struct {
	By     string `yaml:"by"`     // the file's column whose value is hashed
	Shares []Part `yaml:"shares"` // sum to 1
}

// Part is one operator's share of a split.
type Part struct {
	Operator string  `yaml:"operator"`
	Share    float64 `yaml:"share"`
}

// Strings is one text or a list of them.
type Strings []string

// Schemas are the accepted shapes of a file, first match wins. In YAML one mapping or a list of
// them.
type Schemas []map[string]string

// Compliance asks for the share of parked vehicles near a fence.
type Compliance struct {
	Layer      string    `yaml:"layer"`        // a rides or occupancy layer
	Fences     string    `yaml:"fences"`       // a fences layer
	Tolerances []float64 `yaml:"tolerances_m"` // m
	Centre     bool      `yaml:"centre"`       // also measured to the fence's centre
}

// Operator is a company with its evidence. Maps are by sector ID.
type Operator struct {
	ID         string              `yaml:"id"`
	Name       engine.Name         `yaml:"name"`
	Sectors    Strings             `yaml:"sectors"`    // licensed for; default all
	Sheet      string              `yaml:"sheet"`      // CSV indicator,value[,samples][,why]
	Indicators map[string]*float64 `yaml:"indicators"` // in place of a sheet; null = unknown
	Previous   map[string]int      `yaml:"previous"`   // quota of the last period; absent = entrant
	Request    map[string]int      `yaml:"request"`    // absent = unbounded
	Synthetic  bool                `yaml:"synthetic"`  // made up; said wherever it is named
}

// Rubric is how operators are scored.
type Rubric struct {
	ID         string      `yaml:"id"`
	Pass       *float64    `yaml:"pass"`       // 0-100; default no pass line
	Indicators []Indicator `yaml:"indicators"` // required without a table
	// Table: a bureau's table of marks, a file, in place of indicators
	Table  string `yaml:"table"`
	Sheets string `yaml:"sheets"` // what was measured, a file; required with a table
}

// Indicator is one row of the rubric: exactly one of Bands and Linear.
type Indicator struct {
	ID        string      `yaml:"id"`
	Name      engine.Name `yaml:"name"`
	Unit      string      `yaml:"unit"`
	Direction string      `yaml:"direction"` // higher or lower is better
	Weight    float64     `yaml:"weight"`    // all sum to 1
	Linear    *Linear     `yaml:"linear"`
	Bands     []Band      `yaml:"bands"`
	Missing   string      `yaml:"missing"` // required: unknown, worst, mean or exclude
	// Source is sheet (default), or observed: measured from the layers, and then the ID is one of
	// in_fence_share, banned_zone_share, outside_share, disabled_share, trips_per_vehicle.
	Source string `yaml:"source"`
	// Tolerance: in_fence_share: m to a fence that still count as inside; default 0
	Tolerance float64 `yaml:"tolerance_m"`
}

// Linear gives 0 points at Zero, 100 at Full.
type Linear struct {
	Zero float64 `yaml:"zero"`
	Full float64 `yaml:"full"`
}

// Band gives Points where its one condition holds; the first that holds wins.
type Band struct {
	GTE    *float64 `yaml:"gte"`
	GT     *float64 `yaml:"gt"`
	LTE    *float64 `yaml:"lte"`
	LT     *float64 `yaml:"lt"`
	Else   bool     `yaml:"else"`
	Points float64  `yaml:"points"` // 0-100
}

// Policy is what the bureau decided: the total, how scores move quotas, how quotas spread.
type Policy struct {
	ID        string           `yaml:"id"`        // required
	Version   string           `yaml:"version"`   // default 1
	Total     map[string]Total `yaml:"total"`     // by sector; default no maximum, any benefit above 0
	Operators OperatorRules    `yaml:"operators"` // required where a sector has no rule
	// Rule: by sector: a policy file or the ID of a preset, which makes operators' totals instead
	Rule   map[string]string `yaml:"rule"`
	State  map[string]string `yaml:"state"` // by sector: the state's params, facts, zones, streaks
	Matrix Matrix            `yaml:"matrix"`
}

// Total bounds a sector's fleet.
type Total struct {
	Max        *int    `yaml:"max"`         // vehicles; default none
	MinBenefit float64 `yaml:"min_benefit"` // trips a vehicle must add a day; default 0: any
}

// OperatorRules link score and quota; see merit.Rules.
type OperatorRules struct {
	Base string `yaml:"base"` // required: previous, equal, request or use
	// Exponent: merit = (score/100)^exponent; required, 0 = scores have no effect
	Exponent     float64 `yaml:"merit_exponent"`
	UnknownScore string  `yaml:"unknown_score"` // neutral (default) or zero
	MinShare     float64 `yaml:"min_share"`     // default none
	MaxShare     float64 `yaml:"max_share"`     // default none
	Step         float64 `yaml:"step"`          // largest relative change in a period; default none
	// EntrantPool: part of the total for operators without a quota; default none
	EntrantPool float64 `yaml:"entrant_pool"`
	PoolUnused  string  `yaml:"pool_unused"` // required with a pool: incumbents or unallocated
	// Unfilled: what operators can't take: shrink (default) or error
	Unfilled string `yaml:"unfilled"`
	// Relax: bounds that give way, in order: step, min_share, max_share; default none
	Relax []string `yaml:"relax"`
}

// Matrix spreads an operator's total over the cells.
type Matrix struct {
	Claims        string   `yaml:"claims"`          // use or equal; required
	Smoothing     *float64 `yaml:"smoothing"`       // 0-1; default 0.2
	LocalMaxShare float64  `yaml:"local_max_share"` // (0, 1]; default 1
	Churn         float64  `yaml:"churn_tolerance"` // nats; default 0
	Remedies      Remedies `yaml:"remedies"`
}

// Remedies price what may be proposed where operators' totals don't fit their cells, per vehicle:
// 1-100; 0 = never.
type Remedies struct {
	LocalShare    *int `yaml:"local_share"`    // above the local share of a cell; default 5
	OperatorFewer *int `yaml:"operator_fewer"` // less than an operator's total; default 10
	OperatorMore  *int `yaml:"operator_more"`  // more than an operator's total; default 10
	CellFewer     *int `yaml:"cell_fewer"`     // less than a cell's total; default 1
	CellMore      *int `yaml:"cell_more"`      // more than a cell's total; default 50
}

// Limits are the bureau's caps and floors beside what the ground carries.
type Limits struct {
	Districts []Bounds `yaml:"districts"`
	Areas     []Bounds `yaml:"areas"` // zones of effect area, by zone ID
	Cells     []Bounds `yaml:"cells"` // by H3 index
}

// Bounds are a least and a most number of vehicles of one sector somewhere.
type Bounds struct {
	ID     string `yaml:"id"`
	Sector string `yaml:"sector"` // default: the only sector
	Floor  int    `yaml:"floor"`  // default 0
	Cap    *int   `yaml:"cap"`    // default none
}

// One reads a range that is written as its one number.
func (r *Range) One(decode func(any) error) error {
	err := decode(&r.Mid)
	r.Low, r.High = r.Mid, r.Mid
	return err
}

// One reads a list that is written as its one text.
func (s *Strings) One(decode func(any) error) error {
	*s = make(Strings, 1)
	return decode(&(*s)[0])
}

// One reads a list of shapes that is written as its one mapping.
func (s *Schemas) One(decode func(any) error) error {
	*s = make(Schemas, 1)
	return decode(&(*s)[0])
}
