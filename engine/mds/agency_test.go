package mds

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/lang"
)

// registered returns a town in which blue has registered a bike.
func registered(tb testing.TB) *town {
	tb.Helper()
	to := newTown(tb)
	if status, b := to.says(tb, "blue", "POST vehicles", vehicleText(device1)); status != 201 {
		tb.Fatalf("%d %+v", status, b)
	}
	return to
}

// failures are "error fields" of an answer.
func failures(b Bulk) []string {
	var list []string
	for _, f := range b.Failures {
		list = append(list, f.Error+" "+strings.Join(f.Details, ","))
	}
	return list
}

// TestOneItem sends one changed item after another and looks at what the standard says of it.
func TestOneItem(t *testing.T) {
	event := eventText(device1, event1, "")
	swap := func(text, old, with string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("%q is not in %s", old, text)
		}
		return strings.Replace(text, old, with, 1)
	}
	at := fmt.Sprint(noon.UnixMilli())
	tests := map[string]struct {
		who, what, item string
		status          int
		fails           string // "" = taken
		problem         string // that must be counted
	}{
		"an event as it should be": {
			"blue", "POST events", event,
			201, "", "",
		},
		"a time as text, as CROW's is": {
			"blue", "POST events", swap(event, at, `"`+at+`"`),
			201, "", "[].timestamp type 1",
		},
		"a time in seconds": {
			"blue", "POST events", swap(event, at, at[:10]),
			201, "", "[].timestamp unit 1",
		},
		"a time that is none": {
			"blue", "POST events", swap(event, at, `"noon"`),
			400, "bad_param timestamp", "[].timestamp value 1",
		},
		"a time to come": {
			"blue", "POST events", swap(event, at, fmt.Sprint(noon.UnixMilli()+61_000)),
			400, "bad_param timestamp", "[].timestamp future 1",
		},
		"a clock a minute ahead": {
			"blue", "POST events", swap(event, at, fmt.Sprint(noon.UnixMilli()+60_000)),
			201, "", "",
		},
		"a state that MDS 1 had": {
			"blue", "POST events", swap(event, `"available"`, `"unknown"`),
			400, "bad_param vehicle_state", "[].vehicle_state word 1",
		},
		"no state": {
			"blue", "POST events", swap(event, `"vehicle_state":"available",`, ""),
			400, "missing_param vehicle_state", "[].vehicle_state missing 1",
		},
		"no event_id": {
			"blue", "POST events", swap(event, `"event_id":"`+event1+`",`, ""),
			400, "missing_param event_id", "[].event_id missing 1",
		},
		"a device_id that is a number": {
			"blue", "POST events", swap(event, `"`+device1+`"`, "17"),
			404, "unregistered device_id", "[].device_id type 1",
		},
		"a device_id in capitals": {
			"blue", "POST events", swap(event, device1, strings.ToUpper(device1)),
			201, "", "",
		},
		"an event type of another mode": {
			"blue", "POST events", swap(event, "trip_end", "service_end"),
			201, "", "[].event_types[] word 1",
		},
		"an event type of another state": {
			"blue", "POST events", swap(event, "trip_end", "decommissioned"),
			201, "", "[] mismatch 1",
		},
		"a trip event without its trip": {
			"blue", "POST events", swap(event, `"trip_ids":["`+trip1+`"],`, ""),
			201, "", "[].trip_ids missing 1",
		},
		"a place by its geographies": {
			"blue", "POST events", swap(event, place, geographies),
			201, "", "",
		},
		"no place at all": {
			"blue", "POST events", swap(event, ","+place, ""),
			201, "", "[].location missing 1",
		},
		"a receiver without a fix": {
			"blue", "POST events", swap(event, "12.0,\"lng\":-140.0", "0,\"lng\":0"),
			201, "", "[].location zero 1",
		},
		"a place not on Earth": {
			"blue", "POST events", swap(event, "12.0,", "95,"),
			400, "bad_param location", "[].location nowhere 1",
		},
		"half a place": {
			"blue", "POST events", swap(event, "\"lat\":12.0,", ""),
			400, "bad_param location.lat", "",
		},
		"another provider's": {
			"blue", "POST events", swap(event, blue, green),
			400, "bad_param provider_id", "",
		},
		"another operator's vehicle": {
			"green", "POST events", swap(event, blue, green),
			404, "unregistered device_id", "",
		},
		"no object": {
			"blue", "POST events", "17",
			400, "bad_param item", "[] value 1",
		},
		"a key that comes twice": {
			"blue", "POST events", swap(event, "{", `{"vehicle_state":"removed",`),
			201, "", "[].vehicle_state repeated 1",
		},
		"telemetry": {
			"blue", "POST telemetry", telemetryText(device1),
			201, "", "",
		},
		"telemetry without a place": {
			"blue", "POST telemetry", swap(telemetryText(device1), `"location"`, `"gps"`),
			400, "missing_param location", "[].location missing 1",
		},
		"telemetry of an unknown vehicle": {
			"blue", "POST telemetry", telemetryText(device2),
			404, "unregistered device_id", "",
		},
		"a trip": {
			"blue", "POST trips", tripText(device1, trip1),
			201, "", "",
		},
		"a trip that ends before it begins": {
			"blue", "POST trips",
			swap(tripText(device1, trip1), fmt.Sprint(noon.UnixMilli()-600_000), at+"1"),
			400, "bad_param end_time", "[] mismatch 1",
		},
		"a trip of another length": {
			"blue", "POST trips", swap(tripText(device1, trip1), "600,", "60,"),
			201, "", "[] mismatch 1",
		},
		"a trip of nobody's": {
			"blue", "POST trips", tripText(device2, trip1),
			404, "unregistered device_id", "",
		},
		"a vehicle twice": {
			"blue", "POST vehicles", vehicleText(device1),
			409, "already_registered device_id", "",
		},
		"a vehicle of no sector": {
			"blue", "POST vehicles", swap(vehicleText(device2), "bicycle", "truck"),
			400, "bad_param vehicle_type,propulsion_types", "",
		},
		"a type that isn't one": {
			"blue", "POST vehicles", swap(vehicleText(device2), "bicycle", "unicycle"),
			400, "bad_param vehicle_type", "[].vehicle_type word 1",
		},
		"an engine that isn't one": {
			"blue", "POST vehicles", swap(vehicleText(device2), "human", "nuclear"),
			400, "bad_param propulsion_types", "[].propulsion_types[] word 1",
		},
		"another plate": {
			"blue", "PUT vehicles", swap(vehicleText(device1), "B-17", "B-18"),
			200, "", "",
		},
		"a bike that becomes an e-bike": {
			"blue", "PUT vehicles", swap(vehicleText(device1), "human", "electric"),
			400, "bad_param vehicle_type,propulsion_types", "",
		},
		"a change of an unknown vehicle": {
			"blue", "PUT vehicles", vehicleText(device2),
			404, "unregistered device_id", "",
		},
	}
	c := models(t)
	if c == nil {
		t.Log("THE ANSWERS ARE NOT CHECKED AGAINST THE ORACLE")
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			to := registered(t)
			status, b := to.says(t, tt.who, tt.what, tt.item)
			if got := strings.Join(failures(b), "; "); status != tt.status || got != tt.fails {
				t.Errorf("%d %q, want %d %q", status, got, tt.status, tt.fails)
			}
			if b.Total != 1 || b.Success+len(b.Failures) != 1 {
				t.Errorf("bulk %+v", b)
			}
			found := tt.problem == ""
			for _, p := range to.problems(tt.who) {
				found = found || p == tt.problem
			}
			if !found {
				t.Errorf("counted %q, want %q", to.problems(tt.who), tt.problem)
			}
			text, err := json.Marshal(b)
			if err != nil {
				t.Fatal(err)
			}
			if err := check(t, c, "response/bulk.yaml", text); err != nil {
				t.Error(err)
			}
			for _, f := range b.Failures {
				one, err := json.Marshal(f)
				if err == nil {
					err = check(t, c, "response/error_"+f.Error+".yaml", one)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestPartOfABodyIsTaken: what is right is taken, and of the rest the sender is told which.
func TestPartOfABodyIsTaken(t *testing.T) {
	to := registered(t)
	wrong := strings.Replace(eventText(device1, event2, ""), `"available"`, `"lost"`, 1)
	status, b := to.says(t, "blue", "POST events", wrong, eventText(device1, event1, ""))
	if status != http.StatusCreated || b.Success != 1 || b.Total != 2 || len(b.Failures) != 1 {
		t.Fatalf("%d %+v", status, b)
	}
	var item struct {
		Event string `json:"event_id"`
	}
	if err := json.Unmarshal(b.Failures[0].Item, &item); err != nil || item.Event != event2 {
		t.Errorf("the failed item is %s", b.Failures[0].Item)
	}
	if got := to.stands(); len(got) != 1 || got[0] != "blue bike available 1" {
		t.Errorf("stands %q", got)
	}
}

// TestTheStateMachine: the events of a day, in two orders and twice, leave the same street; an
// event that can't follow is counted and taken.
func TestTheStateMachine(t *testing.T) {
	type step struct {
		minute      int
		state, kind string
	}
	day := []step{
		{0, "available", "provider_drop_off"},
		{1, "reserved", "reservation_start"},
		{2, "on_trip", "trip_start"},
		{30, "available", "trip_end"},
		{31, "removed", "rebalance_pick_up"},
	}
	item := func(i int) string {
		s := day[i]
		text := eventText(device1, fmt.Sprintf("%s%03d", event1[:33], i), "")
		text = strings.Replace(text, `"available"`, `"`+s.state+`"`, 1)
		text = strings.Replace(text, "trip_end", s.kind, 1)
		at := noon.UnixMilli() - 3_600_000 + int64(s.minute)*60_000
		return strings.Replace(text, fmt.Sprint(noon.UnixMilli()), fmt.Sprint(at), 1)
	}
	for name, tt := range map[string]struct {
		order []int
		want  []string
		bad   string
	}{
		"a day in its order":          {[]int{0, 1, 2, 3}, []string{"blue bike available 1"}, ""},
		"the same, late and repeated": {[]int{3, 1, 0, 2, 3, 0}, []string{"blue bike available 1"}, ""},
		"picked up: off the street":   {[]int{0, 1, 2, 3, 4}, nil, ""},
		"reserved, then only removed": {[]int{0, 1, 4}, nil, "[].vehicle_state mismatch 1"},
		"a ride that nobody has begun": {
			[]int{0, 3}, []string{"blue bike available 1"}, "[].vehicle_state mismatch 1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			to := registered(t)
			for _, i := range tt.order {
				if status, b := to.says(t, "blue", "POST events", item(i)); status != 201 {
					t.Fatalf("%d %+v", status, b)
				}
			}
			if diff := cmp.Diff(tt.want, to.stands()); diff != "" {
				t.Errorf("stands (-want +got):\n%s", diff)
			}
			if got := strings.Join(to.problems("blue"), "; "); got != tt.bad {
				t.Errorf("counted %q, want %q", got, tt.bad)
			}
		})
	}
}

// TestPlaces: an event without a place stands in the cell of its geography; telemetry moves it.
func TestPlaces(t *testing.T) {
	to := registered(t)
	to.says(t, "blue", "POST events",
		strings.Replace(eventText(device1, event1, ""), place, geographies, 1))
	if got := to.room.Occupancy(noon); len(got) != 1 || got[0].Cell != to.cell {
		t.Errorf("stands %+v, want cell %v", got, to.cell)
	}
	to.says(t, "blue", "POST telemetry", telemetryText(device1))
	if got := to.room.Occupancy(noon); len(got) != 1 || got[0].Cell == to.cell || got[0].N != 1 {
		t.Errorf("stands %+v, want another cell", got)
	}
}

// TestNothingPersonalIsKept: no name that an operator gave is in any file, and no field about a
// rider, a price or a way.
func TestNothingPersonalIsKept(t *testing.T) {
	to := registered(t)
	secret := `,"user_id":"alice","rider":{"phone":"555-0199"},"route":{"points":[[12.345678,-140]]}}`
	hide := func(text string) string { return strings.TrimSuffix(text, "}") + secret }
	for what, item := range map[string]string{
		"PUT vehicles": vehicleText(device1), "POST events": eventText(device1, event1, ""),
		"POST telemetry": telemetryText(device1), "POST trips": tripText(device1, trip1),
	} {
		if status, b := to.says(t, "blue", what, hide(item)); status/100 != 2 {
			t.Fatalf("%s: %d %+v", what, status, b)
		}
	}
	files := 0
	err := filepath.WalkDir(to.room.Dir(), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		for _, word := range []string{
			"alice", "555-0199", "12.345678", "4711", "250", "B-17",
			device1, event1, trip1, blue, strings.ToUpper(device1),
		} {
			if strings.Contains(string(text), `"`+word) || strings.Contains(string(text), word+`"`) {
				t.Errorf("%s has %q", path, word)
			}
		}
		return err
	})
	if err != nil || files != 4 {
		t.Errorf("%d files, %v; want the register and one for each kind of data", files, err)
	}
	for _, p := range to.Problems("blue") {
		t.Errorf("counted %+v", p)
	}
}

func TestBodiesThatAreNoList(t *testing.T) {
	many := strings.Repeat("1,", MostItems) + "1"
	for name, tt := range map[string]struct{ body, want string }{
		"nothing":       {"", "no whole JSON text"},
		"half a list":   {"[" + vehicleText(device2), "no whole JSON text"},
		"an object":     {`{"vehicles":[` + vehicleText(device2) + `]}`, "no list"},
		"an empty list": {"[]", `"total":0`},
		"too many":      {"[" + many + "]", "more than 10,000 items"},
	} {
		to := newTown(t)
		status, text := to.sends(t, "blue", "POST vehicles", tt.body)
		if status != http.StatusBadRequest || !strings.Contains(string(text), tt.want) {
			t.Errorf("%s: %d %s, want 400 with %q", name, status, text, tt.want)
		}
		if status, b := to.says(t, "blue", "PUT vehicles", vehicleText(device2)); status != 404 {
			t.Errorf("%s: something was taken: %d %+v", name, status, b)
		}
	}
	zh := Call{Operator: "blue", What: "POST events", Body: []byte("x"), Tag: lang.Chinese, Now: noon}
	_, text, err := newTown(t).Answer(zh)
	if err != nil || !strings.Contains(string(text), "完整的 JSON") {
		t.Errorf("in Chinese: %s, %v", text, err)
	}
}

func TestGeographyID(t *testing.T) {
	// Worked out by Python's uuid.uuid5(uuid.NAMESPACE_URL, "stint:geography:lumen:895c6882807ffff").
	cell := mustCell(t, "895c6882807ffff")
	if got, want := GeographyID("lumen", cell), "de636bc4-638a-5a87-971b-f78448cccab8"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
