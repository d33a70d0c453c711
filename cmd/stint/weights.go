package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/scoring"
)

// judgements is a file of pairwise judgements: how many times as much each item counts as another.
type judgements struct {
	Items      []string    `json:"items"`
	Judgements [][]float64 `json:"judgements"`
	Table      string      `json:"table,omitempty"` // random index: saaty-1980 (default), …
}

// weightsResult is what `stint weights` prints as JSON.
type weightsResult struct {
	Weights map[string]float64 `json:"weights"`
	Lambda  float64            `json:"lambda_max"`
	Ratio   float64            `json:"consistency_ratio"`
	Index   string             `json:"random_index"`
	Worst   [2]string          `json:"worst_pair"`
	Should  float64            `json:"worst_pair_should_be"`
}

func (a *app) weightsCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "weights FILE",
		Short:   a.tag.Word("weights.help"),
		Long:    a.tag.Word("weights.help-long"),
		Example: "  stint weights judgements.yaml",
		Args:    a.exactly(1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.weights(args[0], asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, a.tag.Word("help.flag-json"))
	return c
}

// randomIndex returns the table of a name.
func randomIndex(name string) (scoring.RandomIndex, bool) {
	switch name {
	case "", "saaty-1980":
		return scoring.Saaty1980(), true
	case "saaty-2005":
		return scoring.Saaty2005(), true
	case "donegan-dodd":
		return scoring.DoneganDodd(), true
	}
	return scoring.RandomIndex{}, false
}

func (a *app) weights(name string, asJSON bool) error {
	data, err := readInput(name)
	if err != nil {
		return err
	}
	var j judgements
	at, err := strict.Decode(name, data, mostRules, &j)
	if err != nil {
		return err
	}
	table, ok := randomIndex(j.Table)
	if !ok {
		return strict.FaultAt(name, at.Of("table"), "policy.word", "key", "table", "got", j.Table,
			"known", []string{"saaty-1980", "saaty-2005", "donegan-dodd"})
	}
	if len(j.Items) != len(j.Judgements) {
		return strict.FaultAt(name, at.Of("items"), "weights.items", "items", len(j.Items),
			"rows", len(j.Judgements))
	}
	p, contradiction := scoring.AHP(j.Judgements, table)
	if contradiction != nil && !errors.Is(contradiction, scoring.ErrInconsistent) {
		return strict.FaultFrom(contradiction, name, at.Of("judgements"), "weights.judgements")
	}
	result := weightsResult{
		Weights: map[string]float64{}, Lambda: p.Lambda, Ratio: p.Ratio, Index: p.Index,
		Worst: [2]string{j.Items[p.WorstI], j.Items[p.WorstJ]}, Should: p.Should,
	}
	for i, item := range j.Items {
		result.Weights[item] = p.Weights[i]
	}
	if err := a.tellWeights(j.Items, p, result, asJSON); err != nil {
		return err
	}
	if contradiction != nil {
		return lang.E(errDoubt, "weights.inconsistent", "ratio", p.Ratio,
			"most", scoring.MaxInconsistency, "a", result.Worst[0], "b", result.Worst[1],
			"should", p.Should)
	}
	return nil
}

func (a *app) tellWeights(
	items []string, p scoring.Pairwise, result weightsResult, asJSON bool,
) error {
	if asJSON {
		return writeJSON(a.Out, result)
	}
	t := a.table("weights.head")
	for i, item := range items {
		t.row(item, fmt.Sprintf("%.4f", p.Weights[i]))
	}
	if err := t.flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("weights.ratio", "lambda", p.Lambda,
		"ratio", p.Ratio, "index", p.Index)))
	return err
}
