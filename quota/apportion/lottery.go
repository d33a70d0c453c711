package apportion

import (
	"crypto/sha256"
	"math"
	"strconv"
)

// draw returns an entry's lot, from 0 to 2^16-1 units of cost; the lower lot goes first. It is the
// first two bytes of the SHA-256 of seed, row and column, each ended by a newline, so that anybody
// can draw it again:
//
//	printf '%d\n%s\n%s\n' SEED ROW COLUMN | sha256sum | cut -c1-4
func draw(seed uint64, row, col string) int64 {
	text := make([]byte, 0, 64)
	text = append(strconv.AppendUint(text, seed, 10), '\n')
	text = append(append(text, row...), '\n')
	text = append(append(text, col...), '\n')
	sum := sha256.Sum256(text)
	return int64(sum[0])<<8 | int64(sum[1])
}

// fixed returns nats as units of fixed point, rounded half away from 0.
func fixed(nats float64) int64 {
	return int64(math.Round(nats * UnitsPerNat))
}
