package parquet

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/stint-city/stint/engine/example"
	"github.com/stint-city/stint/simulations"
)

const scenario = `version: 1
city: city.yaml
sector: bike
days: 2
seed: 3
replications: {min: 2, max: 2, half_width: 0.5}
policies: [{id: base}, {id: less, set: {total_max: 60}}]
`

// The rows of a trace are the requests that the run of the same number counted, and the same trace
// is the same bytes.
func TestATraceIsWhatTheRunCounted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "town")
	if err := example.Write(dir, example.Options{Seed: 1, Cells: 100, Weeks: 1}); err != nil {
		t.Fatal(err)
	}
	s, err := simulations.Parse("scenario.yaml", []byte(scenario))
	if err != nil {
		t.Fatal(err)
	}
	study, err := simulations.Load(t.Context(), s, filepath.Join(dir, "scenario.yaml"), "")
	if err != nil {
		t.Fatal(err)
	}
	trace := func() []byte {
		var b bytes.Buffer
		w := New(&b, "less", 1, s.Seed)
		if err := study.Trace(t.Context(), "less", 1, w.Add); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	file := trace()
	if !bytes.Equal(file, trace()) {
		t.Error("the same trace has other bytes")
	}
	rows, err := parquet.Read[row](bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	share, err := study.Maker().Share(t.Context(), 1, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{
		"served": share.Tallies[0].Served, "lost_no_vehicle": share.Tallies[0].Lost[0],
		"lost_other_way": share.Tallies[0].Lost[1], "lost_taken": share.Tallies[0].Lost[2],
		"lost_suspended": share.Tallies[0].Lost[3],
	}
	got := map[string]int64{}
	for _, r := range rows {
		if r.Counted {
			got[r.Outcome]++
		}
		if known := r.Operator != nil; known != (r.Outcome == "served") || known != (r.Walk != nil) ||
			len(r.From) != 15 || len(r.To) != 15 {
			t.Fatalf("row %+v", r)
		}
	}
	for outcome, n := range want {
		// Who asked before the warm-up's end and was served after it counts in the run alone.
		if d := n - got[outcome]; d < 0 || d > 5 {
			t.Errorf("%s: %d rows, counted %d", outcome, got[outcome], n)
		}
	}
	if got["served"] == 0 || got["lost_no_vehicle"] == 0 {
		t.Errorf("outcomes %v", got)
	}
}
