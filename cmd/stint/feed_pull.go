package main

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stint-city/stint/engine/gbfs"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/observe"
)

// feedPulls is what `stint feed replay` and `poll` say.
type feedPulls struct {
	Feed   string           `json:"feed"`
	Pulls  []feedPull       `json:"pulls"`
	Health []observe.Health `json:"health"` // after the last
}

// feedPull is what was known after the files of one time.
type feedPull struct {
	At       int64         `json:"at_ms"`
	Files    []gbfs.Polled `json:"files"`
	Status   string        `json:"status"`   // of the picture
	Vehicles *int          `json:"vehicles"` // of the picture; nil = unknown
	Problems int           `json:"problems"` // kinds of them
}

// recordedForm is how a folder of a recording is named: by the time of the pull.
const recordedForm = "20060102T150405Z"

// recorded is one file of a recording.
type recorded struct {
	at         int64
	path, name string
}

// feedReplay feeds recorded files, each at its own time: that of its folder, else of its head.
func (a *app) feedReplay(ctx context.Context, folder string, f feedFlags) error {
	r, err := a.feedRun(ctx, &f, folder)
	if err != nil {
		return err
	}
	files, err := recording(folder)
	if err != nil {
		return err
	}
	out := &feedPulls{Feed: folder}
	for i := 0; i < len(files); {
		pull := feedPull{At: files[i].at}
		if i > 0 && f.speed > 0 {
			gap := float64(pull.At-files[i-1].at) / f.speed
			if !pause(ctx, time.Duration(gap*float64(time.Millisecond))) {
				break
			}
		}
		for ; i < len(files) && files[i].at == pull.At; i++ {
			body, err := readFeedBody(files[i].path)
			if err != nil {
				return err
			}
			file, err := r.feed.Take(files[i].name, body, pull.At)
			pull.Files = append(pull.Files, gbfs.Polled{
				Name: files[i].name, Address: files[i].path, Bytes: len(body), Taken: err == nil,
				Problems: file.Problems,
			})
		}
		a.pulled(out, r, &pull, f.json)
	}
	return a.endPulls(out, r, f.json)
}

// recording returns the files of a folder and its folders by time.
func recording(folder string) ([]recorded, error) {
	var list []recorded
	peek := gbfs.New(gbfs.Settings{Hasher: observe.NewHasher(nil)})
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		name := gbfs.NameOf(filepath.Base(path))
		if err != nil || e.IsDir() || filepath.Ext(path) != ".json" || name == "" {
			return err
		}
		x := recorded{path: path, name: name}
		if at, err := time.Parse(recordedForm, filepath.Base(filepath.Dir(path))); err == nil {
			x.at = at.UnixMilli()
			list = append(list, x)
			return nil
		}
		body, err := readFeedBody(path)
		if err != nil {
			return err
		}
		file, _ := peek.Take(name, body, 0) // its head is all that is asked for
		if file.Updated == 0 {
			return usage(lang.E(nil, "feed.no-time", "file", path, "form", recordedForm))
		}
		x.at = file.Updated
		list = append(list, x)
		return nil
	})
	if err != nil {
		return nil, missingUnlessSaid(folder, err)
	}
	if len(list) == 0 {
		return nil, usage(lang.E(nil, "feed.no-files", "folder", folder, "known", gbfs.Names()))
	}
	order := gbfs.Names()
	slices.SortStableFunc(list, func(x, y recorded) int {
		return cmp.Or(cmp.Compare(x.at, y.at),
			cmp.Compare(slices.Index(order, x.name), slices.Index(order, y.name)))
	})
	return list, nil
}

// missingUnlessSaid words what the file system says; what has words keeps them.
func missingUnlessSaid(path string, err error) error {
	if exitCode(err) == exitInput && !os.IsNotExist(err) {
		return err
	}
	return missing(path, err)
}

// feedPoll asks a feed until it is told to stop, and keeps what came if it is asked to.
func (a *app) feedPoll(ctx context.Context, address string, f feedFlags) error {
	if !isAddress(address) {
		return usage(lang.E(nil, "feed.address", "got", address))
	}
	r, err := a.feedRun(ctx, &f, address)
	if err != nil {
		return err
	}
	source, err := r.source(&f, address)
	if err != nil {
		return err
	}
	if f.span > 0 {
		within, stop := context.WithTimeout(ctx, f.span)
		defer stop()
		ctx = within
	}
	out := &feedPulls{Feed: address}
	for n := 0; ctx.Err() == nil && (f.times == 0 || n < f.times); n++ {
		now := time.Now()
		pull := feedPull{At: now.UnixMilli()}
		pull.Files = source.Poll(ctx, pull.At, rand.Float64)
		if f.out != "" {
			if err := record(filepath.Join(f.out, now.UTC().Format(recordedForm)), pull.Files); err != nil {
				return err
			}
		}
		a.pulled(out, r, &pull, f.json)
		if f.times != 0 && n+1 == f.times {
			break
		}
		pause(ctx, time.Duration(source.Next()-time.Now().UnixMilli())*time.Millisecond)
	}
	return a.endPulls(out, r, f.json)
}

// record writes the bodies of one pull; a pull without a body leaves nothing.
func record(folder string, files []gbfs.Polled) error {
	for _, p := range files {
		if p.Body == nil {
			continue
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, p.Name+".json"), p.Body, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// pause waits; false = it was interrupted.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(max(0, d))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// mostPulls bounds what is remembered for --json; a poller that never ends forgets the first.
const mostPulls = 10_000

// pulled shows the street what a pull brought, and tells of it.
func (a *app) pulled(out *feedPulls, r *feedRun, pull *feedPull, quiet bool) {
	var words []string
	fleet := false
	for _, p := range pull.Files {
		fleet = fleet || p.Taken && fleetFile(p.Name)
		pull.Problems += len(p.Problems)
		word := p.Name
		switch {
		case !p.Taken && p.Outcome != "" && !p.Outcome.Good():
			word += " (" + a.outcome(string(p.Outcome), p.Status) + ")"
		case !p.Taken && !p.Outcome.Good() || !p.Taken && len(p.Problems) > 0:
			word += " (" + a.tag.Word("feed.broken") + ")"
		}
		words = append(words, word)
	}
	if fleet {
		r.apply(pull.At)
	}
	h := r.street.Health(pull.At, nil)[0]
	if pull.Status = h.Status; h.Status == observe.Known {
		pull.Vehicles = h.Vehicles
	}
	out.Pulls = append(out.Pulls, *pull)
	if len(out.Pulls) > mostPulls {
		out.Pulls = slices.Delete(out.Pulls, 0, 1)
	}
	if quiet {
		return
	}
	n := a.tag.Word("word.unknown")
	if pull.Vehicles != nil {
		n = strconv.Itoa(*pull.Vehicles)
	}
	_, _ = fmt.Fprintln(a.Out, a.tag.Text(lang.M("feed.pull", "at", feedTime(pull.At),
		"files", strings.Join(words, ", "), "status", a.tag.Word("observe.is-"+pull.Status),
		"vehicles", n, "problems", pull.Problems))) // endPulls tells
}

// endPulls tells of the feed's health after the last pull.
func (a *app) endPulls(out *feedPulls, r *feedRun, asJSON bool) error {
	if n := len(out.Pulls); n > 0 {
		out.Health = r.street.Health(out.Pulls[n-1].At, nil)
	}
	if asJSON {
		return writeJSON(a.Out, out)
	}
	return a.tellFeedHealth(out.Health)
}
