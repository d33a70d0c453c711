package ingest

import (
	"strings"
	"testing"

	"github.com/stint-city/stint/engine/mem"
)

// FuzzTake gives a door any text: every row is taken, late, ahead or refused, the counts are those
// of the table, and the same text again changes nothing.
func FuzzTake(f *testing.F) {
	f.Add(false, head+"v,"+placeA+","+at7+",available\n\"w\"\"\","+placeB+",1799046000,\n")
	f.Add(false, "\xef\xbb\xbfvehicle_id,is_disabled\r\nv,0\r\n,\n")
	f.Add(true, `[{"vehicle_id":"v","lat":24.5,"lng":118.1},{"vehicle_id":"w","state":null}]`)
	f.Add(true, `{"data":{"bikes":[{"bike_id":"\u0076","lat":1e1,"lon":-0.5}]}}`)
	f.Add(true, "{\"vehicle_id\":\"v\",\"state\":\"available\"}\n{\"a\":[{}]}")
	f.Fuzz(func(t *testing.T, json bool, text string) {
		store := mem.New()
		d := newDoor(t, store)
		delivery := blue
		delivery.JSON = json
		in, _ := take(t, d, delivery, text)
		if in.Rows != in.Held+in.Old+in.Ahead+in.Bad {
			t.Errorf("%+v: the rows don't add up", in)
		}
		if len(in.Faults) != min(in.Bad, mostFaults) {
			t.Errorf("%d faults for %d bad rows", len(in.Faults), in.Bad)
		}
		all, err := store.Stands(t.Context(), bikes)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, s := range all {
			n += s.N
		}
		if n != d.Vehicles() {
			t.Errorf("the store counts %d vehicles, the table has %d", n, d.Vehicles())
		}
		again, err := d.Take(t.Context(), delivery, strings.NewReader(text))
		if again.Held != 0 {
			t.Errorf("the same again held %d rows, %v", again.Held, err)
		}
	})
}
