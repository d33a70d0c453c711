package queue

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/simulations"
)

// Options say how a study is run by workers.
type Options struct {
	Tool     string               // the program and its version
	Progress func(done, most int) // as in Study.Run
	// Heard hears, once each, what keeps the work from going on; nil = nobody.
	Heard func(what lang.Message)
}

// How often Run looks for shares, and whether tasks are where they should be; and of how many tasks
// from the first that is awaited.
const (
	lookEvery  = 100 * time.Millisecond
	watchEvery = 2 * time.Second
	watched    = 64
)

// Run lets workers make a study's replications, and returns what Study.Run would: the same bytes.
// If ctx ends, it comes back with what is there; workers go on, and Run of the same study within a
// day finds what they did.
func Run(
	ctx context.Context, address string, s *simulations.Study, o Options,
) (*simulations.Result, error) {
	client, err := connect(address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = client.Close() }()
	job := s.Job(o.Tool)
	a := &asker{
		client: client, queue: asynq.NewClientFromRedisClient(client),
		inspector: asynq.NewInspectorFromRedisClient(client), options: o, job: job,
		tasks: tasks(job), copies: map[task]int{}, silent: map[task]bool{},
		told: map[string]bool{},
	}
	if err := a.offer(ctx, s); err != nil {
		return nil, err
	}
	result, err := s.RunOn(ctx, a.await, o.Progress)
	if err == nil {
		a.clear(ctx)
	}
	return result, err
}

// asker waits for the shares of one job.
type asker struct {
	client    *redis.Client
	queue     *asynq.Client
	inspector *asynq.Inspector
	options   Options
	job       simulations.Job
	tasks     []task // those whose shares aren't taken yet, by block, then policy
	inputs    []byte
	copies    map[task]int    // how many copies are in the queue
	silent    map[task]bool   // tasks at work that gave no sign of life when last looked at
	told      map[string]bool // what was told already
}

// offer puts the inputs and every task into Redis. What is there already stays: shares from an
// earlier run that was interrupted, tasks that somebody else asked for.
func (a *asker) offer(ctx context.Context, s *simulations.Study) error {
	var err error
	if a.inputs, err = s.Bundle(); err != nil {
		return err
	}
	if len(a.inputs) > mostInputs {
		return lang.E(simulations.ErrBundle, "sim-scale.bundle-large", "most", mostInputs>>20)
	}
	if err := a.keepInputs(ctx); err != nil {
		return err
	}
	for _, t := range a.tasks {
		if err := a.client.Del(ctx, faultKey(t)).Err(); err != nil { // it may go well now
			return unavailable(err)
		}
		if err := a.enqueue(ctx, t, 0); err != nil {
			return err
		}
	}
	return nil
}

// keepInputs puts the inputs into Redis for another day.
func (a *asker) keepInputs(ctx context.Context) error {
	if err := a.client.Set(ctx, inputsKey(a.job.Key()), a.inputs, keep).Err(); err != nil {
		return unavailable(err)
	}
	return nil
}

// enqueue puts the n-th copy of a task into the queue unless it is there.
func (a *asker) enqueue(ctx context.Context, t task, n int) error {
	payload, err := json.Marshal(t)
	if err != nil {
		return err
	}
	_, err = a.queue.EnqueueContext(ctx, asynq.NewTask("share", payload),
		asynq.Queue(name(a.options.Tool)), asynq.TaskID(t.id(n)), asynq.MaxRetry(25),
		asynq.Timeout(6*time.Hour))
	switch {
	case errors.Is(err, asynq.ErrTaskIDConflict):
		return a.revive(t, n)
	case err != nil:
		return unavailable(err)
	}
	return nil
}

// revive puts a task that was given up in an earlier run back into the queue.
func (a *asker) revive(t task, n int) error {
	info, err := a.inspector.GetTaskInfo(name(a.options.Tool), t.id(n))
	if err == nil && info.State == asynq.TaskStateArchived {
		err = a.inspector.RunTask(name(a.options.Tool), t.id(n))
	}
	if err != nil && !errors.Is(err, asynq.ErrTaskNotFound) { // which has ended since
		return unavailable(err)
	}
	return nil
}

