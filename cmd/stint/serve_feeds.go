package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/feeds"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/live"
	"github.com/stint-city/stint/engine/mds"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/web"
	"github.com/stint-city/stint/geo"
)

// feedDoor joins what takes feeds in to the server, the engine's clock and the folder.
type feedDoor struct {
	config  *feeds.Config
	tokens  map[string]string // of the Provider APIs, by operator
	room    *live.Room
	agency  *mds.Agency
	sources map[string]*mds.Source // by operator
	polls   map[string]*gbfsDoor   // by operator
	end     context.CancelFunc     // of the sources
	running sync.WaitGroup
}

// openFeeds reads the file of --feeds; nil without one. The door opens with begin, once the engine
// knows its city.
func openFeeds(file string) (*feedDoor, error) {
	if file == "" {
		return nil, nil // nothing was asked for, and that is no error
	}
	data, err := readInput(file)
	if err != nil {
		return nil, err
	}
	config, err := feeds.ReadConfig(file, data)
	if err != nil {
		return nil, err
	}
	d := &feedDoor{
		config: config, tokens: map[string]string{}, sources: map[string]*mds.Source{},
		polls: map[string]*gbfsDoor{}, end: func() {},
	}
	for operator, p := range config.Providers {
		if p.TokenFile == "" {
			continue
		}
		path := filepath.Join(filepath.Dir(file), filepath.FromSlash(p.TokenFile))
		token, err := readInput(path)
		if err != nil {
			return nil, err
		}
		d.tokens[operator] = strings.TrimSpace(string(token))
	}
	return d, nil
}

// Forget removes what is older than its retention.
func (d *feedDoor) Forget(now time.Time) ([]engine.Forgotten, error) { return d.room.Forget(now) }

// coarse is the resolution of cells before the first plan says one.
const coarse = 9

// begin opens the room in the state folder.
func (d *feedDoor) begin(e *engine.Engine, state stateFolder) error {
	if d == nil {
		return nil
	}
	salt, err := state.salt()
	if err != nil {
		return err
	}
	c := d.config
	method, _ := observe.MethodOf(c.Method)
	settings := live.Settings{
		Dir: state.path("observed"), Method: method, Keep: c.Keep.Spans(),
		Most: int64(c.Most) << 20,
		Street: observe.Settings{
			Resolution: coarse, Stale: int64(c.Stale) * 60_000, Ahead: int64(c.Ahead) * 1000,
			Near: c.Near, MaxSpeed: c.MaxSpeed / 3.6, Area: emptyArea(),
		},
		Expect: c.Expected(),
	}
	if plan := e.InForce().Plan; plan != nil {
		settings.Street.Resolution = plan.City.Resolution
		settings.Street.Area = areaOf(plan)
	}
	if d.room, err = live.Open(settings); err != nil {
		return lang.E(err, "serve.observed", "folder", settings.Dir)
	}
	d.agency = mds.NewAgency(c, salt, d.room, geographies(e), settings.Street.Resolution)
	return d.fetch(salt, settings.Street.Area)
}

// fetch begins to fetch what the operators publish, each in its own time.
func (d *feedDoor) fetch(salt []byte, area geo.Box) error {
	ctx, end := context.WithCancel(context.Background())
	d.end = end
	for operator, p := range d.config.Providers {
		client, err := mds.NewClient(
			mds.ClientConfig{URL: p.URL, Token: d.tokens[operator]}, observe.NewHasher(salt))
		if err != nil {
			return err
		}
		d.sources[operator] = mds.NewSource(operator, client, d.agency)
	}
	for operator, g := range d.config.GBFS {
		d.polls[operator] = newGBFSDoor(operator, g, d.config, salt, area, d.room)
	}
	for operator, source := range d.sources {
		d.running.Go(func() { keepFetching(ctx, operator, source) })
	}
	for _, p := range d.polls {
		d.running.Go(func() { p.keep(ctx) })
	}
	return nil
}

