package server

import "syscall"

// attributes tie the child to this process: it is killed when its parent dies. It has a process
// group of its own, so that an interrupt at the terminal reaches it only through Stop.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
}
