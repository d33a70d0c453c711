package city

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/stint-city/stint/engine/strict"
)

// errEncoding means that a file's text is not UTF-8.
var errEncoding = errors.New("text is not UTF-8")

// encoding checks text in UTF-8 while it goes by: a decoder of JSON would put U+FFFD in place of
// what it can't read, and a name in GBK would be lost without a word.
type encoding struct {
	rest []byte // the first bytes of a rune that the next piece ends
	at   strict.Position
}

// check takes the next piece of text. The error is errEncoding, and e.at the place of the first bad
// byte.
func (e *encoding) check(piece []byte) error {
	if e.at.Line == 0 {
		e.at = strict.At(1, 1)
	}
	if len(e.rest) > 0 {
		piece = append(e.rest, piece...)
		e.rest = nil
	}
	for !utf8.Valid(piece) {
		bad := 0
		for bad < len(piece) {
			r, size := utf8.DecodeRune(piece[bad:])
			if r == utf8.RuneError && size <= 1 {
				break
			}
			bad += size
		}
		if !utf8.FullRune(piece[bad:]) {
			e.rest = bytes.Clone(piece[bad:])
			piece = piece[:bad]
			continue
		}
		e.move(piece[:bad])
		return errEncoding
	}
	e.move(piece)
	return nil
}

// move advances the place past text.
func (e *encoding) move(text []byte) {
	if n := bytes.Count(text, []byte("\n")); n > 0 {
		e.at.Line += n
		e.at.Column = 1
		text = text[bytes.LastIndexByte(text, '\n')+1:]
	}
	e.at.Column += len(text)
}
