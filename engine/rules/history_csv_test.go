package rules

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/stint-city/stint/engine/strict"
)

// unknown is an hour in which nobody counted.
func unknown() float64 { return math.NaN() }

func TestReadHistoryCSV(t *testing.T) {
	shanghai := time.FixedZone("UTC+8", 8*3600)
	tests := map[string]struct {
		options HistoryCSV
		text    string
		cells   []string
		counts  [][]float64
		phase   int
	}{
		"rows of an hour add up, and a cell without a row had none": {
			text: "cell,time,count\nb,2027-01-04T00:10:00Z,2\nb,2027-01-04T00:50:00Z,3\n" +
				"a,2027-01-04T01:00:00Z,1\n", // from a Monday on
			cells: []string{"a", "b"}, counts: [][]float64{{0, 1}, {5, 0}},
		},
		"an hour without a row is unknown": {
			text:  "time,count,cell\n2027-01-05 00:10,2,a\n2027-01-05 02:10,4,a\n",
			cells: []string{"a"}, counts: [][]float64{{2, unknown(), 4}}, phase: 24,
		},
		"of snapshots the last in an hour counts": {
			options: HistoryCSV{Snapshots: true},
			text: "cell,time,count\na,2027-01-04 00:10:00,2\nb,2027-01-04 00:10:00,9\n" +
				"a,2027-01-04 00:40:00,3\n",
			cells: []string{"a", "b"}, counts: [][]float64{{3}, {0}},
		},
		"times without an offset are local, and 23:30 in London is 07:30 in Shanghai": {
			options: HistoryCSV{Zone: shanghai},
			text:    "\ufeffcell,time,count\na,2027-01-04 07:10:00,2\na,2027-01-03T23:30:00Z,1\n",
			cells:   []string{"a"}, counts: [][]float64{{3}}, phase: 7,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tt.options.ReadHistoryCSV("x.csv", strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.cells, got.Cells); diff != "" {
				t.Errorf("cells (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.counts, got.Counts, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
			if got.Phase != tt.phase {
				t.Errorf("phase %d, want %d", got.Phase, tt.phase)
			}
		})
	}
}

func TestHistoriesThatAreRefused(t *testing.T) {
	const head = "cell,time,count\n"
	tests := map[string]struct {
		text string
		want string
	}{
		"nothing":    {"", "x.csv:1:1: there are no counts"},
		"no rows":    {head, "x.csv:1:1: there are no counts"},
		"a column":   {"cell,when,count\n", "x.csv:1:1: there is no column \"time\""},
		"no cell":    {head + " ,2027-01-04 00:10,2\n", "x.csv:2:1: the cell is missing"},
		"a time":     {head + "a,noon,2\n", "x.csv:2:3: \"noon\" is no time"},
		"below zero": {head + "a,2027-01-04 00:10,-2\n", "x.csv:2:20: \"-2\" is no count"},
		"no number":  {head + "a,2027-01-04 00:10,NaN\n", "x.csv:2:20: \"NaN\" is no count"},
		"a thousand years": {
			head + "a,2027-01-04 00:10,1\na,1027-01-04 00:10,1\n",
			"x.csv:3:3: 1027-01-04 00:10 lies more than",
		},
		"a lost field": {head + "a,2027-01-04 00:10\n", "x.csv:2:1: this is not CSV"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := HistoryCSV{}.ReadHistoryCSV("x.csv", strings.NewReader(tt.text))
			if !errors.Is(err, strict.ErrInput) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

// Whatever is read has rows as long as its hours, and counts that are no less than 0.
func FuzzReadHistoryCSV(f *testing.F) {
	f.Add("cell,time,count\na,2027-01-04T00:10:00Z,2\nb,2027-01-05 00:10,3\n", true)
	f.Add("\ufeffcount,cell,time\n1e3,895c6882d07ffff,2027-01-04 00:10:59\n", false)
	f.Fuzz(func(t *testing.T, text string, snapshots bool) {
		o := HistoryCSV{Snapshots: snapshots}
		h, err := o.ReadHistoryCSV("fuzz.csv", strings.NewReader(text))
		inputFault(t, err)
		if err != nil {
			return
		}
		for _, row := range h.Counts {
			for _, n := range row {
				if n < 0 || len(row) != h.Hours() {
					t.Fatalf("%v of %d hours", row, h.Hours())
				}
			}
		}
	})
}
