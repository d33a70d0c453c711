package report

import (
	"math"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/merit"
)

// fixture returns a made city: a disk of cells in four districts, bicycles ("bike", trips, with
// previous quotas and a tolerance) and e-bikes ("ebike", vehicles standing, no previous quotas).
// The matrix is made backwards: multipliers are chosen, quotas are the rounded shares, and the
// totals are their sums. So every statement of the plan holds by construction.
func fixture(t testing.TB, rings int) *engine.Plan {
	t.Helper()
	cells := disk(t, rings)
	pass := 60.0
	p := &engine.Plan{
		Schema: engine.PlanSchema, Tool: "stint test",
		City: engine.City{
			ID: "lakeside", Name: engine.Name{En: "Lakeside", Zh: "湖滨市"},
			Notice: engine.Name{
				En: "Made city: no real place, no real company.", Zh: "虚构城市：并非真实地点，亦无真实企业。",
			},
			TimeZone: "Asia/Shanghai", Resolution: 9, TieSeed: 7,
		},
		PolicyID: "lakeside-2026", PolicyVersion: "2026-1",
		Inputs: []engine.Input{
			{Role: "city", Path: "city.yaml", SHA256: strings.Repeat("ab", 32), Bytes: 4210},
			{Role: "fences", Path: "layers/fences.csv", SHA256: strings.Repeat("cd", 32), Bytes: 812345},
			{Role: "sheet:heron", Path: "sheets/heron.csv", SHA256: strings.Repeat("12", 32), Bytes: 310},
		},
		Layers: []engine.Layer{
			{ID: "districts", Kind: "districts", Datum: "WGS-84", Files: 1, Features: 4},
			{
				ID: "fences", Kind: "fences", Datum: "GCJ-02", Files: 1, Features: 1404, Rejected: 3,
				Outside: 2, Area: number(172350.5), Union: number(164920.25),
			},
			{
				ID: "rides", Kind: "rides", Datum: "WGS-84", Files: 4, Features: 90412, Rejected: 18,
				FirstTime: "2026-03-02 00:00", LastTime: "2026-03-29 23:59",
			},
		},
		Compliance: []engine.Compliance{
			{Layer: "rides", Measure: "polygon", Tolerance: 0, Share: 0.0382, Within: 3454, Of: 90412},
			{Layer: "rides", Measure: "polygon", Tolerance: 15, Share: 0.698, Within: 63108, Of: 90412},
			{Layer: "rides", Measure: "polygon", Tolerance: 30, Share: 0.8716, Within: 78803, Of: 90412},
			{Layer: "rides", Measure: "centre", Tolerance: 15, Share: 0.615, Within: 55603, Of: 90412},
		},
		Labels: map[string]engine.Name{
			"old-town": {En: "Old Town", Zh: "老城区"}, "harbour": {En: "Harbour", Zh: "港区"},
			"campus": {En: "Campus", Zh: "大学城"}, "hills": {En: "Hills", Zh: "山前区"},
		},
		Rubric: engine.RubricPlan{ID: "quality-2026", Pass: &pass, Indicators: []engine.IndicatorPlan{
			{
				ID: "in_fence_share", Name: engine.Name{En: "parked in fences", Zh: "入栏率"}, Unit: "share",
				Higher: true, Weight: 0.4, Rule: "0 at 0.5, 100 at 0.95", Missing: "unknown",
			},
			{
				ID: "turnover", Name: engine.Name{En: "turnover", Zh: "周转率"}, Unit: "trips/day",
				Higher: true, Weight: 0.35, Rule: "≥ 4: 100; ≥ 2: 70; else: 30", Missing: "worst",
			},
			{
				ID: "complaint_hours", Name: engine.Name{En: "complaints settled", Zh: "投诉处理"},
				Unit: "h", Weight: 0.25, Rule: "0 at 72, 100 at 12", Missing: "mean",
			},
		}},
		Scorecards: []engine.Scorecard{
			card("heron", "Heron", "白鹭", item(0.41, 92, 0.4), item(3.1, 70, 0.35), item(20, 86, 0.25)),
			card("ibis", "Ibis", "朱鹮", item(0.38, 61.5, 0.4), item(1.2, 30, 0.35), item(50, 37, 0.25)),
			card("swift", "Swift", "雨燕", item(math.NaN(), math.NaN(), 0.4), item(4.4, 100, 0.35),
				item(math.NaN(), 61.5, 0.25)),
		},
		Notes: []engine.Note{
			{
				Kind: "warning", ID: "warning.rejected-rows", File: "layers/fences.csv", Line: 12, Column: 4,
				Args: []any{"file", "layers/fences.csv", "rejected", 3, "rows", 1407},
			},
			{Kind: "assumption", ID: "table.some-cells", Args: []any{"cells", 3}},
		},
	}
	p.Sectors = []engine.SectorPlan{bikes(cells), ebikes(cells)}
	if _, err := p.Seal(); err != nil {
		t.Fatal(err)
	}
	return p
}

