package simulations

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/example"
)

// A bundle makes the same study elsewhere: with the scenario beside the city, with data in a folder
// of their own, and with a second city for one policy. Packing again gives the same bytes.
func TestBundle(t *testing.T) {
	alone(t)
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "a"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, seed := range map[string]uint64{"a/town": 1, "b": 2} {
		o := example.Options{Seed: seed, Cells: 100, Weeks: 1}
		if err := example.Write(filepath.Join(root, name), o); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(root, "scenarios"), 0o755); err != nil {
		t.Fatal(err)
	}
	city, err := os.ReadFile(filepath.Join(root, "b", "city.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "scenarios", "b.yaml"), city, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ file, data, city, policy string }{
		"all in one folder":   {"a/town/s.yaml", "", "city.yaml", ""},
		"the city above":      {"a/s.yaml", "", "town/city.yaml", ""},
		"data elsewhere":      {"scenarios/s.yaml", "b", "b.yaml", ""},
		"a city for a policy": {"a/s.yaml", "", "town/city.yaml", ", city: ../b/city.yaml"},
	} {
		text := strings.Replace(small, "city.yaml", tt.city, 1)
		text = strings.Replace(text, "{id: fewer", "{id: fewer"+tt.policy, 1)
		s, err := Parse("s.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		file, data := filepath.Join(root, tt.file), ""
		if tt.data != "" {
			data = filepath.Join(root, tt.data)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		study, err := Load(t.Context(), s, file, data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		bundle, err := study.Bundle()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := LoadBundle(t.Context(), t.TempDir(), bundle)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(study.Job("x"), again.Job("x")); diff != "" {
			t.Errorf("%s: another study (-packed +unpacked):\n%s", name, diff)
		}
		if twice, err := again.Bundle(); err != nil || !bytes.Equal(bundle, twice) {
			t.Errorf("%s: packed again it has other bytes, %v", name, err)
		}
	}
}

func TestBundleHoldsWhatWasRead(t *testing.T) {
	study := madeStudy(t, small)
	file := filepath.Join(filepath.Dir(study.file), "city.yaml")
	if err := os.WriteFile(file, []byte("version: 1"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := study.Bundle(); !errors.Is(err, ErrBundle) {
		t.Errorf("a city file that changed: %v", err)
	}
}

// What isn't a bundle is refused, and nothing is written outside the folder.
func TestLoadBundleRefuses(t *testing.T) {
	archive := func(names ...string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		w := tar.NewWriter(z)
		for _, name := range names {
			if err := pack(w, name, []byte(`{"scenario":"s.yaml"}`)); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(w.Close(), z.Close()); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for name, data := range map[string][]byte{
		"nothing": nil, "no archive": []byte("PK"), "no head": archive("files/s.yaml"),
		"no scenario": archive("bundle.json"), "a strange file": archive("other.json"),
		"a way out":   archive("bundle.json", "files/../../s.yaml"),
		"a long way":  archive("bundle.json", "files//etc/s.yaml"),
		"cut short":   archive("bundle.json", "files/s.yaml")[:60],
		"only a root": archive("bundle.json", "files/."),
	} {
		dir := filepath.Join(t.TempDir(), "below")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadBundle(t.Context(), dir, data); !errors.Is(err, ErrBundle) {
			t.Errorf("%s: %v", name, err)
		}
		if beside, _ := os.ReadDir(filepath.Dir(dir)); len(beside) != 1 {
			t.Errorf("%s: wrote beside its folder", name)
		}
	}
}
