package rdb

import (
	"context"
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

//go:embed testdata/simple.lua
var simpleText string

//go:embed testdata/simple_publish.lua
var simplePublishText string

// simple is a Store with the ledger of testdata/simple.lua, one script call an ask.
type simple struct {
	*rest
	decide, publish *redis.Script

	mu     sync.Mutex
	swept  int
	leases map[engine.ID]engine.Millis
}

func newSimple(client redis.UniversalClient, archive string) *simple {
	return &simple{
		rest:   newRest(client, archive, 5*time.Second, nil),
		decide: redis.NewScript(simpleText), publish: redis.NewScript(simplePublishText),
		leases: map[engine.ID]engine.Millis{},
	}
}

// Close stops what runs in the background.
func (y *simple) Close() error {
	y.close()
	return nil
}

// Publish puts the first caps in force.
func (y *simple) Publish(ctx context.Context, caps *engine.Caps, _ time.Time) error {
	y.noteCaps(caps)
	for level, n := range caps.Cap {
		err := y.client.HSet(ctx, ledgerKey(caps.Scope, "cap:1"), string(level), n).Err()
		if err != nil {
			return err
		}
	}
	keys := []string{ledgerKey(caps.Scope, "plan"), ledgerKey(caps.Scope, "ev")}
	return y.publish.Run(ctx, y.client, keys).Err()
}

// Do answers one ask.
func (y *simple) Do(
	ctx context.Context, s engine.Scope, now time.Time, asks []engine.Ask,
) ([]engine.Answer, error) {
	a := asks[0]
	levels := make([]string, len(a.Levels))
	for i := range a.Levels {
		levels[i] = string(a.Levels[i])
	}
	second := strconv.FormatInt((int64(a.Expires)+999)/1000, 10)
	var keys []string
	for _, name := range []string{"plan", "cap:1", "rec", "taken", "ev", "due", "lease:" + second} {
		keys = append(keys, ledgerKey(s, name))
	}
	reply, err := y.decide.Run(ctx, y.client, keys, now.UnixMilli(), string(a.Verb), string(a.ID),
		a.Print, a.N, string(a.Placement), strings.Join(levels, ","), int64(a.Expires),
		a.Cell.String()).Slice()
	if err != nil {
		return nil, restError(ctx, err)
	}
	text, _ := reply[1].(string)
	if reply[0] == "no" {
		if text == "LOST" {
			y.noteLoss(s)
			text = string(engine.RuleShut)
		}
		return []engine.Answer{{ID: a.ID, No: &engine.Denial{Rule: engine.Rule(text)}}}, nil
	}
	if a.Verb == engine.Reserve {
		y.mu.Lock()
		y.leases[a.ID] = a.Expires
		y.mu.Unlock()
	}
	if id := eventOf(reply[2:]); id.Gen > 0 {
		y.noteEvent(s, id)
	}
	r, err := engine.ParseRecord(text)
	return []engine.Answer{{ID: a.ID, Record: r}}, err
}

// Sweep ends the leases that this Store gave and that have expired.
func (y *simple) Sweep(
	ctx context.Context, s engine.Scope, now time.Time, _ time.Duration,
) (engine.Sweeping, error) {
	y.mu.Lock()
	var expired []engine.ID
	for id, at := range y.leases {
		if at <= engine.MillisOf(now) {
			expired = append(expired, id)
		}
	}
	y.mu.Unlock()
	for _, id := range expired {
		y.swept++
		a := engine.Ask{Verb: "expire", ID: engine.NewID("x", strconv.Itoa(y.swept)), Placement: id}
		answers, err := y.Do(ctx, s, now, []engine.Ask{a})
		if err != nil || answers[0].No != nil && answers[0].No.Rule == engine.RuleShut {
			continue
		}
		y.mu.Lock()
		delete(y.leases, id)
		y.mu.Unlock()
	}
	return engine.Sweeping{}, nil
}
