package live

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/observe"
)

// ErrJournal means that a file of the journal can't be read: somebody has changed it.
var ErrJournal = errors.New("the journal of what was observed can't be read")

// ErrFull means that the journal has as many bytes as it may: shorten a retention, or allow more.
var ErrFull = errors.New("the journal of what was observed is full")

// journal are the files of a folder.
type journal struct {
	dir   string
	most  int64 // bytes; 0 = no bound
	open  map[observe.Data]*segment
	files map[string]content // by path
}

// content is what a file has.
type content struct {
	items int // single facts
	bytes int64
}

// bytes is how much every file has together.
func (j *journal) bytes() int64 {
	sum := int64(0)
	for _, c := range j.files {
		sum += c.bytes
	}
	return sum
}

// grow notes that a file has a record more.
func (j *journal) grow(path string, items int, bytes int64) {
	c := j.files[path]
	j.files[path] = content{c.items + items, c.bytes + bytes}
}

// segment is the file that is written now.
type segment struct {
	path string
	file *os.File
	size int64
}

// hourForm names a file by the hour of arrival, UTC.
const (
	hourForm = "20060102T15"
	suffix   = ".jsonl"
)

// append writes a record to the file of its hour and waits until it is on disk. After an error,
// which is an engine.ErrUnavailable, the file is as before, as far as the disk allows.
func (j *journal) append(data observe.Data, r *record) error {
	line, err := json.Marshal(r)
	line = append(line, '\n')
	if err == nil && j.most > 0 && j.bytes()+int64(len(line)) > j.most {
		err = ErrFull
	}
	var s *segment
	if err == nil {
		name := time.UnixMilli(r.At).UTC().Format(hourForm) + suffix
		s, err = j.segment(data, filepath.Join(j.dir, string(data), name))
	}
	if err == nil {
		err = s.write(line)
	}
	if err != nil {
		return fmt.Errorf("write down what was observed: %w: %w", engine.ErrUnavailable, err)
	}
	j.grow(s.path, r.items(), int64(len(line)))
	return nil
}

// segment returns the file of a path, opened.
func (j *journal) segment(data observe.Data, path string) (*segment, error) {
	s := j.open[data]
	if s != nil && s.path == path {
		return s, nil
	}
	if s != nil {
		_ = s.file.Close() // every line of it is on disk
		delete(j.open, data)
	}
	s, err := openSegment(path)
	if err != nil {
		return nil, err
	}
	j.open[data] = s
	return s, nil
}

// openSegment opens a file to add lines to, and makes it and its folder where they aren't there.
func openSegment(path string) (*segment, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	at, err := file.Stat()
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &segment{path, file, at.Size()}, nil
}

// write adds a line.
func (s *segment) write(line []byte) error {
	_, err := s.file.Write(line)
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		return errors.Join(err, s.file.Truncate(s.size))
	}
	s.size += int64(len(line))
	return nil
}

// syncDir makes sure that a folder's names are on disk.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// close closes every file.
func (j *journal) close() error {
	var all error
	for _, data := range observe.Datas() {
		if s := j.open[data]; s != nil {
			all = errors.Join(all, s.file.Close())
		}
	}
	j.open = map[observe.Data]*segment{}
	return all
}

// list returns the files of a kind of data by their hour.
func (j *journal) list(data observe.Data) ([]string, error) {
	dir := filepath.Join(j.dir, string(data))
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []string
	for _, e := range entries {
		if _, ok := hourOf(e.Name()); ok && e.Type().IsRegular() {
			list = append(list, filepath.Join(dir, e.Name()))
		}
	}
	slices.Sort(list)
	return list, nil
}

// hourOf returns when the hour of a file begins.
func hourOf(path string) (time.Time, bool) {
	name, found := strings.CutSuffix(filepath.Base(path), suffix)
	at, err := time.Parse(hourForm, name)
	return at, found && err == nil
}

// mostLine bounds one line, bytes: the longest body that the API takes, written down, is shorter.
const mostLine = 64 << 20

// read calls each with every record of a file. A last line that was cut off by a crash was never
// acknowledged: it is taken off the file. A file that isn't there has no records.
func (j *journal) read(path string, each func(*record)) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // a truncation is repeated at the next start
	lines := bufio.NewReaderSize(file, 1<<16)
	at := int64(0)
	for n := 1; ; n++ {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			if len(line) > 0 {
				return file.Truncate(at)
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %s line %d: %w", ErrJournal, path, n, err)
		}
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			return fmt.Errorf("%w: %s line %d: %w", ErrJournal, path, n, err)
		}
		at += int64(len(line)) + 1
		j.grow(path, r.items(), int64(len(line))+1)
		each(&r)
	}
}

// errLine is what a line is that nobody here has written.
var errLine = errors.New("the line is too long")

// readLine returns a line without its end; with io.EOF what stands behind the last end.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return bytes.TrimSuffix(line, []byte("\n")), nil
		case len(line) > mostLine:
			return nil, errLine
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}

// replace writes records to a file in one step: after a crash it has the old ones or the new.
func replace(path string, records []record) error {
	temporary := path + ".new"
	file, err := os.OpenFile(temporary, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	encode := json.NewEncoder(w) // ends each with a new line
	for i := range records {
		if err == nil {
			err = encode.Encode(&records[i])
		}
	}
	if err = errors.Join(err, w.Flush(), file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}
