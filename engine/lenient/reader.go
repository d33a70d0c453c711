package lenient

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// ErrBroken is what a body is that holds no whole JSON text; the Report says where it breaks.
var ErrBroken = errors.New("not a whole JSON text")

// mostDepth is how deep what a Reader walks may nest; the standards need half of it.
const mostDepth = 32

// step is one part of a path: a key, or the index of an item.
type step struct {
	key   string
	index int // of an item, where key is empty
}

// Reader walks one JSON text. Each method that reads consumes one value, whatever it is; a value of
// another shape is counted as a problem and skipped. After the text broke, nothing is read any more
// and Err tells.
type Reader struct {
	feed   string
	body   []byte
	dec    *json.Decoder
	report *Report
	path   []step
	at     int // offset of the value that is read
	err    error
}

// NewReader returns a reader of a body. Problems are counted in report under the name feed.
func NewReader(feed string, body []byte, report *Report) *Reader {
	r := &Reader{feed: feed, report: report}
	if cutBody, found := bytes.CutPrefix(body, []byte("\xef\xbb\xbf")); found {
		body = cutBody
		r.Problem(Mark, "")
	}
	r.body = body
	r.dec = json.NewDecoder(bytes.NewReader(body))
	r.dec.UseNumber()
	return r
}

// Err returns ErrBroken after the text broke.
func (r *Reader) Err() error { return r.err }

// Problem counts a deviation of the value that was read last.
func (r *Reader) Problem(kind Kind, got string) { r.ProblemAt(r.Place(), kind, got) }

// Missing counts a field of the object that is walked as missing.
func (r *Reader) Missing(key string) {
	r.path = append(r.path, step{key: key})
	r.Problem(Missing, "")
	r.path = r.path[:len(r.path)-1]
}

// Place is where a value stands, so that a problem of it can be told later.
type Place struct {
	path   []step
	offset int
}

// Place returns where the value stands that was read last. It holds until the reader goes on.
func (r *Reader) Place() Place { return Place{r.path, r.at} }

// Item returns the place of a key of an item of a list: the one that was walked last, or, where
// list isn't empty, the one under that key of the object that was walked last. offset is what
// Offset said when the item was read.
func (r *Reader) Item(list string, index int, key string, offset int) Place {
	path := append([]step(nil), r.path...)
	if list != "" {
		path = append(path, step{key: list})
	}
	return Place{append(path, step{index: index}, step{key: key}), offset}
}

// Offset returns where the value begins that was read last, in bytes.
func (r *Reader) Offset() int { return r.at }

// ProblemAt counts a deviation at a place.
func (r *Reader) ProblemAt(at Place, kind Kind, got string) {
	p := Problem{Feed: r.feed, Field: pathText(at.path, false), Kind: kind, Got: cut(got)}
	if r.report.Count(p.Feed, p.Field, kind) == 0 {
		p.First = pathText(at.path, true)
		p.Line, p.Column = lineOf(r.body, at.offset)
	}
	r.report.Add(p)
}

// pathText writes a path, its indices or only that there are some.
func pathText(path []step, indices bool) string {
	var b strings.Builder
	for _, s := range path {
		switch {
		case s.key == "" && indices:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case s.key == "":
			b.WriteString("[]")
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.key)
		}
	}
	return b.String()
}

// token reads one token; nil after the text broke.
func (r *Reader) token() json.Token {
	if r.err != nil {
		return nil
	}
	t, err := r.dec.Token()
	if err != nil {
		r.broke(err)
		return nil
	}
	return t
}

// begin notes where the next value begins.
func (r *Reader) begin() {
	r.at = int(r.dec.InputOffset())
	for r.at < len(r.body) && strings.IndexByte(" \t\r\n:,", r.body[r.at]) >= 0 {
		r.at++
	}
}

// broke ends the reading.
func (r *Reader) broke(err error) {
	if r.err != nil {
		return
	}
	r.err = ErrBroken
	kind := Syntax
	r.at = int(r.dec.InputOffset())
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		kind, r.at = Truncated, len(r.body)
	case errors.As(err, &syntax) && strings.Contains(err.Error(), "unexpected end"):
		kind, r.at = Truncated, len(r.body)
	}
	line, column := lineOf(r.body, r.at)
	r.report.Add(Problem{
		Feed: r.feed, Kind: kind, First: pathText(r.path, true), Line: line, Column: column,
	})
}

// Object walks an object: field is called for each key and reads its value, or skips it. A key
// that comes twice holds for the first time. Object reports whether there was an object.
func (r *Reader) Object(field func(key string)) bool {
	if !r.open('{') {
		return false
	}
	base := len(r.path)
	own := r.at
	var seen []string
	for r.more() {
		key, ok := r.token().(string)
		if !ok {
			break
		}
		r.path = append(r.path[:base], step{key: cut(key)})
		r.begin()
		if known(seen, key) {
			r.Problem(Repeated, "")
			r.Skip()
			continue
		}
		if len(seen) < mostKeys {
			seen = append(seen, key)
		}
		field(key)
	}
	r.close(base)
	r.at = own
	return r.err == nil
}

// mostKeys is how many keys of an object are watched for coming twice; the standards need a third.
const mostKeys = 64

func known(list []string, key string) bool {
	for _, k := range list {
		if k == key {
			return true
		}
	}
	return false
}

// List walks a list: item is called for each and reads it, or skips it. List reports whether there
// was a list.
func (r *Reader) List(item func()) bool {
	if !r.open('[') {
		return false
	}
	base := len(r.path)
	own := r.at
	for i := 0; r.more(); i++ {
		r.path = append(r.path[:base], step{index: i})
		r.begin()
		item()
	}
	r.close(base)
	r.at = own
	return r.err == nil
}

// more reports whether the object or list that is walked has another part.
func (r *Reader) more() bool { return r.err == nil && r.dec.More() }

// close reads the end of what was walked.
func (r *Reader) close(base int) {
	r.path = r.path[:base]
	r.token()
}

// open reads the begin of an object or list. Another value is a problem.
func (r *Reader) open(want json.Delim) bool {
	r.begin()
	if len(r.path) > mostDepth {
		r.Problem(Range, "")
		r.Skip()
		return false
	}
	if r.at < len(r.body) && r.body[r.at] != byte(want) {
		if got := shape(r.body[r.at]); got != "" {
			r.Problem(Value, got)
		}
		r.Skip()
		return false
	}
	return r.token() == want
}

// Skip reads a value and leaves it.
func (r *Reader) Skip() {
	if r.err != nil {
		return
	}
	var raw json.RawMessage
	if err := r.dec.Decode(&raw); err != nil {
		r.broke(err)
	}
}

// End reads to the end of the text and returns ErrBroken if it broke anywhere.
func (r *Reader) End() error {
	if r.err != nil {
		return r.err
	}
	rest := bytes.TrimSpace(r.body[min(int(r.dec.InputOffset()), len(r.body)):])
	if len(rest) > 0 {
		r.at = len(r.body) - len(rest)
		r.Problem(Trailing, "")
	}
	return nil
}

// shape names the JSON type that begins with a character; "" where none does.
func shape(c byte) string {
	switch c {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return "number"
	}
	return ""
}
