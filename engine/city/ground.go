package city

import (
	"math"
	"slices"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
)

// ground is what the layers tell of one sector's ground, by cell.
type ground struct {
	sidewalk geo.Field // m²; NaN = unknown; nil = no layer
	caps     []int     // -1 = none
	zones    []int     // limit of zones within the cell; -1 = none
}

// newGround returns ground of which nothing is known.
func newGround(cells int) *ground {
	g := &ground{caps: make([]int, cells), zones: make([]int, cells)}
	for i := range cells {
		g.caps[i], g.zones[i] = -1, -1
	}
	return g
}

// speaksOf reports whether a layer speaks of the sector.
func (r *reading) speaksOf(l *Layer, sector int) bool {
	return slices.Contains(l.sectorIDs(r.file), r.file.Sectors[sector].ID)
}

// spaces returns what each cell offers to a sector.
func (r *reading) spaces(sector int) ([]quota.Space, error) {
	parking, err := r.covered(r.shapesFor(r.fences, sector))
	if err != nil {
		return nil, err
	}
	banned, err := r.bannedShare(sector)
	if err != nil {
		return nil, err
	}
	g := r.ground[sector]
	list := make([]quota.Space, r.grid.Len())
	for i := range list {
		list[i] = quota.Space{
			Parking: at(parking, i), Sidewalk: at(g.sidewalk, i),
			Area: r.grid.Cell(i).Area(), Banned: banned[i], Cap: g.caps[i], Zone: g.zones[i],
		}
	}
	return list, nil
}

// at returns a field's value, unknown where there is no field.
func at(f geo.Field, i int) float64 {
	if f == nil {
		return math.NaN()
	}
	return f[i]
}

// shapesFor returns what the layers that speak of a sector cover, nil if no layer does.
func (r *reading) shapesFor(layers []shapeLayer, sector int) []geo.MultiPolygon {
	var list []geo.MultiPolygon
	for _, l := range layers {
		if r.speaksOf(l.layer, sector) {
			list = append(list, l.union)
		}
	}
	return list
}

// covered returns the m² of the union of shapes in each cell; nil for no shapes.
func (r *reading) covered(shapes []geo.MultiPolygon) (geo.Field, error) {
	if shapes == nil {
		return nil, nil
	}
	field, err := geo.Coverage(r.grid, shapes)
	if err != nil {
		return nil, r.geometryFault(r.borders[0].layer, err)
	}
	return field, nil
}

// bannedShare returns the part of each cell where nothing may be parked: the zones that ban and,
// where zones of effect fence are given, all that lies outside them.
func (r *reading) bannedShare(sector int) ([]float64, error) {
	share := make([]float64, r.grid.Len())
	bans := r.shapesFor(r.zonesOf("ban"), sector)
	open := r.shapesFor(r.zonesOf("fence"), sector)
	under, err := r.covered(bans)
	if err != nil {
		return nil, err
	}
	var both geo.Field
	if open != nil {
		if both, err = r.covered(slices.Concat(bans, open)); err != nil {
			return nil, err
		}
	}
	for i := range share {
		banned := 0.0
		if bans != nil {
			banned = under[i]
		}
		cell := r.grid.Cell(i).Area()
		if share[i] = banned / cell; open != nil { // open and not banned: |open ∪ bans| - |bans|
			share[i] = 1 - (both[i]-banned)/cell
		}
		share[i] = min(max(share[i], 0), 1)
	}
	return share, nil
}

// readSidewalks reads the sidewalk area of districts or cells.
func (r *reading) readSidewalks() error {
	for _, layer := range r.file.layersOf(sidewalk) {
		l := r.newLayer(layer)
		byDistrict := make([]float64, len(r.borders))
		byCell := make(geo.Field, r.grid.Len())
		told := make([]bool, len(r.borders))
		spread := false
		err := l.each(func(src *source) error {
			t, err := l.table(src)
			if err != nil {
				return err
			}
			if !t.has("district") && !t.has("cell") {
				return strict.FaultAt(src.name, strict.At(1, 1), "city.other-schema",
					"missing", []string{"district", "cell"}, "found", t.header)
			}
			spread = spread || t.has("district")
			return l.eachRow(t, func(t *table) *refusal {
				return l.sidewalk(t, byDistrict, told, byCell)
			})
		})
		if err != nil {
			return err
		}
		if err := l.close(); err != nil {
			return err
		}
		if spread {
			r.assume(l.path, "city.sidewalk-even", "layer", layer.ID)
			r.spread(byDistrict, told, byCell)
		}
		r.addSidewalk(layer, byCell)
	}
	return nil
}

