package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"testing"
)

// street is what the tests read of `stint observe --json`.
type street struct {
	Rows   int
	Fleets []struct {
		At       int64 `json:"at_ms"`
		Operator string
		Vehicles int
	}
	Findings []struct{ Kind, Operator, Vehicle string }
	Episodes []struct {
		Cell, Class, Street string
		By                  string `json:"street_by"`
		Confirmed           int64  `json:"confirmed_ms"`
		From                int64  `json:"from_ms"`
		Worst               struct {
			N, Limit float64
			Pile     *struct {
				Theta   float64
				Tau     int64    `json:"tau_ms"`
				Leaving *float64 `json:"expected_to_leave"`
			}
		}
	}
	Shares []struct {
		Tolerance float64 `json:"tolerance_m"`
		Share     float64
		Of        int
	} `json:"fence_shares"`
	Gaps []struct{ Kind, Operator, Why string } `json:"not_computable"`
}

// replayed runs `stint observe` over real data, or skips where they aren't at hand.
func replayed(t *testing.T, config, data string) street {
	t.Helper()
	if testing.Short() {
		t.Skip("NOT RUN: real data are read in the full run")
	}
	if _, err := os.Stat("../../../shared/data/" + data); err != nil {
		t.Skipf("NOT RUN: ../shared/data/%s is not beside the repository", data)
	}
	var out, faults bytes.Buffer
	code := run(context.Background(), streams{&out, &faults}, []string{
		"observe", "../../docs/observe/" + config, "--data", "../../../shared/data", "--json",
	}, func(string) string { return "" })
	if code != 0 {
		t.Fatalf("exit %d: %s", code, faults.String())
	}
	var s street
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// Rows and distinct bikes of the last morning: zcat, tail -n +2, cut, sort -u, wc. The shares
// within fences are those of a script of its own over the data, to half a point.
func TestXiamenStreet(t *testing.T) {
	s := replayed(t, "xiamen.yaml", "xiamen")
	if s.Rows != 115_235 || s.Fleets[len(s.Fleets)-1].Vehicles != 21_828 {
		t.Errorf("%d rows, %d bikes at last", s.Rows, s.Fleets[len(s.Fleets)-1].Vehicles)
	}
	for i, want := range []float64{0.038, 0.698, 0.872} {
		if x := s.Shares[i]; math.Abs(x.Share-want) > 0.005 || x.Of != s.Rows {
			t.Errorf("within %v m: %.4f of %d, want %.3f", x.Tolerance, x.Share, x.Of, want)
		}
	}
	classes, streets := map[string]int{}, 0
	for _, e := range s.Episodes {
		classes[e.Class]++
		if e.By == "street" && e.Street != "" {
			streets++
		}
		p := e.Worst.Pile
		if e.Worst.N <= e.Worst.Limit || p == nil || p.Theta != 1 || p.Tau != 900_000 ||
			e.Confirmed-e.From < p.Tau {
			t.Errorf("evidence: %+v", e)
		}
		if first := e.From < 1608566400000; first && e.Class != "untold" { // before 22 December
			t.Errorf("the first morning has none before it, yet is told: %+v", e)
		}
	}
	if classes["standing"] == 0 || classes["transient"] == 0 || streets < len(s.Episodes)*3/4 {
		t.Errorf("classes %v, %d of %d with a street", classes, streets, len(s.Episodes))
	}
	want := map[string]string{"idle": "locks-alone", "comparison": "one-operator"}
	for _, g := range s.Gaps {
		if want[g.Kind] == g.Why {
			delete(want, g.Kind)
		}
	}
	if len(want) > 0 {
		t.Errorf("not said: %v, said: %v", want, s.Gaps)
	}
}

// Figures as in engine/observe's TestColumbus, by the command.
func TestColumbusStreet(t *testing.T) {
	s := replayed(t, "columbus.yaml", "columbus")
	fleets := map[string]int{}
	for _, f := range s.Fleets {
		fleets[f.Operator] = f.Vehicles
	}
	banned := map[string]map[string]bool{"Spin": {}, "Veo": {}}
	for _, f := range s.Findings {
		if f.Kind == "banned-zone" {
			banned[f.Operator][f.Vehicle] = true
		}
	}
	if len(s.Fleets) != 50 || fleets["Spin"] != 1265 || fleets["Veo"] != 2251 ||
		len(banned["Spin"]) != 72 || len(banned["Veo"]) != 117 {
		t.Errorf("%d fleets, last %v; no-parking: Spin %d, Veo %d", len(s.Fleets), fleets,
			len(banned["Spin"]), len(banned["Veo"]))
	}
	said := false
	for _, g := range s.Gaps {
		said = said || g.Kind == "idle" && g.Operator == "Spin" && g.Why == "ids-do-not-last"
	}
	if !said {
		t.Errorf("that Spin's IDs don't last is not said: %v", s.Gaps)
	}
}
