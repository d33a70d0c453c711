package kernel

// Event is something that is due. Its kind says what A and B mean.
type Event struct {
	At   int64  // ms since the start
	rank uint64 // kind, then number of the push: the order of events of one moment
	A, B int32
}

// kindShift leaves 2^56 pushes to a run.
const kindShift = 56

// Kind returns the kind the event was pushed with.
func (e Event) Kind() uint8 { return uint8(e.rank >> kindShift) }

// before is a total order: by time, then kind, then push.
func (e *Event) before(o *Event) bool {
	return e.At < o.At || (e.At == o.At && e.rank < o.rank)
}

// Queue holds events and gives the earliest first; of one moment, the lowest kind, then the one
// pushed first. The zero value is empty. It is a heap of values with four children a node: fewer
// levels than two, and siblings share a cache line or two.
type Queue struct {
	heap   []Event
	pushed uint64
}

// Len returns how many events wait.
func (q *Queue) Len() int { return len(q.heap) }

// Reset empties the queue and keeps its memory.
func (q *Queue) Reset() { q.heap, q.pushed = q.heap[:0], 0 }

// Next returns when the earliest event is due; ok is false for an empty queue.
func (q *Queue) Next() (at int64, ok bool) {
	if len(q.heap) == 0 {
		return 0, false
	}
	return q.heap[0].At, true
}

// Push adds an event.
func (q *Queue) Push(at int64, kind uint8, a, b int32) {
	e := Event{At: at, rank: uint64(kind)<<kindShift | q.pushed, A: a, B: b}
	q.pushed++
	q.heap = append(q.heap, e)
	i := len(q.heap) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !e.before(&q.heap[up]) {
			break
		}
		q.heap[i] = q.heap[up]
		i = up
	}
	q.heap[i] = e
}

// Pop takes the earliest event. It panics on an empty queue.
func (q *Queue) Pop() Event {
	if len(q.heap) == 0 {
		panic("kernel: Pop of an empty queue")
	}
	first := q.heap[0]
	last := len(q.heap) - 1
	e := q.heap[last]
	q.heap = q.heap[:last]
	if last == 0 {
		return first
	}
	i := 0
	for {
		child := 4*i + 1
		if child >= last {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, last); c++ {
			if q.heap[c].before(&q.heap[least]) {
				least = c
			}
		}
		if !q.heap[least].before(&e) {
			break
		}
		q.heap[i] = q.heap[least]
		i = least
	}
	q.heap[i] = e
	return first
}
