package engine_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
)

// cellar forgets one thing at each run, and fails where it is told to.
type cellar struct {
	runs int
	fail error
}

func (c *cellar) Forget(now time.Time) ([]engine.Forgotten, error) {
	c.runs++
	gone := []engine.Forgotten{{Data: "events", Before: now.Add(-time.Hour), Items: 1}}
	return gone, c.fail
}

// TestForgetRunsHourlyAndIsRecorded: each run is in the log; what went in a run that failed is told
// by the next.
func TestForgetRunsHourlyAndIsRecorded(t *testing.T) {
	begin := time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)
	clock, keeper := &handClock{now: begin}, &cellar{}
	e, err := engine.New(engine.Config{
		City: "town", Store: mem.New(), Clock: clock, Retention: keeper, Instance: "one",
	})
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	for _, step := range []struct {
		after time.Duration
		fail  error
	}{
		{0, nil},                       // at the start
		{59 * time.Minute, nil},        // not yet
		{time.Hour, full},              // due, and fails
		{time.Hour + time.Second, nil}, // again
		{time.Hour + time.Minute, nil}, // not yet
	} {
		clock.now, keeper.fail = begin.Add(step.after), step.fail
		if err := e.Forget(t.Context()); !errors.Is(err, step.fail) {
			t.Fatalf("after %v: %v, want %v", step.after, err, step.fail)
		}
	}
	if keeper.runs != 3 {
		t.Errorf("%d runs, want 3", keeper.runs)
	}
	log, err := e.Log(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range log {
		var body struct {
			Forgotten []engine.Forgotten `json:"forgotten"`
			Instance  string             `json:"instance"`
		}
		if err := json.Unmarshal(entry.Body, &body); err != nil || len(body.Forgotten) != 1 {
			t.Fatalf("%s: %v", entry.Body, err)
		}
		f := body.Forgotten[0]
		got = append(got, entry.Kind+" "+body.Instance+" "+f.Data+" "+
			f.Before.Format(time.TimeOnly)+" "+string(rune('0'+f.Items)))
	}
	want := []string{
		"data.forgotten one events 11:00:00 1",
		"data.forgotten one events 12:00:01 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}
