package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
)

// chain returns n entries that hold together.
func chain(tb interface{ Fatal(...any) }, n int) []engine.Entry {
	var log []engine.Entry
	var prev *engine.Entry
	for i := range n {
		e, err := engine.Entry{
			Time: engine.Millis(1000 + i), By: "li", Role: "bureau-admin", Kind: "plan.drafted",
			Body: json.RawMessage(fmt.Sprintf(`{"plan":"p-%d"}`, i)),
		}.Sealed(prev)
		if err != nil {
			tb.Fatal(err)
		}
		log, prev = append(log, e), &e
	}
	return log
}

func TestAChainHoldsTogether(t *testing.T) {
	log := chain(t, 5)
	if log[0].Seq != 1 || log[0].Prev != "" || log[4].Seq != 5 || log[4].Prev != log[3].Hash {
		t.Errorf("entries are sealed as %+v", log)
	}
	if err := engine.VerifyChain(nil, log); err != nil {
		t.Error(err)
	}
	if err := engine.VerifyChain(&log[1], log[2:]); err != nil {
		t.Errorf("its tail: %v", err)
	}
	if err := engine.VerifyChain(nil, nil); err != nil {
		t.Errorf("an empty log: %v", err)
	}
}

func TestWhatIsWrongWithAChain(t *testing.T) {
	tests := map[string]struct {
		harm func([]engine.Entry) []engine.Entry
		seq  int64
		why  string
	}{
		"another body": {
			func(l []engine.Entry) []engine.Entry {
				l[2].Body = json.RawMessage(`{"plan":"p-9"}`)
				return l
			}, 3, "changed",
		},
		"another name under it": {
			func(l []engine.Entry) []engine.Entry { l[4].By = "wang"; return l }, 5, "changed",
		},
		"another time": {
			func(l []engine.Entry) []engine.Entry { l[0].Time++; return l }, 1, "changed",
		},
		"an entry made anew, hash and all": {
			func(l []engine.Entry) []engine.Entry {
				l[2].Kind = "plan.final"
				l[2], _ = l[2].Sealed(&l[1])
				return l
			}, 4, "changed",
		},
		"an entry left out": {
			func(l []engine.Entry) []engine.Entry { return slices.Delete(l, 2, 3) }, 3, "missing",
		},
		"the first left out": {
			func(l []engine.Entry) []engine.Entry { return l[1:] }, 1, "missing",
		},
		"two in another order": {
			func(l []engine.Entry) []engine.Entry { l[2], l[3] = l[3], l[2]; return l }, 3, "missing",
		},
		"an entry twice": {
			func(l []engine.Entry) []engine.Entry { return slices.Insert(l, 3, l[2]) }, 4, "reordered",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := engine.VerifyChain(nil, tt.harm(chain(t, 5)))
			var broken *engine.ChainError
			if !errors.As(err, &broken) || !errors.Is(err, engine.ErrChain) {
				t.Fatalf("%v, want a ChainError", err)
			}
			if broken.Seq != tt.seq || broken.Why != tt.why {
				t.Errorf("entry %d %s, want %d %s", broken.Seq, broken.Why, tt.seq, tt.why)
			}
		})
	}
}

// Any field of any entry that is changed shows, after a JSON round trip too.
func TestChainPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := chain(t, rapid.IntRange(1, 6).Draw(t, "entries"))
		data, err := json.Marshal(log)
		if err != nil {
			t.Fatal(err)
		}
		var read []engine.Entry
		if err := json.Unmarshal(data, &read); err != nil {
			t.Fatal(err)
		}
		if err := engine.VerifyChain(nil, read); err != nil {
			t.Fatalf("read back: %v", err)
		}
		e := &read[rapid.IntRange(0, len(read)-1).Draw(t, "entry")]
		switch rapid.IntRange(0, 5).Draw(t, "field") {
		case 0:
			e.Time++
		case 1:
			e.By += "x"
		case 2:
			e.Role = "operator"
		case 3:
			e.Kind = "plan.final"
		case 4:
			e.Body = json.RawMessage(`{}`)
		case 5:
			e.Prev += "0"
		}
		if err := engine.VerifyChain(nil, read); !errors.Is(err, engine.ErrChain) {
			t.Errorf("a changed entry %d passes: %v", e.Seq, err)
		}
	})
}
