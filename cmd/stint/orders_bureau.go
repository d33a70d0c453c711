package main

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
)

func orderPath(id string) string { return "/v1/orders/" + url.PathEscape(id) }

// about asks the server about one order and prints it.
func (a *app) about(c *cobra.Command, k *client, method, path string, body any) error {
	var o orderRow
	if err := k.call(c.Context(), method, path, "", body, &o); err != nil {
		return err
	}
	return a.tellOrders(k, []orderRow{o})
}

func (a *app) ordersGive() *cobra.Command {
	var k *client
	var kind, operator, sector, cell, reason string
	var target int
	var within time.Duration
	c := &cobra.Command{
		Use:   "give NAME --kind KIND --operator O --sector S --cell C --within D --reason WHY",
		Short: a.tag.Word("orders.help-give"),
		Long:  a.tag.Word("orders.help-give-long"),
		Example: "  stint orders give market-pile --kind remove --target 20 --operator aster \\\n" +
			"    --sector bike --cell 895c6882d07ffff --within 2h --reason \"pile-up, photo 7\"",
		Args: a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.about(c, k, http.MethodPut, orderPath(args[0]), map[string]any{
				"kind": kind, "operator": operator, "sector": sector, "cell": cell, "target": target,
				"within": int64(within / time.Second), "reason": reason,
			})
		},
	}
	k = a.clientFlags(c)
	flags := c.Flags()
	flags.StringVar(&kind, "kind", "remove", a.tag.Word("orders.flag-kind"))
	flags.StringVar(&operator, "operator", "", a.tag.Word("help.flag-operator"))
	flags.StringVar(&sector, "sector", "", a.tag.Word("orders.flag-sector"))
	flags.StringVar(&cell, "cell", "", a.tag.Word("help.flag-cell"))
	flags.IntVar(&target, "target", 0, a.tag.Word("orders.flag-target"))
	flags.DurationVar(&within, "within", 4*time.Hour, a.tag.Word("orders.flag-within"))
	flags.StringVar(&reason, "reason", "", a.tag.Word("measure.flag-reason"))
	return c
}

func (a *app) ordersExtend() *cobra.Command {
	var k *client
	var deadline, reason string
	c := &cobra.Command{
		Use:     "extend NAME --deadline TIME --reason WHY",
		Short:   a.tag.Word("orders.help-extend"),
		Example: "  stint orders extend market-pile --deadline 2027-01-15T18:00:00Z --reason storm",
		Args:    a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := time.Parse(time.RFC3339, deadline)
			if err != nil {
				return usage(lang.E(nil, "publish.time", "got", deadline))
			}
			return a.about(c, k, http.MethodPost, orderPath(args[0])+"/extend",
				map[string]any{"deadline": at, "reason": reason})
		},
	}
	k = a.clientFlags(c)
	c.Flags().StringVar(&deadline, "deadline", "", a.tag.Word("orders.flag-deadline"))
	c.Flags().StringVar(&reason, "reason", "", a.tag.Word("measure.flag-reason"))
	return c
}

func (a *app) ordersObject() *cobra.Command {
	var k *client
	var text string
	c := &cobra.Command{
		Use:     "object NAME --text WHY",
		Short:   a.tag.Word("orders.help-object"),
		Example: "  stint orders object market-pile --text \"they are not ours\"",
		Args:    a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.about(c, k, http.MethodPost, orderPath(args[0])+"/object",
				map[string]any{"text": text})
		},
	}
	k = a.clientFlags(c)
	c.Flags().StringVar(&text, "text", "", a.tag.Word("orders.flag-text"))
	return c
}

func (a *app) ordersAnswer() *cobra.Command {
	var k *client
	var text string
	var accepted bool
	c := &cobra.Command{
		Use:     "answer NAME --text WHY [--accept]",
		Short:   a.tag.Word("orders.help-answer"),
		Example: "  stint orders answer market-pile --accept --text \"so it is\"",
		Args:    a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.about(c, k, http.MethodPost, orderPath(args[0])+"/answer",
				map[string]any{"text": text, "accepted": accepted})
		},
	}
	k = a.clientFlags(c)
	c.Flags().StringVar(&text, "text", "", a.tag.Word("orders.flag-text"))
	c.Flags().BoolVar(&accepted, "accept", false, a.tag.Word("orders.flag-accept"))
	return c
}

