package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/lang"
)

// records returns the rows of a CSV text, the header first.
func records(t *testing.T, text string) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestQuotasHoldWhatIsAboveZeroInOrder(t *testing.T) {
	p := fixture(t, 6)
	slices.Reverse(p.Sectors) // the file has its own order
	files := contentsOf(t, written(t, p, lang.English))
	if !strings.HasPrefix(files[QuotasFile], "sector,cell,operator,quota,reason\n") {
		t.Fatalf("quotas.csv begins with %.60q", files[QuotasFile])
	}
	rows := records(t, files[QuotasFile])[1:]
	sums, last := map[string]int{}, ""
	for _, row := range rows {
		key := strings.Join(row[:3], "\x00")
		if key <= last {
			t.Fatalf("%v does not follow in order of sector, cell, operator", row)
		}
		last = key
		n := 0
		if _, err := fmt.Sscan(row[3], &n); err != nil || n <= 0 {
			t.Fatalf("%v: the quota is not above 0", row)
		}
		sums[row[0]] += n
	}
	for _, s := range p.Sectors {
		if sums[s.ID] != s.Total {
			t.Errorf("quotas of %s sum to %d, want its total %d", s.ID, sums[s.ID], s.Total)
		}
	}
}

func TestCellsHoldEveryCellWithUnknownEmpty(t *testing.T) {
	p := fixture(t, 6)
	rows := records(t, contentsOf(t, written(t, p, lang.English))[CellsFile])
	if want := 1 + len(p.Sectors[0].Cells) + len(p.Sectors[1].Cells); len(rows) != want {
		t.Fatalf("%d rows, want %d", len(rows), want)
	}
	at := func(name string) int {
		i := slices.Index(rows[0], name)
		if i < 0 {
			t.Fatalf("no column %s in %v", name, rows[0])
		}
		return i
	}
	unknown := 0
	for i, c := range p.Sectors[0].Cells {
		row := rows[1+i]
		if row[at("cell")] != c.Cell.String() || row[at("total")] != fmt.Sprint(c.Total) {
			t.Fatalf("row %v is not cell %s", row, c.Cell)
		}
		if (row[at("parking_m2")] == "") != (c.Space.Parking == nil) ||
			(row[at("demand")] == "") != (c.Demand.Mean == nil) ||
			(row[at("capacity")] == "") != (c.Capacity == nil) {
			t.Errorf("%s: unknown and empty must be the same: %v", c.Cell, row)
		}
		if c.Demand.Mean == nil {
			unknown++
		}
		if row[at("quota_swift")] != fmt.Sprint(c.Quotas[2]) || row[at("code_swift")] != c.Codes[2] {
			t.Errorf("%s: swift's quota reads %s, %s", c.Cell, row[at("quota_swift")], row[at("code_swift")])
		}
	}
	if unknown == 0 {
		t.Error("no cell of the fixture is unknown: the test shows nothing")
	}
	if last := rows[len(rows)-1]; last[at("quota_swift")] != "" {
		t.Errorf("swift is not in the sector ebike, its quota there reads %q", last[at("quota_swift")])
	}
}

// feature is a feature as RFC 7946 has it.
type feature struct {
	Type     string
	Geometry struct {
		Type        string
		Coordinates [][][2]float64
	}
	Properties map[string]any
}

func TestMapIsGeoJSON(t *testing.T) {
	p := fixture(t, 5)
	files := contentsOf(t, written(t, p, lang.English))
	var all struct {
		Type     string
		Features []feature
	}
	if err := json.Unmarshal([]byte(files[MapFile]), &all); err != nil {
		t.Fatal(err)
	}
	rows := records(t, files[CellsFile])
	if all.Type != "FeatureCollection" || len(all.Features) != len(rows)-1 {
		t.Fatalf("%s with %d features, want one for each of %d rows",
			all.Type, len(all.Features), len(rows)-1)
	}
	for i, f := range all.Features {
		if f.Type != "Feature" || f.Geometry.Type != "Polygon" || len(f.Geometry.Coordinates) != 1 {
			t.Fatalf("feature %d is a %s with a %s", i, f.Type, f.Geometry.Type)
		}
		ring := f.Geometry.Coordinates[0]
		if len(ring) < 6 || ring[0] != ring[len(ring)-1] {
			t.Fatalf("feature %d: a ring of %d points that is not closed", i, len(ring))
		}
		area := 0.0 // by the shoelace: positive counter-clockwise
		for k := range ring[1:] {
			area += ring[k][0]*ring[k+1][1] - ring[k+1][0]*ring[k][1]
		}
		if area <= 0 || ring[0][0] < 118 || ring[0][0] > 119 || ring[0][1] < 24 || ring[0][1] > 25 {
			t.Fatalf("feature %d: area %v, first point %v; want counter-clockwise [lng,lat]",
				i, area, ring[0])
		}
		if diff := cmp.Diff(fields(rows[0], rows[i+1]), texts(f.Properties)); diff != "" {
			t.Fatalf("feature %d (-cells.csv +cells.geojson):\n%s", i, diff)
		}
	}
}

// fields returns a row by its header.
func fields(header, row []string) map[string]string {
	m := map[string]string{}
	for i, name := range header {
		m[name] = row[i]
	}
	return m
}

// texts writes JSON values as cells.csv has them, and fails to on what is not flat.
func texts(properties map[string]any) map[string]string {
	m := map[string]string{}
	for name, v := range properties {
		switch x := v.(type) {
		case nil:
			m[name] = ""
		case string:
			m[name] = x
		case float64:
			m[name] = exact(x)
			if name == "latitude" || name == "longitude" {
				m[name] = fixed(x, 6)
			}
		default:
			m[name] = fmt.Sprintf("not flat: %v", v)
		}
	}
	return m
}

func TestScorecards(t *testing.T) {
	p := fixture(t, 2)
	files := contentsOf(t, written(t, p, lang.English))
	rows := records(t, files[ScoresCSVFile])
	want := []string{
		"heron", "82.8", "82.8", "82.8", "pass", "in_fence_share", "0.41", "share", "92", "0.4", "0.4",
		"36.8", "linear", "",
	}
	if diff := cmp.Diff(want, rows[1]); diff != "" {
		t.Errorf("first row (-want +got):\n%s", diff)
	}
	if len(rows) != 1+9 {
		t.Errorf("%d rows, want 9 below the header", len(rows))
	}
	var s scores
	if err := json.Unmarshal([]byte(files[ScoresFile]), &s); err != nil {
		t.Fatal(err)
	}
	if s.Plan != p.ID || len(s.Scorecards) != 3 || s.Scorecards[2].Score != nil {
		t.Errorf("plan %s with %d cards; the third's score must be null", s.Plan, len(s.Scorecards))
	}
	var m Manifest
	if err := json.Unmarshal([]byte(files[ManifestFile]), &m); err != nil {
		t.Fatal(err)
	}
	if m.Plan != p.ID || len(m.Files) != 7 || m.Files[0].Name != PlanFile {
		t.Errorf("manifest of %s lists %v", m.Plan, m.Files)
	}
	for _, f := range m.Files {
		if int(f.Bytes) != len(files[f.Name]) || len(f.SHA256) != 64 {
			t.Errorf("%s: %d bytes listed, %d there", f.Name, f.Bytes, len(files[f.Name]))
		}
	}
}
