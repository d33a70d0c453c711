package engine_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// The cells of the plan below.
const (
	quay   = geo.Cell(0x8941a54f4a7ffff)
	square = geo.Cell(0x8941a541a27ffff)
	hill   = geo.Cell(0x8941a54f4b7ffff)
)

// island is a plan of three cells: the quay and the square in the old town, a part of the south,
// and the hill, which lies in no district.
func island() *engine.Plan {
	return &engine.Plan{
		ID: "p-1", City: engine.City{ID: "xiamen"},
		Sectors: []engine.SectorPlan{{
			ID: "bike", Total: 100,
			Nodes: []engine.NodePlan{
				{ID: "xiamen", Parent: -1}, {ID: "south", Parent: 0}, {ID: "old town", Parent: 1},
			},
			Operators: []engine.OperatorPlan{{ID: "ant", Quota: 60}, {ID: "bee", Quota: 40}},
			Cells: []engine.CellPlan{
				{Cell: quay, Node: 2, Total: 50, Quotas: []int{30, 20}},
				{Cell: square, Node: 2, Total: 20, Quotas: []int{15, 5}},
				{Cell: hill, Node: 0, Total: 30, Quotas: []int{15, 15}},
			},
		}},
	}
}

func TestCapsOfAPlan(t *testing.T) {
	caps, ok := engine.CapsOf(island(), "bike", 7)
	if !ok {
		t.Fatal("the plan has no sector bike")
	}
	if caps.Scope != (engine.Scope{City: "xiamen", Sector: "bike"}) || caps.Epoch != 7 ||
		caps.Plan != "p-1" {
		t.Errorf("caps are of %s, epoch %d, plan %s", caps.Scope, caps.Epoch, caps.Plan)
	}
	want := map[engine.Level]int{
		"city": 100, "o:ant": 60, "o:bee": 40,
		"d:old+town": 70, "do:old+town:ant": 45, "do:old+town:bee": 25,
		"d:south": 70, "do:south:ant": 45, "do:south:bee": 25,
		"c:8941a54f4a7ffff": 50, "co:8941a54f4a7ffff:ant": 30, "co:8941a54f4a7ffff:bee": 20,
		"c:8941a541a27ffff": 20, "co:8941a541a27ffff:ant": 15, "co:8941a541a27ffff:bee": 5,
		"c:8941a54f4b7ffff": 30, "co:8941a54f4b7ffff:ant": 15, "co:8941a54f4b7ffff:bee": 15,
	}
	if diff := cmp.Diff(want, caps.Cap); diff != "" {
		t.Errorf("caps (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]geo.Cell{square, quay, hill}, caps.Cells); diff != "" {
		t.Errorf("cells, ascending (-want +got):\n%s", diff)
	}
	if _, ok := engine.CapsOf(island(), "scooter", 7); ok {
		t.Error("the plan has a sector that it doesn't have")
	}
}

func TestLevelsInTheOrderOfTheTiers(t *testing.T) {
	caps, _ := engine.CapsOf(island(), "bike", 1)
	tests := map[string]struct {
		cell         geo.Cell
		operator     string
		zones, pools []string
		want         []engine.Level
	}{
		"in an area of a district": {
			quay, "ant", nil, nil, []engine.Level{
				"co:8941a54f4a7ffff:ant", "c:8941a54f4a7ffff", "do:old+town:ant", "d:old+town",
				"do:south:ant", "d:south", "o:ant", "city",
			},
		},
		"in no district": {
			hill, "bee", nil, nil,
			[]engine.Level{"co:8941a54f4b7ffff:bee", "c:8941a54f4b7ffff", "o:bee", "city"},
		},
		"in zones and with pools": {
			hill, "bee", []string{"pier 4", "fair"}, []string{"nation"}, []engine.Level{
				"z:pier+4", "z:fair", "co:8941a54f4b7ffff:bee", "c:8941a54f4b7ffff", "o:bee",
				"city", "p:nation",
			},
		},
		"of an operator without quotas": {quay, "cat", nil, nil, nil},
		"in a cell without quotas":      {0, "ant", []string{"fair"}, nil, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := caps.Levels(tt.cell, tt.operator, tt.zones, tt.pools)
			if ok != (tt.want != nil) {
				t.Errorf("ok = %v", ok)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("levels (-want +got):\n%s", diff)
			}
			for _, l := range got {
				if l.Tier() == "" {
					t.Errorf("%s has no tier", l)
				}
			}
		})
	}
}

func TestDistrictsInnermostFirst(t *testing.T) {
	caps, _ := engine.CapsOf(island(), "bike", 1)
	for cell, want := range map[geo.Cell]string{quay: "[old town south]", hill: "[]"} {
		if got, ok := caps.Districts(cell); !ok || fmt.Sprint(got) != want {
			t.Errorf("Districts(%s) = %v, %v, want %s", cell, got, ok, want)
		}
	}
	if _, ok := caps.Districts(0); ok {
		t.Error("no cell has districts")
	}
}
