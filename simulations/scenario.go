package simulations

import (
	"math"
	"slices"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/simulations/demand"
)

// scenarioMost is the largest scenario file, bytes.
const scenarioMost = 1 << 20

// Scenario is a scenario file: a city, what happens in it, and the policies to compare.
type Scenario struct {
	Version      int            `yaml:"version"` // 1
	Name         string         `yaml:"name"`
	City         string         `yaml:"city"`        // city file, from the scenario's own folder
	Sector       string         `yaml:"sector"`      // default: the city's only one
	FirstHour    int            `yaml:"first_hour"`  // hour of the week at the start; 0 = Monday 00:00
	Days         int            `yaml:"days"`        // default 7
	Warmup       int            `yaml:"warmup_days"` // of those, not counted; default 1
	Seed         uint64         `yaml:"seed"`
	Replications Replications   `yaml:"replications"`
	Demand       DemandSetting  `yaml:"demand"`
	History      History        `yaml:"history"`
	Users        Users          `yaml:"users"`
	Piles        PileRule       `yaml:"pile_ups"`
	Bureau       BureauSetting  `yaml:"bureau"`
	Costs        Costs          `yaml:"costs"`
	Emissions    Emissions      `yaml:"emissions"`
	Operators    []OperatorRow  `yaml:"operators"`
	Shocks       []ShockSetting `yaml:"shocks"`
	Policies     []Policy       `yaml:"policies"` // the first is the baseline
	Checks       []CheckRow     `yaml:"checks"`
	Sweep        SweepSetting   `yaml:"sweep"`
	Sensitivity  Assumptions    `yaml:"sensitivity"`

	name string // of the file, and where its keys stand
	at   strict.Positions
	text []byte // of the file
}

// Replications says how often each policy is run: until the paired difference of the unmet rate
// of every policy is known to within half_width, in blocks of four.
type Replications struct {
	Min       int     `yaml:"min"`        // default 8
	Max       int     `yaml:"max"`        // default 40
	HalfWidth float64 `yaml:"half_width"` // of 95 % intervals; default 0.005
}

// DemandSetting says who would like to ride.
type DemandSetting struct {
	Model  string  `yaml:"model"`  // city (default), fit, table, trace or standing
	Rates  string  `yaml:"rates"`  // of a table, as stint sim fit writes it
	Rides  string  `yaml:"rides"`  // of a table: rides from cell to cell; "" = none are known
	From   string  `yaml:"from"`   // of a trace: its first day; default the history's
	Growth float64 `yaml:"growth"` // default 1
	Ride   float64 `yaml:"ride_m"` // mean of the distance law of destinations; default 1000
	// Turns is how often a vehicle that stands is ridden a day, where nobody knows the rides.
	Turns float64   `yaml:"rides_per_vehicle_day"`
	Hours []float64 `yaml:"hours"` // of standing: 24 weights of the hours of a day; default all alike
}

// BureauSetting is how the bureau works in the simulation.
type BureauSetting struct {
	Every    int               `yaml:"decide_every_days"` // 0: the first plan stays
	Notice   int               `yaml:"notice_days"`       // from draft to effect; default 1
	Response int               `yaml:"response_hours"`    // operators for a removal order; default 12
	Measures map[string]string `yaml:"measures"`          // indicators that are measured, by measure
}

// OperatorRow is how an operator of the city behaves. Those not named work by the defaults.
type OperatorRow struct {
	ID       string  `yaml:"id"`
	Fleet    int     `yaml:"fleet"` // vehicles owned; default: twice its quota in the baseline
	Price    Price   `yaml:"price"`
	Breakage float64 `yaml:"breakage"`     // probability a ride breaks the vehicle; default 0.0008
	Repair   float64 `yaml:"repair_hours"` // default 24
	Crew     CrewRow `yaml:"crew"`
	Stuff    float64 `yaml:"stuff"`      // share of faulty parking hidden from the count
	Under    float64 `yaml:"under"`      // share of faults not reported
	Cream    float64 `yaml:"cream"`      // share of the cells it serves, hottest first; default 1
	Respond  string  `yaml:"respond"`    // what it sets its fleet by: profit or share; "" = as given
	Most     int     `yaml:"fleet_most"` // with respond: the largest fleet it can own; 0 = any
}

