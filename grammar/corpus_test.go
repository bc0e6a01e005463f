package grammar_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/grammar"
	"github.com/promfmt/promfmt/lexer"
)

// openMetricsPages are the directories of pages of the two versions.
var openMetricsPages = map[lexer.Dialect]struct{ valid, invalid string }{
	lexer.OpenMetrics:  {corpus.OpenMetricsValid, corpus.OpenMetricsInvalid},
	lexer.OpenMetrics2: {corpus.OpenMetrics2Valid, corpus.OpenMetrics2Invalid},
}

// longestFile is from which size on a file has only its first lines read, for participle is slow.
const longestFile = 1 << 14

func TestFilesOfTheCorpusPrintBack(t *testing.T) {
	files := slices.Collect(corpus.All())
	for _, pages := range openMetricsPages {
		files = slices.AppendSeq(files, corpus.Files(pages.valid))
		files = slices.AppendSeq(files, corpus.Files(pages.invalid))
	}
	for _, file := range files {
		if file.Format == corpus.Protobuf {
			continue
		}
		data := file.Data[:min(len(file.Data), longestFile)]
		for d := range lexer.Dialect(lexer.Dialects) {
			var back []byte
			for line := range grammar.Of(d).Lines(data) {
				back = line.AppendTo(back)
			}
			require.Equal(t, string(data), string(back), "%s as %v", file.Name, d)
		}
	}
}

func TestValidPagesOfOpenMetricsAreWellFormed(t *testing.T) {
	for d, pages := range openMetricsPages {
		for file := range corpus.Files(pages.valid) {
			require.Empty(t, faults(d, file), file.Name)
		}
	}
	for file := range corpus.Files(corpus.Pages) {
		if file.Format == corpus.OpenMetrics {
			require.Empty(t, faults(lexer.OpenMetrics, file), file.Name)
		}
	}
}

// TestFaultsOfInvalidPagesOfOpenMetrics holds that what the grammar refuses is expected, with its rule and place, and
// that the grammar refuses all that is not left to the reader of the tree.
func TestFaultsOfInvalidPagesOfOpenMetrics(t *testing.T) {
	ofTheGrammar := []string{
		diag.Syntax.ID(), diag.MetricName.ID(), diag.Exemplar.ID(), diag.Composite.ID(), diag.FieldName.ID(),
	}
	refused := 0
	for d, pages := range openMetricsPages {
		for file := range corpus.Files(pages.invalid) {
			t.Run(file.Name, func(t *testing.T) {
				expected, got := expectedFaults(file), faults(d, file)
				refused += len(got)
				for _, fault := range got {
					require.Contains(t, expected, fault)
				}
				left := slices.DeleteFunc(expected, func(f corpus.Finding) bool { return slices.Contains(got, f) })
				for _, finding := range left {
					require.NotContains(t, ofTheGrammar, finding.Rule)
				}
			})
		}
	}
	require.Greater(t, refused, 50)
}

// expectedFaults are the findings of a strict reader in the words of faults.
func expectedFaults(file corpus.File) []corpus.Finding {
	var faults []corpus.Finding
	for _, f := range file.Expected().Findings {
		if f.Strict != diag.Off.String() {
			faults = append(faults, corpus.Finding{Line: f.Line, Column: f.Column, Rule: f.Rule})
		}
	}
	return faults
}

// faults are the errors of the lines of a file behind a byte order mark, which is for the reader of the tree to skip.
func faults(d lexer.Dialect, file corpus.File) []corpus.Finding {
	var faults []corpus.Finding
	for line := range grammar.Of(d).Lines(bytes.TrimPrefix(file.Data, []byte("\ufeff"))) {
		if err := line.Err; err != nil {
			faults = append(faults, corpus.Finding{Line: line.Number, Column: err.Offset + 1, Rule: err.Rule.ID()})
		}
	}
	return faults
}

func TestPageOfOpenMetricsLineByLine(t *testing.T) {
	page := strings.Join([]string{
		"# TYPE rpc_seconds histogram",
		"# UNIT rpc_seconds seconds",
		"# HELP rpc_seconds Time.",
		`rpc_seconds_bucket{le="+Inf"} 2 # {t="x"} 0.5`,
		"rpc_seconds_count 2 1520879607.789",
		"",
		"# EOF",
	}, "\n")
	var got []string
	for line := range grammar.Of(lexer.OpenMetrics).Lines([]byte(page)) {
		got = append(got, outline(line))
	}
	want := []string{
		"Type #@0 TYPE@2 rpc_seconds@7 histogram@19",
		"Unit #@0 UNIT@2 rpc_seconds@7 seconds@19",
		"Help #@0 HELP@2 rpc_seconds@7 Time.@19",
		`Sample rpc_seconds_bucket@0 {@18 le@19="+Inf"@22 }@28 2@30 Exemplar #@32 {@34 t@35="x"@37 }@40 0.5@42`,
		"Sample rpc_seconds_count@0 2@18 1520879607.789@20",
		"",
		"End #@0 EOF@2",
	}
	require.Empty(t, cmp.Diff(want, got))
}
