package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"

	"github.com/stint-city/stint/engine/lang"
)

// call is one request on its way: who asks, in what language, and what was answered. It is the
// http.ResponseWriter that every route writes to.
type call struct {
	http.ResponseWriter
	id     string // X-Request-Id
	who    Identity
	tag    lang.Tag
	status int // 0 until the answer begins
	bytes  int64
	cause  error // of a problem, for the log
}

// WriteHeader begins the answer.
func (c *call) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write writes a piece of the answer.
func (c *call) Write(p []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(p)
	c.bytes += int64(n)
	return n, err
}

// Unwrap returns the writer below, as http.ResponseController asks.
func (c *call) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// fail answers with the problem of an error, unless the answer has begun.
func (c *call) fail(err error) {
	p := problemOf(err, c.tag)
	c.cause = err
	if c.status != 0 {
		return
	}
	told := *p
	told.Instance = c.id
	writeProblem(c, &told)
}

// callKey finds the call in a context.
type callKey struct{}

// callOf returns the call that a route works for.
func callOf(ctx context.Context) *call {
	return ctx.Value(callKey{}).(*call)
}

// requestID returns the client's request ID where it is a modest one, else a new one.
func (s *Server) requestID(r *http.Request) string {
	if given := r.Header["X-Request-Id"]; len(given) == 1 && modest(given[0]) {
		return given[0]
	}
	return s.name + strconv.FormatUint(s.count.Add(1), 36)
}

// newName returns what the request IDs of one server begin with.
func newName() string { return strings.ToLower(rand.Text()[:12]) + "-" }

// modest reports whether an ID has 1 to 64 characters that do no harm in a log.
func modest(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !strings.ContainsRune("._~-", rune(c)) {
			return false
		}
	}
	return true
}

// language returns the language that Accept-Language prefers: English where it names neither.
func language(r *http.Request) lang.Tag {
	header := r.Header["Accept-Language"]
	if len(header) == 0 || len(header[0]) > 200 {
		return lang.English
	}
	best, weight := lang.English, 0.0
	for part := range strings.SplitSeq(header[0], ",") {
		name, q, weighted := strings.Cut(part, ";")
		tag, err := lang.Parse(name)
		if err != nil {
			continue
		}
		w := 1.0
		if weighted {
			_, q, _ = strings.Cut(q, "=")
			if w, err = strconv.ParseFloat(strings.TrimSpace(q), 64); err != nil {
				continue
			}
		}
		if w > weight {
			best, weight = tag, w
		}
	}
	return best
}
