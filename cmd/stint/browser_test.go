package main

import (
	"bytes"
	"context"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// browser returns a command of headless Chromium that reaches no network, or skips.
func browser(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path := os.Getenv("STINT_BROWSER")
	if path == "" {
		var err error
		if path, err = exec.LookPath("chromium"); err != nil {
			t.Skip("SKIP (loud): no chromium on PATH and no STINT_BROWSER: the report is not opened")
		}
	}
	fixed := []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--hide-scrollbars", "--enable-logging=stderr",
		"--user-data-dir=" + t.TempDir(), "--window-size=1200,1600",
	}
	return exec.CommandContext(t.Context(), path, append(fixed, args...)...)
}

// TestReportInABrowser opens the made city's report as an official would: it renders in both
// languages without a console message, draws something, and prints to several pages.
func TestReportInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("in the full run: a browser races with nothing of ours")
	}
	dir := t.TempDir()
	stint := func(args ...string) {
		t.Helper()
		var failed bytes.Buffer
		if code := run(context.Background(), streams{io.Discard, &failed}, args, os.Getenv); code != 0 {
			t.Fatalf("stint %s: exit %d\n%s", strings.Join(args, " "), code, &failed)
		}
	}
	city := filepath.Join(dir, "city")
	stint("example", city, "--cells", "100", "--weeks", "1")
	for tag, words := range map[string][]string{
		"en": {"Fleet plan of Lumen (made city)", "Carrying capacity", "no real place"},
		"zh": {"流明市（虚构）", "承载力", "并非真实地点"},
	} {
		t.Run(tag, func(t *testing.T) {
			plan := filepath.Join(dir, tag)
			stint("plan", city+"/city.yaml", "-o", plan, "--lang", tag)
			page := "file://" + plan + "/report.html"
			var log bytes.Buffer
			dump := browser(t, "--dump-dom", page)
			dump.Stderr = &log
			dom, err := dump.Output()
			if err != nil {
				t.Fatalf("open %s: %v\n%s", page, err, &log)
			}
			if strings.Contains(log.String(), "CONSOLE") {
				t.Errorf("the page complains on the console:\n%s", &log)
			}
			for _, word := range words {
				if !bytes.Contains(dom, []byte(word)) {
					t.Errorf("the page does not say %q", word)
				}
			}
			drawn(t, page, dir)
			printed(t, page, dir)
		})
	}
}

// drawn takes a picture of the page and fails if it has hardly any hues.
func drawn(t *testing.T, page, dir string) {
	t.Helper()
	shot := filepath.Join(dir, "shot.png")
	if out, err := browser(t, "--screenshot="+shot, page).CombinedOutput(); err != nil {
		t.Fatalf("screenshot: %v\n%s", err, out)
	}
	file, err := os.Open(shot)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	picture, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	colours := map[[3]uint32]bool{}
	for x := range picture.Bounds().Dx() {
		for y := range picture.Bounds().Dy() {
			r, g, b, _ := picture.At(x, y).RGBA()
			if max(r, g, b)-min(r, g, b) > 0x2000 { // smoothed text is grey
				colours[[3]uint32{r, g, b}] = true
			}
		}
	}
	const few = 10 // a page of text and links has fewer
	if len(colours) < few {
		t.Errorf("the page shows %d hues; charts and maps have at least %d", len(colours), few)
	}
}

// printed prints the page and fails unless it fills more than one sheet.
func printed(t *testing.T, page, dir string) {
	t.Helper()
	sheet := filepath.Join(dir, "report.pdf")
	if out, err := browser(t, "--print-to-pdf="+sheet, page).CombinedOutput(); err != nil {
		t.Fatalf("print: %v\n%s", err, out)
	}
	data, err := os.ReadFile(sheet)
	if err != nil {
		t.Fatal(err)
	}
	if pages := bytes.Count(data, []byte("/Type /Page\n")); pages < 2 {
		t.Errorf("the printed report has %d pages, want several", pages)
	}
}
