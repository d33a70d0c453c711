package mds

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
)

// MostItems is how many items one body may have.
const MostItems = 10_000

// newReader returns a reader of a body, whose problems are counted under the name of an endpoint.
func newReader(
	endpoint string, body []byte, h *observe.Hasher, report *lenient.Report,
) *reader {
	return &reader{Reader: lenient.NewReader(endpoint, body, report), hasher: h}
}

var (
	// ErrList is what a body is that has no list of items where the standard has one.
	ErrList = errors.New("mds: no list of items")
	// ErrMany is what a body is that has more than MostItems.
	ErrMany = errors.New("mds: too many items")
)

// items reads a whole body that is a list; read is called for each item, at most MostItems. It
// returns lenient.ErrBroken where the text breaks, and ErrList where it is no list.
func (r *reader) items(read func()) error {
	n := 0
	ok := r.List(func() {
		if n++; n > MostItems {
			r.Skip()
			return
		}
		read()
	})
	switch err := r.End(); {
	case err != nil:
		return err
	case !ok:
		return ErrList
	case n > MostItems:
		return ErrMany
	}
	return nil
}

// Page is what surrounds the items of an answer of a Provider API.
type Page struct {
	Version string
	Updated int64  // when the data last changed; 0 = not told
	TTL     int    // ms until they may change; -1 = not told
	Next    string // address of the next page; "" = the last
}

// mostTTL is the longest time that a near-real-time answer may hold, ms.
const mostTTL = 300_000

// page reads a whole body with items under key. live says that the answer must tell its time.
func (r *reader) page(key string, live bool, read func()) (Page, error) {
	p := Page{TTL: -1}
	found, updated, ttl, n := false, false, false, 0
	list := func() {
		found = r.List(func() {
			if n++; n > MostItems {
				r.Skip()
				return
			}
			read()
		})
	}
	ok := r.Object(func(name string) {
		switch name {
		case "version":
			p.Version, _ = r.Text()
			if !supported(p.Version) {
				r.Problem(lenient.Version, p.Version)
			}
		case "last_updated":
			updated = true
			p.Updated, _ = r.Time(lenient.Millis)
		case "ttl":
			ttl = true
			if n, ok := r.Count(mostTTL); ok {
				p.TTL = n
			}
		case key:
			list()
		case "data": // as MDS 1 wraps it
			r.Problem(lenient.Version, "")
			r.Object(func(inner string) {
				if inner == key {
					list()
					return
				}
				r.Skip()
			})
		default:
			r.Skip()
		}
	})
	if err := r.End(); err != nil {
		return p, err
	}
	if !ok || !found {
		return p, ErrList
	}
	if p.Version == "" {
		r.Missing("version")
	}
	if live && !updated {
		r.Missing("last_updated")
	}
	if live && !ttl {
		r.Missing("ttl")
	}
	if n > MostItems {
		return p, ErrMany
	}
	return p, nil
}

// nextLink returns the address of the page after one. Null, as on the last page, is "".
func nextLink(body []byte) string {
	var page struct {
		Links struct {
			Next *string `json:"next"`
		} `json:"links"`
	}
	err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), &page)
	if err != nil || page.Links.Next == nil {
		return ""
	}
	return *page.Links.Next
}

// supported reports whether a version is one that is read here.
func supported(version string) bool {
	return version == "2.0" || bytes.HasPrefix([]byte(version), []byte("2.0."))
}

// rawItem returns the text of the item that begins at an offset of a body, for the sender's eyes.
func rawItem(body []byte, offset int) json.RawMessage {
	var raw json.RawMessage
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if offset > len(body) || json.NewDecoder(bytes.NewReader(body[offset:])).Decode(&raw) != nil {
		return json.RawMessage("null")
	}
	return raw
}
