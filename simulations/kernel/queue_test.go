package kernel

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestQueueOrder holds that events come out by time, kind and push: what a stable sort gives.
func TestQueueOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q Queue
		var want []Event
		serve := func() {
			slices.SortStableFunc(want, func(a, b Event) int {
				return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Kind(), b.Kind()))
			})
			got := q.Pop()
			if got != want[0] {
				t.Fatalf("got %+v, want %+v", got, want[0])
			}
			want = want[1:]
		}
		for n := range int32(rapid.IntRange(0, 200).Draw(t, "pushes")) {
			at := rapid.Int64Range(0, 20).Draw(t, "at")
			kind := rapid.Uint8Range(0, 3).Draw(t, "kind")
			q.Push(at, kind, n, -n)
			want = append(want, Event{at, uint64(kind)<<kindShift | uint64(n), n, -n})
			if rapid.Bool().Draw(t, "pop") {
				serve()
			}
		}
		for len(want) > 0 {
			if at, ok := q.Next(); !ok || at > want[0].At && len(want) == 1 {
				t.Fatalf("next at %d, %v", at, ok)
			}
			serve()
		}
		if q.Len() != 0 {
			t.Fatalf("%d left", q.Len())
		}
	})
}

// TestQueueAllocations holds that a queue at its working size allocates nothing.
func TestQueueAllocations(t *testing.T) {
	var q Queue
	for i := range 1000 {
		q.Push(int64(i*7919%1000), 0, 0, 0)
	}
	got := testing.AllocsPerRun(1000, func() {
		e := q.Pop()
		q.Push(e.At+500, 0, 0, 0)
	})
	if got != 0 {
		t.Errorf("%v allocations an event, want none", got)
	}
}

// BenchmarkHold is the hold model: one pop and one push with an exponential delay, at a steady
// number of events.
func BenchmarkHold(b *testing.B) {
	for name, pending := range map[string]int{"1k": 1000, "10k": 10_000, "100k": 100_000} {
		b.Run(name, func(b *testing.B) {
			var q Queue
			key := NewKey(1)
			for i := range pending {
				q.Push(key.exponential(uint64(i), 1e6), 0, 0, 0)
			}
			n := uint64(pending)
			b.ReportAllocs()
			for b.Loop() {
				e := q.Pop()
				n++
				q.Push(e.At+key.exponential(n, 1e6), 0, 0, 0)
			}
		})
	}
}
