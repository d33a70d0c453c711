package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// Breach is the first place where a plan folder does not hold what its plan says.
type Breach struct {
	File  string // name within the folder
	Line  int    // 0 = the file as a whole
	Field string // column, key or mark-up; "" = the line or file as a whole
	Got   string // what the file says
	Want  string // what plan.json says
	err   error  // the same as a sentence of the catalogue
}

// Error returns the breach in English; lang.Tag.Error has it in either language.
func (b *Breach) Error() string { return b.err.Error() }

// Unwrap returns the breach as a *lang.Error, which wraps ErrBreach.
func (b *Breach) Unwrap() error { return b.err }

// breach returns b with its sentence.
func breach(b Breach, id string) *Breach {
	args := []any{"file", b.File}
	if b.Line > 0 {
		args = append(args, "line", b.Line)
	}
	if b.Field != "" {
		args = append(args, "field", b.Field)
	}
	b.err = lang.E(ErrBreach, id, append(args, "got", b.Got, "want", b.Want)...)
	return &b
}

// Check holds the files of a plan folder (or of the folder of a plan.json) against p:
// quotas.csv, cells.csv and scorecards.csv field by field, cells.geojson and scorecards.json
// line by line, zones.geojson by its hash, then p against its own ID, then every file against the
// manifest. The first difference is a *Breach: a changed number is named before any hash. Files
// that no plan folder has are not looked at.
func Check(dir string, p *engine.Plan) error {
	path, err := planPath(dir)
	if err != nil {
		return err
	}
	folder := filepath.Dir(path)
	view, err := reread(p)
	if err != nil {
		return err
	}
	c := &checker{folder: folder, plan: view}
	for _, step := range []func() error{c.tables, c.texts, c.readZones, c.seal, c.manifest} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// checker holds one folder against one plan.
type checker struct {
	folder string
	plan   *engine.Plan
	zones  []engine.Zone // once they were read
}

// open opens a file of the folder; one that isn't there is a breach.
func (c *checker) open(name string) (*os.File, error) {
	f, err := os.Open(filepath.Join(c.folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, breach(Breach{File: name}, "check.missing")
	}
	if err != nil {
		return nil, lang.E(err, "folder.unreadable", "folder", name)
	}
	return f, nil
}

// tables checks the CSV files.
func (c *checker) tables() error {
	for _, t := range []struct {
		name string
		want table
	}{
		{QuotasFile, quotasTable(c.plan)},
		{CellsFile, cellsTable(c.plan)},
		{ScoresCSVFile, scoresTable(c.plan)},
	} {
		f, err := c.open(t.name)
		if err != nil {
			return err
		}
		err = errors.Join(c.table(f, t.name, t.want), f.Close())
		if err != nil {
			return err
		}
	}
	return nil
}

// table checks one CSV file, the header first.
func (c *checker) table(f io.Reader, name string, want table) error {
	in := csv.NewReader(f)
	in.FieldsPerRecord = -1
	in.ReuseRecord = true
	err := c.row(in, name, want.header, want.header)
	if err != nil {
		return err
	}
	want.rows(func(fields []string) bool {
		err = c.row(in, name, want.header, fields)
		return err == nil
	})
	if err != nil {
		return err
	}
	got, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil
	}
	line, _ := in.FieldPos(0)
	return breach(Breach{File: name, Line: line, Got: joined(got)}, "check.extra-row")
}

// row checks the next record against the fields it should have.
func (c *checker) row(in *csv.Reader, name string, header, want []string) error {
	got, err := in.Read()
	if errors.Is(err, io.EOF) {
		return breach(Breach{File: name, Want: joined(want)}, "check.missing-row")
	}
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return breach(Breach{File: name, Line: bad.StartLine, Got: bad.Err.Error()}, "check.not-csv")
	}
	if err != nil {
		return lang.E(err, "folder.unreadable", "folder", name)
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			line, _ := in.FieldPos(i)
			return c.differs(Breach{name, line, header[i], got[i], want[i], nil})
		}
	}
	if len(got) != len(want) {
		line, _ := in.FieldPos(0)
		return breach(Breach{
			File: name, Line: line, Got: strconv.Itoa(len(got)), Want: strconv.Itoa(len(want)),
		}, "check.fields")
	}
	return nil
}

// differs returns a breach between a file and plan.json. It says which of the two was changed
// when plan.json no longer is what its ID says.
func (c *checker) differs(b Breach) error {
	if sealed, err := c.plan.Sealed(); err == nil && !sealed {
		return breach(b, "check.differs-unsealed")
	}
	return breach(b, "check.differs")
}

// joined writes a record as one line.
func joined(fields []string) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(fields) // a buffer takes everything
	w.Flush()
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// seal checks the plan against its own ID.
func (c *checker) seal() error {
	blank := *c.plan
	if _, err := blank.Seal(); err != nil {
		return err
	}
	if blank.ID != c.plan.ID {
		return breach(Breach{PlanFile, 0, "id", c.plan.ID, blank.ID, nil}, "check.seal")
	}
	return nil
}

// manifest checks every file against its size and hash.
func (c *checker) manifest() error {
	m, err := c.readManifest()
	if err != nil {
		return err
	}
	if m.Plan != c.plan.ID {
		return breach(Breach{ManifestFile, 0, "plan", m.Plan, c.plan.ID, nil}, "check.manifest-plan")
	}
	files, err := contents(c.plan, m.Language, c.zones)
	if err != nil {
		return err
	}
	for i, f := range files {
		if i >= len(m.Files) || m.Files[i].Name != f.name {
			return breach(Breach{File: ManifestFile, Want: f.name}, "check.unlisted")
		}
		if err := c.sum(f, m.Files[i]); err != nil {
			return err
		}
	}
	return nil
}

// readManifest reads manifest.json strictly.
func (c *checker) readManifest() (Manifest, error) {
	var m Manifest
	f, err := c.open(ManifestFile)
	if err != nil {
		return m, err
	}
	d := json.NewDecoder(io.LimitReader(f, 1<<20))
	d.DisallowUnknownFields()
	if err := errors.Join(d.Decode(&m), f.Close()); err != nil {
		return m, breach(Breach{File: ManifestFile, Got: err.Error()}, "check.not-manifest")
	}
	return m, nil
}

// sum checks one file's size and hash. Where they differ, and this version would write what the
// manifest lists, the first line that differs is named instead.
func (c *checker) sum(want file, listed FileSum) error {
	f, err := c.open(want.name)
	if err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return lang.E(err, "folder.unreadable", "folder", want.name)
	}
	got := hex.EncodeToString(h.Sum(nil))
	if n == listed.Bytes && got == listed.SHA256 {
		return nil
	}
	var text bytes.Buffer
	if err := want.write(&text); err != nil {
		return err
	}
	again := sha256.Sum256(text.Bytes())
	if hex.EncodeToString(again[:]) == listed.SHA256 {
		if err := c.lines(want.name, &text); err != nil {
			return err
		}
	}
	return breach(Breach{want.name, 0, "sha256", got, listed.SHA256, nil}, "check.hash")
}
