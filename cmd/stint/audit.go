package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// errBooks means that a log or a ledger doesn't hold together.
var errBooks = errors.New("the books don't hold together")

func (a *app) auditCommand() *cobra.Command {
	var k *client
	c := &cobra.Command{
		Use:     "audit [verify]",
		Short:   a.tag.Word("client.help-audit"),
		Long:    a.tag.Word("client.help-audit-long"),
		Example: "  stint audit\n  stint audit verify",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 || (len(args) == 1 && args[0] == "verify") {
				return nil
			}
			return usage(lang.E(nil, "client.audit-what", "got", args[0]))
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				return a.auditVerify(c.Context(), k)
			}
			return a.audit(c.Context(), k)
		},
	}
	k = a.clientFlags(c)
	return c
}

// audit prints the bureau's log, an entry a line. Every entry is checked against the one before it
// here too: a server that lies about its log has to lie consistently.
func (a *app) audit(ctx context.Context, k *client) error {
	var last *engine.Entry
	for after := ""; ; {
		query := url.Values{"limit": {"500"}}
		if after != "" {
			query.Set("after", after)
		}
		var page struct {
			Entries []engine.Entry `json:"entries"`
			Next    string         `json:"next"`
		}
		if err := k.call(ctx, http.MethodGet, "/v1/log?"+query.Encode(), "", nil, &page); err != nil {
			return err
		}
		if err := engine.VerifyChain(last, page.Entries); err != nil {
			return err
		}
		for i := range page.Entries {
			if err := a.tellEntry(k, &page.Entries[i]); err != nil {
				return err
			}
			last = &page.Entries[i]
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// tellEntry prints one entry: as a line of JSON, or for people.
func (a *app) tellEntry(k *client, e *engine.Entry) error {
	if k.json {
		return writeJSON(a.Out, e)
	}
	_, err := fmt.Fprintf(a.Out, "%d  %s  %s  %s  %s\n", e.Seq,
		e.Time.Time().Format(time.RFC3339), e.Kind, e.By, e.Body)
	return err
}

// auditVerify asks the server to check its log from the first entry on.
func (a *app) auditVerify(ctx context.Context, k *client) error {
	var v struct {
		Holds   bool   `json:"holds"`
		Entries int64  `json:"entries"`
		Fault   string `json:"fault,omitempty"`
	}
	if err := k.call(ctx, http.MethodGet, "/v1/log/verify", "", nil, &v); err != nil {
		return err
	}
	if !v.Holds {
		return lang.E(errBooks, "client.log-broken", "n", v.Entries, "fault", v.Fault)
	}
	if k.json {
		return writeJSON(a.Out, v)
	}
	_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("client.log-holds", "n", v.Entries)))
	return err
}
