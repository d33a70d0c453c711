package rdb

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb/server"
	"github.com/stint-city/stint/geo"
)

// benchCity is a city of a few thousand cells with more room than a benchmark takes.
type benchCity struct {
	caps  *engine.Caps
	cells []geo.Cell
}

var benchOperators = []string{"ant", "bee", "cat", "dog", "emu"}

func newBenchCity(b *testing.B, city string) benchCity {
	b.Helper()
	c := benchCity{caps: &engine.Caps{
		Scope: engine.Scope{City: city, Sector: "bike"}, Epoch: 1, Plan: "bench",
		Cap: map[engine.Level]int{},
	}}
	centre, err := geo.ParseCell("8941a54f4a7ffff")
	if err != nil {
		b.Fatal(err)
	}
	for ring := range 36 { // 3,781 cells
		c.cells = append(c.cells, centre.Ring(ring)...)
	}
	for i := range c.cells {
		for _, operator := range benchOperators {
			for _, level := range c.levels(i, operator) {
				c.caps.Cap[level] = 1_000_000_000
			}
		}
	}
	return c
}

func (c benchCity) levels(i int, operator string) []engine.Level {
	cell, district := c.cells[i], "d"+strconv.Itoa(i%16)
	return []engine.Level{
		engine.CellOperatorLevel(cell, operator), engine.CellLevel(cell),
		engine.OperatorDistrictLevel(district, operator), engine.DistrictLevel(district),
		engine.OperatorLevel(operator), engine.CityLevel,
	}
}

// ask returns the i-th ask: a reservation anywhere.
func (c benchCity) ask(i int64, now time.Time) engine.Ask {
	at, operator := int(i*2_654_435_761%int64(len(c.cells))), benchOperators[i%5]
	return engine.Ask{
		Verb: engine.Reserve, ID: engine.NewID(operator, "key-"+strconv.FormatInt(i, 10)),
		Print: "0123456789abcdef", N: 1, Cell: c.cells[at], Levels: c.levels(at, operator),
		At: geo.LatLng{Lat: 24.4798, Lng: 118.0894}, Epoch: 1,
		Expires: engine.MillisOf(now.Add(10 * time.Minute)),
	}
}

// BenchmarkDo is one reservation by one of many callers, by group commit or one call each.
func BenchmarkDo(b *testing.B) {
	for _, callers := range []int{1, 4, 64, 256} {
		for _, single := range []bool{false, true} {
			name := map[bool]string{false: "group", true: "single"}[single]
			b.Run(fmt.Sprintf("%s-%d", name, callers), func(b *testing.B) {
				benchDo(b, callers, 1, single)
			})
		}
	}
	b.Run("batch100-8", func(b *testing.B) { benchDo(b, 8, 100, false) })
}

func benchDo(b *testing.B, callers, together int, single bool) {
	s := startServer(b, server.Options{})
	store := openStoreAt(b, s.URL(), Options{Single: single})
	city := newBenchCity(b, "bench")
	now := engine.SystemClock{}.Now()
	if err := store.Publish(context.Background(), city.caps, now); err != nil {
		b.Fatal(err)
	}
	var next atomic.Int64
	var group sync.WaitGroup
	before := serverTime(b, store)
	b.ReportAllocs()
	b.ResetTimer()
	for range callers {
		group.Go(func() {
			asks := make([]engine.Ask, together)
			for {
				from := next.Add(int64(together)) - int64(together)
				if from >= int64(b.N) {
					return
				}
				for i := range asks {
					asks[i] = city.ask(from+int64(i), now)
				}
				answers, err := store.Do(context.Background(), city.caps.Scope, now, asks)
				if err != nil || answers[0].No != nil {
					b.Errorf("%+v %v", answers, err)
					return
				}
			}
		})
	}
	group.Wait()
	b.StopTimer()
	worked := serverTime(b, store) - before
	b.ReportMetric(float64(worked.Nanoseconds())/float64(b.N), "server-ns/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "asks/s")
}

// serverTime returns how long the server's processor has worked.
func serverTime(b *testing.B, store *Store) time.Duration {
	b.Helper()
	text, err := store.client.Info(b.Context(), "cpu").Result()
	if err != nil {
		b.Fatal(err)
	}
	var sum float64
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "used_cpu_user" || name == "used_cpu_sys" {
			seconds, _ := strconv.ParseFloat(value, 64)
			sum += seconds
		}
	}
	return time.Duration(sum * float64(time.Second))
}
