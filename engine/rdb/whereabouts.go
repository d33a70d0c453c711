package rdb

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// The lengths of the parts of a word as tell.lua keeps it.
const (
	timeDigits = 13
	cellDigits = 16
	wordLength = timeDigits + 1 + timeDigits + cellDigits
)

// runVehicles calls tell.lua or forget.lua.
func (s *Store) runVehicles(
	ctx context.Context, script *redis.Script, scope engine.Scope, operator string, args []any,
) (any, error) {
	first := vehicleKey(scope, "word:"+operator)
	all := make([]any, 3, 8+len(args))
	all = append(all, first, vehicleKey(scope, "count:"+operator), vehicleKey(scope, "fleets"),
		vehicleKey(scope, "floor"), operator)
	return s.run(ctx, script, first, 4, append(all, args...))
}

// Tell merges words about an operator's vehicles into those kept; see engine.Whereabouts.
func (s *Store) Tell(
	ctx context.Context, scope engine.Scope, operator string, words []engine.Word,
) (changed int, err error) {
	if err := engine.CheckWords(operator, words); err != nil {
		return 0, err
	}
	if len(words) == 0 {
		return 0, ctx.Err()
	}
	reply, err := s.runVehicles(ctx, s.scripts.tell, scope, operator, tellArgs(words))
	if err != nil {
		return 0, fmt.Errorf("tell of %s in %s: %w", operator, scope, err)
	}
	n, _ := reply.(int64)
	return int(n), nil
}

// tellArgs returns the arguments of tell.lua after the operator: how many vehicles, which, and what
// of each. A vehicle named twice is merged: the script wants each once.
func tellArgs(words []engine.Word) []any {
	first := make(map[uint64]int, len(words)) // a vehicle's place in once
	once := make([]engine.Word, 0, len(words))
	for _, w := range words {
		if at, again := first[w.Vehicle]; again {
			once[at] = once[at].Merge(w)
			continue
		}
		first[w.Vehicle] = len(once)
		once = append(once, w)
	}
	n := len(once)
	args := make([]any, 1+2*n)
	args[0] = n
	text := make([]byte, 0, n*(8+wordLength))
	for i := range once {
		text = binary.BigEndian.AppendUint64(text, once[i].Vehicle)
		text = appendWord(text, &once[i])
	}
	for i := range n {
		at := i * (8 + wordLength)
		args[1+i], args[1+n+i] = text[at:at+8], text[at+8:at+8+wordLength]
	}
	return args
}

// appendWord appends a word as tell.lua keeps it.
func appendWord(b []byte, w *engine.Word) []byte {
	b = append(appendTime(b, w.StateAt), '0'+w.State)
	b = appendTime(b, w.CellAt)
	for shift := 4 * (cellDigits - 1); shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[w.Cell>>shift&15])
	}
	return b
}

// appendTime appends a time as 13 digits.
func appendTime(b []byte, at engine.Millis) []byte {
	b = append(b, "0000000000000"...)
	for i := len(b) - 1; at > 0; i-- {
		b[i] += byte(at % 10)
		at /= 10
	}
	return b
}

// parseWord reads a word that appendWord wrote.
func parseWord(vehicle uint64, text string) (engine.Word, error) {
	w := engine.Word{Vehicle: vehicle}
	if len(text) != wordLength {
		return w, fmt.Errorf("%w: a word of %d bytes", engine.ErrUnavailable, len(text))
	}
	stateAt, err1 := strconv.ParseInt(text[:timeDigits], 10, 64)
	cellAt, err2 := strconv.ParseInt(text[timeDigits+1:2*timeDigits+1], 10, 64)
	cell, err3 := strconv.ParseUint(text[2*timeDigits+1:], 16, 64)
	if err := cmp.Or(err1, err2, err3); err != nil {
		return w, fmt.Errorf("%w: %w", engine.ErrUnavailable, err)
	}
	w.StateAt, w.State = engine.Millis(stateAt), text[timeDigits]-'0'
	w.CellAt, w.Cell = engine.Millis(cellAt), geo.Cell(cell)
	return w, nil
}

