package gbfs

import (
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/geo"
)

// Station is where vehicles can be returned to.
type Station struct {
	ID       string     `json:"id"`
	Placed   bool       `json:"placed"`
	Point    geo.LatLng `json:"-"`
	Capacity int        `json:"capacity"` // -1 = not told
	Virtual  bool       `json:"virtual"`
}

// Status is what stands at a station by its own count.
type Status struct {
	Station   string
	Available int            // -1 = not told
	Disabled  int            // -1 = not told
	Types     map[string]int // available, by vehicle_type_id; nil = not told
}

// mostAtStation is the most vehicles that one station can hold.
const mostAtStation = 10_000

// stationIndex returns the stations by ID, as indices into Stations.
func (f *Feed) stationIndex() map[string]int {
	index := make(map[string]int, len(f.Stations))
	for i, s := range f.Stations {
		index[s.ID] = i
	}
	return index
}

// stations reads station_information.
func (t *taking) stations(r *lenient.Reader) bool {
	var list []Station
	type place struct{ index, offset int }
	var places []place
	seen := map[string]struct{}{}
	s, id, name, lat, lng := Station{Capacity: -1}, false, false, false, false
	ok := t.items(r, "stations", func(key string) {
		switch key {
		case "station_id":
			id = true
			s.ID, _ = r.Text()
		case "name":
			name = true
			t.text(r)
		case "lat":
			s.Point.Lat, lat = r.Number()
		case "lon":
			s.Point.Lng, lng = r.Number()
		case "capacity":
			if n, ok := r.Count(mostAtStation); ok {
				s.Capacity = n
			}
		case "is_virtual_station":
			s.Virtual, _ = r.Truth()
		default:
			r.Skip()
		}
	}, func() {
		need(r, id, "station_id")
		need(r, name, "name")
		need(r, lat, "lat")
		need(r, lng, "lon")
		if _, again := seen[s.ID]; again && s.ID != "" {
			r.Problem(lenient.Repeated, s.ID)
		} else if s.ID != "" {
			seen[s.ID] = struct{}{}
			s.Placed = lat && lng
			list = append(list, s)
			places = append(places, place{t.file.Items, r.Offset()})
		}
		s, id, name, lat, lng = Station{Capacity: -1}, false, false, false, false
	})
	if !ok {
		return false
	}
	var points []geo.LatLng
	for _, s := range list {
		if s.Placed {
			points = append(points, s.Point)
		}
	}
	area := t.area(points)
	for i, s := range list {
		if kind := judge(s.Point, area); s.Placed && kind != "" {
			r.ProblemAt(r.Item("stations", places[i].index, "lat", places[i].offset), kind, "")
		}
	}
	t.feed.Stations = list
	return true
}

// status reads station_status.
func (t *taking) status(r *lenient.Reader) bool {
	var list []Status
	index := t.feed.stationIndex()
	seen := map[string]struct{}{}
	available := t.version.word("num_bikes_available", "num_vehicles_available")
	s, has := Status{Available: -1, Disabled: -1}, map[string]bool{}
	ok := t.items(r, "stations", func(key string) {
		has[key] = true
		t.statusField(r, &s, key)
	}, func() {
		for _, key := range []string{
			"station_id", available, "is_installed", "is_renting", "is_returning", "last_reported",
		} {
			need(r, has[key] || key == available && s.Available >= 0, key)
		}
		_, again := seen[s.Station]
		switch {
		case s.Station == "":
		case again:
			r.Problem(lenient.Repeated, s.Station)
		default:
			seen[s.Station] = struct{}{}
			t.judgeStatus(r, &s, index)
			list = append(list, s)
		}
		s = Status{Available: -1, Disabled: -1}
		clear(has)
	})
	if ok {
		t.feed.Status = list
	}
	return ok
}

// statusField reads one field of a station's status; a count's name of the other version is
// understood.
func (t *taking) statusField(r *lenient.Reader, s *Status, key string) {
	count := func(dst *int, two, three string) {
		if key != t.version.word(two, three) {
			r.Problem(lenient.Version, "")
		}
		if n, ok := r.Count(mostAtStation); ok {
			*dst = n
		}
	}
	switch key {
	case "station_id":
		s.Station, _ = r.Text()
	case "num_bikes_available", "num_vehicles_available":
		count(&s.Available, "num_bikes_available", "num_vehicles_available")
	case "num_bikes_disabled", "num_vehicles_disabled":
		count(&s.Disabled, "num_bikes_disabled", "num_vehicles_disabled")
	case "vehicle_types_available":
		s.Types = map[string]int{}
		r.List(func() { kindsAt(r, s) })
	case "is_installed", "is_renting", "is_returning":
		_, _ = r.Truth()
	case "last_reported":
		_, _ = t.past(r)
	default:
		r.Skip()
	}
}

// kindsAt reads how many of one kind stand at a station.
func kindsAt(r *lenient.Reader, s *Status) {
	id, n, named, counted := "", 0, false, false
	ok := r.Object(func(key string) {
		switch key {
		case "vehicle_type_id":
			named = true
			id, _ = r.Text()
		case "count":
			counted = true
			n, _ = r.Count(mostAtStation)
		default:
			r.Skip()
		}
	})
	if !ok {
		return
	}
	need(r, named, "vehicle_type_id")
	need(r, counted, "count")
	if len(s.Types) < mostTypes {
		s.Types[id] += n
	}
}

// judgeStatus counts what can't be true of a station.
func (t *taking) judgeStatus(r *lenient.Reader, s *Status, index map[string]int) {
	total := 0
	for _, n := range s.Types {
		total += n
	}
	if len(s.Types) > 0 && s.Available >= 0 && total != s.Available {
		r.Problem(lenient.Mismatch, "")
	}
	i, known := index[s.Station]
	if len(index) > 0 && !known {
		r.Problem(lenient.Unknown, s.Station)
	}
	if known && t.feed.Stations[i].Capacity >= 0 &&
		max(0, s.Available)+max(0, s.Disabled) > t.feed.Stations[i].Capacity {
		r.Problem(lenient.Range, "")
	}
}
