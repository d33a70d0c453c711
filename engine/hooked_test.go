package engine_test

import (
	"context"
	"time"

	"github.com/stint-city/stint/engine"
)

// hooked is a store that says before and after each call which one it is. An error of before keeps
// the call from happening; one of after hides that it has happened.
type hooked struct {
	engine.Store
	before, after func(call string) error
}

// around makes one call between the hooks.
func (s *hooked) around(call string, do func() error) error {
	if s.before != nil {
		if err := s.before(call); err != nil {
			return err
		}
	}
	err := do()
	if err == nil && s.after != nil {
		err = s.after(call)
	}
	return err
}

func (s *hooked) Do(
	ctx context.Context, scope engine.Scope, now time.Time, asks []engine.Ask,
) (answers []engine.Answer, err error) {
	err = s.around("Do", func() (err error) {
		answers, err = s.Store.Do(ctx, scope, now, asks)
		return err
	})
	return answers, err
}

func (s *hooked) Publish(ctx context.Context, caps *engine.Caps, now time.Time) error {
	return s.around("Publish", func() error { return s.Store.Publish(ctx, caps, now) })
}

func (s *hooked) Shut(
	ctx context.Context, scope engine.Scope, reason string, now time.Time,
) error {
	return s.around("Shut", func() error { return s.Store.Shut(ctx, scope, reason, now) })
}

func (s *hooked) Relevel(
	ctx context.Context, scope engine.Scope, levels map[engine.ID][]engine.Level, now time.Time,
) error {
	return s.around("Relevel", func() error { return s.Store.Relevel(ctx, scope, levels, now) })
}

func (s *hooked) Read(
	ctx context.Context, scope engine.Scope, view func(*engine.Ledger),
) error {
	return s.around("Read", func() error { return s.Store.Read(ctx, scope, view) })
}

func (s *hooked) Append(ctx context.Context, city string, e engine.Entry) error {
	return s.around("Append", func() error { return s.Store.Append(ctx, city, e) })
}

func (s *hooked) Log(
	ctx context.Context, city string, after int64, limit int,
) (entries []engine.Entry, err error) {
	err = s.around("Log", func() (err error) {
		entries, err = s.Store.Log(ctx, city, after, limit)
		return err
	})
	return entries, err
}

func (s *hooked) PutDocument(ctx context.Context, city, name string, data []byte) error {
	return s.around("PutDocument", func() error { return s.Store.PutDocument(ctx, city, name, data) })
}

func (s *hooked) Document(
	ctx context.Context, city, name string,
) (data []byte, err error) {
	err = s.around("Document", func() (err error) {
		data, err = s.Store.Document(ctx, city, name)
		return err
	})
	return data, err
}

func (s *hooked) SetPool(ctx context.Context, pool string, limit int) error {
	return s.around("SetPool", func() error { return s.Store.SetPool(ctx, pool, limit) })
}

func (s *hooked) Draw(
	ctx context.Context, pool string, scope engine.Scope, transfer string, n int, now time.Time,
) (drawn int, err error) {
	err = s.around("Draw", func() (err error) {
		drawn, err = s.Store.Draw(ctx, pool, scope, transfer, n, now)
		return err
	})
	return drawn, err
}
