package engine

import (
	"context"
	"fmt"
)

// Log returns up to limit entries of the city's log after a number, in order.
func (e *Engine) Log(ctx context.Context, after int64, limit int) ([]Entry, error) {
	return e.config.Store.Log(ctx, e.config.City, after, limit)
}

// VerifyLog reads the whole log and returns how many entries hold together from the first, with a
// *ChainError for the next one. What this engine read before must still be there: a log that was
// cut short, or written anew with hashes that fit, shows too.
func (e *Engine) VerifyLog(ctx context.Context) (int64, error) {
	_, n, err := e.refold(ctx)
	return n, err
}

// refold folds the whole log anew, up to what this engine has read of it, and returns how many
// entries hold together.
func (e *Engine) refold(ctx context.Context) (anew file, n int64, err error) {
	e.bureau.mu.RLock()
	known := e.bureau.last
	e.bureau.mu.RUnlock()
	var last *Entry
	for {
		entries, err := e.config.Store.Log(ctx, e.config.City, n, logPage)
		if err != nil {
			return anew, n, fmt.Errorf("read the log of %s after entry %d: %w", e.config.City, n, err)
		}
		for i := range entries {
			if err := VerifyChain(last, entries[i:i+1]); err != nil {
				return anew, n, err
			}
			last = &entries[i]
			if known != nil && last.Seq == known.Seq && last.Hash != known.Hash {
				return anew, n, &ChainError{last.Seq, "changed"}
			}
			n = last.Seq
			if known == nil || n > known.Seq {
				continue
			}
			if err := anew.apply(last); err != nil {
				return anew, n, err
			}
		}
		if len(entries) < logPage {
			break
		}
	}
	if known != nil && n < known.Seq {
		return anew, n, &ChainError{n + 1, "missing"}
	}
	return anew, n, nil
}

// count writes what was granted and refused since the last time into the log, once: what an append
// was tried of whose outcome is unknown is not written again if it is there.
func (e *Engine) count(ctx context.Context) error {
	fresh, tried := e.counts.unlogged()
	if len(fresh) == 0 {
		e.counts.logAs()
		return nil
	}
	sealed, err := e.record(ctx, itself(), kindCounted, func(f *file) (entry, error) {
		if tried != "" && f.counted[e.config.Instance] == tried {
			return entry{}, errDone
		}
		x := entry{Instance: e.config.Instance, Granted: fresh[granted], Refused: map[Rule]int64{}}
		for rule, n := range fresh {
			if rule != granted {
				x.Refused[rule] = n
			}
		}
		return x, nil
	})
	if unlessDone(err) != nil {
		e.counts.tries(sealed.Hash)
		return err
	}
	e.counts.logAs()
	return nil
}
