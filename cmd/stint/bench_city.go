package main

import (
	"fmt"
	"math"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/merit"
	"github.com/stint-city/stint/scoring"
)

// benchSector is the one sector of the city that `stint bench` makes.
const benchSector = "bike"

// benchCity returns a made city of at least so many cells, in 16 districts, with ground and demand
// for some six hundred vehicles a cell: no benchmark fills it.
func benchCity(cells, operators int) (*engine.Snapshot, error) {
	grid, err := benchGrid(cells)
	if err != nil {
		return nil, err
	}
	n := grid.Len()
	s := engine.Sector{
		ID: benchSector, Name: engine.Name{En: "Bicycles", Zh: "单车"},
		Limits: quota.Limits{
			Footprint: 1.2, Usable: quota.Range{Low: 0.8, Mid: 1, High: 1}, SpaceShare: 1,
			Available: 1,
		},
		Service:     quota.Service{Model: quota.ModelPresence},
		DailyFactor: 1, Max: -1, Presence: make([]float64, n),
		Space: make([]quota.Space, n), Floors: make([]int, n), NodeOf: make([]int, n),
		Nodes:  []quota.Node{{ID: "bench", Parent: -1, Cap: -1}},
		Rules:  merit.Rules{ID: "p", Base: merit.BaseEqual, Exponent: 1},
		Matrix: engine.MatrixRules{Claims: "equal", LocalMaxShare: 1},
	}
	city := &engine.Snapshot{
		City: engine.City{
			ID: "bench", Name: engine.Name{En: "Made city", Zh: "虚构城市"}, Resolution: 9, TieSeed: 7,
		},
		Grid: grid, DistrictOf: make([]int, n),
		Rubric: scoring.Rubric{ID: "r", Pass: math.NaN(), Indicators: []scoring.Indicator{{
			ID: "rate", Higher: true, Weight: 1, Linear: &scoring.Linear{Zero: 0, Full: 1},
			Missing: scoring.MissingUnknown,
		}}},
	}
	for k := range 16 {
		id := fmt.Sprintf("district-%02d", k)
		city.Districts = append(city.Districts, engine.District{ID: id})
		s.Nodes = append(s.Nodes, quota.Node{ID: id, Parent: 0, Cap: -1})
	}
	for i := range n {
		city.DistrictOf[i] = i * 16 / n
		s.NodeOf[i] = 1 + city.DistrictOf[i]
		s.Space[i] = quota.Space{
			Parking: 720, Sidewalk: math.NaN(), Area: grid.Cell(i).Area(), Cap: -1, Zone: -1,
		}
		s.Presence[i] = 800
	}
	city.Sectors = []engine.Sector{s}
	for k := range operators {
		id := benchOperator(k)
		city.Operators = append(city.Operators, engine.Operator{
			ID: id, Licensed: []bool{true}, Previous: []int{-1}, Request: []int{-1},
		})
		city.Sheets = append(city.Sheets, scoring.Sheet{Operator: id, Values: []scoring.Value{
			{Indicator: "rate", Value: 0.8, Known: true},
		}})
	}
	return city, nil
}

// benchOperator returns the ID of operator k.
func benchOperator(k int) string { return fmt.Sprintf("operator-%d", k) }

// benchCenter is where the made city lies.
func benchCenter() geo.LatLng { return geo.LatLng{Lat: 39.9, Lng: 116.4} }

// benchGrid returns a round grid of at least so many cells.
func benchGrid(cells int) (*geo.Grid, error) {
	center, err := geo.CellAt(benchCenter(), 9)
	if err != nil {
		return nil, err
	}
	var all []geo.Cell
	for k := 0; len(all) < cells; k++ {
		all = append(all, center.Ring(k)...)
	}
	return geo.NewGrid(all)
}
