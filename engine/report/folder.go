package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// The files of a plan folder.
const (
	PlanFile       = "plan.json"
	QuotasFile     = "quotas.csv"
	CellsFile      = "cells.csv"
	MapFile        = "cells.geojson"
	ZonesFile      = "zones.geojson" // where the plan has zones
	ScoresFile     = "scorecards.json"
	ScoresCSVFile  = "scorecards.csv"
	PageFile       = "report.html"
	ManifestFile   = "manifest.json"
	folderMode     = 0o777 // before the umask, as mkdir has it
	fileMode       = 0o666
	manifestSchema = 1
)

// file is one file of the folder and what writes it.
type file struct {
	name  string
	write func(w io.Writer) error
}

// Vacant returns nil where a plan folder can be put at dir: nothing is there, or an empty folder.
// Otherwise the error wraps ErrNotEmpty, or says why dir can't be read.
func Vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.Is(err, syscall.ENOTDIR):
		return lang.E(ErrNotEmpty, "folder.not-a-folder", "folder", dir)
	case err != nil:
		return lang.E(err, "folder.unreadable", "folder", dir)
	case len(entries) > 0:
		return lang.E(ErrNotEmpty, "folder.not-empty", "folder", dir, "file", entries[0].Name())
	}
	return nil
}

// Write puts the folder of p at dir, with the page in the language tag. The files are written and
// synced in a hidden folder beside dir, which is then renamed; on any failure, and when ctx ends
// first, nothing is left. dir must be Vacant, and the zones those that p was made with: the
// snapshot's. Write seals p.
func Write(
	ctx context.Context, dir string, p *engine.Plan, tag lang.Tag, zones ...engine.Zone,
) error {
	if err := Vacant(dir); err != nil {
		return err
	}
	if err := matching(p, zones); err != nil {
		return err
	}
	files, err := contents(p, tag, zones)
	if err != nil {
		return err
	}
	target, err := resolve(dir)
	if err != nil {
		return fmt.Errorf("write plan folder %s: %w", dir, err)
	}
	made, err := makeParents(filepath.Dir(target))
	if err == nil {
		err = place(ctx, target, files, manifest(p, tag))
	}
	if err == nil {
		return nil
	}
	for _, parent := range made {
		_ = os.Remove(parent) // innermost first; what others have put there stays
	}
	if errors.Is(err, fs.ErrExist) { // somebody was faster
		return lang.E(ErrNotEmpty, "folder.taken", "folder", dir)
	}
	return fmt.Errorf("write plan folder %s: %w", dir, err)
}

// contents returns every file but the manifest, in the order in which they are written.
func contents(p *engine.Plan, tag lang.Tag, zones []engine.Zone) ([]file, error) {
	sealed, err := p.Seal()
	if err != nil {
		return nil, err
	}
	view, err := reread(p)
	if err != nil {
		return nil, err
	}
	files := []file{
		{PlanFile, func(w io.Writer) error { _, err := w.Write(sealed); return err }},
		{QuotasFile, quotasTable(view).write},
		{CellsFile, cellsTable(view).write},
		{MapFile, func(w io.Writer) error { return writeMap(w, view) }},
		{ScoresFile, func(w io.Writer) error { return writeScores(w, view) }},
		{ScoresCSVFile, scoresTable(view).write},
		{PageFile, func(w io.Writer) error { return writePage(w, view, tag) }},
	}
	if p.Zones != "" {
		files = append(files, zonesFile(zones))
	}
	return files, nil
}

// resolve returns the absolute path of dir; where dir is a link to a folder, that folder's.
func resolve(dir string) (string, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	return real, err
}

// makeParents makes the folder and what is missing above it; made lists the new ones, innermost
// first.
func makeParents(folder string) (made []string, err error) {
	for at := folder; ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		made = append(made, at)
	}
	return made, os.MkdirAll(folder, folderMode)
}

// place writes the files aside and renames their folder to target.
func place(ctx context.Context, target string, files []file, m Manifest) (err error) {
	parent := filepath.Dir(target)
	aside, err := os.MkdirTemp(parent, "."+filepath.Base(target)+".*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(aside)) }()
	folder := filepath.Join(aside, filepath.Base(target)) // with the mode of an ordinary folder
	if err := os.Mkdir(folder, folderMode); err != nil {
		return err
	}
	if err := fill(ctx, folder, files, m); err != nil {
		return err
	}
	if err := syncFolder(folder); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := move(folder, target); err != nil {
		return err
	}
	if err := syncFolder(parent); err != nil {
		return errors.Join(err, os.RemoveAll(target))
	}
	return nil
}

// move renames folder to target. An empty folder that is there makes room, as rename(2) has it
// and os.Rename does not; it comes back if the renaming fails.
func move(folder, target string) error {
	old, err := os.Lstat(target)
	if err != nil || !old.IsDir() {
		return os.Rename(folder, target)
	}
	if err := os.Remove(target); err != nil {
		return err
	}
	if err := os.Rename(folder, target); err != nil {
		return errors.Join(err, os.Mkdir(target, old.Mode().Perm()))
	}
	return nil
}

// fill writes the files into the folder, and the manifest of them last.
func fill(ctx context.Context, folder string, files []file, m Manifest) error {
	for _, f := range files {
		sum, err := writeFile(ctx, folder, f)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		m.Files = append(m.Files, sum)
	}
	_, err := writeFile(ctx, folder, file{ManifestFile, m.write})
	return err
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
