package example

import "time"

// Labels that every file able to carry them carries.
const (
	noticeEn = "Made by stint example; no real place, operator or ride"
	noticeZh = "由 stint example 生成；并非真实地点、企业或骑行"
)

// writeDistricts writes the districts as GeoJSON (RFC 7946), one feature a line.
func writeDistricts(f *file, city *cityMap) {
	openFeatures(f)
	for i, d := range city.districts {
		f.row = append(f.row, `{"type":"Feature","properties":{"id":"`+d.id+`","name_en":"`+d.en+
			`","name_zh":"`+d.zh+`"},"geometry":`...)
		f.row = appendShape(f.row, d.shape)
		closeFeature(f, i == len(city.districts)-1)
	}
	f.line("]}")
}

func openFeatures(f *file) {
	f.line(`{"type":"FeatureCollection","notice":"` + noticeEn + `. ` + noticeZh + `。","features":[`)
}

func closeFeature(f *file, last bool) {
	f.row = append(f.row, '}')
	if !last {
		f.row = append(f.row, ',')
	}
	f.end()
}

// appendShape writes a GeoJSON geometry, longitude first as the standard has it.
func appendShape(dst []byte, shape [][][]point) []byte {
	dst = append(dst, `{"type":"MultiPolygon","coordinates":[`...)
	for i, polygon := range shape {
		dst = appendComma(dst, i)
		dst = append(dst, '[')
		for j, ring := range polygon {
			dst = appendComma(dst, j)
			dst = appendRing(dst, ring)
		}
		dst = append(dst, ']')
	}
	return append(dst, "]}"...)
}

func appendRing(dst []byte, ring []point) []byte {
	dst = append(dst, '[')
	for i, p := range ring {
		dst = appendComma(dst, i)
		dst = append(dst, '[')
		dst = append(appendLng(dst, p), ',')
		dst = append(appendLat(dst, p), ']')
	}
	return append(dst, ']')
}

func appendComma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}

// writeFences writes the parking fences as CSV with WKT, which is longitude first too.
func writeFences(f *file, fences []fence) {
	f.line("id,street,wkt")
	for _, one := range fences {
		f.row = append(f.row, one.id+","+one.street+`,"POLYGON ((`...)
		for i := range 5 {
			corner := one.corners[i%4]
			if i > 0 {
				f.row = append(f.row, ", "...)
			}
			f.row = append(appendLng(f.row, corner), ' ')
			f.row = appendLat(f.row, corner)
		}
		f.row = append(f.row, `))"`...)
		f.end()
	}
}

// writeRides writes the rides in the order they began.
func writeRides(f *file, o Options, past *history) {
	f.line("start_time,end_time,start_lat,start_lng,end_lat,end_lng,kind,operator,vehicle")
	names := make([]string, o.Operators)
	for k := range names {
		names[k] = operatorAt(k).id
	}
	for _, r := range past.rides {
		v := past.vehicles[r.vehicle]
		f.row = append(appendTime(f.row, r.start), ',')
		f.row = append(appendTime(f.row, r.end), ',')
		f.row = append(appendPlace(f.row, r.from), ',')
		f.row = append(appendPlace(f.row, r.to), ',')
		f.row = append(f.row, kindOf(v.sector)+","+names[v.operator]+","...)
		f.row = append(append(f.row, 'a'+byte(v.operator)), padded(v.number, 4)...)
		f.end()
	}
}

// writeAvailability writes when and where vehicles stood free, in the order they arrived.
func writeAvailability(f *file, past *history) {
	f.line("start_time,end_time,lat,lng,kind")
	for _, p := range past.parkings {
		f.row = append(appendTime(f.row, p.start), ',')
		f.row = append(appendTime(f.row, p.end), ',')
		f.row = append(appendPlace(f.row, p.at), ',')
		f.row = append(f.row, kindOf(past.vehicles[p.vehicle].sector)...)
		f.end()
	}
}

// kindOf returns the sector as the files call it; the city file maps it to the sector's ID.
func kindOf(sector int) string {
	if sector == eBike {
		return "electric"
	}
	return "pedal"
}

func appendPlace(dst []byte, p point) []byte {
	return appendLng(append(appendLat(dst, p), ','), p)
}

// appendTime writes local time, as most platforms do: the city file names the zone.
func appendTime(dst []byte, second int) []byte {
	first := time.Date(firstYear, firstMonth, firstDay, 0, 0, 0, 0, time.UTC)
	return first.Add(time.Duration(second)*time.Second).AppendFormat(dst, time.DateTime)
}
