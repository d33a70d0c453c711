package report

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stint-city/stint/engine/lang"
)

// TestRender writes plan folders to look at where STINT_RENDER names a folder.
func TestRender(t *testing.T) {
	out := os.Getenv("STINT_RENDER")
	if out == "" {
		t.Skip("set STINT_RENDER to a folder to have the fixture's plan folders written there")
	}
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		if err := Write(context.Background(), filepath.Join(out, string(tag)), fixture(t, 12), tag); err != nil {
			t.Fatal(err)
		}
	}
}
