package engine_test

import (
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

// sequence yields shuts with these IDs, then an error if there is one.
func sequence(err error, ids ...engine.EventID) iter.Seq2[engine.Event, error] {
	return func(yield func(engine.Event, error) bool) {
		for _, id := range ids {
			if !yield(engine.Event{ID: id, Kind: engine.Shut, Reason: "audit"}, nil) {
				return
			}
		}
		if err != nil {
			yield(engine.Event{}, err)
		}
	}
}

func TestReplayMissesNothing(t *testing.T) {
	id := func(gen, seq int64) engine.EventID { return engine.EventID{Gen: gen, Seq: seq} }
	type ids []engine.EventID
	tests := map[string]struct {
		ids  ids
		want error
	}{
		"one after the other":             {ids{id(1, 1), id(1, 2), id(1, 3)}, nil},
		"a later generation from its 1":   {ids{id(1, 1), id(3, 1), id(3, 2)}, nil},
		"an event twice":                  {ids{id(1, 1), id(1, 2), id(1, 2)}, nil},
		"an earlier generation once more": {ids{id(2, 1), id(1, 1)}, nil},
		"the beginning missing": {
			ids{id(1, 2)}, &engine.GapError{Next: id(1, 2)},
		},
		"one missing": {
			ids{id(1, 1), id(1, 3)}, &engine.GapError{After: id(1, 1), Next: id(1, 3)},
		},
		"the 1 of a generation missing": {
			ids{id(1, 1), id(2, 2)}, &engine.GapError{After: id(1, 1), Next: id(2, 2)},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var l engine.Ledger
			err := l.Replay(sequence(nil, tt.ids...), nil)
			if tt.want == nil && err != nil {
				t.Fatal(err)
			}
			var gap *engine.GapError
			if tt.want != nil && (!errors.As(err, &gap) || !errors.Is(err, engine.ErrGap)) {
				t.Fatalf("%v, want %v", err, tt.want)
			}
			if tt.want != nil && gap.Error() != tt.want.Error() {
				t.Errorf("%v, want %v", gap, tt.want)
			}
		})
	}
}

func TestReplayStopsAtAnError(t *testing.T) {
	torn := errors.New("the archive is torn")
	var l engine.Ledger
	err := l.Replay(sequence(torn, engine.EventID{Gen: 1, Seq: 1}), nil)
	if !errors.Is(err, torn) || l.Event().Seq != 1 {
		t.Errorf("%v after %s, want %v after 1-1", err, l.Event(), torn)
	}
}

// small returns a ledger in which ant placed 5 on the quay and holds 2 there.
func small(t *testing.T) *engine.Ledger {
	t.Helper()
	l := &engine.Ledger{}
	now := time.UnixMilli(1_772_438_400_250)
	caps := &engine.Caps{Epoch: 1, Plan: "p", Cap: map[engine.Level]int{"city": 9, "o:ant": 9}}
	if _, err := l.Publish(caps, now); err != nil {
		t.Fatal(err)
	}
	l.SetDrawn("p:nation", 9, now)
	levels := []engine.Level{"o:ant", "city", "p:nation"}
	answers, _ := l.Do(now, []engine.Ask{
		{Verb: engine.Place, ID: "ant:a", Print: "1", N: 5, Cell: quay, Levels: levels, Epoch: 1},
		{
			Verb: engine.Reserve, ID: "ant:b", Print: "2", N: 2, Cell: quay, Levels: levels, Epoch: 1,
			Expires: engine.MillisOf(now) + 60_000,
		},
	})
	for _, a := range answers {
		if a.No != nil {
			t.Fatalf("%s: %+v", a.ID, *a.No)
		}
	}
	return l
}

func TestDifferences(t *testing.T) {
	a := "place|standing|5|5|4|8941a54f4a7ffff|0.000000|0.000000|0|1772438400250|0|1|1||" +
		"o:ant,city,p:nation"
	tests := map[string]struct {
		harm func(*engine.Ledger)
		want []engine.Difference
	}{
		"none": {func(*engine.Ledger) {}, nil},
		"a record lost": {
			func(l *engine.Ledger) { l.Put("ant:a", engine.Record{}) },
			[]engine.Difference{
				{What: "city", Got: "0 standing, 2 held", Want: "5 standing, 2 held"},
				{What: "o:ant", Got: "0 standing, 2 held", Want: "5 standing, 2 held"},
				{What: "p:nation", Got: "0 standing, 2 held", Want: "5 standing, 2 held"},
				{What: "ant:a", Got: "", Want: a},
			},
		},
		"another plan, shut, with another chunk": {
			func(l *engine.Ledger) {
				now := time.UnixMilli(1_772_438_400_250)
				if _, err := l.Publish(&engine.Caps{Epoch: 2, Plan: "q"}, now); err != nil {
					t.Fatal(err)
				}
				l.Close("audit", now)
				l.SetDrawn("p:nation", 7, now)
			},
			[]engine.Difference{
				{What: "event", Got: "1-6", Want: "1-3"},
				{What: "epoch", Got: "2 of plan q", Want: "1 of plan p"},
				{What: "shut", Got: "audit", Want: ""},
				{What: "cap of p:nation", Got: "7", Want: "9"},
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := small(t)
			tt.harm(l)
			if diff := cmp.Diff(tt.want, l.Differences(small(t))); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
			if got := l.Miscounts(); got != nil {
				t.Errorf("miscounts: %v", got)
			}
		})
	}
}

func TestMiscounted(t *testing.T) {
	right := map[engine.Level]int{"o:ant": 7, "city": 7, "p:nation": 7, "o:bee": 0}
	if got := small(t).Miscounted(right); got != nil {
		t.Errorf("right counters: %v", got)
	}
	wrong := map[engine.Level]int{"o:ant": 8, "city": 7, "o:bee": 1}
	want := []engine.Difference{
		{What: "o:ant", Got: "8", Want: "7"},
		{What: "o:bee", Got: "1", Want: ""},
		{What: "p:nation", Got: "", Want: "7"},
	}
	if diff := cmp.Diff(want, small(t).Miscounted(wrong)); diff != "" {
		t.Errorf("miscounted (-want +got):\n%s", diff)
	}
	if got := want[1].String(); got != `o:bee is "1", want ""` {
		t.Errorf("as a line: %s", got)
	}
}
