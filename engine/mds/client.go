package mds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
)

// The errors of a Client. Whatever it is, nothing is known then: no error is an empty street.
var (
	// ErrNotReady: the hour is past and its trips are not there yet (202). Ask later.
	ErrNotReady = errors.New("mds: the hour is not ready yet")
	// ErrNoHour: the hour is not past, or the operator was not there (404).
	ErrNoHour = errors.New("mds: nothing is known of the hour")
	// ErrVersion: the operator speaks another version (406).
	ErrVersion = errors.New("mds: another version")
	// ErrPages: the links of the pages lead to another host, in a circle or too far.
	ErrPages = errors.New("mds: the pages lead astray")
	// ErrLarge: an answer is longer than ClientConfig.MostBytes.
	ErrLarge = errors.New("mds: the answer is too long")
)

// StatusError is an answer with a status that says no more.
type StatusError struct {
	Status int
	Retry  time.Duration // that the answer asks to wait; 0 = it doesn't say
}

// Error names the status.
func (e *StatusError) Error() string { return "mds: answered with " + strconv.Itoa(e.Status) }

// ClientConfig says how an operator's Provider API is reached. Zero values are defaults.
type ClientConfig struct {
	URL       string // up to the endpoints: https://mds.example/v2
	Token     string // of the bearer; sent to the URL's host only
	Transport http.RoundTripper
	Timeout   time.Duration // of one page, its body included; default 30 seconds
	MostBytes int64         // of one page, unpacked; default 64 MiB
	MostPages int           // of one reading; default 1000
}

// Client reads one operator's Provider API. One goroutine at a time may use it.
type Client struct {
	config ClientConfig
	base   *url.URL
	http   *http.Client
	hasher *observe.Hasher
}

// NewClient returns a client. Names become IDs by the hasher's salt.
func NewClient(c ClientConfig, h *observe.Hasher) (*Client, error) {
	base, err := url.Parse(c.URL)
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		return nil, errors.New("mds: the address of a Provider API is no http address")
	}
	if c.Timeout == 0 {
		c.Timeout = 30 * time.Second
	}
	if c.MostBytes == 0 {
		c.MostBytes = 64 << 20
	}
	if c.MostPages == 0 {
		c.MostPages = 1000
	}
	client := &Client{config: c, base: base, hasher: h}
	client.http = &http.Client{
		Transport: c.Transport, Timeout: c.Timeout,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			const most = 5
			if len(via) > most || !client.own(r.URL) {
				return ErrPages
			}
			return nil
		},
	}
	return client, nil
}

// own reports whether an address is of the operator's host, and as safe.
func (c *Client) own(u *url.URL) bool { return u.Scheme == c.base.Scheme && u.Host == c.base.Host }

// Reading is what surrounded an answer of one or more pages.
type Reading struct {
	Updated int64 // of the oldest page; 0 = not told
	TTL     int   // ms, the shortest of the pages; -1 = not told
	Pages   int
	Report  lenient.Report
}

// Vehicles reads the list of an operator's vehicles.
func (c *Client) Vehicles(ctx context.Context) ([]Vehicle, *Reading, error) {
	var list []Vehicle
	r, err := c.pages(ctx, "vehicles", nil, func(body []byte, r *lenient.Report) (Page, error) {
		part, p, err := ReadVehicles(body, c.hasher, r)
		list = append(list, part...)
		return p, err
	})
	return list, r, err
}

// Statuses reads where an operator's vehicles are.
func (c *Client) Statuses(ctx context.Context) ([]Status, *Reading, error) {
	var list []Status
	r, err := c.pages(ctx, "vehicles/status", nil,
		func(body []byte, r *lenient.Report) (Page, error) {
			part, p, err := ReadStatuses(body, c.hasher, r)
			list = append(list, part...)
			return p, err
		})
	return list, r, err
}

// Events reads what happened from a time on and before another, at most two weeks ago.
func (c *Client) Events(ctx context.Context, from, until time.Time) ([]Event, *Reading, error) {
	query := url.Values{
		"start_time": {strconv.FormatInt(from.UnixMilli(), 10)},
		"end_time":   {strconv.FormatInt(until.UnixMilli(), 10)},
	}
	var list []Event
	r, err := c.pages(ctx, "events/recent", query,
		func(body []byte, r *lenient.Report) (Page, error) {
			part, p, err := ReadEvents(body, c.hasher, r)
			list = append(list, part...)
			return p, err
		})
	return list, r, err
}

