package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/apportionfile"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/quota/apportion"
)

// apportionFlags are the flags of `stint apportion`.
type apportionFlags struct {
	rows, cols, format, out string
	total                   int
	explain                 bool
	remedies                map[string]int
	settings                apportionfile.Settings
}

func (a *app) apportionCommand() *cobra.Command {
	var f apportionFlags
	c := &cobra.Command{
		Use:   "apportion FILE|-",
		Short: a.tag.Word("apportion.help"),
		Long:  a.tag.Word("apportion.help-long"),
		Example: "  stint apportion question.json\n" +
			`  echo '{"weights":[[6,6,2]],"total":10}' | stint apportion -` + "\n" +
			"  stint apportion weights.csv --row-totals rows.csv --col-totals cols.csv --format csv",
		Args: a.exactly(1),
	}
	flags := c.Flags()
	flags.StringVar(&f.rows, "row-totals", "", a.tag.Word("apportion.flag-rows"))
	flags.StringVar(&f.cols, "col-totals", "", a.tag.Word("apportion.flag-cols"))
	flags.IntVar(&f.total, "total", 0, a.tag.Word("apportion.flag-total"))
	method := flags.String("method", "", a.tag.Word("apportion.flag-method"))
	tolerance := flags.Float64("tolerance", 0, a.tag.Word("apportion.flag-tolerance"))
	share := flags.Float64("local-share", 0, a.tag.Word("apportion.flag-share"))
	seed := flags.Uint64("tie-seed", 0, a.tag.Word("apportion.flag-seed"))
	flags.StringToIntVar(&f.remedies, "remedy", nil, a.tag.Word("apportion.flag-remedy"))
	flags.BoolVar(&f.explain, "explain", false, a.tag.Word("apportion.flag-explain"))
	flags.StringVar(&f.format, "format", "json", a.tag.Word("apportion.flag-format"))
	flags.StringVarP(&f.out, "out", "o", "", a.tag.Word("apportion.flag-out"))
	c.RunE = func(c *cobra.Command, args []string) error {
		f.settings = apportionfile.Settings{
			Method: given(c, "method", method), Tolerance: given(c, "tolerance", tolerance),
			LocalShare: given(c, "local-share", share), TieSeed: given(c, "tie-seed", seed),
		}
		return a.apportion(c, args[0], f)
	}
	return c
}

// given is a flag's value where the command line has the flag, else nil.
func given[T any](c *cobra.Command, name string, value *T) *T {
	if !c.Flags().Changed(name) {
		return nil
	}
	return value
}

// apportion reads a question, solves it and writes the answer, or the proof that there is none.
func (a *app) apportion(c *cobra.Command, path string, f apportionFlags) error {
	vector := c.Flags().Changed("total")
	table := vector || f.rows != "" || f.cols != "" || filepath.Ext(path) == ".csv"
	switch {
	case f.format != "json" && f.format != "csv":
		return usage(lang.E(nil, "apportion.usage-format", "got", f.format))
	case f.explain && f.format == "csv":
		return usage(lang.E(nil, "apportion.usage-explain"))
	case table && vector == (f.rows != "" || f.cols != ""),
		table && !vector && (f.rows == "" || f.cols == ""):
		return usage(lang.E(nil, "apportion.usage-totals"))
	}
	if err := apportionfile.CheckRemedies(f.remedies); err != nil {
		return usage(err)
	}
	bar := newProgress(a)
	defer bar.close()
	r := inputs{ctx: c.Context(), bar: bar}
	read := r.json
	switch {
	case vector:
		read = func(path string) (*apportionfile.Question, error) { return r.vector(path, f.total) }
	case table:
		read = func(path string) (*apportionfile.Question, error) {
			return r.matrix(path, f.rows, f.cols)
		}
	}
	q, err := read(path)
	if err != nil {
		return err
	}
	q.Set(f.settings)
	bar.show(a.tag.Word("apportion.solving"), 0, -1)
	answer, err := solve(c.Context(), q)
	bar.close()
	if shortage, ok := q.Shortage(err); ok {
		shortage.Relaxation = q.Relax(f.remedies)
		return joined(err, writeShortage(a.Out, shortage))
	}
	if err != nil {
		return err
	}
	return a.answer(answer, f)
}

