package city

import (
	"errors"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// The test of a declared datum: points are held against districts, and against fences. Under the
// right datum more of them fall inside, and only a clear lead convicts.
const (
	// byFence is how near to a fence a point counts as being at it, m: a position's error and more.
	byFence = 30
	// leadDistricts is the least lead, as a share of the points, and onlyThird that at most this
	// part of the points outside stays outside. A datum of China moves a point by some 500 m, which
	// only shows along the border: in Xiamen all locks and fences lie inside under the right datum,
	// under GCJ-02 97.7 % of the locks and 98.4 % of the fences do. Where borders are coarse or
	// rides cross them, a wrong datum may gain a little by chance; it doesn't bring most of the
	// points home.
	leadDistricts = 0.002
	onlyThird     = 1.0 / 3
	// leadFences is the least lead against fences, where every point shows it: in Xiamen 87 % of the
	// locks are at a fence, under a wrong datum 19 to 21 %, by chance.
	leadFences = 0.1
	// leadPoints is how many points a lead must be worth, unless as declared none are inside.
	leadPoints = 10
)

// reference is what points are held against, in WGS-84.
type reference struct {
	layer  *Layer
	datum  geo.Datum // as declared
	zones  *geo.Zones
	within float64 // m
	lead   float64
	most   int    // points that are enough to see such a lead
	place  string // "district" or "fence": how the sentence calls it
}

// theory is one way to explain why points and reference don't meet.
type theory struct {
	layer   *Layer // whose label is wrong
	datum   geo.Datum
	swapped bool
	inside  float64
}

// borderReference returns the districts as a reference.
func (r *reading) borderReference() reference {
	l := r.borders[0].layer
	datum, _ := geo.ParseDatum(l.CRS)
	return reference{
		layer: l, datum: datum, zones: r.districts, lead: leadDistricts, most: sampleSize,
		place: "district",
	}
}

// fenceReference returns a layer of fences as a reference.
func fenceReference(f shapeLayer) reference {
	datum, _ := geo.ParseDatum(f.layer.CRS)
	return reference{
		layer: f.layer, datum: datum, zones: f.zones,
		within: byFence, lead: leadFences, most: sampleSize / 10, place: "fence",
	}
}

// lint holds the layer's points against the districts and each layer of fences.
func (l *pointRead) lint() error {
	told, err := l.compare(l.sample.points, l.borderReference())
	if err != nil {
		return err
	}
	for _, f := range l.fences {
		byFences, err := l.compare(l.sample.points, fenceReference(f))
		if err != nil {
			return err
		}
		told = told || byFences
	}
	if !told && l.moves() {
		l.assume(strict.KeyPath(l.path, "crs"), "city.crs-untested",
			"layer", l.layer.ID, "crs", l.datum.String())
	}
	return nil
}

// moves reports whether it matters which datum the points are in: it does in China.
func (l *pointRead) moves() bool {
	for _, p := range l.sample.points {
		if geo.GCJ02.ToWGS84(p) != p {
			return true
		}
	}
	return false
}

// lintShapes holds the fences' centres against the districts. A wrong datum comes before err, the
// fault that reading them ended with: it explains most of them.
func (l *layerRead) lintShapes(err error, raw *sample) error {
	if err != nil && !errors.Is(err, errRejects) {
		return err
	}
	if _, fault := l.compare(raw.points, l.borderReference()); fault != nil {
		return fault
	}
	return err
}

// compare holds raw points of the layer, as its file has them, against the reference. told reports
// whether the datums could be told apart there.
func (l *layerRead) compare(raw []geo.LatLng, ref reference) (told bool, err error) {
	if len(raw) == 0 {
		return false, nil
	}
	raw = thinned(raw, ref.most)
	fits := geo.FitDatum(raw, ref.zones, ref.within)
	declared := declaredFit(fits, l.datum)
	best := theory{layer: l.layer, inside: -1}
	for _, f := range fits {
		if f.Datum == declared.Datum && !f.Swapped {
			continue
		}
		if !f.Swapped && declared.Inside-f.Inside >= ref.lead {
			told = true
		}
		if f.Inside > best.inside {
			best = theory{l.layer, f.Datum, f.Swapped, f.Inside}
		}
	}
	theories := []theory{best}
	if declared.Inside <= 1-ref.lead {
		theories = append(theories, l.relabelled(raw, ref))
	}
	var better []theory
	for _, t := range theories {
		if ref.convicts(t.inside, declared.Inside, len(raw)) {
			better = append(better, t)
		}
	}
	if len(better) == 0 {
		return told, nil
	}
	return true, l.mislabelled(better, declared.Inside, len(raw), ref)
}

// thinned returns every n-th point, so that at most so many are left.
func thinned(points []geo.LatLng, most int) []geo.LatLng {
	step := (len(points) + most - 1) / most
	if step <= 1 {
		return points
	}
	var list []geo.LatLng
	for i := 0; i < len(points); i += step {
		list = append(list, points[i])
	}
	return list
}

// declaredFit returns the fit of the datum as declared; CGCS2000 is tried as WGS-84.
func declaredFit(fits []geo.Fit, datum geo.Datum) geo.Fit {
	if datum == geo.CGCS2000 {
		datum = geo.WGS84
	}
	for _, f := range fits {
		if f.Datum == datum && !f.Swapped {
			return f
		}
	}
	return geo.Fit{}
}

// convicts reports whether a theory's share of points inside is clearly above the declared one.
func (ref *reference) convicts(inside, declared float64, points int) bool {
	const most = 0.5
	switch lead := inside - declared; {
	case declared == 0:
		return inside >= most
	case lead < ref.lead || lead*float64(points) < leadPoints:
		return false
	case ref.within == 0:
		return 1-inside <= onlyThird*(1-declared)
	default:
		return true
	}
}

// relabelled returns the best theory in which the reference has the wrong label. Shapes that are
// moved from one datum to another hold the points that hold the shapes when they are moved back:
// so the points move, and the shapes stay.
func (l *layerRead) relabelled(raw []geo.LatLng, ref reference) theory {
	best := theory{layer: ref.layer, inside: -1}
	for _, datum := range []geo.Datum{geo.WGS84, geo.GCJ02, geo.BD09} {
		if datum == ref.datum {
			continue
		}
		found := 0
		for _, p := range raw {
			back := ref.datum.ToWGS84(datum.FromWGS84(l.datum.ToWGS84(p)))
			if _, _, ok := ref.zones.Nearest(back, ref.within); ok {
				found++
			}
		}
		if inside := float64(found) / float64(len(raw)); inside > best.inside {
			best = theory{ref.layer, datum, false, inside}
		}
	}
	return best
}

// mislabelled says which label is wrong, with figures: a fault, or a warning where the layer
// asks. Two theories that explain it leave open which of the two layers is wrong.
func (l *layerRead) mislabelled(
	better []theory, declared float64, points int, ref reference,
) error {
	first := better[0]
	path, id := strict.KeyPath(l.path, "crs"), "city.wrong-crs-"+ref.place
	args := []any{"layer", l.layer.ID, "declared", declared, "points", points, "share", first.inside}
	switch {
	case first.swapped:
		path, id = strict.KeyPath(l.path, "columns"), "city.swapped-"+ref.place
	default:
		args = append(args, "crs", l.datum.String(), "if_layer", first.layer.ID,
			"if_crs", first.datum.String())
	}
	if len(better) > 1 && !first.swapped {
		id = "city.either-crs-" + ref.place
		args = append(args, "or_layer", better[1].layer.ID, "or_crs", better[1].datum.String(),
			"or_share", better[1].inside)
	}
	if l.layer.Lint == "warn" || ref.layer.Lint == "warn" {
		l.warn(l.file.name, l.file.at.Of(path), id, args...)
		return nil
	}
	return l.fault(path, id, args...)
}

// errRejects marks the fault of a layer with too many refused rows.
var errRejects = errors.New("too many rows are refused")
