package engine

import "context"

// TidyPools does what Run does each minute about pools.
func (e *Engine) TidyPools(ctx context.Context) error { return e.tidyPools(ctx) }
