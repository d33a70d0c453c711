package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/observe"
)

// wordsALine is how many words about vehicles one line of the picture has.
const wordsALine = 5000

// Forget removes what is older than its kind's retention, and returns for each kind with one what
// went. What is the last word about a vehicle stays in the picture; a vehicle off the street goes
// with the events. A run that failed may be repeated.
func (r *Room) Forget(now time.Time) ([]engine.Forgotten, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.touch()
	old := map[observe.Data][]string{}
	due := false
	for _, data := range observe.Datas() {
		keep, limited := r.settings.Keep[data]
		if !limited {
			continue
		}
		files, err := r.journal.list(data)
		if err != nil {
			return nil, fmt.Errorf("forget %s: %w", data, err)
		}
		for _, path := range files {
			if at, _ := hourOf(path); !at.Add(time.Hour + keep).After(now) {
				old[data] = append(old[data], path)
				due = true
			}
		}
	}
	for data, keep := range r.settings.Keep { // the order doesn't matter
		r.outdate(data, now.Add(-keep).UnixMilli())
	}
	if due || r.changed {
		if err := r.rewrite(now.UnixMilli()); err != nil {
			return nil, fmt.Errorf("keep the picture: %w", err)
		}
	}
	var list []engine.Forgotten
	for _, data := range observe.Datas() {
		keep, limited := r.settings.Keep[data]
		if !limited {
			continue
		}
		f := engine.Forgotten{Data: string(data), Before: now.Add(-keep)}
		for _, path := range old[data] {
			if err := r.remove(data, path); err != nil {
				return list, fmt.Errorf("forget %s: %w", data, err)
			}
			f.Items += r.journal.files[path].items
			delete(r.journal.files, path)
		}
		list = append(list, f)
	}
	return list, nil
}

// outdate drops from memory what is older than its retention.
func (r *Room) outdate(data observe.Data, before int64) {
	switch data {
	case observe.DataEvents:
		r.street.Forget(before)
	case observe.DataTrips:
		r.rides.Forget(before)
	case observe.DataFleets, observe.DataTelemetry: // the picture has the last of them only
	}
}

// remove removes a file of the journal, also the one that is written now.
func (r *Room) remove(data observe.Data, path string) error {
	if s := r.journal.open[data]; s != nil && s.path == path {
		_ = s.file.Close() // it goes
		delete(r.journal.open, data)
	}
	err := os.Remove(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// rewrite writes the picture and the register anew, each in one step.
func (r *Room) rewrite(at int64) error {
	var words []record
	for _, f := range r.street.Feeds() {
		for part := range slices.Chunk(r.street.Words(f[0], f[1]), wordsALine) {
			b := observe.Batch{Operator: f[0], Sector: f[1], Kind: observe.Events, Sightings: part}
			words = append(words, recordOf(&b, at))
		}
	}
	if err := replace(filepath.Join(r.settings.Dir, pictureFile), words); err != nil {
		return err
	}
	path := filepath.Join(r.settings.Dir, vehiclesFile)
	if err := replace(path, r.registered(at)); err != nil {
		return err
	}
	s, err := openSegment(path)
	if err != nil {
		return err
	}
	_ = r.vehicles.file.Close() // it has another name now, or none
	r.vehicles, r.changed = s, false
	return nil
}

// add adds a record to a file.
func (s *segment) add(x *record) error {
	line, err := json.Marshal(x)
	if err == nil {
		err = s.write(append(line, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write down the register: %w: %w", engine.ErrUnavailable, err)
	}
	return nil
}
