package example_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/example"
)

// ExampleWrite makes a city and lists its files.
func ExampleWrite() {
	parent, err := os.MkdirTemp("", "stint-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(parent)
	dir := filepath.Join(parent, "lumen")
	if err := example.Write(dir, example.Options{Cells: 120, Weeks: 1}); err != nil {
		fmt.Println(err)
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, entry := range entries {
		fmt.Println(entry.Name())
	}
	// Output:
	// README.md
	// availability.csv.gz
	// city.yaml
	// districts.geojson
	// fences.csv
	// no-parking.geojson
	// rides.csv.gz
	// sheets
	// station-square.geojson
	// underserved.geojson
}

// small is quick to make.
func small(seed uint64) example.Options {
	return example.Options{Seed: seed, Cells: 100, Weeks: 1, MaxRides: 2000}
}

// write makes a city in a new folder and returns it.
func write(t testing.TB, o example.Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "city")
	if err := example.Write(dir, o); err != nil {
		t.Fatal(err)
	}
	return dir
}

// contents reads a folder: file names to bytes.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestSameSeedSameBytes(t *testing.T) {
	first, second := contents(t, write(t, small(5))), contents(t, write(t, small(5)))
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("two cities of one seed differ:\n%.2000s", diff)
	}
}

func TestAnotherSeedIsAnotherCity(t *testing.T) {
	first, second := contents(t, write(t, small(5))), contents(t, write(t, small(6)))
	for name := range first {
		same := first[name] == second[name]
		// Zones and the operators' sheets are the story of the city, not drawn.
		told := strings.HasPrefix(name, "sheets/") || strings.HasSuffix(name, "parking.geojson") ||
			name == "station-square.geojson" || name == "underserved.geojson"
		if same && !told {
			t.Errorf("%s is the same for seeds 5 and 6", name)
		}
	}
}

func TestZippedFilesHoldNoTime(t *testing.T) {
	f, err := os.Open(filepath.Join(write(t, small(1)), "rides.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if !zip.ModTime.IsZero() || zip.Name != "" {
		t.Errorf("header holds %v %q, want nothing", zip.ModTime, zip.Name)
	}
}

// TestEverythingSaysThatItIsMade reads every file that can carry a label.
func TestEverythingSaysThatItIsMade(t *testing.T) {
	for name, text := range contents(t, write(t, small(1))) {
		if strings.Contains(name, ".csv") {
			continue // a table has no place for a label; the city file marks it as synthetic
		}
		for _, label := range []string{"Made by stint example", "并非真实"} {
			if !strings.Contains(text, label) {
				t.Errorf("%s does not say %q", name, label)
			}
		}
	}
}

func TestFolders(t *testing.T) {
	tests := map[string]struct {
		prepare func(dir string) error
		want    error
	}{
		"a folder that doesn't exist is made": {func(string) error { return nil }, nil},
		"an empty folder is filled": {func(dir string) error {
			return os.Mkdir(dir, 0o755)
		}, nil},
		"a folder with something in it is left alone": {func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(filepath.Join(dir, "x"), nil, 0o600))
		}, example.ErrNotEmpty},
		"a folder with a hidden file is not empty": {func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(filepath.Join(dir, ".x"), nil, 0o600))
		}, example.ErrNotEmpty},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "city")
			if err := tt.prepare(dir); err != nil {
				t.Fatal(err)
			}
			before := contents(t, parent)
			err := example.Write(dir, small(1))
			if !errors.Is(err, tt.want) {
				t.Fatalf("Write = %v, want %v", err, tt.want)
			}
			after := contents(t, parent)
			if tt.want != nil && !cmp.Equal(before, after) {
				t.Errorf("the folder changed:\n%s", cmp.Diff(before, after))
			}
			if tt.want == nil && after["city/city.yaml"] == "" {
				t.Errorf("no city file among %d files", len(after))
			}
		})
	}
}

func TestAnEmptyFolderStaysTheSameFolder(t *testing.T) {
	dir := t.TempDir()
	before, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := example.Write(dir, small(1)); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(dir)
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("the folder was replaced (%v): who stands in it would see nothing", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 10 {
		t.Errorf("%d entries (%v), want 10: nothing aside is left", len(entries), err)
	}
}

func TestFailuresLeaveNothing(t *testing.T) {
	parent := t.TempDir()
	if err := os.WriteFile(filepath.Join(parent, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{
		"the parent doesn't exist": filepath.Join(parent, "none", "city"),
		"it is a file":             filepath.Join(parent, "file"),
	} {
		t.Run(name, func(t *testing.T) {
			if err := example.Write(dir, small(1)); err == nil {
				t.Fatal("Write succeeded")
			}
			if files := contents(t, parent); len(files) != 1 {
				t.Errorf("%d files are left, want the one from before", len(files))
			}
		})
	}
}

func TestSizesOutOfRange(t *testing.T) {
	for name, o := range map[string]example.Options{
		"too few cells for six districts": {Cells: 99},
		"negative cells":                  {Cells: -1},
		"too many cells":                  {Cells: 100_001},
		"more operators than letters":     {Operators: 27},
		"half a year and a week":          {Weeks: 27},
		"hardly a ride":                   {MaxRides: 999},
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			err := example.Write(filepath.Join(parent, "city"), o)
			if !errors.Is(err, example.ErrOptions) {
				t.Errorf("Write = %v, want %v", err, example.ErrOptions)
			}
			if files, _ := os.ReadDir(parent); len(files) > 0 {
				t.Errorf("left %v", files)
			}
		})
	}
}

// BenchmarkWrite makes the city of the documentation, and one of a megacity's size with 300,000
// rides at most.
func BenchmarkWrite(b *testing.B) {
	for name, o := range map[string]example.Options{
		"cells=300/operators=3":   {},
		"cells=20000/operators=8": {Cells: 20_000, Operators: 8, MaxRides: 300_000},
	} {
		b.Run(name, func(b *testing.B) {
			parent := b.TempDir()
			for i := range b.N {
				if err := example.Write(filepath.Join(parent, fmt.Sprint(i)), o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
