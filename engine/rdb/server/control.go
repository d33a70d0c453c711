package server

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

// Stop shuts the server down cleanly, with everything on disk, and waits until it has ended. If ctx
// ends first, the server is killed and ctx's error returned.
func (s *Server) Stop(ctx context.Context) error {
	_ = s.process.Signal(syscall.SIGCONT) // a paused one must hear it
	_ = s.process.Signal(syscall.SIGTERM)
	select {
	case <-s.done:
	case <-ctx.Done():
		_ = s.Kill()
		return fmt.Errorf("stop %s: %w", s.program, ctx.Err())
	}
	if s.folder != "" {
		_ = os.RemoveAll(s.folder)
	}
	return nil
}

// Kill ends the server at once, as a crash would (kill -9), and waits until it is gone.
func (s *Server) Kill() error {
	_ = s.process.Kill()
	<-s.done
	return nil
}

// Pause stops the server from running, as a machine that hangs would; Resume lets it go on.
func (s *Server) Pause() error { return s.process.Signal(syscall.SIGSTOP) }

// Resume lets a paused server go on.
func (s *Server) Resume() error { return s.process.Signal(syscall.SIGCONT) }

// client returns a connection for the server's own affairs.
func (s *Server) client() *redis.Client {
	return redis.NewClient(&redis.Options{
		Network: s.network, Addr: s.address, PoolSize: 1, MaxRetries: -1,
		DialTimeout: time.Second, ReadTimeout: time.Second,
	})
}

// await returns when the server answers and has loaded its data.
func (s *Server) await(ctx context.Context) error {
	client := s.client()
	defer func() { _ = client.Close() }()
	err := poll(ctx, func() bool {
		select {
		case <-s.done:
			return true
		default:
			return client.Ping(ctx).Err() == nil
		}
	})
	select {
	case <-s.done:
		return fmt.Errorf("%w: %s ended: %s", ErrNotReady, s.program, s.lastWords())
	default:
	}
	if err != nil {
		return fmt.Errorf("%w: %s: %w: %s", ErrNotReady, s.program, err, s.lastWords())
	}
	return nil
}

// poll calls ready every few milliseconds until it is true or ctx ends.
func poll(ctx context.Context, ready func() bool) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// lastWords is the last line of the server's log.
func (s *Server) lastWords() string {
	data, err := os.ReadFile(filepath.Join(s.options.Dir, "server.log"))
	if err != nil {
		return "no log"
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	return lines[len(lines)-1]
}
