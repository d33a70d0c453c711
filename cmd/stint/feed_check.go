package main

import (
	"context"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/stint-city/stint/engine/gbfs"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/poll"
)

// feedReport is what `stint feed check` says.
type feedReport struct {
	Feed   string           `json:"feed"` // file, folder or address
	Now    int64            `json:"now_ms"`
	Files  []feedFile       `json:"files"`
	Fleets []feedFleet      `json:"fleets"` // by every way to count that the feed allows
	Health []observe.Health `json:"health"` // by the way that was asked for
	// Problems are those of all files, and of the discovery against what there is.
	Problems []lenient.Problem `json:"problems"`
	Unusable int               `json:"unusable"` // files and answers
}

// feedFile is one file, or one answer that brought none.
type feedFile struct {
	Path    string       `json:"path"`
	Outcome poll.Outcome `json:"outcome,omitempty"` // of an address
	Status  int          `json:"status,omitempty"`
	*gbfs.File
}

// feedFleet is a fleet counted in one way.
type feedFleet struct {
	Count    gbfs.Count     `json:"count"`
	At       int64          `json:"at_ms"`
	Vehicles int            `json:"vehicles"`
	States   map[string]int `json:"states"`
}

// mostFeedFile bounds a file of a feed, bytes.
const mostFeedFile = 128 << 20

func (a *app) feedCheck(ctx context.Context, name string, f feedFlags) error {
	now := time.Now()
	if f.now != "" {
		at, err := time.Parse(time.RFC3339, f.now)
		if err != nil {
			return usage(lang.E(nil, "feed.now", "got", f.now))
		}
		now = at
	}
	r, err := a.feedRun(ctx, &f, name)
	if err != nil {
		return err
	}
	out := &feedReport{Feed: name, Now: now.UnixMilli(), Problems: []lenient.Problem{}}
	if isAddress(name) {
		out.Feed = poll.Safe(name)
		err = out.ask(ctx, r, &f, name)
	} else {
		err = out.readFiles(r, name)
	}
	if err != nil {
		return err
	}
	out.finish(r)
	if f.json {
		err = writeJSON(a.Out, out)
	} else {
		err = a.tellFeed(out)
	}
	switch {
	case err != nil:
		return err
	case out.Unusable > 0:
		return lang.E(errFeed, "feed.unusable", "n", out.Unusable)
	case f.strict && len(out.Problems) > 0:
		return lang.E(errFeed, "feed.deviates", "n", len(out.Problems))
	}
	return nil
}

func isAddress(name string) bool {
	return strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://")
}

// fileName is the last part of a path or an address, without its query.
func fileName(name string) string {
	name, _, _ = strings.Cut(filepath.ToSlash(name), "?")
	return path.Base(name)
}

// readFiles takes a file, or every file of a folder that stint reads, types before vehicles.
func (out *feedReport) readFiles(r *feedRun, name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return missing(name, err)
	}
	files := []string{name}
	if info.IsDir() {
		if files, err = feedFiles(name); err != nil {
			return err
		}
	}
	var have []string
	for _, file := range files {
		body, err := readFeedBody(file)
		if err != nil {
			return err
		}
		known := gbfs.NameOf(fileName(file))
		if known == "" {
			return usage(lang.E(nil, "feed.name", "file", file, "known", gbfs.Names()))
		}
		taken, err := r.feed.Take(known, body, out.Now)
		if err != nil {
			out.Unusable++
		}
		out.Files = append(out.Files, feedFile{Path: file, File: taken})
		have = append(have, strings.TrimSuffix(fileName(file), ".json"))
	}
	if f := r.feed.File(gbfs.Discovery); info.IsDir() && f != nil && f.Usable {
		out.Problems = append(out.Problems, r.feed.Listing(have)...)
	}
	return nil
}

// feedFiles returns the files of a folder that stint reads, in the order in which they help each
// other.
func feedFiles(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, missing(folder, err)
	}
	var files []string
	for _, known := range gbfs.Names() {
		for _, e := range entries {
			if filepath.Ext(e.Name()) == ".json" && gbfs.NameOf(e.Name()) == known && !e.IsDir() {
				files = append(files, filepath.Join(folder, e.Name()))
			}
		}
	}
	if len(files) == 0 {
		return nil, usage(lang.E(nil, "feed.no-files", "folder", folder, "known", gbfs.Names()))
	}
	return files, nil
}

// readFeedBody reads a file of a feed.
func readFeedBody(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, missing(name, err)
	}
	defer func() { _ = file.Close() }() // read only
	body, err := io.ReadAll(io.LimitReader(file, mostFeedFile+1))
	switch {
	case err != nil:
		return nil, missing(name, err)
	case len(body) > mostFeedFile:
		return nil, usage(lang.E(nil, "feed.large", "file", name, "most", mostFeedFile))
	}
	return body, nil
}

// ask asks every address of a feed once.
func (out *feedReport) ask(ctx context.Context, r *feedRun, f *feedFlags, address string) error {
	source, err := r.source(f, address)
	if err != nil {
		return err
	}
	for _, p := range source.Poll(ctx, out.Now, func() float64 { return 0 }) {
		file := p.File
		if file == nil {
			file = &gbfs.File{Name: p.Name, TTL: -1}
		}
		if !p.Taken {
			out.Unusable++
		}
		out.Files = append(out.Files, feedFile{p.Address, p.Outcome, p.Status, file})
	}
	return ctx.Err()
}

// finish collects the problems and counts the fleet in each way.
func (out *feedReport) finish(r *feedRun) {
	var own []lenient.Problem
	for _, file := range out.Files {
		own = append(own, file.Problems...)
	}
	out.Problems = append(own, out.Problems...)
	if out.Problems == nil {
		out.Problems = []lenient.Problem{}
	}
	for _, count := range []gbfs.Count{gbfs.CountVehicles, gbfs.CountStations} {
		fleet := r.fleet
		fleet.Count = count
		for _, b := range r.feed.Batches(fleet) {
			x := feedFleet{Count: count, At: b.At, States: map[string]int{}}
			for i := range b.Sightings {
				x.Vehicles++
				x.States[b.Sightings[i].State.String()]++
			}
			out.Fleets = append(out.Fleets, x)
		}
	}
	r.apply(out.Now)
	out.Health = r.street.Health(out.Now, nil)
}

// sortedStates returns the states of a fleet by their order.
func (x *feedFleet) sortedStates() []string {
	var list []string
	for _, s := range observe.States() {
		if x.States[s.String()] > 0 {
			list = append(list, s.String())
		}
	}
	return slices.Clip(list)
}
