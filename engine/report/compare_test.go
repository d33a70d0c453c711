package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// moving returns the fixture, and the same plan with 3 vehicles taken from heron in one cell and
// 1 given to swift in another, without a third cell and with another input.
func moving(t *testing.T) (a, b *engine.Plan, cells []int) {
	t.Helper()
	a, b = fixture(t, 4), fixture(t, 4)
	for i, c := range a.Sectors[0].Cells {
		if c.Quotas[0] > 3 && c.Quotas[1] > 0 && c.Quotas[2] > 0 && len(cells) < 3 {
			cells = append(cells, i)
		}
	}
	s := &b.Sectors[0]
	s.Cells[cells[0]].Quotas[0] -= 3
	s.Cells[cells[0]].Total -= 3
	s.Cells[cells[1]].Quotas[2]++
	s.Cells[cells[1]].Total++
	gone := s.Cells[cells[2]]
	s.Cells = slices.Delete(s.Cells, cells[2], cells[2]+1)
	s.Total += 1 - 3 - gone.Total
	s.Operators[0].Quota -= 3
	b.Inputs[1].SHA256 = strings.Repeat("ef", 32)
	b.PolicyVersion = "2026-2"
	if _, err := b.Seal(); err != nil {
		t.Fatal(err)
	}
	return a, b, cells
}

func TestCompare(t *testing.T) {
	a, b, cells := moving(t)
	d := Compare(a, b)
	old := a.Sectors[0].Cells
	gone := old[cells[2]]
	want := []CellDiff{
		{
			Cell: old[cells[0]].Cell.String(), District: old[cells[0]].District,
			From: old[cells[0]].Total, To: old[cells[0]].Total - 3, Reason: old[cells[0]].Reason,
			Operators: []EntryDiff{{
				"heron", old[cells[0]].Quotas[0], old[cells[0]].Quotas[0] - 3, old[cells[0]].Codes[0],
			}},
		},
		{
			Cell: old[cells[1]].Cell.String(), District: old[cells[1]].District,
			From: old[cells[1]].Total, To: old[cells[1]].Total + 1, Reason: old[cells[1]].Reason,
			Operators: []EntryDiff{{
				"swift", old[cells[1]].Quotas[2], old[cells[1]].Quotas[2] + 1, old[cells[1]].Codes[2],
			}},
		},
		{
			Cell: gone.Cell.String(), District: gone.District, From: gone.Total,
			Operators: []EntryDiff{
				{"heron", gone.Quotas[0], 0, ""},
				{"ibis", gone.Quotas[1], 0, ""},
				{"swift", gone.Quotas[2], 0, ""},
			},
		},
	}
	if diff := cmp.Diff(want, d.Sectors[0].Cells); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if got := d.Sectors[0]; got.Placed != 1 || got.Removed != 3+gone.Total {
		t.Errorf("placed %d, removed %d; want 1 and %d", got.Placed, got.Removed, 3+gone.Total)
	}
	if want := float64(3+gone.Total) / float64(a.Sectors[0].Total); *d.Sectors[0].Churn != want {
		t.Errorf("churn %v, want %v", *d.Sectors[0].Churn, want)
	}
	if len(d.Inputs) != 1 || d.Inputs[0].Path != "layers/fences.csv" {
		t.Errorf("inputs that differ: %v, want the fences alone", d.Inputs)
	}
	if len(d.Sectors[1].Cells) != 0 {
		t.Errorf("%d cells of ebike changed, want none", len(d.Sectors[1].Cells))
	}
}

func TestComparedWithItselfNothingChanges(t *testing.T) {
	p := fixture(t, 4)
	d := Compare(p, p)
	if len(d.Inputs) != 0 || d.From != d.To || d.City {
		t.Errorf("inputs %v, from %s to %s", d.Inputs, d.From, d.To)
	}
	for _, s := range d.Sectors {
		if len(s.Cells) != 0 || s.Placed+s.Removed != 0 || s.From != s.To {
			t.Errorf("%s: %d cells, %d placed, %d removed", s.ID, len(s.Cells), s.Placed, s.Removed)
		}
	}
}

func TestDiffSpeaksBothLanguages(t *testing.T) {
	a, b, _ := moving(t)
	b.Sectors = append(b.Sectors, engine.SectorPlan{ID: "scooter", Total: 4})
	words := map[lang.Tag][]string{
		lang.English: {
			"policy version: 2026-1, now 2026-2", "another input: fences", "1 placed", "in 3 cells",
			"no longer in the plan", "scooter: total 0, now 4 (+4)",
		},
		lang.Chinese: {"政策版本", "输入不同", "投放 1 辆", "3 个网格变动", "已不在方案中", "现配额"},
	}
	for tag, want := range words {
		var out bytes.Buffer
		if err := Diff(&out, a, b, tag); err != nil {
			t.Fatal(err)
		}
		for _, word := range want {
			if !strings.Contains(out.String(), word) {
				t.Errorf("%s lacks %q:\n%s", tag, word, out.String())
			}
		}
	}
}
