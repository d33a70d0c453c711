package simulations

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/stint-city/stint/engine/lang"
)

// The files of a result's folder.
const (
	fileSummary  = "summary.json"
	fileMetrics  = "metrics.csv"
	fileCells    = "cells.csv"
	fileManifest = "manifest.json"
	fileReport   = "report.html"
)

// Manifest says what made a result, so that anybody can make it again.
type Manifest struct {
	Tool     string            `json:"tool"`
	Scenario string            `json:"scenario_sha256"`
	Riders   string            `json:"riders_sha256"` // results with the same met the same riders
	Plans    map[string]string `json:"plans"`         // by policy; an ID is the hash of the content
	Inputs   map[string]string `json:"inputs"`        // sha256 by path: first city, riders
}

// Manifest returns what made this study's results.
func (s *Study) Manifest(tool, scenario string) Manifest {
	m := Manifest{
		Tool: tool, Scenario: scenario, Riders: s.riders(), Plans: map[string]string{},
		Inputs: map[string]string{},
	}
	for p, w := range s.worlds {
		m.Plans[s.Scenario.Policies[p].ID] = w.bureau.plan.ID
	}
	for _, in := range s.worlds[0].bureau.snapshot.Inputs {
		m.Inputs[in.Path] = in.SHA256
	}
	for _, f := range s.past.files {
		m.Inputs[filepath.Base(f.path)] = f.sha256
	}
	return m
}

// Write writes a result into an empty folder: summary.json; metrics.csv (policy, replication,
// metric, scope, key, value); cells.csv (counts of all replications together); manifest.json and
// report.html, in a language.
func (r *Result) Write(dir string, m Manifest, tag lang.Tag) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	page, err := r.Page(m, Extras{}, tag)
	if err != nil {
		return err
	}
	table, err := r.table()
	if err != nil {
		return err
	}
	cells, err := r.cellTable()
	if err != nil {
		return err
	}
	files := map[string][]byte{fileReport: page, fileMetrics: table, fileCells: cells}
	for name, of := range map[string]any{fileSummary: r, fileManifest: m} {
		if files[name], err = indented(of); err != nil {
			return err
		}
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// indented is a value as JSON for people and programs.
func indented(of any) ([]byte, error) {
	data, err := json.MarshalIndent(of, "", " ")
	return append(data, '\n'), err
}

// metricsHead are the columns of metrics.csv.
func metricsHead() []string {
	return []string{"policy", "replication", "metric", "scope", "key", "value"}
}

// table returns every metric of every replication as CSV; what is not computable is empty.
func (r *Result) table() ([]byte, error) {
	rows := [][]string{metricsHead()}
	for p := range r.Policies {
		for _, x := range r.series[p] {
			for m, id := range x.metrics {
				for k, v := range x.values[m] {
					rows = append(rows, []string{
						r.Policies[p].ID, strconv.Itoa(k), id, x.scope, x.key, number(v),
					})
				}
			}
		}
	}
	return asCSV(rows)
}

// cellTable returns cells.csv.
func (r *Result) cellTable() ([]byte, error) {
	rows := [][]string{cellHead()}
	for p := range r.Policies {
		for i := range r.cells[p] {
			rows = append(rows, r.cells[p][i].row(r.Policies[p].ID))
		}
	}
	return asCSV(rows)
}

func asCSV(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// number writes a figure exactly; what is not computable is empty.
func number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
