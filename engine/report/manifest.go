package report

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// Manifest lists the other files of a plan folder.
type Manifest struct {
	Schema   int       `json:"schema"`
	Plan     string    `json:"plan"`     // the plan's ID
	Language lang.Tag  `json:"language"` // of the page
	Files    []FileSum `json:"files"`    // in the order in which they were written
}

// FileSum is the hash and the size of one file.
type FileSum struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// manifest returns the manifest of a plan's folder, without files as yet.
func manifest(p *engine.Plan, tag lang.Tag) Manifest {
	return Manifest{Schema: manifestSchema, Plan: p.ID, Language: tag}
}

// write writes m as indented JSON.
func (m Manifest) write(w io.Writer) error {
	return writeJSON(w, m)
}

// writeJSON writes v indented, with texts as they are.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// writeFile writes and syncs one file of the folder, and returns its sum.
func writeFile(ctx context.Context, folder string, f file) (FileSum, error) {
	path := filepath.Join(folder, f.name)
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return FileSum{}, err
	}
	sum := &summer{ctx: ctx, out: out, hash: sha256.New()}
	buffer := bufio.NewWriterSize(sum, 1<<16)
	err = f.write(buffer)
	if err == nil {
		err = buffer.Flush()
	}
	if err == nil {
		err = out.Sync()
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return FileSum{}, err
	}
	return FileSum{f.name, hex.EncodeToString(sum.hash.Sum(nil)), sum.bytes}, nil
}

// summer hashes and counts what passes through, until its context ends.
type summer struct {
	ctx   context.Context
	out   io.Writer
	hash  hash.Hash
	bytes int64
}

// Write passes p on.
func (s *summer) Write(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.out.Write(p)
	s.hash.Write(p[:n])
	s.bytes += int64(n)
	return n, err
}
