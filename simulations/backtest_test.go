package simulations

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine/example"
	"github.com/stint-city/stint/engine/strict"
)

// second is a scenario with a history: the made city's rides.
const second = `version: 1
name: second week
city: city.yaml
sector: bike
days: 7
seed: 7
replications: {min: 4, max: 8, half_width: 0.5}
demand: {model: fit}
history:
  trips: rides.csv.gz
  columns:
    {time: start_time, from_lat: start_lat, from_lng: start_lng, to_lat: end_lat, to_lng: end_lng}
  model: censored-poisson
  judge: {from: 2024-03-11, to: 2024-03-17}
policies: [{id: today}]
`

// weeks writes the made city with two weeks of rides and returns where scenarios stand.
func weeks(t *testing.T) (file string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "town")
	if err := example.Write(dir, example.Options{Seed: 1, Cells: 100, Weeks: 2}); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "scenario.yaml")
}

// loadAt reads a scenario that stands at a file, changed by of.
func loadAt(t *testing.T, file, text string, of func(s *Scenario) (*Scenario, error)) *Study {
	t.Helper()
	s, err := Parse("scenario.yaml", []byte(text))
	if err == nil && of != nil {
		s, err = of(s)
	}
	if err != nil {
		t.Fatal(err)
	}
	study, err := Load(t.Context(), s, file, "")
	if err != nil {
		t.Fatal(err)
	}
	return study
}

// The made city's second week is foretold from its first: the fit sees nothing of what it is judged
// by, every ride is counted, and by cell and hour what a cell borrows beats its own plain mean.
func TestBacktestOfTheMadeCity(t *testing.T) {
	alone(t)
	study := loadAt(t, weeks(t), second, (*Scenario).Judged)
	b, err := study.Backtest(t.Context(), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Days{"2024-03-04", "2024-03-10"}); b.Fit != want {
		t.Errorf("fitted to %v, want %v", b.Fit, want)
	}
	if b.Rides < 4000 || b.Bad != 0 || b.Holds() != nil || b.Weak() {
		t.Errorf("%d rides, %d bad; %v", b.Rides, b.Bad, b.Holds())
	}
	for _, l := range b.Levels {
		if l.WAPE < l.Floor*0.8 || l.Coverage < 0 || l.Coverage > 1 || l.CRPS < 0 {
			t.Errorf("%+v", l)
		}
	}
	if hour := b.Levels[0]; hour.Coverage < 0.8 || hour.Counts != 105*168 {
		t.Errorf("by cell and hour: %+v", hour)
	}
	day := 0.0
	for _, h := range b.Hours {
		day += h.Seen
	}
	if int(day) != b.Rides || len(b.Hours) != 168 {
		t.Errorf("hours add up to %v of %d rides", day, b.Rides)
	}
	b.Skill = 0.99
	if !errors.Is(b.Holds(), ErrCheck) {
		t.Error("a skill below the least holds")
	}
}

// Rides that are replayed set out where and when they did: with vehicles everywhere every one is
// served, in its own cell and hour.
func TestTraceReplaysEveryRide(t *testing.T) {
	w := made{cells: 60, operators: 1, vehicles: 60_000, days: 2}.world(t)
	var list []ride
	for i := range 2000 {
		at := int64(i) * 2 * dayMS / 2000
		from := w.town.plane.back(w.town.center[i%60])
		to := w.town.plane.back(w.town.center[(7*i+3)%60])
		list = append(list, ride{at, from, to})
	}
	p := &past{rides: list}
	s := &Scenario{Days: 2}
	w.demand, w.keepHours = p.trace(s, w.town), true
	w.users.Choice.Outside = -100
	tally := w.runs(t, 1)
	if tally.Requests != 2000 || tally.Served != 2000 {
		t.Fatalf("%d requests, %d served of 2000", tally.Requests, tally.Served)
	}
	counts, moved := p.counts(span{0, 2 * dayMS}, w.town), 0.0
	for c, row := range counts.Rides {
		for h, n := range row {
			moved += math.Abs(n - float64(tally.Departed[h*60+c]))
		}
	}
	// A rider who sets out in the last minutes of an hour walks into the next one.
	if moved > 2*0.05*2000 {
		t.Errorf("%v of 2000 rides are counted elsewhere", moved/2)
	}
}

// What fit writes is what a table reads: the same riders but for the digits it is rounded to.
func TestTableIsTheFit(t *testing.T) {
	alone(t)
	file := weeks(t)
	fit, err := loadAt(t, file, second, nil).Fit()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(filepath.Dir(file), "demand")
	if err := fit.Write(dir, Manifest{}); err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(second, "demand: {model: fit}",
		"demand: {model: table, rates: demand/rates.csv, rides: demand/rides.csv}", 1)
	table := loadAt(t, file, text, nil)
	got, want := table.worlds[0].demand, fit.rate
	for i, x := range want {
		if math.Abs(got.Rate[i]-x) > 1e-3*x+1e-12 {
			t.Fatalf("rate %d is %v, want %v", i, got.Rate[i], x)
		}
	}
	from := loadAt(t, file, second, nil).worlds[0].demand
	for c := range from.To {
		if diff := cmp.Diff(from.To[c].Cells, got.To[c].Cells); diff != "" {
			t.Fatalf("riders of cell %d go elsewhere:\n%s", c, diff)
		}
	}
}

