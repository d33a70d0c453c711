package rdb

import (
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb/server"
)

func TestAnAuditFindsWhatWasChangedBehindTheLedgersBack(t *testing.T) {
	redis := startServer(t, server.Options{})
	store := openStoreAt(t, redis.URL(), Options{Archive: t.TempDir()})
	caps := tightCaps(t, bikes, 1)
	now := engine.SystemClock{}.Now()
	if err := store.Publish(t.Context(), caps, now); err != nil {
		t.Fatal(err)
	}
	cell := hammerCells(t)[0]
	answers, err := store.Do(t.Context(), bikes, now, []engine.Ask{{
		Verb: engine.Place, ID: "ant:one", Print: "1", N: 3, Cell: cell, Epoch: 1,
		Levels: []engine.Level{engine.CellLevel(cell), engine.CityLevel},
	}})
	if err != nil || answers[0].No != nil {
		t.Fatal(answers, err)
	}
	if wrong, err := store.Audit(t.Context(), bikes); err != nil || len(wrong) > 0 {
		t.Fatalf("a sound ledger: %v, %v", wrong, err)
	}
	client := rawClient(t, redis.URL())
	err = client.HIncrBy(t.Context(), ledgerKey(bikes, "taken"), string(engine.CityLevel), -1).Err()
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := store.Audit(t.Context(), bikes)
	if err != nil || len(wrong) != 1 || wrong[0].What != "city" || wrong[0].Got != "2" {
		t.Errorf("a counter changed: %v, %v; want city 2 for 3", wrong, err)
	}
}
