package apportion

import (
	"math/big"
	"math/bits"
)

// int128 is a signed sum of 128 bits in two's complement. Sums of the certifier stay below 2^110:
// 2^43 entries of at most 2^66.
type int128 struct{ high, low uint64 }

// addProduct adds a*b.
func (i *int128) addProduct(a, b int64) {
	negative := (a < 0) != (b < 0)
	high, low := bits.Mul64(magnitude(a), magnitude(b))
	var carry uint64
	if negative {
		i.low, carry = bits.Sub64(i.low, low, 0)
		i.high, _ = bits.Sub64(i.high, high, carry)
		return
	}
	i.low, carry = bits.Add64(i.low, low, 0)
	i.high, _ = bits.Add64(i.high, high, carry)
}

// magnitude is the size of a signed integer.
func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

// add adds another sum.
func (i *int128) add(other int128) {
	var carry uint64
	i.low, carry = bits.Add64(i.low, other.low, 0)
	i.high, _ = bits.Add64(i.high, other.high, carry)
}

// big returns the sum as a big integer.
func (i *int128) big() *big.Int {
	sum := new(big.Int).Lsh(big.NewInt(int64(i.high)), 64)
	return sum.Add(sum, new(big.Int).SetUint64(i.low))
}
