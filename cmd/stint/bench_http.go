package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// errAnswer says that a server's answer is not the one that was expected.
var errAnswer = errors.New("unexpected answer")

// wire is one HTTP/1.1 connection that sends a request and waits for the answer. It costs far less
// than net/http's client, so that what is measured is the server.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	out  []byte
	head []byte // of every request: its first line and its headers up to the key
}

// dialWire connects to a server and prepares requests of a method and path with a bearer token.
func dialWire(ctx context.Context, address, method, path, token string) (*wire, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n",
		method, path, address, token)
	return &wire{conn: conn, in: bufio.NewReaderSize(conn, 1<<16), head: []byte(head)}, nil
}

// ask sends a body under an idempotency key, "" for none, and returns the status of the answer,
// whose body is added to into unless that is nil.
func (w *wire) ask(key string, body []byte, into *bytes.Buffer) (status int, err error) {
	w.out = append(w.out[:0], w.head...)
	if key != "" {
		w.out = append(append(append(w.out, "Idempotency-Key: "...), key...), "\r\n"...)
	}
	if body != nil {
		w.out = append(w.out, "Content-Type: application/json\r\nContent-Length: "...)
		w.out = append(strconv.AppendInt(w.out, int64(len(body)), 10), "\r\n"...)
	}
	w.out = append(append(w.out, "\r\n"...), body...)
	if _, err := w.conn.Write(w.out); err != nil {
		return 0, err
	}
	return w.answer(into)
}

// answer reads one answer.
func (w *wire) answer(into *bytes.Buffer) (status int, err error) {
	line, err := w.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 {
		return 0, fmt.Errorf("%w: %.80q", errAnswer, line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, fmt.Errorf("%w: %.80q", errAnswer, line)
	}
	length := int64(-1)
	for {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		name, value, more := bytes.Cut(bytes.TrimSpace(line), []byte(":"))
		if !more {
			break
		}
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64); err != nil {
				return 0, fmt.Errorf("%w: length %.80q", errAnswer, value)
			}
		}
	}
	if length < 0 {
		return status, fmt.Errorf("%w: status %d without a length", errAnswer, status)
	}
	if into == nil {
		_, err = w.in.Discard(int(length))
	} else {
		_, err = io.CopyN(into, w.in, length)
	}
	return status, err
}

// close ends the connection.
func (w *wire) close() { _ = w.conn.Close() }
