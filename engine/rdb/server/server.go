package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"
)

// The errors of Start.
var (
	// ErrNoServer: neither redis-server nor valkey-server is on PATH.
	ErrNoServer = errors.New("no redis-server or valkey-server on PATH")
	// ErrNotReady: the program started and did not come to answer, or ended at once.
	ErrNotReady = errors.New("the child server did not become ready")
	// ErrInUse: another server runs in the folder, and two would ruin what it holds.
	ErrInUse = errors.New("another server runs in the folder")
)

// Options say how a child server runs. Only Dir is needed.
type Options struct {
	// Dir holds the append-only file and the log; it is made where it doesn't exist. What a server
	// wrote there before is loaded.
	Dir string
	// AppendFsync is "always", "everysec" (also for "") or "no".
	AppendFsync string
	// TCP listens on a free port of 127.0.0.1; otherwise on a socket that only this user may open.
	TCP bool
	// ReplicaOf is the Addr of a server that listens by TCP, whose replica this one becomes.
	ReplicaOf string
	// Cluster runs in cluster mode, which implies TCP. It is StartCluster that joins the nodes.
	Cluster bool
	// NodeTimeout is after how long a cluster node counts as failed; 0 is 2 s.
	NodeTimeout time.Duration
}

// Server is one child server.
type Server struct {
	options Options
	program string
	network string // "unix" or "tcp"
	address string
	bus     int // cluster bus port
	folder  string
	process *os.Process
	done    chan struct{} // closed when the process has ended
}

// Program returns the path of redis-server or else valkey-server, or ErrNoServer.
func Program() (string, error) {
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoServer
}

// Start starts a server and returns when it answers. ctx limits only the wait; the server runs
// until Stop or Kill, or until this process ends.
func Start(ctx context.Context, o Options) (*Server, error) {
	program, err := Program()
	if err != nil {
		return nil, err
	}
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	s := &Server{options: o, program: program}
	if err := s.place(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	return s, s.Restart(ctx)
}

// maxSocket is the longest path of a Unix socket that every system takes, bytes.
const maxSocket = 100

// place chooses where the server listens.
func (s *Server) place() error {
	if !s.options.TCP && !s.options.Cluster {
		s.network, s.address = "unix", filepath.Join(s.options.Dir, "redis.sock")
		if len(s.address) <= maxSocket {
			return nil
		}
		folder, err := os.MkdirTemp("", "stint-")
		s.folder, s.address = folder, filepath.Join(folder, "redis.sock")
		return err
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	s.network, s.address = "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if s.options.Cluster {
		s.bus, err = freePort()
	}
	return err
}

// freePort returns a port of 127.0.0.1 that nothing listens on now.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// Restart starts the server again in the same place with what its folder holds, after Stop or Kill.
// It returns when the server answers.
func (s *Server) Restart(ctx context.Context) error {
	lock, err := lockFolder(ctx, s.options.Dir)
	if err != nil {
		return fmt.Errorf("start %s: %w", s.program, err)
	}
	defer func() { _ = lock.Close() }() // the child has its own, until it ends
	if s.network == "unix" {
		_ = os.Remove(s.address) // a killed server leaves its socket behind
	}
	cmd := exec.Command(s.program, s.arguments()...)
	cmd.Dir = s.options.Dir
	cmd.SysProcAttr = attributes()
	cmd.ExtraFiles = []*os.File{lock}
	started := make(chan error, 1)
	s.done = make(chan struct{})
	done := s.done
	go func() {
		// The system ties the child to the thread that started it: the thread stays as long.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(done)
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start %s: %w", s.program, err)
	}
	s.process = cmd.Process
	if err := s.await(ctx); err != nil {
		_ = s.Kill()
		return err
	}
	return nil
}

// arguments are the command line.
func (s *Server) arguments() []string {
	fsync := s.options.AppendFsync
	if fsync == "" {
		fsync = "everysec"
	}
	args := []string{
		"--dir", s.options.Dir, "--appendonly", "yes", "--appendfsync", fsync, "--save", "",
		"--logfile", filepath.Join(s.options.Dir, "server.log"), "--daemonize", "no",
		"--shutdown-timeout", "3",
	}
	if s.network == "unix" {
		return append(args, "--port", "0", "--unixsocket", s.address, "--unixsocketperm", "700")
	}
	_, port, _ := net.SplitHostPort(s.address)
	args = append(args, "--bind", "127.0.0.1", "--port", port)
	if s.options.ReplicaOf != "" {
		host, port, _ := net.SplitHostPort(s.options.ReplicaOf)
		args = append(args, "--replicaof", host+" "+port)
	}
	if s.options.Cluster {
		timeout := s.options.NodeTimeout
		if timeout == 0 {
			timeout = 2 * time.Second
		}
		args = append(args, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf",
			"--cluster-port", strconv.Itoa(s.bus),
			"--cluster-node-timeout", strconv.FormatInt(timeout.Milliseconds(), 10))
	}
	return args
}

// Addr is the path of the socket, or host:port.
func (s *Server) Addr() string { return s.address }

// URL is what rdb.Open takes: "unix://<path>" or "redis://127.0.0.1:<port>".
func (s *Server) URL() string {
	if s.network == "unix" {
		return "unix://" + s.address
	}
	return "redis://" + s.address
}

// Done is closed when the server that runs now has ended, for whatever reason.
func (s *Server) Done() <-chan struct{} { return s.done }
