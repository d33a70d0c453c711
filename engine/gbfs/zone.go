package gbfs

import "github.com/stint-city/stint/engine/lenient"

// zones reads geofencing_zones as far as to say how many there are and whether they are what the
// version wants; stint draws no line from them.
func (t *taking) zones(r *lenient.Reader) bool {
	found, rules := false, false
	ok := r.Object(func(key string) {
		switch key {
		case "geofencing_zones":
			r.Object(func(inner string) {
				if inner != "features" {
					r.Skip()
					return
				}
				found = r.List(func() { t.zone(r) })
			})
		case "global_rules":
			rules = true
			r.Skip()
		default:
			r.Skip()
		}
	})
	if !ok || r.Err() != nil {
		return false
	}
	need(r, found, "geofencing_zones")
	if t.version.three() {
		need(r, rules, "global_rules")
	}
	return found
}

// zone reads one feature.
func (t *taking) zone(r *lenient.Reader) {
	shape := false
	ok := r.Object(func(key string) {
		if key != "geometry" {
			r.Skip()
			return
		}
		shape = r.Object(func(inner string) {
			if inner != "type" {
				r.Skip()
				return
			}
			if word, ok := r.Text(); ok && word != "MultiPolygon" {
				r.Problem(lenient.Word, word)
			}
		})
	})
	if ok {
		need(r, shape, "geometry")
		t.file.Items++
	}
}
