package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb"
	"github.com/stint-city/stint/engine/rdb/server"
)

// measureWeb measures the API on the Redis store.
func (b *benchRun) measureWeb(ctx context.Context) error {
	return b.measureAPI(ctx, func(measure func(engine.Store) error) error {
		return b.withRedis(ctx, func(s *server.Server) error {
			store, err := rdb.Open(ctx, s.URL(), rdb.Options{})
			if err != nil {
				return err
			}
			return errors.Join(measure(store), store.Close())
		})
	})
}

// measureAPI measures single asks at 4 and at 256 connections, batches, and snapshots of the whole
// city while asks go on, each on a server and a store of its own, so that none has to live with
// what another left behind.
func (b *benchRun) measureAPI(
	ctx context.Context, with func(measure func(engine.Store) error) error,
) error {
	for _, measure := range []func(context.Context, *benchServer) error{
		func(ctx context.Context, up *benchServer) error {
			return b.measureAsks(ctx, up, "http-4", 4)
		},
		func(ctx context.Context, up *benchServer) error {
			return b.measureAsks(ctx, up, "http-256", 256)
		},
		b.measureBatches,
		func(ctx context.Context, up *benchServer) error {
			return b.measureSnapshots(ctx, up, "snapshot", 1000)
		},
		func(ctx context.Context, up *benchServer) error {
			return b.measureSnapshots(ctx, up, "snapshot-busy", 0)
		},
	} {
		err := with(func(s engine.Store) error {
			up, err := b.serveBench(ctx, s)
			if err != nil {
				return err
			}
			return errors.Join(measure(ctx, up), up.stop())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// measureAsks measures single asks.
func (b *benchRun) measureAsks(
	ctx context.Context, up *benchServer, id string, connections int,
) error {
	c, err := up.connect(ctx, http.MethodPost, "/v1/placements", connections)
	if err != nil {
		return err
	}
	defer c.close()
	l := b.load(connections, 1)
	l.first, l.most = b.asked(), mostAsks
	got, err := l.run(ctx, c.ask)
	if err == nil {
		b.result.add(id, got)
	}
	return err
}

// measureBatches measures asks by the hundred.
func (b *benchRun) measureBatches(ctx context.Context, up *benchServer) error {
	const connections = 8
	c, err := up.connect(ctx, http.MethodPost, "/v1/placements:batch", connections)
	if err != nil {
		return err
	}
	defer c.close()
	l := b.load(connections, batchSize)
	l.first, l.most = b.asked()/batchSize, mostAsks/batchSize
	got, err := l.run(ctx, c.askBatch)
	if err == nil {
		b.result.add("batch-100", got)
	}
	return err
}

// measureSnapshots measures one reader who fetches the city again and again while others ask, so
// many times a second or, for 0, as often as they can.
func (b *benchRun) measureSnapshots(
	ctx context.Context, up *benchServer, id string, rate float64,
) error {
	const connections = 16
	ask, err := up.connect(ctx, http.MethodPost, "/v1/placements", connections)
	if err != nil {
		return err
	}
	defer ask.close()
	fetch, err := up.connect(ctx, http.MethodGet, "/v1/city?sector="+benchSector, 1)
	if err != nil {
		return err
	}
	defer fetch.close()
	done := make(chan error, 1)
	l := b.load(connections, 1)
	l.first, l.most, l.rate = b.asked(), mostAsks, rate
	go func() {
		_, err := l.run(ctx, ask.ask)
		done <- err
	}()
	got, err := b.load(1, 1).run(ctx, fetch.fetch)
	if err := errors.Join(err, <-done); err != nil {
		return err
	}
	b.result.add(id, got)
	return nil
}

// asked returns the number of the first ask of the next load, so that no two loads share a key.
func (b *benchRun) asked() int64 {
	b.loads++
	return int64(b.loads) * 10 * mostAsks
}
