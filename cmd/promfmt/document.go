package main

import (
	"fmt"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// document makes one exposition of the families of several inputs. A family that an earlier input had too goes on
// where it left off, as it would if the inputs were one. Series that occur in both are not looked for.
type document struct {
	strict bool
	// joins tells that the parts of a family will be put together.
	joins    bool
	families map[string]admitted // nil if there is only one input: the reader of it sees to the rest
	file     string              // the input that is being read
	inputs   int                 // how many there have been, with that one
}

// admitted is what is known of a family that has been written.
type admitted struct {
	kind     model.Type
	hasType  bool
	hasHelp  bool
	help     string
	helpFile string // that had the help text
	file     string // that had it last
	input    int    // which of the inputs that is, since one may be named twice
}

func newDocument(inputs int, strict, joins bool) *document {
	d := &document{strict: strict, joins: joins}
	if inputs > 1 {
		d.families = make(map[string]admitted)
	}
	return d
}

// begin begins the next input.
func (d *document) begin(file string) {
	d.file = file
	d.inputs++
}

// admit marks f as the continuation that it may be, with the help text that there was first, and says what is wrong with
// that. A finding of severity error means that f can't be part of the document.
func (d *document) admit(f *model.MetricFamily) (findings []*diag.Diagnostic) {
	if d.families == nil {
		return nil
	}
	name := strings.Clone(f.Name) // that of the family is valid only as long as it is
	before, known := d.families[name]
	now := before
	now.kind, now.hasType, now.file, now.input = f.Type, f.HasType || before.hasType, d.file, d.inputs
	if f.HasHelp && !before.hasHelp {
		now.hasHelp, now.help, now.helpFile = true, strings.Clone(f.Help), d.file
	}
	f.HelpRepeated, f.TypeRepeated = f.HelpRepeated || before.hasHelp, f.TypeRepeated || before.hasType
	if !known || before.input == d.inputs {
		d.families[name] = now
		return nil
	}
	if !d.fit(before, f) {
		return []*diag.Diagnostic{d.finding(f, diag.TypeConflict,
			fmt.Sprintf("family %q is of type %s here and of type %s in %s; this part is left out",
				f.Name, f.Type, before.kind, before.file))}
	}
	if before.hasHelp && f.HasHelp && f.Help != before.help {
		findings = append(findings, d.finding(f, diag.DuplicateHelp,
			fmt.Sprintf("family %q has another help text than in %s; the first is kept", f.Name, before.helpFile)))
		f.Help = before.help
	}
	if before.hasType {
		now.kind = before.kind
	}
	d.families[name] = now
	f.Continued = true
	if d.joins {
		return findings
	}
	return append(findings, d.finding(f, diag.InterleavedFamily,
		fmt.Sprintf("family %q comes back after its lines in %s", f.Name, before.file)))
}

// fit reports whether f can be a part of what is known of its family. Parts that are put together have to be alike.
func (d *document) fit(before admitted, f *model.MetricFamily) bool {
	switch {
	case before.kind == f.Type:
		return true
	case d.joins && (before.kind.IsComplex() || f.Type.IsComplex()):
		return false
	}
	return !before.hasType || !f.HasType
}

func (d *document) finding(f *model.MetricFamily, rule diag.Rule, message string) *diag.Diagnostic {
	severity := rule.Default()
	if d.strict {
		severity = rule.Strict()
	}
	return &diag.Diagnostic{
		Pos:      diag.Position{File: d.file, Line: f.Line, Column: min(f.Line, 1)},
		Severity: severity,
		Rule:     rule,
		Message:  message,
	}
}
