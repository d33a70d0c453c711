package main

import (
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/stint-city/stint/engine/lang"
)

// progress draws one bar a stage on standard error when that is a terminal, and nothing otherwise.
type progress struct {
	app   *app
	bar   *progressbar.ProgressBar
	stage string
	draws bool
}

func newProgress(a *app) *progress {
	file, ok := a.Err.(*os.File)
	return &progress{app: a, draws: ok && term.IsTerminal(int(file.Fd()))}
}

// read reports bytes of a layer.
func (p *progress) read(stage string, done, total int64) {
	p.show(p.app.tag.Text(lang.M("terminal.reading", "layer", stage)), done, total)
}

// decide reports steps of the decision.
func (p *progress) decide(stage string, done, total int) {
	p.show(p.app.tag.Text(lang.M("terminal.deciding", "step", stage)), int64(done), int64(total))
}

func (p *progress) show(stage string, done, total int64) {
	if !p.draws {
		return
	}
	if stage != p.stage {
		p.close()
		p.stage = stage
		p.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(p.app.Err),
			progressbar.OptionSetDescription(stage),
			progressbar.OptionSetWidth(30),
			progressbar.OptionClearOnFinish(),
		)
	}
	// A bar that can't be drawn must not stop a plan.
	_ = p.bar.Set64(done)
}

// close ends the bar and clears its line.
func (p *progress) close() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar, p.stage = nil, ""
	}
}
