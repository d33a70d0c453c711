package storetest

import (
	"time"

	"github.com/stint-city/stint/engine"
)

// leaseCases hold the edges of time. Dawn is a quarter past a second, so a lease of a minute made
// then expires a quarter past a second and is swept at the next whole one.
func leaseCases() []testCase {
	return []testCase{
		{"a lease can be committed until the last millisecond", lastMillisecond},
		{"a lease that has passed can't be committed, swept or not", passed},
		{"a lease charges until it is swept", chargesUntilSwept},
		{"a lease is swept at the first whole second after it passed", wholeSecond},
		{"a lease that ends with a second is swept at it", onTheSecond},
		{"what was committed or released is not swept", notSwept},
		{"a sweep again does nothing", sweepAgain},
		{"an expired lease gives room to others", roomAgain},
		{"what was released in part expires with the rest", partExpires},
		{"a reservation that expired is told as it was", expiredReplayed},
		{"a retry with a later expiry is the same lease", sameLease},
		{"what ended is forgotten after a day and the rest of the hour", forgets},
		{"what stands is never forgotten", neverForgets},
		{"a key used anew is not swept by its old lease", oldLease},
		{"a clock that jumps back ends no lease early", clockBack},
	}
}

// at sets the clock to so long after dawn.
func (b *bench) at(d time.Duration) { b.now = dawn.Time().Add(d) }

func lastMillisecond(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 5))
	b.at(time.Minute - time.Millisecond)
	b.yes(b.about(engine.Commit, "c", "a", 0))
	b.takenAll(5, 0)
}

func passed(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 5))
	expired := engine.Denial{Rule: engine.RuleExpired}
	b.at(time.Minute)
	b.no(b.about(engine.Commit, "c", "a", 0), expired)
	b.no(b.about(engine.Release, "c", "a", 0), expired)
	b.at(2 * time.Minute)
	b.sweep(1, 0)
	b.no(b.about(engine.Commit, "c", "a", 0), expired)
	b.no(b.about(engine.Release, "c", "a", 0), expired)
	b.no(b.about(engine.Remove, "c", "a", 0), engine.Denial{Rule: engine.RuleNotStood})
	b.takenAll(0, 0)
}

func chargesUntilSwept(b *bench) {
	b.publish(map[engine.Level]int{engine.CityLevel: 5})
	b.yes(b.ask(engine.Reserve, "a", 5))
	b.at(time.Hour)
	b.no(b.ask(engine.Place, "b", 1), engine.Denial{
		Rule: engine.RuleCityFull, Level: engine.CityLevel,
	})
	b.takenAll(0, 5)
	b.sweep(1, 0)
	b.takenAll(0, 0)
	b.wantEnded(engine.Expired)
}

func wholeSecond(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 5)) // until 08:01:00.250
	b.at(time.Minute + 749*time.Millisecond)
	b.sweep(0, 0)
	b.at(time.Minute + 750*time.Millisecond)
	b.sweep(1, 0)
}

func onTheSecond(b *bench) {
	b.publish(nil)
	a := b.ask(engine.Reserve, "a", 5)
	a.Expires = dawn + 750 // 08:00:01.000
	b.yes(a)
	b.at(749 * time.Millisecond)
	b.sweep(0, 0)
	b.at(750 * time.Millisecond)
	b.sweep(1, 0)
}

func notSwept(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 5))
	b.yes(b.ask(engine.Reserve, "b", 4))
	b.yes(b.about(engine.Commit, "c", "a", 0))
	b.yes(b.about(engine.Release, "d", "b", 0))
	b.at(time.Hour)
	b.sweep(0, 0)
	b.takenAll(5, 0)
}

func sweepAgain(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 5))
	b.yes(b.ask(engine.Reserve, "b", 5))
	b.at(time.Hour)
	b.sweep(2, 0)
	b.sweep(0, 0)
	b.takenAll(0, 0)
}

func roomAgain(b *bench) {
	b.publish(map[engine.Level]int{engine.CellLevel(here): 5})
	b.yes(b.ask(engine.Reserve, "a", 5))
	b.at(2 * time.Minute)
	b.sweep(1, 0)
	b.yes(b.ask(engine.Place, "b", 5))
	b.takenAll(5, 0)
}

func partExpires(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Reserve, "a", 5))
	b.yes(b.about(engine.Release, "r", "a", 2))
	b.takenAll(0, 3)
	b.at(2 * time.Minute)
	b.sweep(1, 0)
	b.takenAll(0, 0)
	b.wantEnded(engine.Expired)
}

func expiredReplayed(b *bench) {
	b.publish(nil)
	a := b.ask(engine.Reserve, "a", 5)
	first := b.yes(a)
	b.at(2 * time.Minute)
	b.sweep(1, 0)
	b.again(a, first)
	b.takenAll(0, 0)
}

func sameLease(b *bench) {
	b.publish(nil)
	a := b.ask(engine.Reserve, "a", 5)
	first := b.yes(a)
	a.Expires += 60_000
	b.again(a, first)
	b.at(2 * time.Minute)
	b.sweep(1, 0)
}

func forgets(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	b.yes(b.about(engine.Remove, "r", "a", 0)) // ended between 08:00 and 09:00
	nine := time.Hour - 250*time.Millisecond
	b.at(nine + 24*time.Hour - time.Millisecond)
	b.sweep(0, 0)
	b.no(b.ask(engine.Place, "a", 6), engine.Denial{Rule: engine.RuleMismatch})
	b.at(nine + 24*time.Hour)
	b.sweep(0, 2)
	b.sweep(0, 0)
	for _, key := range []string{"a", "r"} {
		if r, ok := b.record(key); ok {
			b.Errorf("%s is still known: %+v", key, r)
		}
	}
	b.yes(b.ask(engine.Place, "a", 6))
	b.takenAll(6, 0)
}

func neverForgets(b *bench) {
	b.publish(nil)
	b.yes(b.ask(engine.Place, "a", 5))
	b.yes(b.about(engine.Remove, "r", "a", 1))
	b.at(10_000 * time.Hour)
	b.sweep(0, 1)
	b.takenAll(4, 0)
	b.yes(b.about(engine.Remove, "s", "a", 0))
}

func oldLease(b *bench) {
	b.publish(nil)
	for _, key := range []string{"a", "b"} {
		a := b.ask(engine.Reserve, key, 1)
		a.Expires = dawn + 30*3_600_000
		b.yes(a)
	}
	b.yes(b.about(engine.Release, "r", "a", 0))
	b.at(26 * time.Hour)
	b.sweep(0, 2)
	a := b.ask(engine.Reserve, "a", 3)
	a.Expires = dawn + 40*3_600_000
	b.yes(a)
	b.at(31 * time.Hour)
	b.sweep(1, 0)
	b.takenAll(0, 3)
	b.at(41 * time.Hour)
	b.sweep(1, 0)
	b.takenAll(0, 0)
}

func clockBack(b *bench) {
	b.publish(nil)
	b.at(time.Hour)
	a := b.ask(engine.Reserve, "a", 5)
	b.yes(a)
	b.at(0)
	b.sweep(0, 0)
	b.yes(b.about(engine.Commit, "c", "a", 2))
	b.yes(b.ask(engine.Reserve, "b", 1))
	b.at(time.Hour)
	b.sweep(1, 0)
	b.takenAll(2, 0)
}
