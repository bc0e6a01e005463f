package main

import (
	"io"

	"github.com/promfmt/promfmt/diag"
)

// report writes diagnostics to the screen, each as one line and, with context, the source line and a caret.
type report struct {
	screen  *screen
	context bool
}

// newReport is a report with the source lines if they are asked for or somebody is watching.
func newReport(s *screen, context bool) *report { return &report{s, context || s.terminal} }

func (r *report) add(d *diag.Diagnostic) error {
	text := d.Error() + "\n"
	if r.context {
		text += d.Caret()
	}
	_, err := io.WriteString(r.screen, text)
	return err
}

func (r *report) close() error { return r.screen.Flush() }
