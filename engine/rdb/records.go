package rdb

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

//go:embed append.lua
var appendText string

//go:embed document.lua
var documentText string

// records keep the bureau's log and documents in Redis: engine.Records.
type records struct {
	client redis.UniversalClient
	append *redis.Script
	put    *redis.Script
}

func newRecords(client redis.UniversalClient) records {
	return records{client, redis.NewScript(appendText), redis.NewScript(documentText)}
}

// Append adds an entry to the city's log, or returns engine.ErrConflict: also for an entry that is
// there already.
func (r records) Append(ctx context.Context, city string, e engine.Entry) error {
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("append log entry %d: %w", e.Seq, err)
	}
	keys := []string{cityKey(city, "log"), cityKey(city, "head")}
	ok, err := r.append.Run(ctx, r.client, keys, e.Seq, e.Prev, e.Hash, data, rand.Text()).Int()
	if err != nil {
		return fmt.Errorf("append log entry %d: %w", e.Seq, restError(ctx, err))
	}
	if ok == 0 {
		return fmt.Errorf("append log entry %d: %w", e.Seq, engine.ErrConflict)
	}
	return nil
}

// Log returns up to limit entries after a number.
func (r records) Log(
	ctx context.Context, city string, after int64, limit int,
) ([]engine.Entry, error) {
	if after = max(after, 0); limit <= 0 {
		return nil, nil
	}
	lines, err := r.client.LRange(ctx, cityKey(city, "log"), after, after+int64(limit)-1).Result()
	if err != nil {
		return nil, fmt.Errorf("read the log of %s: %w", city, readError(ctx, err))
	}
	entries := make([]engine.Entry, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal([]byte(line), &entries[i]); err != nil {
			return nil, fmt.Errorf("read log entry %d of %s: %w", after+int64(i)+1, city, err)
		}
	}
	return entries, nil
}

// PutDocument keeps bytes under a name, once.
func (r records) PutDocument(ctx context.Context, city, name string, data []byte) error {
	ok, err := r.put.Run(ctx, r.client, []string{cityKey(city, "doc:"+name)}, data).Int()
	if err != nil {
		return fmt.Errorf("keep document %s: %w", name, restError(ctx, err))
	}
	if ok == 0 {
		return fmt.Errorf("keep document %s: %w", name, engine.ErrExists)
	}
	return nil
}

// Document returns the bytes under a name, or engine.ErrNotFound.
func (r records) Document(ctx context.Context, city, name string) ([]byte, error) {
	data, err := r.client.Get(ctx, cityKey(city, "doc:"+name)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("document %s: %w", name, engine.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("document %s: %w", name, readError(ctx, err))
	}
	return data, nil
}
