package gbfs

import (
	"slices"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

// Vehicle is one vehicle that a feed shows.
type Vehicle struct {
	ID       observe.ID // 0 = the feed gives none
	State    observe.State
	Placed   bool
	Point    geo.LatLng // as told
	Type     string     // vehicle_type_id; "" = not told
	Station  string     // station_id; "" = none
	Reported int64      // ms; 0 = not told
}

// VehicleType is one kind of vehicle of a feed.
type VehicleType struct {
	ID         string `json:"id"`
	Form       string `json:"form_factor"`
	Propulsion string `json:"propulsion_type"`
}

// types reads vehicle_types.
func (t *taking) types(r *lenient.Reader) bool {
	var list []VehicleType
	var v VehicleType
	id, form, propulsion := false, false, false
	ok := t.items(r, "vehicle_types", func(key string) {
		switch key {
		case "vehicle_type_id":
			id = true
			v.ID, _ = r.Text()
		case "form_factor":
			form = true
			v.Form = t.oneOf(r, t.version.formFactors())
		case "propulsion_type":
			propulsion = true
			v.Propulsion = t.oneOf(r, t.version.propulsions())
		case "name":
			t.text(r)
		default:
			r.Skip()
		}
	}, func() {
		need(r, id, "vehicle_type_id")
		need(r, form, "form_factor")
		need(r, propulsion, "propulsion_type")
		if slices.ContainsFunc(list, func(x VehicleType) bool { return x.ID == v.ID }) {
			r.Problem(lenient.Repeated, v.ID)
		} else if v.ID != "" && len(list) < mostTypes {
			list = append(list, v)
		}
		v, id, form, propulsion = VehicleType{}, false, false, false
	})
	if ok {
		t.feed.Types = list
	}
	return ok
}

// mostTypes bounds the kinds of vehicles of a feed.
const mostTypes = 1000

// oneOf reads a word; one that the version doesn't have is counted and kept.
func (t *taking) oneOf(r *lenient.Reader, words []string) string {
	word, ok := r.Text()
	if ok && !slices.Contains(words, word) {
		r.Problem(lenient.Word, word)
	}
	return word
}

// typeOf returns a kind of vehicle by its ID.
func (f *Feed) typeOf(id string) (VehicleType, bool) {
	i := slices.IndexFunc(f.Types, func(v VehicleType) bool { return v.ID == id })
	if i < 0 {
		return VehicleType{ID: id}, false
	}
	return f.Types[i], true
}

// row is a vehicle while it is read.
type row struct {
	Vehicle
	index, offset                int // in the list, in the body
	id, lat, lng                 bool
	disabled, reserved           bool
	disabledKnown, reservedKnown bool // understood
	disabledTold, reservedTold   bool // written
	latTold, lngTold, typed      bool
}

// vehicles reads vehicle_status, or free_bike_status before 3.0. The name of the list tells the
// version where the head doesn't.
func (t *taking) vehicles(r *lenient.Reader) bool {
	name, other := t.version.word("bikes", "vehicles"), t.version.word("vehicles", "bikes")
	var rows []row
	told, found := false, false
	ok := r.Object(func(key string) {
		switch {
		case told || key != name && key != other:
			r.Skip()
			return
		case key == other:
			r.Problem(lenient.Version, "")
		}
		told = true
		rows, found = t.rows(r)
	})
	if !ok || !found {
		if r.Err() == nil && ok && !told {
			r.Missing(name)
		}
		return false
	}
	t.file.Items = len(rows)
	t.feed.Vehicles = make([]Vehicle, len(rows))
	for i := range rows {
		t.feed.Vehicles[i] = rows[i].Vehicle
	}
	return true
}

// rows reads the list of vehicles and judges them together.
func (t *taking) rows(r *lenient.Reader) ([]row, bool) {
	var rows []row
	index := 0
	ok := r.List(func() {
		v := row{index: index}
		if index++; index > mostItems {
			r.Skip()
			r.Problem(lenient.Range, "")
			return
		}
		if !r.Object(func(key string) { t.field(r, &v, key) }) {
			return
		}
		v.offset = r.Offset()
		t.finish(r, &v)
		rows = append(rows, v)
	})
	if !ok {
		return nil, false
	}
	t.judgeRows(r, rows)
	return rows, true
}

// field reads one field of a vehicle. The ID's name of the other version is understood.
func (t *taking) field(r *lenient.Reader, v *row, key string) {
	switch key {
	case "bike_id", "vehicle_id":
		if key != t.version.word("bike_id", "vehicle_id") {
			r.Problem(lenient.Version, "")
		}
		v.id = true
		id, _ := r.Text()
		v.ID = t.feed.settings.Hasher.ID([]byte(id))
	case "lat":
		v.latTold = true
		v.Point.Lat, v.lat = r.Number()
	case "lon":
		v.lngTold = true
		v.Point.Lng, v.lng = r.Number()
	case "is_disabled":
		v.disabledTold = true
		v.disabled, v.disabledKnown = r.Truth()
	case "is_reserved":
		v.reservedTold = true
		v.reserved, v.reservedKnown = r.Truth()
	case "vehicle_type_id":
		v.Type, v.typed = r.Text()
	case "station_id":
		v.Station, _ = r.Text()
	case "last_reported":
		v.Reported, _ = t.past(r)
	default:
		r.Skip()
	}
}

// finish says what a vehicle lacks, and its state: disabled, else reserved, else available; unknown
// where the flags don't tell.
func (t *taking) finish(r *lenient.Reader, v *row) {
	need(r, v.id, t.version.word("bike_id", "vehicle_id"))
	need(r, v.disabledTold, "is_disabled")
	need(r, v.reservedTold, "is_reserved")
	if v.Station == "" || v.latTold || v.lngTold {
		need(r, v.latTold, "lat")
		need(r, v.lngTold, "lon")
	}
	if len(t.feed.Types) > 0 {
		need(r, v.typed, "vehicle_type_id")
	}
	switch {
	case v.disabled:
		v.State = observe.NonOperational
	case v.reserved:
		v.State = observe.Reserved
	case v.disabledKnown && v.reservedKnown:
		v.State = observe.Available
	}
	v.Placed = v.lat && v.lng
}

// judgeRows counts what is wrong with the vehicles beside each other: IDs that come twice, kinds
// and stations that nobody knows, positions that can't be.
func (t *taking) judgeRows(r *lenient.Reader, rows []row) {
	points := make([]geo.LatLng, 0, len(rows))
	for i := range rows {
		if rows[i].Placed {
			points = append(points, rows[i].Point)
		}
	}
	area := t.area(points)
	seen := make(map[observe.ID]struct{}, len(rows))
	stations := t.feed.stationIndex()
	for i := range rows {
		v := &rows[i]
		at := func(key string) lenient.Place { return r.Item("", v.index, key, v.offset) }
		if _, again := seen[v.ID]; again && v.ID != 0 {
			r.ProblemAt(at(t.version.word("bike_id", "vehicle_id")), lenient.Repeated, "")
		}
		seen[v.ID] = struct{}{}
		if v.Type != "" && len(t.feed.Types) > 0 {
			if _, known := t.feed.typeOf(v.Type); !known {
				r.ProblemAt(at("vehicle_type_id"), lenient.Unknown, v.Type)
			}
		}
		if v.Station != "" && len(stations) > 0 {
			if _, known := stations[v.Station]; !known {
				r.ProblemAt(at("station_id"), lenient.Unknown, v.Station)
			}
		}
		if v.Placed {
			if kind := judge(v.Point, area); kind != "" {
				r.ProblemAt(at("lat"), kind, "")
			}
		}
	}
}