// CrewRow is an operator's field staff.
type CrewRow struct {
	Strategy string  `yaml:"strategy"` // none (default), nightly, greedy, flow
	Trucks   int     `yaml:"trucks"`   // default 2
	Capacity int     `yaml:"capacity"` // default 20
	From     int     `yaml:"from"`     // hours of the shift; default 6 to 22
	To       int     `yaml:"to"`
	Every    int     `yaml:"every_hours"` // default 4
	Speed    float64 `yaml:"speed_mps"`   // default 6.9
}

// ShockSetting is something that happens. Hours count from the start.
type ShockSetting struct {
	Kind     string    `yaml:"kind"` // weather, event, emergency, data-outage
	At       int       `yaml:"at_hour"`
	Hours    int       `yaml:"hours"`
	Factors  []float64 `yaml:"factors"`     // weather: of demand, hour by hour from the start
	Cells    []string  `yaml:"cells"`       // event: one; emergency: all that are closed
	Extra    int       `yaml:"extra_trips"` // event
	Clear    bool      `yaml:"clear"`       // emergency: vehicles are taken in
	Operator string    `yaml:"operator"`    // data-outage
}

// Policy is the city file with changes, or another city file.
type Policy struct {
	ID   string `yaml:"id"`
	City string `yaml:"city"` // default: the scenario's
	Set  Patch  `yaml:"set"`
	// Operators are those who behave otherwise under this policy; each row stands for the whole of
	// the scenario's.
	Operators []OperatorRow `yaml:"operators"`
	// Parts are parts of the day with quotas of their own, as in a timetable of stint adjust.
	Parts []engine.Part `yaml:"parts"`
}

// Patch changes single rules of a city file.
type Patch struct {
	TotalMax      *int     `yaml:"total_max"`
	MeritExponent *float64 `yaml:"merit_exponent"`
	Step          *float64 `yaml:"step"`
	MinShare      *float64 `yaml:"min_share"`
	MaxShare      *float64 `yaml:"max_share"`
	LocalMaxShare *float64 `yaml:"local_max_share"`
	Churn         *float64 `yaml:"churn_tolerance"`
	EntrantPool   *float64 `yaml:"entrant_pool"`
}

// Parse reads a scenario file; name is what faults call it. It returns a *strict.Fault, the first
// from the top.
func Parse(name string, data []byte) (*Scenario, error) {
	s := &Scenario{
		Days: 7, Warmup: 1, Replications: Replications{8, 40, 0.005},
		Demand:  DemandSetting{Model: fromCity, Growth: 1, Ride: 1000},
		History: History{Model: demand.WeekdayHour, Borrowed: 2},
		Bureau:  BureauSetting{Notice: 1, Response: 12},
		Users: Users{
			Radius: 400, Walk: 1.33, Ride: 3.67, Detour: 1.3,
			Choice:  Choice{Walk: -0.008, Price: -0.5, Availability: 0.2, Outside: -4},
			Parking: Parking{Tolerance: 20, Comply: 0.8},
		},
		Piles: PileRule{Minutes: 30, Within: 60, Mean: 45}, name: name,
	}
	at, err := strict.Decode(name, data, scenarioMost, s)
	if err != nil {
		return nil, err
	}
	s.at, s.text = at, data
	c := scenarioCheck{name: name, at: at}
	c.scenario(s)
	if len(c.faults) > 0 {
		return nil, slices.MinFunc(c.faults, func(a, b *strict.Fault) int {
			return (a.Line-b.Line)*(1<<20) + a.Column - b.Column
		})
	}
	s.fill("operators", s.Operators)
	for i := range s.Policies {
		s.fill(strict.KeyPath(strict.ItemPath("policies", i), "operators"), s.Policies[i].Operators)
	}
	return s, nil
}

