package web

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter allows each client so many requests a second. It remembers a bounded number of clients:
// the one silent for longest is forgotten first.
type limiter struct {
	rate  rate.Limit
	burst int
	size  int

	mu      sync.Mutex
	clients map[string]*list.Element
	recent  list.List // of *client, the last heard first
}

// client is one client's bucket.
type client struct {
	name   string
	bucket *rate.Limiter
}

// newLimiter returns a limiter of perSecond requests; negative = no limit.
func newLimiter(perSecond float64, burst, size int) *limiter {
	l := &limiter{rate: rate.Limit(perSecond), burst: burst, size: size}
	l.clients = make(map[string]*list.Element)
	return l
}

// allow reports whether a client may send one request more now; if not, how long it should wait.
func (l *limiter) allow(name string, now time.Time) (wait time.Duration, ok bool) {
	if l.rate < 0 {
		return 0, true
	}
	bucket := l.bucket(name)
	if bucket.AllowN(now, 1) {
		return 0, true
	}
	missing := 1 - bucket.TokensAt(now)
	return time.Duration(missing / float64(l.rate) * float64(time.Second)), false
}

// bucket returns a client's bucket.
func (l *limiter) bucket(name string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.clients[name]; e != nil {
		l.recent.MoveToFront(e)
		return e.Value.(*client).bucket
	}
	for len(l.clients) >= l.size {
		oldest := l.recent.Back()
		delete(l.clients, l.recent.Remove(oldest).(*client).name)
	}
	c := &client{name, rate.NewLimiter(l.rate, l.burst)}
	l.clients[name] = l.recent.PushFront(c)
	return c.bucket
}
