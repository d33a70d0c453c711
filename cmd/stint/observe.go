package main

import (
	"cmp"
	"compress/gzip"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
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
	Method   string            `json:"method"`
	At       int64             `json:"at_ms"` // of the last batch
	Batches  int               `json:"batches"`
	Rows     int               `json:"rows"`
	Bad      int               `json:"bad_rows"`
	Public   bool              `json:"public"` // counts below 10 are left out
	Fleets   []observedFleet   `json:"fleets"` // after each batch
	Health   []observe.Health  `json:"health"`
	Findings []observe.Finding `json:"findings"` // at the end
	Gaps     []observe.Gap     `json:"not_computable"`

	cells [][]string // rows of occupancy.csv
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
	out := &observed{Method: file.Method, Public: f.public}
	batches, err := a.readFeeds(file, f.data, observe.NewHasher(salt), out)
	if err != nil {
		return err
	}
	out.replay(file, snapshot, batches)
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
	file *observeFile, data string, h *observe.Hasher, out *observed,
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
			o := observe.CSV{Columns: feed.Columns, Operator: feed.Operator, Sector: feed.Sector, At: at}
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
	slices.SortStableFunc(list, func(a, b observe.Batch) int {
		return cmp.Or(cmp.Compare(a.At, b.At), strings.Compare(a.Operator, b.Operator))
	})
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

// replay hands the batches to a street, each at its own time, and keeps what it says.
func (out *observed) replay(file *observeFile, s *engine.Snapshot, batches []observe.Batch) {
	t := &file.Thresholds
	area := geo.Box{Min: geo.LatLng{Lat: 90, Lng: 180}, Max: geo.LatLng{Lat: -90, Lng: -180}}
	var districts, banned []geo.Zone
	for _, d := range s.Districts {
		b := d.Shape.Bounds()
		area.Min.Lat, area.Min.Lng = min(area.Min.Lat, b.Min.Lat), min(area.Min.Lng, b.Min.Lng)
		area.Max.Lat, area.Max.Lng = max(area.Max.Lat, b.Max.Lat), max(area.Max.Lng, b.Max.Lng)
		districts = append(districts, geo.Zone{ID: d.ID, Shape: d.Shape})
	}
	for _, z := range s.Zones {
		if z.Kind == engine.ZoneBan {
			banned = append(banned, geo.Zone{ID: z.ID, Shape: z.Shape})
		}
	}
	const minute, kmh = 60_000, 3.6
	street := observe.New(observe.Settings{
		Resolution: s.City.Resolution, Area: area,
		City: geo.NewZones(districts), Stale: int64(t.StaleMinutes) * minute, Near: t.NearMetres,
		MaxSpeed: t.MaxSpeed / kmh,
	})
	method, _ := observe.MethodOf(file.Method)
	ground := &observe.Ground{
		Method: method, Quota: file.Quotas, Theta: t.Theta,
		Tau: int64(t.TauMinutes) * minute, Banned: geo.NewZones(banned),
		Idle: int64(t.IdleHours) * 60 * minute,
	}
	if t.CellCapacity > 0 {
		ground.Capacity = map[geo.Cell]float64{}
		for _, c := range s.Grid.Cells() {
			ground.Capacity[c] = t.CellCapacity
		}
	}
	for i := range batches {
		out.At = batches[i].At
		street.Apply(&batches[i], out.At)
		if i+1 < len(batches) && batches[i+1].At == out.At {
			continue
		}
		out.count(street.Occupancy(method, out.At))
		out.Findings, out.Gaps = street.Findings(ground, out.At)
	}
	registered := map[[2]string]int{}
	for i := range batches {
		k := [2]string{batches[i].Operator, batches[i].Sector}
		registered[k] = file.Registered[k[0]]
	}
	out.Health = street.Health(out.At, registered)
}

// count adds the occupancy of one time.
func (out *observed) count(list []observe.Count) {
	at := time.UnixMilli(out.At).UTC().Format(time.RFC3339)
	for _, c := range list {
		n := fmt.Sprint(c.N)
		if _, ok := observe.Publish(c.N); out.Public && !ok {
			n = ""
		}
		place := ""
		if c.Cell != 0 {
			place = c.Cell.String()
		}
		out.cells = append(out.cells,
			[]string{at, c.Operator, c.Sector, place, c.State.String(), n})
		last := len(out.Fleets) - 1
		if last < 0 || out.Fleets[last].At != out.At || out.Fleets[last].Operator != c.Operator ||
			out.Fleets[last].Sector != c.Sector {
			out.Fleets = append(out.Fleets, observedFleet{
				At: out.At, Operator: c.Operator,
				Sector: c.Sector,
			})
			last++
		}
		f := &out.Fleets[last]
		f.Vehicles += c.N
		if before := len(out.cells) - 2; c.Cell != 0 && (f.Cells == 0 || before < 0 ||
			out.cells[before][3] != place) {
			f.Cells++
		}
	}
}

// suppress leaves out what could point at a person: single vehicles, and small counts.
func (out *observed) suppress() {
	out.Findings = slices.DeleteFunc(out.Findings, func(f observe.Finding) bool {
		return f.Vehicle != 0 || f.Point != nil || f.N < observe.Smallest
	})
	out.Fleets = slices.DeleteFunc(out.Fleets, func(f observedFleet) bool {
		return f.Vehicles < observe.Smallest
	})
	for i := range out.Health {
		h := &out.Health[i]
		for _, n := range []**int{&h.Vehicles, &h.Zero, &h.Swapped, &h.Nowhere, &h.Jumps} {
			if *n != nil && **n < observe.Smallest {
				*n = nil
			}
		}
	}
}

// share writes a part of one as a percentage; unknown is said.
func (a *app) share(x *float64) string {
	if x == nil {
		return a.tag.Word("word.unknown")
	}
	return fmt.Sprintf("%.1f %%", math.Round(1000**x)/10)
}
