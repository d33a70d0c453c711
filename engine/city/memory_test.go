package city

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// stream writes rows of rides without end, as far as it is read: no more memory than one row.
type stream struct {
	rows, most int
	line       []byte
	rest       []byte
	at         func(row int) // called before each 100,000th row
}

func (s *stream) Read(p []byte) (int, error) {
	for len(s.rest) == 0 {
		if s.rows == s.most {
			return 0, io.EOF
		}
		if s.rows%100000 == 0 && s.at != nil {
			s.at(s.rows)
		}
		s.line = append(s.line[:0], "2024-03-04 08:10:00,24."...)
		s.line = fmt.Appendf(s.line, "%05d,118.1%04d,A,a%d\n",
			48000+s.rows%2000, s.rows%4000, s.rows%5000)
		s.rest = s.line
		s.rows++
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// rideReader returns a reader of the village's rides, before any was read.
func rideReader(t testing.TB) *rideRead {
	t.Helper()
	r, err := openVillage(t)
	if err != nil {
		t.Fatal(err)
	}
	return &rideRead{pointRead: r.newPoints(r.file.layersOf(rides)[0])}
}

// readStream reads rides from a stream.
func (l *rideRead) readStream(from io.Reader) error {
	src := newSource(l.ctx, "stream.csv", from, 0, nil)
	t, err := l.table(src)
	if err != nil {
		return err
	}
	return l.eachRow(t, l.ride)
}

// A file of any length takes the memory of a short one: the heap that is in use after a million
// rows is that after the first hundred thousand.
func TestRidesTakeBoundedMemory(t *testing.T) {
	const rows, ceiling = 500_000, 4 << 20
	l := rideReader(t)
	var heap []uint64
	body := &stream{most: rows, at: func(int) {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		heap = append(heap, m.HeapAlloc)
	}}
	if err := l.readStream(io.MultiReader(strings.NewReader("at,y,x,who,bike\n"), body)); err != nil {
		t.Fatal(err)
	}
	if l.stat.Features != rows {
		t.Fatalf("%d rides read, want %d", l.stat.Features, rows)
	}
	if last, first := heap[len(heap)-1], heap[1]; last > first+ceiling {
		t.Errorf("heap grew from %d to %d bytes, want at most %d more", first, last, ceiling)
	}
}

// A quotation mark that is never closed doesn't fill the memory either: the row ends at its bound.
func TestRowsAreBounded(t *testing.T) {
	l := rideReader(t)
	endless := io.MultiReader(strings.NewReader("at,y,x,who,bike\n\""), &stream{most: 2_000_000})
	err := l.readStream(endless)
	checkFault(t, err, "stream.csv:1", "longer than", "quotation mark")
}

func BenchmarkRides(b *testing.B) {
	const rows = 100000
	for b.Loop() {
		l := rideReader(b)
		from := io.MultiReader(strings.NewReader("at,y,x,who,bike\n"), &stream{most: rows})
		if err := l.readStream(from); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// Of a thousand bad rows the reader doesn't ask for a gigabyte more.
func TestRidesGiveUpOnAHopelessFile(t *testing.T) {
	l := rideReader(t)
	body := &stream{most: 10_000_000}
	swapped := io.MultiReader(strings.NewReader("at,x,y,who,bike\n"), body)
	checkFault(t, l.readStream(swapped), "stream.csv:2", "1,000 of 1,000 rows", "no place on Earth")
	if body.rows > 10_000 {
		t.Errorf("%d rows were read", body.rows)
	}
	l = rideReader(t)
	l.operators = []string{"nobody"}
	l.layer.OperatorOf = nil
	checkFault(t, l.readStream(io.MultiReader(strings.NewReader("at,y,x,who,bike\n"),
		&stream{most: 5000})), "city.yaml:36:5", `"A" (1,000 rows)`)
}

// Rides of several operators that don't say whose they are make demand and nobody's claim.
func TestReadKeepsUntoldRidesApart(t *testing.T) {
	text := edited(t, ", operator: who, vehicle: bike}\n    operator_of: {A: ant, B: bee}", "}")
	s := readGood(t, map[string]string{"city.yaml": text})
	if s.Sectors[0].Use != nil {
		t.Error("use is known, want nil: nobody was told apart")
	}
	if len(noted(s, "city.not-apart")) != 1 {
		t.Error("no note says so")
	}
	if got := s.Sheets[0].Values[1]; got.Known || got.Why != "unseen" {
		t.Errorf("in_fence_share = %+v, want unknown: unseen", got)
	}
}
