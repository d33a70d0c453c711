package simulations

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/lang"
)

// ErrBundle means that bytes are no bundle, or that a study can't be made into one.
var ErrBundle = errors.New("no bundle of a study")

// bundleHead says where what is in a bundle. It is the first file, "bundle.json".
type bundleHead struct {
	Scenario string `json:"scenario"`
	Data     string `json:"data"` // folder; "" = the city file's own
}

// mostBundle bounds the files of a bundle, bytes in all.
const mostBundle = 1 << 30

// Bundle packs the scenario and every file its cities were read from, under their paths from the
// folder that holds them all, so that another machine can load the same study. The same files give
// the same bytes. A file that has changed since it was read gives ErrBundle.
func (s *Study) Bundle() ([]byte, error) {
	files, data, err := s.files()
	if err != nil {
		return nil, err
	}
	root := commonFolder(files, data)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	rel := func(file string) string {
		name, _ := filepath.Rel(root, file) // root is above every file
		return filepath.ToSlash(name)
	}
	head := bundleHead{Scenario: rel(files[0].path)}
	if data != "" {
		head.Data = rel(data)
	}
	text, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	if err := pack(w, "bundle.json", text); err != nil {
		return nil, err
	}
	total := 0
	for i, f := range files {
		text, err := s.Scenario.text, error(nil)
		if i > 0 {
			text, err = f.read()
		}
		if err != nil {
			return nil, err
		}
		if total += len(text); total > mostBundle {
			return nil, lang.E(ErrBundle, "sim-scale.bundle-large", "most", mostBundle>>20)
		}
		if err := pack(w, "files/"+rel(f.path), text); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// bundled is a file of a bundle.
type bundled struct{ path, sha256 string }

// read returns a file as it was when the study was loaded.
func (f bundled) read() ([]byte, error) {
	text, err := os.ReadFile(f.path)
	if err != nil {
		return nil, err
	}
	if fmt.Sprintf("%x", sha256.Sum256(text)) != f.sha256 {
		return nil, lang.E(ErrBundle, "sim-scale.bundle-changed", "file", f.path)
	}
	return text, nil
}

// files returns the absolute paths of the scenario, which is first, and of everything that was
// read, and of the data folder, "" for none.
func (s *Study) files() (files []bundled, data string, err error) {
	scenario, err := filepath.Abs(s.file)
	if err != nil {
		return nil, "", err
	}
	if s.data != "" {
		if data, err = filepath.Abs(s.data); err != nil {
			return nil, "", err
		}
	}
	files = append(files, bundled{scenario, s.Scenario.SHA256()})
	for p, w := range s.worlds {
		city := filepath.Join(filepath.Dir(scenario), s.Scenario.cityOf(p))
		root := data
		if root == "" {
			root = filepath.Dir(city)
		}
		for i, in := range w.bureau.snapshot.Inputs {
			f := bundled{filepath.Join(root, filepath.FromSlash(in.Path)), in.SHA256}
			if i == 0 {
				f.path = city // the first input is the city file itself, which may lie elsewhere
			}
			if !slices.Contains(files, f) {
				files = append(files, f)
			}
		}
	}
	for _, f := range s.past.files {
		if f.path, err = filepath.Abs(f.path); err != nil {
			return nil, "", err
		}
		files = append(files, f)
	}
	return files, data, nil
}

// cityOf returns the city file of a policy, from the scenario's folder.
func (s *Scenario) cityOf(p int) string {
	if name := s.Policies[p].City; name != "" {
		return name
	}
	return s.City
}

// commonFolder returns the deepest folder that holds every file and the data folder.
func commonFolder(files []bundled, data string) string {
	root := filepath.Dir(files[0].path)
	holds := func(file string) bool {
		rel, err := filepath.Rel(root, file)
		return err == nil && filepath.IsLocal(rel)
	}
	all := func() bool {
		return (data == "" || holds(data)) &&
			!slices.ContainsFunc(files, func(f bundled) bool { return !holds(f.path) })
	}
	for !all() && root != filepath.Dir(root) {
		root = filepath.Dir(root)
	}
	return root
}

// pack adds a file to an archive: no time, no owner.
func pack(w *tar.Writer, name string, text []byte) error {
	if err := w.WriteHeader(&tar.Header{
		Name: name, Mode: 0o644, Size: int64(len(text)), Format: tar.FormatPAX,
	}); err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	_, err := w.Write(text)
	return err
}

// LoadBundle unpacks a bundle into an empty folder and loads the study it was made of.
func LoadBundle(ctx context.Context, dir string, data []byte) (*Study, error) {
	head, err := unpack(dir, data)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, filepath.FromSlash(head.Scenario))
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBundle, err)
	}
	scenario, err := Parse(filepath.Base(file), text)
	if err != nil {
		return nil, err
	}
	folder := ""
	if head.Data != "" {
		folder = filepath.Join(dir, filepath.FromSlash(head.Data))
	}
	return Load(ctx, scenario, file, folder)
}

// unpack writes the files of a bundle below a folder and nowhere else.
func unpack(dir string, data []byte) (head bundleHead, err error) {
	bad := func(cause error) error {
		return lang.E(fmt.Errorf("%w: %w", ErrBundle, cause), "sim-scale.bundle-unreadable")
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return head, bad(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return head, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	r := tar.NewReader(io.LimitReader(z, mostBundle+mostBundle/8))
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return head, bad(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return head, bad(err)
		}
		name, file := strings.CutPrefix(h.Name, "files/")
		if !file {
			if h.Name != "bundle.json" || json.Unmarshal(text, &head) != nil {
				return head, bad(fs.ErrInvalid)
			}
			continue
		}
		if err := put(root, name, text); err != nil {
			return head, bad(err)
		}
	}
	if !filepath.IsLocal(head.Scenario) || head.Data != "" && !filepath.IsLocal(head.Data) {
		return head, bad(fs.ErrInvalid)
	}
	return head, nil
}

// put writes a file below a root.
func put(root *os.Root, name string, text []byte) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	return root.WriteFile(name, text, 0o644)
}
