package simulations

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

// PartFolder is a part on disk: part.json says of what, inputs.tar.gz has the scenario and the
// files of its cities, and shares has a file for each block of replications and policy. Files come
// into being whole, so that whatever ends the run, what it had done stays.
type PartFolder struct {
	dir  string
	head partHead
	part *Part
}

// partHead is part.json.
type partHead struct {
	Job   Job    `json:"job"`
	Shard string `json:"shard,omitempty"` // "2/3"; none = gathered from several
}

const (
	partFile   = "part.json"
	inputsFile = "inputs.tar.gz"
	sharesDir  = "shares"
	mostHead   = 1 << 20 // bytes
)

// CreatePart makes the folder of a part with nothing in it yet; shard is "" for one that is
// gathered.
func CreatePart(dir string, j Job, shard string, bundle []byte) (*PartFolder, error) {
	if err := os.MkdirAll(filepath.Join(dir, sharesDir), 0o755); err != nil {
		return nil, err
	}
	f := &PartFolder{dir: dir, head: partHead{j, shard}, part: NewPart(j)}
	head, err := json.MarshalIndent(f.head, "", " ")
	if err != nil {
		return nil, err
	}
	if err := f.write(inputsFile, bundle); err != nil {
		return nil, err
	}
	return f, f.write(partFile, append(head, '\n')) // last: a folder with it has all it needs
}

// OpenPart reads a part from its folder. Errors are *strict.Faults that name the folder.
func OpenPart(dir string) (*PartFolder, error) {
	f := &PartFolder{dir: dir}
	data, err := os.ReadFile(filepath.Join(dir, partFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, strict.FaultFrom(err, dir, strict.Position{}, "sim-scale.no-part")
	}
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if len(data) > mostHead || d.Decode(&f.head) != nil || f.head.Job.Format != jobFormat {
		return nil, strict.FaultAt(dir, strict.Position{}, "sim-scale.head")
	}
	f.part = NewPart(f.head.Job)
	files, err := filepath.Glob(filepath.Join(dir, sharesDir, "*.json.gz"))
	if err != nil {
		return nil, err
	}
	for _, file := range files { // in byte order
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		share, err := DecodeShare(file, data, f.head.Job)
		if err != nil {
			return nil, err
		}
		if err := f.part.Add(share, dir); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Part returns what the folder holds.
func (f *PartFolder) Part() *Part { return f.part }

// Bundle returns the scenario and the files of its cities, as Study.Bundle packed them.
func (f *PartFolder) Bundle() ([]byte, error) {
	return os.ReadFile(filepath.Join(f.dir, inputsFile))
}

// Continues returns ErrParts unless a run of a shard of a job may go on in this folder.
func (f *PartFolder) Continues(j Job, shard Shard) error {
	if what := f.head.Job.Differs(j); what != "" {
		return lang.E(ErrParts, "sim-scale.resume-differs", "dir", f.dir, "what", lang.M(what))
	}
	if f.head.Shard != shard.String() {
		return lang.E(ErrParts, "sim-scale.resume-shard", "dir", f.dir, "got", shard.String(),
			"want", f.head.Shard)
	}
	return nil
}

// Put keeps a share.
func (f *PartFolder) Put(s Share) error {
	data, err := s.Encode(f.head.Job)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("r%06d-p%03d.json.gz", s.From, s.Policy)
	if err := f.write(filepath.Join(sharesDir, name), data); err != nil {
		return err
	}
	return f.part.Add(s, f.dir)
}

// PutAll keeps every share of a part.
func (f *PartFolder) PutAll(p *Part) error {
	for _, id := range p.ids() {
		if err := f.Put(p.shares[id].Share); err != nil {
			return err
		}
	}
	return nil
}

// write writes a file whole or not at all.
func (f *PartFolder) write(name string, data []byte) error {
	path := filepath.Join(f.dir, name)
	if err := os.WriteFile(path+".new", data, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// RunShard makes the replications of a shard that its folder doesn't hold yet. Progress hears how
// many are there of how many. If ctx ends, whole blocks stay in the folder, and a later run with
// the same folder goes on from there.
func (s *Study) RunShard(
	ctx context.Context, shard Shard, f *PartFolder, workers int, progress func(done, most int),
) error {
	mine, err := shard.Blocks(f.head.Job)
	if err != nil {
		return err
	}
	m := s.Maker()
	for i, from := range mine {
		if !f.part.has(from) {
			if err := m.blockInto(ctx, f, from, workers); err != nil {
				return err
			}
		}
		if progress != nil {
			progress(i+1, len(mine))
		}
	}
	return nil
}

// blockInto makes one block of every policy and keeps what the folder lacks of it.
func (m *Maker) blockInto(ctx context.Context, f *PartFolder, from, workers int) error {
	made, err := m.block(ctx, from, f.head.Job.End(from), workers)
	if err != nil {
		return err
	}
	for policy, tallies := range made {
		if _, there := f.part.shares[shareID{policy, from}]; there {
			continue
		}
		if err := f.Put(Share{policy, from, tallies}); err != nil {
			return err
		}
	}
	return nil
}
