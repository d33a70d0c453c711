package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
)

// grantAnswer is a yes as the server tells it.
type grantAnswer struct {
	ID        string     `json:"id"`
	Placement string     `json:"placement"`
	Operator  string     `json:"operator"`
	Sector    string     `json:"sector"`
	Verb      string     `json:"verb"`
	State     string     `json:"state"`
	N         int        `json:"n"`
	Left      int        `json:"left"`
	Cell      string     `json:"cell"`
	Lat       float64    `json:"lat"`
	Lng       float64    `json:"lng"`
	Expires   *time.Time `json:"expires,omitempty"`
	Since     time.Time  `json:"since"`
	Epoch     int64      `json:"epoch"`
	Replayed  bool       `json:"replayed,omitempty"`
}

// placeFlags are the flags of `stint place`.
type placeFlags struct {
	*client
	sector, key string
	lat, lng    float64
	n           int
	reserve     bool
	hold        time.Duration
}

func (a *app) placeCommand() *cobra.Command {
	var f placeFlags
	c := &cobra.Command{
		Use:     "place --sector S --lat LAT --lng LNG",
		Short:   a.tag.Word("client.help-place"),
		Long:    a.tag.Word("client.help-place-long"),
		Example: "  stint place --sector bike --lat 12.004 --lng -139.998 -n 5",
		Args:    a.exactly(0),
		RunE: func(c *cobra.Command, _ []string) error {
			for _, flag := range []string{"sector", "lat", "lng"} {
				if !c.Flags().Changed(flag) {
					return usage(lang.E(nil, "client.needs", "flag", "--"+flag))
				}
			}
			if err := f.check(c.Flags().Changed("hold")); err != nil {
				return err
			}
			return a.place(c.Context(), f)
		},
	}
	f.client = a.clientFlags(c)
	c.Flags().StringVar(&f.sector, "sector", "", a.tag.Word("help.flag-sector"))
	c.Flags().Float64Var(&f.lat, "lat", 0, a.tag.Word("client.flag-lat"))
	c.Flags().Float64Var(&f.lng, "lng", 0, a.tag.Word("client.flag-lng"))
	c.Flags().IntVarP(&f.n, "number", "n", 1, a.tag.Word("client.flag-n"))
	c.Flags().BoolVar(&f.reserve, "reserve", false, a.tag.Word("client.flag-reserve"))
	c.Flags().DurationVar(&f.hold, "hold", 0, a.tag.Word("client.flag-hold"))
	c.Flags().StringVar(&f.key, "key", "", a.tag.Word("client.flag-key"))
	return c
}

// check refuses what can't be sent.
func (f *placeFlags) check(holds bool) error {
	switch {
	case !finite(f.lat) || !finite(f.lng):
		return usage(lang.E(nil, "ask.not-finite", "lat", f.lat, "lng", f.lng))
	case holds && !f.reserve:
		return usage(lang.E(nil, "client.hold-alone"))
	case holds && (f.hold <= 0 || f.hold%time.Second != 0):
		return usage(lang.E(nil, "client.hold", "got", f.hold.String()))
	}
	return nil
}

// place asks for one placement.
func (a *app) place(ctx context.Context, f placeFlags) error {
	body := map[string]any{"sector": f.sector, "lat": f.lat, "lng": f.lng, "n": f.n}
	if f.reserve {
		body["reserve"] = true
		if f.hold > 0 {
			body["hold"] = int(f.hold / time.Second)
		}
	}
	return a.granted(ctx, f.client, "/v1/placements", f.key, body)
}

// granted asks for a yes and prints it. A key that the caller didn't give is made up: the answer's
// ID has it, so that the same question can be asked again.
func (a *app) granted(ctx context.Context, k *client, path, key string, body any) error {
	if key == "" {
		key = strings.ToLower(rand.Text())
	}
	var g grantAnswer
	if err := k.call(ctx, http.MethodPost, path, key, body, &g); err != nil {
		return err
	}
	if k.json {
		return writeJSON(a.Out, g)
	}
	text := a.tag.Text(lang.M("client.granted-"+g.Verb, "placement", g.Placement, "n", g.N,
		"left", g.Left, "cell", g.Cell))
	if g.Expires != nil {
		text += "\n  " + a.tag.Text(lang.M("client.expires", "at", stamp(g.Expires)))
	}
	_, err := fmt.Fprintln(a.Out, text)
	return err
}

// releaseFlags are the flags of `stint release`.
type releaseFlags struct {
	*client
	sector, key, to string
	n               int
	commit, remove  bool
}

func (a *app) releaseCommand() *cobra.Command {
	var f releaseFlags
	c := &cobra.Command{
		Use:   "release PLACEMENT --sector S [--commit | --remove | --to LAT,LNG]",
		Short: a.tag.Word("client.help-release"),
		Long:  a.tag.Word("client.help-release-long"),
		Example: "  stint release aster:first --sector bike\n" +
			"  stint release aster:first --sector bike --remove -n 2",
		Args: a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.release(c.Context(), f, args[0])
		},
	}
	f.client = a.clientFlags(c)
	c.Flags().StringVar(&f.sector, "sector", "", a.tag.Word("help.flag-sector"))
	c.Flags().IntVarP(&f.n, "number", "n", 0, a.tag.Word("client.flag-some"))
	c.Flags().BoolVar(&f.commit, "commit", false, a.tag.Word("client.flag-commit"))
	c.Flags().BoolVar(&f.remove, "remove", false, a.tag.Word("client.flag-remove"))
	c.Flags().StringVar(&f.to, "to", "", a.tag.Word("client.flag-to"))
	c.Flags().StringVar(&f.key, "key", "", a.tag.Word("client.flag-key"))
	return c
}

// release changes a placement: gives back what is held, or commits, removes or moves it.
func (a *app) release(ctx context.Context, f releaseFlags, placement string) error {
	if f.sector == "" {
		return usage(lang.E(nil, "client.needs", "flag", "--sector"))
	}
	if (f.commit && f.remove) || (f.to != "" && (f.commit || f.remove)) {
		return usage(lang.E(nil, "client.one-of", "flags", []string{"--commit", "--remove", "--to"}))
	}
	verb, body := "release", map[string]any{"sector": f.sector, "n": f.n}
	switch {
	case f.commit:
		verb = "commit"
	case f.remove:
		verb = "remove"
	case f.to != "":
		verb = "move"
		lat, lng, err := parsePoint(f.to)
		if err != nil {
			return err
		}
		body["lat"], body["lng"] = lat, lng
	}
	path := "/v1/placements/" + url.PathEscape(placement) + "/" + verb
	return a.granted(ctx, f.client, path, f.key, body)
}

// parsePoint reads LAT,LNG.
func parsePoint(text string) (lat, lng float64, err error) {
	first, second, _ := strings.Cut(text, ",")
	lat, errLat := strconv.ParseFloat(strings.TrimSpace(first), 64)
	lng, errLng := strconv.ParseFloat(strings.TrimSpace(second), 64)
	if errLat != nil || errLng != nil || !finite(lat) || !finite(lng) {
		return 0, 0, usage(lang.E(nil, "client.point", "got", text))
	}
	return lat, lng, nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
