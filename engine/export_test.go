package engine

import "context"

// Enact does what Run does each second about plans, zones and orders.
func (e *Engine) Enact(ctx context.Context) error { return e.enact(ctx) }

// Count does what Run does each minute about grants and refusals.
func (e *Engine) Count(ctx context.Context) error { return e.count(ctx) }

// Forget does what Run does each second about the retention of what is observed.
func (e *Engine) Forget(ctx context.Context) error { return e.forget(ctx) }

// Shifted returns the factor of the season in force in a sector.
func (e *Engine) Shifted(sector string) float64 {
	for _, x := range e.force.Load().shifts {
		if x.sector == sector {
			return x.factor
		}
	}
	return 1
}
