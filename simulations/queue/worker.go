package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/simulations"
)

// WorkerOptions say how a worker works.
type WorkerOptions struct {
	Tool    string            // the program and its version; only its own tasks are taken
	Workers int               // shares at a time; 0 = the processors
	Ready   func()            // is called once work can come; nil = nobody waits for it
	Heard   func(text string) // hears what went wrong with the queue; nil = nobody
}

// The life of a sign of life.
const (
	beatEvery = time.Second
	beatLasts = 5 * time.Second
)

// Work takes tasks from the queue at an address until ctx ends. A task that is cut short goes back.
func Work(ctx context.Context, address string, o WorkerOptions) error {
	client, err := connect(address)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	if err := client.Ping(ctx).Err(); err != nil {
		return unavailable(err)
	}
	host, _ := os.Hostname()
	w := &worker{client: client, tool: o.Tool, id: fmt.Sprintf("%s/%d", host, os.Getpid())}
	defer w.forget()
	server := asynq.NewServerFromRedisClient(client, asynq.Config{
		Concurrency: o.Workers, Queues: map[string]int{name(o.Tool): 1},
		BaseContext:              func() context.Context { return ctx },
		TaskCheckInterval:        200 * time.Millisecond,
		DelayedTaskCheckInterval: time.Second,
		RetryDelayFunc:           func(n int, _ error, _ *asynq.Task) time.Duration { return retry(n) },
		IsFailure:                func(err error) bool { return !errors.Is(err, context.Canceled) },
		Logger:                   listener{o.Heard}, LogLevel: asynq.WarnLevel,
		ShutdownTimeout: 10 * time.Second,
	})
	if err := server.Start(asynq.HandlerFunc(w.process)); err != nil {
		return unavailable(err)
	}
	if o.Ready != nil {
		o.Ready()
	}
	<-ctx.Done()
	server.Shutdown()
	return nil
}

// retry returns how long a task waits after it failed for the n-th time.
func retry(n int) time.Duration { return time.Duration(min(n+1, 10)) * time.Second }

// worker makes shares. It keeps the study it made last: tasks of one study come together.
type worker struct {
	client *redis.Client
	tool   string
	id     string // who gives signs of life

	mu    sync.Mutex // held while a study is loaded, for others would load the same
	study *loaded
}

// loaded is a study made from the inputs in Redis.
type loaded struct {
	job   simulations.Job
	maker *simulations.Maker
	dir   string
}

// forget removes the files of the study that is kept.
func (w *worker) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.study != nil {
		_ = os.RemoveAll(w.study.dir)
		w.study = nil
	}
}

// process answers one task. An error lets the queue give it to somebody again; what would fail
// anywhere is told to who asked, and not repeated.
func (w *worker) process(ctx context.Context, at *asynq.Task) error {
	var t task
	if err := json.Unmarshal(at.Payload(), &t); err != nil {
		return fmt.Errorf("read a task: %w: %w", err, asynq.RevokeTask)
	}
	there, err := w.client.Exists(ctx, shareKey(t)).Result()
	if err != nil || there > 0 {
		return err
	}
	end := w.beat(ctx, t)
	defer end()
	data, err := w.make(ctx, t)
	switch {
	case errors.Is(err, errGone):
		return nil // nobody waits for it any more
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, errHere):
		return err
	case err != nil:
		if told := w.client.Set(ctx, faultKey(t), err.Error(), keep).Err(); told != nil {
			return told
		}
		return fmt.Errorf("%w: %w", err, asynq.RevokeTask)
	}
	return w.client.Set(ctx, shareKey(t), data, keep).Err()
}

var (
	errGone = errors.New("nobody asks for this job") // its inputs are no longer in Redis
	errHere = errors.New("this worker can't")        // another might
)

// make makes a task's share.
func (w *worker) make(ctx context.Context, t task) ([]byte, error) {
	s, err := w.load(ctx, t.Job)
	if err != nil {
		return nil, err
	}
	share, err := s.maker.Share(ctx, t.Policy, t.From, s.job.End(t.From))
	if err != nil {
		return nil, err
	}
	data, err := share.Encode(s.job)
	if err == nil && len(data) > mostReply {
		err = lang.E(ErrWorker, "sim-scale.reply-large", "most", mostReply>>20)
	}
	return data, err
}

// load returns the study of a job.
func (w *worker) load(ctx context.Context, key string) (*loaded, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.study != nil && w.study.job.Key() == key {
		return w.study, nil
	}
	inputs, err := w.client.Get(ctx, inputsKey(key)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, errGone
	}
	if err != nil {
		return nil, errors.Join(errHere, unavailable(err))
	}
	dir, err := os.MkdirTemp("", "stint-worker-")
	if err != nil {
		return nil, errors.Join(errHere, err)
	}
	study, err := simulations.LoadBundle(ctx, dir, inputs)
	if err == nil && study.Job(w.tool).Key() != key {
		err = lang.E(ErrWorker, "sim-scale.worker-differs", "worker", w.id)
	}
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	if w.study != nil {
		_ = os.RemoveAll(w.study.dir) // shares under way don't read files
	}
	w.study = &loaded{study.Job(w.tool), study.Maker(), dir}
	return w.study, nil
}

// beat says that a task is being worked on until end is called.
func (w *worker) beat(ctx context.Context, t task) (end func()) {
	ctx, stop := context.WithCancel(ctx)
	var group sync.WaitGroup
	say := func() { _ = w.client.Set(ctx, beatKey(t), w.id, beatLasts).Err() } // silence is the sign
	say()
	group.Go(func() {
		tick := time.NewTicker(beatEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				say()
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		stop()
		group.Wait()
	}
}

// listener is asynq's log: what went wrong, to who listens.
type listener struct{ heard func(text string) }

func (l listener) say(args []any) {
	if l.heard != nil {
		l.heard(fmt.Sprint(args...))
	}
}

func (l listener) Debug(...any)      {}
func (l listener) Info(...any)       {}
func (l listener) Warn(args ...any)  { l.say(args) }
func (l listener) Error(args ...any) { l.say(args) }
func (l listener) Fatal(args ...any) { l.say(args) }
