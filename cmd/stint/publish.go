package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/report"
)

// publishFlags are the flags of `stint publish`.
type publishFlags struct {
	*client
	zones                           string
	objections, effective, deadline string
	draft                           bool
	announce                        string
	finalize, withdraw, check       string
	reason                          string
	list                            bool
}

// publication is what the server says of one.
type publication struct {
	ID              string     `json:"id"`
	Plan            string     `json:"plan"`
	Stage           string     `json:"stage"`
	ObjectionsUntil *time.Time `json:"objections_until"`
	EffectiveAt     *time.Time `json:"effective_at"`
	RemovalDeadline *time.Time `json:"removal_deadline"`
	Epoch           int64      `json:"epoch"`
}

func (a *app) publishCommand() *cobra.Command {
	var f publishFlags
	c := &cobra.Command{
		Use:   "publish PLAN | --list | --announce ID | --finalize ID | --withdraw ID | --check ID",
		Short: a.tag.Word("publish.help"),
		Long:  a.tag.Word("publish.help-long"),
		Example: "  stint publish build/plan\n" +
			"  stint publish build/plan --objections-until 2027-01-15T00:00:00Z\n" +
			"  stint publish --finalize 12",
		Args: func(c *cobra.Command, args []string) error {
			if f.list || f.announce != "" || f.finalize != "" || f.withdraw != "" || f.check != "" {
				return a.exactly(0)(c, args)
			}
			return a.exactly(1)(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error { return a.publish(c.Context(), f, args) },
	}
	f.client = a.clientFlags(c)
	flags := c.Flags()
	flags.StringVar(&f.zones, "zones", "", a.tag.Word("publish.flag-zones"))
	flags.StringVar(&f.objections, "objections-until", "", a.tag.Word("publish.flag-objections"))
	flags.StringVar(&f.effective, "effective", "", a.tag.Word("publish.flag-effective"))
	flags.StringVar(&f.deadline, "removal", "", a.tag.Word("publish.flag-removal"))
	flags.BoolVar(&f.draft, "draft", false, a.tag.Word("publish.flag-draft"))
	flags.StringVar(&f.announce, "announce", "", a.tag.Word("publish.flag-announce"))
	flags.StringVar(&f.finalize, "finalize", "", a.tag.Word("publish.flag-finalize"))
	flags.StringVar(&f.withdraw, "withdraw", "", a.tag.Word("publish.flag-withdraw"))
	flags.StringVar(&f.check, "check", "", a.tag.Word("publish.flag-check"))
	flags.StringVar(&f.reason, "reason", "", a.tag.Word("publish.flag-reason"))
	flags.BoolVar(&f.list, "list", false, a.tag.Word("publish.flag-list"))
	return c
}

// publish takes a plan, or a publication, one or more steps further.
func (a *app) publish(ctx context.Context, f publishFlags, args []string) error {
	const base = "/v1/publications"
	var p publication
	switch {
	case f.list:
		return a.listPublications(ctx, f)
	case f.announce != "":
		terms, err := f.terms()
		if err != nil {
			return err
		}
		return a.step(ctx, f, base+"/"+url.PathEscape(f.announce)+"/announce", terms)
	case f.finalize != "":
		body := map[string]string{}
		if f.reason != "" {
			body["emergency"] = f.reason
		}
		return a.step(ctx, f, base+"/"+url.PathEscape(f.finalize)+"/finalize", body)
	case f.withdraw != "":
		body := map[string]string{"reason": f.reason}
		return a.step(ctx, f, base+"/"+url.PathEscape(f.withdraw)+"/withdraw", body)
	case f.check != "":
		return a.step(ctx, f, base+"/"+url.PathEscape(f.check)+"/check", nil)
	}
	draft, terms, err := draftOf(f, args[0])
	if err != nil {
		return err
	}
	if err := f.call(ctx, http.MethodPost, base, "", draft, &p); err != nil {
		return err
	}
	if !f.draft {
		if err := f.call(ctx, http.MethodPost, base+"/"+p.ID+"/announce", "", terms, &p); err != nil {
			return err
		}
	}
	if !f.draft && f.objections == "" {
		body := map[string]string{}
		if err := f.call(ctx, http.MethodPost, base+"/"+p.ID+"/finalize", "", body, &p); err != nil {
			return errors.Join(a.tellPublication(f, &p), err) // it is announced all the same
		}
	}
	return a.tellPublication(f, &p)
}

// draftOf returns the body of a draft, and of its announcement.
func draftOf(f publishFlags, path string) (draft map[string]any, terms map[string]any, err error) {
	if _, err := report.Read(path); err != nil {
		return nil, nil, err
	}
	if at, err := os.Stat(path); err == nil && at.IsDir() {
		path = filepath.Join(path, report.PlanFile)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read the plan: %w", err)
	}
	draft = map[string]any{"plan": json.RawMessage(data)}
	zones := f.zones
	if zones == "" {
		zones = filepath.Join(filepath.Dir(path), "zones.geojson")
	}
	if data, err = os.ReadFile(zones); err == nil {
		draft["zones"] = json.RawMessage(data)
	} else if f.zones != "" {
		return nil, nil, lang.E(err, "serve.zones", "file", f.zones)
	}
	if terms, err = f.terms(); err != nil {
		return nil, nil, err
	}
	maps.Copy(draft, terms)
	return draft, terms, nil
}

// terms returns the times of a publication; what isn't given is at once.
func (f *publishFlags) terms() (map[string]any, error) {
	terms := map[string]any{}
	for key, value := range map[string]string{
		"objections_until": f.objections, "effective_at": f.effective, "removal_deadline": f.deadline,
	} {
		at, err := time.Time{}, error(nil)
		if value != "" {
			if at, err = time.Parse(time.RFC3339, value); err != nil {
				return nil, usage(lang.E(nil, "publish.time", "got", value))
			}
		}
		terms[key] = at
	}
	return terms, nil
}

// step takes a publication one step further.
func (a *app) step(ctx context.Context, f publishFlags, path string, body any) error {
	var p publication
	if err := f.call(ctx, http.MethodPost, path, "", body, &p); err != nil {
		return err
	}
	return a.tellPublication(f, &p)
}

// tellPublication says where a publication is, and what comes next.
func (a *app) tellPublication(f publishFlags, p *publication) error {
	if f.json {
		return writeJSON(a.Out, p)
	}
	text := a.tag.Text(lang.M("publish.now", "id", p.ID, "plan", fmt.Sprintf("%.12s", p.Plan),
		"stage", p.Stage))
	if p.Stage == string(engine.StageNotice) {
		text += "\n  " + a.tag.Text(lang.M("publish.next", "id", p.ID))
	}
	_, err := fmt.Fprintln(a.Out, text)
	return err
}

// listPublications prints every publication, the newest first.
func (a *app) listPublications(ctx context.Context, f publishFlags) error {
	var list struct {
		Publications []publication `json:"publications"`
	}
	if err := f.call(ctx, http.MethodGet, "/v1/publications", "", nil, &list); err != nil {
		return err
	}
	if f.json {
		return writeJSON(a.Out, list)
	}
	w := tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)
	for _, p := range list.Publications {
		_, _ = fmt.Fprintf(w, "%s\t%.12s\t%s\t%s\n", p.ID, p.Plan, // Flush tells
			a.tag.Word("stage."+p.Stage), stamp(p.EffectiveAt))
	}
	return w.Flush()
}

// stamp writes a time, "" for none.
func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
