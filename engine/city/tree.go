package city

import (
	"math"
	"slices"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
)

// branch is a node of the tree before it is known where it hangs: its cells, ascending.
type branch struct {
	id    string
	name  engine.Name
	cells []int
	path  string      // in the city file; "" for districts
	cap   map[int]int // by sector; nil = none from a zone
}

// tree is the laminar family of the city, its districts, and the areas bounded inside them. Parents
// stand before their children.
type tree struct {
	branches []branch
	parent   []int
	nodeOf   []int // by cell: the innermost
}

// growTree hangs every branch: root, districts, then areas and zones of limited size, larger ones
// first. Two that share cells without one holding the other are a fault that names both.
func (r *reading) growTree() (*tree, error) {
	t := &tree{nodeOf: make([]int, r.grid.Len())}
	root := branch{id: r.file.ID, name: r.file.Name, cells: make([]int, r.grid.Len())}
	for i := range root.cells {
		root.cells[i] = i
	}
	t.branches, t.parent = []branch{root}, []int{-1}
	for d := range r.borders {
		var cells []int
		for i, home := range r.homeOf {
			if home == d {
				cells = append(cells, i)
			}
		}
		b := branch{id: r.borders[d].ID, name: r.borders[d].Name, cells: cells}
		t.hang(0, b)
	}
	areas, err := r.areaBranches()
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(areas, func(a, b branch) int { return len(b.cells) - len(a.cells) })
	for _, b := range areas {
		if err := r.place(t, b); err != nil {
			return nil, err
		}
	}
	return t, r.uniqueNodes(t)
}

// hang adds a branch whose cells all lie in its parent and in no child of it.
func (t *tree) hang(parent int, b branch) {
	t.branches = append(t.branches, b)
	t.parent = append(t.parent, parent)
	for _, i := range b.cells {
		t.nodeOf[i] = len(t.branches) - 1
	}
}

// place hangs an area in the innermost branch that holds all of it.
func (r *reading) place(t *tree, b branch) error {
	if len(b.cells) == 0 {
		return r.fault(b.path, "city.area-empty", "id", b.id)
	}
	parent := t.nodeOf[b.cells[0]]
	for _, i := range b.cells {
		if other := t.nodeOf[i]; other != parent {
			return r.fault(b.path, "city.crossing", "id", b.id,
				"one", t.branches[parent].id, "other", t.branches[other].id)
		}
	}
	t.hang(parent, b)
	return nil
}

// areaBranches returns the areas that limits bound and the zones whose limit spans cells. A zone of
// effect limit that holds no cell's centre bounds the cell it lies in instead.
func (r *reading) areaBranches() ([]branch, error) {
	var list []branch
	for i, b := range r.file.Limits.Areas {
		path := strict.KeyPath(strict.ItemPath("limits.areas", i), "id")
		if slices.ContainsFunc(list, func(have branch) bool { return have.id == b.ID }) {
			continue // bounded for another sector already
		}
		s, known := r.area(b.ID)
		if s == nil {
			return nil, r.fault(path, "city.unknown-name", "got", b.ID, "what", "areas", "known", known)
		}
		list = append(list, branch{id: b.ID, name: s.name, cells: r.centred(s.area), path: path})
	}
	for _, z := range r.zonesOf("limit") {
		if len(z.layer.sectorIDs(r.file)) > 1 {
			r.assume(r.layerPath(z.layer), "city.limit-shared", "layer", z.layer.ID,
				"limit", z.layer.Limit)
		}
		for _, s := range z.shapes {
			b := branch{id: s.id, name: s.name, cells: r.centred(s.area), path: r.layerPath(z.layer)}
			if len(b.cells) == 0 {
				r.limitCell(z.layer, s)
				continue
			}
			b.cap = map[int]int{}
			for sector := range r.file.Sectors {
				if r.speaksOf(z.layer, sector) {
					b.cap[sector] = r.partOf(z.layer, sector)
				}
			}
			list = append(list, b)
		}
	}
	return list, nil
}

// area returns the zone of effect area with the ID, or the IDs there are.
func (r *reading) area(id string) (*shape, []string) {
	var known []string
	for _, z := range r.zonesOf("area") {
		for i := range z.shapes {
			if z.shapes[i].id == id {
				return &z.shapes[i], nil
			}
			known = append(known, z.shapes[i].id)
		}
	}
	return nil, known
}

// centred returns the cells whose centre a shape holds.
func (r *reading) centred(area geo.MultiPolygon) []int {
	z := geo.NewZones([]geo.Zone{{Shape: area}})
	box := area.Bounds()
	var cells []int
	var hit []int
	for i := range r.grid.Len() {
		c := r.grid.Cell(i).Center()
		if box.Contains(c) {
			if hit = z.At(hit[:0], c); len(hit) > 0 {
				cells = append(cells, i)
			}
		}
	}
	return cells
}

