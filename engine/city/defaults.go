package city

import (
	"path"
	"strings"

	"github.com/stint-city/stint/engine/strict"
)

// fill sets the documented default of every key that isn't written.
func (f *File) fill() {
	f.setDefault("tie_seed", func() { f.TieSeed = 1 })
	for i := range f.Sectors {
		s, inner := &f.Sectors[i], strict.ItemPath("sectors", i)
		f.setDefault(strict.KeyPath(inner, "space_share"), func() { s.SpaceShare = 1 })
		f.setDefault(strict.KeyPath(inner, "prior_hours"), func() { s.PriorHours = 2 })
		if t := s.Turnover; t != nil {
			f.setDefault(strict.KeyPath(inner, "turnover.usable"), func() { t.Usable = 1 })
		}
		if s.Service.Model == "newsvendor" && len(s.Service.DayParts) == 0 {
			s.Service.DayParts = []int{0}
		}
	}
	for i := range f.Layers {
		f.fillLayer(strict.ItemPath("layers", i), &f.Layers[i])
	}
	for i := range f.Rubric.Indicators {
		inner := strict.ItemPath("rubric.indicators", i)
		f.setDefault(strict.KeyPath(inner, "source"), func() {
			f.Rubric.Indicators[i].Source = sourceSheet
		})
	}
	f.setDefault("policy.version", func() { f.Policy.Version = "1" })
	f.setDefault("policy.operators.unknown_score", func() {
		f.Policy.Operators.UnknownScore = "neutral"
	})
	f.setDefault("policy.operators.unfilled", func() { f.Policy.Operators.Unfilled = "shrink" })
	f.setDefault("policy.matrix.local_max_share", func() { f.Policy.Matrix.LocalMaxShare = 1 })
	f.Policy.Matrix.Remedies.fill()
	if f.Policy.Matrix.Smoothing == nil {
		const smoothing = 0.2
		f.Policy.Matrix.Smoothing = new(float64)
		*f.Policy.Matrix.Smoothing = smoothing
	}
	for _, list := range [][]Bounds{f.Limits.Districts, f.Limits.Areas, f.Limits.Cells} {
		for i := range list {
			if list[i].Sector == "" && len(f.Sectors) == 1 {
				list[i].Sector = f.Sectors[0].ID
			}
		}
	}
}

// setDefault calls set unless the key is written.
func (f *File) setDefault(key string, set func()) {
	if !f.at.Has(key) {
		set()
	}
}

// fillLayer sets a layer's defaults. The format stays empty where the name doesn't tell it.
func (f *File) fillLayer(at string, l *Layer) {
	f.setDefault(strict.KeyPath(at, "format"), func() { l.Format = formatOf(l.Path) })
	f.setDefault(strict.KeyPath(at, "counts"), func() { l.Counts = "start" })
	f.setDefault(strict.KeyPath(at, "hours"), func() { l.Hours = []int{0, 24} })
	f.setDefault(strict.KeyPath(at, "lint"), func() { l.Lint = "error" })
	f.setDefault(strict.KeyPath(at, "reject_limit"), func() {
		if l.isPoint() {
			l.Rejects = 0.01 // of a stream of many rows a few are always broken
		}
	})
}

// formatOf returns the format that the ending of the first path tells, "" for none.
func formatOf(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	name := strings.TrimSuffix(strings.ToLower(paths[0]), ".gz")
	switch path.Ext(name) {
	case ".csv":
		return formatCSV
	case ".geojson", ".json":
		return formatGeo
	default:
		return ""
	}
}

// fill sets the prices of remedies that the file doesn't name.
func (r *Remedies) fill() {
	for price, missing := range map[**int]int{
		&r.LocalShare: 5, &r.OperatorFewer: 10, &r.OperatorMore: 10, &r.CellFewer: 1, &r.CellMore: 50,
	} {
		if *price == nil {
			*price = &missing
		}
	}
}
