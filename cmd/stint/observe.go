package main

import (
	"cmp"
	"compress/gzip"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/city"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// observeFlags are the flags of `stint observe`.
type observeFlags struct {
	data, out, salt string
	json, public    bool
}

// observed is what `stint observe` found.
type observed struct {
	Method   string               `json:"method"`
	At       int64                `json:"at_ms"` // of the last batch
	Batches  int                  `json:"batches"`
	Rows     int                  `json:"rows"`
	Bad      int                  `json:"bad_rows"`
	Public   bool                 `json:"public"` // counts below 10 are left out
	Fleets   []observedFleet      `json:"fleets"` // after each batch
	Health   []observe.Health     `json:"health"`
	Findings []observe.Finding    `json:"findings"` // at the end
	Gaps     []observe.Gap        `json:"not_computable"`
	Episodes []observedEpisode    `json:"episodes"` // of pile-ups and starvation, over the replay
	Fences   []observe.FenceShare `json:"fence_shares"`

	cells [][]string // rows of occupancy.csv
}

// observedEpisode is a pile-up or starvation with the place as people name it.
type observedEpisode struct {
	*observe.Episode
	Street   string     `json:"street"`        // "" = no fence within reach
	By       string     `json:"street_by"`     // what named it: street, fence, district, or cell
	Beside   int        `json:"beside_street"` // vehicles nearest to a fence of that street, of those
	Of       int        `json:"beside_of"`     // seen in the cell when it was worst
	District string     `json:"district"`      // "" = none
	Centre   geo.LatLng `json:"centre"`        // of the cell
}

// observedFleet is one operator's fleet at one time, by the method.
type observedFleet struct {
	At       int64  `json:"at_ms"`
	Operator string `json:"operator"`
	Sector   string `json:"sector"`
	Vehicles int    `json:"vehicles"`
	Cells    int    `json:"cells"`
}

func (a *app) observeCommand() *cobra.Command {
	var f observeFlags
	c := &cobra.Command{
		Use:     "observe CONFIG",
		Short:   a.tag.Word("observe.help"),
		Long:    a.tag.Word("observe.help-long"),
		Example: "  stint observe docs/observe/columbus.yaml --data ../shared/data -o /tmp/columbus",
		Args:    a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.observe(c.Context(), args[0], f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.data, "data", "", a.tag.Word("observe.flag-data"))
	flags.StringVarP(&f.out, "out", "o", "", a.tag.Word("observe.flag-out"))
	flags.StringVar(&f.salt, "salt", "", a.tag.Word("observe.flag-salt"))
	flags.BoolVar(&f.public, "public", false, a.tag.Word("observe.flag-public"))
	flags.BoolVar(&f.json, "json", false, a.tag.Word("help.flag-json"))
	return c
}

func (a *app) observe(ctx context.Context, name string, f observeFlags) error {
	file, err := readObserve(name)
	if err != nil {
		return err
	}
	salt := []byte(rand.Text()) // without a salt of its own, a run's IDs mean nothing elsewhere
	if f.salt != "" {
		if salt, err = readInput(f.salt); err != nil {
			return err
		}
	}
	snapshot, err := city.Read(ctx, file.City, city.Options{Data: f.data})
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(snapshot.City.TimeZone)
	if err != nil {
		return err
	}
	out := &observed{Method: file.Method, Public: f.public}
	hasher := observe.NewHasher(salt)
	batches, err := a.readFeeds(file, f.data, zone, hasher, out)
	if err != nil {
		return err
	}
	r, err := newReplay(file, snapshot, zone, out)
	if err != nil {
		return err
	}
	if r.register, err = readRegister(file.Register, f.data, hasher); err != nil {
		return err
	}
	if file.Fences != nil {
		fences, err := city.ReadFences(ctx, file.City, city.Options{Data: f.data})
		if err != nil {
			return err
		}
		r.fence(file.Fences, fences)
	}
	r.run(batches)
	if f.public {
		out.suppress()
	}
	if f.out != "" {
		if err := out.write(f.out); err != nil {
			return err
		}
	}
	if f.json {
		return writeJSON(a.Out, out)
	}
	return a.tellObserved(out)
}

// readFeeds reads every file of every feed, and returns the batches by time.
func (a *app) readFeeds(
	file *observeFile, data string, zone *time.Location, h *observe.Hasher, out *observed,
) ([]observe.Batch, error) {
	var list []observe.Batch
	for i := range file.Feeds {
		feed := &file.Feeds[i]
		files, err := filepath.Glob(filepath.Join(data, filepath.FromSlash(feed.Files)))
		if err != nil || len(files) == 0 {
			return nil, usage(lang.E(nil, "observe.no-files", "glob", feed.Files))
		}
		for _, path := range files {
			at, err := feed.at(path)
			if err != nil {
				return nil, err
			}
			o := observe.CSV{
				Columns: feed.Columns, Operator: feed.Operator, Sector: feed.Sector, At: at,
				State: feed.state, Zone: cmp.Or(feed.zone, zone),
			}
			if feed.Kind == "events" {
				o.Kind = observe.Events
			}
			read, err := readFeedFile(path, o, h)
			if err != nil {
				return nil, err
			}
			out.Rows, out.Bad = out.Rows+read.Rows, out.Bad+read.Bad
			for _, fault := range read.Faults {
				_, _ = fmt.Fprintln(a.Err, a.sentence(fault))
			}
			list = append(list, read.Batches...)
		}
	}
	const minute = 60_000
	list = observe.ByTime(list, int64(file.TickMinutes)*minute)
	out.Batches = len(list)
	return list, nil
}

// readFeedFile reads one file, packed or not.
func readFeedFile(path string, o observe.CSV, h *observe.Hasher) (*observe.Read, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, missing(path, err)
	}
	defer func() { _ = file.Close() }() // read only
	var r io.Reader = file
	if filepath.Ext(path) == ".gz" {
		if r, err = gzip.NewReader(file); err != nil {
			return nil, strict.FaultFrom(err, path, strict.Position{}, "observe.csv-broken")
		}
	}
	return o.ReadCSV(path, r, h)
}
