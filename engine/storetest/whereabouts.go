package storetest

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// whereaboutsCases hold what a store keeps of vehicles; a store may keep nothing of them.
func whereaboutsCases() []testCase {
	return []testCase{
		{"a word is counted once, however often it is told", toldAgain},
		{"a move leaves one cell and enters another", toldMove},
		{"a late word changes nothing", toldLate},
		{"of two words of one time the greater holds, in either order", toldTie},
		{"state and place are each as last told", toldParts},
		{"a vehicle without a place is counted as such", toldNowhere},
		{"one call may name a vehicle twice", toldTwice},
		{"operators are counted apart", toldApart},
		{"scopes are counted apart", toldScopes},
		{"what a cut call left out is made good by the whole call", toldHalf},
		{"words that no vehicle can have are refused whole", toldWrong},
		{"a vehicle is dropped with its count, and stays so", forgetsVehicle},
		{"what was told later stays", forgetsOnlyOld},
		{"as many words as a call takes", toldMost},
		{"servers that tell the same in any order leave one picture", toldRandom},
	}
}

// The vehicles and states of every case; the states are numbers that nothing here knows.
const (
	v1, v2    = 0x0123456789abcdef, 0xffffffffffffffff
	idle, out = 1, 4
)

// told returns a word about state and place.
func told(vehicle uint64, at engine.Millis, state uint8, cell geo.Cell) engine.Word {
	return engine.Word{Vehicle: vehicle, StateAt: at, State: state, CellAt: at, Cell: cell}
}

// whereabouts returns the bench's store as one that keeps vehicles.
func (b *bench) whereabouts() engine.Whereabouts {
	b.Helper()
	w, ok := b.store.(engine.Whereabouts)
	if !ok {
		b.Skip("the store keeps nothing of vehicles")
	}
	return w
}

// tell tells words of ant and wants so many to change something.
func (b *bench) tell(want int, words ...engine.Word) {
	b.Helper()
	b.tellBy("ant", want, words...)
}

func (b *bench) tellBy(operator string, want int, words ...engine.Word) {
	b.Helper()
	got, err := b.whereabouts().Tell(b.Context(), b.scope, operator, words)
	if err != nil || got != want {
		b.Errorf("Tell %+v = %d, %v, want %d", words, got, err, want)
	}
}

