package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/report"
	"github.com/stint-city/stint/engine/web"
)

// serveFlags are the flags of `stint serve`.
type serveFlags struct {
	store, listen, private, state, city, archive, fsync string
	wait                                                int
	jwks, issuer, audience, cert, key, feeds            string
	hours                                               hoursFlags
	period                                              periodRule
	notice, eventNotice, span                           time.Duration
	twoPersons                                          bool
	rate                                                float64
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "serve [PLAN]",
		Short: a.tag.Word("serve.help"),
		Long:  a.tag.Word("serve.help-long"),
		Example: "  stint serve build/plan\n" +
			"  stint serve --city lumen --store redis://10.0.0.5:6379 --jwks keys.json",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return a.exactly(1)(c, args)
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.serve(c.Context(), f, args) },
	}
	flags := c.Flags()
	flags.StringVar(&f.store, "store", "", a.tag.Word("serve.flag-store"))
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8480", a.tag.Word("serve.flag-listen"))
	flags.StringVar(&f.private, "private", "", a.tag.Word("serve.flag-private"))
	flags.StringVar(&f.state, "state", defaultState, a.tag.Word("serve.flag-state"))
	flags.StringVar(&f.city, "city", "", a.tag.Word("serve.flag-city"))
	flags.StringVar(&f.archive, "archive", "", a.tag.Word("serve.flag-archive"))
	flags.StringVar(&f.fsync, "fsync", "always", a.tag.Word("serve.flag-fsync"))
	flags.IntVar(&f.wait, "wait", 0, a.tag.Word("serve.flag-wait"))
	flags.StringVar(&f.jwks, "jwks", "", a.tag.Word("serve.flag-jwks"))
	flags.StringVar(&f.issuer, "issuer", "", a.tag.Word("serve.flag-issuer"))
	flags.StringVar(&f.audience, "audience", "", a.tag.Word("serve.flag-audience"))
	flags.StringVar(&f.cert, "tls-cert", "", a.tag.Word("serve.flag-cert"))
	flags.StringVar(&f.key, "tls-key", "", a.tag.Word("serve.flag-key"))
	flags.DurationVar(&f.notice, "notice", 0, a.tag.Word("serve.flag-notice"))
	f.hours.addTo(a, c)
	f.period.addTo(a, c)
	flags.StringVar(&f.feeds, "feeds", "", a.tag.Word("serve.flag-feeds"))
	flags.DurationVar(&f.eventNotice, "event-notice", 0, a.tag.Word("serve.flag-event-notice"))
	flags.BoolVar(&f.twoPersons, "two-persons", false, a.tag.Word("serve.flag-two-persons"))
	flags.Float64Var(&f.rate, "rate", 1000, a.tag.Word("serve.flag-rate"))
	flags.DurationVar(&f.span, "for", 0, a.tag.Word("serve.flag-for"))
	return c
}

// config returns the rules that the engine works by.
func (f *serveFlags) config(ctx context.Context) (engine.Config, error) {
	hours, err := f.hours.workHours()
	if err != nil {
		return engine.Config{}, err
	}
	periods, err := f.period.periods(ctx, f.hours.zone)
	return engine.Config{
		NoticeMin: f.notice, TwoPersons: f.twoPersons, EventNotice: f.eventNotice, Hours: hours,
		Calendars: calendars(), Periods: periods,
	}, err
}

// serve runs until it is interrupted: store, engine, API.
func (a *app) serve(ctx context.Context, f serveFlags, args []string) (err error) {
	if err := f.check(); err != nil {
		return err
	}
	config, err := f.config(ctx)
	if err != nil {
		return err
	}
	plan, zones, err := planToServe(args)
	if err != nil {
		return err
	}
	door, err := openFeeds(f.feeds)
	if err != nil {
		return err
	}
	vehicles := newVehicleDoor(door)
	state := stateFolder(f.state)
	if f.city, err = whichCity(f.city, plan, state); err != nil {
		return err
	}
	public, private, err := listen(f)
	if err != nil {
		return err
	}
	store, err := openStore(ctx, f, state)
	if err != nil {
		return errors.Join(err, public.Close())
	}
	defer func() { err = errors.Join(err, store.close()) }()
	config.City, config.Store, config.Retention = f.city, store.Store, retention(door, vehicles)
	e, err := engine.New(config)
	if err == nil && plan != nil {
		err = putInForce(ctx, e, plan, zones)
	}
	if err == nil {
		err = errors.Join(door.begin(e, state), vehicles.begin(e, store.Store, state))
		defer func() { vehicles.close(); err = errors.Join(err, door.close()) }()
	}
	if err != nil {
		return errors.Join(err, public.Close())
	}
	api, err := a.api(ctx, f, e, store, door, vehicles)
	if err != nil {
		return errors.Join(err, public.Close())
	}
	if err := a.tellServing(f, state, e, store, public); err != nil {
		return errors.Join(err, public.Close())
	}
	ctx, cancel := store.whileKept(ctx)
	defer cancel()
	err = runServer(ctx, f.span, e, api, public, private)
	select {
	case <-store.lost:
		return errors.Join(err, lang.E(nil, "serve.child-lost", "folder", state.path("redis")))
	default:
		return err
	}
}

