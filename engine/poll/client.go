package poll

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// Settings are what a Client keeps to. The zero value of a field is the default.
type Settings struct {
	Bytes     int64         // of a body, unpacked; 128 MiB
	Timeout   time.Duration // of an exchange, its redirects and body included; 30 s
	Redirects int           // that are followed; 5
	Private   bool          // whether addresses of private networks and of this machine are allowed
	Shortest  time.Duration // between two questions to an address; 30 s
	Longest   time.Duration // after failures, or after a ttl that can't be meant; 30 min
}

// fill returns the settings with their defaults.
func (s Settings) fill() Settings {
	if s.Bytes <= 0 {
		s.Bytes = 128 << 20
	}
	if s.Timeout <= 0 {
		s.Timeout = 30 * time.Second
	}
	if s.Redirects <= 0 {
		s.Redirects = 5
	}
	if s.Shortest <= 0 {
		s.Shortest = 30 * time.Second
	}
	if s.Longest <= 0 {
		s.Longest = 30 * time.Minute
	}
	s.Longest = max(s.Longest, s.Shortest)
	return s
}

// Outcome says how a question ended; its words are in the catalogue under feed.outcome-.
type Outcome string

// The outcomes.
const (
	Fresh       Outcome = "fresh"       // a body
	Same        Outcome = "same"        // 304: what is known still holds
	NotReady    Outcome = "not-ready"   // 202: there will be an answer, which isn't an empty one
	Absent      Outcome = "absent"      // 404 or 410
	Refused     Outcome = "refused"     // any other 4xx
	Limited     Outcome = "limited"     // 429: asked too often
	Broken      Outcome = "broken"      // 5xx, or a status that means nothing here
	Slow        Outcome = "slow"        // not whole within the time
	Large       Outcome = "large"       // more bytes than allowed
	Redirected  Outcome = "redirected"  // more redirects than allowed, or one to an insecure address
	Forbidden   Outcome = "forbidden"   // no http address, or a private one
	Unreachable Outcome = "unreachable" // no answer, or one that broke off
)

// Outcomes returns every outcome, for the tests of the catalogue.
func Outcomes() []Outcome {
	return []Outcome{
		Fresh, Same, NotReady, Absent, Refused, Limited, Broken, Slow, Large, Redirected, Forbidden,
		Unreachable,
	}
}

// Good reports whether what is known is up to date after it.
func (o Outcome) Good() bool { return o == Fresh || o == Same }

// Answer is what a question gave.
type Answer struct {
	Outcome  Outcome
	Status   int           // of HTTP; 0 = none came
	Body     []byte        // of a Fresh one
	Retry    time.Duration // the server's Retry-After; 0 = not told
	etag     string
	modified string
}

var (
	errRedirects = errors.New("poll: too many redirects")
	errPrivate   = errors.New("poll: a private address")
)

// Client asks. Several goroutines may use it.
type Client struct {
	settings Settings
	http     *http.Client
}

// New returns a client.
func New(s Settings) *Client {
	s = s.fill()
	dial := &net.Dialer{Timeout: s.Timeout}
	if !s.Private {
		dial.Control = public
	}
	c := &Client{settings: s}
	c.http = &http.Client{
		Timeout: s.Timeout,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: dial.DialContext,
			TLSHandshakeTimeout: s.Timeout, MaxIdleConnsPerHost: 2,
			IdleConnTimeout: s.Timeout, ForceAttemptHTTP2: true,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > s.Redirects || !usable(r.URL) ||
				via[0].URL.Scheme == "https" && r.URL.Scheme != "https" {
				return errRedirects
			}
			return nil
		},
	}
	return c
}

// public refuses to connect to this machine and to private networks, by the address that the name
// turned out to have.
func public(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return errPrivate
	}
	ip := at.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || shared.Contains(ip) {
		return errPrivate
	}
	return nil
}

// shared is the address space of carriers' translators, RFC 6598.
//
//nolint:gochecknoglobals // a constant of a type that has none
var shared = netip.MustParsePrefix("100.64.0.0/10")

func usable(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Get asks an address; now is for a Retry-After that names a time. What is known of its last body
// is sent along, so that the server may say that it still holds.
func (c *Client) Get(ctx context.Context, a *Address, now int64) Answer {
	u, err := url.Parse(a.URL)
	if err != nil || !usable(u) {
		return Answer{Outcome: Forbidden}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.URL, nil)
	if err != nil {
		return Answer{Outcome: Forbidden}
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "stint")
	if a.etag != "" {
		request.Header.Set("If-None-Match", a.etag)
	}
	if a.modified != "" {
		request.Header.Set("If-Modified-Since", a.modified)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return Answer{Outcome: failure(err)}
	}
	defer func() { _ = response.Body.Close() }() // read only
	return c.read(response, now)
}

// read judges a response and reads its body.
func (c *Client) read(response *http.Response, now int64) Answer {
	answer := Answer{
		Status: response.StatusCode, Outcome: outcomeOf(response.StatusCode),
		Retry: retryAfter(response.Header.Get("Retry-After"), now),
	}
	if answer.Outcome != Fresh {
		return answer
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, c.settings.Bytes+1))
	switch {
	case err != nil:
		answer.Outcome = failure(err)
	case int64(len(body)) > c.settings.Bytes:
		answer.Outcome = Large
	default:
		answer.Body = body
		answer.etag = response.Header.Get("ETag")
		answer.modified = response.Header.Get("Last-Modified")
	}
	return answer
}

// outcomeOf judges a status.
func outcomeOf(status int) Outcome {
	switch {
	case status == http.StatusOK:
		return Fresh
	case status == http.StatusNotModified:
		return Same
	case status == http.StatusAccepted:
		return NotReady
	case status == http.StatusNotFound || status == http.StatusGone:
		return Absent
	case status == http.StatusTooManyRequests:
		return Limited
	case status >= 300 && status < 400:
		return Redirected // one without a place to go
	case status >= 400 && status < 500:
		return Refused
	}
	return Broken
}

// failure judges an exchange that broke off.
func failure(err error) Outcome {
	var slow interface{ Timeout() bool }
	switch {
	case errors.Is(err, errRedirects):
		return Redirected
	case errors.Is(err, errPrivate):
		return Forbidden
	case errors.As(err, &slow) && slow.Timeout():
		return Slow
	}
	return Unreachable
}
