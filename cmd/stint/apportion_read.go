package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/stint-city/stint/engine/apportionfile"
	"github.com/stint-city/stint/engine/lang"
)

// inputs opens the files of a question and shows how far they are read.
type inputs struct {
	ctx context.Context //nolint:containedctx // ends what the readers made here read
	bar *progress
}

// input is one file being read, or standard input.
type input struct {
	io.Reader
	ctx               context.Context //nolint:containedctx // a Reader has no other way to know
	bar               *progress
	name              string
	done, told, total int64
	close             func() error
}

// open opens a file, or standard input for "-".
func (r inputs) open(path string) (*input, error) {
	in := &input{ctx: r.ctx, bar: r.bar, name: path, total: -1}
	if path == "-" {
		in.Reader, in.close = os.Stdin, func() error { return nil }
		return in, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, missing(path, err)
	}
	in.Reader, in.close = file, file.Close
	if info, err := file.Stat(); err == nil {
		if info.IsDir() {
			_ = file.Close() // read only
			return nil, usage(lang.E(nil, "apportion.folder", "file", path))
		}
		in.total = info.Size()
	}
	return in, nil
}

// Read reads on until the context ends, and tells of every mebibyte.
func (in *input) Read(b []byte) (int, error) {
	if err := in.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := in.Reader.Read(b)
	in.done += int64(n)
	if in.done-in.told >= 1<<20 {
		in.told = in.done
		in.bar.read(filepath.Base(in.name), in.done, in.total)
	}
	return n, err
}

// json reads a question in JSON.
func (r inputs) json(path string) (*apportionfile.Question, error) {
	in, err := r.open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.close() }() // read only
	data, err := io.ReadAll(io.LimitReader(in, apportionfile.MaxBytes+1))
	if err != nil {
		return nil, missing(path, err)
	}
	return apportionfile.ReadJSON(path, data)
}

// vector reads the claims on a total from CSV.
func (r inputs) vector(path string, total int) (*apportionfile.Question, error) {
	in, err := r.open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.close() }() // read only
	return apportionfile.ReadCSVVector(apportionfile.Table{Name: path, Data: in}, total)
}

// matrix reads a matrix and its totals from three files of CSV.
func (r inputs) matrix(entries, rows, cols string) (*apportionfile.Question, error) {
	var tables []apportionfile.Table
	piped := false
	for _, path := range []string{entries, rows, cols} {
		if path == "-" && piped {
			return nil, usage(lang.E(nil, "apportion.usage-stdin"))
		}
		piped = piped || path == "-"
		in, err := r.open(path)
		if err != nil {
			return nil, err
		}
		defer func() { _ = in.close() }() // read only
		tables = append(tables, apportionfile.Table{Name: path, Data: in})
	}
	return apportionfile.ReadCSV(tables[0], tables[1], tables[2])
}

// writeAside writes a file beside its place and renames it: a failure leaves what was there.
func writeAside(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return usage(lang.E(err, "apportion.unwritable", "file", path))
	}
	defer func() {
		if err != nil {
			_ = file.Close()           // a second Close harms nothing
			_ = os.Remove(file.Name()) // what is half done
		}
	}()
	if err = write(file); err != nil {
		return err
	}
	if err = file.Chmod(0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err = file.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err = os.Rename(file.Name(), path); err != nil {
		return usage(lang.E(err, "apportion.unwritable", "file", path))
	}
	return nil
}