// whileKept returns a context that ends when the store's child server has ended.
func (s *openedStore) whileKept(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-s.lost:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// runServer serves until ctx ends, or for a span where one is given.
func runServer(
	ctx context.Context, span time.Duration, e *engine.Engine, api *web.Server,
	public, private net.Listener,
) error {
	if span > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, span)
		defer cancel()
	}
	inner, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.Run(inner, func(err error) { slog.Error("engine", "error", err) })
	}()
	err := api.Run(ctx, public, private)
	stop() // after the last request: its counts are written too
	<-done
	return err
}

// planToServe reads the plan named on the command line, with the zones in its folder; nil for none.
func planToServe(args []string) (*engine.Plan, []engine.Zone, error) {
	if len(args) == 0 {
		return nil, nil, nil
	}
	plan, err := report.Read(args[0])
	if err != nil {
		return nil, nil, err
	}
	zones, err := zonesBeside(args[0])
	return plan, zones, err
}

// zonesBeside returns the zones of a plan folder, nil where it has none.
func zonesBeside(plan string) ([]engine.Zone, error) {
	if at, err := os.Stat(plan); err == nil && !at.IsDir() {
		plan = filepath.Dir(plan)
	}
	zones, err := readZoneFile(filepath.Join(plan, "zones.geojson"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return zones, err
}

// readZoneFile reads a file of zones.
func readZoneFile(path string) ([]engine.Zone, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, lang.E(err, "serve.zones", "file", path)
	}
	defer func() { _ = file.Close() }() // read only: nothing can be lost
	zones, err := engine.ReadZones(file)
	if err != nil {
		return nil, usage(lang.E(worded(err), "serve.zones", "file", path))
	}
	return zones, nil
}

// whichCity returns the city to serve: the one named, the plan's, or that of the state folder. A
// folder that belongs to another city is refused.
func whichCity(named string, plan *engine.Plan, state stateFolder) (string, error) {
	city := named
	switch {
	case plan != nil && named != "" && plan.City.ID != named:
		return "", usage(lang.E(nil, "serve.plan-city", "plan", plan.City.ID, "city", named))
	case plan != nil:
		city = plan.City.ID
	case named == "":
		city = state.city()
	}
	if city == "" {
		return "", usage(lang.E(nil, "serve.no-city"))
	}
	if have := state.city(); have != "" && have != city {
		return "", usage(lang.E(nil, "serve.other-city", "folder", string(state), "have", have,
			"want", city))
	}
	return city, nil
}

// listen opens the public address and, where there is one, the private.
func listen(f serveFlags) (public, private net.Listener, err error) {
	if public, err = net.Listen("tcp", f.listen); err != nil {
		return nil, nil, usage(lang.E(err, "serve.listen", "address", f.listen))
	}
	if f.private == "" {
		return public, nil, nil
	}
	if private, err = net.Listen("tcp", f.private); err != nil {
		err = usage(lang.E(err, "serve.listen", "address", f.private))
		return nil, nil, errors.Join(err, public.Close())
	}
	return public, private, nil
}

// commandLine is who put a plan in force that was named on the command line.
func commandLine() engine.Actor {
	return engine.Actor{ID: "command-line", Role: engine.RoleAdmin}
}

// putInForce publishes a plan at once, unless it is in force: who starts the server with it has
// decided so, and the log says that it was an emergency.
func putInForce(
	ctx context.Context, e *engine.Engine, plan *engine.Plan, zones []engine.Zone,
) error {
	if now := e.InForce().Plan; now != nil && now.ID == plan.ID {
		return nil
	}
	p, err := e.Draft(ctx, commandLine(), plan, zones, engine.Terms{})
	if err != nil {
		return err
	}
	if _, err := e.Enforce(ctx, commandLine(), p.ID, "named on the command line"); err != nil {
		return fmt.Errorf("put plan %.12s in force: %w", plan.ID, err)
	}
	return nil
}

// api returns the server of the API.
func (a *app) api(
	ctx context.Context, f serveFlags, e *engine.Engine, store *openedStore, door *feedDoor,
	vehicles *vehicleDoor,
) (*web.Server, error) {
	state := stateFolder(f.state)
	config := web.AuthConfig{JWKS: f.jwks, Issuer: f.issuer, Audience: f.audience}
	if f.jwks == "" {
		secret, err := state.secret()
		if err != nil {
			return nil, err
		}
		config.Secret = secret
	}
	auth, err := web.NewAuth(ctx, config)
	if err != nil {
		return nil, usage(lang.E(err, "serve.auth"))
	}
	c := web.Config{
		Engine: e, Events: store.follower, Auth: auth, Version: version, Explain: report.Explain,
		Rate: f.rate, TLSCert: f.cert, TLSKey: f.key,
		Log: slog.New(slog.NewJSONHandler(a.Err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	door.addTo(&c)
	if vehicles.door != nil {
		c.Vehicles = vehicles
	}
	return web.New(c), nil
}