// keepFetching fetches one operator's fleet until ctx ends.
func keepFetching(ctx context.Context, operator string, source *mds.Source) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		next, err := source.Step(ctx, time.Now())
		if err != nil && ctx.Err() == nil {
			slog.Warn("fetch", "operator", operator, "error", err)
		}
		timer.Reset(time.Until(next))
	}
}

// addTo hands the door to a server.
func (d *feedDoor) addTo(c *web.Config) {
	if d != nil {
		c.Agency, c.Observed = d, d.room
	}
}

// close closes the room.
func (d *feedDoor) close() error {
	if d == nil || d.room == nil {
		return nil
	}
	d.end()
	d.running.Wait()
	return d.room.Close()
}

// Answer carries out a call of an operator.
func (d *feedDoor) Answer(c web.AgencyCall) (int, []byte, error) {
	return d.agency.Answer(mds.Call{
		Operator: c.Operator, What: c.What, Body: c.Body, Tag: c.Tag, Now: c.Now,
	})
}

// Deviations returns what an operator's calls deviated in.
func (d *feedDoor) Deviations(operator string) []web.Deviation {
	var list []web.Deviation
	problems := d.agency.Problems(operator)
	if s := d.sources[operator]; s != nil {
		problems = append(problems, s.Problems()...)
	}
	if p := d.polls[operator]; p != nil {
		problems = append(problems, p.problems()...)
	}
	for _, p := range problems {
		list = append(list, web.Deviation{
			Feed: p.Feed, Field: p.Field, Kind: string(p.Kind), Count: p.Count, First: p.First,
			Got: p.Got,
		})
	}
	return list
}

// emptyArea is an area of which nothing is known.
func emptyArea() geo.Box {
	return geo.Box{Min: geo.LatLng{Lat: 90, Lng: 180}, Max: geo.LatLng{Lat: -90, Lng: -180}}
}

// areaOf returns the surroundings of a plan's cells: about 10 km more than they take.
func areaOf(plan *engine.Plan) geo.Box {
	const more = 0.1 // degrees
	area := emptyArea()
	for i := range plan.Sectors {
		for j := range plan.Sectors[i].Cells {
			p := plan.Sectors[i].Cells[j].Cell.Center()
			area = widest(area, geo.Box{
				Min: geo.LatLng{Lat: p.Lat - more, Lng: p.Lng - more},
				Max: geo.LatLng{Lat: p.Lat + more, Lng: p.Lng + more},
			})
		}
	}
	return area
}

// geographies finds the cells of the plan in force by their UUIDs.
func geographies(e *engine.Engine) mds.Geographies {
	var mu sync.Mutex
	known, of := map[string]geo.Cell{}, ""
	return func(id string) (geo.Cell, bool) {
		now := e.InForce()
		if now.Plan == nil {
			return 0, false
		}
		mu.Lock()
		defer mu.Unlock()
		if of != now.Plan.ID {
			clear(known)
			for i := range now.Plan.Sectors {
				for j := range now.Plan.Sectors[i].Cells {
					c := now.Plan.Sectors[i].Cells[j].Cell
					known[mds.GeographyID(now.City, c)] = c
				}
			}
			of = now.Plan.ID
		}
		c, ok := known[id]
		return c, ok
	}
}

// salt returns the salt of vehicles' names, made by the first who asks. Who loses it loses every
// vehicle's past with it; who tells it makes them findable.
func (s stateFolder) salt() ([]byte, error) {
	path := s.path("salt")
	data, err := os.ReadFile(path)
	if err == nil && len(strings.TrimSpace(string(data))) >= 32 {
		return []byte(strings.TrimSpace(string(data))), nil
	}
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return nil, usage(lang.E(err, "serve.salt", "file", path))
	}
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails
	text := hex.EncodeToString(random[:])
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		return nil, lang.E(err, "serve.state", "folder", string(s))
	}
	return []byte(text), nil
}
