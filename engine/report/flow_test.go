package report

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/city"
	"github.com/stint-city/stint/engine/example"
	"github.com/stint-city/stint/engine/lang"
)

// decided returns the plan that the engine makes for the made example city, and its zones.
func decided(t *testing.T) (*engine.Plan, []engine.Zone) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "city")
	if err := example.Write(dir, example.Options{Seed: 1}); err != nil {
		t.Fatal(err)
	}
	s, err := city.Read(context.Background(), filepath.Join(dir, "city.yaml"), city.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := engine.Decide(s, engine.Options{Tool: "stint test"})
	if err != nil {
		t.Fatal(err)
	}
	return p, s.Zones
}

// TestWhatTheEngineDecides takes a plan of the engine through the folder and back, and does every
// quota's reckoning again from its account.
func TestWhatTheEngineDecides(t *testing.T) {
	p, zones := decided(t)
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		dir := written(t, p, tag, zones...)
		again, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := engine.Verify(again); err != nil {
			t.Error(err)
		}
		if err := Check(dir, again); err != nil {
			t.Error(err)
		}
		page := contentsOf(t, dir)[PageFile]
		elements(t, page)
		for _, id := range lang.IDs() {
			theme, _, _ := strings.Cut(id, ".")
			if (theme == "warning" || theme == "report") && strings.Contains(page, id) {
				t.Errorf("the page in %q shows the id %s", tag, id)
			}
		}
	}
	ties := 0
	for _, s := range p.Sectors {
		for _, c := range s.Cells {
			for k, o := range s.Operators {
				a, err := Explanation(p, s.ID, c.Cell.String(), o.ID)
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range a.Lines {
					if err := l.Message.Check(); err != nil {
						t.Fatal(err)
					}
				}
				got := recomputed(t, a)
				if inputs(t, a, "tie") != nil && max(got-c.Quotas[k], c.Quotas[k]-got) <= 1 {
					ties++
					continue
				}
				if got != c.Quotas[k] {
					t.Errorf("%s %s %s: recomputed %d, want %d", s.ID, c.Cell, o.ID, got, c.Quotas[k])
				}
			}
		}
	}
	t.Logf("%d entries were decided by lot", ties)
}
