package docs_test

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/apportion"
	"github.com/stint-city/stint/quota/merit"
	"github.com/stint-city/stint/scoring"
)

// functions are those that examples may call: a calculator's, the packages' own, and those below,
// which put a record into the packages' words and call them.
func functions() map[string]any {
	return map[string]any{
		"round": func(x float64) float64 { return math.Floor(x + 0.5) },
		"floor": math.Floor, "ceil": math.Ceil, "sqrt": math.Sqrt, "ln": math.Log, "exp": math.Exp,
		"min": math.Min,

		"from_wgs84": fromWGS84, "to_wgs84": toWGS84,
		"distance_m": distance, "rectangle": rectangle, "cell_area_km2": cellArea,
		"area_m2": geo.MultiPolygon.Area, "union": geo.Union,

		"turnover_fleet": quota.TurnoverFleet, "implied_turnover": quota.ImpliedTurnover,
		"trip_demand": quota.TripDemand, "parking_places": quota.ParkingPlaces,
		"riding_trips": quota.RidingTrips, "capacity": capacity, "demand": demand,
		"erlang_b": quota.ErlangB, "erlang_traffic": quota.ErlangTraffic,
		"served": served, "enough": quota.Service.Enough,
		"cell_totals": cellTotals, "verify": verify,

		"score": score, "operators_totals": operatorsTotals,
		"divide": divide, "matrix": matrix, "read": read, "cut": cut, "gap": gap, "lot": lot,
	}
}

// or returns what p points to, or what the key stands for where it is left out.
func or[T any](p *T, missing T) T {
	if p == nil {
		return missing
	}
	return *p
}

