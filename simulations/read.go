package simulations

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// ReadResult reads a folder that Write wrote. What isn't such a folder is a *strict.Fault that
// names the file and, in a table, the line.
func ReadResult(dir string) (*Result, Manifest, error) {
	var r Result
	var m Manifest
	for name, to := range map[string]any{fileSummary: &r, fileManifest: &m} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, m, err
		}
		if err := json.Unmarshal(data, to); err != nil {
			return nil, m, strict.FaultAt(filepath.Join(dir, name), strict.Position{}, "sim.not-result")
		}
	}
	if err := r.readMetrics(filepath.Join(dir, fileMetrics)); err != nil {
		return nil, m, err
	}
	err := r.readCells(filepath.Join(dir, fileCells))
	return &r, m, err
}

// policyAt returns which policy an ID names, -1 for none.
func (r *Result) policyAt(id string) int {
	return slices.IndexFunc(r.Policies, func(p PolicyResult) bool { return p.ID == id })
}

// rows calls each with every row below the head of a table.
func rows(file string, head []string, each func(row []string) bool) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	table := csv.NewReader(f)
	table.ReuseRecord = true
	for line := 1; ; line++ {
		row, err := table.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		bad := err != nil || line == 1 && !slices.Equal(row, head)
		if bad || line > 1 && !each(row) {
			return strict.FaultAt(file, strict.Position{Line: line, Column: 1}, "sim.not-result")
		}
	}
}

// readMetrics reads the values of every replication. Rows stand in the order of Write.
func (r *Result) readMetrics(file string) error {
	r.series = make([][]part, len(r.Policies))
	return rows(file, metricsHead(), func(row []string) bool {
		p := r.policyAt(row[0])
		k, err := strconv.Atoi(row[1])
		x := math.NaN()
		if row[5] != "" {
			if x, err = strconv.ParseFloat(row[5], 64); err != nil {
				return false
			}
		}
		if p < 0 || err != nil {
			return false
		}
		list := &r.series[p]
		if n := len(*list); n == 0 || (*list)[n-1].scope != row[3] || (*list)[n-1].key != row[4] {
			*list = append(*list, part{scope: row[3], key: row[4]})
		}
		at := &(*list)[len(*list)-1]
		if n := len(at.metrics); n == 0 || at.metrics[n-1] != row[2] {
			at.metrics, at.values = append(at.metrics, row[2]), append(at.values, nil)
		}
		last := &at.values[len(at.values)-1]
		*last = append(*last, x)
		return k == len(*last)-1
	})
}

// readCells reads what came of each cell.
func (r *Result) readCells(file string) error {
	r.cells = make([][]Cell, len(r.Policies))
	return rows(file, cellHead(), func(row []string) bool {
		p := r.policyAt(row[0])
		cell, err := geo.ParseCell(row[1])
		if p < 0 || err != nil {
			return false
		}
		c := Cell{Cell: cell, District: row[2], Capacity: -1}
		if row[3] != "" {
			if c.Capacity, err = strconv.Atoi(row[3]); err != nil {
				return false
			}
		}
		for i, to := range []*int64{
			&c.Requests, &c.Served, &c.Reached, &c.Drops, &c.Bounded, &c.Over,
			&c.Rentable,
		} {
			if *to, err = strconv.ParseInt(row[4+i], 10, 64); err != nil {
				return false
			}
		}
		r.cells[p] = append(r.cells[p], c)
		return true
	})
}

// Policy returns which policy an ID names; "" is the one after the baseline, or the only one.
func (r *Result) Policy(id string) (int, error) {
	if id == "" {
		return min(1, len(r.Policies)-1), nil
	}
	if p := r.policyAt(id); p >= 0 {
		return p, nil
	}
	var known []string
	for _, p := range r.Policies {
		known = append(known, p.ID)
	}
	return 0, strict.FaultAt("", strict.Position{}, "sim.one-of",
		"key", "policy", "got", id, "want", known)
}