// await returns the tallies of a block, by policy, once workers have made them.
func (a *asker) await(ctx context.Context, from, _ int) ([][]*simulations.Tally, error) {
	made := make([][]*simulations.Tally, len(a.job.Plans))
	look, watch := time.NewTicker(lookEvery), time.NewTicker(watchEvery)
	defer look.Stop()
	defer watch.Stop()
	for p := range made {
		t := task{a.job.Key(), p, from}
		for made[p] == nil {
			share, err := a.take(ctx, t)
			if err != nil {
				return nil, err
			}
			if made[p] = share.Tallies; made[p] != nil {
				break
			}
			select {
			case <-look.C:
			case <-watch.C:
				if err := a.watch(ctx); err != nil {
					return nil, err
				}
			case <-ctx.Done():
				return nil, context.Cause(ctx)
			}
		}
		a.tasks = a.tasks[1:]
	}
	return made, nil
}

// take returns a task's share, an empty one where it isn't there yet, or why it can't be made.
func (a *asker) take(ctx context.Context, t task) (simulations.Share, error) {
	data, err := a.client.Get(ctx, shareKey(t)).Bytes()
	if err == nil {
		return simulations.DecodeShare(shareKey(t), data, a.job)
	}
	if !errors.Is(err, redis.Nil) {
		return simulations.Share{}, a.broken(ctx, err)
	}
	text, err := a.client.Get(ctx, faultKey(t)).Result()
	if err == nil {
		return simulations.Share{}, lang.E(ErrWorker, "sim-scale.worker-failed", "text", text)
	}
	if !errors.Is(err, redis.Nil) {
		return simulations.Share{}, a.broken(ctx, err)
	}
	return simulations.Share{}, nil
}

// broken is ctx's error where that is why Redis was left, else what is wrong with Redis.
func (a *asker) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return unavailable(err)
}

// watch puts tasks back into the queue that fell out of it or whose worker is gone.
func (a *asker) watch(ctx context.Context) error {
	if err := a.company(); err != nil {
		return a.broken(ctx, err)
	}
	there, err := a.client.Exists(ctx, inputsKey(a.job.Key())).Result()
	if err != nil {
		return a.broken(ctx, err)
	}
	if there == 0 { // somebody who asked for the same has its result
		if err := a.keepInputs(ctx); err != nil {
			return err
		}
	}
	for _, t := range a.tasks[:min(watched, len(a.tasks))] {
		if err := a.watchTask(ctx, t); errors.Is(err, ErrWorker) {
			return err
		} else if err != nil {
			return a.broken(ctx, err)
		}
	}
	return nil
}

// tell tells something once.
func (a *asker) tell(what lang.Message) {
	text := lang.English.Text(what)
	if a.options.Heard != nil && !a.told[text] {
		a.options.Heard(what)
	}
	a.told[text] = true
}

// company tells that no worker of this version is there.
func (a *asker) company() error {
	servers, err := a.inspector.Servers()
	if err != nil {
		return err
	}
	for _, s := range servers {
		if s.Queues[name(a.options.Tool)] > 0 {
			return nil
		}
	}
	a.tell(lang.M("sim-scale.alone"))
	return nil
}

// watchTask looks after one task. One at work that gives no sign of life twice in a row is lost
// with its worker: a copy goes into the queue.
func (a *asker) watchTask(ctx context.Context, t task) error {
	share, err := a.client.Exists(ctx, shareKey(t)).Result()
	if err != nil || share > 0 {
		return err
	}
	n := a.copies[t]
	info, err := a.inspector.GetTaskInfo(name(a.options.Tool), t.id(n))
	switch {
	case errors.Is(err, asynq.ErrTaskNotFound), errors.Is(err, asynq.ErrQueueNotFound):
		return a.enqueue(ctx, t, n)
	case err != nil:
		return err
	case info.State == asynq.TaskStateArchived:
		return lang.E(ErrWorker, "sim-scale.worker-failed", "text", info.LastErr)
	case info.State == asynq.TaskStateRetry:
		a.tell(lang.M("sim-scale.worker-retries", "text", info.LastErr))
		return nil
	case info.State != asynq.TaskStateActive:
		return nil
	}
	alive, err := a.client.Exists(ctx, beatKey(t)).Result()
	if err != nil {
		return err
	}
	lost := alive == 0 && a.silent[t]
	a.silent[t] = alive == 0
	if !lost {
		return nil
	}
	a.copies[t], a.silent[t] = n+1, false
	return a.enqueue(ctx, t, n+1)
}

// clear deletes what the result no longer needs. What can't be deleted expires.
func (a *asker) clear(ctx context.Context) {
	for _, t := range tasks(a.job) {
		for n := range a.copies[t] + 1 {
			_ = a.inspector.DeleteTask(name(a.options.Tool), t.id(n)) // one that is at work ends by itself
		}
		_ = a.client.Del(ctx, shareKey(t), faultKey(t)).Err()
	}
	_ = a.client.Del(ctx, inputsKey(a.job.Key())).Err()
}
