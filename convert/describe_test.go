package convert

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// describe says what a family holds in a few lines: its type, name and help, and its samples.
func describe(f *model.MetricFamily) []string {
	head := strings.Clone(f.Name)
	if f.HasType {
		head = f.Type.String() + " " + head
	}
	if f.Suffix != "" {
		head += " +" + f.Suffix
	}
	if f.HasHelp {
		head += fmt.Sprintf(" %q", f.Help)
	}
	if f.Continued {
		head += " (continued)"
	}
	lines := []string{head}
	loose := 0
	for range f.Samples() {
		loose++
	}
	loose -= len(f.Loose)
	for s := range f.Samples() {
		line := "  " + s.Name
		if !s.Labels.IsEmpty() {
			line += s.Labels.String()
		}
		line += " " + model.FormatFloat(s.Value)
		if ms, _ := s.Timestamp.Millis(); s.Timestamp.Set {
			line += fmt.Sprintf(" @%d", ms)
		}
		if loose--; loose < 0 {
			line += " (loose)"
		}
		lines = append(lines, line)
	}
	return lines
}

// outcome is what reading an input comes to.
type outcome struct {
	families    []string
	diagnostics []string
}

// read reads a whole input from a decoder made with the given options.
func read(t *testing.T, text string, opts ...Option) outcome {
	t.Helper()
	var got outcome
	opts = append(opts, OnDiagnostic(func(d *diag.Diagnostic) { got.diagnose(d) }))
	got.drain(t, NewStringDecoder(text, opts...))
	return got
}

func (o *outcome) diagnose(d *diag.Diagnostic) {
	o.diagnostics = append(o.diagnostics, fmt.Sprintf("%d:%d %s %s", d.Pos.Line, d.Pos.Column, d.Severity, d.Rule))
}

func (o *outcome) drain(t *testing.T, d *Decoder) {
	t.Helper()
	for {
		family, err := d.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			var diagnostic *diag.Diagnostic
			require.ErrorAs(t, err, &diagnostic)
			o.diagnose(diagnostic)
			continue
		}
		o.families = append(o.families, describe(family)...)
	}
}

// lines makes a text of lines, each with a line feed.
func lines(list ...string) string { return strings.Join(list, "\n") + "\n" }

// row is a text and what is made of it.
type row struct {
	name string
	text string
	// families is what comes out by default.
	families []string
	// byDefault and strict are the diagnostics.
	byDefault []string
	strict    []string
}

// check reads the text by default and strictly, with prediction and without it, through the grammar, by
// workers and in reused memory.
func (r row) check(t *testing.T) {
	t.Helper()
	got, strict := read(t, r.text), read(t, r.text, Strict())
	if diff := cmp.Diff(r.families, got.families); diff != "" {
		t.Errorf("families (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(r.byDefault, got.diagnostics); diff != "" {
		t.Errorf("diagnostics by default (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(r.strict, strict.diagnostics); diff != "" {
		t.Errorf("diagnostics when strict (-want +got):\n%s", diff)
	}
	for name, other := range map[string]Option{
		"through the grammar": UseGrammar(), "line by line": withoutPrediction, "by workers": inPieces(16), "with short rosters": withShortRosters,
		"in reused memory": Reuse(),
	} {
		if diff := cmp.Diff(got, read(t, r.text, other), cmp.AllowUnexported(outcome{})); diff != "" {
			t.Errorf("%s (-predicted +other):\n%s", name, diff)
		}
		if diff := cmp.Diff(strict, read(t, r.text, other, Strict()), cmp.AllowUnexported(outcome{})); diff != "" {
			t.Errorf("%s when strict (-predicted +other):\n%s", name, diff)
		}
	}
}

// withoutPrediction has every line read on its own.
func withoutPrediction(o *options) { o.unpredicted = true }

// withShortRosters has the labels of each family compared with those of the family after the next.
func withShortRosters(o *options) { o.rosterLines = 1 }
