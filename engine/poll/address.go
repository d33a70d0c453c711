package poll

import (
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Address is one address and what is known of it. The zero value with a URL is due at once.
type Address struct {
	URL            string
	Failures       int   // in a row
	Next           int64 // ms: not to be asked before
	etag, modified string
}

// Due reports whether an address may be asked at the time now.
func (a *Address) Due(now int64) bool { return now >= a.Next }

// mostRetry bounds a server's wish; a longer silence can't be meant.
const mostRetry = 24 * time.Hour

// mostDoubled bounds the doubling: 30 s × 2¹² is 34 hours, beyond any Longest.
const mostDoubled = 12

// Done says when an address is to be asked again. taken is whether the body of a Fresh answer could
// be used: of one that couldn't nothing is remembered, so that it is asked for again. ttl is the
// body's own wish, s; -1 = not told. chance is in [0, 1).
//
// After a good answer the wait is the ttl, within Shortest and Longest, and up to a tenth more.
// After the n-th failure in a row it is between a half and the whole of Shortest × 2ⁿ⁻¹, at most
// Longest, and never less than the server's Retry-After.
func (c *Client) Done(a *Address, answer Answer, taken bool, ttl int, now int64, chance float64) {
	s := &c.settings
	wait := time.Duration(0)
	if answer.Outcome == Same || answer.Outcome == Fresh && taken {
		if answer.Outcome == Fresh {
			a.etag, a.modified = answer.etag, answer.modified
		}
		a.Failures = 0
		wait = min(max(s.Shortest, time.Duration(ttl)*time.Second), s.Longest)
		wait += time.Duration(float64(wait) / 10 * chance)
	} else {
		if answer.Outcome == Fresh {
			a.etag, a.modified = "", ""
		}
		a.Failures++
		wait = min(s.Shortest<<min(a.Failures-1, mostDoubled), s.Longest)
		wait = wait/2 + time.Duration(float64(wait)/2*chance)
	}
	a.Next = now + max(wait, answer.Retry).Milliseconds()
}

// retryAfter reads a Retry-After, in seconds or as a time.
func retryAfter(text string, now int64) time.Duration {
	wait := time.Duration(0)
	if n, err := strconv.Atoi(text); err == nil {
		wait = time.Duration(min(n, int(mostRetry/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(time.UnixMilli(now))
	}
	return min(max(0, wait), mostRetry)
}

// Safe returns an address without what may be secret in it: user, password and query.
func Safe(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
