package web

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

func ptr[T any](v T) *T { return &v }

func TestReadAsk(t *testing.T) {
	tests := map[string]struct {
		body string
		want BatchAsk
		bad  bool
	}{
		"a plain ask": {
			body: `{"sector":"bike","lat":24.5,"lng":118.1,"n":3}`,
			want: BatchAsk{AskBody: AskBody{Sector: "bike", Lat: ptr(24.5), Lng: ptr(118.1), N: 3}},
		},
		"every field, with white space": {
			body: " {\n\"plan\" : \"p\", \"hold\":60 ,\"reserve\": true,\"n\":1,\"lng\":-1,\"lat\":0}\r\n",
			want: BatchAsk{AskBody: AskBody{
				Lat: ptr(0.0), Lng: ptr(-1.0), N: 1, Reserve: true, Hold: 60, Plan: "p",
			}},
		},
		"an escape": {
			body: `{"sector":"\u0062ike","n":1}`,
			want: BatchAsk{AskBody: AskBody{Sector: "bike", N: 1}},
		},
		"Chinese": {
			body: `{"sector":"单车","n":1}`,
			want: BatchAsk{AskBody: AskBody{Sector: "单车", N: 1}},
		},
		"an exponent":           {body: `{"lat":1e1}`, want: BatchAsk{AskBody: AskBody{Lat: ptr(10.0)}}},
		"a name twice":          {body: `{"n":1,"n":2}`, want: BatchAsk{AskBody: AskBody{N: 2}}},
		"an empty object":       {body: `{}`},
		"an unknown field":      {body: `{"number":1}`, bad: true},
		"the key in the body":   {body: `{"key":"k","n":1}`, bad: true},
		"a fraction of n":       {body: `{"n":1.5}`, bad: true},
		"n as text":             {body: `{"n":"1"}`, bad: true},
		"a number out of range": {body: `{"n":99999999999999999999}`, bad: true},
		"NaN":                   {body: `{"lat":NaN}`, bad: true},
		"a leading zero":        {body: `{"n":01}`, bad: true},
		"something after it":    {body: `{"n":1}{}`, bad: true},
		"an array":              {body: `[{"n":1}]`, bad: true},
		"nothing":               {body: ``, bad: true},
		"half":                  {body: `{"n":1`, bad: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := readAsk([]byte(tt.body))
			if (err != nil) != tt.bad {
				t.Fatalf("readAsk: %v, want an error: %v", err, tt.bad)
			}
			if diff := cmp.Diff(tt.want, got); err == nil && diff != "" {
				t.Errorf("readAsk (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadBatch(t *testing.T) {
	got, err := readBatch([]byte(`{"asks":[{"key":"a","n":1},{"key":"b","n":2}]}`))
	want := []BatchAsk{{Key: "a", AskBody: AskBody{N: 1}}, {Key: "b", AskBody: AskBody{N: 2}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("readBatch: %v (-want +got):\n%s", err, diff)
	}
}

// FuzzAsk holds the quick reader to encoding/json: what it reads, both read alike.
func FuzzAsk(f *testing.F) {
	f.Add([]byte(`{"sector":"bike","lat":24.5,"lng":118.1,"n":3,"reserve":true,"hold":60,"plan":"p"}`))
	f.Add([]byte(`{"key":"a","n":-0,"lat":-0.0}`))
	f.Add([]byte(`{"asks":[{"key":"a"},{"n":1}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var quick, slow BatchAsk
		if p := (plain{rest: body}); p.ask(&quick) && p.end() {
			if err := strictly(body, &slow); err != nil {
				t.Fatalf("the quick reader takes %q: %v", body, err)
			}
			if diff := cmp.Diff(slow, quick); diff != "" {
				t.Fatalf("%q (-slow +quick):\n%s", body, diff)
			}
		}
		if asks, ok := (&plain{rest: body}).batch(); ok {
			var all BatchBody
			if err := strictly(body, &all); err != nil {
				t.Fatalf("the quick reader takes the batch %q: %v", body, err)
			}
			if diff := cmp.Diff(all.Asks, asks); diff != "" {
				t.Fatalf("%q (-slow +quick):\n%s", body, diff)
			}
		}
	})
}

// FuzzGrant holds the quick writer to encoding/json.
func FuzzGrant(f *testing.F) {
	f.Add("blue:k1", "bike", 24.5, 118.1, int64(1_780_000_000_123), true)
	f.Add("<&>\"\\", "单\u2028车", 1e-9, -1e-7, int64(0), false)
	f.Fuzz(func(t *testing.T, id, sector string, lat, lng float64, at int64, held bool) {
		p, err := geo.NewLatLng(lat, lng)
		if err != nil || at < 0 || at > 4e12 {
			return
		}
		g := engine.Grant{
			ID: engine.ID(id), Placement: engine.ID(id), Operator: engine.ID(id).Operator(),
			Sector: sector, Verb: engine.Place, State: engine.Standing, N: 3, Left: -1, At: p,
			Since: time.UnixMilli(at).UTC(), Epoch: 7, Replayed: held,
		}
		if held {
			g.Expires, g.Cell = time.UnixMilli(at).UTC(), 0x8928308280fffff
		}
		want, err := json.Marshal(answerOf(&g))
		if err != nil {
			t.Fatal(err)
		}
		if got := appendGrant(nil, &g); string(got) != string(want) {
			t.Errorf("appendGrant = %s, want %s", got, want)
		}
	})
}