// sidewalk takes one row.
func (l *layerRead) sidewalk(
	t *table, byDistrict []float64, told []bool, byCell geo.Field,
) *refusal {
	m2, why := t.number("m2")
	if why != nil {
		return why
	}
	if m2 < 0 {
		return t.refuse("m2", "city.negative", "column", t.header[t.column["m2"]], "got", m2)
	}
	if t.has("district") {
		name := t.text("district")
		d := l.districtNamed(l.layer, name)
		if d < 0 {
			l.miss("district", name)
			return t.refuse("district", "city.row-district", "got", clip(name))
		}
		byDistrict[d] += m2
		told[d] = true
		return nil
	}
	i, ok, why := l.cell(t)
	if why != nil {
		return why
	}
	if !ok {
		l.stat.Outside++
		return nil
	}
	byCell[i] += m2
	return nil
}

// cell reads a cell; ok is false for one outside the city.
func (l *layerRead) cell(t *table) (i int, ok bool, why *refusal) {
	c, err := geo.ParseCell(t.text("cell"))
	if err != nil {
		return 0, false, t.refuse("cell", "city.cell", "got", clip(t.text("cell")))
	}
	if c.Resolution() != l.grid.Resolution() {
		return 0, false, t.refuse("cell", "city.cell-resolution",
			"cell", c.String(), "got", c.Resolution(), "want", l.grid.Resolution())
	}
	i, ok = l.grid.Index(c)
	return i, ok, nil
}

// spread divides each district's sidewalk among its cells by the land they share with it. A cell
// with land only in districts that say nothing stays unknown.
func (r *reading) spread(byDistrict []float64, told []bool, byCell geo.Field) {
	for i := range byCell {
		known := byCell[i] > 0
		for d := range byDistrict {
			known = known || (told[d] && r.overlap[d][i] > 0)
		}
		if !known {
			byCell[i] = math.NaN()
		}
	}
	for d, m2 := range byDistrict {
		land := sum(r.overlap[d])
		if !told[d] || land == 0 {
			continue
		}
		for i, part := range r.overlap[d] {
			if part > 0 {
				byCell[i] += m2 * part / land
			}
		}
	}
}

// addSidewalk adds a layer's sidewalk to the sectors it speaks of.
func (r *reading) addSidewalk(layer *Layer, byCell geo.Field) {
	for s := range r.ground {
		if !r.speaksOf(layer, s) {
			continue
		}
		g := r.ground[s]
		if g.sidewalk == nil {
			g.sidewalk = slices.Clone(byCell)
			continue
		}
		for i, m2 := range byCell {
			switch {
			case math.IsNaN(m2):
			case math.IsNaN(g.sidewalk[i]):
				g.sidewalk[i] = m2
			default:
				g.sidewalk[i] += m2
			}
		}
	}
}

// readCaps reads explicit caps of cells; the least of several holds.
func (r *reading) readCaps() error {
	for _, layer := range r.file.layersOf(caps) {
		l := r.newLayer(layer)
		err := l.each(func(src *source) error {
			t, err := l.table(src)
			if err != nil {
				return err
			}
			return l.eachRow(t, l.cap)
		})
		if err != nil {
			return err
		}
		if err := l.close(); err != nil {
			return err
		}
	}
	return nil
}

// cap takes one row.
func (l *layerRead) cap(t *table) *refusal {
	i, ok, why := l.cell(t)
	if why != nil {
		return why
	}
	most, why := t.count("cap")
	if why != nil {
		return why
	}
	sectors := l.layer.sectorIDs(l.file)
	if t.has("sector") {
		at, why := l.sector(t)
		if why != nil {
			return why
		}
		sectors = []string{l.file.Sectors[at].ID}
	}
	if !ok {
		l.stat.Outside++
		return nil
	}
	for s := range l.ground {
		if slices.Contains(sectors, l.file.Sectors[s].ID) {
			l.ground[s].lower(i, most)
		}
	}
	return nil
}

// lower bounds a cell by most vehicles.
func (g *ground) lower(i, most int) {
	if g.caps[i] < 0 || most < g.caps[i] {
		g.caps[i] = most
	}
}
