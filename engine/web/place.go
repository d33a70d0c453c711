package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"sync"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

const (
	placementsPath = "/v1/placements"
	placeRoute     = "POST /v1/placements"
	batchPath      = "/v1/placements:batch"
	askLimit       = 8 << 10   // bytes of one ask
	batchLimit     = 512 << 10 // bytes of a batch
)

// buffers hold bodies and answers of the two routes that are written by hand.
//
//nolint:gochecknoglobals // a pool of scratch memory
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// place answers POST /v1/placements. It is written by hand, as is placeAll, since huma's checks
// cost more than the decision; both read what their schemas say and no more.
func (s *Server) place(ctx context.Context, c *call, r *http.Request) {
	if err := s.permit(c.who, "place"); err != nil {
		c.fail(err)
		return
	}
	key, err := keyOf(r, c.tag)
	if err != nil {
		c.fail(err)
		return
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer putBuffer(buffer)
	if err := readBody(buffer, r, askLimit); err != nil {
		c.fail(err)
		return
	}
	ask, err := readAsk(buffer.Bytes())
	if err != nil {
		c.fail(c.input("body", err))
		return
	}
	ask.Key = key
	p, err := ask.placement(c.who.Operator)
	if err != nil {
		c.fail(c.input("body", err))
		return
	}
	grant, err := s.engine.Place(ctx, p)
	if err != nil {
		c.fail(err)
		return
	}
	buffer.Reset()
	buffer.Write(append(appendGrant(buffer.AvailableBuffer(), &grant), '\n'))
	c.send(grantStatus(&grant), buffer.Bytes())
}

// grantStatus returns 201 for a grant, 200 for one told again.
func grantStatus(g *engine.Grant) int {
	if g.Replayed {
		return http.StatusOK
	}
	return http.StatusCreated
}

// putBuffer gives a buffer back, unless it has grown large.
func putBuffer(b *bytes.Buffer) {
	if b.Cap() <= 1<<20 {
		b.Reset()
		buffers.Put(b)
	}
}

// keyHeader carries the idempotency key.
const keyHeader = "Idempotency-Key"

// keyOf returns the request's idempotency key; the engine checks its form.
func keyOf(r *http.Request, tag lang.Tag) (string, error) {
	if key := r.Header[keyHeader]; len(key) == 1 && key[0] != "" {
		return key[0], nil
	}
	return "", badInput(tag, "header."+keyHeader, "problem.fault.key-missing")
}

// readBody reads a JSON body of at most limit bytes.
func readBody(dst *bytes.Buffer, r *http.Request, limit int64) error {
	if !isJSON(r.Header["Content-Type"]) {
		return errMediaType
	}
	if r.ContentLength > limit {
		return errTooLarge
	}
	n, err := dst.ReadFrom(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return errors.Join(errUnreadable, err)
	}
	if n > limit {
		return errTooLarge
	}
	return nil
}

// isJSON reports whether a body is JSON; one that doesn't say is taken as JSON.
func isJSON(contentType []string) bool {
	if len(contentType) == 0 || contentType[0] == "application/json" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType[0])
	return err == nil && media == "application/json"
}

// input returns the problem of a body or query that can't be read.
func (c *call) input(where string, err error) error {
	p := problemOf(err, c.tag)
	p.Errors = []Fault{{where, p.Detail}}
	p.Detail = c.tag.Word("problem.bad-input.detail")
	return p
}

// send answers with JSON.
func (c *call) send(status int, body []byte) {
	h := c.Header()
	h["Content-Type"] = jsonType
	h["Cache-Control"] = noStore
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	c.WriteHeader(status)
	_, _ = c.Write(body) // a client that has gone needs no answer
}

//nolint:gochecknoglobals // headers' values that nothing writes
var (
	jsonType = []string{"application/json"}
	noStore  = []string{"no-store"}
)
