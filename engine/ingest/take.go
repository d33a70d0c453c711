package ingest

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
)

// Limits on one delivery.
const (
	blockSize  = 256 << 10
	mostLine   = 64 << 10 // bytes of a row or object
	mostFaults = 100      // rows refused that are told one by one
	mostFields = 1000     // columns of a table
)

// block is a run of whole rows, with where it begins.
type block struct {
	data         []byte
	line, column int // from 1
}

// decoder reads blocks of one form. It is for one goroutine.
type decoder interface {
	// decode calls each with the values of every row of a block, or with what is wrong with it.
	// at is where a row, or the fault's column of it, lies in data.
	decode(b *block, each func(v *values, f *fault, at func(column) int))
}

// Take takes in a delivery. Rows that can't be read are refused and told; the others are taken, and
// the store hears of them at the next Flush. After an error, a *strict.Fault where the text is to
// blame, what was read before it is taken all the same: repeat the delivery.
func (d *Door) Take(
	ctx context.Context, delivery engine.Delivery, r io.Reader,
) (engine.Intake, error) {
	naming, err := namingOf(delivery.Columns)
	if err != nil {
		return engine.Intake{}, err
	}
	blocks := make(chan *block, d.config.Workers)
	free := make(chan []byte, 2*d.config.Workers+2)
	source := &source{
		ctx: ctx, r: &io.LimitedReader{R: r, N: d.config.Bytes + 1}, name: delivery.Name, line: 1,
		column: 1, free: free, blocks: blocks, most: d.config.Bytes,
	}
	var fresh func() decoder
	var split func() error
	if delivery.JSON {
		tree := treeOf(&naming)
		fresh = func() decoder { return newJSON(tree) }
		split = source.splitJSON
	} else {
		table, err := source.header(&naming)
		if err != nil {
			return engine.Intake{}, err
		}
		fresh = func() decoder { return newCSV(table) }
		split = source.splitLines
	}
	workers := make([]*worker, d.config.Workers)
	var group sync.WaitGroup
	for i := range workers {
		w := &worker{door: d, reader: d.reader(&delivery), decoder: fresh(), name: delivery.Name}
		workers[i] = w
		group.Go(func() {
			for b := range blocks {
				w.block(b)
				free <- b.data[:0]
			}
		})
	}
	err = split()
	close(blocks)
	group.Wait()
	return sum(workers), err
}

// worker decodes blocks and applies their rows.
type worker struct {
	door    *Door
	reader  *reader
	decoder decoder
	name    string
	intake  engine.Intake
	tally   tally
	faults  []*strict.Fault
}

func (w *worker) block(b *block) {
	now := w.door.now()
	var x row
	w.decoder.decode(b, func(v *values, f *fault, at func(column) int) {
		w.intake.Rows++
		if f == nil {
			f = w.reader.row(v, &x)
		}
		if f == nil {
			if !w.door.apply(&x, now, &w.tally) {
				return
			}
			f = &fault{id: "ingest.full"}
		}
		w.intake.Bad++
		if len(w.faults) == mostFaults {
			return
		}
		position := b.position(at(f.at))
		if f.id == "observe.csv-row" {
			w.faults = append(w.faults, strict.FaultAt(w.name, position, f.id))
			return
		}
		w.faults = append(w.faults, strict.FaultAt(w.name, position, f.id, "got", f.got))
	})
}

// position returns the line and column of a place in a block, the column in bytes from 1.
func (b *block) position(at int) strict.Position {
	line, column := b.line, b.column+at
	for i, c := range b.data[:at] {
		if c == '\n' {
			line, column = line+1, at-i
		}
	}
	return strict.At(line, column)
}

// sum adds up what the workers did.
func sum(workers []*worker) engine.Intake {
	var all engine.Intake
	var faults []*strict.Fault
	for _, w := range workers {
		all.Rows, all.Bad = all.Rows+w.intake.Rows, all.Bad+w.intake.Bad
		all.Held, all.Old = all.Held+w.tally.held, all.Old+w.tally.old
		all.Moved, all.Ahead = all.Moved+w.tally.moved, all.Ahead+w.tally.ahead
		all.Nowhere, all.Outside = all.Nowhere+w.tally.nowhere, all.Outside+w.tally.outside
		faults = append(faults, w.faults...)
	}
	slices.SortFunc(faults, func(a, b *strict.Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	for _, f := range faults[:min(len(faults), mostFaults)] {
		all.Faults = append(all.Faults, f)
	}
	return all
}

// source cuts a text into blocks.
type source struct {
	ctx          context.Context
	r            *io.LimitedReader
	most         int64
	name         string
	line, column int    // of what comes next
	rest         []byte // read, and in no block yet
	ended        bool   // nothing comes after rest
	free         <-chan []byte
	blocks       chan<- *block
}

// buffer returns room for a block.
func (s *source) buffer() []byte {
	select {
	case b := <-s.free:
		return b
	default:
		return make([]byte, 0, blockSize)
	}
}

// fill reads on until rest has a block's size, or the text ends.
func (s *source) fill() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	for !s.ended && len(s.rest) < blockSize {
		if cap(s.rest) < blockSize {
			s.rest = append(s.buffer(), s.rest...)
			continue
		}
		n, err := s.r.Read(s.rest[len(s.rest):blockSize])
		s.rest = s.rest[:len(s.rest)+n]
		switch {
		case s.r.N <= 0:
			return strict.FaultAt(s.name, strict.Position{}, "ingest.large", "bytes", s.most)
		case errors.Is(err, io.EOF):
			s.ended = true
		case err != nil:
			return strict.FaultFrom(err, s.name, strict.Position{}, "ingest.broken")
		}
	}
	return nil
}

// send sends the first n bytes of rest as a block; what follows them becomes rest.
func (s *source) send(n int) {
	b := &block{data: s.rest[:n], line: s.line, column: s.column}
	next := append(s.buffer(), s.rest[n:]...)
	s.skip(n)
	s.rest = next
	s.blocks <- b
}

// skip goes past the first n bytes of rest.
func (s *source) skip(n int) {
	for i := range n {
		if s.rest[i] == '\n' {
			s.line, s.column = s.line+1, 0
		}
		s.column++
	}
	s.rest = s.rest[n:]
}
