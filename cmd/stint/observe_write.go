package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/stint-city/stint/engine/observe"
)

// write writes occupancy.csv, findings.csv, episodes.csv, fences.csv, their shapes as GeoJSON,
// observe.json and, unless it is for the public, operators' sheets into a folder.
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
			lat, lng, plainNumber(f.N), plainNumber(f.Limit), clockText(f.At), clockText(f.Since),
		})
		features = append(features, map[string]any{
			"type": "Feature", "geometry": geometry,
			"properties": f,
		})
	}
	findings, err := table([]string{
		"kind", "operator", "sector", "cell", "zone", "vehicle", "lat",
		"lng", "n", "limit", "time", "since",
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
	files := map[string][]byte{
		"occupancy.csv": cells, "findings.csv": findings,
		"findings.geojson": shapes, "observe.json": all.Bytes(),
	}
	if err := out.evidence(files); err != nil {
		return err
	}
	if err := out.sheets(folder, files); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// sheets adds a sheet for each feed, as a city file's operators[].sheet names it: the feed's health
// as indicators.
func (out *observed) sheets(folder string, files map[string][]byte) error {
	if out.Public || len(out.Health) == 0 {
		return nil
	}
	for i := range out.Health {
		h := &out.Health[i]
		var rows [][]string
		for _, v := range h.Values() {
			value := ""
			if v.Known {
				value = plainNumber(v.Value)
			}
			rows = append(rows, []string{v.Indicator, value, v.Why})
		}
		sheet, err := table([]string{"indicator", "value", "why"}, rows)
		if err != nil {
			return err
		}
		name := url.PathEscape(h.Operator)
		if h.Sector != "" {
			name += "." + url.PathEscape(h.Sector)
		}
		files[filepath.Join("sheets", name+".csv")] = sheet
	}
	return os.MkdirAll(filepath.Join(folder, "sheets"), 0o755)
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

// clockText writes a time in ms; 0 = none.
func clockText(at int64) string {
	if at == 0 {
		return ""
	}
	return time.UnixMilli(at).UTC().Format(time.RFC3339)
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