// fleets returns the operators of which a scope has vehicles, in order.
func (s *Store) fleets(ctx context.Context, scope engine.Scope) ([]string, error) {
	operators, err := s.client.SMembers(ctx, vehicleKey(scope, "fleets")).Result()
	if err != nil {
		return nil, readError(ctx, err)
	}
	slices.Sort(operators)
	return operators, nil
}

// Stands returns the counts above 0 by operator, cell and state.
func (s *Store) Stands(ctx context.Context, scope engine.Scope) ([]engine.Stand, error) {
	operators, err := s.fleets(ctx, scope)
	if err != nil {
		return nil, fmt.Errorf("vehicles of %s: %w", scope, err)
	}
	var list []engine.Stand
	for _, operator := range operators {
		counts, err := s.client.HGetAll(ctx, vehicleKey(scope, "count:"+operator)).Result()
		if err != nil {
			return nil, fmt.Errorf("vehicles of %s: %w", scope, readError(ctx, err))
		}
		for at, text := range counts {
			if len(at) != cellDigits+1 {
				return nil, fmt.Errorf("vehicles of %s: %w: a count of %q", scope,
					engine.ErrUnavailable, at)
			}
			cell, err1 := strconv.ParseUint(at[:cellDigits], 16, 64)
			n, err2 := strconv.Atoi(text)
			if err := cmp.Or(err1, err2); err != nil {
				return nil, fmt.Errorf("vehicles of %s: %w: %w", scope, engine.ErrUnavailable, err)
			}
			list = append(list, engine.Stand{
				Operator: operator, Cell: geo.Cell(cell), State: at[cellDigits] - '0', N: n,
			})
		}
	}
	slices.SortFunc(list, func(a, b engine.Stand) int {
		return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Cell, b.Cell),
			cmp.Compare(a.State, b.State))
	})
	return list, nil
}

// Vehicles returns the word kept of each of some vehicles; see engine.Whereabouts.
func (s *Store) Vehicles(
	ctx context.Context, scope engine.Scope, operator string, ids []uint64,
) ([]engine.Word, error) {
	words := make([]engine.Word, len(ids))
	if len(ids) == 0 {
		return words, ctx.Err()
	}
	fields := make([]string, len(ids))
	for i, id := range ids {
		fields[i] = string(binary.BigEndian.AppendUint64(nil, id))
	}
	found, err := s.client.HMGet(ctx, vehicleKey(scope, "word:"+operator), fields...).Result()
	if err != nil {
		return nil, fmt.Errorf("vehicles of %s in %s: %w", operator, scope, readError(ctx, err))
	}
	for i := range found {
		text, ok := found[i].(string)
		if !ok {
			continue
		}
		if words[i], err = parseWord(ids[i], text); err != nil {
			return nil, fmt.Errorf("vehicles of %s in %s: %w", operator, scope, err)
		}
	}
	return words, nil
}

// Forget drops the vehicles of which nothing was told after a time, in short steps, so that no word
// waits long; see engine.Whereabouts.
func (s *Store) Forget(
	ctx context.Context, scope engine.Scope, until engine.Millis,
) (dropped int, err error) {
	operators, err := s.fleets(ctx, scope)
	if err != nil {
		return 0, fmt.Errorf("forget vehicles of %s: %w", scope, err)
	}
	at := string(appendTime(nil, max(0, min(until, engine.LastMillis))))
	for _, operator := range append(operators, "") { // "" has none: the floor is set all the same
		for cursor := "0"; ; {
			reply, err := s.runVehicles(ctx, s.scripts.forget, scope, operator, []any{at, cursor})
			if err != nil {
				return dropped, fmt.Errorf("forget vehicles of %s: %w", scope, err)
			}
			parts, _ := reply.([]any)
			if len(parts) != 2 {
				return dropped, fmt.Errorf("forget vehicles of %s: answer %v", scope, reply)
			}
			n, _ := parts[1].(int64)
			dropped += int(n)
			if cursor, _ = parts[0].(string); cursor == "0" || cursor == "" {
				break
			}
		}
	}
	return dropped, nil
}