func number(x float64) *float64 { return &x }

// item is an item of a scorecard; NaN is an unknown value, or unknown points.
func item(value, points, weight float64) engine.Item {
	it := engine.Item{Weight: weight, Effective: weight, How: "linear"}
	if math.IsNaN(value) {
		it.Why, it.How = "absent", "missing:mean"
	} else {
		it.Value = &value
	}
	if math.IsNaN(points) {
		it.How = "missing:unknown"
		return it
	}
	it.Points, it.Contribution = &points, number(round6(weight*points))
	return it
}

// card is a scorecard for the fixture's rubric.
func card(id, en, zh string, items ...engine.Item) engine.Scorecard {
	name := engine.Name{En: en, Zh: zh}
	c := engine.Scorecard{Operator: id, Name: name, Items: items, Pass: "unknown"}
	ids := []string{"in_fence_share", "turnover", "complaint_hours"}
	known := true
	for i := range items {
		items[i].Indicator = ids[i]
		if items[i].Points == nil {
			known = false
			c.High += 100 * items[i].Effective
			continue
		}
		c.Low += *items[i].Contribution
		c.High += *items[i].Contribution
	}
	if known {
		c.Low, c.High = round6(c.Low), round6(c.High)
		c.Score, c.Pass = number(c.Low), "fail"
		if c.Low >= 60 {
			c.Pass = "pass"
		}
	}
	return c
}

