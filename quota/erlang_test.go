package quota

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestErlangB(t *testing.T) {
	tests := map[string]struct {
		n    int
		a    float64
		want float64
	}{
		"no vehicle loses every trip":                       {0, 5, 1},
		"no vehicle loses every trip without traffic":       {0, 0, 1},
		"one vehicle at one erlang loses half":              {1, 1, 0.5},
		"two vehicles at one erlang lose a fifth":           {2, 1, 0.2},
		"three vehicles at one erlang lose a sixteenth":     {3, 1, 1.0 / 16},
		"two vehicles at two erlangs lose 2 of 1+2+2 parts": {2, 2, 0.4},
		"no traffic loses nothing":                          {3, 0, 0},
		"ten thousand vehicles at one erlang lose nothing":  {10000, 1, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := ErlangB(tt.n, tt.a); math.Abs(got-tt.want) > 1e-15 {
				t.Errorf("ErlangB(%d, %v) = %v, want %v", tt.n, tt.a, got, tt.want)
			}
		})
	}
	for _, a := range []float64{-1, math.NaN(), math.Inf(1)} {
		if got := ErlangB(3, a); !math.IsNaN(got) {
			t.Errorf("ErlangB(3, %v) = %v, want NaN", a, got)
		}
	}
}

// erlangTable is ../shared/cases/capacity_erlang_b.json: keys are "vehicles@blocking".
type erlangTable struct {
	Traffic   map[string]float64 `json:"max_traffic_for_blocking"`
	Published map[string]float64 `json:"published"`
}

func TestErlangTrafficTable(t *testing.T) {
	const path = "../../shared/cases/capacity_erlang_b.json"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("SKIP (loud): %s is absent: %v", path, err)
	}
	var table erlangTable
	if err := json.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	if len(table.Traffic) < 24 || len(table.Published) < 4 {
		t.Fatalf("%s holds %d and %d values", path, len(table.Traffic), len(table.Published))
	}
	checkTable(t, table.Traffic, 0.0005)
	checkTable(t, table.Published, 0.0005)
}

// checkTable holds ErlangTraffic to a table; a key may say that it has one decimal only.
func checkTable(t *testing.T, table map[string]float64, within float64) {
	t.Helper()
	for key, want := range table {
		allowed := within
		if strings.HasSuffix(key, "(1 dp)") {
			allowed = 0.05
		}
		vehicles, blocking, _ := strings.Cut(strings.TrimSuffix(key, " (1 dp)"), "@")
		n, err := strconv.Atoi(vehicles)
		if err != nil {
			t.Fatal(err)
		}
		b, err := strconv.ParseFloat(blocking, 64)
		if err != nil {
			t.Fatal(err)
		}
		// The table is rounded to its last decimal, which may fall on the half.
		if got := ErlangTraffic(n, b); math.Abs(got-want) > allowed+1e-9 {
			t.Errorf("ErlangTraffic(%s) = %v, want %v", key, got, want)
		}
	}
}

func TestErlangTraffic(t *testing.T) {
	tests := map[string]struct {
		n        int
		blocking float64
		want     float64
	}{
		"15 lines at 1 % carry 8.108 erlangs (erlang.com)":  {15, 0.01, 8.108},
		"one vehicle that may lose half carries one erlang": {1, 0.5, 1},
		"no vehicle carries nothing":                        {0, 0.5, 0},
		"no loss allows no traffic":                         {5, 0, 0},
		"losing all allows any traffic":                     {5, 1, math.Inf(1)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := ErlangTraffic(tt.n, tt.blocking)
			if got != tt.want && math.Abs(got-tt.want) > 0.0005 {
				t.Errorf("ErlangTraffic(%d, %v) = %v, want %v", tt.n, tt.blocking, got, tt.want)
			}
		})
	}
}

func TestErlangCarriedTrafficIsConcave(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Float64Range(0, 300).Draw(t, "a")
		last := math.Inf(1)
		for n := 1; n <= 400; n++ {
			gain := a * (ErlangB(n-1, a) - ErlangB(n, a))
			if gain < -1e-12 || gain > last+1e-12*a {
				t.Fatalf("vehicle %d adds %v after %v", n, gain, last)
			}
			last = gain
		}
	})
}

func TestErlangTrafficReversesErlangB(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		b := rapid.Float64Range(1e-6, 0.999).Draw(t, "blocking")
		a := ErlangTraffic(n, b)
		if got := ErlangB(n, a); got > b || b-got > 1e-9 {
			t.Fatalf("ErlangB(%d, %v) = %v, want %v", n, a, got, b)
		}
		if more := ErlangTraffic(n+1, b); more <= a {
			t.Fatalf("a vehicle more carries %v, not above %v", more, a)
		}
	})
}
