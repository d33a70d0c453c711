package apportionfile

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/quota/apportion"
)

// units are those of a certificate's primal and dual cost.
const units = "2^-36 nat"

// WriteJSON writes an answer as one object, a row of the matrix a line, its texts in one language.
// With explain every entry's reading comes along (Explain).
func (a *Answer) WriteJSON(w io.Writer, tag lang.Tag, explain bool) error {
	o := object{w: bufio.NewWriterSize(w, 1<<16)}
	o.put("method", a.Method)
	o.put("rows", a.Rows)
	o.put("cols", a.Cols)
	o.lines("matrix", len(a.Matrix), func(i int) any { return a.Matrix[i] })
	o.put("row_multipliers", numbers(a.RowMultipliers))
	o.put("col_multipliers", numbers(a.ColMultipliers))
	if a.GroupMultipliers != nil {
		o.lines("group_multipliers", len(a.GroupMultipliers), func(i int) any {
			return numbers(a.GroupMultipliers[i])
		})
	}
	if a.Method == apportion.Nearest {
		o.put("distance", a.Distance())
	}
	o.put("certificate", a.certificate(tag))
	if a.Method == apportion.LargestRemainder {
		o.put("paradox", a.paradox())
	}
	texts := []string{}
	for _, m := range a.Warnings {
		texts = append(texts, tag.Text(m))
	}
	o.put("warnings", texts)
	if explain {
		n := len(a.Cols)
		o.lines("entries", len(a.Rows)*n, func(i int) any { return a.Explain(i/n, i%n) })
	}
	return o.close()
}

// certificate is what an answer says of its proof.
func (a *Answer) certificate(tag lang.Tag) any {
	c := a.Certificate
	switch {
	case c.Gap == nil:
		return struct {
			Gap *int64 `json:"gap"`
			Why string `json:"why"`
		}{nil, tag.Text(*c.Why)}
	case a.Vector:
		return struct {
			Gap  *int64   `json:"gap"`
			Low  *float64 `json:"multiplier_low"`
			High *float64 `json:"multiplier_high"`
		}{c.Gap, finite(c.Low), finite(c.High)}
	}
	return struct {
		Gap    *int64 `json:"gap"`
		Primal string `json:"primal"`
		Dual   string `json:"dual"`
		Unit   string `json:"unit"`
	}{c.Gap, c.Primal, c.Dual, units}
}

// loss is whom a total of one more would take from.
type loss struct {
	ID   string `json:"id"`
	From int    `json:"from"`
	To   int    `json:"to"`
}

// paradox is the Alabama paradox at the next total, nil where there is none.
func (a *Answer) paradox() any {
	if len(a.Losses) == 0 {
		return nil
	}
	var list []loss
	for _, x := range a.Losses {
		list = append(list, loss{x.ID, x.Quota, x.Next})
	}
	return struct {
		Total  int    `json:"total"`
		Losses []loss `json:"losses"`
	}{a.Total + 1, list}
}

// finite is a number as JSON has it: null for infinity.
func finite(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

// numbers are finite numbers; nil stays null.
func numbers(list []float64) []*float64 {
	if list == nil {
		return nil
	}
	out := make([]*float64, len(list))
	for i, x := range list {
		out[i] = finite(x)
	}
	return out
}

// object writes one JSON object key by key, so that no answer has to be in memory twice. What goes
// wrong comes out of close.
type object struct {
	w    *bufio.Writer
	keys int
	err  error
}

// key writes a key and what comes before it.
func (o *object) key(key string) {
	open := ",\n  "
	if o.keys == 0 {
		open = "{\n  "
	}
	o.keys++
	o.text(open + strconv.Quote(key) + ": ")
}

func (o *object) text(text string) {
	if o.err == nil {
		_, o.err = o.w.WriteString(text)
	}
}

// value writes a value on one line.
func (o *object) value(v any) {
	if o.err != nil {
		return
	}
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if o.err = encoder.Encode(v); o.err == nil {
		_, o.err = o.w.Write(bytes.TrimSuffix(line.Bytes(), []byte("\n")))
	}
}

// put writes a key with its value on one line.
func (o *object) put(key string, v any) {
	o.key(key)
	o.value(v)
}

// lines writes a key with a list of n values, each on its own line.
func (o *object) lines(key string, n int, value func(int) any) {
	o.key(key)
	for i := range n {
		if i > 0 {
			o.text(",")
		} else {
			o.text("[")
		}
		o.text("\n    ")
		o.value(value(i))
	}
	o.text("\n  ]")
}

func (o *object) close() error {
	o.text("\n}\n")
	if o.err == nil {
		o.err = o.w.Flush()
	}
	if o.err != nil {
		return fmt.Errorf("write the answer: %w", o.err)
	}
	return nil
}

// WriteCSV writes a line row, col, quota for every entry with a weight or a quota, row by row.
func (a *Answer) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	err := c.Write([]string{"row", "col", "quota"})
	record := make([]string, 3)
	for o, row := range a.Matrix {
		for k, x := range row {
			if err != nil {
				return fmt.Errorf("write the answer: %w", err)
			}
			if x == 0 && a.Weights[o][k] == 0 {
				continue
			}
			record[0], record[1], record[2] = a.Rows[o], a.Cols[k], strconv.Itoa(x)
			err = c.Write(record)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}
