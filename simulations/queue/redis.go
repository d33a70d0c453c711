package queue

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/simulations"
)

// The errors of this package.
var (
	// ErrURL: the address is none of a Redis server.
	ErrURL = errors.New("no address of a Redis server")
	// ErrRedis: the server didn't answer as it should.
	ErrRedis = errors.New("the Redis server did not answer")
	// ErrWorker: a worker could not make a share, and no other could either.
	ErrWorker = errors.New("a worker failed")
)

// connect returns a client of redis://…, rediss://… or unix://…; it doesn't dial yet. An error
// doesn't show the address: it may have a password.
func connect(address string) (*redis.Client, error) {
	o, err := redis.ParseURL(address)
	if err != nil {
		if parse := (*url.Error)(nil); errors.As(err, &parse) {
			err = parse.Err
		}
		return nil, lang.E(fmt.Errorf("%w: %w", ErrURL, err), "sim-scale.redis-url")
	}
	o.ContextTimeoutEnabled = true
	redis.SetLogger(silence{}) // what it says comes back as an error, too
	return redis.NewClient(o), nil
}

// silence is a log that keeps nothing.
type silence struct{}

// Printf does nothing.
func (silence) Printf(context.Context, string, ...any) {}

// unavailable wraps an error of Redis in a sentence.
func unavailable(err error) error {
	return lang.E(fmt.Errorf("%w: %w", ErrRedis, err), "sim-scale.redis-silent")
}

// keep is how long inputs and shares stay in Redis.
const keep = 24 * time.Hour

// Bounds of a value in Redis, bytes.
const (
	mostInputs = 128 << 20
	mostReply  = 64 << 20
)

// name returns the queue of a program's version: another version's workers don't see its tasks.
func name(tool string) string {
	sum := sha256.Sum256([]byte(tool))
	return fmt.Sprintf("stint-sim-%x", sum[:6])
}

// The keys in Redis. The braces keep a job on one slot.

func inputsKey(job string) string { return "stint:sim:{" + job + "}:inputs" }

func shareKey(t task) string { return t.key("share") }

func faultKey(t task) string { return t.key("fault") }

func beatKey(t task) string { return t.key("beat") }

func (t task) key(what string) string {
	return fmt.Sprintf("stint:sim:{%s}:%s:%d:%d", t.Job, what, t.Policy, t.From)
}

// task is what is asked of a worker: a block of replications of one policy of a job.
type task struct {
	Job    string `json:"job"` // its key
	Policy int    `json:"policy"`
	From   int    `json:"from"` // number of the first replication
}

// id names the n-th copy of a task in the queue; the 0th is the task itself.
func (t task) id(n int) string {
	id := fmt.Sprintf("%s-%d-%d", t.Job, t.Policy, t.From)
	if n > 0 {
		id += fmt.Sprintf("-copy%d", n)
	}
	return id
}

// tasks returns the tasks of a job: by block, then policy.
func tasks(j simulations.Job) []task {
	var list []task
	for _, from := range j.Blocks() {
		for p := range j.Plans {
			list = append(list, task{j.Key(), p, from})
		}
	}
	return list
}
