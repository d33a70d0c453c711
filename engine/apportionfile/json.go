package apportionfile

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota/apportion"
)

// keys are what a question may hold.
func keys() []string {
	return []string{
		"rows", "cols", "weights", "row_totals", "col_totals", "total", "lower", "upper", "previous",
		"tolerance", "tie_seed", "method", "local_share", "row_least", "col_least", "group",
		"group_most",
	}
}

// ReadJSON reads a question from one JSON object; name is what faults call the file. The slices
// of the answer fit each other; Solve checks what their numbers say.
func ReadJSON(name string, data []byte) (*Question, error) {
	if len(data) > MaxBytes {
		return nil, strict.FaultAt(name, strict.Position{}, "apportion.file-size",
			"most", MaxBytes>>20)
	}
	t, err := newTokens(name, data)
	if err != nil {
		return nil, err
	}
	r := reader{tokens: t, q: &Question{name: name, at: strict.Positions{"": strict.At(1, 1)}}}
	if err := r.object(); err != nil {
		return nil, err
	}
	if err := r.q.shape(); err != nil {
		return nil, err
	}
	return r.q, nil
}

// reader fills a question from tokens.
type reader struct {
	*tokens
	q *Question
}

// object reads the whole file: one object and nothing behind it.
func (r *reader) object() error {
	if err := r.next(); err != nil {
		return err
	}
	if !r.is('{') {
		return r.fault("apportion.no-object")
	}
	for {
		if err := r.next(); err != nil {
			return err
		}
		key, ok := r.last.(string)
		if !ok {
			break // the closing brace: the decoder takes nothing else
		}
		if err := r.key(key); err != nil {
			return err
		}
	}
	r.skip()
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return r.fault("apportion.json-more")
	}
	return nil
}

// key checks a key, notes where it stands, and reads its value.
func (r *reader) key(key string) error {
	if !slices.Contains(keys(), key) {
		if near := strict.Nearest(key, keys()); near != "" {
			return r.fault("strict.unknown-key-near", "key", key, "near", near)
		}
		return r.fault("strict.unknown-key", "key", key, "known", keys())
	}
	place := r.place()
	if r.q.at.Has(key) {
		return r.fault("strict.repeated-key", "key", key, "first", r.q.at.Of(key).Line)
	}
	r.q.at[key] = place
	if err := r.next(); err != nil {
		return err
	}
	if r.last == nil { // null is as good as leaving the key out
		delete(r.q.at, key)
		return nil
	}
	return r.value(key)
}

// value reads the value of a key, of which the first token is read.
func (r *reader) value(key string) (err error) {
	q := r.q
	switch key {
	case "rows":
		q.Rows, err = r.ids(key, MaxRows)
	case "cols":
		q.Cols, err = r.ids(key, MaxCols)
	case "weights":
		q.Weights, err = matrix(r, key, r.weight)
	case "lower":
		q.Lower, err = matrix(r, key, r.count)
	case "upper":
		q.Upper, err = matrix(r, key, r.bound)
	case "previous":
		q.Previous, err = matrix(r, key, r.count)
	case "group_most":
		q.GroupMost, err = matrix(r, key, r.bound)
	case "row_totals":
		q.RowTotals, err = list(r, key, MaxRows, r.count)
	case "col_totals":
		q.ColTotals, err = list(r, key, MaxCols, r.count)
	case "row_least":
		q.RowLeast, err = list(r, key, MaxRows, r.count)
	case "col_least":
		q.ColLeast, err = list(r, key, MaxCols, r.count)
	case "group":
		q.Group, err = list(r, key, MaxCols, r.count)
	default:
		return r.setting(key)
	}
	return err
}

// setting reads a value that is no list.
func (r *reader) setting(key string) (err error) {
	q := r.q
	switch key {
	case "total":
		q.Vector = true
		q.Total, err = r.count(key)
	case "tolerance":
		q.Tolerance, err = r.float(key)
	case "local_share":
		q.LocalShare, err = r.float(key)
	case "tie_seed":
		q.Ties = true
		q.TieSeed, err = r.seed(key)
	case "method":
		var text string
		text, err = r.text(key)
		q.Method = apportion.Method(text)
	}
	return err
}

// seed is the last token as a whole number of 64 bits without sign.
func (r *reader) seed(key string) (uint64, error) {
	var x uint64
	n, ok := r.last.(json.Number)
	if !ok || json.Unmarshal([]byte(n), &x) != nil {
		return 0, r.fault("apportion.seed", "key", key, "got", r.written(),
			"most", uint64(math.MaxUint64))
	}
	return x, nil
}

// ids reads a list of IDs, none empty and none twice.
func (r *reader) ids(key string, most int) ([]string, error) {
	seen := map[string]bool{}
	return list(r, key, most, func(key string) (string, error) {
		id, err := r.text(key)
		switch {
		case err != nil:
			return "", err
		case id == "":
			return "", r.fault("apportion.id-empty", "key", key)
		case seen[id]:
			return "", r.fault("apportion.id-twice", "key", key, "id", id)
		}
		seen[id] = true
		return id, nil
	})
}

// list reads a list of at most so many items, of which the bracket is read.
func list[T any](
	r *reader, key string, most int, item func(string) (T, error),
) ([]T, error) {
	if !r.is('[') {
		return nil, r.wrong(key, "list")
	}
	if err := r.next(); err != nil {
		return nil, err
	}
	return items(r, key, most, item)
}

// items reads the items of a list, of which the first token is read, up to its closing bracket.
func items[T any](
	r *reader, key string, most int, item func(string) (T, error),
) ([]T, error) {
	list := []T{}
	for !r.is(']') {
		if len(list) == most {
			return nil, r.fault("apportion.too-many", "key", key, "most", most)
		}
		x, err := item(key)
		if err != nil {
			return nil, err
		}
		list = append(list, x)
		if err := r.next(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// matrix reads a list of rows, of which the bracket is read. One row may stand without brackets of
// its own.
func matrix[T any](r *reader, key string, item func(string) (T, error)) ([][]T, error) {
	if !r.is('[') {
		return nil, r.wrong(key, "list")
	}
	if err := r.next(); err != nil {
		return nil, err
	}
	if !r.is('[') && !r.is(']') {
		r.q.flat = append(r.q.flat, key)
		row, err := items(r, key, MaxCols, item)
		return [][]T{row}, err
	}
	n, left := 0, MaxEntries
	return items(r, key, MaxRows, func(key string) ([]T, error) {
		r.q.at[strict.ItemPath(key, n)] = r.place()
		n++
		row, err := list(r, key, MaxCols, item)
		left -= len(row)
		if err == nil && left < 0 {
			err = r.fault("apportion.too-many", "key", key, "most", MaxEntries)
		}
		return row, err
	})
}
