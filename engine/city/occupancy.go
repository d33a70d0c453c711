package city

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// occupancyRead is a layer of fleet snapshots on its way in.
type occupancyRead struct {
	*pointRead
	pulls   int
	skipped int           // pulls left out for being too near the one before
	sums    [][][]float64 // [sector][operator][cell] vehicles over all pulls
	seen    []int         // by operator: the same, in and outside the districts
	ids     []idCount     // by operator
	flags   []flagCount   // by operator
	bans    []*geo.Zones  // by sector: where nothing may stand; nil = nowhere
	banned  int           // vehicles that stood there, over all pulls
}

// flagCount counts, by operator, the vehicles that say whether they are available.
type flagCount struct{ known, available int }

// readOccupancy averages the vehicles standing in each cell over the pulls of each layer.
func (r *reading) readOccupancy() error {
	for _, layer := range r.file.layersOf(occupancy) {
		l := &occupancyRead{pointRead: r.newPoints(layer)}
		l.ids = make([]idCount, len(r.file.Operators))
		l.flags = make([]flagCount, len(r.file.Operators))
		l.seen = make([]int, len(r.file.Operators))
		l.sums = make([][][]float64, len(r.file.Sectors))
		l.bans = make([]*geo.Zones, len(r.file.Sectors))
		for s := range l.sums {
			l.sums[s] = newMatrix(len(r.file.Operators), r.grid.Len())
			l.bans[s] = zonesOfShapes(r.shapesFor(r.zonesOf("ban"), s))
		}
		if err := l.readPulls(); err != nil {
			return err
		}
		if err := l.closePoints(); err != nil {
			return err
		}
		l.average()
		l.say()
	}
	return nil
}

// newMatrix returns rows of zeros.
func newMatrix(rows, columns int) [][]float64 {
	m := make([][]float64, rows)
	for i := range m {
		m[i] = make([]float64, columns)
	}
	return m
}

// readPulls reads the layer's snapshots in the order of their times.
func (l *occupancyRead) readPulls() error {
	pulls, err := l.order()
	if err != nil {
		return err
	}
	for _, p := range pulls {
		if err := l.read(l.layer.ID, p.path, p.name, l.pull); err != nil {
			return l.explain(err)
		}
		l.stat.Files++
		l.pulls++
		for k := range l.ids {
			l.ids[k].next()
		}
		if l.layer.FileTime {
			l.span(p.at)
		}
	}
	return nil
}

// pullFile is one snapshot and its time, zero where the name doesn't tell it.
type pullFile struct {
	layerFile
	at time.Time
}

// order returns the pulls by time, without those too near the one before.
func (l *occupancyRead) order() ([]pullFile, error) {
	files, err := l.files()
	if err != nil {
		return nil, err
	}
	list := make([]pullFile, len(files))
	for i, f := range files {
		list[i].layerFile = f
		if !l.layer.FileTime {
			continue
		}
		at, ok := fileTime(f.name)
		if !ok {
			return nil, strict.FaultAt(f.name, strict.Position{}, "city.file-time")
		}
		list[i].at = at.In(l.zone)
	}
	slices.SortStableFunc(list, func(a, b pullFile) int {
		return cmp.Or(a.at.Compare(b.at), strings.Compare(a.name, b.name))
	})
	gap := time.Duration(l.layer.MinGap * float64(time.Minute))
	kept := list[:0]
	for _, p := range list {
		if len(kept) > 0 && l.layer.FileTime && p.at.Sub(kept[len(kept)-1].at) < gap {
			l.skipped++
			continue
		}
		kept = append(kept, p)
	}
	return kept, nil
}

// fileTime reads the UTC time YYYYMMDDThhmmssZ in a file's name.
func fileTime(name string) (time.Time, bool) {
	const form = "20060102T150405Z"
	text := regexp.MustCompile(`\d{8}T\d{6}Z`).FindString(path.Base(name))
	at, err := time.Parse(form, text)
	return at, err == nil
}

// pull takes one snapshot.
func (l *occupancyRead) pull(src *source) error {
	t, err := l.table(src)
	if err != nil {
		return err
	}
	return l.eachRow(t, l.vehicle)
}

