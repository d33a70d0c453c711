package geo

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Limits on one feature, so that a file of any size is read in bounded memory.
const (
	mostVertices   = 1000000 // of a feature
	mostProperties = 4 << 20 // bytes of a feature's properties, as they are written
	mostToken      = 1 << 20 // bytes of one string, and of what is read ahead of it
	mostDepth      = 64      // of nesting in properties, and in what is passed over
)

// featureReader walks a GeoJSON text token by token.
type featureReader struct {
	dec    *json.Decoder
	source *lineReader
	each   func(Feature, error) error
	number int
	fault  *FeatureError // the first in the feature being read
}

// newFeatureReader skips a byte order mark and starts.
func newFeatureReader(r io.Reader, each func(Feature, error) error) *featureReader {
	buffered := bufio.NewReader(r)
	if mark, _ := buffered.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = buffered.Discard(3) // these are in the buffer: it can't fail
	}
	source := &lineReader{from: buffered, line: 1}
	f := &featureReader{dec: json.NewDecoder(source), source: source, each: each}
	f.dec.UseNumber()
	return f
}

// read reads the whole text: one object and nothing after it.
func (f *featureReader) read() error {
	t, err := f.token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return f.syntax(fmt.Errorf("%w: GeoJSON begins with an object", ErrGeometry))
	}
	d := f.begin()
	streamed := false
	err = f.members(func(key string) error {
		if key != "features" {
			return f.member(d, key)
		}
		if streamed {
			return f.syntax(fmt.Errorf(`%w: "features" given twice`, ErrGeometry))
		}
		streamed = true
		return f.features()
	})
	if err != nil {
		return err
	}
	if _, err := f.dec.Token(); !errors.Is(err, io.EOF) {
		return f.syntax(errors.New("something follows the end of the GeoJSON object"))
	}
	switch {
	case d.kind == "FeatureCollection" && streamed:
		return nil
	case d.kind == "FeatureCollection" || streamed:
		return f.syntax(fmt.Errorf(
			`%w: "type" is %q: a FeatureCollection, and nothing else, has "features"`,
			ErrGeometry, d.kind))
	case d.kind == "Feature":
		return f.deliver(d, d.geometry)
	}
	return f.deliver(d, d)
}

// features reads the array of features.
func (f *featureReader) features() error {
	t, err := f.token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return f.syntax(fmt.Errorf(`%w: "features" is not an array`, ErrGeometry))
	}
	f.number = 0
	for f.dec.More() {
		if err := f.feature(); err != nil {
			return err
		}
	}
	_, err = f.token()
	return err
}

// feature reads one element of "features" and delivers it, good or bad.
func (f *featureReader) feature() error {
	t, err := f.token()
	if err != nil {
		return err
	}
	d := f.begin()
	if t != json.Delim('{') {
		f.blame(fmt.Errorf("%w: a feature is an object", ErrGeometry))
		if err := f.skip(t); err != nil {
			return err
		}
		return f.deliver(d, nil)
	}
	err = f.members(func(key string) error { return f.member(d, key) })
	if err != nil {
		return err
	}
	if d.kind != "Feature" {
		f.blame(fmt.Errorf(`%w: "type" is %.40q, not "Feature"`, ErrGeometry, d.kind))
	}
	return f.deliver(d, d.geometry)
}

// token returns the next token; the end of the text is an error here.
func (f *featureReader) token() (json.Token, error) {
	f.source.passed(f.dec.InputOffset())
	t, err := f.dec.Token()
	if err == nil {
		return t, nil
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("the text ends in the middle: %w", io.ErrUnexpectedEOF)
	}
	return nil, f.syntax(err)
}

// syntax returns err at the place reached.
func (f *featureReader) syntax(err error) error {
	line, column := f.source.place(f.dec.InputOffset())
	return &SyntaxError{Line: line, Column: column, Err: err}
}

// blame keeps err as the fault of the feature being read, unless it has one. The place is the end
// of the last token.
func (f *featureReader) blame(err error) {
	if f.fault == nil {
		line, column := f.source.place(f.dec.InputOffset() - 1)
		f.fault = &FeatureError{Number: f.number, Line: line, Column: column, Err: err}
	}
}

// members calls f for each member of the object just entered; f reads its value.
func (f *featureReader) members(value func(key string) error) error {
	for f.dec.More() {
		t, err := f.token()
		if err != nil {
			return err
		}
		key, _ := t.(string) // the decoder has seen to it
		if err := value(key); err != nil {
			return err
		}
	}
	_, err := f.token()
	return err
}

// skip passes over the value that begins with t.
func (f *featureReader) skip(t json.Token) error {
	depth := 0
	for {
		switch t {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		if depth > mostDepth {
			return f.syntax(fmt.Errorf("%w: nested deeper than %d", ErrTooLarge, mostDepth))
		}
		var err error
		if t, err = f.token(); err != nil {
			return err
		}
	}
}
