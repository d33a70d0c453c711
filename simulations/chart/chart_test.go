package chart

import (
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stint-city/stint/geo"
)

// drawings are one of each kind, with what is unknown, text that needs escaping, and nothing.
func drawings() map[string]template.HTML {
	square := []geo.LatLng{{Lat: 1, Lng: 2}, {Lat: 1, Lng: 3}, {Lat: 2, Lng: 3}}
	return map[string]template.HTML{
		"bars": Bars("a & b", []Bar{
			{Name: "<x>", Mean: 0.2, Low: 0.1, High: 0.3},
			{Name: "y", Mean: math.NaN(), Text: "?"},
			{Name: "z", Mean: -1, Low: -2, High: 0.5},
		}),
		"no bars": Bars("", nil),
		"lines": Lines(Frame{Name: "l"}, []Line{
			{Name: "a", X: []float64{0, 1, 2}, Y: []float64{1, math.NaN(), 3}},
			{Name: "b", X: []float64{0, 1}, Y: []float64{1, 2}, Low: []float64{0, 1}, High: []float64{2, 3}},
		}),
		"no lines": Lines(Frame{}, nil),
		"scatter": Scatter(Frame{Name: "s"}, []Point{
			{Name: "p<q", X: 1, Y: 2, Low: 1, High: 3, Best: true}, {Name: "r", X: 1, Y: 2, Low: 2, High: 2},
		}),
		"tornado": Tornado("t", 0.5, []Reach{{"k", 0.2, 0.9}, {"m", 0.6, 0.4}}),
		"map": Map("m", []Cell{
			{Outline: square, Value: 1, Title: "a&b"}, {Outline: square, Value: math.NaN()},
		}, true),
		"no map": Map("m", nil, false),
	}
}

// Every drawing is well-formed XML, names no place in the network and has no coordinate that isn't
// a number.
func TestDrawings(t *testing.T) {
	for name, svg := range drawings() {
		d := xml.NewDecoder(strings.NewReader(string(svg)))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v in %s", name, err, svg)
				break
			}
		}
		for _, bad := range []string{"NaN", "Inf", "http", "<x>"} {
			if strings.Contains(string(svg), bad) {
				t.Errorf("%s has %s: %s", name, bad, svg)
			}
		}
	}
	for name, svg := range drawings() {
		if svg != drawings()[name] {
			t.Errorf("%s is drawn another way the second time", name)
		}
	}
}

// The ends of a scale take its colours; the middle of a diverging one is white.
func TestColour(t *testing.T) {
	for _, tt := range []struct {
		v    float64
		both bool
		want string
	}{
		{-1, true, "#0550a0"},
		{0, true, "#fafafa"},
		{1, true, "#b2182b"},
		{-1, false, "#faf8f0"},
		{1, false, "#7a013c"},
	} {
		if got := colour(tt.v, -1, 1, tt.both); got != tt.want {
			t.Errorf("colour of %v: %s, want %s", tt.v, got, tt.want)
		}
	}
}

// Ticks are round numbers within the axis.
func TestTicks(t *testing.T) {
	got := scale{low: 0.03, high: 0.27}.ticks(5)
	want := []float64{0.05, 0.1, 0.15, 0.2, 0.25}
	if len(got) != len(want) {
		t.Fatalf("ticks %v, want %v", got, want)
	}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-12 {
			t.Errorf("ticks %v, want %v", got, want)
		}
	}
}
