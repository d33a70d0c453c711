package rdb

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb/server"
	"github.com/stint-city/stint/engine/storetest"
)

// openStoreAt opens a Store on an address, closed with the test.
func openStoreAt(t testing.TB, address string, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStoreOnOneServer(t *testing.T) {
	s := startServer(t, server.Options{})
	storetest.Run(t, func(t *testing.T) engine.Store { return openStoreAt(t, s.URL(), Options{}) })
}

func TestStoreOnACluster(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	c := startTestCluster(t, 3, 0)
	storetest.Run(t, func(t *testing.T) engine.Store { return openStoreAt(t, c.URL(), Options{}) })
}

// startTestCluster starts a Cluster of the test's own.
func startTestCluster(t testing.TB, masters, replicas int) *server.Cluster {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := server.StartCluster(ctx, server.Options{Dir: t.TempDir()}, masters, replicas)
	if errors.Is(err, server.ErrNoServer) {
		t.Skip("SKIPPED: no redis-server or valkey-server on PATH")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := c.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return c
}
