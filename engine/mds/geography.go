package mds

import (
	"crypto/sha1" // version 5 of UUIDs is made of it; nothing is kept secret by it
	"encoding/hex"

	"github.com/stint-city/stint/geo"
)

// GeographyID returns the UUID under which a city's cell is a geography: version 5, of the name
// "stint:geography:<city>:<cell>" in the namespace of URLs. So everybody can work it out, and the
// same cell has the same ID on every server.
//
// Source: RFC 9562, section 5.5 and, for the namespace, 6.6.
func GeographyID(city string, cell geo.Cell) string {
	namespace := []byte{
		0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
	}
	sum := sha1.Sum(append(namespace, "stint:geography:"+city+":"+cell.String()...))
	u := sum[:16]
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	s := hex.EncodeToString(u)
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
