package rdb

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

// restError says what the error of a call that may have changed something means: what Redis
// answered with an error, or what never reached it, did not happen; of all else nobody can tell.
func restError(ctx context.Context, err error) error {
	var answered redis.Error
	var dial *net.OpError
	switch {
	case errors.As(err, &answered), errors.Is(err, redis.ErrClosed),
		errors.As(err, &dial) && dial.Op == "dial":
		return fmt.Errorf("%w: %w", engine.ErrUnavailable, err)
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w: %w", engine.ErrUnknownOutcome, ctx.Err(), err)
	}
	return fmt.Errorf("%w: %w", engine.ErrUnknownOutcome, err)
}

// readError says what the error of a call that only reads means.
func readError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", engine.ErrUnavailable, err)
}
