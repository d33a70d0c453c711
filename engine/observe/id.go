package observe

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
)

// ID stands for a vehicle or an event: 64 bits of a salted hash, so that nobody who reads stint's
// data finds the vehicle in an operator's, or in another city's. 0 = none was told.
type ID uint64

// String writes an ID as 16 hexadecimal digits.
func (id ID) String() string { return fmt.Sprintf("%016x", uint64(id)) }

// MarshalText writes an ID as String does.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (id *ID) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 16, 64)
	if err != nil {
		return fmt.Errorf("no ID of a vehicle or an event: %w", err)
	}
	*id = ID(n)
	return nil
}

// Hasher makes IDs of the names that operators give. The salt is the city's own and secret; with
// another salt the same names give other IDs. A Hasher may be used by one goroutine at a time.
type Hasher struct {
	buffer []byte
	salt   int
}

// NewHasher returns the hasher of a salt.
func NewHasher(salt []byte) *Hasher {
	key := sha256.Sum256(salt)
	return &Hasher{buffer: key[:16:16], salt: 16}
}

// ID returns the ID of an operator's name for a vehicle or an event; of an empty name it is 0. Two
// of a million vehicles share one with a chance of 3 in 10⁸.
func (h *Hasher) ID(name []byte) ID {
	if len(name) == 0 {
		return 0
	}
	h.buffer = append(h.buffer[:h.salt], name...)
	sum := sha256.Sum256(h.buffer)
	return ID(max(1, binary.BigEndian.Uint64(sum[:])))
}
