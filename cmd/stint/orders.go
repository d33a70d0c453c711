package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
)

// orderRow is an order as the server tells it.
type orderRow struct {
	ID           string     `json:"id"`
	Kind         string     `json:"kind,omitempty"`
	Operator     string     `json:"operator"`
	Sector       string     `json:"sector"`
	Level        string     `json:"level"`
	Tier         string     `json:"tier"`
	Of           string     `json:"of,omitempty"`
	Excess       int        `json:"excess"`
	Cap          int        `json:"cap"`
	Measure      string     `json:"measure,omitempty"`
	Reason       string     `json:"reason,omitempty"`
	Given        *time.Time `json:"given,omitempty"`
	Deadline     *time.Time `json:"deadline,omitempty"`
	Acknowledged *time.Time `json:"acknowledged,omitempty"`
	Done         *time.Time `json:"done,omitempty"`
	Proven       *time.Time `json:"proven,omitempty"`
	Lapsed       *time.Time `json:"lapsed,omitempty"`
	Objection    string     `json:"objection,omitempty"`
	Answer       string     `json:"answer,omitempty"`
}

func (a *app) ordersCommand() *cobra.Command {
	var k *client
	var operator, acknowledge string
	c := &cobra.Command{
		Use:     "orders",
		Short:   a.tag.Word("client.help-orders"),
		Long:    a.tag.Word("client.help-orders-long"),
		Example: "  stint orders\n  stint orders --acknowledge 7:bike:o:aster",
		Args:    a.exactly(0),
		RunE: func(c *cobra.Command, _ []string) error {
			if acknowledge != "" {
				return a.acknowledge(c.Context(), k, acknowledge)
			}
			return a.orders(c.Context(), k, operator)
		},
	}
	k = a.clientFlags(c)
	c.Flags().StringVar(&operator, "operator", "", a.tag.Word("help.flag-operator"))
	c.Flags().StringVar(&acknowledge, "acknowledge", "", a.tag.Word("client.flag-acknowledge"))
	c.AddCommand(a.ordersGive(), a.ordersExtend(), a.ordersObject(), a.ordersAnswer(),
		a.ordersObserve(), a.ordersResponses())
	return c
}

// orders prints removal orders.
func (a *app) orders(ctx context.Context, k *client, operator string) error {
	path := "/v1/orders"
	if operator != "" {
		path += "?operator=" + url.QueryEscape(operator)
	}
	var list struct {
		Orders []orderRow `json:"orders"`
	}
	if err := k.call(ctx, http.MethodGet, path, "", nil, &list); err != nil {
		return err
	}
	return a.tellOrders(k, list.Orders)
}

// acknowledge says that an order was read.
func (a *app) acknowledge(ctx context.Context, k *client, id string) error {
	var o orderRow
	path := "/v1/orders/" + url.PathEscape(id) + "/acknowledge"
	if err := k.call(ctx, http.MethodPost, path, "", nil, &o); err != nil {
		return err
	}
	return a.tellOrders(k, []orderRow{o})
}

func (a *app) tellOrders(k *client, orders []orderRow) error {
	if k.json {
		return writeJSON(a.Out, orders)
	}
	if len(orders) == 0 {
		_, err := fmt.Fprintln(a.Out, a.tag.Word("client.no-orders"))
		return err
	}
	w := tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, a.tag.Word("client.orders-head")) // Flush tells
	for _, o := range orders {
		done := stamp(o.Done)
		if o.Lapsed != nil {
			done = a.tag.Text(lang.M("client.lapsed", "at", stamp(o.Lapsed)))
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%s\t%s\n", o.ID, o.Operator, o.Of, o.Excess,
			stamp(o.Deadline), stamp(o.Acknowledged), done)
	}
	return w.Flush()
}
