package main

import (
	"context"
	"crypto/rand"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/city"
	"github.com/stint-city/stint/engine/gbfs"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/poll"
	"github.com/stint-city/stint/geo"
)

// errFeed means that a part of a feed can't be used.
var errFeed = errors.New("a feed can't be used")

// feedFlags are the flags of `stint feed check`, `replay` and `poll`.
type feedFlags struct {
	operator, sector, count string
	city, data, salt        string
	now, out                string
	stale, times            int
	speed                   float64
	span                    time.Duration
	also                    []string
	strict, private, json   bool
}

func (a *app) feedCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "feed", Short: a.tag.Word("feed.help"), Long: a.tag.Word("feed.help-long"),
		Args: a.knownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.feedCheckCommand(), a.feedReplayCommand(), a.feedPollCommand())
	return c
}

func (a *app) feedCheckCommand() *cobra.Command {
	var f feedFlags
	c := &cobra.Command{
		Use: "check FILE|FOLDER|URL", Short: a.tag.Word("feed.check-help"),
		Long: a.tag.Word("feed.check-help-long"), Args: a.exactly(1),
		Example: "  stint feed check ../shared/data/gbfs_kuala_lumpur --now 2025-10-08T00:00:00Z",
		RunE: func(c *cobra.Command, args []string) error {
			return a.feedCheck(c.Context(), args[0], f)
		},
	}
	a.feedFlags(c, &f)
	c.Flags().StringVar(&f.now, "now", "", a.tag.Word("feed.flag-now"))
	c.Flags().BoolVar(&f.strict, "strict", false, a.tag.Word("feed.flag-strict"))
	a.askFlags(c, &f)
	return c
}

func (a *app) feedReplayCommand() *cobra.Command {
	var f feedFlags
	c := &cobra.Command{
		Use: "replay FOLDER", Short: a.tag.Word("feed.replay-help"),
		Long: a.tag.Word("feed.replay-help-long"), Args: a.exactly(1),
		Example: "  stint feed replay recorded --speed 60 --city city/city.yaml",
		RunE: func(c *cobra.Command, args []string) error {
			return a.feedReplay(c.Context(), args[0], f)
		},
	}
	a.feedFlags(c, &f)
	c.Flags().Float64Var(&f.speed, "speed", 0, a.tag.Word("feed.flag-speed"))
	return c
}

func (a *app) feedPollCommand() *cobra.Command {
	var f feedFlags
	c := &cobra.Command{
		Use: "poll URL", Short: a.tag.Word("feed.poll-help"),
		Long: a.tag.Word("feed.poll-help-long"), Args: a.exactly(1),
		Example: "  stint feed poll https://feeds.example/gbfs.json -o recorded --for 1h",
		RunE: func(c *cobra.Command, args []string) error {
			return a.feedPoll(c.Context(), args[0], f)
		},
	}
	a.feedFlags(c, &f)
	a.askFlags(c, &f)
	c.Flags().StringVarP(&f.out, "out", "o", "", a.tag.Word("feed.flag-out"))
	c.Flags().IntVar(&f.times, "times", 0, a.tag.Word("feed.flag-times"))
	c.Flags().DurationVar(&f.span, "for", 0, a.tag.Word("feed.flag-for"))
	return c
}

// feedFlags adds the flags that every subcommand has.
func (a *app) feedFlags(c *cobra.Command, f *feedFlags) {
	flags := c.Flags()
	flags.StringVar(&f.operator, "operator", "operator", a.tag.Word("feed.flag-operator"))
	flags.StringVar(&f.sector, "sector", "", a.tag.Word("feed.flag-sector"))
	flags.StringVar(&f.count, "count", "", a.tag.Word("feed.flag-count"))
	flags.StringVar(&f.city, "city", "", a.tag.Word("feed.flag-city"))
	flags.StringVar(&f.data, "data", "", a.tag.Word("help.flag-data"))
	flags.StringVar(&f.salt, "salt", "", a.tag.Word("observe.flag-salt"))
	flags.IntVar(&f.stale, "stale-minutes", 15, a.tag.Word("feed.flag-stale"))
	flags.BoolVar(&f.json, "json", false, a.tag.Word("help.flag-json"))
}

