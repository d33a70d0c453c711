package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// errNoTool says that a program that a measurement needs is not on PATH.
var errNoTool = errors.New("not on PATH")

// redisBench runs redis-benchmark against a server's socket or address: clients connections that
// send a command again and again, so many before they wait for the answers. "__rand_int__" in the
// command stands for twelve digits, a number below spread.
func redisBench(
	ctx context.Context, network, address string, w redisWork, command ...string,
) (sample, error) {
	program, err := exec.LookPath("redis-benchmark")
	if err != nil {
		return sample{}, fmt.Errorf("redis-benchmark: %w", errNoTool)
	}
	where := []string{"-s", address}
	if network == "tcp" {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return sample{}, err
		}
		where = []string{"-h", host, "-p", port}
	}
	args := append(where, "-c", strconv.Itoa(w.clients), "-P", strconv.Itoa(max(w.pipeline, 1)),
		"-n", strconv.Itoa(w.requests), "-r", strconv.Itoa(w.spread), "--csv")
	var said strings.Builder
	c := exec.CommandContext(ctx, program, append(args, command...)...)
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		return sample{}, fmt.Errorf("redis-benchmark: %w: %.200s", err, said.String())
	}
	return readRedisBench(string(out), w.requests)
}

// redisWork is how much redis-benchmark does.
type redisWork struct {
	clients, pipeline, requests, spread int
}

// readRedisBench reads the last line of redis-benchmark --csv: the command, then requests a second
// and the average, least, middle, 95th, 99th and longest latency in milliseconds.
func readRedisBench(out string, requests int) (sample, error) {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	fields := strings.Split(strings.TrimSuffix(lines[len(lines)-1], `"`), `","`)
	if len(fields) < 8 {
		return sample{}, fmt.Errorf("redis-benchmark said %.200q", out)
	}
	var numbers [7]float64
	for i, text := range fields[len(fields)-7:] {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return sample{}, fmt.Errorf("redis-benchmark said %.200q", out)
		}
		numbers[i] = x
	}
	return sample{
		PerSecond: numbers[0], P50: numbers[3], P99: numbers[5], Max: numbers[6],
		Decisions: requests,
	}, nil
}

// overhear returns, word by word, the first EVALSHA command with a mark in it that reaches a Redis
// server while f runs: what stint itself sends.
func overhear(
	ctx context.Context, network, address, mark string, f func() error,
) ([]string, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }() // nothing is written that could be lost
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, err
		}
	}
	if _, err := conn.Write([]byte("MONITOR\r\n")); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(conn)
	if _, err := lines.ReadString('\n'); err != nil { // +OK
		return nil, err
	}
	if err := f(); err != nil {
		return nil, err
	}
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("listen to the store: %w", err)
		}
		words, err := monitored(line)
		if err != nil {
			return nil, err
		}
		marked := slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, mark) })
		if marked && strings.EqualFold(words[0], "evalsha") {
			return words, nil
		}
	}
}

// monitored returns the words of a line of MONITOR: +1700000000.123456 [0 unix:/path] "GET" "key",
// none where a script sent it.
func monitored(line string) ([]string, error) {
	_, rest, ok := strings.Cut(strings.TrimRight(line, "\r\n"), "] ")
	if !ok || strings.Contains(line[:len(line)-len(rest)], " lua] ") {
		return nil, nil
	}
	var words []string
	for rest = strings.TrimLeft(rest, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return nil, fmt.Errorf("MONITOR said %.100q: %w", rest, err)
		}
		word, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, fmt.Errorf("MONITOR said %.100q: %w", quoted, err)
		}
		words, rest = append(words, word), rest[len(quoted):]
	}
	return words, nil
}
