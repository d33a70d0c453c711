package engine_test

import (
	"fmt"
	"testing"

	"github.com/stint-city/stint/engine"
)

// BenchmarkPlace is one decision of an engine on a store in memory.
func BenchmarkPlace(b *testing.B) {
	h := newHallOf(b, atSea(b), nil)
	cells := h.plan.Sectors[0].Cells
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		p := ask(fmt.Sprint(n), cells[n%len(cells)].Cell, 1)
		p.Operator = "op1"
		_, _ = h.Place(b.Context(), p) // full cells refuse
		n++
	}
	granted, _ := h.Counts()
	b.ReportMetric(float64(granted)/float64(n), "granted")
}

// BenchmarkCity is the whole city at one moment: 12,871 cells, 5 operators, each cell in use.
func BenchmarkCity(b *testing.B) {
	h := busy(b)
	b.ReportAllocs()
	for b.Loop() {
		p, err := h.City(b.Context(), "bike")
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(p.Cells)), "cells")
	}
}

// BenchmarkQuotas is every level of that city.
func BenchmarkQuotas(b *testing.B) {
	h := busy(b)
	b.ReportAllocs()
	for b.Loop() {
		quotas, _, err := h.Quotas(b.Context(), "bike", "")
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(quotas)), "levels")
	}
}

// atSea is a city of 12,871 cells and 5 operators.
func atSea(b *testing.B) *engine.Snapshot {
	b.Helper()
	s := megacity(b, 65, 5)
	s.City.Resolution = 9
	return s
}

// busy is that city with a vehicle of each operator in each cell that has room for it.
func busy(b *testing.B) *hall {
	b.Helper()
	h := newHallOf(b, atSea(b), nil)
	s := &h.plan.Sectors[0]
	for k := range s.Operators {
		for i := range s.Cells {
			if s.Cells[i].Quotas[k] == 0 {
				continue
			}
			p := ask(fmt.Sprint(i), s.Cells[i].Cell, 1)
			p.Operator = s.Operators[k].ID
			h.place(p)
		}
	}
	return h
}