// partOf returns a sector's part of a zone's limit: by the sectors' space shares, rounded down,
// where the limit is for several.
func (r *reading) partOf(l *Layer, sector int) int {
	all := 0.0
	for s := range r.file.Sectors {
		if r.speaksOf(l, s) {
			all += r.file.Sectors[s].SpaceShare
		}
	}
	const grain = 1e-9 // a product that misses a whole number by rounding
	return int(math.Floor(float64(l.Limit)*r.file.Sectors[sector].SpaceShare/all + grain))
}

// limitCell bounds the cell that a small zone lies in. Several zones of a cell add up.
func (r *reading) limitCell(l *Layer, s shape) {
	i, ok := r.grid.At(s.area.Centroid())
	if !ok {
		return // noted already as outside
	}
	for sector := range r.file.Sectors {
		if r.speaksOf(l, sector) {
			g := r.ground[sector]
			g.zones[i] = max(g.zones[i], 0) + r.partOf(l, sector)
		}
	}
	r.assume(r.layerPath(l), "city.zone-in-cell", "layer", l.ID, "id", s.id,
		"cell", r.grid.Cell(i).String())
}

// uniqueNodes refuses two nodes with one ID: a plan names nodes by it.
func (r *reading) uniqueNodes(t *tree) error {
	seen := map[string]bool{}
	for _, b := range t.branches {
		if seen[b.id] {
			return r.fault(b.path, "city.node-twice", "id", b.id)
		}
		seen[b.id] = true
	}
	return nil
}

// nodes returns the tree with a sector's bounds.
func (r *reading) nodes(t *tree, sector int) ([]quota.Node, error) {
	nodes := make([]quota.Node, len(t.branches))
	for v, b := range t.branches {
		nodes[v] = quota.Node{ID: b.id, Parent: t.parent[v], Cap: -1}
		if most, ok := b.cap[sector]; ok {
			nodes[v].Cap = most
		}
	}
	id := r.file.Sectors[sector].ID
	at := make([]string, len(nodes)) // where a node's cap is written
	bound := func(path string, list []Bounds, first, last int) error {
		for i, b := range list {
			if b.Sector != id {
				continue
			}
			v := slices.IndexFunc(nodes[first:last], func(n quota.Node) bool { return n.ID == b.ID })
			if v < 0 {
				return r.fault(strict.KeyPath(strict.ItemPath(path, i), "id"), "city.unknown-name",
					"got", b.ID, "what", "districts", "known", r.districtIDs())
			}
			n := &nodes[first+v]
			n.Floor = b.Floor
			if b.Cap != nil && (n.Cap < 0 || *b.Cap < n.Cap) {
				n.Cap = *b.Cap
				at[first+v] = strict.KeyPath(strict.ItemPath(path, i), "cap")
			}
		}
		return nil
	}
	ends := 1 + len(r.borders)
	if err := bound("limits.districts", r.file.Limits.Districts, 1, ends); err != nil {
		return nil, err
	}
	if err := bound("limits.areas", r.file.Limits.Areas, ends, len(nodes)); err != nil {
		return nil, err
	}
	return nodes, r.capsHold(nodes, at, r.cellFloors(sector), t)
}

func (r *reading) districtIDs() []string {
	ids := make([]string, len(r.borders))
	for i, b := range r.borders {
		ids[i] = b.ID
	}
	return ids
}

// capsHold refuses a cap below the floors declared inside it: no plan can hold both.
func (r *reading) capsHold(nodes []quota.Node, at []string, floors []int, t *tree) error {
	need := make([]int, len(nodes))
	for i, floor := range floors {
		need[t.nodeOf[i]] += floor
	}
	for v := len(nodes) - 1; v >= 0; v-- {
		n := nodes[v]
		need[v] = max(need[v], n.Floor)
		if n.Cap >= 0 && need[v] > n.Cap {
			path := at[v]
			if path == "" {
				path = t.branches[v].path
			}
			return r.fault(path, "city.cap-below-floors", "id", n.ID, "cap", n.Cap,
				"floors", need[v], "short", need[v]-n.Cap)
		}
		if n.Parent >= 0 {
			need[n.Parent] += need[v]
		}
	}
	return nil
}

// cellFloors returns a sector's floors by cell.
func (r *reading) cellFloors(sector int) []int {
	floors := make([]int, r.grid.Len())
	for _, b := range r.file.Limits.Cells {
		if c, err := geo.ParseCell(b.ID); err == nil && b.Sector == r.file.Sectors[sector].ID {
			if i, ok := r.grid.Index(c); ok {
				floors[i] = b.Floor
			}
		}
	}
	return floors
}

// boundCells takes the caps of limits.cells; a cell outside the city is a fault.
func (r *reading) boundCells() error {
	for n, b := range r.file.Limits.Cells {
		path := strict.KeyPath(strict.ItemPath("limits.cells", n), "id")
		c, err := geo.ParseCell(b.ID)
		if err != nil {
			return r.fault(path, "city.cell", "got", b.ID)
		}
		i, ok := r.grid.Index(c)
		if !ok {
			return r.fault(path, "city.cell-outside", "cell", b.ID)
		}
		for s := range r.file.Sectors {
			if b.Cap != nil && r.file.Sectors[s].ID == b.Sector {
				r.ground[s].lower(i, *b.Cap)
			}
		}
	}
	return nil
}
