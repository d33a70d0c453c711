package city

import "slices"

// The kinds of layers.
const (
	districts    = "districts"
	fences       = "fences"
	zones        = "zones"
	rides        = "rides"
	availability = "availability"
	occupancy    = "occupancy"
	sidewalk     = "sidewalk"
	caps         = "caps"
)

// The formats of layers.
const (
	formatCSV = "csv"
	formatGeo = "geojson"
	formatMDS = "mds-geographies"
)

// isShape reports whether the layer's rows are shapes.
func (l *Layer) isShape() bool { return l.Kind == districts || l.Kind == fences || l.Kind == zones }

// isPoint reports whether the layer's rows are points.
func (l *Layer) isPoint() bool {
	return l.Kind == rides || l.Kind == availability || l.Kind == occupancy
}

// columnNames returns which of stint's column names a layer must map and which it may map. Points
// of a layer that speaks of several sectors must tell their own.
func (l *Layer) columnNames(f *File) (need, take []string) {
	need, take = l.kindColumns()
	if l.isPoint() && len(l.sectorIDs(f)) > 1 {
		return append(need, "sector"), take
	}
	if l.isPoint() || l.Kind == caps {
		take = append(take, "sector")
	}
	return need, take
}

// kindColumns returns the columns of a layer's kind apart from its sector.
func (l *Layer) kindColumns() (need, take []string) {
	switch {
	case l.isShape():
		return nil, []string{"id", "name", "name_en", "name_zh", "wkt", "ring"}
	case l.Kind == rides:
		need, take = []string{"time", "lat", "lng"}, []string{"operator", "vehicle", "end", "minutes"}
	case l.Kind == availability:
		need = []string{"start", "end", "lat", "lng"}
	case l.Kind == occupancy && l.Split != nil:
		need, take = []string{"lat", "lng"}, []string{"vehicle", "available", "disabled"}
	case l.Kind == occupancy:
		need = []string{"operator", "lat", "lng"}
		take = []string{"vehicle", "available", "disabled"}
	case l.Kind == sidewalk:
		return []string{"m2"}, []string{"district", "cell"}
	case l.Kind == caps:
		need = []string{"cell", "cap"}
	}
	return need, take
}

// layersOf returns the layers of a kind, in the file's order; nil when there is none.
func (f *File) layersOf(kind string) []*Layer {
	var list []*Layer
	for i := range f.Layers {
		if f.Layers[i].Kind == kind {
			list = append(list, &f.Layers[i])
		}
	}
	return list
}

func layerIDs(layers []*Layer) []string {
	ids := make([]string, len(layers))
	for i, l := range layers {
		ids[i] = l.ID
	}
	return ids
}

func (f *File) sectorIDs() []string {
	ids := make([]string, len(f.Sectors))
	for i := range f.Sectors {
		ids[i] = f.Sectors[i].ID
	}
	return ids
}

func (f *File) operatorIDs() []string {
	ids := make([]string, len(f.Operators))
	for i := range f.Operators {
		ids[i] = f.Operators[i].ID
	}
	return ids
}

// sectorIDs returns the sectors a layer speaks of.
func (l *Layer) sectorIDs(f *File) []string {
	if len(l.Sectors) == 0 {
		return f.sectorIDs()
	}
	return l.Sectors
}

// sortedKeys returns the keys of a map in byte order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
