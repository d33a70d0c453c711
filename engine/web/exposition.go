package web

import (
	"bytes"
	"math"
	"net/http"
	"strconv"
	"strings"
)

// exposition writes metrics in Prometheus' text format.
//
// Source: Prometheus documentation, Exposition formats, text-based format 0.0.4.
type exposition struct {
	bytes.Buffer
	name string
}

// head begins a metric.
func (x *exposition) head(name, kind, help string) {
	x.name = name
	x.WriteString("# HELP " + name + " " + help + "\n# TYPE " + name + " " + kind + "\n")
}

// value writes one value of the metric begun last; labels are pairs of name and value.
func (x *exposition) value(v float64, labels ...string) { x.part("", v, labels...) }

// part writes one value of a part of the metric begun last: _bucket, _sum or _count.
func (x *exposition) part(suffix string, v float64, labels ...string) {
	x.WriteString(x.name + suffix)
	for i := 0; i+1 < len(labels); i += 2 {
		x.WriteByte("{,"[min(i, 1)])
		x.WriteString(labels[i] + `="` + labelEscapes.Replace(labels[i+1]) + `"`)
	}
	if len(labels) > 1 {
		x.WriteByte('}')
	}
	x.WriteString(" " + number(v) + "\n")
}

//nolint:gochecknoglobals // a table that nothing writes
var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// number returns v as the format has it.
func number(v float64) string {
	if math.IsInf(v, 1) {
		return "+Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// expose answers GET /metrics.
func (s *Server) expose(w http.ResponseWriter, r *http.Request) {
	var x exposition
	s.metrics.expose(&x)
	s.exposeEngine(r.Context(), &x)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = w.Write(x.Bytes()) // a scraper that has gone needs no answer
}
