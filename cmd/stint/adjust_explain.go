package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// demandRow is the demand of one cell.
type demandRow struct {
	Cell  string   `json:"cell"`
	Trips *float64 `json:"trips"` // nil = unknown
}

// mostDemand is how many cells a file may have.
const mostDemand = 50_000

// readDemand reads "cell,trips"; a cell without a number is unknown.
func readDemand(name string) ([]demandRow, error) {
	data, err := readInput(name)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = 2
	head, err := r.Read()
	if err != nil || head[0] != "cell" || head[1] != "trips" {
		return nil, usage(lang.E(nil, "adjust.csv-head", "file", name))
	}
	rows := []demandRow{}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		line, _ := r.FieldPos(0)
		if err != nil || len(rows) == mostDemand {
			return nil, usage(lang.E(nil, "adjust.csv", "file", name, "most", mostDemand))
		}
		row := demandRow{Cell: record[0]}
		if record[1] != "" {
			x, err := strconv.ParseFloat(record[1], 64)
			if err != nil {
				return nil, usage(lang.E(nil, "adjust.csv-trips", "file", name, "line", line,
					"got", record[1]))
			}
			row.Trips = &x
		}
		rows = append(rows, row)
	}
}

// accountRow is how a quota in a part of the day came about, as the server tells it.
type accountRow struct {
	Sector      string               `json:"sector"`
	Part        string               `json:"part"`
	Cell        string               `json:"cell"`
	Operator    string               `json:"operator"`
	Planned     int                  `json:"planned"`
	PlannedCell int                  `json:"planned_cell"`
	Fleet       int                  `json:"fleet"`
	Capacity    *int                 `json:"capacity"`
	Demand      *float64             `json:"demand"`
	DemandSum   float64              `json:"demand_sum"`
	Quota       int                  `json:"quota"`
	CellTotal   int                  `json:"cell_total"`
	Own         bool                 `json:"own"`
	Turn        int                  `json:"turn"`
	Since       int                  `json:"since"`
	Coming      *int                 `json:"coming,omitempty"`
	Due         int                  `json:"due,omitempty"`
	Rules       engine.PartRules     `json:"rules"`
	Decision    *engine.PartDecision `json:"decision,omitempty"`
	Season      string               `json:"season,omitempty"`
	Factor      float64              `json:"factor"`
	Running     bool                 `json:"running"`
	Cap         int                  `json:"cap"`
}

func (a *app) adjustExplain() *cobra.Command {
	var k *client
	var f partFlags
	var cell, operator string
	c := &cobra.Command{
		Use:   "explain --sector S --part P --cell C --operator O",
		Short: a.tag.Word("adjust.help-explain"),
		Example: "  stint adjust explain --sector bike --part peak --operator aster " +
			"--cell 895c6882d07ffff",
		Args: a.exactly(0),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			query := url.Values{
				"sector": {f.sector}, "part": {f.part}, "cell": {cell}, "operator": {operator},
			}
			return a.explainPart(c.Context(), k, query)
		},
	}
	k = a.clientFlags(c)
	f.addTo(a, c)
	c.Flags().StringVar(&cell, "cell", "", a.tag.Word("help.flag-cell"))
	c.Flags().StringVar(&operator, "operator", "", a.tag.Word("help.flag-operator"))
	return c
}

// explainPart prints how a quota came about, a step a line.
func (a *app) explainPart(ctx context.Context, k *client, query url.Values) error {
	var x accountRow
	path := "/v1/timetable/explain?" + query.Encode()
	if err := k.call(ctx, http.MethodGet, path, "", nil, &x); err != nil {
		return err
	}
	if k.json {
		return writeJSON(a.Out, x)
	}
	for _, m := range a.partSteps(&x) {
		if _, err := fmt.Fprintln(a.Out, a.tag.Text(m)); err != nil {
			return err
		}
	}
	return nil
}

// partSteps are the steps from the plan's quota to the cap in force.
func (a *app) partSteps(x *accountRow) []lang.Message {
	steps := []lang.Message{lang.M("adjust.step-plan", "operator", x.Operator, "planned", x.Planned,
		"cell", x.PlannedCell, "fleet", x.Fleet)}
	if x.Capacity != nil {
		steps = append(steps, lang.M("adjust.step-capacity", "capacity", *x.Capacity))
	}
	if x.Demand != nil && x.DemandSum > 0 {
		steps = append(steps, lang.M("adjust.step-demand", "part", x.Part, "demand", *x.Demand,
			"sum", x.DemandSum, "share", 100**x.Demand/x.DemandSum))
	}
	if x.Decision != nil {
		steps = append(steps, lang.M("adjust.step-decision", "turn", x.Decision.Turn,
			"why", a.tag.Text(a.partWhy(x.Decision)), "reports", len(x.Decision.Reports)))
	}
	steps = append(steps, lang.M("adjust.step-rules", "band", x.Rules.Band, "step", x.Rules.Step,
		"hold", x.Rules.Hold, "notice", x.Rules.Notice))
	if x.Own {
		steps = append(steps, lang.M("adjust.step-quota", "part", x.Part, "since", x.Since,
			"operator", x.Operator, "quota", x.Quota, "cell", x.CellTotal))
	} else {
		steps = append(steps, lang.M("adjust.step-none", "part", x.Part))
	}
	if x.Coming != nil {
		steps = append(steps, lang.M("adjust.step-coming", "due", x.Due, "coming", *x.Coming))
	}
	if x.Season != "" {
		steps = append(steps, lang.M("adjust.season-now", "season", x.Season, "factor", x.Factor))
	}
	id := "adjust.step-cap"
	if !x.Running {
		id = "adjust.step-cap-plan"
	}
	return append(steps, lang.M(id, "cap", x.Cap, "part", x.Part))
}
