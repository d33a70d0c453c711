package example

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
)

// Errors of Write.
var (
	// ErrNotEmpty says that the folder to write to holds something already.
	ErrNotEmpty = errors.New("folder is not empty")
	// ErrOptions says that a size is outside what the city can be drawn for.
	ErrOptions = errors.New("size out of range")
)

// Options say which city to make. The zero value is the city of the documentation: about 300 cells,
// three operators, three weeks, seed 0. Any seed is as good as another.
type Options struct {
	Seed      uint64
	Cells     int // H3 cells of resolution 9, within a tenth; 0 = 300; 100-100,000
	Operators int // the last of two or more has no quota yet; 0 = 3; 1-26
	Weeks     int // of history; 0 = 3; 1-26
	// MaxRides bounds the rides written, and with them the fleet and the files' size: a city too
	// large for it has emptier streets. 0 = 1,000,000; 1,000-10,000,000.
	MaxRides int
}

// withDefaults returns the options with every size set, or ErrOptions.
func (o Options) withDefaults() (Options, error) {
	for _, size := range []struct {
		name            string
		value           *int
		usual, low, top int
	}{
		{"cells", &o.Cells, 300, 100, 100_000},
		{"operators", &o.Operators, 3, 1, 26},
		{"weeks", &o.Weeks, 3, 1, 26},
		{"rides", &o.MaxRides, 1_000_000, 1_000, 10_000_000},
	} {
		if *size.value == 0 {
			*size.value = size.usual
		}
		if v := *size.value; v < size.low || v > size.top {
			return o, fmt.Errorf("%w: %d %s; give %d to %d", ErrOptions, v, size.name, size.low, size.top)
		}
	}
	return o, nil
}

// requestsPerDay returns how many riders ask for a vehicle on the mean day: ten a cell, or so few
// that MaxRides is four standard deviations away.
func (o Options) requestsPerDay() float64 {
	most := float64(o.MaxRides)
	few := (most - 4*math.Sqrt(most)) / float64(o.Weeks*weekDays)
	return min(10*float64(o.Cells), few)
}

// Write makes the city and writes it to dir: city.yaml, the layers it names, the operators' sheets
// and a README. The folder must not exist or be empty, else ErrNotEmpty; its parent must exist.
// The files are written aside and then renamed, so that on failure nothing is left.
func Write(dir string, o Options) error {
	o, err := o.withDefaults()
	if err != nil {
		return fmt.Errorf("make the example city: %w", err)
	}
	if err := fill(dir, o); err != nil {
		return fmt.Errorf("make the example city: %w", err)
	}
	return nil
}

// fill writes to a folder aside: beside dir if that doesn't exist, within it if it does, so that an
// empty folder that somebody stands in, or that is a volume of its own, stays the same folder.
func fill(dir string, o Options) error {
	exists, err := checkEmpty(dir)
	if err != nil {
		return err
	}
	home := dir
	if !exists {
		home = filepath.Dir(filepath.Clean(dir))
	}
	aside, err := os.MkdirTemp(home, ".stint-example-")
	if err != nil {
		return err
	}
	err = writeAll(aside, o)
	switch {
	case err != nil:
	case exists:
		err = moveUp(aside, dir)
	default:
		err = errors.Join(os.Chmod(aside, 0o755), os.Rename(aside, dir))
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(aside))
	}
	return nil
}

// checkEmpty reports whether dir exists; it is an error if it does and is no empty folder.
func checkEmpty(dir string) (exists bool, err error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case len(entries) > 0:
		return true, fmt.Errorf("%s: %w", dir, ErrNotEmpty)
	}
	return true, nil
}

// moveUp moves what is in aside to dir, all or nothing, and removes aside.
func moveUp(aside, dir string) error {
	entries, err := os.ReadDir(aside)
	if err != nil {
		return err
	}
	for i, entry := range entries {
		err := os.Rename(filepath.Join(aside, entry.Name()), filepath.Join(dir, entry.Name()))
		if err == nil {
			continue
		}
		for _, moved := range entries[:i] {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, moved.Name())))
		}
		return err
	}
	return os.Remove(aside)
}

// writeAll makes the city and writes its files to an existing folder.
func writeAll(dir string, o Options) error {
	city := drawMap(o)
	blocks := city.blocks()
	fences := city.fences(o.Seed, blocks)
	past := city.record(o, blocks, fences)
	numbers := settle(o, &city, past, blocks)
	files := []struct {
		path  string
		write func(*file)
	}{
		{"README.md", func(f *file) { writeText(f, readmeTemplate, numbers) }},
		{"city.yaml", func(f *file) { writeText(f, cityTemplate, numbers) }},
		{"districts.geojson", func(f *file) { writeDistricts(f, &city) }},
		{"fences.csv", func(f *file) { writeFences(f, fences) }},
		{"no-parking.geojson", func(f *file) { writeZones(f, &city, banZones()) }},
		{"station-square.geojson", func(f *file) { writeZones(f, &city, limitZones()) }},
		{"underserved.geojson", func(f *file) { writeZones(f, &city, areaZones()) }},
		{"rides.csv.gz", func(f *file) { writeRides(f, o, past) }},
		{"availability.csv.gz", func(f *file) { writeAvailability(f, past) }},
	}
	for _, one := range files {
		if err := create(filepath.Join(dir, one.path), one.write); err != nil {
			return err
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "sheets"), 0o755); err != nil {
		return err
	}
	for k := range o.Operators {
		path := filepath.Join(dir, "sheets", operatorAt(k).id+".csv")
		if err := create(path, func(f *file) { writeSheet(f, o, k) }); err != nil {
			return err
		}
	}
	return nil
}
