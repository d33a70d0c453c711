package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/city"
	"github.com/stint-city/stint/engine/example"
)

// A period of the made city ends in a plan that holds its own statements, and in which what the
// plan before gave is what was before.
func TestServeDraftsTheNextPlan(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	if err := example.Write(dir, example.Options{Seed: 1, Cells: 100, Weeks: 1}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "city.yaml")
	snapshot, err := city.Read(t.Context(), file, city.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before, err := engine.Decide(snapshot, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rule := periodRule{every: "quarter", city: file}
	periods, err := rule.periods(t.Context(), "Asia/Shanghai")
	if err != nil || periods.Months != 3 || periods.Zone.String() != "Asia/Shanghai" {
		t.Fatalf("%+v, %v", periods, err)
	}
	until := periods.Begin(time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC))
	plan, _, err := periods.Next(t.Context(), engine.PeriodEnd{
		Plan: before, From: until.AddDate(0, -3, 0), Until: until,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Verify(plan); err != nil {
		t.Error(err)
	}
	for i := range before.Sectors {
		sector, ok := plan.Sector(before.Sectors[i].ID)
		if !ok {
			t.Fatalf("the next plan lacks %s", before.Sectors[i].ID)
		}
		for k, o := range before.Sectors[i].Operators {
			if got := sector.Operators[k].Previous; o.Quota > 0 && got != o.Quota {
				t.Errorf("%s of %s: %d before, the plan gave %d", o.ID, sector.ID, got, o.Quota)
			}
		}
	}
}
