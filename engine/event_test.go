package engine_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

func TestEventAsALine(t *testing.T) {
	tests := map[string]struct {
		event engine.Event
		want  string
	}{
		"a publication": {
			engine.Event{
				ID: engine.EventID{Gen: 1, Seq: 7}, Kind: engine.Published, Time: 1_772_438_400_250,
				Epoch: 3, Plan: "p-1",
			},
			`{"id":"1-7","kind":"published","time":1772438400250,"epoch":3,"plan":"p-1"}`,
		},
		"a chunk drawn": {
			engine.Event{
				ID: engine.EventID{Gen: 2, Seq: 1}, Kind: engine.Drawn, Time: 5, Level: "p:nation", N: 64,
			},
			`{"id":"2-1","kind":"drawn","time":5,"level":"p:nation","n":64}`,
		},
		"a grant, and a record forgotten": {
			engine.Event{
				ID: engine.EventID{Gen: 1, Seq: 8}, Kind: engine.Asked, Time: 9,
				Changes: []engine.Change{{ID: "ant:k1", Record: lease()}, {ID: "ant:k0"}},
			},
			`{"id":"1-8","kind":"asked","time":9,"changes":[{"id":"ant:k1","record":"` + leaseLine +
				`"},{"id":"ant:k0"}]}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			data, err := json.Marshal(tt.event)
			if err != nil {
				t.Fatal(err)
			}
			if string(data) != tt.want {
				t.Errorf("line:\n%s\nwant\n%s", data, tt.want)
			}
			var got engine.Event
			if err := json.Unmarshal(data, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.event, got); diff != "" {
				t.Errorf("read back (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTextsThatAreNoEvents(t *testing.T) {
	for name, text := range map[string]string{
		"a list":             `[]`,
		"no ID":              `{"kind":"asked"}`,
		"an ID of one half":  `{"id":"7","kind":"asked"}`,
		"a negative ID":      `{"id":"1--7","kind":"asked"}`,
		"no kind":            `{"id":"1-7"}`,
		"another kind":       `{"id":"1-7","kind":"granted"}`,
		"a broken record":    `{"id":"1-7","kind":"asked","changes":[{"id":"a:b","record":"x|y"}]}`,
		"a time in words":    `{"id":"1-7","kind":"asked","time":"noon"}`,
		"half of an object":  `{"id":"1-7","kind":"asked"`,
		"a number too large": `{"id":"1-7","kind":"drawn","n":1e99}`,
	} {
		t.Run(name, func(t *testing.T) {
			before := engine.Event{Kind: engine.Shut, Reason: "audit"}
			got := before
			if err := json.Unmarshal([]byte(text), &got); err == nil {
				t.Errorf("read as %+v", got)
			}
			if diff := cmp.Diff(before, got); diff != "" {
				t.Errorf("a text that is no event changed one:\n%s", diff)
			}
		})
	}
	var e engine.Event
	err := json.Unmarshal([]byte(`{"id":"1-7","kind":"granted"}`), &e)
	if !errors.Is(err, engine.ErrEvent) {
		t.Errorf("%v, want %v", err, engine.ErrEvent)
	}
}

func TestEventIDs(t *testing.T) {
	ordered := []string{"0-0", "0-9", "1-1", "1-2", "1-10", "2-1"}
	for i := range ordered {
		for k := range ordered {
			a, errA := engine.ParseEventID(ordered[i])
			b, errB := engine.ParseEventID(ordered[k])
			if errA != nil || errB != nil || a.String() != ordered[i] {
				t.Fatalf("%s is read as %s, %v", ordered[i], a, errA)
			}
			if got, want := a.After(b), i > k; got != want {
				t.Errorf("%s after %s: %v, want %v", a, b, got, want)
			}
		}
	}
	for _, text := range []string{
		"", "1", "1-", "-1", "1-x", "1-2-3", "-1-1", "1--1", "99999999999999999999-1",
	} {
		if id, err := engine.ParseEventID(text); err == nil {
			t.Errorf("%q is read as %s", text, id)
		}
	}
}

// FuzzEvent holds that reading never panics, and that what was read is written and read alike.
func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"id":"1-7","kind":"published","time":1772438400250,"epoch":3,"plan":"p-1"}`))
	f.Add([]byte(`{"id":"1-8","kind":"asked","time":9,"changes":[{"id":"ant:k1","record":"` +
		leaseLine + `"},{"id":"ant:k0"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var first engine.Event
		if json.Unmarshal(data, &first) != nil {
			return
		}
		line, err := json.Marshal(first)
		if err != nil {
			t.Fatalf("write %+v: %v", first, err)
		}
		var again engine.Event
		if err := json.Unmarshal(line, &again); err != nil {
			t.Fatalf("read back %s: %v", line, err)
		}
		second, err := json.Marshal(again)
		if err != nil || string(second) != string(line) {
			t.Errorf("written %s, then %s, %v", line, second, err)
		}
	})
}
