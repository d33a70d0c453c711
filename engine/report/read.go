package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// maxPlan is the largest plan.json that is read: several times that of 100,000 cells and 10
// operators.
const maxPlan = 1 << 30

// Read returns the plan at path: a plan folder, or a plan.json itself. Keys that are not a
// plan's, slices that don't answer each other and another schema are errors; those that mean the
// content, not the file system, wrap ErrPlan. Whether the numbers hold is for Check and
// engine.Verify.
func Read(path string) (*engine.Plan, error) {
	path, err := planPath(path)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, lang.E(err, "folder.no-plan", "file", path)
	}
	p, err := decode(f)
	if err := f.Close(); err != nil {
		return nil, lang.E(err, "folder.no-plan", "file", path)
	}
	if err != nil {
		return nil, lang.E(errors.Join(ErrPlan, err), "folder.bad-plan", "file", path, "why", err)
	}
	return p, nil
}

// planPath returns the path of plan.json in a folder, and any other path as it is.
func planPath(path string) (string, error) {
	at, err := os.Stat(path)
	if err != nil {
		return "", lang.E(err, "folder.no-plan", "file", path)
	}
	if at.IsDir() {
		return filepath.Join(path, PlanFile), nil
	}
	return path, nil
}

// decode reads one plan and nothing after it.
func decode(r io.Reader) (*engine.Plan, error) {
	limited := &io.LimitedReader{R: r, N: maxPlan + 1}
	d := json.NewDecoder(limited)
	d.DisallowUnknownFields()
	p := new(engine.Plan)
	err := d.Decode(p)
	switch {
	case limited.N <= 0:
		return nil, lang.E(nil, "folder.too-large", "bytes", maxPlan)
	case err != nil:
		return nil, fault(err, d.InputOffset())
	case p.Schema != engine.PlanSchema:
		return nil, lang.E(nil, "folder.schema", "got", p.Schema, "want", engine.PlanSchema)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, lang.E(nil, "folder.trailing", "byte", d.InputOffset())
	}
	return p, shape(p)
}

// fault says where JSON went wrong: the byte, and the key where there is one.
func fault(err error, offset int64) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return lang.E(err, "folder.syntax", "byte", syntax.Offset)
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return lang.E(err, "folder.type", "key", kind.Field, "byte", kind.Offset, "got", kind.Value)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return lang.E(err, "folder.cut", "byte", offset)
	}
	return err
}

// shape returns an error unless slices that answer each other are of one length and indices lie
// inside.
func shape(p *engine.Plan) error {
	for i := range p.Sectors {
		s := &p.Sectors[i]
		for n := range s.Nodes {
			if parent := s.Nodes[n].Parent; parent < -1 || parent >= n {
				return lang.E(nil, "folder.shape", "sector", s.ID, "where", s.Nodes[n].ID, "key", "parent")
			}
		}
		for c := range s.Cells {
			if key := badKey(s, &s.Cells[c]); key != "" {
				return lang.E(nil, "folder.shape",
					"sector", s.ID, "where", s.Cells[c].Cell.String(), "key", key)
			}
		}
	}
	return nil
}

// badKey returns the first key of the cell that doesn't answer the sector's operators or nodes.
func badKey(s *engine.SectorPlan, c *engine.CellPlan) string {
	n := len(s.Operators)
	switch {
	case c.Node < 0 || c.Node >= len(s.Nodes):
		return "node"
	case len(c.Quotas) != n:
		return "quotas"
	case len(c.Claims) != n:
		return "claims"
	case len(c.Upper) != n:
		return "upper"
	case len(c.Codes) != n:
		return "codes"
	case len(c.Previous) != 0 && len(c.Previous) != n:
		return "previous"
	}
	return ""
}

// reread returns p as Read would have it: the arguments of notes as JSON has them. What is
// rendered from it is the same before plan.json was written and after.
func reread(p *engine.Plan) (*engine.Plan, error) {
	if err := shape(p); err != nil {
		return nil, errors.Join(ErrPlan, err)
	}
	data, err := json.Marshal(p.Notes)
	if err != nil {
		return nil, fmt.Errorf("encode notes: %w", err)
	}
	view := *p
	view.Notes = nil
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&view.Notes); err != nil {
		return nil, fmt.Errorf("decode notes: %w", err)
	}
	return &view, nil
}
