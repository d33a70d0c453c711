package simulations

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// The files of a table of demand.
const (
	fileRates = "rates.csv" // cell, h0 … h167: riders an hour by hour of the week
	fileRides = "rides.csv" // from, to, n: rides seen from cell to cell
)

// ratesHead are the columns of a table of rates.
func ratesHead() []string {
	head := []string{"cell"}
	for h := range week {
		head = append(head, "h"+strconv.Itoa(h))
	}
	return head
}

// rateRows are the rows of a table of rates: cells with any.
func rateRows(t *Town, rate []float64) [][]string {
	rows := [][]string{ratesHead()}
	for c, cell := range t.Cells {
		row, any := []string{cell.String()}, false
		for h := range week {
			x := rate[h*len(t.Cells)+c]
			any = any || x > 0
			row = append(row, strconv.FormatFloat(x, 'g', 4, 64))
		}
		if any {
			rows = append(rows, row)
		}
	}
	return rows
}

// rideRows are the rows of where rides went.
func rideRows(t *Town, seen [][]toward) [][]string {
	rows := [][]string{{"from", "to", "n"}}
	for c, list := range seen {
		for _, f := range list {
			rows = append(rows, []string{
				t.Cells[c].String(), t.Cells[f.to].String(), strconv.FormatFloat(f.n, 'g', -1, 64),
			})
		}
	}
	return rows
}

// writeTable writes rows as CSV.
func writeTable(dir, name string, rows [][]string) error {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644)
}

// rates is a table of demand as it was read: cells may be of any town.
type rates struct {
	cells []geo.Cell
	rate  [][]float64 // by cell, then hour of the week
	rides []rideCount
}

type rideCount struct {
	from, to geo.Cell
	n        float64
}

// readRates reads the tables that demand.rates and demand.rides name.
func (s *Scenario) readRates(file, data string, p *past) error {
	p.rates = &rates{}
	var wrong error
	fault := func(column string) bool {
		wrong = errors.Join(wrong, strict.FaultAt(s.Demand.Rates, strict.Position{}, "sim-fit.rate",
			"column", column))
		return false
	}
	err := p.table(s.beside(file, data, s.Demand.Rates), ratesHead(), func(row []string) bool {
		cell, err := geo.ParseCell(row[0])
		if err != nil {
			return fault("cell")
		}
		hours := make([]float64, week)
		for h, text := range row[1:] {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil || !(x >= 0 && x <= 1e6) {
				return fault("h" + strconv.Itoa(h))
			}
			hours[h] = x
		}
		p.rates.cells, p.rates.rate = append(p.rates.cells, cell), append(p.rates.rate, hours)
		return true
	})
	if err != nil || wrong != nil || s.Demand.Rides == "" {
		return errors.Join(err, wrong)
	}
	err = p.table(s.beside(file, data, s.Demand.Rides), []string{"from", "to", "n"},
		func(row []string) bool {
			from, err1 := geo.ParseCell(row[0])
			to, err2 := geo.ParseCell(row[1])
			n, err3 := strconv.ParseFloat(row[2], 64)
			if errors.Join(err1, err2, err3) != nil || !(n >= 0 && n <= 1e12) {
				return fault("from, to or n")
			}
			p.rates.rides = append(p.rates.rides, rideCount{from, to, n})
			return true
		})
	return errors.Join(err, wrong)
}

// tabled is the demand of a table; cells that aren't the town's have no part in it.
func (p *past) tabled(t *Town) func(mean float64) *Demand {
	rate := make([]float64, week*len(t.Cells))
	for i, cell := range p.rates.cells {
		if c, ok := t.grid.Index(cell); ok {
			for h, x := range p.rates.rate[i] {
				rate[h*len(t.Cells)+c] = x
			}
		}
	}
	var seen [][]toward
	if len(p.rates.rides) > 0 {
		seen = make([][]toward, len(t.Cells))
		for _, r := range p.rates.rides {
			from, ok1 := t.grid.Index(r.from)
			if to, ok2 := t.grid.Index(r.to); ok1 && ok2 {
				seen[from] = append(seen[from], toward{int32(to), r.n})
			}
		}
	}
	return fitted(t, rate, seen)
}

// unpacked reads what is in a file that may be packed by gzip.
func unpacked(path string, r io.Reader) (io.Reader, error) {
	if !strings.HasSuffix(path, ".gz") {
		return r, nil
	}
	return gzip.NewReader(r)
}