// Trips reads the trips that ended in the hour of a time. It returns ErrNotReady and ErrNoHour for
// hours of which nothing is known; no trips and no error means that there were none.
func (c *Client) Trips(ctx context.Context, hour time.Time) ([]Trip, *Reading, error) {
	query := url.Values{"end_time": {hour.UTC().Format("2006-01-02T15")}}
	var list []Trip
	r, err := c.pages(ctx, "trips", query, func(body []byte, r *lenient.Report) (Page, error) {
		part, p, err := ReadTrips(body, c.hasher, r)
		list = append(list, part...)
		return p, err
	})
	var status *StatusError
	if errors.As(err, &status) && status.Status == http.StatusNotFound {
		err = fmt.Errorf("%w: %w", ErrNoHour, err)
	}
	return list, r, err
}

// pages reads an endpoint page by page. A reading that fails on any page is worth nothing.
func (c *Client) pages(
	ctx context.Context, end string, query url.Values,
	read func([]byte, *lenient.Report) (Page, error),
) (*Reading, error) {
	r := &Reading{TTL: -1}
	at := c.base.JoinPath(end)
	at.RawQuery = query.Encode()
	seen := map[string]bool{}
	for at != nil {
		if r.Pages++; r.Pages > c.config.MostPages || seen[at.String()] || !c.own(at) {
			return r, fmt.Errorf("read %s, page %d: %w", end, r.Pages, ErrPages)
		}
		seen[at.String()] = true
		body, err := c.fetch(ctx, at, end, r)
		if err != nil {
			return r, fmt.Errorf("read %s, page %d: %w", end, r.Pages, err)
		}
		p, err := read(body, &r.Report)
		if err != nil {
			return r, fmt.Errorf("read %s, page %d: %w", end, r.Pages, err)
		}
		r.surround(p)
		if at, err = c.next(at, p.Next); err != nil {
			return r, fmt.Errorf("read %s, page %d: %w", end, r.Pages, err)
		}
	}
	return r, nil
}

// surround keeps the oldest time and the shortest life of the pages.
func (r *Reading) surround(p Page) {
	if p.Updated != 0 && (r.Updated == 0 || p.Updated < r.Updated) {
		r.Updated = p.Updated
	}
	if p.TTL >= 0 && (r.TTL < 0 || p.TTL < r.TTL) {
		r.TTL = p.TTL
	}
}

// next returns the address of the next page, nil after the last.
func (c *Client) next(at *url.URL, link string) (*url.URL, error) {
	if link == "" {
		return nil, nil // there is none, and that is no error
	}
	u, err := at.Parse(link)
	if err != nil {
		return nil, ErrPages // the address may hold a token: it is not told
	}
	return u, nil
}

// fetch reads one page.
func (c *Client) fetch(ctx context.Context, at *url.URL, end string, r *Reading) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), http.NoBody)
	if err != nil {
		return nil, ErrPages
	}
	q.Header.Set("Accept", media+";version=2.0")
	if c.config.Token != "" {
		q.Header.Set("Authorization", "Bearer "+c.config.Token)
	}
	answer, err := c.http.Do(q)
	if err != nil {
		var inner *url.Error
		if errors.As(err, &inner) { // without the address
			err = inner.Err
		}
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }() // read only
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusAccepted:
		return nil, ErrNotReady
	case http.StatusNotAcceptable:
		return nil, ErrVersion
	default:
		return nil, &StatusError{answer.StatusCode, retryAfter(answer.Header)}
	}
	kind, params, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	version := params["version"]
	if err == nil && kind == media && version != "" && !supported(version) {
		r.Report.Add(lenient.Problem{Feed: end, Kind: lenient.Version, Got: version})
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, c.config.MostBytes+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(body)) > c.config.MostBytes:
		return nil, ErrLarge
	}
	return body, nil
}

// media is the media type of the standard.
const media = "application/vnd.mds+json"

// retryAfter returns how long an answer asks to wait, in seconds as APIs write it.
func retryAfter(h http.Header) time.Duration {
	const most = 24 * 3600
	n, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(min(n, most)) * time.Second
}
