package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/engine/rdb"
	"github.com/stint-city/stint/engine/rdb/server"
)

// openedStore is a store with what must be ended after it.
type openedStore struct {
	engine.Store
	follower engine.Follower
	says     lang.Message    // one line about what is kept where
	lost     <-chan struct{} // closed when a child server has ended; nil for none
	close    func() error
}

// memoryURL asks for the store in the process.
const memoryURL = "mem:"

// openStore makes the state folder for the city, and opens the store of an address. Without one it
// starts a Redis of its own in the state folder, or where none is on PATH keeps everything in the
// process and says so.
func openStore(ctx context.Context, f serveFlags, state stateFolder) (*openedStore, error) {
	if err := state.made(); err != nil {
		return nil, err
	}
	if err := state.keepCity(f.city); err != nil {
		return nil, err
	}
	switch f.store {
	case memoryURL:
		return inProcess("serve.in-memory"), nil
	case "":
		return openChild(ctx, f, state)
	}
	return openRedis(ctx, f, state, f.store, nil)
}

// openChild starts a Redis in the state folder and opens it.
func openChild(ctx context.Context, f serveFlags, state stateFolder) (*openedStore, error) {
	child, err := server.Start(ctx, server.Options{
		Dir: state.path("redis"), AppendFsync: f.fsync,
	})
	switch {
	case errors.Is(err, server.ErrNoServer):
		return inProcess("serve.no-redis"), nil
	case errors.Is(err, server.ErrInUse):
		return nil, usage(lang.E(nil, "serve.in-use", "folder", string(state)))
	case err != nil:
		return nil, err
	}
	store, err := openRedis(ctx, f, state, child.URL(), child)
	if err != nil {
		return nil, errors.Join(err, stopChild(child))
	}
	return store, nil
}

// inProcess returns a store that keeps nothing.
func inProcess(says string) *openedStore {
	store := mem.New()
	return &openedStore{
		Store: store, follower: store, says: lang.M(says), close: func() error { return nil },
	}
}

// openRedis opens the Redis at an address; child is stopped after it.
func openRedis(
	ctx context.Context, f serveFlags, state stateFolder, url string, child *server.Server,
) (*openedStore, error) {
	archive := f.archive
	if archive == "" {
		archive = state.path("events")
	}
	store, err := rdb.Open(ctx, url, rdb.Options{Archive: archive, Wait: f.wait})
	if errors.Is(err, rdb.ErrURL) {
		return nil, usage(lang.E(nil, "serve.store-url"))
	}
	if err != nil {
		return nil, lang.E(err, "serve.store")
	}
	opened := &openedStore{Store: store, follower: store, close: store.Close}
	opened.says = lang.M("serve.redis", "archive", archive)
	if child != nil {
		opened.says = lang.M("serve.child", "folder", state.path("redis"), "fsync", f.fsync)
		opened.lost = child.Done()
		opened.close = func() error { return errors.Join(store.Close(), stopChild(child)) }
	}
	return opened, nil
}

// stopChild stops a child server, which writes everything down first.
func stopChild(child *server.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := child.Stop(ctx); err != nil {
		return fmt.Errorf("stop the child server: %w", err)
	}
	return nil
}
