package engine_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/merit"
	"github.com/stint-city/stint/scoring"
)

// megacity returns a made snapshot of about 20,000 cells and 8 operators: rings of cells around a
// point at sea, demand falling off with the distance, ground and use drawn from a fixed seed.
func megacity(tb testing.TB, rings, operators int) *engine.Snapshot {
	tb.Helper()
	s := town(tb)
	middle := s.Grid.Cell(0)
	cells := []geo.Cell{middle}
	for k := 1; k <= rings; k++ {
		cells = append(cells, middle.Ring(k)...)
	}
	grid, err := geo.NewGrid(cells)
	if err != nil {
		tb.Fatal(err)
	}
	n := grid.Len()
	draw := rand.New(rand.NewPCG(1, 2))
	sector := &s.Sectors[0]
	s.Grid, s.DistrictOf = grid, make([]int, n)
	sector.NodeOf, sector.Floors = make([]int, n), make([]int, n)
	sector.Space, sector.Observed.Events = make([]quota.Space, n), make([]quota.HourCounts, n)
	sector.Rules = merit.Rules{ID: "p", Base: merit.BaseEqual, Exponent: 1}
	sector.Matrix = engine.MatrixRules{Claims: "use", Smoothing: 0.2, LocalMaxShare: 0.8}
	sector.MinBenefit = 0.5
	sector.Use = make([][]float64, operators)
	for k := range sector.Use {
		sector.Use[k] = make([]float64, n)
	}
	for i := range n {
		distance, _ := geo.GridDistance(middle, grid.Cell(i))
		busy := 6 * math.Exp(-float64(distance)/30) * (0.2 + draw.Float64())
		sector.Space[i] = quota.Space{
			Parking: 20 + 80*draw.Float64(), Sidewalk: math.NaN(), Area: grid.Cell(i).Area(),
			Cap: -1, Zone: -1,
		}
		for h := range sector.Observed.Events[i] {
			sector.Observed.Events[i][h] = int32(busy * (1 + math.Sin(float64(h%24)/4)))
		}
		for k := range sector.Use {
			sector.Use[k][i] = math.Floor(busy * 10 * draw.Float64())
		}
	}
	s.Operators, s.Sheets = nil, nil
	for k := range operators {
		id := fmt.Sprintf("op%d", k)
		s.Operators = append(s.Operators, operator(id, -1))
		s.Sheets = append(s.Sheets, sheet(id, 0.5+0.05*float64(k)))
	}
	s.Rubric.Indicators[0].Missing = scoring.MissingUnknown
	return s
}

// BenchmarkDecide20000x8 is a whole decision, verification and seal included.
func BenchmarkDecide20000x8(b *testing.B) {
	s := megacity(b, 81, 8)
	b.ReportAllocs()
	for b.Loop() {
		plan, err := engine.Decide(s, engine.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(plan.Sectors[0].Cells)), "cells")
		b.ReportMetric(float64(plan.Sectors[0].Total), "vehicles")
	}
}