// round6 rounds to six decimals, so that sums print as they would be written.
func round6(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// disk returns the cells within so many rings of a point, but for a lake in the south-west,
// ascending.
func disk(t testing.TB, rings int) []geo.Cell {
	t.Helper()
	center, err := geo.CellAt(geo.LatLng{Lat: 24.48, Lng: 118.12}, 9)
	if err != nil {
		t.Fatal(err)
	}
	cells := []geo.Cell{center}
	for k := 1; k <= rings; k++ {
		cells = append(cells, center.Ring(k)...)
	}
	lake := geo.LatLng{Lat: 24.468, Lng: 118.105}
	kept := cells[:0]
	for _, c := range cells {
		if geo.Distance(c.Center(), lake) > 700 {
			kept = append(kept, c)
		}
	}
	return sorted(kept)
}

func sorted(cells []geo.Cell) []geo.Cell {
	grid, err := geo.NewGrid(cells)
	if err != nil {
		panic(err)
	}
	return grid.Cells()
}

// noise is a number in [0, 1) that belongs to a cell and a purpose.
func noise(c geo.Cell, purpose uint64) float64 {
	x := uint64(c) ^ purpose*0x9e3779b97f4a7c15
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	x ^= x >> 33
	return float64(x>>11) / (1 << 53)
}

// district returns the index of the node a cell lies in: the quarter of the compass, from 1.
func district(c geo.Cell) int {
	p := c.Center()
	n := 1
	if p.Lat < 24.482 {
		n += 2
	}
	if p.Lng < 118.118 {
		n++
	}
	return n
}

var districts = []string{"lakeside", "old-town", "harbour", "campus", "hills"}

// bikes is the sector with trips and previous quotas.
func bikes(cells []geo.Cell) engine.SectorPlan {
	s := engine.SectorPlan{
		ID: "bike", Name: engine.Name{En: "Shared bicycles", Zh: "共享单车"}, Unit: "trips",
		Settings: engine.Settings{
			Limits: quota.Limits{
				Footprint: 1.2, Usable: quota.Range{Low: 0.7, Mid: 0.8, High: 0.9}, SpaceShare: 1,
				Turnover: 2.5, Available: 0.95,
			},
			Service: quota.Service{Model: "erlang", CycleHours: 0.5, Level: 0.95},
			Shrink:  2, Factor: 1.25, MinBenefit: 0.2,
			Rules: merit.Rules{
				ID: "lakeside-2026", Base: "previous", Exponent: 0.5, UnknownScore: "neutral",
				MinShare: 0.1, MaxShare: 0.6, Step: 0.3,
			},
			Matrix: engine.MatrixRules{Claims: "use", Smoothing: 0.2, LocalMaxShare: 0.8, Tolerance: 0.1},
		},
		Reason: "benefit", Max: -1, Shadow: number(0.21), Gap: 0,
	}
	s.Operators = []engine.OperatorPlan{
		{
			ID: "heron", Name: engine.Name{En: "Heron", Zh: "白鹭"}, Score: number(82.8), Merit: 0.909945,
			Multiplier: 1.08, FloorBy: "min_share", CeilingBy: "max_share",
		},
		{
			ID: "ibis", Name: engine.Name{En: "Ibis", Zh: "朱鹮"}, Score: number(44.35), Merit: 0.665958,
			Multiplier: 0.95, FloorBy: "step", CeilingBy: "request",
		},
		{
			ID: "swift", Name: engine.Name{En: "Swift", Zh: "雨燕"}, Merit: 0.787951,
			Multiplier: 0.9746588693957115, CeilingBy: "step",
		},
	}
	for i := range cells {
		s.Cells = append(s.Cells, cell(&s, cells[i], true))
	}
	finish(&s, 0.97)
	return s
}

// ebikes is the sector that counts vehicles standing.
func ebikes(cells []geo.Cell) engine.SectorPlan {
	s := engine.SectorPlan{
		ID: "ebike", Name: engine.Name{En: "Shared e-bikes", Zh: "共享电单车"}, Unit: "vehicles",
		Settings: engine.Settings{
			Limits: quota.Limits{
				Footprint: 1.8, Usable: quota.Range{Low: 0.5, Mid: 0.6, High: 0.7}, SpaceShare: 0.3,
				SpaceUsable: quota.Range{Low: 0.02, Mid: 0.03, High: 0.04}, Density: 60,
			},
			Service: quota.Service{Model: "presence"}, Shrink: 2, Factor: 1,
			Rules: merit.Rules{
				ID: "lakeside-2026", Base: "equal", Exponent: 1, UnknownScore: "zero",
			},
			Matrix: engine.MatrixRules{Claims: "equal", LocalMaxShare: 1},
		},
		Reason: "maximum", Max: 1000,
	}
	s.Operators = []engine.OperatorPlan{
		{
			ID: "heron", Name: engine.Name{En: "Heron", Zh: "白鹭"}, Score: number(82.8),
			Merit: 0.828, Multiplier: 1.1,
		},
		{
			ID: "ibis", Name: engine.Name{En: "Ibis", Zh: "朱鹮"}, Score: number(44.35),
			Merit: 0.4435, Multiplier: 1 / 1.1,
		},
	}
	for i := range cells {
		s.Cells = append(s.Cells, cell(&s, cells[i], false))
	}
	finish(&s, 0.9)
	return s
}

// cell makes one cell: ground, demand, capacity, claims and, from a chosen multiplier, the
// quotas.
func cell(s *engine.SectorPlan, c geo.Cell, trips bool) engine.CellPlan {
	away := geo.Distance(c.Center(), geo.LatLng{Lat: 24.48, Lng: 118.12}) / 1000
	at := district(c)
	p := engine.CellPlan{
		Cell: c, District: districts[at], Node: at, Enough: -1,
		Space: engine.SpacePlan{Area: c.Area()}, Reason: "capacity",
	}
	space := quota.Space{
		Parking: math.NaN(), Sidewalk: math.NaN(), Area: p.Space.Area, Cap: -1, Zone: -1,
	}
	if noise(c, 1) > 0.08 {
		space.Parking = math.Round(100*(20+220*noise(c, 2))*math.Exp(-away/3)) / 100
		p.Space.Parking = number(space.Parking)
	}
	if noise(c, 3) < 0.04 {
		space.Banned = 1
	} else if noise(c, 3) < 0.1 {
		space.Banned = 0.25
	}
	p.Space.Banned = space.Banned
	mean := math.Round(1000*400*math.Exp(-away/1.8)*(0.3+noise(c, 4))) / 1000
	daily := quota.Estimate{Mean: mean, Low: 0.8 * mean, High: 1.25 * mean}
	daily.Known = trips && noise(c, 5) > 0.05
	if !trips {
		daily.Mean = mean / 20
		p.Demand.Mean = number(daily.Mean)
	} else if daily.Known {
		p.Demand = engine.Interval{Mean: &daily.Mean, Low: &daily.Low, High: &daily.High}
	} else {
		p.Demand = engine.Interval{Low: number(0), High: number(9)}
	}
	capacity := s.Settings.Limits.Capacity(space, daily)
	most := 30
	p.Binding, p.Bounds = capacity.Binding, capacity.Bounds
	if capacity.Known {
		p.Capacity, p.Low, p.High = &capacity.Mid, &capacity.Low, &capacity.High
		most = capacity.Mid
	}
	total := most
	if wanted := int(mean / 2.2); trips && daily.Known && wanted < most {
		total, p.Enough = wanted, wanted
	} else if !trips && int(daily.Mean) < most {
		total, p.Reason = int(daily.Mean), "benefit"
	}
	deal(s, &p, total)
	return p
}

// deal makes claims and quotas for a wanted total, and keeps the sum within it.
func deal(s *engine.SectorPlan, p *engine.CellPlan, total int) {
	weight := 0.0
	for k := range s.Operators {
		claim := 0.25 + 0.5*noise(p.Cell, 10+uint64(k))
		p.Claims = append(p.Claims, claim)
		weight += claim * s.Operators[k].Multiplier
	}
	tolerance := s.Settings.Matrix.Tolerance
	for p.Multiplier = float64(total) / weight; ; p.Multiplier *= 0.98 {
		p.Quotas, p.Upper, p.Codes, p.Previous, p.Total = nil, nil, nil, nil, 0
		for k := range s.Operators {
			y := p.Claims[k] * s.Operators[k].Multiplier * p.Multiplier
			low, high := half(y*math.Exp(-tolerance)), half(y*math.Exp(tolerance))
			n, code := half(y), "rounded-share"
			if tolerance > 0 {
				previous := int(y*(0.7+0.6*noise(p.Cell, 20+uint64(k))) + 0.5)
				p.Previous = append(p.Previous, previous)
				n = max(low, min(previous, high))
				if n == previous {
					code = "kept-within-tolerance"
				}
			}
			upper := int(math.Ceil(s.Settings.Matrix.LocalMaxShare*float64(total) - 1e-9))
			if n > upper {
				n, code = upper, "at-local-share-cap"
			}
			p.Quotas, p.Upper = append(p.Quotas, n), append(p.Upper, upper)
			p.Codes = append(p.Codes, code)
			p.Total += n
		}
		if p.Total <= total {
			p.Price = int64(math.Round(math.Log(max(p.Multiplier, 1e-9)) * (1 << 36)))
			return
		}
	}
}

// half rounds half up, in other words than the code under test.
func half(x float64) int {
	whole, part := math.Modf(x)
	if part >= 0.5 {
		whole++
	}
	return int(whole)
}

// finish sums the cells up and works the operators' weights back from their quotas.
func finish(s *engine.SectorPlan, multiplier float64) {
	s.Nodes = []engine.NodePlan{{ID: districts[0], Parent: -1, Cap: -1}}
	for _, id := range districts[1:] {
		s.Nodes = append(s.Nodes, engine.NodePlan{ID: id, Parent: 0, Cap: 4000, Floor: 10})
	}
	s.Demand = engine.Interval{Mean: number(0), Low: number(0), High: number(0)}
	for i := range s.Cells {
		c := &s.Cells[i]
		s.Total += c.Total
		s.Nodes[c.Node].Total += c.Total
		if c.Capacity == nil {
			s.Capacity.Unknown++
		} else {
			s.Capacity.Low += *c.Low
			s.Capacity.Mid += *c.Capacity
			s.Capacity.High += *c.High
		}
		if c.Demand.Mean != nil {
			*s.Demand.Mean += *c.Demand.Mean
		}
		if c.Demand.Mean != nil && c.Demand.Low != nil {
			*s.Demand.Low += *c.Demand.Low
			*s.Demand.High += *c.Demand.High
		}
		for k := range s.Operators {
			s.Operators[k].Quota += c.Quotas[k]
		}
	}
	s.Nodes[0].Total = s.Total
	s.Pools = []merit.Pool{{Name: "incumbent", Total: s.Total, Multiplier: multiplier}}
	for k := range s.Operators {
		o := &s.Operators[k]
		o.Base = math.Round(float64(o.Quota) / (o.Merit * multiplier))
		o.Weight = o.Base * o.Merit
		o.Licensed, o.Request, o.Pool = true, -1, "incumbent"
		o.Previous = -1
		if s.Unit == "trips" {
			o.Previous = int(o.Base)
		}
		o.Ceiling = s.Total
		o.Price = int64(math.Round(math.Log(o.Multiplier) * (1 << 36)))
	}
	benefit := 0.0
	for i := range 80 {
		gain := 3 * math.Exp(-float64(i)/22)
		benefit += gain * float64(s.Total) / 60
		s.Curve = append(s.Curve, engine.CurvePoint{
			Vehicles: (i + 1) * s.Total / 60, Benefit: benefit, Marginal: gain,
		})
	}
}

func TestFixtureHolds(t *testing.T) {
	p := fixture(t, 6)
	if err := shape(p); err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Sectors {
		if s.Total < 400 {
			t.Errorf("%s: %d vehicles are too few to try anything on", s.ID, s.Total)
		}
		for _, o := range s.Operators {
			if got := half(o.Weight * s.Pools[0].Multiplier); got != o.Quota {
				t.Errorf("%s %s: weight × multiplier rounds to %d, want %d", s.ID, o.ID, got, o.Quota)
			}
		}
	}
}