// The CRPS of a sample by its definition: the mean distance from what came, less half the mean
// distance of two different members.
func TestCRPSIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Float64Range(0, 9), 2, 20).Draw(t, "list")
		y := rapid.Float64Range(0, 9).Draw(t, "y")
		n, want := float64(len(list)), 0.0
		for i, a := range list {
			want += math.Abs(a-y) / n
			for k, b := range list {
				if i != k {
					want -= math.Abs(a-b) / (2 * n * (n - 1))
				}
			}
		}
		slices.Sort(list)
		if got := crps(list, y); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// 1970-01-01 was a Thursday, 2024-03-04 a Monday.
func TestHourOfWeek(t *testing.T) {
	for text, want := range map[string]int{
		"1970-01-01T00:00:00Z": 72, "2024-03-04T00:00:00Z": 0, "2024-03-10T23:59:59Z": 167,
		"1969-12-31T23:00:00Z": 71, "2016-08-18T07:30:00Z": 79,
	} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := hourOfWeek(at.UnixMilli()); got != want {
			t.Errorf("%s is hour %d, want %d", text, got, want)
		}
	}
}

// Rows without a time or a place are left out and counted; a fit takes whole days that were counted
// and no others.
func TestHistoryReadsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("\xef\xbb\xbft,y,x,v,u,who\n")
	for day := range 9 {
		fmt.Fprintf(&b, "2024-03-%02d 08:30,12,-140,12.01,-140,rider-7\n", 4+day)
	}
	b.WriteString("2024-03-05 08:30,0,0,12,-140,a\nsoon,12,-140,12,-140,b\n")
	b.WriteString("2024-03-05 8h,12,,12,-140,c\n")
	if err := os.WriteFile(filepath.Join(dir, "r.csv"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &Scenario{History: History{
		Trips: "r.csv", Columns: TripColumns{"t", "y", "x", "v", "u"},
	}}
	p, err := s.readPast(filepath.Join(dir, "scenario.yaml"), "", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.rides) != 9 || p.bad != 3 {
		t.Errorf("%d rides, %d bad", len(p.rides), p.bad)
	}
	for _, x := range []struct{ from, to, first, last string }{
		{"", "", "2024-03-04", "2024-03-12"},
		{"2024-02-01", "2024-03-10", "2024-03-04", "2024-03-10"},
		{"2024-03-06", "2024-05-01", "2024-03-06", "2024-03-12"},
	} {
		if got, want := p.window(Days{x.from, x.to}).text(), (Days{x.first, x.last}); got != want {
			t.Errorf("%v to %v: %v, want %v", x.from, x.to, got, want)
		}
	}
	if n := p.window(Days{"2030-01-01", ""}).days(); n != 0 {
		t.Errorf("%d days of years to come", n)
	}
}

func TestHistoryRefuses(t *testing.T) {
	alone(t)
	replace := func(old, by string) string { return strings.Replace(second, old, by, 1) }
	for name, text := range map[string]string{
		"an unknown model":      replace("censored-poisson", "guess"),
		"no column":             replace("time: start_time, ", ""),
		"no trips":              replace("trips: rides.csv.gz", "walk: 0"),
		"a walk beyond 1":       replace("  model: cens", "  walk: 2\n  model: cens"),
		"days out of order":     replace("to: 2024-03-17", "to: 2024-03-01"),
		"a day of no calendar":  replace("to: 2024-03-17", "to: 2024-03-32"),
		"a fit of six days":     replace("  judge", "  fit: {from: 2024-03-04, to: 2024-03-09}\n  judge"),
		"a fit that overlaps":   replace("  judge", "  fit: {from: 2024-03-04, to: 2024-03-11}\n  judge"),
		"a table without rates": replace("model: fit", "model: table"),
		"growth of a trace":     replace("model: fit", "model: trace, growth: 2"),
		"a first hour of one":   replace("demand: {model: fit}", "demand: {model: trace}\nfirst_hour: 3"),
		"a day for no trace":    replace("model: fit", "model: fit, from: 2024-03-04"),
	} {
		if _, err := Parse("scenario.yaml", []byte(text)); !errors.Is(err, strict.ErrInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	file := weeks(t)
	for name, text := range map[string]string{
		"a column that isn't there": replace("time: start_time", "time: begin"),
		"a file that isn't one":     replace("rides.csv.gz", "city.yaml"),
		"a column of texts":         replace("from_lat: start_lat", "from_lat: kind"),
	} {
		s, err := Parse("scenario.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Load(t.Context(), s, file, ""); !errors.Is(err, strict.ErrInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := Parse("scenario.yaml", []byte(replace("2024-03-17", "2024-04-17")))
	if err != nil {
		t.Fatal(err)
	}
	judged, err := s.Judged()
	if err != nil {
		t.Fatal(err)
	}
	study, err := Load(t.Context(), judged, file, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := study.Backtest(t.Context(), 0, nil); !errors.Is(err, strict.ErrInput) {
		t.Errorf("days beyond the rides are judged: %v", err)
	}
}
