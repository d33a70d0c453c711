package rdb

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/stint-city/stint/engine"
)

// encoder writes the arguments of do.lua, whose head says what they are. It keeps its room from one
// batch to the next.
type encoder struct {
	scope engine.Scope
	own   ledgerKeys

	keys       []string
	lists      map[int64]int // second of a lease -> index in keys
	epochs     []int64
	moments    []moment
	placements []string
	placed     map[engine.ID]int
	levels     []string
	pools      []string
	index      map[engine.Level]int // ≥ 0 in levels, < 0 in pools: -1 is the first

	buf   []byte // specs and tails one after the other
	ends  []int  // of each in buf
	texts []string
	args  []any
}

// moment is the time of one or more calls.
type moment struct {
	at    engine.Millis
	ended int // index in keys of the list of records that end then
}

func newEncoder(s engine.Scope) *encoder {
	return &encoder{
		scope: s, own: keysOf(s), lists: map[int64]int{}, placed: map[engine.ID]int{},
		index: map[engine.Level]int{},
	}
}

// encode returns the arguments of EVALSHA for some calls and how many of them are keys. They hold
// until the next call of encode.
func (e *encoder) encode(calls []*call, maxLen int) (args []any, keys int) {
	e.reset()
	for _, c := range calls {
		for i := range c.asks {
			e.name(&c.asks[i])
		}
	}
	e.keys = append(e.keys, e.own[:]...)
	for _, epoch := range e.epochs {
		e.keys = append(e.keys, capKey(e.scope, epoch))
	}
	asks := 0
	for _, c := range calls {
		asks += len(c.asks)
		at := e.moment(engine.MillisOf(c.now))
		for i := range c.asks {
			e.spec(&c.asks[i], at)
		}
	}
	for _, c := range calls {
		for i := range c.asks {
			e.tail(&c.asks[i], engine.MillisOf(c.now))
		}
	}
	e.arrange(calls, asks, maxLen)
	return e.args, len(e.keys)
}

func (e *encoder) reset() {
	clear(e.lists)
	clear(e.placed)
	clear(e.index)
	e.keys, e.epochs, e.moments = e.keys[:0], e.epochs[:0], e.moments[:0]
	e.placements, e.levels, e.pools = e.placements[:0], e.levels[:0], e.pools[:0]
	e.buf, e.ends, e.texts = e.buf[:0], e.ends[:0], e.texts[:0]
}

// name gives numbers to the epoch, the levels and the placement that an ask names.
func (e *encoder) name(a *engine.Ask) {
	if a.Verb != engine.Reserve && a.Verb != engine.Place {
		e.namePlacement(a)
	}
	if !makes(a.Verb) {
		return
	}
	e.epoch(a.Epoch)
	for _, level := range a.Levels {
		if _, ok := e.index[level]; ok {
			continue
		}
		if level.Tier() == engine.TierPool {
			e.pools = append(e.pools, string(level))
			e.index[level] = -len(e.pools)
		} else {
			e.index[level] = len(e.levels)
			e.levels = append(e.levels, string(level))
		}
	}
}

// makes reports whether a verb makes a placement.
func makes(v engine.Verb) bool {
	return v == engine.Reserve || v == engine.Place || v == engine.Move
}

// namePlacement numbers an ask's placement from 1; another operator's gets no number.
func (e *encoder) namePlacement(a *engine.Ask) {
	if a.Placement.Operator() != a.ID.Operator() {
		return
	}
	if _, ok := e.placed[a.Placement]; !ok {
		e.placements = append(e.placements, string(a.Placement))
		e.placed[a.Placement] = len(e.placements)
	}
}

// mostEpochs is how many epochs one batch names at most: a digit of a spec.
const mostEpochs = 200

// epoch returns the number of an epoch, from 1; 0, which is stale, for one too many.
func (e *encoder) epoch(epoch int64) int {
	for i, known := range e.epochs {
		if known == epoch {
			return i + 1
		}
	}
	if len(e.epochs) == mostEpochs {
		return 0
	}
	e.epochs = append(e.epochs, epoch)
	return len(e.epochs)
}

// moment returns the number of a moment, from 1.
func (e *encoder) moment(at engine.Millis) int {
	for i := range e.moments {
		if e.moments[i].at == at {
			return i + 1
		}
	}
	e.moments = append(e.moments, moment{at, e.key(-1-hourOf(at), endedKey)})
	return len(e.moments)
}

// key returns the index in KEYS, from 1, of a list: of leases by their second, or by an hour h of
// ended records as -1-h.
func (e *encoder) key(at int64, name func(engine.Scope, int64) string) int {
	i, ok := e.lists[at]
	if !ok {
		number := at
		if at < 0 {
			number = -1 - at
		}
		e.keys = append(e.keys, name(e.scope, number))
		i = len(e.keys)
		e.lists[at] = i
	}
	return i
}

