package mem_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
)

var errEnough = errors.New("enough")

// A hundred thousand events are kept; who wants older ones is told that they are gone.
func TestFollowKeepsTheLastHundredThousand(t *testing.T) {
	store, scope := mem.New(), engine.Scope{City: "xiamen", Sector: "bike"}
	const happened = 150_007
	for i := range happened {
		err := store.Shut(t.Context(), scope, fmt.Sprint("reason ", i%2), time.UnixMilli(int64(i)))
		if err != nil {
			t.Fatal(err)
		}
	}
	err := store.Follow(t.Context(), scope, engine.EventID{Gen: 1, Seq: 50_006},
		func(engine.Event) error { return nil })
	if !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("events after the 50,006th: %v, want %v", err, engine.ErrNotFound)
	}
	next := int64(50_008)
	err = store.Follow(t.Context(), scope, engine.EventID{Gen: 1, Seq: 50_007},
		func(e engine.Event) error {
			if e.ID.Seq != next || e.Time != engine.Millis(next-1) {
				t.Fatalf("event %s of %d came, want number %d", e.ID, e.Time, next)
			}
			if next++; next > happened {
				return errEnough
			}
			return nil
		})
	if !errors.Is(err, errEnough) {
		t.Errorf("events after the 50,007th: %v, want all of them", err)
	}
}

func TestFollowOfAScopeWhereNothingHappensEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := mem.New().Follow(ctx, engine.Scope{City: "xiamen", Sector: "bike"}, engine.EventID{},
		func(e engine.Event) error { return fmt.Errorf("event %s", e.ID) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Follow: %v, want %v", err, context.Canceled)
	}
}
