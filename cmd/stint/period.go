package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/city"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/report"
)

// periodFlags are the flags of `stint period`.
type periodFlags struct {
	planFlags
	hours                     hoursFlags
	plan, orders, from, until string
}

func (a *app) periodCommand() *cobra.Command {
	var f periodFlags
	c := &cobra.Command{
		Use:   "period CITY.yaml --plan PLAN --orders ORDERS.json --from TIME --until TIME",
		Short: a.tag.Word("period.help"),
		Long:  a.tag.Word("period.help-long"),
		Example: "  stint orders --json > orders.json\n" +
			"  stint period city/city.yaml --plan plan --orders orders.json \\\n" +
			"    --from 2027-01-01T00:00:00Z --until 2027-04-01T00:00:00Z -o next",
		Args: a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error { return a.period(c, args[0], &f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.plan, "plan", "", a.tag.Word("period.flag-plan"))
	flags.StringVar(&f.orders, "orders", "", a.tag.Word("period.flag-orders"))
	flags.StringVar(&f.from, "from", "", a.tag.Word("period.flag-from"))
	flags.StringVar(&f.until, "until", "", a.tag.Word("period.flag-until"))
	flags.StringVar(&f.data, "data", "", a.tag.Word("help.flag-data"))
	flags.StringVarP(&f.out, "out", "o", "", a.tag.Word("help.flag-out"))
	flags.BoolVar(&f.json, "json", false, a.tag.Word("help.flag-json"))
	f.hours.addTo(a, c)
	return c
}

// period closes a period: response times from its orders, the scores with them, and the draft of
// the next plan.
func (a *app) period(c *cobra.Command, path string, f *periodFlags) error {
	if f.plan == "" || f.orders == "" {
		return usage(lang.E(nil, "client.needs", "flag", "--plan, --orders"))
	}
	end, err := f.end()
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := report.Vacant(f.out); err != nil {
			return err
		}
	}
	snapshot, err := city.Read(c.Context(), path, city.Options{Data: f.data})
	if err != nil {
		return err
	}
	if end.Plan.City.ID != snapshot.City.ID {
		return usage(lang.E(nil, "period.other-city", "got", end.Plan.City.ID,
			"want", snapshot.City.ID))
	}
	plan, err := engine.Decide(snapshot.After(end), engine.Options{Tool: "stint " + version})
	if err != nil {
		return err
	}
	dir, err := folder(f.out, plan)
	if err != nil {
		return err
	}
	if err := report.Write(c.Context(), dir, plan, a.tag, snapshot.Zones...); err != nil {
		return err
	}
	if !f.json {
		if err := a.tellResponses(end.Responses); err != nil {
			return err
		}
	}
	return a.tell(plan, dir, f.json)
}

// end reads what the period leaves.
func (f *periodFlags) end() (engine.PeriodEnd, error) {
	var end engine.PeriodEnd
	var err error
	for flag, to := range map[string]*time.Time{f.from: &end.From, f.until: &end.Until} {
		if *to, err = time.Parse(time.RFC3339, flag); err != nil {
			return end, usage(lang.E(nil, "publish.time", "got", flag))
		}
	}
	if !end.From.Before(end.Until) {
		return end, usage(lang.E(nil, "period.times", "from", f.from, "until", f.until))
	}
	hours, err := f.hours.workHours()
	if err != nil {
		return end, err
	}
	if end.Plan, err = report.Read(f.plan); err != nil {
		return end, err
	}
	orders, err := readOrders(f.orders)
	if err != nil {
		return end, err
	}
	var operators []string
	for _, s := range end.Plan.Sectors {
		for i := range s.Operators {
			operators = append(operators, s.Operators[i].ID)
		}
	}
	end.Responses, err = engine.Responses(orders, operators, end.From, end.Until, end.Until, hours)
	if err != nil {
		return end, usage(lang.E(err, "period.no-calendar", "calendar", f.hours.calendar))
	}
	return end, nil
}

// readOrders reads orders as the server tells them.
func readOrders(name string) ([]engine.Order, error) {
	data, err := readInput(name)
	if err != nil {
		return nil, err
	}
	var rows []orderRow
	if err := json.Unmarshal(data, &rows); err != nil {
		return nil, usage(lang.E(err, "period.orders", "file", name))
	}
	orders := make([]engine.Order, len(rows))
	for i := range rows {
		r := &rows[i]
		if r.Given == nil || r.Deadline == nil || r.Operator == "" {
			return nil, usage(lang.E(nil, "period.order", "file", name, "n", i+1))
		}
		orders[i] = engine.Order{
			ID: r.ID, Kind: engine.OrderKind(r.Kind), Operator: r.Operator, Sector: r.Sector,
			Level: engine.Level(r.Level), Given: *r.Given, Deadline: *r.Deadline,
			Done: timeOf(r.Done), Proven: timeOf(r.Proven), Lapsed: timeOf(r.Lapsed),
		}
	}
	return orders, nil
}

// timeOf returns a time that may be absent.
func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// tellResponses prints how the operators answered.
func (a *app) tellResponses(all []engine.Response) error {
	t := a.table("period.head")
	for _, r := range all {
		if r.Orders == 0 {
			t.row(r.Operator, a.tag.Word("period.no-orders"))
			continue
		}
		t.row(r.Operator, fmt.Sprint(r.Orders), fmt.Sprint(r.InTime), fmt.Sprint(r.Open),
			fmt.Sprintf("%.1f", r.P50), fmt.Sprintf("%.1f", r.P90))
	}
	if err := t.flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.Out)
	return err
}
