package web

import (
	"strconv"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	l := newLimiter(10, 2, 100) // a request each 100 ms, two at once
	now := noon
	for range 2 {
		if _, ok := l.allow("a", now); !ok {
			t.Fatal("a request within the burst was refused")
		}
	}
	wait, ok := l.allow("a", now)
	if ok || wait != 100*time.Millisecond {
		t.Errorf("third at once = wait %v, %v, want 100ms, false", wait, ok)
	}
	if _, ok := l.allow("b", now); !ok {
		t.Error("another client was refused")
	}
	if _, ok := l.allow("a", now.Add(100*time.Millisecond)); !ok {
		t.Error("the next request after 100 ms was refused")
	}
}

func TestLimiterForgetsTheSilent(t *testing.T) {
	l := newLimiter(1, 1, 3)
	for i := range 10 {
		l.allow(strconv.Itoa(i), noon)
		l.allow("busy", noon)
	}
	if len(l.clients) != 3 || l.recent.Len() != 3 {
		t.Errorf("remembers %d and %d clients, want 3", len(l.clients), l.recent.Len())
	}
	if l.clients["busy"] == nil {
		t.Error("forgot the client it hears most")
	}
}

func TestNoLimit(t *testing.T) {
	l := newLimiter(-1, 0, 1)
	for range 1000 {
		if _, ok := l.allow("a", noon); !ok {
			t.Fatal("refused without a limit")
		}
	}
}