// joined is the first error, or the second if writing the answer to the first failed.
func joined(first, second error) error {
	if second != nil {
		return second
	}
	return first
}

// solve is apportionfile.Solve, left alone when the context ends: the process ends then.
func solve(ctx context.Context, q *apportionfile.Question) (*apportionfile.Answer, error) {
	type result struct {
		answer *apportionfile.Answer
		err    error
	}
	done := make(chan result, 1)
	go func() {
		answer, err := apportionfile.Solve(q)
		done <- result{answer, err}
	}()
	select {
	case r := <-done:
		return r.answer, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// writeShortage writes the proof that nothing answers the question.
func writeShortage(w io.Writer, s apportionfile.Shortage) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(map[string]any{"infeasible": s}); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}

// answer writes an answer where it is wanted, and its warnings to standard error. A table holds no
// certificate, so that is told on standard error too.
func (a *app) answer(answer *apportionfile.Answer, f apportionFlags) error {
	write := func(w io.Writer) error { return answer.WriteJSON(w, a.tag, f.explain) }
	if f.format == "csv" {
		write = answer.WriteCSV
	}
	var err error
	if f.out == "" {
		err = write(a.Out)
	} else {
		err = writeAside(f.out, write)
	}
	if err != nil {
		return err
	}
	texts := []string{}
	for _, m := range answer.Warnings {
		texts = append(texts, a.tag.Text(m))
	}
	if err := a.warn(texts); err != nil {
		return err
	}
	if f.format != "csv" || answer.Certificate.Gap == nil {
		return nil
	}
	units := 0
	for _, row := range answer.Matrix {
		for _, x := range row {
			units += x
		}
	}
	_, err = fmt.Fprintln(a.Err, a.tag.Text(lang.M("apportion.certified", "rows", len(answer.Rows),
		"cols", len(answer.Cols), "units", units, "gap", *answer.Certificate.Gap)))
	return err
}

// unplaced words a matrix that can't be.
func (a *app) unplaced(e *apportion.CutError) lang.Message {
	switch {
	case e.Forced:
		return lang.M("apportion.cut-forced", "cols", a.first(e.Cols), "rows", a.first(e.Rows),
			"need", e.Need, "placeable", e.Placeable, "short", e.Shortfall)
	case len(e.Rows) == 0:
		return lang.M("apportion.cut-lower", "cols", a.first(e.Cols), "short", e.Shortfall)
	}
	args := []any{
		"rows", a.first(e.Rows), "need", e.Need, "placeable", e.Placeable, "short", e.Shortfall,
		"cols", len(e.Cols), "entries", len(e.Entries),
	}
	if len(e.Groups) > 0 {
		return lang.M("apportion.cut-groups", append(args, "groups", len(e.Groups))...)
	}
	return lang.M("apportion.cut", args...)
}

// outside words a total that floors and ceilings don't admit.
func outside(e *apportion.RangeError) lang.Message {
	if e.Total < e.Low {
		return lang.M("apportion.range-low", "total", e.Total, "low", e.Low, "short", e.Low-e.Total)
	}
	return lang.M("apportion.range-high", "total", e.Total, "high", e.High, "short", e.Total-e.High)
}

// first is as many IDs as a sentence can hold, and how many more there are.
func (a *app) first(ids []string) []string {
	const most = 5
	if len(ids) <= most {
		return ids
	}
	return append(append([]string{}, ids[:most]...),
		a.tag.Text(lang.M("apportion.others", "n", len(ids)-most)))
}
