package apportionfile

import (
	"fmt"
	"strconv"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota/apportion"
)

// Limits of a question. The solver's memory grows with the entries, and where many are tied with
// the pairs of rows in every column: 400 rows by 2,000 columns took 1.4 GB.
const (
	MaxBytes   = 256 << 20 // of a JSON file
	MaxRows    = 500
	MaxCols    = 1_000_000
	MaxEntries = 8_000_000
	MaxPairs   = 400_000_000 // rows times rows times columns
)

// maxRelaxed is how many entries a matrix may have that is relaxed without being asked: the way out
// of 4 million entries took a minute and a half.
const maxRelaxed = 200_000

// maxTotal is the largest total of a row and of a vector: what apportion takes.
const maxTotal = 1 << 40

// Weights are 0 or lie between these: what apportion takes.
const minWeight, maxWeight = 1e-100, 1e100

// Question is what a file asks for. Its slices have the lengths that apportion wants.
type Question struct {
	apportion.Problem

	// Vector says that one Total is divided among the columns of one row. RowTotals and ColTotals are
	// nil then.
	Vector bool
	Total  int

	Warnings []lang.Message // what was read and has no effect

	name string
	at   strict.Positions
	flat []string // matrices that were written as one row without brackets of its own
}

// Settings are what a command line says beside a file; nil leaves what the file says.
type Settings struct {
	Method     *string
	Tolerance  *float64
	LocalShare *float64
	TieSeed    *uint64
}

// Set takes settings over.
func (q *Question) Set(s Settings) {
	if s.Method != nil {
		q.Method = apportion.Method(*s.Method)
	}
	if s.Tolerance != nil {
		q.Tolerance = *s.Tolerance
	}
	if s.LocalShare != nil {
		q.LocalShare = *s.LocalShare
	}
	if s.TieSeed != nil {
		q.TieSeed, q.Ties = *s.TieSeed, true
	}
}

// fault is a fault at a key, or at a row of a matrix.
func (q *Question) fault(path, id string, args ...any) error {
	return strict.FaultAt(q.name, q.at.Of(path), id, args...)
}

// number names n rows or columns that have no IDs: "1", "2", ... of one length, so that byte order
// is their order.
func number(n int) []string {
	width := len(strconv.Itoa(n))
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%0*d", width, i+1)
	}
	return ids
}

// faultOf is the fault for what apportion refuses and check let pass.
func (q *Question) faultOf(err error) error {
	return strict.FaultFrom(err, q.name, strict.Position{}, "apportion.refused")
}
