package geo

import (
	"fmt"
	"io"
)

// lineReader remembers where lines begin in what it has handed out, back to the last place passed,
// and refuses to run further ahead of that place than one token may be long.
type lineReader struct {
	from   io.Reader
	total  int64   // bytes handed out
	behind int64   // bytes passed
	line   int     // of the place passed
	begins int64   // where that line begins
	ahead  []int64 // beginnings of the lines after it
}

// Read implements io.Reader.
func (r *lineReader) Read(p []byte) (int, error) {
	room := mostToken - (r.total - r.behind)
	if room <= 0 {
		return 0, fmt.Errorf("%w: a string of more than %d bytes", ErrTooLarge, mostToken)
	}
	n, err := r.from.Read(p[:min(int64(len(p)), room)])
	for i, b := range p[:n] {
		if b == '\n' {
			r.ahead = append(r.ahead, r.total+int64(i)+1)
		}
	}
	r.total += int64(n)
	return n, err
}

// passed forgets the lines that end before offset.
func (r *lineReader) passed(offset int64) {
	r.behind = offset
	n := 0
	for n < len(r.ahead) && r.ahead[n] <= offset {
		n++
	}
	if n > 0 {
		r.line += n
		r.begins = r.ahead[n-1]
		r.ahead = append(r.ahead[:0], r.ahead[n:]...)
	}
}

// place returns the line and column, from 1, of the byte at offset, not before the place passed.
func (r *lineReader) place(offset int64) (line, column int) {
	line, begins := r.line, r.begins
	for _, b := range r.ahead {
		if b > offset {
			break
		}
		line++
		begins = b
	}
	return line, int(offset-begins) + 1
}
