package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/engine/rdb/server"
)

func TestBenchCityHasRoomForAnyBenchmark(t *testing.T) {
	city, err := benchCity(300, 5)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := engine.Decide(city, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Verify(plan); err != nil {
		t.Fatal(err)
	}
	caps, _ := engine.CapsOf(plan, benchSector, 1)
	for _, cell := range caps.Cells {
		for k := range 5 {
			if got := caps.Cap[engine.CellOperatorLevel(cell, benchOperator(k))]; got < 100 {
				t.Fatalf("operator %d has %d places in %v, want 100 or more", k, got, cell)
			}
		}
	}
}

// smallBench returns a bench of a thousand cells.
func smallBench(t *testing.T, span time.Duration) *benchRun {
	t.Helper()
	b := &benchRun{
		app:          &app{streams: streams{new(bytes.Buffer), new(bytes.Buffer)}, tag: lang.English},
		benchOptions: benchOptions{rounds: 1, span: span, cells: 1000},
		dir:          t.TempDir(),
	}
	if err := b.prepare(); err != nil {
		t.Fatal(err)
	}
	return b
}

// checkRows wants each row measured once.
func checkRows(t *testing.T, b *benchRun, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if got := b.result.of(id, perSecond); len(got) != 1 || !(got[0] > 0) {
			t.Errorf("%s: %v a second", id, got)
		}
	}
}

func TestBenchMeasuresTheAPI(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	b := smallBench(t, 2*time.Second)
	err := b.measureAPI(t.Context(), func(measure func(engine.Store) error) error {
		return measure(mem.New())
	})
	if err != nil {
		t.Fatal(err)
	}
	checkRows(t, b, "http-4", "http-256", "batch-100", "snapshot", "snapshot-busy")
}

