package rdb

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb/server"
)

// noon is when these tests happen.
var noon = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

// drawnOf returns what a scope has drawn of a pool, as the scope itself knows.
func drawnOf(t *testing.T, r *rest, s engine.Scope, pool string) int {
	t.Helper()
	text := r.client.HGet(t.Context(), ledgerKey(s, "drawn"), string(engine.PoolLevel(pool))).Val()
	n, _ := strconv.Atoi(text)
	return n
}

func TestManyScopesDrawExactlyThePool(t *testing.T) {
	r := openRest(t, startServer(t, server.Options{}), "")
	if err := r.SetPool(t.Context(), "nation", 1000); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	scopes := make([]engine.Scope, 8)
	for i := range scopes {
		scopes[i] = engine.Scope{City: "c" + strconv.Itoa(i), Sector: "bike"}
		group.Go(func() {
			for k := range 10 {
				id := fmt.Sprint(i, "-", k)
				for range 2 { // a retry draws nothing more
					if _, err := r.Draw(t.Context(), "nation", scopes[i], id, 16, noon); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()
	sum := 0
	for _, s := range scopes {
		sum += drawnOf(t, r, s, "nation")
	}
	_, booked, err := r.PoolState(t.Context(), "nation")
	if err != nil {
		t.Fatal(err)
	}
	for s, n := range booked {
		if got := drawnOf(t, r, s, "nation"); got != n {
			t.Errorf("%s: the pool says %d, the scope %d", s, n, got)
		}
	}
	if sum != 1000 {
		t.Errorf("drawn %d in all, want 1000", sum)
	}
}

func TestOnlyIdleVehiclesAreReturned(t *testing.T) {
	r := openRest(t, startServer(t, server.Options{}), "")
	ctx, level := t.Context(), string(engine.PoolLevel("nation"))
	if err := r.SetPool(ctx, "nation", 100); err != nil {
		t.Fatal(err)
	}
	if n, err := r.Draw(ctx, "nation", bikes, "d1", 60, noon); n != 60 || err != nil {
		t.Fatalf("Draw = %d, %v", n, err)
	}
	r.client.HSet(ctx, ledgerKey(bikes, "taken"), level, 25)
	for range 2 { // 60 drawn, 25 taken, 5 to be kept idle: 30
		if n, err := r.Return(ctx, "nation", bikes, "r1", 5, noon); n != 30 || err != nil {
			t.Fatalf("Return = %d, %v; want 30", n, err)
		}
	}
	if n, err := r.Return(ctx, "nation", bikes, "r2", 5, noon); n != 0 || err != nil {
		t.Errorf("Return of nothing idle = %d, %v", n, err)
	}
	if n, err := r.Draw(ctx, "nation", bikes, "d2", 99, noon); n != 70 || err != nil {
		t.Errorf("Draw of the rest = %d, %v; want 70", n, err)
	}
}

func TestSettleCompletesWhatACrashCutInTwo(t *testing.T) {
	tests := map[string]struct {
		half func(*rest, *testing.T) error
		want int // drawn afterwards, by the pool and by the scope
	}{
		"a draw that only the pool knows": {func(r *rest, t *testing.T) error {
			return r.pools.draw.Run(t.Context(), r.client, poolKeys("nation"), "x",
				bikes.String(), 10, noon.UnixMilli()).Err()
		}, 50},
		"a return that only the scope knows": {func(r *rest, t *testing.T) error {
			return r.pools.debit.Run(t.Context(), r.client, sideKeys("nation", bikes), "x", 10,
				string(engine.PoolLevel("nation")), noon.UnixMilli()).Err()
		}, 10},
		"a draw that the pool has lost": {func(r *rest, t *testing.T) error {
			_, err := r.credit(t.Context(), "nation", bikes, "x", 7, noon)
			return err
		}, 47},
		"a return that the scope has lost": {func(r *rest, t *testing.T) error {
			_, err := r.book(t.Context(), "nation", bikes, "x", -5, noon)
			return err
		}, 35},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := openRest(t, startServer(t, server.Options{}), "")
			if err := r.SetPool(t.Context(), "nation", 100); err != nil {
				t.Fatal(err)
			}
			if _, err := r.Draw(t.Context(), "nation", bikes, "first", 40, noon); err != nil {
				t.Fatal(err)
			}
			if err := tt.half(r, t); err != nil {
				t.Fatal(err)
			}
			for _, want := range []int{1, 0} {
				if n, err := r.Settle(t.Context(), "nation", noon); n != want || err != nil {
					t.Fatalf("Settle = %d, %v; want %d", n, err, want)
				}
			}
			_, booked, err := r.PoolState(t.Context(), "nation")
			if err != nil {
				t.Fatal(err)
			}
			if got := drawnOf(t, r, bikes, "nation"); got != tt.want || booked[bikes] != tt.want {
				t.Errorf("drawn: %d in the scope, %d in the pool; want %d", got, booked[bikes], tt.want)
			}
		})
	}
}

func TestTransfersAreForgottenInAnOrderThatNeverCarriesThemOutAgain(t *testing.T) {
	r := openRest(t, startServer(t, server.Options{}), "")
	ctx := t.Context()
	if err := r.SetPool(ctx, "nation", 100); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Draw(ctx, "nation", bikes, "d", 40, noon); err != nil {
		t.Fatal(err)
	}
	for _, hours := range []time.Duration{23, 25, 26, 47, 49, 50} {
		n, err := r.Settle(ctx, "nation", noon.Add(hours*time.Hour+time.Minute))
		if n != 0 || err != nil {
			t.Errorf("Settle after %d h = %d, %v", hours, n, err)
		}
		if got := drawnOf(t, r, bikes, "nation"); got != 40 {
			t.Fatalf("after %d h the scope has drawn %d, want 40", hours, got)
		}
	}
	left := r.client.Exists(ctx, poolKey("nation", "transfers"), sideKey(bikes, "xfer:nation")).Val()
	if left != 0 {
		t.Errorf("%d of 2 hashes of transfers are left", left)
	}
}

func TestAPoolThatMayHaveLostDrawsIsSettledBeforeTheNext(t *testing.T) {
	s := startServer(t, server.Options{AppendFsync: "always"})
	r := openRest(t, s, "")
	ctx := t.Context()
	if err := r.SetPool(ctx, "nation", 100); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Draw(ctx, "nation", bikes, "d1", 60, noon); err != nil {
		t.Fatal(err)
	}
	// The pool loses the draw, as a promoted replica would.
	r.client.HDel(ctx, poolKey("nation", "transfers"), "d1")
	r.client.HSet(ctx, poolKey("nation", "pool"), "drawn", 0, "s:"+bikes.String(), 0, "replid", "x")
	got, err := r.Draw(ctx, "nation", engine.Scope{City: "b", Sector: "bike"}, "d2", 80, noon)
	if err != nil && !errors.Is(err, engine.ErrUnavailable) {
		t.Fatal(err)
	}
	if got != 40 {
		t.Errorf("drew %d of 100 of which 60 are out, %v", got, err)
	}
}
