package report

import "errors"

var (
	// ErrNotEmpty means that the folder for a plan exists and holds something.
	ErrNotEmpty = errors.New("the folder is not empty")
	// ErrPlan means that a file is no plan.json that this version can read.
	ErrPlan = errors.New("not a readable plan")
	// ErrUnknown means that a plan has no such sector, cell or operator.
	ErrUnknown = errors.New("not in the plan")
	// ErrBreach is wrapped by every Breach: the folder does not hold what its plan says.
	ErrBreach = errors.New("the folder breaks with its plan")
)
