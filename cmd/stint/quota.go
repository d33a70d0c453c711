package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
)

// quotaFlags are the flags of `stint quota`.
type quotaFlags struct {
	*client
	sector, operator, tier, of string
}

// quotaRow is one level as the server tells it. Standing, Held and Room are nil where the asker may
// not know them.
type quotaRow struct {
	Level    string `json:"level"`
	Tier     string `json:"tier"`
	Of       string `json:"of,omitempty"`
	Operator string `json:"operator,omitempty"`
	Cap      int    `json:"cap"`
	Standing *int   `json:"standing,omitempty"`
	Held     *int   `json:"held,omitempty"`
	Room     *int   `json:"room,omitempty"`
}

func (a *app) quotaCommand() *cobra.Command {
	var f quotaFlags
	c := &cobra.Command{
		Use:     "quota --sector S",
		Short:   a.tag.Word("client.help-quota"),
		Long:    a.tag.Word("client.help-quota-long"),
		Example: "  stint quota --sector bike --tier operator-city",
		Args:    a.exactly(0),
		RunE:    func(c *cobra.Command, _ []string) error { return a.quota(c.Context(), f) },
	}
	f.client = a.clientFlags(c)
	c.Flags().StringVar(&f.sector, "sector", "", a.tag.Word("help.flag-sector"))
	c.Flags().StringVar(&f.operator, "operator", "", a.tag.Word("help.flag-operator"))
	c.Flags().StringVar(&f.tier, "tier", "", a.tag.Word("client.flag-tier"))
	c.Flags().StringVar(&f.of, "of", "", a.tag.Word("client.flag-of"))
	return c
}

// quota prints levels with their caps and what stands, page by page.
func (a *app) quota(ctx context.Context, f quotaFlags) error {
	if f.sector == "" {
		return usage(lang.E(nil, "client.needs", "flag", "--sector"))
	}
	rows := []quotaRow{}
	for after := ""; ; {
		query := url.Values{"sector": {f.sector}, "limit": {"1000"}}
		for key, value := range map[string]string{
			"operator": f.operator, "tier": f.tier, "of": f.of, "after": after,
		} {
			if value != "" {
				query.Set(key, value)
			}
		}
		var page struct {
			Quotas []quotaRow `json:"quotas"`
			Next   string     `json:"next"`
		}
		if err := f.call(ctx, http.MethodGet, "/v1/quotas?"+query.Encode(), "", nil, &page); err != nil {
			return err
		}
		rows = append(rows, page.Quotas...)
		if after = page.Next; after == "" {
			break
		}
	}
	if f.json {
		return writeJSON(a.Out, rows)
	}
	w := tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, a.tag.Word("client.quota-head")) // Flush tells
	for _, r := range rows {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%s\t%s\n", r.Tier, r.Of, r.Operator, r.Cap,
			count(r.Standing), count(r.Held), count(r.Room))
	}
	return w.Flush()
}

// count writes a number, "-" where the asker may not know it.
func count(n *int) string {
	if n == nil {
		return "-"
	}
	return strconv.Itoa(*n)
}