func (a *app) ordersObserve() *cobra.Command {
	var k *client
	var operator, sector, cell, at string
	var count int
	var broken bool
	c := &cobra.Command{
		Use:   "observe --operator O --sector S --cell C --count N",
		Short: a.tag.Word("orders.help-observe"),
		Long:  a.tag.Word("orders.help-observe-long"),
		Example: "  stint orders observe --operator aster --sector bike --cell 895c6882d07ffff \\\n" +
			"    --count 18 --at 2027-01-14T16:20:00Z",
		Args: a.exactly(0),
		RunE: func(c *cobra.Command, _ []string) error {
			when := time.Now()
			if at != "" {
				var err error
				if when, err = time.Parse(time.RFC3339, at); err != nil {
					return usage(lang.E(nil, "publish.time", "got", at))
				}
			}
			one := map[string]any{
				"operator": operator, "sector": sector, "cell": cell, "count": count, "broken": broken,
				"at": when,
			}
			var list struct {
				Orders []orderRow `json:"orders"`
			}
			body := map[string]any{"observations": []any{one}}
			err := k.call(c.Context(), http.MethodPost, "/v1/observations", "", body, &list)
			if err != nil {
				return err
			}
			return a.tellOrders(k, list.Orders)
		},
	}
	k = a.clientFlags(c)
	flags := c.Flags()
	flags.StringVar(&operator, "operator", "", a.tag.Word("help.flag-operator"))
	flags.StringVar(&sector, "sector", "", a.tag.Word("orders.flag-sector"))
	flags.StringVar(&cell, "cell", "", a.tag.Word("help.flag-cell"))
	flags.IntVar(&count, "count", 0, a.tag.Word("orders.flag-count"))
	flags.BoolVar(&broken, "broken", false, a.tag.Word("orders.flag-broken"))
	flags.StringVar(&at, "at", "", a.tag.Word("orders.flag-at"))
	return c
}

func (a *app) ordersResponses() *cobra.Command {
	var k *client
	var from, until string
	c := &cobra.Command{
		Use:     "responses --from TIME --until TIME",
		Short:   a.tag.Word("orders.help-responses"),
		Example: "  stint orders responses --from 2027-01-01T00:00:00Z --until 2027-04-01T00:00:00Z",
		Args:    a.exactly(0),
		RunE: func(c *cobra.Command, _ []string) error {
			query := url.Values{"from": {from}, "until": {until}}
			var list struct {
				Responses []responseRow `json:"responses"`
			}
			path := "/v1/responses?" + query.Encode()
			if err := k.call(c.Context(), http.MethodGet, path, "", nil, &list); err != nil {
				return err
			}
			if k.json {
				return writeJSON(a.Out, list)
			}
			t := a.table("period.head")
			for _, r := range list.Responses {
				if r.P50 == nil || r.P90 == nil {
					t.row(r.Operator, a.tag.Word("period.no-orders"))
					continue
				}
				t.row(r.Operator, fmt.Sprint(r.Orders), fmt.Sprint(r.InTime), fmt.Sprint(r.Open),
					fmt.Sprintf("%.1f", *r.P50), fmt.Sprintf("%.1f", *r.P90))
			}
			return t.flush()
		},
	}
	k = a.clientFlags(c)
	c.Flags().StringVar(&from, "from", "", a.tag.Word("period.flag-from"))
	c.Flags().StringVar(&until, "until", "", a.tag.Word("period.flag-until"))
	return c
}

// responseRow is how one operator answered, as the server tells it.
type responseRow struct {
	Operator   string   `json:"operator"`
	Orders     int      `json:"orders"`
	InTime     int      `json:"in_time"`
	Open       int      `json:"open"`
	Breaches   int      `json:"breaches"`
	P50        *float64 `json:"p50"`
	P90        *float64 `json:"p90"`
	Unobserved int      `json:"unobserved"`
}
