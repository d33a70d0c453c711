package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/engine/rdb"
	"github.com/stint-city/stint/engine/rdb/server"
)

// fleetSize is the vehicles of the benchmarks, and fleetRounds how many pictures of all of them are
// told in turn: from one to the next a tenth goes to another place, the rest stands where it stood.
const fleetSize, fleetRounds = 200_000, 4

// fleetAt returns where a vehicle is in a round.
func fleetAt(v, round int) (lat, lng float64) {
	trips := 0
	for r := range round {
		if (v+7*r)%10 == 0 {
			trips++
		}
	}
	n := v + 7919*trips
	return 24.4 + float64(n%500)*0.0005, 118 + float64(n/500%500)*0.0005
}

// fleetText returns a round as CSV or JSON. A pass is one telling of all rounds; times go on.
func fleetText(json bool, pass, round int) []byte {
	var b bytes.Buffer
	at := 1_798_000_000 + (pass*fleetRounds+round)*60
	b.WriteString(map[bool]string{true: "[", false: "vehicle_id,lat,lng,time,state\n"}[json])
	for v := range fleetSize {
		lat, lng := fleetAt(v, round)
		if !json {
			fmt.Fprintf(&b, "bike-%09d,%.6f,%.6f,%d,available\n", v, lat, lng, at)
			continue
		}
		if v > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"bike_id":"bike-%09d","lat":%.6f,"lon":%.6f,"last_reported":%d,`+
			`"is_reserved":false,"is_disabled":false,"vehicle_type_id":"bike"}`+"\n", v, lat, lng, at)
	}
	if json {
		b.WriteByte(']')
	}
	return b.Bytes()
}

// startRedis starts a server of the benchmark's own; without one on PATH it is skipped.
func startRedis(b *testing.B) *server.Server {
	b.Helper()
	s, err := server.Start(b.Context(), server.Options{Dir: b.TempDir()})
	if errors.Is(err, server.ErrNoServer) {
		b.Skip("SKIPPED: no redis-server or valkey-server on PATH")
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Stop(b.Context()) })
	return s
}

// BenchmarkTake tells a door of the fleet, with the counts flushed to a store after each round. One
// operation is one vehicle's update; the first telling of all is not timed.
func BenchmarkTake(b *testing.B) {
	stores := map[string]func(b *testing.B) engine.Whereabouts{
		"mem": func(*testing.B) engine.Whereabouts { return mem.New() },
		"redis": func(b *testing.B) engine.Whereabouts {
			s, err := rdb.Open(b.Context(), startRedis(b).URL(), rdb.Options{Archive: b.TempDir()})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = s.Close() })
			return s
		},
	}
	for _, form := range []string{"csv", "json"} {
		for _, name := range []string{"mem", "redis"} {
			b.Run(form+"/"+name, func(b *testing.B) {
				benchmarkTake(b, form == "json", stores[name](b))
			})
		}
	}
}

func benchmarkTake(b *testing.B, json bool, store engine.Whereabouts) {
	d := newDoor(b, store)
	delivery := blue
	delivery.JSON = json
	told := 0
	tell := func(pass, round int) {
		b.StopTimer()
		text := fleetText(json, pass, round)
		b.StartTimer()
		in, err := d.Take(b.Context(), delivery, bytes.NewReader(text))
		if err == nil {
			err = d.Flush(b.Context())
		}
		if err != nil || in.Held != fleetSize {
			b.Fatalf("%+v, %v", in, err)
		}
		told += in.Held
	}
	tell(0, 0)
	told = 0
	b.ResetTimer()
	for i := 1; told < b.N || told == 0; i++ {
		tell(i/fleetRounds, i%fleetRounds)
	}
	b.ReportMetric(float64(told)/b.Elapsed().Seconds(), "updates/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkGeoAdd gives Redis the same vehicles by GEOADD, 64 a pipeline, over two connections.
func BenchmarkGeoAdd(b *testing.B) {
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: startRedis(b).Addr()})
	defer func() { _ = client.Close() }()
	names := make([]string, fleetSize)
	for v := range names {
		names[v] = fmt.Sprintf("bike-%09d", v)
	}
	told := 0
	b.ResetTimer()
	for round := 0; told < b.N || told == 0; round++ {
		var group sync.WaitGroup
		for half := range 2 {
			group.Go(func() {
				from, to := half*fleetSize/2, (half+1)*fleetSize/2
				for v := from; v < to; v += 64 {
					p := client.Pipeline()
					for u := v; u < min(v+64, to); u++ {
						lat, lng := fleetAt(u, round%fleetRounds)
						p.GeoAdd(b.Context(), "fleet", &redis.GeoLocation{
							Name: names[u], Latitude: lat, Longitude: lng,
						})
					}
					if _, err := p.Exec(b.Context()); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		told += fleetSize
	}
	b.ReportMetric(float64(told)/b.Elapsed().Seconds(), "updates/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkTable measures what a vehicle takes of the heap, index and lists included.
func BenchmarkTable(b *testing.B) {
	for b.Loop() {
		heap := func() uint64 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		d := newDoor(b, mem.New())
		before := heap()
		r := d.reader(&blue)
		var v values
		for n := range 1_000_000 {
			var x row
			v[colVehicle], v[colState] = fmt.Appendf(nil, "bike-%09d", n), []byte("available")
			v[colLat], v[colLng] = []byte("24.5"), []byte("118.1")
			if f := r.row(&v, &x); f != nil || d.apply(&x, still{}.Now().UnixMilli(), &tally{}) {
				b.Fatal(f)
			}
		}
		d.gather(func(parcel) {}) // as after a flush
		b.ReportMetric(float64(heap()-before)/1e6, "B/vehicle")
		runtime.KeepAlive(d)
	}
	b.ReportMetric(0, "ns/op")
}

// The table's promise, whatever its size: 64 bytes a vehicle, pages and index together.
func TestAVehicleTakes64BytesAtMost(t *testing.T) {
	s := &shard{}
	for n := range 200_000 {
		s.add(vehicle{id: uint64(n) * 0x9e3779b97f4a7c15})
		if got := 48*pageSize*len(s.pages) + 8*cap(s.pages) + 4*len(s.slots); n > 10_000 &&
			got > 64*(n+1) {
			t.Fatalf("%d vehicles take %d bytes: %.1f each", n+1, got, float64(got)/float64(n+1))
		}
	}
}