// fill sets what rows of operators don't name.
func (s *Scenario) fill(path string, list []OperatorRow) {
	for i := range list {
		list[i].fill(func(key string) bool {
			return s.at.Has(strict.KeyPath(strict.ItemPath(path, i), key))
		})
	}
}

// fill sets what a row of an operator doesn't name.
func (o *OperatorRow) fill(named func(key string) bool) {
	set := func(key string, missing func()) {
		if !named(key) {
			missing()
		}
	}
	set("fleet", func() { o.Fleet = -1 })
	set("breakage", func() { o.Breakage = 0.0008 })
	set("repair_hours", func() { o.Repair = 24 })
	set("price.minutes", func() { o.Price.Minutes = 15 })
	set("cream", func() { o.Cream = 1 })
	set("crew.strategy", func() { o.Crew.Strategy = crewNone })
	set("crew.trucks", func() { o.Crew.Trucks = 2 })
	set("crew.capacity", func() { o.Crew.Capacity = 20 })
	set("crew.from", func() { o.Crew.From = 6 })
	set("crew.to", func() { o.Crew.To = 22 })
	set("crew.every_hours", func() { o.Crew.Every = 4 })
	set("crew.speed_mps", func() { o.Crew.Speed = 6.9 })
}

// scenarioCheck gathers the faults of a scenario.
type scenarioCheck struct {
	name   string
	at     strict.Positions
	faults []*strict.Fault
}

// fault notes a fault at a path.
func (c *scenarioCheck) fault(path, id string, args ...any) {
	c.faults = append(c.faults, strict.FaultAt(c.name, c.at.Of(path), id, args...))
}

// within holds a number to its range.
func (c *scenarioCheck) within(path string, x, low, high float64) {
	if !(x >= low && x <= high) {
		c.fault(path, "sim.range", "key", strict.LastKey(path), "got", x, "low", low, "high", high)
	}
}

// scenario checks what the file alone tells.
func (c *scenarioCheck) scenario(s *Scenario) {
	if s.Version != 1 {
		c.fault("version", "sim.version", "got", s.Version)
	}
	if s.City == "" {
		c.fault("city", "sim.missing", "key", "city")
	}
	if len(s.Policies) == 0 {
		c.fault("policies", "sim.missing", "key", "policies")
	}
	c.within("first_hour", float64(s.FirstHour), 0, week-1)
	c.within("days", float64(s.Days), 1, 366)
	c.within("warmup_days", float64(s.Warmup), 0, float64(s.Days-1))
	c.within("replications.min", float64(s.Replications.Min), 2, 10_000)
	c.within("replications.max", float64(s.Replications.Max), float64(s.Replications.Min), 10_000)
	c.within("replications.half_width", s.Replications.HalfWidth, 1e-6, 1)
	c.within("demand.growth", s.Demand.Growth, 0, 100)
	c.within("demand.ride_m", s.Demand.Ride, 10, 100_000)
	c.within("users.radius_m", s.Users.Radius, 0, 10_000)
	c.within("users.walk_mps", s.Users.Walk, 0.1, 10)
	c.within("users.ride_mps", s.Users.Ride, 0.1, 50)
	c.within("users.detour", s.Users.Detour, 1, 10)
	c.within("users.parking.comply", s.Users.Parking.Comply, 0, 1)
	c.within("bureau.decide_every_days", float64(s.Bureau.Every), 0, 366)
	c.within("bureau.notice_days", float64(s.Bureau.Notice), 0, 366)
	c.within("bureau.response_hours", float64(s.Bureau.Response), 0, 10_000)
	for indicator, measure := range s.Bureau.Measures {
		if path := "bureau.measures." + indicator; !slices.Contains(Measures(), measure) {
			c.fault(path, "sim.one-of", "key", indicator, "got", measure, "want", Measures())
		}
	}
	c.history(s)
	c.operators("operators", s.Operators)
	c.shocks(s)
	c.policies(s)
	c.checks(s)
	c.sweep(s)
	c.sensitivity(s)
}

