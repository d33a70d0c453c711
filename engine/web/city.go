package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/stint-city/stint/engine"
)

// city answers GET /v1/city: every cell of a sector at one moment. Who sends the ETag it has is
// told whether anything changed; what was encoded once is kept, so that many readers of one moment
// cost as much as one.
func (s *Server) city(w http.ResponseWriter, r *http.Request) {
	c := w.(*call)
	if err := s.permit(c.who, "city"); err != nil {
		c.fail(err)
		return
	}
	sector := r.URL.Query().Get("sector")
	if sector == "" {
		c.fail(badInput(c.tag, "query.sector", "problem.fault.missing"))
		return
	}
	picture, err := s.engine.City(r.Context(), sector)
	if err != nil {
		c.fail(err)
		return
	}
	key := pictureKey{sector, c.who.view(), c.who.Operator}
	tag := key.tag(&picture)
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Authorization, Accept-Encoding")
	if matches(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	zipped := accepts(r.Header.Get("Accept-Encoding"), "gzip")
	body := s.pictures.encoded(key, tag, zipped, func() []byte {
		return appendPicture(nil, sector, &picture, c.who)
	})
	h["Content-Type"] = jsonType
	if zipped {
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a client that has gone needs no answer
}

// pictureKey names the readers who see the same.
type pictureKey struct {
	sector   string
	view     view
	operator string
}

// tag returns the ETag of a moment for its readers.
func (k pictureKey) tag(p *engine.Picture) string {
	return `"` + p.Event.String() + "." + strconv.FormatInt(p.Epoch, 10) + "." +
		strconv.Itoa(int(k.view)) + "." + k.operator + `"`
}

// matches reports whether If-None-Match names a tag.
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		if one == tag || one == "*" {
			return true
		}
	}
	return false
}

// accepts reports whether Accept-Encoding takes a coding.
func accepts(header, coding string) bool {
	for one := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(one, ";")
		if strings.TrimSpace(name) == coding {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && !strings.HasPrefix(q, "q=0.000") && q != "q=0.0" && q != "q=0.00"
		}
	}
	return false
}

// pictureCache keeps the last encoding for each kind of reader. The zero value is empty.
type pictureCache struct {
	mu   sync.Mutex
	kept map[pictureKey]*encodedPicture
}

// encodedPicture is one moment in bytes.
type encodedPicture struct {
	tag           string
	encode, zip   sync.Once
	plain, zipped []byte
}

// mostPictures bounds the cache: a city has few sectors and operators.
const mostPictures = 16

// encoded returns the bytes of a moment, made once, and compressed for who takes that.
func (c *pictureCache) encoded(
	key pictureKey, tag string, zipped bool, encode func() []byte,
) []byte {
	c.mu.Lock()
	e := c.kept[key]
	if e == nil || e.tag != tag {
		if c.kept == nil || len(c.kept) >= mostPictures {
			c.kept = map[pictureKey]*encodedPicture{}
		}
		e = &encodedPicture{tag: tag}
		c.kept[key] = e
	}
	c.mu.Unlock()
	e.encode.Do(func() { e.plain = encode() })
	if !zipped {
		return e.plain
	}
	e.zip.Do(func() { e.zipped = zip(e.plain) })
	return e.zipped
}

// zip compresses quickly.
func zip(data []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err == nil {
		_, err = z.Write(data)
	}
	if err != nil || z.Close() != nil {
		panic("web: gzip into memory can't fail")
	}
	return out.Bytes()
}
