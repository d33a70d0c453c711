package mem_test

import (
	"context"
	"fmt"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
)

func ExampleStore() {
	ctx, now := context.Background(), time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	scope := engine.Scope{City: "xiamen", Sector: "bike"}
	store := mem.New()
	caps := &engine.Caps{
		Scope: scope, Epoch: 1, Plan: "p-1", Cap: map[engine.Level]int{engine.CityLevel: 5},
	}
	if err := store.Publish(ctx, caps, now); err != nil {
		fmt.Println(err)
		return
	}
	ask := engine.Ask{
		Verb: engine.Place, Print: "3 bikes at the pier", N: 3, Epoch: 1,
		Levels: []engine.Level{engine.CityLevel},
	}
	for _, key := range []string{"first", "first", "second"} {
		ask.ID = engine.NewID("ant", key)
		answers, err := store.Do(ctx, scope, now, []engine.Ask{ask})
		switch {
		case err != nil:
			fmt.Println(err)
		case answers[0].No != nil:
			fmt.Println(key, "no:", answers[0].No.Rule, "room", answers[0].No.Room)
		default:
			fmt.Println(key, "yes, left", answers[0].Record.Left, "told again:", answers[0].Replayed)
		}
	}
	// Output:
	// first yes, left 2 told again: false
	// first yes, left 2 told again: true
	// second no: city-full room 2
}
