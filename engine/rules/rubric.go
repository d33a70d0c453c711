package rules

import (
	"errors"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/scoring/rubric"
)

// Rubric is a table of marks that was read and checked.
type Rubric struct {
	rubric.Rubric
	File string
	at   strict.Positions
}

// Sheets are what was measured of the operators, in all periods, by all assessors.
type Sheets struct {
	Period string         `json:"period,omitempty"` // name of the period that is scored
	Sheets []rubric.Sheet `json:"sheets"`

	file string
	at   strict.Positions
}

// ReadRubric reads a table of marks. The error is its first fault, a *strict.Fault.
func ReadRubric(name string, data []byte) (*Rubric, error) {
	r, faults := reviewRubric(name, data)
	if len(faults) > 0 {
		return nil, faults[0]
	}
	return r, nil
}

// reviewRubric returns the table with all its faults, from the top of the file.
func reviewRubric(name string, data []byte) (*Rubric, []*strict.Fault) {
	r := &Rubric{File: name}
	at, err := strict.Decode(name, data, maxFile, &r.Rubric)
	if fault := (*strict.Fault)(nil); errors.As(err, &fault) {
		return nil, []*strict.Fault{fault}
	}
	r.at = at
	var faults []*strict.Fault
	for _, f := range r.Check() {
		faults = append(faults, strict.FaultAt(name, at.Of(f.Path), "rubric."+f.Code,
			withPath(f.Path, f.Args)...))
	}
	sortFaults(faults)
	return r, faults
}

// LintRubric returns the faults of a table of marks, and else its findings, from the top.
func LintRubric(name string, data []byte) ([]*strict.Fault, []Finding) {
	r, faults := reviewRubric(name, data)
	if len(faults) > 0 {
		return faults, nil
	}
	var list []Finding
	for _, f := range r.Lint() {
		list = append(list, finding(name, r.at, f.Path, "mark."+f.Code, f.Args))
	}
	sortFindings(list)
	return nil, list
}

// ReadSheets reads sheets, in JSON or YAML. The error is a *strict.Fault.
func ReadSheets(name string, data []byte) (*Sheets, error) {
	s := &Sheets{file: name}
	var err error
	if s.at, err = strict.Decode(name, data, maxFile, s); err != nil {
		return nil, err
	}
	return s, nil
}

// Score carries the table out. A sheet that can't be scored is a *strict.Fault at its place.
func (r *Rubric) Score(s *Sheets) ([]rubric.Card, error) {
	cards, err := rubric.Evaluate(&r.Rubric, s.Sheets)
	wrong := (*rubric.SheetError)(nil)
	if !errors.As(err, &wrong) {
		return cards, err
	}
	path := "sheets"
	for i, x := range s.Sheets {
		if x.Operator == wrong.Operator && x.Period == wrong.Period && x.Assessor == wrong.Assessor {
			path = strict.ItemPath("sheets", i)
		}
	}
	if wrong.Indicator != "" && s.at.Has(path+".values."+wrong.Indicator) {
		path += ".values." + wrong.Indicator
	}
	return nil, strict.FaultAt(s.file, s.at.Of(path), "rubric."+wrong.Code,
		withPath(wrong.Operator, wrong.Args)...)
}
