package main

import (
	"bufio"
	"encoding/binary"
	"os"

	"github.com/stint-city/stint/quota/apportion"
)

// near is how far around stint's answer the peers may look. It is kind to them: the whole problem
// has an arc for every unit, this one at most 2*near an entry. Stint gets the whole one. Since the
// answer is certified for the whole problem, it is the optimum of this part too.
const near = 2

// write writes what is left to decide around an answer as an instance file (instance.h), and
// returns what the answer costs there.
func write(
	file string, p apportion.Problem, s *apportion.Solution, around int,
) (objective int64, err error) {
	f, err := os.Create(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	supply, demand, body := make([]int64, len(p.Rows)), make([]int64, len(p.Cols)), []byte(nil)
	for c := range p.Cols {
		for o := range p.Rows {
			x := s.Matrix[o][c]
			from, to := span(p, o, c, x, around)
			body = append(body, byte(to-from))
			for k := from + 1; k <= to; k++ {
				cost := p.UnitCost(o, c, k)
				body = binary.LittleEndian.AppendUint64(body, uint64(cost))
				if k <= x {
					objective += cost
				}
			}
			supply[o] += int64(x - from)
			demand[c] += int64(x - from)
		}
	}
	w := bufio.NewWriter(f)
	w.WriteString("STINTF1\n")
	for _, part := range []any{int32(len(p.Rows)), int32(len(p.Cols)), supply, demand, body} {
		if err := binary.Write(w, binary.LittleEndian, part); err != nil {
			return 0, err
		}
	}
	return objective, w.Flush()
}

// span returns the values an entry may take near an answer.
func span(p apportion.Problem, o, c, x, around int) (from, to int) {
	lower, upper := p.Bounds(o, c)
	return max(lower, x-around), min(upper, p.ColTotals[c], x+around)
}
