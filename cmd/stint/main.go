// Command stint plans, checks and explains how many shared vehicles stand where in a city, and
// whose.
//
// Each command is one file: plan, verify, explain, diff, example, schema, version. run.go wires
// them; exit.go is the one table from errors to exit codes.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, streams{os.Stdout, os.Stderr}, os.Args[1:], os.Getenv)
	stop()
	os.Exit(code)
}
