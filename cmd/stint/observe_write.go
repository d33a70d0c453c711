package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/observe"
)

// write writes occupancy.csv, findings.csv, findings.geojson and observe.json into a folder.
func (out *observed) write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	cells, err := table([]string{"time", "operator", "sector", "cell", "state", "n"}, out.cells)
	if err != nil {
		return err
	}
	var rows [][]string
	features := []any{}
	for i := range out.Findings {
		f := &out.Findings[i]
		lat, lng := "", ""
		var geometry any
		if f.Point != nil {
			lat, lng = degrees(f.Point.Lat), degrees(f.Point.Lng)
			geometry = map[string]any{
				"type":        "Point",
				"coordinates": []float64{f.Point.Lng, f.Point.Lat},
			}
		}
		rows = append(rows, []string{
			f.Kind, f.Operator, f.Sector, cellText(f), f.Zone, vehicleText(f),
			lat, lng, plainNumber(f.N), plainNumber(f.Limit),
			time.UnixMilli(f.At).UTC().Format(time.RFC3339),
		})
		features = append(features, map[string]any{
			"type": "Feature", "geometry": geometry,
			"properties": f,
		})
	}
	findings, err := table([]string{
		"kind", "operator", "sector", "cell", "zone", "vehicle", "lat",
		"lng", "n", "limit", "time",
	}, rows)
	if err != nil {
		return err
	}
	shapes, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	if err != nil {
		return err
	}
	var all bytes.Buffer
	if err := writeJSON(&all, out); err != nil {
		return err
	}
	for name, data := range map[string][]byte{
		"occupancy.csv": cells, "findings.csv": findings,
		"findings.geojson": shapes, "observe.json": all.Bytes(),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// table is a CSV file.
func table(head []string, rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(append([][]string{head}, rows...)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func cellText(f *observe.Finding) string {
	if f.Cell == 0 {
		return ""
	}
	return f.Cell.String()
}

func vehicleText(f *observe.Finding) string {
	if f.Vehicle == 0 {
		return ""
	}
	return f.Vehicle.String()
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', 7, 64) }

func plainNumber(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// tellObserved prints fleets, health and findings.
func (a *app) tellObserved(out *observed) error {
	_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("observe.read", "rows", out.Rows,
		"bad", out.Bad, "batches", out.Batches, "method", out.Method)))
	if err != nil {
		return err
	}
	t := a.table("observe.fleet-head")
	for _, f := range out.Fleets {
		t.row(time.UnixMilli(f.At).UTC().Format(time.RFC3339), f.Operator, orDash(f.Sector),
			strconv.Itoa(f.Vehicles), strconv.Itoa(f.Cells))
	}
	if err := t.flush(); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(a.Out) // flush tells
	t = a.table("observe.health-head")
	for i := range out.Health {
		h := &out.Health[i]
		last := a.tag.Word("word.unknown")
		if h.IDsLast != nil {
			last = a.tag.Word(fmt.Sprintf("observe.last-%t", *h.IDsLast))
		}
		t.row(h.Operator, orDash(h.Sector), a.tag.Word("observe.is-"+h.Status), a.share(h.Coverage),
			a.share(h.Duplicates), a.share(h.OutOfCity), a.share(h.LastShare), last)
	}
	if err := t.flush(); err != nil {
		return err
	}
	return a.tellFindings(out)
}

// tellFindings prints how many findings there are of each kind, operator and zone, and what could
// not be told.
func (a *app) tellFindings(out *observed) error {
	_, _ = fmt.Fprintln(a.Out) // flush tells
	t := a.table("observe.finding-head")
	for i := 0; i < len(out.Findings); {
		f, n := out.Findings[i], 0
		for ; i < len(out.Findings) && out.Findings[i].Kind == f.Kind &&
			out.Findings[i].Operator == f.Operator && out.Findings[i].Zone == f.Zone; i++ {
			n++
		}
		t.row(a.tag.Word("observe.find-"+f.Kind), orDash(f.Operator), orDash(f.Zone),
			strconv.Itoa(n))
	}
	if err := t.flush(); err != nil {
		return err
	}
	for _, g := range out.Gaps {
		_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("observe.gap", "kind",
			a.tag.Word("observe.find-"+g.Kind), "operator", g.Operator,
			"why", a.tag.Word("observe.is-"+g.Why))))
		if err != nil {
			return err
		}
	}
	return nil
}
