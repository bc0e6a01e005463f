package convert

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// describeWhole is describe with what only some formats say: units, exact times, exemplars and native histograms.
func describeWhole(f *model.MetricFamily) []string {
	lines := describe(f)
	if f.HasUnit {
		lines[0] += fmt.Sprintf(" in %q", f.Unit)
	}
	for i := range f.Metrics {
		lines = append(lines, describeMetric(&f.Metrics[i])...)
	}
	for _, s := range f.Loose {
		if s.Exemplar != nil {
			lines = append(lines, "  loose "+describeExemplar(s.Exemplar))
		}
	}
	return lines
}

func describeMetric(m *model.Metric) (lines []string) {
	of := func(format string, args ...any) {
		lines = append(lines, fmt.Sprintf("  of %s: "+format, append([]any{m.Labels}, args...)...))
	}
	if m.Timestamp.Set {
		of("at %s", describeTime(m.Timestamp))
	}
	if created := m.Created(); created.Set {
		of("since %s", describeTime(created))
	}
	for _, x := range m.Exemplars() {
		of("%s", describeExemplar(&x))
	}
	h := m.Histogram()
	if h == nil {
		return lines
	}
	for _, x := range h.Exemplars {
		of("bucket %d %s", x.Bucket, describeExemplar(&x.Exemplar))
	}
	if h.BoundTexts != nil {
		of("bounds %s", strings.Join(h.BoundTexts, " "))
	}
	if h.Native != nil {
		of("native %v", *h.Native)
	}
	return lines
}

func describeTime(t model.Timestamp) string { return fmt.Sprintf("%d s + %d ns", t.Seconds, t.Nanos) }

func describeExemplar(x *model.Exemplar) string {
	text := fmt.Sprintf("exemplar %s %s", x.Labels, model.FormatFloat(x.Value))
	if x.Timestamp.Set {
		text += " at " + describeTime(x.Timestamp)
	}
	return text
}

// openMetricsRow is a text of OpenMetrics without its EOF line, and what is made of it.
type openMetricsRow struct {
	name string
	text string
	// families is what comes out by default.
	families []string
	// byDefault and strict are the diagnostics.
	byDefault []string
	strict    []string
	// kept is what comes out when strict; nil if it does not matter.
	kept []string
}

// check reads the text by default and strictly, with prediction and without it, and through the grammar.
func (r openMetricsRow) check(t *testing.T, format Option) {
	t.Helper()
	text := r.text + "# EOF\n"
	families, byDefault := readOpenMetricsText(t, text, format)
	kept, strict := readOpenMetricsText(t, text, format, Strict())
	if diff := cmp.Diff(r.families, families); diff != "" {
		t.Errorf("families (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(r.byDefault, byDefault); diff != "" {
		t.Errorf("diagnostics by default (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(r.strict, strict); diff != "" {
		t.Errorf("diagnostics when strict (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(r.kept, kept); r.kept != nil && diff != "" {
		t.Errorf("families when strict (-want +got):\n%s", diff)
	}
	holdOpenMetricsReaders(t, "by default", []byte(text), format)
	holdOpenMetricsReaders(t, "strict", []byte(text), format, Strict())
}

func readOpenMetricsText(t *testing.T, text string, opts ...Option) (families, diagnostics []string) {
	t.Helper()
	note := func(d *diag.Diagnostic) {
		diagnostics = append(diagnostics, fmt.Sprintf("%d:%d %s %s", d.Pos.Line, d.Pos.Column, d.Severity, d.Rule))
	}
	for family, err := range NewStringDecoder(text, append(opts, OnDiagnostic(note))...).Families() {
		if err != nil {
			var d *diag.Diagnostic
			require.ErrorAs(t, err, &d)
			note(d)
			continue
		}
		families = append(families, describeWhole(family)...)
	}
	return families, diagnostics
}
