package web

import (
	"strconv"

	"github.com/stint-city/stint/engine"
)

// PictureAnswer is a sector at one moment.
type PictureAnswer struct {
	Sector    string        `json:"sector"`
	Plan      string        `json:"plan"`
	Epoch     int64         `json:"epoch"`
	Event     string        `json:"event" doc:"Last event it includes"`
	Operators []string      `json:"operators" nullable:"false"`
	City      PictureCell   `json:"city"`
	Cells     []PictureCell `json:"cells" nullable:"false"`
}

// PictureCell is one cell, or the whole city. What its reader may not know is absent, or null in a
// list. caps[k], stands[k] and holds[k] answer operators[k].
type PictureCell struct {
	Cell     string `json:"cell,omitempty" doc:"H3 index; absent for the city"`
	Cap      int    `json:"cap" doc:"Vehicles the plan allows"`
	Standing *int   `json:"standing,omitempty" doc:"Vehicles of all operators that stand"`
	Held     *int   `json:"held,omitempty" doc:"Vehicles of all operators that are held"`
	Caps     []int  `json:"caps" doc:"By operator"`
	Stands   []*int `json:"stands,omitempty" doc:"By operator"`
	Holds    []*int `json:"holds,omitempty" doc:"By operator"`
}

// appendPicture appends a sector's cells as an identity may know them.
func appendPicture(b []byte, sector string, p *engine.Picture, who Identity) []byte {
	w := pictureWriter{all: who.mayCount(""), known: make([]bool, len(p.Operators))}
	b = appendText(append(b, `{"sector":`...), sector)
	b = appendText(append(b, `,"plan":`...), p.Plan)
	b = strconv.AppendInt(append(b, `,"epoch":`...), p.Epoch, 10)
	b = appendText(append(b, `,"event":`...), p.Event.String())
	b = append(b, `,"operators":[`...)
	for k, operator := range p.Operators {
		if k > 0 {
			b = append(b, ',')
		}
		b = appendText(b, operator)
		w.known[k] = who.mayCount(operator)
		w.any = w.any || w.known[k]
	}
	b = w.count(append(b, `],"city":{`...), p.City, p.Own)
	b = append(b, `,"cells":[`...)
	for i := range p.Cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"cell":"`...)
		b = append(strconv.AppendUint(b, uint64(p.Cells[i].Cell), 16), `",`...)
		b = w.count(b, p.Cells[i].Count, p.Cells[i].Own)
	}
	return append(b, "]}\n"...)
}

// pictureWriter writes counts as one reader may know them.
type pictureWriter struct {
	all   bool   // the counts of all operators together
	known []bool // by operator
	any   bool   // some of known
}

// count appends the members of a PictureCell from cap on, and closes it.
func (w *pictureWriter) count(b []byte, all engine.Count, own []engine.Count) []byte {
	b = appendInt(append(b, `"cap":`...), all.Cap)
	if w.all {
		b = appendInt(append(b, `,"standing":`...), all.Standing)
		b = appendInt(append(b, `,"held":`...), all.Held)
	}
	b = append(b, `,"caps":[`...)
	for k := range own {
		b = appendInt(comma(b, k), own[k].Cap)
	}
	b = append(b, ']')
	if w.any {
		b = append(b, `,"stands":[`...)
		for k := range own {
			b = w.maybe(comma(b, k), k, own[k].Standing)
		}
		b = append(b, `],"holds":[`...)
		for k := range own {
			b = w.maybe(comma(b, k), k, own[k].Held)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// maybe appends a number of operator k, null where it may not be known.
func (w *pictureWriter) maybe(b []byte, k, n int) []byte {
	if !w.known[k] {
		return append(b, "null"...)
	}
	return appendInt(b, n)
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }
