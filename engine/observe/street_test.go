package observe

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/geo"
)

func settings() Settings {
	return Settings{
		Resolution: 9, Stale: 600_000, Near: 30, MaxSpeed: 40,
		Area: geo.Box{Min: geo.LatLng{Lat: 39, Lng: -84}, Max: geo.LatLng{Lat: 41, Lng: -82}},
	}
}

func everything() Method { return Method{Name: "all", States: 1<<states - 1} }

// told draws events of a few vehicles, with and without places, at few times so that they meet.
func told(t *rapid.T) []Batch {
	n := rapid.IntRange(1, 25).Draw(t, "n")
	list := make([]Batch, 0, n)
	for i := range n {
		x := sighting(t)
		if rapid.IntRange(0, 4).Draw(t, "kind") > 0 {
			x.Event, x.Quiet = ID(i+1), rapid.Bool().Draw(t, "quiet")
			list = append(list, Batch{Operator: "a", Kind: Events, Sightings: []Sighting{x}})
			continue
		}
		// No two snapshots of one time: they would contradict each other.
		b := Batch{Operator: "a", At: int64(1000*(i+1)) + 500}
		for range rapid.IntRange(0, 4).Draw(t, "rows") {
			b.Sightings = append(b.Sightings, sighting(t))
		}
		list = append(list, b)
	}
	return list
}

func sighting(t *rapid.T) Sighting {
	x := Sighting{
		Vehicle: ID(rapid.IntRange(1, 4).Draw(t, "vehicle")),
		State:   State(rapid.IntRange(0, states-1).Draw(t, "state")),
		At:      int64(1000 * rapid.IntRange(1, 26).Draw(t, "at")),
		Placed:  rapid.Bool().Draw(t, "placed"),
	}
	if x.Placed {
		x.Point = geo.LatLng{Lat: 40 + float64(rapid.IntRange(0, 9).Draw(t, "lat"))/100, Lng: -83}
	}
	return x
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := told(t)
		a, b := New(settings()), New(settings())
		for i := range list {
			a.Apply(&list[i], 100_000)
		}
		for _, i := range rapid.Permutation(numbers(len(list))).Draw(t, "order") {
			b.Apply(&list[i], 100_000)
			b.Apply(&list[i], 100_000) // a replay changes nothing
		}
		want, got := a.Occupancy(everything(), 100_000), b.Occupancy(everything(), 100_000)
		if fmt.Sprint(want) != fmt.Sprint(got) {
			t.Fatalf("in order %v\nshuffled and repeated %v", want, got)
		}
		known, sum := 0, 0
		for range a.picture(key{"a", ""}).all() {
			known++
		}
		for _, c := range want {
			sum += c.N
		}
		if sum != known {
			t.Fatalf("cells hold %d, known are %d", sum, known)
		}
	})
}

func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func TestVehicleIsSmall(t *testing.T) {
	var x table
	most := 0.0
	for i := range 200_000 {
		x.add(vehicle{id: ID(i+1) * 0x9e3779b97f4a7c15})
		if n := len(x.list); n > 10_000 {
			bytes := uintptr(cap(x.list))*unsafe.Sizeof(vehicle{}) + 4*uintptr(cap(x.slots))
			most = max(most, float64(bytes)/float64(n))
		}
	}
	if most > 64 {
		t.Errorf("%.1f bytes a vehicle at worst; want at most 64", most)
	}
}

func TestUnknownIsNotEmpty(t *testing.T) {
	s := New(settings())
	s.Expect("silent", "")
	b := Batch{Operator: "a", At: 1000, Sightings: []Sighting{{Vehicle: 1, State: Available}}}
	s.Apply(&b, 1000)
	if h := s.Health(1000, nil); h[0].Status != Known || h[1].Status != Silent ||
		h[1].Vehicles != nil || h[0].Coverage != nil || h[0].Persistence != nil {
		t.Errorf("health %+v", h)
	}
	if got := s.Occupancy(everything(), 700_000); got != nil {
		t.Errorf("a stale picture is counted: %v", got)
	}
	if _, gaps := s.Findings(&Ground{Method: everything()}, 700_000); len(gaps) != 2 {
		t.Errorf("gaps %v; want a stale and a silent feed", gaps)
	}
}

func TestHealth(t *testing.T) {
	s := New(settings())
	at := func(id ID, lat, lng float64) Sighting {
		p := geo.LatLng{Lat: lat, Lng: lng}
		return Sighting{Vehicle: id, State: Available, Placed: true, Point: p}
	}
	first := Batch{Operator: "a", At: 1000, Sightings: []Sighting{at(1, 40, -83), at(2, 40, -83)}}
	// An hour later 1 is 0.5° north, 55.6 km: 15 m/s, no jump; 2 is gone.
	second := Batch{Operator: "a", At: 1000 + shortGap, Sightings: []Sighting{
		at(1, 40.5, -83), at(3, 0, 0), at(4, -83, 40), at(5, 50, 8), at(5, 50, 8),
	}}
	// A second later 1 is back: a jump.
	third := Batch{Operator: "a", At: 2000 + shortGap, Sightings: []Sighting{at(1, 40, -83)}}
	s.Apply(&first, first.At)
	s.Apply(&second, second.At)
	h := s.Health(second.At, map[[2]string]int{{"a", ""}: 8})[0]
	if *h.Vehicles != 4 || *h.Coverage != 0.5 || *h.Duplicates != 0.2 || *h.OutOfCity != 0.4 ||
		*h.Zero != 1 || *h.Swapped != 1 || *h.Jumps != 0 || *h.Persistence != 0.5 || !*h.IDsLast {
		data, _ := json.Marshal(h)
		t.Errorf("health %s", data)
	}
	s.Apply(&third, third.At)
	h = s.Health(third.At, nil)[0]
	if *h.Jumps != 1 || *h.Persistence != 0.25 || *h.LastShare != 0.5 {
		t.Errorf("jumps %d, persistence %v, lasting %v", *h.Jumps, *h.Persistence, *h.LastShare)
	}
	if taken := s.Apply(&second, third.At); !taken.Late {
		t.Error("an older snapshot is taken")
	}
	future := Batch{Operator: "a", At: third.At + 1, Sightings: nil}
	if taken := s.Apply(&future, third.At); !taken.Future {
		t.Error("a snapshot of the future is taken")
	}
}

