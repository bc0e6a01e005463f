package convert

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
)

// openMetricsOptions are the options that read the pages of each format.
var openMetricsOptions = map[string]Option{corpus.OpenMetrics: OpenMetrics(), corpus.OpenMetrics2: OpenMetrics2()}

// findingsOf are the diagnostics of a page as the .rules files have them, in the order of their places.
func findingsOf(t *testing.T, data []byte, opts ...Option) []string {
	t.Helper()
	var found []*diag.Diagnostic
	opts = append(opts, OnDiagnostic(func(d *diag.Diagnostic) { found = append(found, d) }))
	for _, err := range NewBytesDecoder(data, opts...).Families() {
		if err != nil {
			var d *diag.Diagnostic
			require.ErrorAs(t, err, &d)
			found = append(found, d)
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].Pos.Offset < found[j].Pos.Offset })
	var lines []string
	for _, d := range found {
		lines = append(lines, fmt.Sprintf("%d:%d %s", d.Pos.Line, d.Pos.Column, d.Rule))
		require.NotContains(t, d.Message, "%", "%s", d.Rule)
	}
	return lines
}

// eachOpenMetrics runs a subtest for each page of OpenMetrics in some directories.
func eachOpenMetrics(t *testing.T, dirs []string, test func(t *testing.T, file corpus.File, format Option)) {
	t.Helper()
	for _, dir := range dirs {
		for file := range corpus.Files(dir) {
			t.Run(file.Name, func(t *testing.T) {
				t.Parallel()
				test(t, file, openMetricsOptions[file.Format])
			})
		}
	}
}

var (
	validOpenMetrics   = []string{corpus.OpenMetricsValid, corpus.OpenMetrics2Valid}
	invalidOpenMetrics = []string{corpus.OpenMetricsInvalid, corpus.OpenMetrics2Invalid}
	allOpenMetrics     = append(append([]string{}, validOpenMetrics...), invalidOpenMetrics...)
)

// TestOpenMetricsPagesThatKeepTheRules holds that nothing is said of a page that is as the specification has it.
func TestOpenMetricsPagesThatKeepTheRules(t *testing.T) {
	t.Parallel()
	eachOpenMetrics(t, validOpenMetrics, func(t *testing.T, file corpus.File, format Option) {
		require.Empty(t, findingsOf(t, file.Data, format))
		require.Empty(t, findingsOf(t, file.Data, format, Strict()))
		for family, err := range NewBytesDecoder(file.Data, format).Families() {
			require.NoError(t, err)
			require.Empty(t, family.Loose, family.Name)
		}
	})
}

// TestOpenMetricsPagesThatBreakARule holds the findings about a page to those that are written down beside it.
func TestOpenMetricsPagesThatBreakARule(t *testing.T) {
	t.Parallel()
	eachOpenMetrics(t, invalidOpenMetrics, func(t *testing.T, file corpus.File, format Option) {
		var want []string
		for _, f := range file.Findings() {
			want = append(want, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Rule))
		}
		if diff := cmp.Diff(want, findingsOf(t, file.Data, format, Strict())); diff != "" {
			t.Errorf("%s(-want +got):\n%s", file.Data, diff)
		}
	})
}

// TestOpenMetricsReadersAgree holds that an exposition is the same however it is read.
func TestOpenMetricsReadersAgree(t *testing.T) {
	t.Parallel()
	eachOpenMetrics(t, allOpenMetrics, func(t *testing.T, file corpus.File, format Option) {
		for name, opts := range map[string][]Option{"by default": {format}, "strict": {format, Strict()}} {
			holdOpenMetricsReaders(t, name, file.Data, opts...)
		}
	})
}

// TestTextsReadAsOpenMetricsAgree does the same with texts of the other format, where there is more to find fault with.
func TestTextsReadAsOpenMetricsAgree(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{corpus.Valid, corpus.Invalid, corpus.Regress} {
		for file := range corpus.Files(dir) {
			t.Run(file.Name, func(t *testing.T) {
				t.Parallel()
				holdOpenMetricsReaders(t, "1.0", file.Data, OpenMetrics())
				holdOpenMetricsReaders(t, "2.0, strict", file.Data, OpenMetrics2(), Strict())
			})
		}
	}
}

func holdOpenMetricsReaders(t *testing.T, name string, data []byte, opts ...Option) {
	t.Helper()
	want := transcribe(t, ofBytes(data), opts...)
	and := func(more ...Option) []Option { return append(append([]Option{}, opts...), more...) }
	sameTranscript(t, name+", line by line", want, transcribe(t, ofBytes(data), and(withoutPrediction)...))
	sameTranscript(t, name+", by the grammar", want, transcribe(t, ofBytes(data), and(UseGrammar())...))
	sameTranscript(t, name+", a byte at a time", want,
		transcribe(t, ofReader(iotest.OneByteReader(bytes.NewReader(data))), opts...))
	var reused []string
	for family, err := range NewBytesDecoder(data, and(Reuse())...).Families() {
		if err == nil {
			reused = append(reused, describeWhole(family)...)
		}
	}
	var kept []string
	for _, family := range want.Families {
		kept = append(kept, describeWhole(family)...)
	}
	if diff := cmp.Diff(kept, reused); diff != "" {
		t.Errorf("%s, reused (-kept +reused):\n%s", name, diff)
	}
}

// TestOpenMetricsPagesThatBreakARuleByDefault holds that the same is found by default, as far as it is to be reported, and
// that what has one meaning is kept: there are errors only where a rule is one always.
func TestOpenMetricsPagesThatBreakARuleByDefault(t *testing.T) {
	t.Parallel()
	eachOpenMetrics(t, invalidOpenMetrics, func(t *testing.T, file corpus.File, format Option) {
		found := findingsOf(t, file.Data, format)
		for _, f := range file.Findings() {
			rule, ok := diag.RuleByID(f.Rule)
			require.True(t, ok, f.Rule)
			if rule.Default() != diag.Off {
				require.Contains(t, found, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Rule))
			}
		}
		for _, err := range NewBytesDecoder(file.Data, format).Families() {
			if d, ok := errors.AsType[*diag.Diagnostic](err); ok {
				require.Equal(t, diag.Error, d.Rule.Default(), d.Error())
			}
		}
	})
}
