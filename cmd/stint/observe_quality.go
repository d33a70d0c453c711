package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/observe"
)

// readRegister reads the tables of registered vehicles; nil where the file names none.
func readRegister(
	list []observeRegister, data string, h *observe.Hasher,
) (*observe.Register, error) {
	if len(list) == 0 {
		return nil, nil
	}
	out := observe.NewRegister()
	for _, r := range list {
		files, err := filepath.Glob(filepath.Join(data, filepath.FromSlash(r.Files)))
		if err != nil || len(files) == 0 {
			return nil, usage(lang.E(nil, "observe.no-files", "glob", r.Files))
		}
		for _, path := range files {
			file, err := os.Open(path)
			if err != nil {
				return nil, missing(path, err)
			}
			err = out.ReadCSV(path, file, r.Columns, r.Operator, r.Sector, h)
			_ = file.Close() // read only
			if err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// tellQuality prints how fresh, exact and registered each feed is.
func (a *app) tellQuality(list []observe.Health) error {
	_, _ = fmt.Fprintln(a.Out) // flush tells
	t := a.table("street.quality-head")
	unknown := a.tag.Word("word.unknown")
	for i := range list {
		h := &list[i]
		p50, p90, decimals := unknown, unknown, unknown
		if f := oldest(h.Freshness); f != nil {
			p50, p90 = age(f.P50), age(f.P90)
		}
		if h.Decimals != nil {
			decimals = strconv.Itoa(*h.Decimals)
		}
		t.row(h.Operator, orDash(h.Sector), p50, p90, decimals, a.share(h.Coarse), a.share(h.JumpShare),
			a.share(h.Registered), a.share(h.Seen))
	}
	return t.flush()
}

// oldest returns the state of which the words are oldest.
func oldest(list []observe.Freshness) *observe.Freshness {
	var worst *observe.Freshness
	for i := range list {
		if worst == nil || list[i].P90 > worst.P90 {
			worst = &list[i]
		}
	}
	return worst
}

// age writes milliseconds for people.
func age(ms int64) string {
	return (time.Duration(ms) * time.Millisecond).Round(time.Second).String()
}
