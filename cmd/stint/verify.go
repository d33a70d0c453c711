package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/report"
)

// errInputChanged means that an input is not the file the plan was made from.
var errInputChanged = errors.New("an input is not the file the plan was made from")

// verdict is the answer of `stint verify --json`.
type verdict struct {
	Plan   string `json:"plan"`
	Holds  bool   `json:"holds"`
	Inputs int    `json:"inputs_checked"`
	Of     int    `json:"inputs"`
}

func (a *app) verifyCommand() *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:     "verify PLAN",
		Short:   a.tag.Word("help.verify"),
		Long:    a.tag.Word("help.verify-long"),
		Example: "  stint verify plan\n  stint verify plan --data ../shared/data",
		Args:    a.exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.verify(args[0], data, asJSON)
		},
	}
	c.Flags().StringVar(&data, "data", "", a.tag.Word("help.flag-verify-data"))
	c.Flags().BoolVar(&asJSON, "json", false, a.tag.Word("help.flag-json"))
	return c
}

// verify re-checks a plan folder: its numbers first, so that a breach is named as what it is, then
// the files beside plan.json, then the inputs where they can be reached.
func (a *app) verify(dir, data string, asJSON bool) error {
	plan, err := report.Read(dir)
	if err != nil {
		return err
	}
	if err := engine.Verify(plan); err != nil {
		return err
	}
	if err := report.Check(dir, plan); err != nil {
		return err
	}
	checked := 0
	if data != "" {
		if checked, err = a.checkInputs(plan.Inputs, data); err != nil {
			return err
		}
	}
	if asJSON {
		return writeJSON(a.Out, verdict{plan.ID, true, checked, len(plan.Inputs)})
	}
	_, err = fmt.Fprintln(a.Out, a.tag.Text(lang.M("terminal.verified",
		"plan", fmt.Sprintf("%.12s", plan.ID), "sectors", len(plan.Sectors),
		"gap", plan.Certificate.Gap, "checked", checked, "inputs", len(plan.Inputs))))
	return err
}

// checkInputs compares the inputs under the folder data with the plan's hashes and returns how many
// are the same. A city file that lies elsewhere is named with its hash and passed over; anything
// else must be there.
func (a *app) checkInputs(inputs []engine.Input, data string) (int, error) {
	checked := 0
	for _, input := range inputs {
		path := filepath.Join(data, filepath.FromSlash(input.Path))
		sum, err := hashFile(path)
		if os.IsNotExist(err) && input.Role == "city" {
			elsewhere := lang.M("terminal.city-elsewhere",
				"file", input.Path, "data", data, "sha256", input.SHA256)
			if err := a.warn([]string{a.tag.Text(elsewhere)}); err != nil {
				return checked, err
			}
			continue
		}
		if os.IsNotExist(err) {
			return checked, lang.E(errUsage, "input.missing-file", "file", path)
		}
		if err != nil {
			return checked, fmt.Errorf("check input %s: %w", path, err)
		}
		if sum != input.SHA256 {
			return checked, lang.E(errInputChanged, "breach.input",
				"file", path, "got", sum, "want", input.SHA256)
		}
		checked++
	}
	return checked, nil
}

// hashFile returns the SHA-256 of a file in hexadecimal.
func hashFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // read only: nothing can be lost
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
