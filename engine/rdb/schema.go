package rdb

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"
)

// schema is the shape in which this package keeps its keys. A change of shape raises it and comes
// with a step that brings a store from the shape before.
const schema = 1

// ErrVersion is what a store gives that another version of stint has written in a shape unknown
// here.
var ErrVersion = errors.New("the store was written by another version of stint")

// checkVersion makes sure that the store's keys are in this package's shape. An empty store is
// marked as such; one in another shape is left alone.
func checkVersion(ctx context.Context, client redis.UniversalClient) error {
	want := strconv.Itoa(schema)
	if err := client.SetNX(ctx, versionKey, want, 0).Err(); err != nil {
		return restError(ctx, err)
	}
	got, err := client.Get(ctx, versionKey).Result()
	if err != nil {
		return readError(ctx, err)
	}
	if got != want {
		return fmt.Errorf("%w: %s is %.20q, want %q", ErrVersion, versionKey, got, want)
	}
	return nil
}
