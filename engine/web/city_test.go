package web

import "testing"

func TestAccepts(t *testing.T) {
	tests := map[string]bool{
		"gzip": true, "br, gzip": true, "gzip;q=0.5": true, "": false, "br": false,
		"gzip;q=0": false, "gzip; q=0.0": false, "xgzip": false,
	}
	for header, want := range tests {
		if got := accepts(header, "gzip"); got != want {
			t.Errorf("accepts(%q) = %v, want %v", header, got, want)
		}
	}
}

func TestMatches(t *testing.T) {
	tests := map[string]bool{
		`"a"`: true, `"b", "a"`: true, `W/"a"`: true, `*`: true, ``: false, `"b"`: false, `a`: false,
	}
	for header, want := range tests {
		if got := matches(header, `"a"`); got != want {
			t.Errorf("matches(%q) = %v, want %v", header, got, want)
		}
	}
}

func TestCursor(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e"}
	key := func(s string) string { return s }
	var got []string
	p := Page{Limit: 2}
	for range 3 {
		piece, next, err := page(names, key, p, "en")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, piece...)
		p.After = next
	}
	if len(got) != 5 || p.After != "" {
		t.Errorf("three pages of two = %v, then %q, want all five and no more", got, p.After)
	}
	for _, bad := range []string{"x", "!!", "YQ"} {
		if _, _, err := page(names, key, Page{After: bad, Limit: 2}, "en"); err == nil {
			t.Errorf("page takes the cursor %q", bad)
		}
	}
}