// oneOf holds a word to a list.
func (c *scenarioCheck) oneOf(path, got string, want []string) {
	if !slices.Contains(want, got) {
		c.fault(path, "sim.one-of", "key", strict.LastKey(path), "got", got, "want", want)
	}
}

// operators checks operators' rows.
func (c *scenarioCheck) operators(list string, rows []OperatorRow) {
	strategies := []string{crewNone, crewNightly, crewGreedy, crewFlow}
	for i, o := range rows {
		path := strict.ItemPath(list, i)
		if o.Respond != "" {
			c.oneOf(strict.KeyPath(path, "respond"), o.Respond, []string{respondProfit, respondShare})
		}
		c.within(strict.KeyPath(path, "cream"), o.Cream, 0, 1)
		c.within(strict.KeyPath(path, "fleet_most"), float64(o.Most), 0, 10_000_000)
		c.within(strict.KeyPath(path, "fleet"), float64(o.Fleet), 0, 10_000_000)
		c.within(strict.KeyPath(path, "breakage"), o.Breakage, 0, 1)
		c.within(strict.KeyPath(path, "repair_hours"), o.Repair, 0, 10_000)
		c.within(strict.KeyPath(path, "stuff"), o.Stuff, 0, 1)
		c.within(strict.KeyPath(path, "under"), o.Under, 0, 1)
		c.within(strict.KeyPath(path, "crew.every_hours"), float64(o.Crew.Every), 0, 24)
		c.within(strict.KeyPath(path, "crew.from"), float64(o.Crew.From), 0, 24)
		c.within(strict.KeyPath(path, "crew.to"), float64(o.Crew.To), 0, 24)
		if o.Crew.Strategy != "" {
			c.oneOf(strict.KeyPath(path, "crew.strategy"), o.Crew.Strategy, strategies)
		}
	}
}

// shocks checks what happens.
func (c *scenarioCheck) shocks(s *Scenario) {
	kinds := []string{shockWeather, shockEvent, shockEmergency, shockOutage}
	for i, x := range s.Shocks {
		path := strict.ItemPath("shocks", i)
		c.oneOf(strict.KeyPath(path, "kind"), x.Kind, kinds)
		c.within(strict.KeyPath(path, "at_hour"), float64(x.At), 0, float64(s.Days*24))
		if x.Kind != shockWeather {
			c.within(strict.KeyPath(path, "hours"), float64(x.Hours), 1, 10_000)
		}
		if x.Kind == shockEvent && len(x.Cells) != 1 || x.Kind == shockEmergency && len(x.Cells) == 0 {
			c.fault(path, "sim.missing", "key", "cells")
		}
		for h, f := range x.Factors {
			c.within(strict.ItemPath(strict.KeyPath(path, "factors"), h), f, 0, 100)
		}
	}
}

// policies checks IDs and changes.
func (c *scenarioCheck) policies(s *Scenario) {
	seen := map[string]bool{}
	for i, p := range s.Policies {
		path := strict.ItemPath("policies", i)
		if p.ID == "" || seen[p.ID] {
			c.fault(strict.KeyPath(path, "id"), "sim.policy-id", "got", p.ID)
		}
		seen[p.ID] = true
		c.operators(strict.KeyPath(path, "operators"), p.Operators)
		for key, x := range map[string]*float64{
			"step": p.Set.Step, "min_share": p.Set.MinShare, "max_share": p.Set.MaxShare,
			"local_max_share": p.Set.LocalMaxShare, "entrant_pool": p.Set.EntrantPool,
		} {
			if x != nil {
				c.within(strict.KeyPath(path, "set."+key), *x, 0, 1)
			}
		}
		if x := p.Set.MeritExponent; x != nil {
			c.within(strict.KeyPath(path, "set.merit_exponent"), *x, 0, 10)
		}
		if x := p.Set.Churn; x != nil {
			c.within(strict.KeyPath(path, "set.churn_tolerance"), *x, 0, 100)
		}
		if x := p.Set.TotalMax; x != nil {
			c.within(strict.KeyPath(path, "set.total_max"), float64(*x), 0, math.MaxInt32)
		}
	}
}
