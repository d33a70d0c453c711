package queue

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine/example"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/rdb/server"
	"github.com/stint-city/stint/simulations"
)

const toolTest = "stint test"

// workerOf makes the test binary a worker of a Redis.
const workerOf = "STINT_TEST_WORKER_OF"

func TestMain(m *testing.M) {
	address := os.Getenv(workerOf)
	if address == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := Work(ctx, address, WorkerOptions{
		Tool: toolTest, Workers: 1, Ready: func() { fmt.Fprintln(os.Stdout, "ready") },
		Heard: func(text string) { fmt.Fprintln(os.Stderr, text) },
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// scenario has tasks of a few tenths of a second: ten blocks of two policies.
const scenario = `version: 1
name: queue
city: city.yaml
sector: bike
days: 8
seed: 11
replications: {min: 4, max: 40, half_width: 0.000001}
bureau: {decide_every_days: 2, notice_days: 1}
policies:
  - {id: today}
  - {id: fewer, set: {total_max: 60}}
`

// start returns the address of a fresh Redis.
func start(t *testing.T) string {
	t.Helper()
	s, err := server.Start(t.Context(), server.Options{Dir: t.TempDir()})
	if errors.Is(err, server.ErrNoServer) {
		t.Skip("NO redis-server HERE: nothing is known of the queue")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Kill() })
	return s.URL()
}

// study loads a scenario on the made city.
func study(t *testing.T, text string) *simulations.Study {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "town")
	if err := example.Write(dir, example.Options{Seed: 1, Cells: 100, Weeks: 1}); err != nil {
		t.Fatal(err)
	}
	s, err := simulations.Parse("scenario.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	made, err := simulations.Load(t.Context(), s, filepath.Join(dir, "scenario.yaml"), "")
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// files writes a result and returns its files.
func files(t *testing.T, s *simulations.Study, r *simulations.Result) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	if err := r.Write(dir, s.Manifest(toolTest, s.Scenario.SHA256()), lang.English); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, name := range []string{"summary.json", "metrics.csv", "manifest.json", "report.html"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		found[name] = string(data)
	}
	return found
}

// process starts a worker in a process of its own.
func process(t *testing.T, address string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), workerOf+"="+address)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the worker says %q, %v", line, err)
	}
	return c
}

// killAtWork kills a worker while it makes a share: it is stopped first, so that what it says of
// itself in Redis stands still, and killed only if it was at work on a share that isn't there yet.
// It returns the key of its sign of life, or an error where it was never seen at work.
func killAtWork(ctx context.Context, client *redis.Client, p *os.Process) (string, error) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for range 4000 {
		if err := p.Signal(syscall.SIGSTOP); err != nil {
			return "", err
		}
		at, err := atWork(ctx, client, p.Pid)
		if err != nil {
			return "", err
		}
		if at != "" {
			return at, p.Kill()
		}
		if err := p.Signal(syscall.SIGCONT); err != nil {
			return "", err
		}
		<-tick.C
	}
	return "", errors.New("the worker was never seen at work")
}

// atWork returns the sign of life that a process gives for a share that isn't there yet, "" for
// none. A share that ended leaves its last sign behind, which is no longer fresh.
func atWork(ctx context.Context, client *redis.Client, pid int) (string, error) {
	beats, err := client.Keys(ctx, "stint:sim:*:beat:*").Result()
	if err != nil {
		return "", err
	}
	for _, key := range beats {
		who, _ := client.Get(ctx, key).Result() // it may have ended since
		life, _ := client.PTTL(ctx, key).Result()
		there, err := client.Exists(ctx, strings.Replace(key, ":beat:", ":share:", 1)).Result()
		if err != nil {
			return "", err
		}
		fresh := life > beatLasts-beatEvery/2
		if strings.HasSuffix(who, fmt.Sprintf("/%d", pid)) && fresh && there == 0 {
			return key, nil
		}
	}
	return "", nil
}

