package report

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// written puts the fixture's folder into a temporary place and returns its path.
func written(t testing.TB, p *engine.Plan, tag lang.Tag, zones ...engine.Zone) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "plan")
	if err := Write(context.Background(), dir, p, tag, zones...); err != nil {
		t.Fatal(err)
	}
	return dir
}

// contentsOf returns the bytes of every file in a folder, by name.
func contentsOf(t testing.TB, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(data)
	}
	return files
}

func TestWriteGivesTheSameBytesAgain(t *testing.T) {
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		first := written(t, fixture(t, 6), tag)
		want := contentsOf(t, first)
		if len(want) != 8 {
			t.Fatalf("the folder has %d files, want 8", len(want))
		}
		if diff := cmp.Diff(want, contentsOf(t, written(t, fixture(t, 6), tag))); diff != "" {
			t.Errorf("%s: written twice (-first +second):\n%s", tag, diff)
		}
		again, err := Read(first)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, contentsOf(t, written(t, again, tag))); diff != "" {
			t.Errorf("%s: made again from plan.json (-first +again):\n%s", tag, diff)
		}
	}
}

// TestRender leaves the fixture's folders where STINT_RENDER names a place, to look at the page.
func TestRender(t *testing.T) {
	out := os.Getenv("STINT_RENDER")
	if out == "" {
		t.Skip("set STINT_RENDER to a folder to have the fixture's plan folders written there")
	}
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		dir := filepath.Join(out, string(tag))
		if err := Write(context.Background(), dir, fixture(t, 12), tag); err != nil {
			t.Fatal(err)
		}
	}
}

func TestVacant(t *testing.T) {
	root := t.TempDir()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Mkdir(filepath.Join(root, "empty"), 0o755))
	must(os.Mkdir(filepath.Join(root, "full"), 0o755))
	must(os.WriteFile(filepath.Join(root, "full", "notes.txt"), nil, 0o644))
	must(os.WriteFile(filepath.Join(root, "file"), nil, 0o644))
	tests := map[string]struct {
		dir      string
		want     error // wrapped; nil = vacant
		anyError bool
	}{
		"a place where nothing is":           {dir: "new"},
		"a place below folders not made yet": {dir: "a/b/c"},
		"an empty folder":                    {dir: "empty"},
		"a folder with a file in it":         {dir: "full", want: ErrNotEmpty},
		"a file":                             {dir: "file", anyError: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(root, tt.dir)
			err := Vacant(dir)
			if refused := tt.want != nil || tt.anyError; (err != nil) != refused {
				t.Fatalf("Vacant = %v, want an error: %v", err, refused)
			}
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Fatalf("Vacant = %v, want %v", err, tt.want)
			}
			written := Write(context.Background(), dir, fixture(t, 2), lang.English)
			if (written != nil) != (err != nil) {
				t.Errorf("Write = %v after Vacant = %v", written, err)
			}
		})
	}
	if got := contentsOf(t, filepath.Join(root, "full")); len(got) != 1 {
		t.Errorf("a folder in use now holds %d files, want its own 1", len(got))
	}
}

func TestWriteFollowsALinkToAnEmptyFolder(t *testing.T) {
	root := t.TempDir()
	real, link := filepath.Join(root, "real"), filepath.Join(root, "link")
	if err := errors.Join(os.Mkdir(real, 0o755), os.Symlink(real, link)); err != nil {
		t.Fatal(err)
	}
	if err := Write(context.Background(), link, fixture(t, 2), lang.English); err != nil {
		t.Fatal(err)
	}
	if got := len(contentsOf(t, real)); got != 8 {
		t.Errorf("the folder behind the link holds %d files, want 8", got)
	}
}

// ending is a context that ends after it was asked so many times.
type ending struct {
	context.Context
	left int
}

func (e *ending) Err() error {
	if e.left--; e.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestWriteLeavesNothingWhenItIsCancelled(t *testing.T) {
	p := fixture(t, 5)
	for asked := range 200 {
		root := t.TempDir()
		ctx := &ending{context.Background(), asked}
		err := Write(ctx, filepath.Join(root, "city", "spring"), p, lang.English)
		if err == nil {
			if asked < 8 {
				t.Errorf("a context that ends when asked %d times stopped nothing", asked)
			}
			return
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("asked %d times: %v, want it to wrap context.Canceled", asked, err)
		}
		left, _ := os.ReadDir(root)
		if len(left) != 0 {
			t.Fatalf("asked %d times: %s is left", asked, left[0].Name())
		}
	}
	t.Error("Write never got through")
}

func TestWriteLeavesNothingWhenThePlaceCannotBeMade(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "file"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "file", "plan")
	err := Write(context.Background(), dir, fixture(t, 2), lang.English)
	if err == nil {
		t.Fatal("a folder below a file was written")
	}
	if got := contentsOf(t, root); len(got) != 1 || got["file"] != "x" {
		t.Errorf("left behind: %v", got)
	}
}
