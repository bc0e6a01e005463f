//go:build interop

package interop

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/conformance"
)

var update = flag.Bool("update", false, "write corpus/CONFORMANCE.md anew")

// conformanceFile has the results of the parsers.
const conformanceFile = "../corpus/CONFORMANCE.md"

// TestConformance holds that the parsers make of the corpus what is written down, and that every difference is explained.
func TestConformance(t *testing.T) {
	t.Parallel()
	var document strings.Builder
	document.WriteString(conformanceHead)
	for _, p := range conformingParsers {
		version := versionOf(t, p.debianPackage)
		report := conform(t, p.command, p.options, p.only...)
		p.explain(t, report)
		p.describe(t, &document, version, report)
	}
	got := strings.TrimSuffix(document.String(), "\n")
	if *update {
		require.NoError(t, os.WriteFile(conformanceFile, []byte(got), 0o644))
	}
	want, err := os.ReadFile(conformanceFile)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(string(want), got), "make conformance writes it anew")
}

// conform runs a command, which may name files of the repository, on the corpus.
func conform(t *testing.T, command string, o conformance.Options, only ...string) *conformance.Report {
	t.Helper()
	files, err := conformance.Select(only)
	require.NoError(t, err)
	o.Timeout, o.Parallel = patience, runtime.GOMAXPROCS(0)
	report, err := conformance.Run(t.Context(), "cd .. && "+command, files, o)
	require.NoError(t, err)
	return report
}

// explain fails the test unless every difference has its place in a row, and every row is about differences.
func (p *conformingParser) explain(t *testing.T, report *conformance.Report) {
	t.Helper()
	outcomes := make(map[string]conformance.Outcome)
	for _, d := range report.Differences() {
		outcomes[d.File] = d.Outcome
		explained := func(row explanation) bool { return row.outcome == d.Outcome && slices.Contains(row.files, d.File) }
		if !slices.ContainsFunc(p.differences, explained) {
			t.Errorf("%s: %s is %s: %s", p.name, d.File, d.Outcome, d.Reason)
		}
	}
	for _, row := range p.differences {
		for _, file := range row.files {
			if outcome, ok := outcomes[file]; !ok || outcome != row.outcome {
				t.Errorf("%s: %s is not %s any more: %s", p.name, file, row.outcome, row.reason)
			}
		}
	}
}

// describe writes the chapter about a parser.
func (p *conformingParser) describe(t *testing.T, w *strings.Builder, version string, report *conformance.Report) {
	t.Helper()
	fmt.Fprintf(w, "\n## %s\n\nPackage `%s`, version %s. %s\n\n", p.name, p.debianPackage, version, p.about)
	fmt.Fprintf(w, "```\npromfmt conformance --only %s --compare %s --command \\\n  '%s'\n```\n\n```\n",
		strings.Join(p.only, ","), p.options.Compare, p.command)
	require.NoError(t, report.WriteText(w, false))
	w.WriteString("```\n\n| difference | what it comes from | files |\n|---|---|---|\n")
	for _, row := range p.differences {
		fmt.Fprintf(w, "| %s | %s | `%s` |\n", row.outcome, row.reason, strings.Join(row.files, "`, `"))
	}
}

// TestPromfmtAgreesWithTheCorpus holds that the command does what is expected of every file.
func TestPromfmtAgreesWithTheCorpus(t *testing.T) {
	t.Parallel()
	promfmt := filepath.Join(t.TempDir(), "promfmt")
	words, err := exec.Command("go", "build", "-o", promfmt, "../cmd/promfmt").CombinedOutput()
	require.NoError(t, err, "%s", words)
	report := conform(t, "'"+promfmt+"' convert --from {format} --to json",
		conformance.Options{Verdict: conformance.Both, Compare: conformance.Families})
	require.Empty(t, report.Differences())
	t.Logf("%d files", len(report.Results))
}
