package rules

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota/policy"
)

// seeds adds the presets and the replays to a fuzzer's corpus.
func seeds(f *testing.F) {
	for _, id := range Presets() {
		data, err := Preset(id)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	files, err := filepath.Glob("../../docs/policies/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"operators": [{"id": "a", "score": 60.0, "quota": 5, "facts": {"x": [1, 2]}}]}`))
}

// inputFault fails the test for an error that is none of the input.
func inputFault(t *testing.T, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, strict.ErrInput) {
		t.Fatalf("error %v, which is no fault of the input", err)
	}
}

// Whatever is read as a policy can be linted and applied without a panic.
func FuzzReadPolicy(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPolicy("fuzz.yaml", data)
		inputFault(t, err)
		if err != nil {
			return
		}
		p.Lint()
		quota, score := 100, policy.Whole(60)
		state := &State{State: policy.State{
			Date: "2023-01-01",
			Operators: []policy.OperatorState{
				{ID: "a", Quota: &quota, Score: &score}, {ID: "b"},
			},
		}}
		_, err = p.Apply(state, everyDay{})
		inputFault(t, err)
	})
}

func FuzzReadState(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := ReadState("fuzz.yaml", data)
		inputFault(t, err)
	})
}

func FuzzReadReplay(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := ReadReplay("fuzz.yaml", data)
		inputFault(t, err)
	})
}

func FuzzReadRubric(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ReadRubric("fuzz.yaml", data)
		inputFault(t, err)
		if err == nil {
			r.Lint()
		}
	})
}