// stands wants these counts.
func (b *bench) stands(want ...engine.Stand) {
	b.Helper()
	got, err := b.whereabouts().Stands(b.Context(), b.scope)
	if err != nil {
		b.Fatalf("Stands: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("stands (-want +got):\n%s", diff)
	}
}

// keeps wants these words to be kept of ant.
func (b *bench) keeps(want ...engine.Word) {
	b.Helper()
	ids := make([]uint64, len(want))
	for i := range want {
		ids[i] = want[i].Vehicle
	}
	got, err := b.whereabouts().Vehicles(b.Context(), b.scope, "ant", ids)
	if err != nil {
		b.Fatalf("Vehicles: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("words (-want +got):\n%s", diff)
	}
}

func toldAgain(b *bench) {
	b.stands()
	for want := range 3 {
		b.tell(max(0, 1-want), told(v1, 10, idle, here))
	}
	b.stands(engine.Stand{Operator: "ant", Cell: here, State: idle, N: 1})
	b.keeps(told(v1, 10, idle, here))
}

func toldMove(b *bench) {
	b.tell(2, told(v1, 10, idle, here), told(v2, 10, idle, here))
	b.stands(engine.Stand{Operator: "ant", Cell: here, State: idle, N: 2})
	b.tell(1, told(v1, 20, idle, there))
	b.stands(
		engine.Stand{Operator: "ant", Cell: there, State: idle, N: 1},
		engine.Stand{Operator: "ant", Cell: here, State: idle, N: 1},
	)
	b.tell(1, told(v2, 20, out, there))
	b.stands(
		engine.Stand{Operator: "ant", Cell: there, State: idle, N: 1},
		engine.Stand{Operator: "ant", Cell: there, State: out, N: 1},
	)
}

func toldLate(b *bench) {
	b.tell(1, told(v1, 20, idle, here))
	b.tell(0, told(v1, 19, out, there))
	b.stands(engine.Stand{Operator: "ant", Cell: here, State: idle, N: 1})
	b.tell(1, told(v1, 30, idle, here)) // a later word of the same place moves the time
	b.tell(0, told(v1, 29, out, there))
	b.keeps(told(v1, 30, idle, here))
}

func toldTie(b *bench) {
	b.tell(2, told(v1, 10, idle, here), told(v2, 10, out, there))
	b.tell(2, told(v1, 10, out, there), told(v2, 10, idle, here))
	want := told(v1, 10, out, max(here, there))
	b.keeps(want, engine.Word{
		Vehicle: v2, StateAt: 10, State: out, CellAt: 10, Cell: max(here, there),
	})
	b.stands(engine.Stand{Operator: "ant", Cell: max(here, there), State: out, N: 2})
}

func toldParts(b *bench) {
	b.tell(1, engine.Word{Vehicle: v1, CellAt: 10, Cell: here})
	b.stands(engine.Stand{Operator: "ant", Cell: here, N: 1})
	b.tell(1, engine.Word{Vehicle: v1, StateAt: 30, State: out})
	b.stands(engine.Stand{Operator: "ant", Cell: here, State: out, N: 1})
	b.tell(1, told(v1, 20, idle, there)) // its place is news, its state isn't
	b.keeps(engine.Word{Vehicle: v1, StateAt: 30, State: out, CellAt: 20, Cell: there})
	b.stands(engine.Stand{Operator: "ant", Cell: there, State: out, N: 1})
}

func toldNowhere(b *bench) {
	b.tell(1, engine.Word{Vehicle: v1, StateAt: 10, State: idle})
	b.stands(engine.Stand{Operator: "ant", State: idle, N: 1})
	b.tell(1, engine.Word{Vehicle: v1, CellAt: 5, Cell: here})
	b.stands(engine.Stand{Operator: "ant", Cell: here, State: idle, N: 1})
}

func toldTwice(b *bench) {
	words := []engine.Word{
		told(v1, 20, idle, there), told(v1, 10, out, here), told(v2, 10, idle, here),
		told(v1, 20, idle, there), told(v1, 30, idle, here),
	}
	if n, err := b.whereabouts().Tell(b.Context(), b.scope, "ant", words); err != nil || n < 2 {
		b.Errorf("Tell = %d, %v, want at least the two vehicles", n, err)
	}
	b.keeps(told(v1, 30, idle, here), told(v2, 10, idle, here))
	b.stands(engine.Stand{Operator: "ant", Cell: here, State: idle, N: 2})
}

func toldApart(b *bench) {
	b.tellBy("bee", 1, told(v1, 10, idle, here))
	b.tellBy("ant", 1, told(v1, 10, idle, there))
	b.stands(
		engine.Stand{Operator: "ant", Cell: there, State: idle, N: 1},
		engine.Stand{Operator: "bee", Cell: here, State: idle, N: 1},
	)
}

func toldScopes(b *bench) {
	other := newBench(b.T, b.store)
	b.tell(1, told(v1, 10, idle, here))
	other.stands()
	other.tell(1, told(v1, 10, idle, there))
	b.stands(engine.Stand{Operator: "ant", Cell: here, State: idle, N: 1})
}

func toldHalf(b *bench) {
	words := []engine.Word{told(v1, 10, idle, here), told(v2, 10, idle, here)}
	b.tell(1, words[0]) // a server told one of its batches and fell before the other
	b.tell(1, words...) // another begins again
	b.stands(engine.Stand{Operator: "ant", Cell: here, State: idle, N: 2})
}

func toldWrong(b *bench) {
	good := told(v1, 10, idle, here)
	for name, bad := range map[string]engine.Word{
		"no vehicle":         {StateAt: 10, State: idle},
		"nothing told":       {Vehicle: v1},
		"a negative time":    {Vehicle: v1, StateAt: -1, State: idle},
		"a time too late":    {Vehicle: v1, StateAt: engine.LastMillis + 1, State: idle},
		"a state too great":  {Vehicle: v1, StateAt: 10, State: 10},
		"a state untimed":    {Vehicle: v1, State: idle, CellAt: 10, Cell: here},
		"a cell untimed":     {Vehicle: v1, StateAt: 10, Cell: here},
		"a time without one": {Vehicle: v1, StateAt: 10, CellAt: 10},
	} {
		words := []engine.Word{good, bad}
		if _, err := b.whereabouts().Tell(b.Context(), b.scope, "ant", words); !errors.Is(
			err, engine.ErrWords) {
			b.Errorf("%s: Tell = %v, want ErrWords", name, err)
		}
	}
	many := make([]engine.Word, engine.MostWords+1)
	for i := range many {
		many[i] = told(uint64(i+1), 10, idle, here)
	}
	for operator, words := range map[string][]engine.Word{"": {good}, "ant": many} {
		if _, err := b.whereabouts().Tell(b.Context(), b.scope, operator, words); !errors.Is(
			err, engine.ErrWords) {
			b.Errorf("%d words of %q: Tell = %v, want ErrWords", len(words), operator, err)
		}
	}
	b.stands()
}

// forgets wants so many vehicles to be dropped.
func (b *bench) forgets(until engine.Millis, want int) {
	b.Helper()
	got, err := b.whereabouts().Forget(b.Context(), b.scope, until)
	if err != nil || got != want {
		b.Errorf("Forget %d = %d, %v, want %d", until, got, err, want)
	}
}

func forgetsVehicle(b *bench) {
	b.tell(2, told(v1, 10, idle, here), told(v2, 20, idle, here))
	b.forgets(10, 1)
	b.stands(engine.Stand{Operator: "ant", Cell: here, State: idle, N: 1})
	b.keeps(engine.Word{}, told(v2, 20, idle, here))
	b.tell(0, told(v1, 10, idle, here))
	b.forgets(20, 1)
	b.forgets(15, 0) // an earlier time gives nothing back
	b.tell(0, told(v2, 20, out, there))
	b.stands()
	b.tell(1, told(v2, 21, out, there))
	b.stands(engine.Stand{Operator: "ant", Cell: there, State: out, N: 1})
}

func forgetsOnlyOld(b *bench) {
	b.tell(1, engine.Word{Vehicle: v1, StateAt: 30, State: idle, CellAt: 10, Cell: here})
	b.forgets(20, 0)
	b.tell(1, engine.Word{Vehicle: v2, StateAt: 15, State: idle, CellAt: 25, Cell: here})
	b.stands(engine.Stand{Operator: "ant", Cell: here, State: idle, N: 2})
}

func toldMost(b *bench) {
	words := make([]engine.Word, engine.MostWords)
	for i := range words {
		words[i] = told(uint64(i+1), 10, idle, here)
	}
	b.tell(engine.MostWords, words...)
	b.tell(0, words...)
	b.stands(engine.Stand{Operator: "ant", Cell: here, State: idle, N: engine.MostWords})
	b.keeps(words...)
	b.forgets(10, engine.MostWords)
	b.stands()
}

// toldRandom lets four servers tell overlapping parts of one history at once, each in an order of
// its own and with repeats. What is kept must be each vehicle's merged words, and the counts those
// of what is kept.
func toldRandom(b *bench) {
	store, r := b.whereabouts(), rand.New(rand.NewPCG(1, 2))
	const vehicles, servers = 40, 4
	cells := []geo.Cell{here, there, 0}
	known := map[uint64]engine.Word{}
	parts := make([][]engine.Word, servers)
	for range 2000 {
		w := engine.Word{Vehicle: 1 + r.Uint64N(vehicles)}
		if w.Cell = cells[r.IntN(len(cells))]; w.Cell != 0 {
			w.CellAt = engine.Millis(1 + r.Int64N(50))
		}
		if w.Cell == 0 || r.IntN(2) == 0 {
			w.StateAt, w.State = engine.Millis(1+r.Int64N(50)), uint8(r.IntN(10))
		}
		if old, ok := known[w.Vehicle]; ok {
			known[w.Vehicle] = old.Merge(w)
		} else {
			known[w.Vehicle] = w
		}
		for range 1 + r.IntN(2) {
			to := r.IntN(servers)
			parts[to] = append(parts[to], w)
		}
	}
	var group sync.WaitGroup
	for _, part := range parts {
		r.Shuffle(len(part), func(i, j int) { part[i], part[j] = part[j], part[i] })
		group.Go(func() {
			for batch := range slices.Chunk(part, 37) {
				if _, err := store.Tell(b.Context(), b.scope, "ant", batch); err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
	count := map[engine.Stand]int{}
	var want []engine.Word
	for id := uint64(1); id <= vehicles; id++ {
		if w, ok := known[id]; ok {
			want = append(want, w)
			count[engine.Stand{Operator: "ant", Cell: w.Cell, State: w.State}]++
		}
	}
	b.keeps(want...)
	got, err := store.Stands(b.Context(), b.scope)
	if err != nil {
		b.Fatal(err)
	}
	counted := map[engine.Stand]int{}
	for _, s := range got {
		n := s.N
		s.N = 0
		counted[s] = n
	}
	if diff := cmp.Diff(count, counted); diff != "" {
		b.Errorf("counts (-of the words kept +got):\n%s", diff)
	}
}
