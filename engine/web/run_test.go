package web

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
)

// serveTown serves a town on a free port of the loopback; stop ends it and returns what Run did.
func serveTown(t *testing.T, to *town) (address string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- to.server.Run(ctx, l, nil) }()
	return l.Addr().String(), func() error {
		cancel()
		late := time.NewTimer(20 * time.Second)
		defer late.Stop()
		select {
		case err := <-done:
			return err
		case <-late.C:
			return errors.New("the server did not end")
		}
	}
}

func TestRunFinishesWhatItBegan(t *testing.T) {
	to := newTown(t)
	began, finish := make(chan struct{}), make(chan struct{})
	to.server.mux.HandleFunc("GET /slow", func(w http.ResponseWriter, _ *http.Request) {
		close(began)
		<-finish
		_, _ = io.WriteString(w, "done")
	})
	address, stop := serveTown(t, to)
	answer := make(chan string, 1)
	go func() {
		r, err := http.Get("http://" + address + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer r.Body.Close()
		body, _ := io.ReadAll(r.Body)
		answer <- string(body)
	}()
	<-began
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	<-to.server.ending // from here on new requests are refused
	for {              // until the listener is closed
		conn, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		conn.Close()
	}
	close(finish)
	if got := <-answer; got != "done" {
		t.Errorf("the request under way was answered %q, want done", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("Run = %v, want nil", err)
	}
}

func TestRunEndsEventStreams(t *testing.T) {
	to := newTown(t)
	address, stop := serveTown(t, to)
	r, err := http.NewRequest(http.MethodGet, "http://"+address+"/v1/events?sector=bike", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", to.tokens["admin"])
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	if line, err := bufio.NewReader(stream.Body).ReadString('\n'); line != "retry: 2000\n" {
		t.Fatalf("first line = %q, %v", line, err)
	}
	var clock engine.SystemClock
	began := clock.Now()
	if err := stop(); err != nil {
		t.Errorf("Run = %v, want nil", err)
	}
	if took := clock.Now().Sub(began); took > 5*time.Second {
		t.Errorf("ending took %v with one event stream open", took)
	}
}

// TestRawRequests sends what no HTTP library sends.
func TestRawRequests(t *testing.T) {
	to := newTown(t)
	address, stop := serveTown(t, to)
	defer func() { _ = stop() }()
	long := strings.Repeat("a", 40<<10)
	const get, post = "GET /healthz HTTP/1.1\r\n", "POST /v1/placements HTTP/1.1\r\nHost: x\r\n"
	const end = "Connection: close\r\n\r\n"
	tests := map[string]struct {
		request string
		want    string // status line's code
	}{
		"a header too long":      {get + "Host: x\r\nX: " + long + "\r\n\r\n", "431"},
		"no host":                {get + "\r\n", "400"},
		"two lengths":            {post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"},
		"a negative length":      {post + "Content-Length: -1\r\n\r\n", "400"},
		"no request line":        {"\x00\x01\x02\r\n\r\n", "400"},
		"dots out of the tree":   {"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n" + end, "404"},
		"dots to another route":  {"GET /v1/../healthz HTTP/1.1\r\nHost: x\r\n" + end, "307"},
		"a header with new line": {get + "Host: x\r\nA: b\n c\r\n" + end, "200"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(engine.SystemClock{}.Now().Add(10 * time.Second))
			if _, err := io.WriteString(conn, tt.request); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(conn).ReadString('\n')
			if err != nil || !strings.HasPrefix(line, "HTTP/1.1 "+tt.want) {
				t.Errorf("answer %q, %v, want status %s", line, err, tt.want)
			}
		})
	}
}
