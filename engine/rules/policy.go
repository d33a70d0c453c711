package rules

import (
	"cmp"
	"errors"
	"slices"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota/policy"
)

// maxFile is the largest file of rules, bytes.
const maxFile = 4 << 20

// Policy is a policy that was read and checked, with where each part of it stands.
type Policy struct {
	*policy.Program
	File string
	at   strict.Positions
}

// ReadPolicy reads a policy. name is what faults call the file. The error is the first fault of
// the file, a *strict.Fault.
func ReadPolicy(name string, data []byte) (*Policy, error) {
	p, faults := reviewPolicy(name, data)
	if len(faults) > 0 {
		return nil, faults[0]
	}
	return p, nil
}

// reviewPolicy returns the policy with all its faults, from the top of the file.
func reviewPolicy(name string, data []byte) (*Policy, []*strict.Fault) {
	var p policy.Policy
	at, err := strict.Decode(name, data, maxFile, &p)
	if fault := (*strict.Fault)(nil); errors.As(err, &fault) {
		return nil, []*strict.Fault{fault}
	}
	program, found := policy.Compile(&p)
	faults := make([]*strict.Fault, len(found))
	for i, f := range found {
		faults[i] = strict.FaultAt(name, at.Of(f.Path), "policy."+f.Code, withPath(f.Path, f.Args)...)
		if wrong := (*policy.ExprError)(nil); errors.As(f.Err, &wrong) {
			faults[i] = strict.FaultAt(name, at.Of(f.Path), "expr."+wrong.Code, withPath(f.Path,
				[]any{"text", wrong.Text, "at", wrong.Column, "got", wrong.Got, "want", wrong.Want})...)
		}
	}
	sortFaults(faults)
	return &Policy{program, name, at}, faults
}

func withPath(path string, args []any) []any {
	return append([]any{"key", path}, args...)
}

// sortFaults orders faults as their places stand in the file.
func sortFaults(faults []*strict.Fault) {
	slices.SortStableFunc(faults, func(a, b *strict.Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Finding is something lawful in a policy or table that a bureau should look at twice: what, why it
// matters, and how to mend it.
type Finding struct {
	File    string       `json:"file"`
	Line    int          `json:"line"`
	Column  int          `json:"column"`
	Path    string       `json:"path"`
	Code    string       `json:"code"`
	Message lang.Message `json:"-"`
}

// LintPolicy returns the faults of a policy, which make it unusable, and else its findings, from
// the top of the file.
func LintPolicy(name string, data []byte) ([]*strict.Fault, []Finding) {
	p, faults := reviewPolicy(name, data)
	if len(faults) > 0 {
		return faults, nil
	}
	var list []Finding
	for _, f := range p.Lint() {
		list = append(list, finding(name, p.at, f.Path, "lint."+f.Code, f.Args))
	}
	sortFindings(list)
	return nil, list
}

func finding(file string, at strict.Positions, path, id string, args []any) Finding {
	place := at.Of(path)
	return Finding{
		File: file, Line: place.Line, Column: place.Column, Path: path, Code: id,
		Message: lang.M(id, withPath(path, args)...),
	}
}

func sortFindings(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
