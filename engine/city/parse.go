package city

import (
	"github.com/stint-city/stint/engine/strict"
)

// maxCityFile is the largest city file, bytes: a thousand times what a city needs.
const maxCityFile = 1 << 20

// Parse reads a city file, checks every value and fills in the defaults. name is what faults call
// the file. The first fault of the file, from the top, comes back as a *Fault with the line and
// column of the offending key: broken YAML, unknown and repeated keys, a value of another type, a
// number with a unit, and whatever File's comments forbid.
func Parse(name string, data []byte) (*File, error) {
	f := &File{name: name}
	var err error
	if f.at, err = strict.Decode(name, data, maxCityFile, f); err != nil {
		return nil, err
	}
	f.fill()
	if err := f.check(); err != nil {
		return nil, err
	}
	return f, nil
}
