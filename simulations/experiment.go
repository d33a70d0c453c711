package simulations

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

// Experiment is what came of many runs around a scenario: a Sweep, a Sensitivity or a Backtest.
type Experiment interface {
	// Write writes the experiment and its manifest into an empty folder.
	Write(dir string, m Manifest) error
	// Table is what a terminal shows: rows, the first its head, and a sentence for the end.
	Table(tag lang.Tag) (rows [][]string, end string)
}

const (
	fileSweep       = "sweep.json"
	fileSensitivity = "sensitivity.json"
	fileBacktest    = "backtest.json"
)

// Write writes sweep.json and manifest.json.
func (s *Sweep) Write(dir string, m Manifest) error { return writeExperiment(dir, fileSweep, s, m) }

// Write writes sensitivity.json and manifest.json.
func (s *Sensitivity) Write(dir string, m Manifest) error {
	return writeExperiment(dir, fileSensitivity, s, m)
}

// Write writes backtest.json and manifest.json.
func (b *Backtest) Write(dir string, m Manifest) error {
	return writeExperiment(dir, fileBacktest, b, m)
}

func writeExperiment(dir, name string, of any, m Manifest) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, of := range map[string]any{name: of, fileManifest: m} {
		data, err := indented(of)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Table lists points, and says which is the best.
func (s *Sweep) Table(tag lang.Tag) (rows [][]string, end string) {
	rows = [][]string{{
		tag.Word("sim.sweep-point"), tag.Word("sim.report-vehicles"), tag.Word("sim.metric-" + s.Metric),
		tag.Word("sim.sweep-runs"), tag.Word("sim.sweep-within"),
	}}
	for _, p := range s.Points {
		within := "—"
		if p.Within {
			within = "✓"
		}
		rows = append(rows, []string{
			p.ID, strconv.Itoa(p.Vehicles), LevelText(p.Objective, tag),
			strconv.Itoa(p.Replications), within,
		})
	}
	if s.Best < 0 {
		return rows, tag.Word("sim.sweep-none")
	}
	end = tag.Text(lang.M("sim.sweep-best", "point", s.Points[s.Best].ID, "certainty", s.Certainty))
	end += "\n" + tag.Word("sim.sweep-confirmed") + ": " + LevelText(s.Confirmed, tag) + "; " +
		tag.Word("sim.report-difference") + " " + LevelText(s.Gain.Level, tag) + ", " +
		tag.Word("sim.verdict-"+s.Gain.Verdict)
	return rows, end
}

// Table lists assumptions, the one that moves the answer most first.
func (s *Sensitivity) Table(tag lang.Tag) (rows [][]string, end string) {
	rows = [][]string{{
		tag.Word("sim.sensitivity-factor"), tag.Word("sim.sensitivity-ends"),
		tag.Word("sim.sensitivity-at"), "μ*", "σ", "S1", "ST",
	}}
	short := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strconv.FormatFloat(*x, 'g', 4, 64)
	}
	index := func(l *Level) string {
		if l == nil {
			return ""
		}
		return LevelText(*l, tag)
	}
	for _, f := range s.Factors {
		rows = append(rows, []string{
			f.Key, short(&f.Low) + " … " + short(&f.High), short(&f.AtLow) + " … " + short(&f.AtHigh),
			short(f.MuStar), short(f.Sigma), index(f.S1), index(f.ST),
		})
	}
	return rows, tag.Text(lang.M("sim.sensitivity-count", "n", s.Evaluations, "k", s.Replications,
		"middle", short(&s.Middle)))
}

// Table lists the levels, and says what was judged by what.
func (b *Backtest) Table(tag lang.Tag) (rows [][]string, end string) {
	rows = append(rows, b.head(tag))
	for _, l := range b.Levels {
		rows = append(rows, b.row(l, tag))
	}
	return rows, b.Text(tag)
}

// Report makes the page of a result's folder again, with the experiments in other folders on it.
func Report(dir string, experiments []string, tag lang.Tag) ([]byte, error) {
	r, m, err := ReadResult(dir)
	if err != nil {
		return nil, err
	}
	var extras Extras
	for _, at := range experiments {
		if err := extras.read(at); err != nil {
			return nil, err
		}
	}
	return r.Page(m, extras, tag)
}

// read takes up an experiment's folder.
func (e *Extras) read(dir string) error {
	found := false
	for name, to := range map[string]any{
		fileSweep: &e.Sweep, fileSensitivity: &e.Sensitivity, fileBacktest: &e.Backtest,
	} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if json.Unmarshal(data, to) != nil {
			return strict.FaultAt(filepath.Join(dir, name), strict.Position{}, "sim.not-result")
		}
		found = true
	}
	if !found {
		return strict.FaultAt(dir, strict.Position{}, "sim.not-result")
	}
	return nil
}
