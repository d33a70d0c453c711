//go:build unix

package server

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lockPatience is how long a server that is ending may still hold its folder.
const lockPatience = 10 * time.Second

// lockFolder takes the lock of a folder, which lasts until every copy of the file is closed: the
// child inherits one, so that the lock ends with the child and not with whoever started it. A
// server whose parent was killed is given time to end.
func lockFolder(ctx context.Context, dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	late, tick := time.NewTimer(lockPatience), time.NewTicker(20*time.Millisecond)
	defer late.Stop()
	defer tick.Stop()
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return file, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), file.Close())
		case <-late.C:
			return nil, errors.Join(ErrInUse, file.Close())
		case <-tick.C:
		}
	}
}
