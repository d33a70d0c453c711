//go:build !unix

package server

import (
	"context"
	"os"
	"path/filepath"
)

// lockFolder opens the file that elsewhere is the lock of a folder: this system has none that a
// child could inherit.
func lockFolder(_ context.Context, dir string) (*os.File, error) {
	return os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
}
