package simulations

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/stint-city/stint/simulations/demand"
)

// Fit is the demand that a history tells of the city of the first policy.
type Fit struct {
	Model     demand.Model `json:"model"`
	Days      Days         `json:"days"`
	Cells     int          `json:"cells"`
	Rides     int          `json:"rides"`
	Outside   int          `json:"outside_rides"`
	Bad       int          `json:"bad_rows"`  // without a time or a place
	Inflation float64      `json:"inflation"` // riders estimated by rides counted

	town *Town
	rate []float64
	seen [][]toward
}

// Fit estimates demand by the scenario's history.
func (s *Study) Fit() (*Fit, error) {
	p, t, set := s.past, s.worlds[0].town, &s.Scenario.History
	if set.Trips == "" {
		c := scenarioCheck{name: s.Scenario.name, at: s.Scenario.at}
		c.fault("history", "sim-fit.no-history", "model", fromFit)
		return nil, c.faults[0]
	}
	span := p.window(set.Fit)
	table, err := s.Scenario.fit(p, span, t)
	if err != nil {
		return nil, err
	}
	f := &Fit{
		Model: set.Model, Days: span.text(), Cells: len(t.Cells), Bad: p.bad,
		Inflation: table.Inflation, town: t, rate: table.Rate, seen: p.flows(span, t),
	}
	p.within(span, t, func(*ride, int) { f.Rides++ })
	f.Outside = p.count(span) - f.Rides
	return f, nil
}

// Write writes rates.csv, rides.csv, fit.json and manifest.json into an empty folder.
func (f *Fit) Write(dir string, m Manifest) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	data, err := indented(f)
	if err != nil {
		return err
	}
	manifest, err := indented(m)
	return errors.Join(err, writeTable(dir, fileRates, rateRows(f.town, f.rate)),
		writeTable(dir, fileRides, rideRows(f.town, f.seen)),
		os.WriteFile(filepath.Join(dir, "fit.json"), data, 0o644),
		os.WriteFile(filepath.Join(dir, fileManifest), manifest, 0o644))
}
