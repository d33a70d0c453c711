package example

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
)

// file is an output that keeps its first error, so that a writer of thousands of rows reads
// straight down. The rows are built in row, which is reused.
type file struct {
	out *bufio.Writer
	err error
	row []byte
}

// create writes a new file, gzipped without a time if its name ends in .gz.
func create(path string, write func(*file)) error {
	disk, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	err = pour(disk, strings.HasSuffix(path, ".gz"), write)
	if closed := disk.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func pour(disk io.Writer, zipped bool, write func(*file)) error {
	if !zipped {
		f := &file{out: bufio.NewWriter(disk)}
		write(f)
		return f.flush()
	}
	zip := gzip.NewWriter(disk)
	f := &file{out: bufio.NewWriter(zip)}
	write(f)
	if err := f.flush(); err != nil {
		return err
	}
	return zip.Close()
}

func (f *file) flush() error {
	if f.err != nil {
		return f.err
	}
	return f.out.Flush()
}

// end writes the row and a line feed, and empties it.
func (f *file) end() {
	f.row = append(f.row, '\n')
	if f.err == nil {
		_, f.err = f.out.Write(f.row)
	}
	f.row = f.row[:0]
}

// keep remembers the first error.
func (f *file) keep(err error) {
	if f.err == nil {
		f.err = err
	}
}

// line writes a whole line.
func (f *file) line(text string) {
	f.row = append(f.row, text...)
	f.end()
}

// Write writes bytes as they are, for a template.
func (f *file) Write(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.out.Write(p)
	f.err = err
	return n, err
}
