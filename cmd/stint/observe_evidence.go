package main

import (
	"encoding/json"
	"strconv"

	"github.com/stint-city/stint/geo"
)

// evidence adds the episodes as CSV and GeoJSON, and the shares within fences as CSV, to the files
// of a folder.
func (out *observed) evidence(files map[string][]byte) error {
	var rows [][]string
	features := []any{}
	for i := range out.Episodes {
		e := &out.Episodes[i]
		row := []string{
			e.Kind, e.Class, e.Cell.String(), e.Street, e.By, strconv.Itoa(e.Beside),
			strconv.Itoa(e.Of), e.District, clockText(e.From), clockText(e.Confirmed),
			clockText(e.Until), strconv.FormatBool(e.Open), clockText(e.Worst.At),
			plainNumber(e.Worst.N), plainNumber(e.Worst.Limit),
		}
		rows = append(rows, append(row, judged(e)...))
		features = append(features, map[string]any{
			"type": "Feature", "geometry": outline(e.Cell), "properties": e,
		})
	}
	var err error
	files["episodes.csv"], err = table([]string{
		"kind", "class", "cell", "street", "street_by", "beside_street", "beside_of", "district",
		"from", "confirmed", "until", "open", "worst_at", "n", "limit", "capacity", "theta",
		"tau_minutes", "leave_minutes", "expected_to_leave", "rest",
	}, rows)
	if err != nil {
		return err
	}
	files["episodes.geojson"], err = json.Marshal(map[string]any{
		"type": "FeatureCollection", "features": features,
	})
	if err != nil {
		return err
	}
	rows = nil
	for _, f := range out.Fences {
		share := ""
		if f.Share != nil {
			share = strconv.FormatFloat(*f.Share, 'f', 4, 64)
		}
		rows = append(rows, []string{
			f.Operator, f.Sector, plainNumber(f.Tolerance), strconv.Itoa(f.Within),
			strconv.Itoa(f.Of), share,
		})
	}
	files["fences.csv"], err = table(
		[]string{"operator", "sector", "tolerance_m", "within", "of", "share"}, rows)
	return err
}

// judged are the columns that say by what an episode was judged when it was worst.
func judged(e *observedEpisode) []string {
	minutes := func(ms int64) string { return plainNumber(float64(ms) / minuteMS) }
	switch {
	case e.Worst.Pile != nil:
		p := e.Worst.Pile
		leaving := ""
		if p.Leaving != nil {
			leaving = strconv.FormatFloat(*p.Leaving, 'f', 2, 64)
		}
		return []string{
			plainNumber(p.Capacity), plainNumber(p.Theta), minutes(p.Tau), minutes(p.Horizon), leaving,
			strconv.FormatFloat(p.Rest, 'f', 2, 64),
		}
	case e.Worst.Hunger != nil:
		h := e.Worst.Hunger
		return []string{
			"", plainNumber(h.Share), minutes(h.Tau), minutes(h.Horizon),
			strconv.FormatFloat(h.Leaving, 'f', 2, 64), "",
		}
	}
	return make([]string, 6)
}

// outline is a cell as a GeoJSON polygon.
func outline(c geo.Cell) any {
	var ring [][2]float64
	for _, p := range c.Boundary() {
		ring = append(ring, [2]float64{p.Lng, p.Lat})
	}
	if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
		ring = append(ring, ring[0])
	}
	return map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}}
}
