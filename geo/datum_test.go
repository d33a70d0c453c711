package geo

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDatumAgainstPublishedPairs(t *testing.T) {
	const eviltransform = "github.com/googollee/eviltransform, tests of the Go version"
	const coordtransform = "github.com/wandergis/coordtransform, README"
	tests := map[string]struct {
		source string
		datum  Datum
		wgs84  LatLng
		want   LatLng
	}{
		"Shanghai in GCJ-02": {
			eviltransform, GCJ02,
			LatLng{31.1774276, 121.5272106},
			LatLng{31.17530398364597, 121.531541859215},
		},
		"Shenzhen in GCJ-02": {
			eviltransform, GCJ02,
			LatLng{22.543847, 113.912316},
			LatLng{22.540796131694766, 113.9171764808363},
		},
		"Beijing in GCJ-02": {
			eviltransform, GCJ02,
			LatLng{39.911954, 116.377817},
			LatLng{39.91334545536069, 116.38404722455657},
		},
		"Beijing's centre in GCJ-02": {
			coordtransform, GCJ02,
			LatLng{39.915, 116.404},
			LatLng{39.91640428150164, 116.41024449916938},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.datum.FromWGS84(tt.wgs84); Distance(got, tt.want) > 0.01 {
				t.Errorf("FromWGS84(%v) = %v, want %v (%s)", tt.wgs84, got, tt.want, tt.source)
			}
			if got := tt.datum.ToWGS84(tt.want); Distance(got, tt.wgs84) > 0.01 {
				t.Errorf("ToWGS84(%v) = %v, want %v (%s)", tt.want, got, tt.wgs84, tt.source)
			}
		})
	}
}

func TestBaiduAgainstAPublishedPair(t *testing.T) {
	// coordtransform, README: gcj02tobd09(116.404, 39.915).
	mars, want := LatLng{39.915, 116.404}, LatLng{39.92133699351021, 116.41036949371029}
	got := BD09.FromWGS84(GCJ02.ToWGS84(mars))
	if Distance(got, want) > 0.01 {
		t.Errorf("GCJ-02 %v in BD-09 = %v, want %v", mars, got, want)
	}
}

func TestDatumsGoThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Mainland China with its sea: 18 to 54 north, 73 to 136 east.
		p := LatLng{
			rapid.Float64Range(18, 54).Draw(t, "lat"), rapid.Float64Range(73, 136).Draw(t, "lng"),
		}
		d := rapid.SampledFrom(Datums()).Draw(t, "datum")
		there := d.FromWGS84(p)
		if back := d.ToWGS84(there); Distance(p, back) > 0.01 {
			t.Fatalf("%v: %v came back as %v, %v m off", d, p, back, Distance(p, back))
		}
		if again := d.FromWGS84(d.ToWGS84(p)); Distance(p, again) > 0.01 {
			t.Fatalf("%v: %v inverted and shifted is %v", d, p, again)
		}
		shift := Distance(p, there)
		switch { // the sizes that doc comments state
		case (d == WGS84 || d == CGCS2000) && shift != 0:
			t.Fatalf("%v moves %v by %v m", d, p, shift)
		case d == GCJ02 && (shift < 30 || shift > 1000):
			t.Fatalf("%v moves %v by %v m", d, p, shift)
		case d == BD09 && (shift < 300 || shift > 2500):
			t.Fatalf("%v moves %v by %v m", d, p, shift)
		}
	})
}

func TestDatumsAgreeOutsideTheBox(t *testing.T) {
	places := map[string]LatLng{
		"Columbus": {39.96, -83}, "Berlin": {52.52, 13.4}, "Sydney": {-33.9, 151.2},
		"Tokyo": {35.7, 139.7}, "no number": {math.NaN(), 1}, "none at all": {999, 999},
	}
	for name, p := range places {
		t.Run(name, func(t *testing.T) {
			for _, d := range append(Datums(), 0, 77) {
				for _, got := range []LatLng{d.ToWGS84(p), d.FromWGS84(p)} {
					if got != p && !math.IsNaN(p.Lat) {
						t.Errorf("%v moves %v to %v", d, p, got)
					}
				}
			}
		})
	}
}

func TestParseDatum(t *testing.T) {
	tests := map[string]struct {
		in   string
		want Datum
		err  error
	}{
		"as String writes it":    {"GCJ-02", GCJ02, nil},
		"in small letters":       {"wgs84", WGS84, nil},
		"by EPSG number":         {"EPSG:4490", CGCS2000, nil},
		"the number of WGS-84":   {"epsg:4326", WGS84, nil},
		"with an underscore":     {"bd_09", BD09, nil},
		"nothing is not guessed": {"", 0, ErrDatum},
		"nor is a map grid":      {"EPSG:3857", 0, ErrDatum},
		"nor unknown":            {"unknown", 0, ErrDatum},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ParseDatum(tt.in)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("ParseDatum(%q) = %v, %v; want %v, %v", tt.in, got, err, tt.want, tt.err)
			}
		})
	}
}

func TestParseDatumNamesWhatItAccepts(t *testing.T) {
	_, err := ParseDatum("beijing54")
	for _, d := range Datums() {
		if !strings.Contains(err.Error(), d.String()) {
			t.Errorf("the error %q doesn't name %v", err, d)
		}
	}
}

func TestDatumTextGoesThereAndBack(t *testing.T) {
	for _, d := range Datums() {
		text, err := d.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back Datum
		if err := back.UnmarshalText(text); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d, back); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	if _, err := Datum(0).MarshalText(); !errors.Is(err, ErrDatum) {
		t.Errorf("the zero datum marshals: %v", err)
	}
	if err := new(Datum).UnmarshalText([]byte("mars")); !errors.Is(err, ErrDatum) {
		t.Errorf(`"mars" unmarshals: %v`, err)
	}
}
