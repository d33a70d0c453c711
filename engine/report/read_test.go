package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

func TestReadGivesBackThePlan(t *testing.T) {
	p := fixture(t, 4)
	dir := written(t, p, lang.English)
	for _, path := range []string{dir, filepath.Join(dir, PlanFile)} {
		got, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := p.Seal()
		again, err := got.Seal()
		if err != nil || got.ID != p.ID || !bytes.Equal(want, again) {
			t.Errorf("Read(%s) gives plan %s (%v), want %s", path, got.ID, err, p.ID)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	whole, err := fixture(t, 2).Seal()
	if err != nil {
		t.Fatal(err)
	}
	edit := func(f func(p *engine.Plan)) string {
		p := new(engine.Plan)
		if err := json.Unmarshal(whole, p); err != nil {
			t.Fatal(err)
		}
		f(p)
		data, _ := json.Marshal(p)
		return string(data)
	}
	tests := map[string]struct {
		text string
		want string // a part of the sentence
	}{
		"an empty file":        {"", "ends in the middle"},
		"half a plan":          {string(whole[:len(whole)/2]), "ends in the middle"},
		"what is no JSON":      {"sector,cell\n", "broken JSON at byte 1"},
		"another JSON":         {`{"type":"FeatureCollection"}`, `unknown field "type"`},
		"a text for a number":  {`{"schema":"one"}`, "key schema"},
		"a plan of the future": {`{"schema":99}`, "version 99"},
		"something after it":   {string(whole) + "{}", "follows the plan"},
		"a quota too few": {
			edit(func(p *engine.Plan) { p.Sectors[0].Cells[0].Quotas = []int{1} }), "key quotas",
		},
		"a claim too many": {
			edit(func(p *engine.Plan) { p.Sectors[0].Cells[1].Claims = make([]float64, 9) }), "key claims",
		},
		"previous quotas of some operators": {
			edit(func(p *engine.Plan) { p.Sectors[0].Cells[1].Previous = []int{1} }), "key previous",
		},
		"a node that isn't there": {
			edit(func(p *engine.Plan) { p.Sectors[1].Cells[1].Node = 99 }), "key node",
		},
		"nodes in a circle": {
			edit(func(p *engine.Plan) { p.Sectors[0].Nodes[1].Parent = 1 }), "key parent",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), PlanFile)
			if err := os.WriteFile(path, []byte(tt.text), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Read(path)
			if !errors.Is(err, ErrPlan) {
				t.Fatalf("Read = %v, want it to wrap ErrPlan", err)
			}
			if !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("Read = %v\nwant it to name the file and say %q", err, tt.want)
			}
			if zh := lang.Chinese.Error(err); !strings.Contains(zh, "不是可读取的方案") {
				t.Errorf("in Chinese: %s", zh)
			}
		})
	}
}

func TestReadOfAPlaceWithoutAPlan(t *testing.T) {
	for _, path := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		if _, err := Read(path); !errors.Is(err, os.ErrNotExist) || errors.Is(err, ErrPlan) {
			t.Errorf("Read(%s) = %v, want it to wrap os.ErrNotExist alone", path, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	whole, err := fixture(f, 1).Seal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"schema":1,"sectors":[{"cells":[{"cell":"8941a54ac73ffff","node":-1}]}]}`))
	f.Add([]byte(`{"schema":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		// What was read can be rendered, whatever it says.
		for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
			var page, terminal bytes.Buffer
			if err := writePage(&page, p, tag); err != nil {
				t.Fatal(err)
			}
			if err := Table(&terminal, p, tag); err != nil {
				t.Fatal(err)
			}
		}
		again, err := p.Seal()
		if err != nil {
			t.Fatal(err)
		}
		q, err := decode(bytes.NewReader(again))
		if err != nil {
			t.Fatalf("a sealed plan can't be read again: %v", err)
		}
		if diff := cmp.Diff(p.ID, q.ID); diff != "" {
			t.Error(diff)
		}
	})
}
