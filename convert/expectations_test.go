package convert_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/conformance"
	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

var update = flag.Bool("update", false, "write anew what is expected of the files of the corpus")

// TestExpectations holds what is read of every file of the corpus, and what is said about it, to what is expected of it.
func TestExpectations(t *testing.T) {
	t.Parallel()
	for file := range corpus.Every() {
		t.Run(file.Name, func(t *testing.T) {
			t.Parallel()
			got := layOut(t, expectation(t, file))
			beside := filepath.Join("..", "corpus", filepath.FromSlash(file.Name)+".json")
			if *update {
				require.NoError(t, os.WriteFile(beside, got, 0o644))
			}
			want, err := os.ReadFile(beside)
			require.NoError(t, err)
			if diff := gocmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-expected +got):\n%s", diff)
			}
		})
	}
}

// TestWhatIsReadCanBeWritten holds that nothing is wrong with a family, whatever was wrong with the file.
func TestWhatIsReadCanBeWritten(t *testing.T) {
	t.Parallel()
	for file := range corpus.Every() {
		t.Run(file.Name, func(t *testing.T) {
			t.Parallel()
			var families []*model.MetricFamily
			findings(t, file, func(f *model.MetricFamily) { families = append(families, f) })
			written(t, format.JSON, families)
		})
	}
}

// expectation is what we make of a file.
func expectation(t *testing.T, file corpus.File) corpus.Expectation {
	t.Helper()
	e := corpus.Expectation{Format: file.Format}
	lenient := findings(t, file, func(f *model.MetricFamily) { e.Families = append(e.Families, conformance.Flat(f)) })
	strict := findings(t, file, func(*model.MetricFamily) {}, convert.Strict())
	e.Default, e.Strict = verdict(lenient), verdict(strict)
	e.Findings = paired(lenient, strict)
	return e
}

// findings are the diagnostics of a file in the order of their places.
func findings(t *testing.T, file corpus.File, use func(*model.MetricFamily), opts ...convert.Option) []*diag.Diagnostic {
	t.Helper()
	var found []*diag.Diagnostic
	f, err := format.Parse(file.Format)
	require.NoError(t, err)
	opts = append(opts, convert.OnDiagnostic(func(d *diag.Diagnostic) { found = append(found, d) }))
	reader, err := convert.NewReader(bytes.NewReader(file.Data), f, opts...)
	require.NoError(t, err)
	for family, err := range reader.Families() {
		if err == nil {
			use(family)
			continue
		}
		var d *diag.Diagnostic
		require.ErrorAs(t, err, &d)
		found = append(found, d)
	}
	slices.SortStableFunc(found, func(a, b *diag.Diagnostic) int { return cmp.Compare(a.Pos.Offset, b.Pos.Offset) })
	return found
}

func verdict(found []*diag.Diagnostic) corpus.Verdict {
	if slices.ContainsFunc(found, func(d *diag.Diagnostic) bool { return d.Severity == diag.Error }) {
		return corpus.Refuse
	}
	return corpus.Accept
}

// paired are the findings of two readings, each with both severities.
func paired(lenient, strict []*diag.Diagnostic) []corpus.Finding {
	all := []corpus.Finding{}
	for _, d := range strict {
		f := finding(d)
		f.Default, f.Strict = diag.Off.String(), d.Severity.String()
		all = append(all, f)
	}
	begin := 0
	for _, d := range lenient {
		i := slices.IndexFunc(all[begin:], func(f corpus.Finding) bool {
			f.Default, f.Strict = "", ""
			return f == finding(d)
		})
		if i < 0 { // when strict, it is about something that has been refused
			f := finding(d)
			f.Default, f.Strict = d.Severity.String(), diag.Off.String()
			all = append(all, f)
			continue
		}
		begin += i + 1
		all[begin-1].Default = d.Severity.String()
	}
	slices.SortStableFunc(all, func(a, b corpus.Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return all
}

func finding(d *diag.Diagnostic) corpus.Finding {
	message := d.Message
	if d.Hint != "" {
		message += " (" + d.Hint + ")"
	}
	return corpus.Finding{Line: d.Pos.Line, Column: d.Pos.Column, Rule: d.Rule.ID(), Message: message}
}

// layOut is an expectation as JSON, a finding and a sample a line.
func layOut(t *testing.T, e corpus.Expectation) []byte {
	t.Helper()
	var families []string
	for _, f := range e.Families {
		samples := f.Samples
		f.Samples = []corpus.Sample{}
		head := strings.TrimSuffix(inJSON(t, f), "]}")
		families = append(families, head+lines(t, samples)+"]}")
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n\"format\": %s,\n\"default\": %s,\n\"strict\": %s,\n",
		inJSON(t, e.Format), inJSON(t, e.Default), inJSON(t, e.Strict))
	fmt.Fprintf(&b, "\"findings\": [%s],\n\"families\": [%s]\n}\n", lines(t, e.Findings), block(families))
	return b.Bytes()
}

// lines are values as JSON, each on a line of its own.
func lines[T any](t *testing.T, values []T) string {
	t.Helper()
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = inJSON(t, v)
	}
	return block(texts)
}

func block(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return "\n" + strings.Join(texts, ",\n") + "\n"
}

func inJSON(t *testing.T, v any) string {
	t.Helper()
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(v))
	return strings.TrimSuffix(text.String(), "\n")
}
