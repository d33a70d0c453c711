package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// large returns a made city of about 20,000 cells and 8 operators in one sector.
func large(b *testing.B) *engine.Plan {
	b.Helper()
	p := fixture(b, 81)
	p.Sectors = p.Sectors[:1]
	s := &p.Sectors[0]
	for k := 3; k < 8; k++ {
		o := s.Operators[k%3]
		o.ID = fmt.Sprintf("operator-%d", k)
		s.Operators = append(s.Operators, o)
		for i := range s.Cells {
			c := &s.Cells[i]
			c.Quotas, c.Claims = append(c.Quotas, c.Quotas[k%3]), append(c.Claims, c.Claims[k%3])
			c.Upper, c.Codes = append(c.Upper, c.Upper[k%3]), append(c.Codes, c.Codes[k%3])
			c.Previous = append(c.Previous, c.Previous[k%3])
		}
	}
	return p
}

func BenchmarkWrite20000Cells8Operators(b *testing.B) {
	p := large(b)
	root := b.TempDir()
	n := 0
	for b.Loop() {
		n++
		dir := filepath.Join(root, fmt.Sprint(n))
		if err := Write(context.Background(), dir, p, lang.English); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck20000Cells8Operators(b *testing.B) {
	p := large(b)
	dir := filepath.Join(b.TempDir(), "plan")
	if err := Write(context.Background(), dir, p, lang.English); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		q, err := Read(dir)
		if err != nil {
			b.Fatal(err)
		}
		if err := Check(dir, q); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPage20000Cells8Operators(b *testing.B) {
	p := large(b)
	var page bytes.Buffer
	if err := writePage(&page, p, lang.English); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := writePage(io.Discard, p, lang.English); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(page.Len()), "page-bytes")
}
