package main

import (
	"errors"
	"io/fs"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/example"
	"github.com/stint-city/stint/engine/rdb"
	"github.com/stint-city/stint/engine/report"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/apportion"
	"github.com/stint-city/stint/quota/merit"
	"github.com/stint-city/stint/simulations"
	"github.com/stint-city/stint/simulations/queue"
)

// The exit codes of every command.
const (
	exitDone       = 0 // the work is done
	exitFailed     = 1 // something broke while working
	exitInput      = 2 // bad input or usage: nothing was written
	exitBreach     = 3 // a check did not hold
	exitInfeasible = 4 // the rules can't be met together
)

// errUsage marks what is wrong with the command line itself.
var errUsage = errors.New("usage")

// usageError is an error of the command line; its text is err's.
type usageError struct{ err error }

func (e usageError) Error() string   { return e.err.Error() }
func (e usageError) Unwrap() []error { return []error{e.err, errUsage} }

// usage marks err as an error of the command line; nil stays nil.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// exitCode is the one table from errors to exit codes.
func exitCode(err error) int {
	for _, row := range []struct {
		kind error
		code int
	}{
		{errUsage, exitInput},
		{fs.ErrNotExist, exitInput}, // a path that the person named
		{strict.ErrInput, exitInput},
		{report.ErrPlan, exitInput},
		{report.ErrNotEmpty, exitInput},
		{report.ErrUnknown, exitInput},
		{example.ErrNotEmpty, exitInput},
		{example.ErrOptions, exitInput},
		{merit.ErrBase, exitInput},
		{merit.ErrWeightless, exitInput},
		{errAsked, exitInput},
		{engine.ErrZones, exitInput},
		{rdb.ErrURL, exitInput},
		{simulations.ErrParts, exitInput},
		{simulations.ErrBundle, exitInput},
		{queue.ErrURL, exitInput},
		{simulations.ErrCheck, exitBreach},
		{errDenied, exitBreach},
		{errBooks, exitBreach},
		{errFeed, exitBreach},
		{errDoubt, exitBreach},
		{engine.ErrStage, exitBreach},
		{engine.ErrChain, exitBreach},
		{engine.ErrBreach, exitBreach},
		{report.ErrBreach, exitBreach},
		{errInputChanged, exitBreach},
		{apportion.ErrUncertified, exitBreach},
		{quota.ErrInfeasible, exitInfeasible},
		{merit.ErrInfeasible, exitInfeasible},
		{apportion.ErrInfeasible, exitInfeasible},
	} {
		if errors.Is(err, row.kind) && !errors.Is(err, engine.ErrUnsound) {
			return row.code
		}
	}
	return exitFailed
}