// askFlags adds the flags of what asks over HTTP.
func (a *app) askFlags(c *cobra.Command, f *feedFlags) {
	c.Flags().StringArrayVar(&f.also, "also", nil, a.tag.Word("feed.flag-also"))
	c.Flags().BoolVar(&f.private, "private", false, a.tag.Word("feed.flag-private"))
}

// feedRun is one feed and the street that it is seen on.
type feedRun struct {
	feed   *gbfs.Feed
	street *observe.Street
	fleet  gbfs.Fleet
}

// feedAhead is how far a feed's clock may be ahead of ours.
const feedAhead = 5 * time.Minute

// feedRun prepares a feed. Without a city its own positions say where it is.
func (a *app) feedRun(ctx context.Context, f *feedFlags, source string) (*feedRun, error) {
	switch {
	case f.count != "" && !slices.Contains(gbfs.Counts(), f.count):
		return nil, usage(lang.E(nil, "feed.count", "got", f.count, "known", gbfs.Counts()))
	case f.stale < 0 || f.times < 0 || f.span < 0 || !(f.speed >= 0) || math.IsInf(f.speed, 0):
		return nil, usage(lang.E(nil, "feed.negative"))
	}
	salt, err := []byte(rand.Text()), error(nil) // of this run alone
	if f.salt != "" {
		if salt, err = readInput(f.salt); err != nil {
			return nil, err
		}
	}
	settings := gbfs.Settings{Hasher: observe.NewHasher(salt), Ahead: feedAhead.Milliseconds()}
	on := observe.Settings{
		Resolution: 9, Stale: int64(f.stale) * minuteMS, Ahead: settings.Ahead, Near: 30,
		MaxSpeed: 120 / kmh, Area: emptyArea(),
	}
	if f.city != "" {
		snapshot, err := city.Read(ctx, f.city, city.Options{Data: f.data})
		if err != nil {
			return nil, err
		}
		var districts []geo.Zone
		for _, d := range snapshot.Districts {
			on.Area = widest(on.Area, d.Shape.Bounds())
			districts = append(districts, geo.Zone{ID: d.ID, Shape: d.Shape})
		}
		on.Resolution, on.City = snapshot.City.Resolution, geo.NewZones(districts)
		settings.Area = &on.Area
	}
	r := &feedRun{
		feed: gbfs.New(settings), street: observe.New(on),
		fleet: gbfs.Fleet{
			Operator: f.operator, Sector: f.sector, Count: gbfs.Count(f.count), Source: source,
		},
	}
	r.street.Expect(f.operator, f.sector)
	return r, nil
}

// widest returns the smallest box around two.
func widest(a, b geo.Box) geo.Box {
	return geo.Box{
		Min: geo.LatLng{Lat: min(a.Min.Lat, b.Min.Lat), Lng: min(a.Min.Lng, b.Min.Lng)},
		Max: geo.LatLng{Lat: max(a.Max.Lat, b.Max.Lat), Lng: max(a.Max.Lng, b.Max.Lng)},
	}
}

// apply hands the feed's picture to the street at the time now.
func (r *feedRun) apply(now int64) {
	for _, b := range r.feed.Batches(r.fleet) {
		r.street.Apply(&b, now)
	}
}

// source returns where to ask for the feed.
func (r *feedRun) source(f *feedFlags, address string) (*gbfs.Source, error) {
	var also []gbfs.Endpoint
	for _, u := range f.also {
		name := fileName(u)
		if gbfs.NameOf(name) == "" {
			return nil, usage(lang.E(nil, "feed.name", "file", poll.Safe(u), "known", gbfs.Names()))
		}
		also = append(also, gbfs.Endpoint{Name: name, URL: u})
	}
	client := poll.New(poll.Settings{Private: f.private})
	return gbfs.NewSource(r.feed, client, address, also), nil
}
