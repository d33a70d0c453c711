package gbfs

import (
	"context"
	"slices"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/poll"
)

// Source is one operator's feed at its addresses. One goroutine at a time may use it; sources don't
// know each other, so that what one answers touches no other.
type Source struct {
	Feed      *Feed
	client    *poll.Client
	also      []Endpoint
	addresses map[string]*poll.Address // by name of the file
}

// NewSource returns the source of a feed whose discovery is at an address. also are files that the
// discovery doesn't name; where it names them too, its word holds.
func NewSource(f *Feed, c *poll.Client, discovery string, also []Endpoint) *Source {
	return &Source{
		Feed: f, client: c, also: also,
		addresses: map[string]*poll.Address{Discovery: {URL: discovery}},
	}
}

// Polled is one question and what came of it.
type Polled struct {
	Name     string            `json:"name"`
	Address  string            `json:"address"` // without what may be secret
	Outcome  poll.Outcome      `json:"outcome"`
	Status   int               `json:"status,omitempty"` // of HTTP
	Bytes    int               `json:"bytes"`
	Taken    bool              `json:"taken"` // whether the feed knows more than before
	Next     int64             `json:"next_ms"`
	Problems []lenient.Problem `json:"problems,omitempty"` // of the body
	File     *File             `json:"-"`                  // of the body; nil = none came
	Body     []byte            `json:"-"`
}

// Next returns when the first of the addresses is due, ms.
func (s *Source) Next() int64 {
	next := s.addresses[Discovery].Next
	for _, a := range s.addresses {
		next = min(next, a.Next)
	}
	return next
}

// Poll asks every address that is due at the time now, the discovery first. chance gives numbers in
// [0, 1) for the waits.
func (s *Source) Poll(ctx context.Context, now int64, chance func() float64) []Polled {
	var list []Polled
	for _, name := range Names() {
		a := s.addresses[name]
		if a == nil || !a.Due(now) || ctx.Err() != nil {
			continue
		}
		p := s.ask(ctx, name, a, now, chance())
		list = append(list, p)
		if name == Discovery {
			s.follow()
		}
	}
	return list
}

// ask asks one address.
func (s *Source) ask(
	ctx context.Context, name string, a *poll.Address, now int64, chance float64,
) Polled {
	answer := s.client.Get(ctx, a, now)
	p := Polled{
		Name: name, Address: poll.Safe(a.URL), Outcome: answer.Outcome, Status: answer.Status,
		Bytes: len(answer.Body), Body: answer.Body,
	}
	ttl := -1
	if known := s.Feed.File(name); known != nil {
		ttl = known.TTL
	}
	if answer.Outcome == poll.Fresh {
		file, err := s.Feed.Take(name, answer.Body, now)
		p.Taken, p.File, p.Problems, ttl = err == nil, file, file.Problems, file.TTL
	}
	s.client.Done(a, answer, p.Taken, ttl, now, chance)
	p.Next = a.Next
	return p
}

// follow takes over the addresses that the discovery names, and drops those that it names no more.
// What is known of an address that stays is kept.
func (s *Source) follow() {
	wanted := map[string]string{Discovery: s.addresses[Discovery].URL}
	for _, e := range slices.Concat(s.also, s.Feed.Endpoints) {
		if name := NameOf(e.Name); name != "" && name != Discovery {
			wanted[name] = e.URL
		}
	}
	for name, address := range wanted {
		if a := s.addresses[name]; a == nil || a.URL != address {
			s.addresses[name] = &poll.Address{URL: address}
		}
	}
	for name := range s.addresses {
		if _, still := wanted[name]; !still {
			delete(s.addresses, name)
		}
	}
}
