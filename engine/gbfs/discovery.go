package gbfs

import (
	"net/url"
	"slices"

	"github.com/stint-city/stint/engine/lenient"
)

// Endpoint is a file that a discovery names.
type Endpoint struct {
	Name string `json:"name"` // as told; NameOf gives stint's
	URL  string `json:"url"`
}

// mostEndpoints bounds a discovery.
const mostEndpoints = 200

// discovery reads both shapes: data.feeds of 3.0, and data.<language>.feeds before, of which the
// first language holds.
func (t *taking) discovery(r *lenient.Reader) bool {
	var list []Endpoint
	found, languages := false, 0
	feeds := func() {
		own := t.endpoints(r)
		if !found {
			list = own
		}
		found = true
	}
	r.Object(func(key string) {
		if key == "feeds" {
			if !t.version.three() {
				r.Problem(lenient.Version, "")
			}
			feeds()
			return
		}
		if t.version.three() {
			r.Problem(lenient.Version, "")
		}
		languages++
		r.Object(func(inner string) {
			if inner == "feeds" {
				feeds()
				return
			}
			r.Skip()
		})
	})
	if r.Err() != nil || !found {
		if r.Err() == nil {
			r.Missing("feeds")
		}
		return false
	}
	t.feed.Endpoints = list
	t.file.Items = len(list)
	t.expect(r, list)
	return true
}

// endpoints reads one list of names and addresses.
func (t *taking) endpoints(r *lenient.Reader) []Endpoint {
	var list []Endpoint
	r.List(func() {
		var e Endpoint
		name, address := false, false
		ok := r.Object(func(key string) {
			switch key {
			case "name":
				name = true
				e.Name, _ = r.Text()
			case "url":
				address = true
				e.URL, _ = r.Text()
				if u, err := url.Parse(e.URL); e.URL != "" && (err != nil || u.Host == "") {
					r.Problem(lenient.Value, "")
					e.URL = ""
				}
			default:
				r.Skip()
			}
		})
		if !ok {
			return
		}
		need(r, name, "name")
		need(r, address, "url")
		twice := slices.ContainsFunc(list, func(x Endpoint) bool { return x.Name == e.Name })
		switch {
		case e.Name == "" || e.URL == "":
		case twice:
			r.Problem(lenient.Repeated, e.Name)
		case len(list) >= mostEndpoints:
			r.Problem(lenient.Range, "")
		default:
			list = append(list, e)
		}
	})
	return list
}

// expect counts files that the version requires and the discovery doesn't name.
func (t *taking) expect(r *lenient.Reader, list []Endpoint) {
	has := func(name string) bool {
		return slices.ContainsFunc(list, func(e Endpoint) bool { return NameOf(e.Name) == name })
	}
	if !has(SystemInformation) {
		r.Missing(SystemInformation)
	}
	if !has(VehicleStatus) && !has(StationStatus) {
		r.Missing(t.version.word(freeBikeStatus, VehicleStatus))
	}
	if has(StationStatus) && !has(StationInformation) {
		r.Missing(StationInformation)
	}
	wrong := t.version.word(VehicleStatus, freeBikeStatus)
	for _, e := range list {
		if e.Name == wrong {
			r.Problem(lenient.Version, wrong)
		}
	}
}

// system reads what of the system matters here: the time zone.
func (t *taking) system(r *lenient.Reader) bool {
	id, zone, name := false, "", false
	ok := r.Object(func(key string) {
		switch key {
		case "system_id":
			id = true
			_, _ = r.Text()
		case "name":
			name = true
			t.text(r)
		case "timezone":
			zone, _ = r.Text()
		default:
			r.Skip()
		}
	})
	if !ok {
		return false
	}
	need(r, id, "system_id")
	need(r, name, "name")
	need(r, zone != "", "timezone")
	t.feed.Timezone, t.file.Items = zone, 1
	return true
}
