package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb"
	"github.com/stint-city/stint/engine/rdb/server"
)

// script is the command by which the Redis store decides one ask, as it went over the wire, word by
// word.
type script []string

// sampleKey is the key of the ask; it is as long as what redis-benchmark puts in the place of
// randomKey.
const (
	sampleKey = "000000000000"
	randomKey = "__rand_int__"
)

// listen has a store decide one ask and returns the command that it sent.
func (b *benchRun) listen(
	ctx context.Context, s *server.Server, store *rdb.Store,
) (script, error) {
	asks := b.asks()
	first, told := asks.ask(0), asks.ask(1)
	told.ID = engine.NewID(told.ID.Operator(), sampleKey)
	decide := func(a engine.Ask) error { return grant(ctx, store, asks, a) }
	if err := decide(first); err != nil { // the script is loaded now
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	words, err := overhear(ctx, networkOf(s), s.Addr(), string(told.ID), func() error {
		return decide(told)
	})
	return words, err
}

// drawn returns the command with a key that redis-benchmark draws; ok is false where it can't take
// the command, as it can't take words with a zero byte.
func (s script) drawn() (words []string, ok bool) {
	words = slices.Clone(s)
	for i := range words {
		if strings.ContainsRune(words[i], 0) {
			return nil, false
		}
		words[i] = strings.ReplaceAll(words[i], sampleKey, randomKey)
	}
	return words, true
}

// keyed is a command with places for a key.
type keyed struct {
	bytes  []byte
	places []int // of the keys' first bytes
}

// keyed returns the command as Redis reads it.
func (s script) keyed() keyed {
	k := keyed{bytes: command(s)}
	for at := 0; ; at += len(sampleKey) {
		next := bytes.Index(k.bytes[at:], []byte(sampleKey))
		if next < 0 {
			return k
		}
		at += next
		k.places = append(k.places, at)
	}
}

// with returns the command with a key of its own for a number. The bytes are k's.
func (k keyed) with(i int64) []byte {
	for _, at := range k.places {
		rest := i
		for d := len(sampleKey) - 1; d >= 0; d-- {
			k.bytes[at+d] = byte('0' + rest%10)
			rest /= 10
		}
	}
	return k.bytes
}

// redisWire is a connection to Redis that sends a command and waits for the answer.
type redisWire struct {
	conn net.Conn
	in   *bufio.Reader
}

// send sends a command and returns the last part of the answer: ":7" a number, "text" a text, "*" a
// list. Of an error it returns that.
func (w *redisWire) send(command []byte) (string, error) {
	if _, err := w.conn.Write(command); err != nil {
		return "", err
	}
	return w.read(0)
}

// read reads one answer at a depth of lists in lists.
func (w *redisWire) read(depth int) (last string, err error) {
	line, err := w.in.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	line = bytes.TrimSuffix(line, []byte("\r\n"))
	n, _ := strconv.Atoi(string(line[1:]))
	switch line[0] {
	case '-':
		return "", fmt.Errorf("%w: %s", errAnswer, line)
	case '$':
		text := make([]byte, max(n, 0)+2)
		_, err := io.ReadFull(w.in, text)
		return string(text[:max(n, 0)]), err
	case '*':
		for range n {
			if last, err = w.read(depth + 1); err != nil {
				return "", err
			}
		}
		if depth > 0 {
			last = "*"
		}
		return last, nil
	}
	return string(line), nil
}

// granted reports whether do.lua's last word on an ask is a yes: the vehicles left.
func granted(said string) bool {
	left, err := strconv.Atoi(strings.TrimLeft(said, ":+"))
	return err == nil && left >= 0
}

// loadCommand has callers send a command, each over a connection of its own and each time with
// another key.
func (b *benchRun) loadCommand(
	ctx context.Context, s *server.Server, words []string, callers int, good func(string) bool,
) (sample, error) {
	wires, commands := make([]*redisWire, callers), make([]keyed, callers)
	for k := range wires {
		conn, err := new(net.Dialer).DialContext(ctx, networkOf(s), s.Addr())
		if err != nil {
			return sample{}, err
		}
		defer func() { _ = conn.Close() }() // every answer was read
		wires[k], commands[k] = &redisWire{conn, bufio.NewReader(conn)}, script(words).keyed()
	}
	l := b.load(callers, 1)
	l.first, l.most = b.asked(), mostAsks
	return l.run(ctx, func(_ context.Context, k int, i int64) error {
		said, err := wires[k].send(commands[k].with(i))
		if err == nil && !good(said) {
			err = fmt.Errorf("%w: %.100s", errNoGrant, said)
		}
		return err
	})
}

// withStore gives f a fresh server and a store on it, with wide caps in force.
func (b *benchRun) withStore(
	ctx context.Context, f func(*server.Server, *rdb.Store) error,
) error {
	return b.withRedis(ctx, func(s *server.Server) error {
		store, err := rdb.Open(ctx, s.URL(), rdb.Options{})
		if err != nil {
			return err
		}
		err = store.Publish(ctx, b.wide, b.asks().now)
		if err == nil {
			err = f(s, store)
		}
		if closed := store.Close(); err == nil {
			err = closed
		}
		return err
	})
}

// measureGroups measures group commit beside one script call a decision.
func (b *benchRun) measureGroups(ctx context.Context) error {
	for _, callers := range []int{64, 256} {
		many := strconv.Itoa(callers)
		err := b.withStore(ctx, func(_ *server.Server, store *rdb.Store) error {
			got, err := b.loadStore(ctx, store, callers)
			if err == nil {
				b.result.add("redis-group-"+many, got)
			}
			return err
		})
		if err != nil {
			return err
		}
		err = b.withStore(ctx, func(s *server.Server, store *rdb.Store) error {
			script, err := b.listen(ctx, s, store)
			if err != nil {
				return err
			}
			got, err := b.loadCommand(ctx, s, script, callers, granted)
			if err == nil {
				b.result.add("redis-single-"+many, got)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// measureRaw measures what Redis reaches with the script for one ask: 64 clients, no pipeline,
// another key each time, always the same cell. It is redis-benchmark that asks, where it can take
// the command; otherwise this program does, and both are measured with a trivial script, so that
// one can see that it doesn't ask more slowly.
func (b *benchRun) measureRaw(ctx context.Context) error {
	return b.withStore(ctx, func(s *server.Server, store *rdb.Store) error {
		script, err := b.listen(ctx, s, store)
		if err != nil {
			return err
		}
		if words, ok := script.drawn(); ok {
			return b.addRedisBench(ctx, s, "raw", words)
		}
		got, err := b.loadCommand(ctx, s, script, rawClients, granted)
		if err != nil {
			return err
		}
		b.result.add("raw", got)
		trivial := []string{"EVAL", "return 1", "0"}
		got, err = b.loadCommand(ctx, s, trivial, rawClients, granted)
		if err != nil {
			return err
		}
		b.result.add("driver", got)
		return b.addRedisBench(ctx, s, "driver-redis", trivial)
	})
}

// rawClients is how many clients ask Redis directly.
const rawClients = 64

// addRedisBench adds what redis-benchmark measures with a command for about the run's time.
func (b *benchRun) addRedisBench(
	ctx context.Context, s *server.Server, id string, words []string,
) error {
	const guess = 25_000 // a second
	got, err := redisBench(ctx, networkOf(s), s.Addr(), redisWork{
		clients: rawClients, spread: 1<<31 - 1,
		requests: max(int(guess*b.span.Seconds()), 1000),
	}, words...)
	if err == nil {
		b.result.add(id, got)
	}
	return err
}
