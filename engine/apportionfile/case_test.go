package apportionfile

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/lang"
)

// readCase decodes a file of known answers, or skips the test where it isn't at hand.
func readCase(t *testing.T, name string, to any) {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "cases", "apportionment", name)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("SKIP (loud): no known answers at %s: %v", path, err)
	}
	if err := json.Unmarshal(data, to); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// answered is an answer as a program reads it.
type answered struct {
	Matrix         [][]int
	RowMultipliers []float64 `json:"row_multipliers"`
	ColMultipliers []float64 `json:"col_multipliers"`
	Distance       float64
	Certificate    struct {
		Gap          *int64
		Primal, Dual string
		Low          *float64 `json:"multiplier_low"`
	}
	Paradox *struct {
		Total  int
		Losses []loss
	}
	Warnings []string
	Entries  []Entry
}

// ask takes a question through JSON, as the command does.
func ask(t *testing.T, question map[string]any) answered {
	t.Helper()
	data, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	q, err := ReadJSON("question.json", data)
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	a, err := Solve(q)
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	var text bytes.Buffer
	if err := a.WriteJSON(&text, lang.English, true); err != nil {
		t.Fatal(err)
	}
	var got answered
	if err := json.Unmarshal(text.Bytes(), &got); err != nil {
		t.Fatalf("%s: %v", text.Bytes(), err)
	}
	return got
}

func TestElections(t *testing.T) {
	for _, name := range []string{
		"biprop_uri_2020.json", "biprop_wikipedia_en.json", "biprop_zug_2018.json",
	} {
		t.Run(name, func(t *testing.T) {
			var c struct {
				Parties, Districts []string
				Votes              [][]float64
				DistrictSeats      []int `json:"district_seats"`
				PartySeats         []int `json:"party_seats"`
				Expected           [][]int
			}
			readCase(t, name, &c)
			got := ask(t, map[string]any{
				"rows": c.Parties, "cols": c.Districts, "weights": c.Votes,
				"row_totals": c.PartySeats, "col_totals": c.DistrictSeats, "method": "webster",
			})
			if diff := cmp.Diff(c.Expected, got.Matrix); diff != "" {
				t.Errorf("seats (-official +got):\n%s", diff)
			}
			if *got.Certificate.Gap != 0 || got.Certificate.Primal != got.Certificate.Dual {
				t.Errorf("certificate %+v", got.Certificate)
			}
			mean := 0.0
			for o, row := range got.Matrix {
				if c.PartySeats[o] > 0 {
					mean += math.Log(got.RowMultipliers[o])
				}
				for d, seats := range row {
					share := c.Votes[o][d] * got.RowMultipliers[o] * got.ColMultipliers[d]
					if int(math.Round(share)) != seats {
						t.Errorf("party %d, district %d: %g rounds to another number than %d",
							o, d, share, seats)
					}
				}
			}
			if math.Abs(mean) > 1e-9 {
				t.Errorf("the row multipliers' logarithms sum to %g", mean)
			}
			if len(got.Entries) != len(c.Parties)*len(c.Districts) {
				t.Errorf("%d entries explained", len(got.Entries))
			}
		})
	}
}

func TestControlledRounding(t *testing.T) {
	var file struct {
		Cases []struct {
			Table     [][]float64
			RowTotals []int   `json:"row_totals"`
			ColTotals []int   `json:"col_totals"`
			Least     float64 `json:"min_l1"`
			Want      [][]int `json:"min_l1_matrix"`
		}
	}
	readCase(t, "controlled_rounding.json", &file)
	for _, c := range file.Cases {
		got := ask(t, map[string]any{
			"weights": c.Table, "row_totals": c.RowTotals, "col_totals": c.ColTotals,
			"method": "nearest",
		})
		if diff := cmp.Diff(c.Want, got.Matrix); diff != "" {
			t.Errorf("matrix (-want +got):\n%s", diff)
		}
		if math.Abs(got.Distance-c.Least) > 1e-9 || *got.Certificate.Gap != 0 {
			t.Errorf("distance %g, want %g; gap %d", got.Distance, c.Least, *got.Certificate.Gap)
		}
	}
	if len(file.Cases) == 0 {
		t.Error("no case in the file")
	}
}

func TestVectors(t *testing.T) {
	var file struct {
		Cases []struct {
			Method    string
			Votes     []float64
			Seats     int
			Threshold float64
			Expected  []int
			Source    string
		}
	}
	readCase(t, "vector.json", &file)
	for _, c := range file.Cases {
		sum := 0.0
		for _, v := range c.Votes {
			sum += v
		}
		for k, v := range c.Votes {
			if v < c.Threshold*sum {
				c.Votes[k] = 0
			}
		}
		got := ask(t, map[string]any{
			"weights": [][]float64{c.Votes}, "total": c.Seats, "method": c.Method,
		})
		if diff := cmp.Diff([][]int{c.Expected}, got.Matrix); diff != "" {
			t.Errorf("%s, %s (-want +got):\n%s", c.Method, c.Source, diff)
		}
		if remainders := c.Method == "largest_remainder"; remainders != (got.Certificate.Gap == nil) ||
			remainders != (len(got.Warnings) > 0) || remainders != (got.RowMultipliers == nil) {
			t.Errorf("%s: certificate %+v, warnings %q", c.Method, got.Certificate, got.Warnings)
		}
	}
	if len(file.Cases) == 0 {
		t.Error("no case in the file")
	}
}

func TestParadox(t *testing.T) {
	var c struct {
		Votes                            []float64
		Lr10, Lr11, Webster10, Webster11 []int
	}
	readCase(t, "apportion_paradox.json", &c)
	for _, x := range []struct {
		method string
		total  int
		want   []int
		losses int
	}{
		{"largest_remainder", 10, c.Lr10, 1},
		{"largest_remainder", 11, c.Lr11, 0},
		{"webster", 10, c.Webster10, 0},
		{"webster", 11, c.Webster11, 0},
	} {
		got := ask(t, map[string]any{"weights": c.Votes, "total": x.total, "method": x.method})
		if diff := cmp.Diff([][]int{x.want}, got.Matrix); diff != "" {
			t.Errorf("%s %d (-want +got):\n%s", x.method, x.total, diff)
		}
		if (got.Paradox != nil) != (x.losses > 0) {
			t.Errorf("%s %d: paradox %+v", x.method, x.total, got.Paradox)
		}
		if got.Paradox == nil {
			continue
		}
		// The third party falls from 2 of 10 to 1 of 11: lr10 and lr11 of the case.
		want := []loss{{ID: "3", From: c.Lr10[2], To: c.Lr11[2]}}
		if diff := cmp.Diff(want, got.Paradox.Losses); diff != "" || got.Paradox.Total != 11 {
			t.Errorf("paradox at %d (-want +got):\n%s", got.Paradox.Total, diff)
		}
	}
}