// vehicle takes one vehicle of a snapshot.
func (l *occupancyRead) vehicle(t *table) *refusal {
	p, why := l.place(t)
	if why != nil {
		return why
	}
	sector, why := l.sector(t)
	if why != nil {
		return why
	}
	operator, why := l.operator(t)
	if why != nil {
		return why
	}
	available, known, why := t.flag("available")
	if why != nil {
		return why
	}
	disabled, told, why := t.flag("disabled")
	if why != nil {
		return why
	}
	if id := t.text("vehicle"); id != "" && !l.ids[operator].add(hashOf(id)) {
		return t.refuse("vehicle", "city.repeated-vehicle", "id", clip(id))
	}
	l.fenced.count(p.point)
	l.parked.judge(l.parked.stood, operator, p)
	l.seen[operator]++
	if known {
		l.flags[operator].add(available)
	}
	if told {
		l.parked.disabled[operator].add(disabled)
	}
	if !p.inside {
		l.stat.Outside++
		return nil
	}
	if bans := l.bans[sector]; bans != nil && len(bans.At(nil, p.point)) > 0 {
		l.banned++ // where nobody may park is no demand for parking
		return nil
	}
	l.sums[sector][operator][p.cell]++
	return nil
}

// zonesOfShapes returns an index of the shapes; nil for none.
func zonesOfShapes(shapes []geo.MultiPolygon) *geo.Zones {
	if len(shapes) == 0 {
		return nil
	}
	list := make([]geo.Zone, len(shapes))
	for i, s := range shapes {
		list[i].Shape = s
	}
	return geo.NewZones(list)
}

func (f *flagCount) add(available bool) {
	f.known++
	if available {
		f.available++
	}
}

// average adds the means over the pulls to the fleets and to the evidence of the sectors the
// layer speaks of.
func (l *occupancyRead) average() {
	for k, n := range l.seen {
		l.parked.fleet[k] += float64(n) / float64(l.pulls)
	}
	for s, e := range l.demand {
		if !l.speaksOf(l.layer, s) {
			continue
		}
		if e.stood == nil {
			e.stood = newMatrix(len(l.file.Operators), l.grid.Len())
		}
		for k, cells := range l.sums[s] {
			for i, n := range cells {
				e.stood[k][i] += n / float64(l.pulls)
			}
		}
	}
}

// say notes what the layer shows of the vehicles, and what was left out.
func (l *occupancyRead) say() {
	if l.skipped > 0 {
		l.assume(strict.KeyPath(l.path, "min_gap_minutes"), "city.near-pulls",
			"layer", l.layer.ID, "left", l.skipped, "pulls", l.pulls+l.skipped, "minutes", l.layer.MinGap)
	}
	if l.banned > 0 {
		l.assume(l.path, "city.stood-banned", "layer", l.layer.ID,
			"mean", float64(l.banned)/float64(l.pulls))
	}
	if s := l.layer.Split; s != nil {
		l.assume(strict.KeyPath(l.path, "split"), "city.split", "layer", l.layer.ID, "by", s.By)
	}
	for k, o := range l.file.Operators {
		if f := l.flags[k]; f.known > 0 {
			l.assume(l.path, "city.available", "operator", o.ID, "layer", l.layer.ID,
				"share", float64(f.available)/float64(f.known), "vehicles", f.known)
		}
		survival, pairs := l.ids[k].survival()
		if pairs == 0 {
			continue
		}
		id := "city.ids-last"
		if survival < lasting {
			id = "city.ids-renewed"
			l.parked.renewed[k] = true
		}
		l.assume(l.path, id, "operator", o.ID, "layer", l.layer.ID, "share", survival, "pairs", pairs)
	}
}

// lasting is the median part of the vehicle IDs that must be met again in the next pull for an ID
// to mean a vehicle.
const lasting = 0.5

// idCount follows the vehicle IDs of one operator from pull to pull.
type idCount struct {
	last, now map[uint64]bool
	kept      []float64 // part of the IDs of a pull that the next one has
}

// add takes an ID of the pull; false if the pull already had it.
func (c *idCount) add(id uint64) bool {
	if c.now == nil {
		c.now = map[uint64]bool{}
	}
	if c.now[id] {
		return false
	}
	c.now[id] = true
	return true
}

// next ends a pull.
func (c *idCount) next() {
	if len(c.last) > 0 && len(c.now) > 0 {
		met := 0
		for id := range c.last {
			if c.now[id] {
				met++
			}
		}
		c.kept = append(c.kept, float64(met)/float64(len(c.last)))
	}
	if len(c.now) > 0 {
		c.last, c.now = c.now, nil
	}
}

// survival returns the median part of IDs met again, and of how many pairs of pulls.
func (c *idCount) survival() (share float64, pairs int) {
	if len(c.kept) == 0 {
		return 0, 0
	}
	sorted := slices.Sorted(slices.Values(c.kept))
	return sorted[(len(sorted)-1)/2], len(sorted)
}
