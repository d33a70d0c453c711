package example

// zone is a place with a rule of its own, drawn in thousandths of a unit.
type zone struct {
	id, en, zh string
	ring       []point
}

// banZones are where nothing may be parked: the promenade of the harbour and the lagoon's shore.
func banZones() []zone {
	return []zone{
		{
			"promenade", "Promenade", "滨海步道",
			[]point{{-160, -240}, {80, -260}, {90, -90}, {-150, -70}, {-160, -240}},
		},
		{
			"lagoon-shore", "Lagoon shore", "泻湖岸线",
			[]point{
				{-780, -250},
				{-700, -330},
				{-560, -320},
				{-490, -210},
				{-500, -80},
				{-600, -10},
				{-720, -20},
				{-790, -120},
				{-780, -250},
			},
		},
	}
}

// limitZones are where only so many vehicles may stand.
func limitZones() []zone {
	return []zone{{
		"station-square", "Station square", "车站广场",
		[]point{{150, 90}, {215, 95}, {210, 155}, {145, 150}, {150, 90}},
	}}
}

// areaZones are parts of districts with bounds of their own: one that operators would leave empty.
func areaZones() []zone {
	return []zone{{
		"upper-palmridge", "Upper Palmridge", "棕岭上片",
		[]point{{-640, 320}, {-380, 310}, {-330, 620}, {-590, 650}, {-640, 320}},
	}}
}

// contains reports whether the zone holds a place of the city.
func (z zone) contains(city *cityMap, p point) bool {
	inside := false
	for i := 1; i < len(z.ring); i++ {
		if crosses(city.at(z.ring[i-1]), city.at(z.ring[i]), p) {
			inside = !inside
		}
	}
	return inside
}

// writeZones writes the zones as GeoJSON, one feature a line.
func writeZones(f *file, city *cityMap, zones []zone) {
	openFeatures(f)
	for i, z := range zones {
		ring := make([]point, len(z.ring))
		for j, p := range z.ring {
			ring[j] = city.at(p)
		}
		f.row = append(f.row, `{"type":"Feature","properties":{"id":"`+z.id+`","name_en":"`+z.en+
			`","name_zh":"`+z.zh+`"},"geometry":`...)
		f.row = appendShape(f.row, [][][]point{{ring}})
		closeFeature(f, i == len(zones)-1)
	}
	f.line("]}")
}
