package city

import (
	"math"
	"strconv"
	"testing"

	"github.com/stint-city/stint/engine/lang"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/geo"
)

// A sample is never larger than it may be, spans the whole stream, and is the same each time.
func TestSampleSpansTheStream(t *testing.T) {
	for _, n := range []int{0, 1, sampleSize, sampleSize + 1, 5*sampleSize + 7} {
		var s sample
		for i := range n {
			s.add(geo.LatLng{Lat: float64(i)})
		}
		if len(s.points) > sampleSize || (n > 0 && len(s.points) < min(n, sampleSize/2)) {
			t.Errorf("of %d points %d are kept, want at most %d and at least half of that",
				n, len(s.points), sampleSize)
		}
		for i, p := range s.points {
			if p.Lat != float64(i*s.step) {
				t.Fatalf("point %d of %d is the stream's %v, want %d", i, n, p.Lat, i*s.step)
			}
		}
	}
}

func TestSampleCountsDecimals(t *testing.T) {
	tests := map[string]struct {
		texts []string
		want  int
	}{
		"none":                 {[]string{"118", "24"}, 0},
		"three, one cut short": {[]string{"121.525", "31.31", "121.387"}, 3},
		"six, and one row of fourteen": {
			append(repeat("39.941975", 20), "40.00067504053087"), 6,
		},
		"an exponent promises nothing":          {[]string{"1.21525e2", "31.3"}, 1},
		"mostly three, a tenth of them by five": {append(repeat("121.525", 9), "121.52512"), 5},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var s sample
			for _, text := range tt.texts {
				s.written(text)
			}
			if got := s.places(); got != tt.want {
				t.Errorf("places = %d, want %d", got, tt.want)
			}
		})
	}
}

func repeat(text string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = text
	}
	return list
}

// A split gives each operator its share, and one value always to the same operator.
func TestSplitKeepsItsShares(t *testing.T) {
	s := Split{Shares: []Part{{"a", 0.58}, {"b", 0.35}, {"c", 0.07}}}
	counts := map[string]int{}
	const n = 100000
	for i := range n {
		id := "bike-" + strconv.Itoa(i)
		got := s.pick(id)
		if got != s.pick(id) {
			t.Fatalf("%s falls to two operators", id)
		}
		counts[got]++
	}
	for _, part := range s.Shares {
		got := float64(counts[part.Operator]) / n
		// Five standard deviations of a binomial share.
		if limit := 5 * math.Sqrt(part.Share*(1-part.Share)/n); !near(got, part.Share, limit) {
			t.Errorf("%s has %.4f of the values, want %.2f ± %.4f", part.Operator, got, part.Share, limit)
		}
	}
}

// The distance of two words is a metric, and a word is nearest to itself.
func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"kitten", "sitting", 3},
		{"abc", "", 3},
		{"cap", "cpa", 2},
	} {
		if got := lang.Edits(tt.a, tt.b); got != tt.want {
			t.Errorf("edits(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
	words := rapid.StringMatching(`[a-c]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := words.Draw(t, "a"), words.Draw(t, "b"), words.Draw(t, "c")
		if lang.Edits(a, b) != lang.Edits(b, a) || (lang.Edits(a, b) == 0) != (a == b) ||
			lang.Edits(a, c) > lang.Edits(a, b)+lang.Edits(b, c) {
			t.Fatalf("edits is no metric on %q, %q, %q", a, b, c)
		}
	})
}