func TestBenchMeasuresRedis(t *testing.T) {
	if _, err := server.Program(); err != nil {
		t.Skip("SKIP (loud): no redis-server or valkey-server on PATH")
	}
	if testing.Short() {
		t.Skip("SKIPPED: -short")
	}
	b := smallBench(t, 2*time.Second)
	b.only = []string{"geosearch", "stores", "raw"}
	if err := b.round(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	checkRows(t, b, "raw")
	if len(b.result.Skipped) == 0 {
		checkRows(t, b, "geosearch", "geosearch-1")
	}
	checkRows(t, b, "redis-group-64", "redis-single-64", "redis-group-256", "redis-single-256")
	b.judge()
	var out bytes.Buffer
	err := b.result.write(&out, lang.Chinese)
	if err != nil || !strings.Contains(out.String(), "64 个调用者") {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestBenchRefusesWhatItCantMeasure(t *testing.T) {
	for _, args := range [][]string{
		{"--rounds", "0"}, {"--cells", "99"}, {"--time", "1ms"}, {"--only", "https"}, {"now"},
	} {
		var said bytes.Buffer
		code := run(t.Context(), streams{&said, &said}, append([]string{"bench"}, args...), noEnv)
		if code != exitInput {
			t.Errorf("bench %v: exit %d, want %d: %s", args, code, exitInput, said.String())
		}
	}
}

func noEnv(string) string { return "" }

// TestBenchMeasuresWhatNeedsNoServer runs the stages of this process at a small size and reads what
// they print.
func TestBenchMeasuresWhatNeedsNoServer(t *testing.T) {
	b := smallBench(t, 500*time.Millisecond)
	b.only = []string{"geo", "mem"}
	if err := b.round(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	checkRows(t, b, "cell-exact", "cell-memo", "zones", "lookup", "mem-64")
	if n := b.places.differing(1000) + b.places.strayed(1000); n != 0 {
		t.Errorf("%d of 2000 points differ", n)
	}
	if _, err := json.Marshal(b.result); err != nil {
		t.Error(err)
	}
}

func TestGoalsAreMediansOfRatiosWithinARound(t *testing.T) {
	// The machine was twice as busy in the second round, and three times in the third.
	r := &benchResult{}
	for _, busy := range []float64{1, 2, 3} {
		r.add("fast", sample{PerSecond: 600 / busy, P99: 4 * busy})
		r.add("slow", sample{PerSecond: 100 / busy})
	}
	r.ratio("met", "fast", "slow", 5)
	r.ratio("missed", "slow", "fast", 5)
	r.ratio("unmeasured", "fast", "nothing", 5)
	r.atMost("p99", "fast", p99, 8)
	if len(r.Goals) != 3 {
		t.Fatalf("%d goals, want 3", len(r.Goals))
	}
	for i, want := range []benchGoal{
		{Value: 6, Holds: true}, {Value: 1.0 / 6, Holds: false}, {Value: 8, Holds: true},
	} {
		if g := r.Goals[i]; math.Abs(g.Value-want.Value) > 1e-12 || g.Holds != want.Holds {
			t.Errorf("goal %s = %v, holds %v; want %v, %v", g.ID, g.Value, g.Holds, want.Value, want.Holds)
		}
	}
}

func TestReadRedisBench(t *testing.T) {
	// What redis-benchmark 7.0 prints with --csv; the command has quotes and commas of its own.
	const out = `"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms",` +
		`"p99_latency_ms","max_latency_ms"
"EVALSHA a "1","2" b","32500.50","1.900","0.100","1.700","3.100","4.900","20.500"
`
	got, err := readRedisBench(out, 1000)
	if err != nil {
		t.Fatal(err)
	}
	want := sample{PerSecond: 32500.5, P50: 1.7, P99: 4.9, Max: 20.5, Decisions: 1000}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, bad := range []string{"", "ERR unknown command", `"a","b","c","d","e","f","g","h"`} {
		if _, err := readRedisBench(bad, 1); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestMonitored(t *testing.T) {
	tests := map[string]struct {
		line string
		want []string
	}{
		"a command on a socket": {
			`+1700000000.5 [0 unix:/tmp/r.sock] "EVALSHA" "ab" "0" "a\x00\"b] \n"` + "\r\n",
			[]string{"EVALSHA", "ab", "0", "a\x00\"b] \n"},
		},
		"what a script does": {`+1700000000.5 [0 lua] "HGET" "a" "b"` + "\r\n", nil},
		"something else":     {"+OK\r\n", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := monitored(tt.line)
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("monitored = %q, %v; want %q", got, err, tt.want)
			}
		})
	}
	if _, err := monitored(`+1 [0 unix:/r] "GET" "unclosed`); err == nil {
		t.Error("an unclosed word was read")
	}
}

func TestACommandIsSentWithAnotherKeyEachTime(t *testing.T) {
	k := script{"EVALSHA", "a:" + sampleKey, "n", "|" + sampleKey + "|"}.keyed()
	for i, key := range map[int64]string{
		0: "000000000000", 7: "000000000007", 4_000_123: "000004000123",
	} {
		want := string(command([]string{"EVALSHA", "a:" + key, "n", "|" + key + "|"}))
		if got := string(k.with(i)); got != want {
			t.Errorf("with(%d) = %q, want %q", i, got, want)
		}
	}
	if _, ok := (script{"a\x00"}).drawn(); ok {
		t.Error("redis-benchmark can't take a zero byte")
	}
	if got, _ := (script{"a:" + sampleKey}).drawn(); got[0] != "a:__rand_int__" {
		t.Errorf("drawn = %q", got)
	}
}

func TestRedisAnswers(t *testing.T) {
	for answer, want := range map[string]string{
		"*4\r\n:1\r\n:2\r\n:0\r\n:7\r\n": ":7", // granted, seven left
		"*2\r\n:1\r\n*2\r\n:1\r\n:5\r\n": "*",  // refused: a level has five left
		"*1\r\n$2\r\n+3\r\n":             "+3",
		"*2\r\n:1\r\n:-1\r\n":            ":-1",
	} {
		w := redisWire{in: bufio.NewReader(strings.NewReader(answer))}
		got, err := w.read(0)
		if err != nil || got != want || granted(got) != (want == ":7" || want == "+3") {
			t.Errorf("read %q = %q, %v, granted %v; want %q", answer, got, err, granted(got), want)
		}
	}
	w := redisWire{in: bufio.NewReader(strings.NewReader("-ERR no\r\n"))}
	if _, err := w.read(0); !errors.Is(err, errAnswer) {
		t.Errorf("an error was read as %v", err)
	}
}

func TestShortAndThousands(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 0.00012: "0.0001", 0.5: "0.50", 9.996: "10.00", 14.94: "14.9", 1234.5: "1234",
	} {
		if got := short(x); got != want {
			t.Errorf("short(%v) = %s, want %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{0: "0", 999: "999", 36312.4: "36,312", 1e6: "1,000,000"} {
		if got := thousands(x); got != want {
			t.Errorf("thousands(%v) = %s, want %s", x, got, want)
		}
	}
}
