package city

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine"
)

// layered returns the village's file with another layer, and what its area bounds need.
func layered(t testing.TB, layer string) string {
	t.Helper()
	return edited(t, "  - id: pavements\n", layer+"  - id: pavements\n")
}

// Parking is allowed in the zones of effect fence only, and nowhere in those that ban.
func TestReadBansAllButTheZones(t *testing.T) {
	text := layered(t, "  - {id: only, kind: zones, path: only.geojson, crs: WGS-84, effect: fence}\n")
	s := readGood(t, map[string]string{
		"city.yaml":     text,
		"only.geojson":  collection(feature(`"id":"o"`, 118.136, 24.496, 118.1398, 24.498)),
		"quiet.geojson": collection(feature(`"id":"q"`, 118.135, 24.495, 118.139, 24.499)),
	})
	open := 0.0
	for _, c := range s.Sectors[0].Space {
		open += (1 - c.Banned) * c.Area
	}
	// What is open and not banned lies east of 118.139.
	want := rectangle(118.139, 24.496, 118.1398, 24.498)
	if !near(open, want, want*1e-6) {
		t.Errorf("open ground = %.0f m², want %.0f", open, want)
	}
}

// A zone's limit bounds its cells together where it holds cells, and else the cell it lies in.
func TestReadLimitsZones(t *testing.T) {
	zone := func(id string, west, south, east, north float64) map[string]string {
		return map[string]string{
			"city.yaml": layered(t, "  - {id: few, kind: zones, path: few.geojson, crs: WGS-84, "+
				"effect: limit, limit: 12}\n"),
			"few.geojson": collection(feature(`"id":"`+id+`"`, west, south, east, north)),
		}
	}
	s := readGood(t, zone("large", 118.125, 24.485, 118.135, 24.495))
	last := s.Sectors[0].Nodes[len(s.Sectors[0].Nodes)-1]
	if last.ID != "large" && s.Sectors[0].Nodes[3].ID != "large" {
		t.Fatalf("nodes = %+v, want one of the zone", s.Sectors[0].Nodes)
	}
	for _, n := range s.Sectors[0].Nodes {
		if n.ID == "large" && (n.Cap != 12 || n.Parent != 2) {
			t.Errorf("node = %+v, want cap 12 under east", n)
		}
	}
	s = readGood(t, zone("small", 118.1301, 24.4901, 118.1303, 24.4903))
	i := cellOf(t, s, 24.4902, 118.1302)
	if got := s.Sectors[0].Space[i].Zone; got != 12 {
		t.Errorf("limit of the cell = %d, want 12", got)
	}
	if len(noted(s, "city.zone-in-cell")) != 1 {
		t.Error("no note says that the zone is smaller than a cell")
	}
}

// Explicit caps: the least of a layer's and the city file's holds; quotas in force by operator.
func TestReadTakesCapsAndQuotas(t *testing.T) {
	s := readGood(t, nil)
	i := cellOf(t, s, 24.49005, 118.11010)
	cell := s.Grid.Cell(i).String()
	other := s.Grid.Cell(cellOf(t, s, 24.495, 118.130)).String()
	text := strings.Replace(layered(t, "  - {id: caps, kind: caps, path: caps.csv}\n"), "limits:\n",
		fmt.Sprintf("quotas: q.csv\nlimits:\n  cells: [{id: %q, cap: 5, floor: 1}, {id: %q, cap: 9}]\n",
			cell, other), 1)
	change := map[string]string{
		"city.yaml": text,
		"caps.csv":  "cell,cap\n" + cell + ",7\n" + cell + ",6\n" + other + ",8\n",
		"q.csv":     "sector,cell,operator,quota\nbike," + cell + ",bee,4\n",
	}
	s = readGood(t, change)
	j := cellOf(t, s, 24.495, 118.130)
	sector := s.Sectors[0]
	if sector.Space[i].Cap != 5 || sector.Space[j].Cap != 8 || sector.Floors[i] != 1 {
		t.Errorf("caps = %d, %d, floor %d; want 5, 8, 1",
			sector.Space[i].Cap, sector.Space[j].Cap, sector.Floors[i])
	}
	if sector.Previous[1][i] != 4 || sector.Previous[0][i] != 0 {
		t.Errorf("quotas in force = %d of bee, %d of ant; want 4, 0",
			sector.Previous[1][i], sector.Previous[0][i])
	}
	bad := map[string]struct {
		file, text, at string
		want           []string
	}{
		"a cap below nothing": {
			"caps.csv", "cell,cap\n" + cell + ",-1\n", "caps.csv:2:17", []string{"negative"},
		},
		"half a vehicle": {
			"caps.csv", "cell,cap\n" + cell + ",1.5\n", "caps.csv:2:17", []string{"whole number"},
		},
		"a cell that is none": {"caps.csv", "cell,cap\nzz,1\n", "caps.csv:2:1", []string{`"zz"`}},
		"a quota twice": {
			"q.csv", "sector,cell,operator,quota\n" + strings.Repeat("bike,"+cell+",bee,4\n", 2),
			"q.csv:3:6",
			[]string{"bee", "twice"},
		},
		"a quota of no sector": {
			"q.csv", "sector,cell,operator,quota\nboat," + cell + ",bee,4\n", "q.csv:2:1",
			[]string{`"boat"`},
		},
	}
	for name, tt := range bad {
		t.Run(name, func(t *testing.T) {
			with := maps.Clone(change)
			with[tt.file] = tt.text
			_, err := readVillage(t, with)
			checkFault(t, err, tt.at, tt.want...)
		})
	}
}

// Districts that alias gives one ID are one district, with the name of the shape that had the ID.
func TestReadMergesDistricts(t *testing.T) {
	text := edited(t, "columns: {id: code, name_en: en, name_zh: zh}\n",
		"columns: {id: code, name_en: en, name_zh: zh}\n    alias: {East: west}\n",
		"alias: {Abend: west}", "alias: {Abend: west, East: west}")
	s := readGood(t, map[string]string{"city.yaml": text})
	if len(s.Districts) != 1 || s.Districts[0].ID != "west" {
		t.Fatalf("districts = %d, want west alone", len(s.Districts))
	}
	if want := (engine.Name{En: "West", Zh: "西区"}); s.Districts[0].Name != want {
		t.Errorf("name = %v, want %v", s.Districts[0].Name, want)
	}
	want := rectangle(118.10, 24.48, 118.14, 24.50)
	if got := s.Districts[0].Shape.Area(); !near(got, want, 1) {
		t.Errorf("area = %.0f m², want %.0f", got, want)
	}
}
