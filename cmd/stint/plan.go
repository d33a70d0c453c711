package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/city"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/report"
)

// warningsShown is how many warnings the terminal lists; the plan keeps all.
const warningsShown = 12

// planFlags are the flags of `stint plan`.
type planFlags struct {
	data, out string
	json      bool
}

func (a *app) planCommand() *cobra.Command {
	var f planFlags
	c := &cobra.Command{
		Use:   "plan CITY.yaml",
		Short: a.tag.Word("help.plan"),
		Long:  a.tag.Word("help.plan-long"),
		Example: "  stint plan city/city.yaml -o plan\n" +
			"  stint plan docs/cities/xiamen.yaml --data ../shared/data",
		Args: a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error { return a.plan(c, args[0], f) },
	}
	c.Flags().StringVar(&f.data, "data", "", a.tag.Word("help.flag-data"))
	c.Flags().StringVarP(&f.out, "out", "o", "", a.tag.Word("help.flag-out"))
	c.Flags().BoolVar(&f.json, "json", false, a.tag.Word("help.flag-json"))
	return c
}

// plan carries out walk A of docs/architecture.md: read, decide, write.
func (a *app) plan(c *cobra.Command, path string, f planFlags) error {
	if f.out != "" {
		if err := report.Vacant(f.out); err != nil {
			return err
		}
	}
	bar := newProgress(a)
	defer bar.close()
	snapshot, err := city.Read(c.Context(), path, city.Options{Data: f.data, Progress: bar.read})
	if err != nil {
		return err
	}
	options := engine.Options{Tool: "stint " + version, Progress: bar.decide}
	plan, err := engine.Decide(snapshot, options)
	if err != nil {
		return err
	}
	dir, err := folder(f.out, plan)
	if err != nil {
		return err
	}
	if err := report.Write(c.Context(), dir, plan, a.tag, snapshot.Zones...); err != nil {
		return err
	}
	bar.close()
	return a.tell(plan, dir, f.json)
}

// folder returns where the plan goes: out, or the first free name made of the city and the plan's
// ID.
func folder(out string, plan *engine.Plan) (string, error) {
	if out != "" {
		return out, nil
	}
	base := fmt.Sprintf("%s-plan-%.8s", plan.City.ID, plan.ID)
	name := base
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); os.IsNotExist(err) {
			return name, nil
		} else if err != nil {
			return "", fmt.Errorf("find a folder for the plan: %w", err)
		}
		name = fmt.Sprintf("%s-%d", base, n)
	}
}

// tell reports a written plan: an object for programs, or a table, the warnings and what to try
// next.
func (a *app) tell(plan *engine.Plan, dir string, asJSON bool) error {
	summary := report.Summary(plan, a.tag)
	if asJSON {
		return writeJSON(a.Out, summary)
	}
	if err := report.Table(a.Out, plan, a.tag); err != nil {
		return err
	}
	if err := a.warn(summary.Warnings); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.Out, "\n"+a.tag.Text(lang.M("terminal.written", "dir", dir)))
	return err
}

// warn lists the first warnings on standard error and says how many there are besides.
func (a *app) warn(warnings []string) error {
	for i, text := range warnings {
		message := lang.M("terminal.warning", "text", text)
		if i == warningsShown {
			message = lang.M("terminal.more-warnings", "n", len(warnings)-i)
		}
		if _, err := fmt.Fprintln(a.Err, a.tag.Text(message)); err != nil {
			return fmt.Errorf("warn: %w", err)
		}
		if i == warningsShown {
			break
		}
	}
	return nil
}

// writeJSON writes v as one indented JSON object.
func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}