func TestFindings(t *testing.T) {
	here := geo.LatLng{Lat: 40, Lng: -83}
	cell, err := geo.CellAt(here, 9)
	if err != nil {
		t.Fatal(err)
	}
	d := 0.001
	square := geo.MultiPolygon{{{
		{Lat: 40 - d, Lng: -83 - d},
		{Lat: 40 - d, Lng: -83 + d},
		{Lat: 40 + d, Lng: -83 + d},
		{Lat: 40 + d, Lng: -83 - d},
		{Lat: 40 - d, Lng: -83 - d},
	}}}
	zones := geo.NewZones([]geo.Zone{{ID: "z", Shape: square}})
	g := Ground{
		Method: everything(), Quota: map[string]int{"a": 2}, Theta: 1.5, Tau: shortGap,
		Capacity: map[geo.Cell]float64{cell: 1}, Banned: zones, Fences: zones, Tolerance: 20,
		Idle: shortGap,
	}
	x := Sighting{State: Available, Placed: true, Point: here}
	s := New(settings())
	for _, at := range []int64{1000, 1000 + shortGap} {
		b := Batch{Operator: "a", At: at}
		for id := range 3 {
			x.Vehicle = ID(id + 1)
			x.Point = here
			if id == 2 { // 111 m north of the centre, 0.001° beyond the edge
				x.Point.Lat += 2 * d
			}
			b.Sightings = append(b.Sightings, x)
		}
		s.Apply(&b, at)
		list, gaps := s.Findings(&g, at)
		count := map[string]int{}
		for _, f := range list {
			count[f.Kind]++
		}
		want := map[string]int{FindOver: 1, FindBanned: 2, FindFence: 1}
		if at > 1000 {
			want[FindIdle], want[FindPile] = 3, 1
		} else if len(gaps) != 1 || gaps[0].Why != "ids-unknown" {
			t.Errorf("gaps %v", gaps)
		}
		if fmt.Sprint(count) != fmt.Sprint(want) {
			t.Errorf("at %d: %v, want %v", at, count, want)
		}
	}
}

func TestCSV(t *testing.T) {
	text := "\xef\xbb\xbfco,id,lat,lng,ok,bad,user,t\n" +
		"a,1,40,-83,1,0,u1,2026-08-04 10:47\n" +
		"a,2,40,-83,,,u2,2026-08-04 10:47:30\n" +
		",3,40,-83,1,0,u3,1785840420\n" +
		"b,4,north,-83,1,0,u4,1785840420000\n" +
		"b,5,,,0,1,u5,2026-08-04T06:47:00-04:00\n" +
		"b,6,,,0,1,u6,noon\n"
	o := CSV{Kind: Events, Columns: Columns{
		Operator: "co", Vehicle: "id", Lat: "lat", Lng: "lng",
		Available: "ok", Disabled: "bad", Reserved: "not-there", Time: "t",
	}}
	r, err := o.ReadCSV("x.csv", strings.NewReader(text), NewHasher([]byte("salt")))
	if err != nil {
		t.Fatal(err)
	}
	if r.Rows != 6 || r.Bad != 3 || len(r.Batches) != 2 || r.Faults[0].Line != 4 {
		t.Fatalf("read %+v", r)
	}
	a, b := r.Batches[0].Sightings, r.Batches[1].Sightings
	const at = 1785840420000 // 2026-08-04T10:47:00Z, by date -u -d
	if a[0].State != Available || a[1].State != Unknown || b[0].State != NonOperational ||
		b[0].Placed || a[0].At != at || a[1].At != at+30_000 || b[0].At != at {
		t.Errorf("a %+v\nb %+v", a, b)
	}
	o.Columns.Vehicle = "vin"
	_, err = o.ReadCSV("x.csv", strings.NewReader(text), NewHasher(nil))
	if err == nil || !strings.Contains(err.Error(), `no column "vin"`) {
		t.Errorf("a missing column: %v", err)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("id,lat,lng,t\n1,40,-83,2026-08-04 10:47\n"))
	f.Add([]byte("\xef\xbb\xbfid,lat,lng,t\n\"1,40\n,,,\n"))
	o := CSV{
		Operator: "a", Kind: Events,
		Columns: Columns{Vehicle: "id", Lat: "lat", Lng: "lng", Time: "t"},
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := o.ReadCSV("x", strings.NewReader(string(data)), NewHasher(nil))
		if err != nil {
			return
		}
		n := r.Bad
		for i := range r.Batches {
			n += len(r.Batches[i].Sightings)
			New(settings()).Apply(&r.Batches[i], 1<<60)
		}
		if n != r.Rows {
			t.Errorf("%d rows taken or refused of %d", n, r.Rows)
		}
	})
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	if testing.Short() {
		t.Skip("NOT RUN: real data are read in the full run")
	}
	data, err := os.ReadFile("../../../shared/" + name)
	if err != nil {
		t.Skipf("NOT RUN: ../shared/%s is not beside the repository", name)
	}
	return data
}
