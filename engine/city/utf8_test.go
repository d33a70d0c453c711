package city

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine/strict"
)

func TestEncodingFindsTheFirstBadByte(t *testing.T) {
	tests := map[string]struct {
		text string
		bad  bool
		at   strict.Position
	}{
		"plain":                 {"a,b\nc", false, strict.At(2, 2)},
		"Chinese":               {"流明\n市", false, strict.At(2, 4)},
		"GBK in the second row": {"id,name\n1,\xc1\xf7\xc3\xf7\n", true, strict.At(2, 3)},
		"UTF-16":                {"\xff\xfei\x00d\x00", true, strict.At(1, 1)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var e encoding
			err := e.check([]byte(tt.text))
			if (err != nil) != tt.bad || e.at != tt.at {
				t.Errorf("check: %v at %v, want bad %v at %v", err, e.at, tt.bad, tt.at)
			}
		})
	}
}

// However text is cut into pieces, it is judged as a whole; a rune cut off at its end is let
// through, for the decoder to say that the file ends in the middle.
func TestEncodingIsBlindToCuts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(rapid.StringOf(rapid.RuneFrom([]rune("a\n流é😀"))).Draw(t, "text"))
		if rapid.Bool().Draw(t, "spoil") {
			text = append(text, 0xff, 'b')
		}
		var e encoding
		var err error
		for rest := text; len(rest) > 0 && err == nil; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			err = e.check(rest[:n])
			rest = rest[n:]
		}
		if (err == nil) != utf8.Valid(text) {
			t.Fatalf("check of %q in pieces: %v", text, err)
		}
	})
}
