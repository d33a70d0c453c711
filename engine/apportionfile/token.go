package apportionfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stint-city/stint/engine/strict"
)

// tokens reads JSON token by token and knows where each begins.
type tokens struct {
	name string
	data []byte
	dec  *json.Decoder
	last any // the token that was read last: a json.Delim, json.Number, string, bool or nil

	begin   int             // of the last token, bytes from 0
	counted int             // the place that was asked for last, bytes from 0
	at      strict.Position // the same as line and column
}

// newTokens refuses text that isn't UTF-8, in place of which the decoder would put U+FFFD.
func newTokens(name string, data []byte) (*tokens, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	t := &tokens{name: name, data: data, at: strict.At(1, 1)}
	if !utf8.Valid(data) {
		for r, size := utf8.DecodeRune(data); r != utf8.RuneError || size > 1; {
			t.begin += size
			r, size = utf8.DecodeRune(data[t.begin:])
		}
		return nil, t.fault("apportion.utf8")
	}
	t.dec = json.NewDecoder(bytes.NewReader(data))
	t.dec.UseNumber()
	return t, nil
}

// skip goes to where the next token begins.
func (t *tokens) skip() {
	t.begin = int(t.dec.InputOffset())
	for t.begin < len(t.data) && strings.IndexByte(" \t\r\n,:", t.data[t.begin]) >= 0 {
		t.begin++
	}
}

// next reads one token into t.last.
func (t *tokens) next() error {
	t.skip()
	token, err := t.dec.Token()
	if err == nil {
		t.last = token
		return nil
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		if t.begin = len(t.data); len(bytes.TrimSpace(t.data)) == 0 {
			return t.fault("apportion.json-empty")
		}
		return t.fault("apportion.json-end")
	}
	return strict.FaultAt(t.name, t.place(), "apportion.json-syntax", "why", err.Error())
}

// place is the line and column where the last token begins, which must not be before the place that
// was asked for last.
func (t *tokens) place() strict.Position {
	part := t.data[t.counted:t.begin]
	if n := bytes.Count(part, []byte("\n")); n > 0 {
		t.at = strict.At(t.at.Line+n, 1)
		part = part[bytes.LastIndexByte(part, '\n')+1:]
	}
	t.at.Column += utf8.RuneCount(part)
	t.counted = t.begin
	return t.at
}

// fault is a fault where the last token begins.
func (t *tokens) fault(id string, args ...any) error {
	return strict.FaultAt(t.name, t.place(), id, args...)
}

// wrong says what a key takes where the last token is something else.
func (t *tokens) wrong(key, want string) error {
	return t.fault("strict.wrong-type", "key", key, "got", t.written(), "want", want)
}

// written is the last token as a sentence can hold it.
func (t *tokens) written() string {
	const most = 40
	switch x := t.last.(type) {
	case nil:
		return "null"
	case string:
		if utf8.RuneCountInString(x) > most {
			return string([]rune(x)[:most]) + "…"
		}
		return x
	case json.Number:
		return x.String()[:min(len(x), most)]
	case json.Delim:
		return x.String()
	}
	return strconv.FormatBool(t.last == true)
}

// is reports whether the last token is a bracket or brace.
func (t *tokens) is(delim json.Delim) bool { return t.last == delim }

// text is the last token as an ID.
func (t *tokens) text(key string) (string, error) {
	x, ok := t.last.(string)
	if !ok {
		return "", t.wrong(key, "text")
	}
	return x, nil
}

// float is the last token as a number.
func (t *tokens) float(key string) (float64, error) {
	n, ok := t.last.(json.Number)
	if !ok {
		return 0, t.wrong(key, "number")
	}
	x, err := strconv.ParseFloat(string(n), 64)
	if err != nil {
		return 0, t.wrong(key, "number")
	}
	return x, nil
}

// whole is the last token as a whole number.
func (t *tokens) whole(key string) (int, error) {
	n, ok := t.last.(json.Number)
	if !ok {
		return 0, t.wrong(key, "integer")
	}
	x, ok := wholeOf(string(n))
	if !ok {
		return 0, t.wrong(key, "integer")
	}
	return x, nil
}

// count is whole for what can't be negative.
func (t *tokens) count(key string) (int, error) {
	x, err := t.whole(key)
	if err == nil && x < 0 {
		return 0, t.fault("apportion.negative", "key", key, "got", x)
	}
	return x, err
}

// bound is count for an upper bound, which null leaves open.
func (t *tokens) bound(key string) (int, error) {
	if t.last == nil {
		return math.MaxInt, nil
	}
	return t.count(key)
}

// weight is the last token as a weight.
func (t *tokens) weight(key string) (float64, error) {
	x, err := t.float(key)
	if err == nil && !weighs(x) {
		return 0, t.fault("apportion.weight", "got", t.written())
	}
	return x, err
}
