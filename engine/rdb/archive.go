package rdb

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine"
)

// archived is one line of an archive: an event, chained to the line before.
type archived struct {
	Prev  string          `json:"prev"` // Hash of the line before, "" for the first
	Hash  string          `json:"hash"` // SHA-256 of Prev and Event
	Event json.RawMessage `json:"event"`
}

// digest returns the hash that the line should have.
func (a *archived) digest() string {
	sum := sha256.Sum256(append([]byte(a.Prev), a.Event...))
	return hex.EncodeToString(sum[:])
}

// archive is a scope's events in files of one folder, "<gen>-<seq>.jsonl" by the first in each:
// what outlives both the stream and the server.
type archive struct {
	folder string
	file   *os.File
	size   int64
	last   engine.EventID
	hash   string
}

// fileSize is the size from which on an archive begins another file, bytes.
const fileSize = 64 << 20

// archiveFolder returns where a scope's events lie below the archive's root.
func archiveFolder(root string, s engine.Scope) string {
	return filepath.Join(root, safeName(s.City), safeName(s.Sector))
}

// safeName returns an ID as the name of a folder, which can't lead elsewhere.
func safeName(id string) string {
	return strings.ReplaceAll(url.PathEscape(id), ".", "%2E")
}

// openArchive opens a scope's archive for writing at its end. Half a line, as a crash leaves it, is
// cut off.
func openArchive(root string, s engine.Scope) (*archive, error) {
	a := &archive{folder: archiveFolder(root, s)}
	if err := os.MkdirAll(a.folder, 0o700); err != nil {
		return nil, err
	}
	files, err := archiveFiles(a.folder)
	if err != nil || len(files) == 0 {
		return a, err
	}
	if a.file, err = os.OpenFile(files[len(files)-1], os.O_RDWR, 0o600); err != nil {
		return nil, err
	}
	err = readLines(a.file, nil, func(line archived, e engine.Event) error {
		a.last, a.hash = e.ID, line.Hash
		return nil
	})
	var cut *cutError
	if errors.As(err, &cut) {
		err = a.file.Truncate(cut.at)
	}
	if err == nil {
		a.size, err = a.file.Seek(0, io.SeekEnd)
	}
	if err != nil {
		_ = a.file.Close()
		return nil, fmt.Errorf("archive %s: %w", a.file.Name(), err)
	}
	return a, nil
}

// archiveFiles returns an archive's files, oldest first.
func archiveFiles(folder string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(globSafe(folder), "*.jsonl"))
	slices.SortFunc(files, func(a, b string) int {
		switch x, y := firstEvent(a), firstEvent(b); {
		case x.After(y):
			return 1
		case y.After(x):
			return -1
		}
		return 0
	})
	return files, err
}

// globSafe escapes what Glob reads as a pattern.
func globSafe(path string) string {
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `*`, `\*`, `?`, `\?`).Replace(path)
}

// firstEvent returns the event that a file's name says it begins with.
func firstEvent(path string) engine.EventID {
	id, _ := engine.ParseEventID(strings.TrimSuffix(filepath.Base(path), ".jsonl"))
	return id
}

// add writes events after the last one and returns when they are on disk. Those that it has already
// are passed over.
func (a *archive) add(events []engine.Event) error {
	var text bytes.Buffer
	last, hash := a.last, a.hash
	for i := range events {
		if !events[i].ID.After(last) {
			continue
		}
		data, err := json.Marshal(events[i])
		if err != nil {
			return fmt.Errorf("archive event %s: %w", events[i].ID, err)
		}
		line := archived{Prev: hash, Event: data}
		line.Hash = line.digest()
		if data, err = json.Marshal(line); err != nil {
			return fmt.Errorf("archive event %s: %w", events[i].ID, err)
		}
		text.Write(data)
		text.WriteByte('\n')
		last, hash = events[i].ID, line.Hash
	}
	if text.Len() == 0 {
		return nil
	}
	if err := a.roll(events[0].ID); err != nil {
		return err
	}
	if _, err := a.file.Write(text.Bytes()); err != nil {
		return errors.Join(err, a.file.Truncate(a.size))
	}
	if err := a.file.Sync(); err != nil {
		return err
	}
	a.size += int64(text.Len())
	a.last, a.hash = last, hash
	return nil
}

// roll begins another file where there is none or the last is large.
func (a *archive) roll(first engine.EventID) error {
	if a.file != nil && a.size < fileSize {
		return nil
	}
	name := filepath.Join(a.folder, first.String()+".jsonl")
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	err = a.close()
	a.file, a.size = file, 0
	return err
}

func (a *archive) close() error {
	if a.file == nil {
		return nil
	}
	return a.file.Close()
}

// cutError says that a file ends in half a line.
type cutError struct{ at int64 }

func (e *cutError) Error() string { return fmt.Sprintf("cut off in the line at byte %d", e.at) }

// readLines calls each with every line, after it has checked that it follows the one before; prev
// is what the first follows, nil where that isn't known.
func readLines(r io.Reader, prev *string, each func(archived, engine.Event) error) error {
	in := bufio.NewReaderSize(r, 1<<20)
	var at int64
	for {
		text, err := in.ReadBytes('\n')
		if err == io.EOF {
			if len(text) > 0 {
				return &cutError{at}
			}
			return nil
		}
		if err != nil {
			return err
		}
		var line archived
		var e engine.Event
		if err := json.Unmarshal(text, &line); err != nil {
			return fmt.Errorf("%w: byte %d: %w", engine.ErrChain, at, err)
		}
		if line.Hash != line.digest() || prev != nil && line.Prev != *prev {
			return fmt.Errorf("%w: the line at byte %d was changed or does not follow", engine.ErrChain, at)
		}
		if err := json.Unmarshal(line.Event, &e); err != nil {
			return fmt.Errorf("%w: byte %d: %w", engine.ErrChain, at, err)
		}
		if err := each(line, e); err != nil {
			return err
		}
		prev, at = &line.Hash, at+int64(len(text))
	}
}

// ReadArchive calls each with a scope's archived events after an ID, in order, and checks that the
// files hold together: a changed, missing or reordered line gives engine.ErrChain. Half a line at
// the end, as a crash leaves it, is passed over. root is the folder of Options.Archive; where it
// has nothing of the scope there are no events.
func ReadArchive(
	root string, s engine.Scope, after engine.EventID, each func(engine.Event) error,
) error {
	files, err := archiveFiles(archiveFolder(root, s))
	if err != nil {
		return fmt.Errorf("archive of %s: %w", s, err)
	}
	first := 0
	for i := range files {
		if !firstEvent(files[i]).After(after) {
			first = i
		}
	}
	var prev *string
	if first == 0 {
		prev = new(string)
	}
	for _, name := range files[first:] {
		if prev, err = readFile(name, prev, after, each); err != nil {
			return fmt.Errorf("archive %s: %w", name, err)
		}
	}
	return nil
}

// readFile reads one file and returns the hash of its last line.
func readFile(name string, prev *string, after engine.EventID, each func(engine.Event) error,
) (*string, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	err = readLines(file, prev, func(line archived, e engine.Event) error {
		prev = &line.Hash
		if !e.ID.After(after) {
			return nil
		}
		return each(e)
	})
	var cut *cutError
	if errors.As(err, &cut) {
		err = nil
	}
	return prev, err
}
