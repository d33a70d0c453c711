package rdb

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

var (
	//go:embed ledger.lua
	ledgerText string
	//go:embed count.lua
	countText string
	//go:embed do.lua
	doText string
	//go:embed publish.lua
	publishText string
	//go:embed shut.lua
	shutText string
	//go:embed relevel.lua
	relevelText string
	//go:embed sweep.lua
	sweepText string
	//go:embed tell.lua
	tellText string
	//go:embed forget.lua
	forgetText string
)

// scripts are the scripts of the ledger and of vehicles.
type scripts struct {
	do, publish, shut, relevel, sweep *redis.Script
	tell, forget                      *redis.Script
}

func newScripts() scripts {
	return scripts{
		do:      redis.NewScript(ledgerText + doText),
		publish: redis.NewScript(ledgerText + publishText),
		shut:    redis.NewScript(ledgerText + shutText),
		relevel: redis.NewScript(ledgerText + countText + relevelText),
		sweep:   redis.NewScript(ledgerText + countText + sweepText),
		tell:    redis.NewScript(tellText),
		forget:  redis.NewScript(forgetText),
	}
}

// attempts is how often a call is sent at most whose connection was cut: every script may be run
// twice, as what it did once it finds done.
const attempts = 3

// run calls a script on the server that has a key, and makes sure that an error is one of
// engine.ErrUnavailable, where nothing happened, or engine.ErrUnknownOutcome. args are those of
// EVALSHA; the first three are filled in here.
func (s *Store) run(
	ctx context.Context, script *redis.Script, key string, keys int, args []any,
) (any, error) {
	args[0], args[1], args[2] = "EVALSHA", script.Hash(), keys
	ctx, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	cuts := 0
	for {
		reply, err := s.attempt(ctx, key, args)
		if err == nil {
			return reply, nil
		}
		if wasCut(err) {
			cuts++
		}
		if s.mend(ctx, err, script, key) && cuts < attempts && nap(ctx, 5*time.Millisecond) {
			continue
		}
		if err = restError(ctx, err); cuts > 0 && !errors.Is(err, engine.ErrUnknownOutcome) {
			err = fmt.Errorf("%w: cut off, and then: %s", engine.ErrUnknownOutcome, err.Error())
		}
		return nil, err
	}
}

// mend does what may help after an error and reports whether to try again.
func (s *Store) mend(ctx context.Context, err error, script *redis.Script, key string) bool {
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		node, err := s.node(ctx, key)
		return err == nil && script.Load(ctx, node).Err() == nil
	}
	s.reload(ctx)
	if wasCut(err) {
		return true
	}
	for _, elsewhere := range []string{"MOVED", "ASK", "TRYAGAIN"} {
		if redis.HasErrorPrefix(err, elsewhere) {
			return true
		}
	}
	return false
}

// wasCut reports whether an error tells of a connection that was there and broke.
func wasCut(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// nap waits and reports whether ctx still goes on.
func nap(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// node returns the client of the one server that has a key. A Cluster's client would repeat a call
// by itself, and nobody could tell any more whether an attempt was sent.
func (s *Store) node(ctx context.Context, key string) (*redis.Client, error) {
	switch c := s.client.(type) {
	case *redis.ClusterClient:
		return c.MasterForKey(ctx, key)
	case *redis.Client:
		return c, nil
	}
	return nil, fmt.Errorf("%w: a client of type %T", engine.ErrUnavailable, s.client)
}

// attempt sends one call and, where Options say so, waits until enough replicas have what it and
// all before it wrote.
func (s *Store) attempt(ctx context.Context, key string, args []any) (any, error) {
	node, err := s.node(ctx, key)
	if err != nil {
		return nil, err
	}
	if s.options.Wait == 0 {
		cmd := redis.NewCmd(ctx, args...)
		_ = node.Process(ctx, cmd)
		return cmd.Result()
	}
	pipe := node.Pipeline()
	call := pipe.Do(ctx, args...)
	// A replay writes nothing; what it tells of must have reached the replicas all the same.
	mark := key[:strings.IndexByte(key, '}')+1] + ":wait"
	pipe.Do(ctx, "SET", mark, 1)
	wait := pipe.Do(ctx, "WAIT", s.options.Wait, (s.options.Timeout / 2).Milliseconds())
	if _, err := pipe.Exec(ctx); call.Err() != nil {
		return nil, call.Err()
	} else if err != nil {
		return nil, fmt.Errorf("%w: %w", engine.ErrUnknownOutcome, err)
	}
	if n, err := wait.Int(); err != nil || n < s.options.Wait {
		return nil, fmt.Errorf("%w: %d replicas of %d confirmed", engine.ErrUnknownOutcome, n,
			s.options.Wait)
	}
	return call.Result()
}
