package simulations

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

// Job names what was simulated, so that shares of it from many machines can be told from shares of
// anything else: by the same job, every replication counts the same wherever it is made.
type Job struct {
	Format   int      `json:"format"` // of shares and parts
	Tool     string   `json:"tool"`
	Scenario string   `json:"scenario_sha256"`
	Seed     uint64   `json:"seed"`
	Plans    []string `json:"plans"` // by policy; a plan's ID is the hash of its content and inputs
	Riders   string   `json:"riders"`
	Most     int      `json:"most"` // replications of each policy
}

// jobFormat is the shape of shares and parts written here.
const jobFormat = 2

// Job returns the name of what this study simulates; tool is the program and its version.
func (s *Study) Job(tool string) Job {
	j := Job{
		Format: jobFormat, Tool: tool, Scenario: s.Scenario.SHA256(), Seed: s.Scenario.Seed,
		Most: s.Scenario.Replications.Max, Riders: s.riders(),
	}
	for _, w := range s.worlds {
		j.Plans = append(j.Plans, w.bureau.plan.ID)
	}
	return j
}

// SHA256 returns the hash of the scenario's file, in hexadecimal digits.
func (s *Scenario) SHA256() string { return fmt.Sprintf("%x", sha256.Sum256(s.text)) }

// Key returns the job's hash, in hexadecimal digits.
func (j Job) Key() string {
	data, _ := json.Marshal(j) // numbers and texts
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

// Differs returns the first thing in which two jobs differ, as the ID of a word of the catalogue,
// "" where they are one.
func (j Job) Differs(o Job) string {
	switch {
	case j.Format != o.Format:
		return "sim-scale.differs-format"
	case j.Tool != o.Tool:
		return "sim-scale.differs-tool"
	case j.Seed != o.Seed:
		return "sim-scale.differs-seed"
	case j.Scenario != o.Scenario || j.Most != o.Most || j.Riders != o.Riders:
		return "sim-scale.differs-scenario"
	case !slices.Equal(j.Plans, o.Plans):
		return "sim-scale.differs-plans"
	}
	return ""
}

// Blocks returns the first replication of each block of a job, in order.
func (j Job) Blocks() []int {
	var from []int
	for k := 0; k < j.Most; k += block {
		from = append(from, k)
	}
	return from
}

// End returns where the block ends that begins at a replication.
func (j Job) End(from int) int { return min(from+block, j.Most) }

// Share is what one block of replications of one policy counted: what is handed from one machine
// to another.
type Share struct {
	Policy  int      `json:"policy"`
	From    int      `json:"from"` // number of the first replication
	Tallies []*Tally `json:"tallies"`
}

// written is a share as bytes.
type writtenShare struct {
	Job string `json:"job"`
	Share
}

// mostShare bounds a share's bytes before compression.
const mostShare = 1 << 28

// Encode writes a share of a job, compressed.
func (s Share) Encode(j Job) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(writtenShare{j.Key(), s}); err != nil {
		return nil, fmt.Errorf("write a share: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("write a share: %w", err)
	}
	return b.Bytes(), nil
}

// DecodeShare reads a share of a job; name is what faults call it. It returns a *strict.Fault for
// anything but a whole block of one of the job's policies.
func DecodeShare(name string, data []byte, j Job) (Share, error) {
	bad := func(cause error) error {
		return strict.FaultFrom(cause, name, strict.Position{}, "sim-scale.share-unreadable")
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return Share{}, bad(err)
	}
	text, err := io.ReadAll(io.LimitReader(z, mostShare+1))
	if err != nil {
		return Share{}, bad(err)
	}
	if len(text) > mostShare {
		return Share{}, bad(lang.E(nil, "sim-scale.share-large", "most", mostShare))
	}
	var w writtenShare
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return Share{}, bad(err)
	}
	if w.Job != j.Key() {
		return Share{}, strict.FaultAt(name, strict.Position{}, "sim-scale.share-strange")
	}
	if !w.fits(j) {
		return Share{}, bad(lang.E(nil, "sim-scale.share-block", "policy", w.Policy, "from", w.From))
	}
	return w.Share, nil
}

// fits reports whether a share is a whole block of a job, its tallies of one town.
func (s Share) fits(j Job) bool {
	if s.Policy < 0 || s.Policy >= len(j.Plans) || s.From < 0 || s.From >= j.Most ||
		s.From%block != 0 || len(s.Tallies) != j.End(s.From)-s.From {
		return false
	}
	for _, t := range s.Tallies {
		if t == nil || len(t.Walk) != walkBins || len(t.PileMinutes) != pileBins {
			return false
		}
	}
	return true
}

// of reports whether a share's tallies are of a world's cells, operators and days.
func (s Share) of(w *world) bool {
	for _, t := range s.Tallies {
		if len(t.ByCell) != len(w.town.Cells) || len(t.ByOperator) != len(w.operators) ||
			len(t.ByDay) != w.days() {
			return false
		}
	}
	return true
}
