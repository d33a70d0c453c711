package engine

import (
	"context"
)

// Adjust does what is to be done within a period and at its end, as far as it is time: decisions
// about parts of the day. Run calls it; a simulation may, on its own clock. Whatever is done is in
// the log, once, whichever engine comes first; calling it again does nothing more.
func (e *Engine) Adjust(ctx context.Context) error {
	if err := e.enact(ctx); err != nil {
		return err
	}
	return e.adjust(ctx)
}

// adjust is Adjust without what is due at a moment.
func (e *Engine) adjust(ctx context.Context) error {
	e.adjusting.Lock()
	defer e.adjusting.Unlock()
	return e.partsDue(ctx)
}
