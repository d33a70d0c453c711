//go:build !linux

package server

import "syscall"

// attributes: this system can't tie a child to its parent.
func attributes() *syscall.SysProcAttr { return nil }
