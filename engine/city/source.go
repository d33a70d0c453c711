package city

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
)

// source is a file on its way in: unpacked where it is gzip, without a byte order mark, hashed and
// counted while its bytes go by, so that no file is read twice and none is held.
type source struct {
	name string // relative to the data folder, forward slashes
	raw  tap
	body io.Reader
	err  error // the first of reading or unpacking, other than io.EOF
	text encoding
}

// openSource opens a file of the data folder. progress, which may be nil, hears of raw bytes read.
func openSource(
	ctx context.Context, root fs.FS, name string, progress func(done, total int64),
) (*source, io.Closer, error) {
	info, err := fs.Stat(root, name) // before opening: a pipe would wait for a writer
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		return nil, nil, err
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return newSource(ctx, name, file, info.Size(), progress), file, nil
}

// newSource reads from r, which holds size raw bytes.
func newSource(
	ctx context.Context, name string, r io.Reader, size int64, progress func(done, total int64),
) *source {
	s := &source{name: name}
	s.raw = tap{ctx: ctx, from: r, sum: sha256.New(), size: size, progress: progress}
	plain := bufio.NewReaderSize(&s.raw, 64<<10)
	s.body = plain
	// By content, not by name: what is packed is often renamed.
	if magic, _ := plain.Peek(2); string(magic) == "\x1f\x8b" {
		packed, err := gzip.NewReader(plain)
		if err != nil {
			s.err = err
			return s
		}
		s.body = bufio.NewReaderSize(packed, 64<<10)
	}
	s.skipMark()
	return s
}

// skipMark skips a UTF-8 byte order mark.
func (s *source) skipMark() {
	r := s.body.(*bufio.Reader)
	if mark, _ := r.Peek(3); string(mark) == "\ufeff" {
		_, s.err = r.Discard(3)
	}
}

// Read gives unpacked bytes and remembers the first error, whatever a decoder makes of it.
func (s *source) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.body.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	if wrong := s.text.check(p[:n]); wrong != nil {
		s.err = wrong
		return 0, wrong
	}
	return n, err
}

// finish reads what a decoder left over and returns what the plan keeps of the file.
func (s *source) finish(role string) (engine.Input, error) {
	if _, err := io.Copy(io.Discard, s); err != nil {
		return engine.Input{}, err
	}
	if _, err := io.Copy(io.Discard, &s.raw); err != nil {
		return engine.Input{}, err
	}
	return engine.Input{
		Role: role, Path: s.name,
		SHA256: hex.EncodeToString(s.raw.sum.Sum(nil)), Bytes: s.raw.done,
	}, nil
}

// fault says what kept the file from being read to its end; nil when nothing did. The context's
// error comes back as it is: the file is not to blame.
func (s *source) fault() error {
	switch {
	case s.err == nil:
		return nil
	case errors.Is(s.err, context.Canceled), errors.Is(s.err, context.DeadlineExceeded):
		return s.err
	case errors.Is(s.err, errEncoding):
		return strict.FaultAt(s.name, s.text.at, "city.not-utf8")
	case errors.Is(s.err, io.ErrUnexpectedEOF), errors.Is(s.err, io.EOF):
		return strict.FaultAt(s.name, strict.Position{}, "city.truncated", "bytes", s.raw.done)
	case errors.Is(s.err, gzip.ErrHeader), errors.Is(s.err, gzip.ErrChecksum):
		return strict.FaultFrom(s.err, s.name, strict.Position{}, "city.damaged")
	default:
		return strict.FaultFrom(s.err, "", strict.Position{}, "input.unreadable-file", "file", s.name)
	}
}

// tap hashes and counts the raw bytes that pass.
type tap struct {
	ctx        context.Context
	from       io.Reader
	sum        hash.Hash
	done, size int64
	told       int64 // bytes at the last progress
	progress   func(done, total int64)
}

// Read passes bytes on and stops when the context ends.
func (t *tap) Read(p []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := t.from.Read(p)
	t.sum.Write(p[:n])
	t.done += int64(n)
	const every = 1 << 20
	if t.progress != nil && (t.done-t.told >= every || err != nil) {
		t.told = t.done
		t.progress(t.done, max(t.done, t.size))
	}
	return n, err
}

// readAll returns all of a small file, the city file; one that is too large is refused by Parse.
func readAll(src *source) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(src, maxCityFile+1))
	if err != nil {
		return nil, src.fault()
	}
	return text, nil
}