// verbs are the verbs' bytes in a spec.
var verbs = map[engine.Verb]int{ //nolint:gochecknoglobals // a table that nothing writes
	engine.Reserve: 1, engine.Place: 2, engine.Move: 3, engine.Commit: 4, engine.Release: 5,
	engine.Remove: 6,
}

// mostLevels is how many levels one ask charges at most: those of the largest call fit in two
// digits of a spec.
const mostLevels = 48

// errAsk is what an ask gives that a record or a spec could not hold.
var errAsk = errors.New("no ask that a ledger can keep")

// checkAsk makes sure that an ask can be sent together with those of others.
func checkAsk(a *engine.Ask) error {
	_, known := verbs[a.Verb]
	text := !strings.Contains(string(a.ID), "|") && !strings.Contains(a.Print, "|") &&
		!strings.Contains(string(a.Placement), "|")
	if known && text && a.N >= 0 && a.N <= math.MaxInt32 && len(a.Levels) <= mostLevels &&
		strings.Contains(string(a.ID), ":") {
		return nil
	}
	return fmt.Errorf("%w: %.20q %.80q, %d vehicles, %d levels", errAsk, a.Verb, a.ID, a.N,
		len(a.Levels))
}

// spec writes the spec of an ask that checkAsk has passed.
func (e *encoder) spec(a *engine.Ask, moment int) {
	about, epoch := e.placed[a.Placement], 0
	switch a.Verb {
	case engine.Reserve:
		about = e.key(max(0, secondOf(a.Expires)), leaseKey)
	case engine.Place:
		about = 0
	}
	if a.Placement.Operator() != a.ID.Operator() && a.Verb != engine.Reserve {
		about = 0
	}
	if makes(a.Verb) {
		epoch = e.epoch(a.Epoch)
	}
	e.digits(1, verbs[a.Verb])
	e.digits(4, a.N)
	e.digits(2, about)
	e.digits(1, epoch)
	e.digits(1, moment)
	if makes(a.Verb) {
		for _, level := range a.Levels {
			i := e.index[level]
			if i < 0 {
				i = len(e.levels) - i - 1
			}
			e.digits(2, i+1)
		}
	}
	e.ends = append(e.ends, len(e.buf))
}

// digits writes a number of so many digits to the base 220, as bytes from 35 on: no zero byte, no
// space and no line break is among them, so that a spec can stand on a command line.
func (e *encoder) digits(n, number int) {
	const base, zero = 220, '#'
	for i := range n {
		digit := number
		for range n - 1 - i {
			digit /= base
		}
		e.buf = append(e.buf, byte(digit%base)+zero)
	}
}

// tail writes what an ask's record ends with.
func (e *encoder) tail(a *engine.Ask, now engine.Millis) {
	b := e.buf
	if makes(a.Verb) {
		b = append(append(b, '|'), a.Cell.String()...)
		b = strconv.AppendFloat(append(b, '|'), a.At.Lat, 'f', 6, 64)
		b = strconv.AppendFloat(append(b, '|'), a.At.Lng, 'f', 6, 64)
		expires := a.Expires
		if a.Verb != engine.Reserve {
			expires = 0
		}
		b = strconv.AppendInt(append(b, '|'), int64(expires), 10)
		b = strconv.AppendInt(append(b, '|'), int64(now), 10)
		b = strconv.AppendInt(append(b, "|0|"...), a.Epoch, 10)
	}
	b = append(append(b, '|'), a.Print...)
	b = append(append(b, '|'), a.Placement...)
	b = append(b, '|')
	if makes(a.Verb) {
		for i, level := range a.Levels {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, level...)
		}
	}
	e.buf, e.ends = b, append(e.ends, len(b))
}

// arrange puts the arguments in order.
func (e *encoder) arrange(calls []*call, asks, maxLen int) {
	t := append(e.texts, e.keys...)
	number := func(n int64) { t = append(t, strconv.FormatInt(n, 10)) }
	last := e.moments[0].at
	for _, m := range e.moments {
		last = max(last, m.at)
	}
	for _, n := range [...]int{
		int(last), maxLen, asks, len(e.placements), len(e.levels), len(e.pools), len(e.epochs),
	} {
		number(int64(n))
	}
	for _, epoch := range e.epochs {
		number(epoch)
	}
	number(int64(len(e.moments)))
	for _, m := range e.moments {
		number(int64(m.at))
		number(int64(m.ended))
	}
	for _, c := range calls {
		for i := range c.asks {
			t = append(t, string(c.asks[i].ID))
		}
	}
	t = append(append(append(t, e.placements...), e.levels...), e.pools...)
	all, from := string(e.buf), 0
	for _, end := range e.ends {
		t = append(t, all[from:end])
		from = end
	}
	e.texts = t
	e.args = append(e.args[:0], nil, nil, nil)
	for i := range t {
		e.args = append(e.args, &t[i])
	}
}