// TestWorkers holds that three worker processes, one of them killed while it makes a share, give
// the bytes of a local run, and that nothing of the job stays in Redis.
func TestWorkers(t *testing.T) {
	if testing.Short() {
		t.Skip("several processes")
	}
	address := start(t)
	s := study(t, scenario)
	local, err := s.Run(t.Context(), 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	client, err := connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	victim := process(t, address)
	process(t, address)
	process(t, address)
	killed := make(chan error, 1)
	go func() {
		at, err := killAtWork(t.Context(), client, victim.Process)
		t.Logf("a worker is killed at %s", at)
		killed <- err
	}()
	remote, err := Run(t.Context(), address, s, Options{
		Tool: toolTest, Heard: func(m lang.Message) { t.Log(lang.English.Text(m)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-killed; err != nil {
		t.Fatal(err)
	}
	if remote.Replications != 40 {
		t.Errorf("%d replications, want all 40", remote.Replications)
	}
	if diff := cmp.Diff(files(t, s, local), files(t, s, remote)); diff != "" {
		t.Errorf("workers write other bytes (-local +workers):\n%s", diff)
	}
	rest, err := client.Keys(t.Context(), "stint:sim:*:share:*").Result()
	inputs, _ := client.Keys(t.Context(), "stint:sim:*:inputs").Result()
	if err != nil || len(rest)+len(inputs) > 0 {
		t.Errorf("left in Redis: %v %v, %v", rest, inputs, err)
	}
}

// brief is a scenario of four replications.
func brief() string {
	return strings.NewReplacer("days: 8", "days: 2", "max: 40", "max: 4").Replace(scenario)
}

// work runs a worker in this process until the test ends.
func work(t *testing.T, address string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Work(ctx, address, WorkerOptions{Tool: toolTest, Workers: 2}) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// Two who ask for the same at once both get the bytes of a local run, although the first to have
// them deletes what the second waits for; and so does a third who asks after one was interrupted.
func TestAskedTwice(t *testing.T) {
	address := start(t)
	s := study(t, brief())
	local, err := s.Run(t.Context(), 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := files(t, s, local)
	ctx, interrupt := context.WithCancel(t.Context())
	_, err = Run(ctx, address, s, Options{Tool: toolTest, Heard: func(m lang.Message) {
		if m.ID != "sim-scale.alone" {
			t.Errorf("heard %s", lang.English.Text(m))
		}
		interrupt()
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted with nobody at work: %v", err)
	}
	work(t, address)
	type answer struct {
		result *simulations.Result
		err    error
	}
	answers := make(chan answer, 2)
	for range 2 {
		go func() {
			r, err := Run(t.Context(), address, s, Options{Tool: toolTest})
			answers <- answer{r, err}
		}()
	}
	for range 2 {
		a := <-answers
		if a.err != nil {
			t.Fatal(a.err)
		}
		if diff := cmp.Diff(want, files(t, s, a.result)); diff != "" {
			t.Errorf("other bytes (-local +workers):\n%s", diff)
		}
	}
}

// What a worker can't make is told to who asks; workers of another version take nothing.
func TestFaults(t *testing.T) {
	address := start(t)
	s := study(t, brief())
	client, err := connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	work(t, address)
	const other = "stint of another version"
	_, err = Run(t.Context(), address, s, Options{Tool: other, Heard: func(lang.Message) {
		first := tasks(s.Job(other))[0]
		if err := client.Set(t.Context(), faultKey(first), "no such luck", keep).Err(); err != nil {
			t.Error(err)
		}
	}})
	if !errors.Is(err, ErrWorker) || !strings.Contains(err.Error(), "no such luck") {
		t.Errorf("a fault of a worker: %v", err)
	}
	bad := task{Job: s.Job(toolTest).Key(), From: 0}
	if err := client.Set(t.Context(), inputsKey(bad.Job), "no archive", keep).Err(); err != nil {
		t.Fatal(err)
	}
	w := &worker{client: client, tool: toolTest}
	if _, err := w.make(t.Context(), bad); !errors.Is(err, simulations.ErrBundle) {
		t.Errorf("inputs that can't be unpacked: %v", err)
	}
	bad.Job = "0123"
	if _, err := w.make(t.Context(), bad); !errors.Is(err, errGone) {
		t.Errorf("a job nobody asks for: %v", err)
	}
	bundle, err := s.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Set(t.Context(), inputsKey(bad.Job), bundle, keep).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.make(t.Context(), bad); !errors.Is(err, ErrWorker) {
		t.Errorf("inputs of another job: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for _, address := range []string{"", "localhost:6379", "http://localhost", "redis://a:b@[::1"} {
		err := Work(t.Context(), address, WorkerOptions{})
		if !errors.Is(err, ErrURL) || strings.Contains(err.Error(), "a:b@") {
			t.Errorf("%q: %v", address, err)
		}
	}
	silent := "unix://" + filepath.Join(t.TempDir(), "nobody.sock")
	if err := Work(t.Context(), silent, WorkerOptions{}); !errors.Is(err, ErrRedis) {
		t.Errorf("no server: %v", err)
	}
}
