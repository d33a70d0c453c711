package rdb

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/redis/go-redis/v9"
)

// ErrURL is what an address gives that names no store.
var ErrURL = errors.New("no address of a Redis store")

// connect returns a client of an address; it doesn't dial yet.
//
// A client never repeats a call by itself: only who wrote the call knows whether that is safe, and
// only the error of the one attempt tells whether it was sent.
func connect(address string, o Options) (redis.UniversalClient, error) {
	scheme, rest, _ := strings.Cut(address, "://")
	switch scheme {
	case "redis", "rediss", "unix":
		opt, err := redis.ParseURL(address)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrURL, withoutURL(err))
		}
		opt.MaxRetries, opt.ContextTimeoutEnabled = -1, true
		opt.ReadTimeout, opt.WriteTimeout, opt.DialTimeout = o.Timeout, o.Timeout, o.Timeout
		opt.PoolSize = poolSize
		return redis.NewClient(opt), nil
	case "redis+sentinel", "rediss+sentinel":
		return sentinel(scheme, rest, o)
	case "redis+cluster", "rediss+cluster":
		return cluster(scheme, rest, o)
	}
	return nil, fmt.Errorf("%w: %q is none of redis, rediss, unix, redis+sentinel, redis+cluster",
		ErrURL, scheme)
}

// poolSize is how many connections a node gets at most. Group commit needs two for each scope at
// work; a mirror or a follower keeps one while it waits for the next event.
const poolSize = 4096

// hosts is the part of an address after its scheme: "user:password@host1:port,host2:port/name".
type hosts struct {
	user, password string
	addrs          []string
	name           string
	tls            *tls.Config
}

// parseHosts reads the part of an address after its scheme.
func parseHosts(scheme, rest, port string) (hosts, error) {
	var h hosts
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		u, err := url.Parse("redis://" + rest[:at] + "@localhost")
		if err != nil {
			return h, fmt.Errorf("%w: %w", ErrURL, withoutURL(err))
		}
		h.user = u.User.Username()
		h.password, _ = u.User.Password()
		rest = rest[at+1:]
	}
	list, name, _ := strings.Cut(rest, "/")
	h.name = name
	for _, addr := range strings.Split(list, ",") {
		if addr == "" {
			return h, fmt.Errorf("%w: an empty host in %q", ErrURL, list)
		}
		if _, _, err := net.SplitHostPort(addr); err != nil {
			addr = net.JoinHostPort(strings.Trim(addr, "[]"), port)
		}
		h.addrs = append(h.addrs, addr)
	}
	if strings.HasPrefix(scheme, "rediss") {
		host, _, _ := net.SplitHostPort(h.addrs[0])
		h.tls = &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	}
	return h, nil
}

// withoutURL drops the address from an error: it may have a password.
func withoutURL(err error) error {
	var parse *url.Error
	if errors.As(err, &parse) {
		return parse.Err
	}
	return err
}

// sentinel returns a client of the master that sentinels name: "host1,host2:26379/master".
func sentinel(scheme, rest string, o Options) (redis.UniversalClient, error) {
	h, err := parseHosts(scheme, rest, "26379")
	if err != nil {
		return nil, err
	}
	if h.name == "" {
		return nil, fmt.Errorf("%w: no name of the master after the hosts", ErrURL)
	}
	return redis.NewFailoverClient(&redis.FailoverOptions{
		MasterName: h.name, SentinelAddrs: h.addrs, Username: h.user, Password: h.password,
		TLSConfig: h.tls, MaxRetries: -1, ContextTimeoutEnabled: true, PoolSize: poolSize,
		ReadTimeout: o.Timeout, WriteTimeout: o.Timeout, DialTimeout: o.Timeout,
	}), nil
}

// cluster returns a client of a Cluster that has these nodes among its own.
func cluster(scheme, rest string, o Options) (redis.UniversalClient, error) {
	h, err := parseHosts(scheme, rest, "6379")
	if err != nil {
		return nil, err
	}
	return redis.NewClusterClient(&redis.ClusterOptions{
		Addrs: h.addrs, Username: h.user, Password: h.password, TLSConfig: h.tls,
		MaxRetries: -1, ContextTimeoutEnabled: true, PoolSize: poolSize,
		ReadTimeout: o.Timeout, WriteTimeout: o.Timeout, DialTimeout: o.Timeout,
	}), nil
}
