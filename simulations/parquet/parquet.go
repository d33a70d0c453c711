// Package parquet writes the requests of a replication as an Apache Parquet file, for those who
// look into a simulation with tools of their own. It alone imports parquet-go.
package parquet

import (
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"

	"github.com/stint-city/stint/simulations"
)

// row is a request as a row.
type row struct {
	At       int64    `parquet:"at_ms"`
	Counted  bool     `parquet:"counted"`
	From     string   `parquet:"from_cell,dict"`
	To       string   `parquet:"to_cell,dict"`
	Outcome  string   `parquet:"outcome,dict"`
	Operator *string  `parquet:"operator,optional,dict"`
	Walk     *float64 `parquet:"walk_m,optional"`
	Seconds  *float64 `parquet:"ride_s,optional"`
	Fare     *float64 `parquet:"fare,optional"`
}

// together is how many rows are handed over at once.
const together = 4096

// Writer writes requests. Close ends the file; what was written before an error is no file.
type Writer struct {
	to   *parquet.GenericWriter[row]
	rows []row
}

// New returns a writer. What is the same is written as the same bytes.
func New(w io.Writer, policy string, replication int, seed uint64) *Writer {
	return &Writer{to: parquet.NewGenericWriter[row](w,
		parquet.Compression(&parquet.Zstd), parquet.CreatedBy("stint", "", ""),
		parquet.KeyValueMetadata("policy", policy),
		parquet.KeyValueMetadata("replication", fmt.Sprint(replication)),
		parquet.KeyValueMetadata("seed", fmt.Sprint(seed)),
	)}
}

// Add writes a request.
func (w *Writer) Add(r simulations.Request) error {
	x := row{
		At: r.At, Counted: r.Counted, From: r.From.String(), To: r.To.String(), Outcome: r.Outcome,
	}
	if r.Operator != "" {
		operator, walk, seconds, fare := r.Operator, r.Walk, r.Seconds, r.Fare
		x.Operator, x.Walk, x.Seconds, x.Fare = &operator, &walk, &seconds, &fare
	}
	if w.rows = append(w.rows, x); len(w.rows) == together {
		return w.flush()
	}
	return nil
}

// flush hands over the rows that wait.
func (w *Writer) flush() error {
	_, err := w.to.Write(w.rows)
	w.rows = w.rows[:0]
	if err != nil {
		return fmt.Errorf("write parquet: %w", err)
	}
	return nil
}

// Close ends the file.
func (w *Writer) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.to.Close(); err != nil {
		return fmt.Errorf("write parquet: %w", err)
	}
	return nil
}
