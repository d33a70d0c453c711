package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// textTable writes columns under a heading of the catalogue; an error comes back from flush.
type textTable struct{ w *tabwriter.Writer }

func (a *app) table(head string) textTable {
	t := textTable{tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)}
	t.row(a.tag.Word(head))
	return t
}

// row writes one row; what is in a cell can't break the table.
func (t textTable) row(cells ...string) {
	clean := strings.NewReplacer("\n", " ", "\r", " ")
	_, _ = fmt.Fprintln(t.w, clean.Replace(strings.Join(cells, "\t"))) // flush tells
}

func (t textTable) flush() error { return t.w.Flush() }
