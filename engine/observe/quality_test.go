package observe

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// Ten vehicles reported 1 to 10 minutes before the snapshot: half of them at most 5, nine in ten at
// most 9; a minute later each is a minute older.
func TestFreshnessByState(t *testing.T) {
	const minute, at = 60_000, 100 * 60_000
	street := New(settings())
	b := &Batch{Operator: "a", At: at}
	for i := range 10 {
		b.Sightings = append(b.Sightings, Sighting{
			Vehicle: ID(i + 1), State: Available, Reported: at - int64(i+1)*minute,
		})
	}
	b.Sightings = append(b.Sightings, // unknown is no age, and what is removed isn't on the street
		Sighting{Vehicle: 11, State: Reserved},
		Sighting{Vehicle: 12, State: Removed, Reported: at - minute})
	street.Apply(b, at)
	got := street.Health(at+minute, nil)[0].Freshness
	want := []Freshness{{State: Available, N: 10, P50: 6 * minute, P90: 10 * minute}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDecimalsThatPositionsNeed(t *testing.T) {
	for _, x := range []struct {
		at   geo.LatLng
		want int
	}{
		{geo.LatLng{Lat: 40, Lng: -83}, 0},
		{geo.LatLng{Lat: 40.1, Lng: -83}, 1},
		{geo.LatLng{Lat: 39.9611, Lng: -82.99}, 4},
		{geo.LatLng{Lat: 39.96, Lng: -82.99881}, 5},
		{geo.LatLng{Lat: 39.9611755, Lng: -82.9987942}, 7},
		{geo.LatLng{Lat: 39.96117551234, Lng: -82.9987942}, 7},
	} {
		if got := decimalsOf(x.at); got != x.want {
			t.Errorf("%v: %d decimals, want %d", x.at, got, x.want)
		}
	}
}

// Three of four vehicles on the street are registered; of five registered ones three stand there.
func TestMatchWithTheRegister(t *testing.T) {
	h := NewHasher([]byte("salt"))
	register := NewRegister()
	table := "plate,owner\nb1,a\nb2,a\nb3,a\nb4,a\nb5,a\n"
	err := register.ReadCSV("r.csv", strings.NewReader(table),
		Columns{Vehicle: "plate", Operator: "owner"}, "", "", h)
	if err != nil {
		t.Fatal(err)
	}
	street := New(settings())
	b := &Batch{Operator: "a", At: 1000}
	for _, name := range []string{"b1", "b2", "b3", "stranger"} {
		b.Sightings = append(b.Sightings, Sighting{Vehicle: h.ID([]byte(name)), State: Available})
	}
	b.Sightings = append(b.Sightings, Sighting{Vehicle: h.ID([]byte("b4")), State: Removed})
	street.Apply(b, 1000)
	street.Apply(&Batch{Operator: "other", At: 1000, Sightings: b.Sightings[:1]}, 1000)
	list := street.Health(1000, register.Fleets())
	street.Match(list, register)
	if r, s := list[0].Registered, list[0].Seen; r == nil || *r != 0.75 || s == nil || *s != 0.6 {
		t.Errorf("registered %v, seen %v; want 0.75 and 0.6", r, s)
	}
	if list[1].Registered != nil || list[1].Seen != nil {
		t.Error("a feed without a register is compared with one")
	}
}

func TestRegisterWithHolesIsRefused(t *testing.T) {
	columns := Columns{Vehicle: "plate", Operator: "owner"}
	for name, x := range map[string]struct{ table, place string }{
		"nothing":    {"", "r.csv:1:1"},
		"no column":  {"plate\nb1\n", "r.csv:1:1"},
		"no vehicle": {"owner,plate\na,b1\na,\n", "r.csv:3:3"},
		"no owner":   {"plate,owner\nb1,\n", "r.csv:2:1"},
		"short row":  {"plate,owner\nb1\n", "r.csv:2:1"},
	} {
		err := NewRegister().ReadCSV("r.csv", strings.NewReader(x.table), columns, "", "",
			NewHasher(nil))
		if !errors.Is(err, strict.ErrInput) || !strings.HasPrefix(err.Error(), x.place) {
			t.Errorf("%s: %v; want a fault at %s", name, err, x.place)
		}
	}
}
