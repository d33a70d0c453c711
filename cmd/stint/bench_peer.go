package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/stint-city/stint/engine/rdb/server"
)

// measureGeosearch measures what Redis itself has for "what is near this point": GEOSEARCH over as
// many points as the city has areas and places, from one of them, the five nearest within 100 m.
func (b *benchRun) measureGeosearch(ctx context.Context) error {
	return b.withRedis(ctx, func(s *server.Server) error {
		network := networkOf(s)
		n, err := b.addPoints(ctx, network, s.Addr())
		if err != nil {
			return err
		}
		for _, w := range []struct {
			id   string
			work redisWork
		}{
			{"geosearch", redisWork{clients: 8, pipeline: 64, requests: 200_000, spread: n}},
			{"geosearch-1", redisWork{clients: 50, pipeline: 1, requests: 100_000, spread: n}},
		} {
			got, err := redisBench(ctx, network, s.Addr(), w.work, "GEOSEARCH", "bench:points",
				"FROMMEMBER", "__rand_int__", "BYRADIUS", "100", "m", "ASC", "COUNT", "5")
			if err != nil {
				return err
			}
			b.result.add(w.id, got)
		}
		return nil
	})
}

// addPoints adds the middles of the areas and places under the names that redis-benchmark draws,
// and returns how many.
func (b *benchRun) addPoints(ctx context.Context, network, address string) (int, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }() // every answer was read
	answers := bufio.NewReader(conn)
	n := 0
	for _, zone := range b.places.zones[districtCount:] {
		at := zone.Shape.Centroid()
		words := []string{
			"GEOADD", "bench:points", strconv.FormatFloat(at.Lng, 'f', 7, 64),
			strconv.FormatFloat(at.Lat, 'f', 7, 64), fmt.Sprintf("%012d", n),
		}
		n++
		if _, err := conn.Write(command(words)); err != nil {
			return n, err
		}
		if line, err := answers.ReadString('\n'); err != nil || line[0] != ':' {
			return n, fmt.Errorf("%w: %.80q to GEOADD: %w", errAnswer, line, err)
		}
	}
	return n, nil
}

// command returns a command as Redis reads it.
func command(words []string) []byte {
	out := fmt.Appendf(nil, "*%d\r\n", len(words))
	for _, word := range words {
		out = fmt.Appendf(out, "$%d\r\n%s\r\n", len(word), word)
	}
	return out
}

// networkOf returns "unix" or "tcp".
func networkOf(s *server.Server) string {
	if strings.HasPrefix(s.URL(), "unix:") {
		return "unix"
	}
	return "tcp"
}