// known returns x, or nil where it is NaN.
func known(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

func fromWGS84(d geo.Datum, lat, lng float64) []float64 {
	p := d.FromWGS84(geo.LatLng{Lat: lat, Lng: lng})
	return []float64{p.Lat, p.Lng}
}

func toWGS84(d geo.Datum, lat, lng float64) []float64 {
	p := d.ToWGS84(geo.LatLng{Lat: lat, Lng: lng})
	return []float64{p.Lat, p.Lng}
}

func distance(lat1, lng1, lat2, lng2 float64) float64 {
	return geo.Distance(geo.LatLng{Lat: lat1, Lng: lng1}, geo.LatLng{Lat: lat2, Lng: lng2})
}

func rectangle(south, west, north, east float64) geo.MultiPolygon {
	return geo.MultiPolygon{{{
		{Lat: south, Lng: west},
		{Lat: south, Lng: east},
		{Lat: north, Lng: east},
		{Lat: north, Lng: west},
		{Lat: south, Lng: west},
	}}}
}

func cellArea(lat, lng float64, resolution int) (float64, error) {
	cell, err := geo.CellAt(geo.LatLng{Lat: lat, Lng: lng}, resolution)
	if err != nil {
		return 0, err
	}
	return cell.Area() / 1e6, nil
}

type space struct {
	Parking, Sidewalk, Area *float64
	Banned                  float64
	Cap, Zone               *int
}

// daily is a day's demand; without a mean it is unknown.
type daily struct{ Low, Mean, High *float64 }

func capacity(l quota.Limits, s space, d daily) map[string]any {
	nan := math.NaN()
	c := l.Capacity(quota.Space{
		Parking: or(s.Parking, nan), Sidewalk: or(s.Sidewalk, nan), Area: or(s.Area, nan),
		Banned: s.Banned, Cap: or(s.Cap, -1), Zone: or(s.Zone, -1),
	}, quota.Estimate{
		Low: or(d.Low, nan), Mean: or(d.Mean, nan), High: or(d.High, nan), Known: d.Mean != nil,
	})
	return map[string]any{
		"low": c.Low, "mid": c.Mid, "high": c.High, "binding": c.Binding, "known": c.Known,
	}
}

// hour is one hour of Monday in a cell and in its ring.
type hour struct {
	Watched   float64
	Usable    *float64 // nil = unknown
	Trips     int32
	RingTrips int32   `json:"ring_trips"`
	RingHours float64 `json:"ring_hours"`
}

// demand estimates a cell whose ring is one other cell.
func demand(hours []hour, a, factor float64) map[string]any {
	o := quota.Observed{
		Events: make([]quota.HourCounts, 2),
		Usable: make([][quota.HoursOfWeek]float32, 2),
	}
	for h, seen := range hours {
		o.Hours[h] = seen.Watched
		o.Events[0][h], o.Events[1][h] = seen.Trips, seen.RingTrips
		o.Usable[0][h] = float32(or(seen.Usable, math.NaN()))
		o.Usable[1][h] = float32(seen.RingHours)
	}
	other := func(i int) []int { return []int{1 - i} }
	d := quota.EstimateDemand(other, o, quota.Shrink{Hours: a}, factor)[0]
	return map[string]any{
		"rates": d.Rate[:len(hours)], "known": d.Daily.Known,
		"mean": d.Daily.Mean, "low": d.Daily.Low, "high": d.Daily.High,
	}
}

// served spreads a day's demand evenly over the hours of the week.
func served(s quota.Service, perDay float64, most int) []float64 {
	d := quota.CellDemand{Daily: quota.Estimate{Mean: perDay, Known: true}}
	for h := range d.Rate {
		d.Rate[h] = float32(perDay / 24)
	}
	return s.Marginals(nil, d, 1, most)
}

type node struct {
	ID, Parent string
	Floor      int
	Cap        *int
}

type leaf struct {
	Node       string
	Floor, Cap int
	Adds       []float64
}

type bounds struct {
	Max        *int
	MinBenefit float64 `json:"min_benefit"`
}

func cellTotals(nodes []node, leaves []leaf, b bounds) (map[string]any, error) {
	at := func(id string) int {
		return slices.IndexFunc(nodes, func(n node) bool { return n.ID == id })
	}
	tree := make([]quota.Node, len(nodes))
	for v, n := range nodes {
		tree[v] = quota.Node{ID: n.ID, Parent: at(n.Parent), Floor: n.Floor, Cap: or(n.Cap, -1)}
	}
	cells := make([]quota.Leaf, len(leaves))
	for i, l := range leaves {
		cells[i] = quota.Leaf{
			Cell: geo.Cell(i + 1), Node: at(l.Node), Floor: l.Floor, Cap: l.Cap,
			Weight: 1, Marginal: l.Adds,
		}
	}
	t, err := quota.AllocateCells(tree, cells, or(b.Max, -1), b.MinBenefit)
	if e := (*quota.InfeasibleError)(nil); errors.As(err, &e) {
		return map[string]any{"infeasible": map[string]any{
			"node": e.Node, "by": e.By, "need": e.Need, "room": e.Room, "short": e.Short,
		}}, nil
	}
	why := make([]string, len(cells))
	for i, reason := range t.Binding {
		if why[i] = string(reason.Code); reason.Node != "" {
			why[i] = reason.Node
		}
	}
	curve := make([][]float64, len(t.Curve))
	for n, point := range t.Curve {
		curve[n] = []float64{float64(point.Vehicles), point.Benefit}
	}
	return map[string]any{
		"cells": t.PerCell, "nodes": t.NodeTotals, "total": t.Total, "why": why,
		"shadow_price": known(t.ShadowPrice), "curve": curve,
	}, err
}

// verify checks quotas [operator][cell] against what the cells carry.
func verify(carries []int, quotas [][]int) string {
	a := quota.Allocation{Max: -1, Exact: true, Quotas: quotas}
	a.Nodes = []quota.Node{{ID: "city", Parent: -1, Cap: -1}}
	for i, capacity := range carries {
		a.Cells = append(a.Cells, quota.CellQuota{Cell: geo.Cell(i + 1), Capacity: capacity})
	}
	for k, row := range quotas {
		o := quota.OperatorQuota{ID: fmt.Sprint(k), Ceiling: -1, Request: -1, Previous: -1}
		for i, n := range row {
			o.Quota += n
			a.Cells[i].Total += n
			a.Total += n
		}
		a.Operators = append(a.Operators, o)
	}
	if e := (*quota.Breach)(nil); errors.As(quota.Verify(a), &e) {
		return strings.ToLower(e.Invariant)
	}
	return "holds"
}

// score returns the card of the first of two operators. A value that is nil is unknown.
func score(r scoring.Rubric, own, other map[string]*float64) (map[string]any, error) {
	sheets := []scoring.Sheet{{Operator: "own"}, {Operator: "other"}}
	for k, values := range []map[string]*float64{own, other} {
		for _, d := range r.Indicators {
			v := values[d.ID]
			sheets[k].Values = append(sheets[k].Values, scoring.Value{
				Indicator: d.ID, Value: or(v, math.NaN()), Known: v != nil,
			})
		}
	}
	cards, err := scoring.Evaluate(r, sheets)
	if err != nil {
		return nil, err
	}
	points := make([]*float64, len(r.Indicators))
	for j, item := range cards[0].Items {
		points[j] = known(item.Points)
	}
	return map[string]any{
		"points": points, "score": known(cards[0].Score), "pass": cards[0].Pass,
		"low": cards[0].Low, "high": cards[0].High,
	}, nil
}

type operator struct {
	ID                string
	Score             *float64
	Previous, Request *int
}

func operatorsTotals(r merit.Rules, total int, list []operator) (map[string]any, error) {
	ops := make([]merit.Operator, len(list))
	for k, o := range list {
		ops[k] = merit.Operator{
			ID: o.ID, Score: or(o.Score, math.NaN()), Licensed: true, Use: math.NaN(),
			Previous: or(o.Previous, -1), Request: or(o.Request, -1),
		}
	}
	d, err := merit.Apply(r, total, ops)
	if e := (*merit.InfeasibleError)(nil); errors.As(err, &e) {
		return map[string]any{"infeasible": map[string]any{
			"total": e.Total, "low": e.Low, "high": e.High,
		}}, nil
	}
	quotas, held := make([]int, len(ops)), make([]string, len(ops))
	for k, t := range d.Totals {
		quotas[k] = t.Quota
		held[k] = map[string]string{
			"": "no", "floor": "floor-by-" + t.FloorBy, "ceiling": "ceiling-by-" + t.CeilingBy,
		}[t.Bound]
	}
	return map[string]any{
		"quotas": quotas, "held": held, "unallocated": d.Unallocated, "relaxed": d.Relaxed,
	}, err
}

func divide(total int, weights []float64) ([]int, error) {
	claims := make([]apportion.Claim, len(weights))
	for k, w := range weights {
		claims[k] = apportion.Claim{ID: fmt.Sprintf("%03d", k), Weight: w, Ceiling: -1}
	}
	shares, _, err := apportion.Divide(total, claims)
	quotas := make([]int, len(shares))
	for k, s := range shares {
		quotas[k] = s.Quota
	}
	return quotas, err
}

// problem is an apportion.Problem; rows and columns without names are numbered, and a seed turns
// the lottery on.
type problem struct {
	Rows, Cols      []string
	Weights         [][]float64
	RowTotals       []int `json:"row_totals"`
	ColTotals       []int `json:"col_totals"`
	Upper, Previous [][]int
	Tolerance       float64
	Seed            *uint64
}

func (p problem) plain() apportion.Problem {
	for o := len(p.Rows); o < len(p.RowTotals); o++ {
		p.Rows = append(p.Rows, fmt.Sprintf("row%d", o))
	}
	for c := len(p.Cols); c < len(p.ColTotals); c++ {
		p.Cols = append(p.Cols, fmt.Sprintf("col%d", c))
	}
	return apportion.Problem{
		Rows: p.Rows, Cols: p.Cols, Weights: p.Weights, RowTotals: p.RowTotals,
		ColTotals: p.ColTotals, Upper: p.Upper, Previous: p.Previous, Tolerance: p.Tolerance,
		Ties: p.Seed != nil, TieSeed: or(p.Seed, 0),
	}
}

func matrix(p problem) ([][]int, error) {
	s, err := apportion.Solve(p.plain())
	if err != nil {
		return nil, err
	}
	return s.Matrix, nil
}

// read explains an entry; row and column count from 1.
func read(p problem, row, col int) (map[string]any, error) {
	s, err := apportion.Solve(p.plain())
	if err != nil {
		return nil, err
	}
	r := apportion.Read(p.plain(), s, row-1, col-1)
	return map[string]any{
		"share": r.Share, "low": r.Low, "high": r.High, "previous": r.Previous,
		"quota": r.Quota, "code": r.Code,
	}, nil
}

// cut returns why a problem has no solution.
func cut(p problem) (map[string]any, error) {
	_, err := apportion.Solve(p.plain())
	var e *apportion.CutError
	if !errors.As(err, &e) {
		return nil, fmt.Errorf("not infeasible: %w", err)
	}
	entries := make([][]any, len(e.Entries))
	for i, l := range e.Entries {
		entries[i] = []any{l.Row, l.Col, l.Upper}
	}
	return map[string]any{
		"rows": e.Rows, "need": e.Need, "placeable": e.Placeable, "shortfall": e.Shortfall,
		"entries": entries,
	}, nil
}

// gap measures a matrix against the prices that prove the optimum.
func gap(p problem, matrix [][]int) (int64, error) {
	s, err := apportion.Solve(p.plain())
	if err != nil {
		return 0, err
	}
	s.Matrix = matrix
	c, err := apportion.Certify(p.plain(), s)
	return c.Gap, err
}

// lot draws by the rule of the page and not by the package's code.
func lot(seed uint64, operator, cell string) uint16 {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%s\n%s\n", seed, operator, cell))
	return binary.BigEndian.Uint16(sum[:2])
}
