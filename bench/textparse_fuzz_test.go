package bench

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/fuzz"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// FuzzTextparse holds our reading of text against that of Prometheus: of each line by itself, what it accepts gives us no
// error, and what we accept without a diagnostic it accepts, but for the known differences; and where both accept the
// text as a whole, they find the same samples.
func FuzzTextparse(f *testing.F) {
	fuzzTexts(f, func(t *testing.T, text []byte) {
		for line := range strings.Lines(string(text)) {
			v := prometheusText.verdictsOn(t, strings.TrimSuffix(line, "\n")+"\n")
			require.True(t, v.ours == nil || v.theirs != nil || isKnown(weRefuseText, v), "textparse accepts, but we say of %q: %v", v.line, v.ours)
			require.True(t, v.theirs == nil || !v.fine || isKnown(theyRefuse, v), "we accept, but textparse says of %q: %v", v.line, v.theirs)
		}
		if want, families, ok := bothRead(text); ok {
			require.Empty(t, cmp.Diff(want, found(families)), "(-textparse +ours)")
		}
	})
}

// FuzzIngested holds that conversion never changes what Prometheus ingests: a text that both accept, written anew, has the
// same samples to it, unless there is a loss that says that names are altered or labels clash.
func FuzzIngested(f *testing.F) {
	fuzzTexts(f, func(t *testing.T, text []byte) {
		want, families, ok := bothRead(text)
		if !ok {
			return
		}
		for _, format := range []format.Format{format.Text, format.Text1} {
			written, losses := encode(t, format, families)
			if slices.ContainsFunc(losses, func(l writer.Loss) bool { return l.Rule == diag.LossName || l.Rule == diag.LossClash }) {
				continue
			}
			got, err := ingested(written)
			require.NoError(t, err, "%s: %q", format, written)
			require.Empty(t, cmp.Diff(want, got), "(-before +after) %s: %q", format, written)
		}
	})
}

func fuzzTexts(f *testing.F, property func(t *testing.T, text []byte)) {
	f.Helper()
	for file := range corpus.All() {
		if file.Format == corpus.Text && len(file.Data) <= longestSeed {
			f.Add(file.Data)
		}
	}
	for _, d := range slices.Concat(weRefuseText, theyRefuse, readOtherwise) {
		f.Add([]byte(d.example))
	}
	f.Add([]byte("# HELP a \x00\na{l=\"\x00\",m=\"\x00\x00\"} 1 2\n# \x00\n#HELP a text\n#TYX\x00\n#HELP a \x00\n")) // all lines are good
	for _, recipe := range fuzz.Recipes() {
		f.Add(recipe)
	}
	f.Fuzz(func(t *testing.T, input []byte) { property(t, exposition(t, input, format.Text1)) })
}

// longestSeed is how long a text may be for the fuzzer to begin with it.
const longestSeed = 4 << 10

// exposition is what an input stands for. If the test fails it is told, since the input alone may be a recipe.
func exposition(t *testing.T, input []byte, f format.Format) []byte {
	t.Helper()
	made := fuzz.Exposition(input, f)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the exposition: %q", made)
		}
	})
	return made
}

// dialect is a format that both read.
type dialect struct {
	// end is what every document ends in.
	end    string
	opts   []convert.Option
	parser func([]byte) textparse.Parser
}

var (
	prometheusText = dialect{
		parser: func(text []byte) textparse.Parser {
			return textparse.NewPromParser(text, labels.NewSymbolTable(), false)
		},
	}
	openMetrics = dialect{
		end:  "# EOF\n",
		opts: []convert.Option{convert.OpenMetrics()},
		parser: func(text []byte) textparse.Parser {
			return textparse.NewOpenMetricsParser(text, labels.NewSymbolTable())
		},
	}
)

// ingested are the samples that Prometheus finds in a text, sorted.
func ingested(text []byte) ([]string, error) { return sortedSamples(prometheusText.parser(text)) }

func sortedSamples(parser textparse.Parser) ([]string, error) {
	lines, err := allSamples(parser)
	slices.Sort(lines)
	return lines, err
}

// allSamples are the samples that a parser finds. A panic is an error.
func allSamples(parser textparse.Parser) (lines []string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return readSamples(parser)
}

// bothRead reads the lines of a text in which they are not known to find different samples, if both accept them.
func bothRead(text []byte) (samples []string, families []*model.MetricFamily, ok bool) {
	var alike []byte
	for line := range strings.Lines(string(text)) {
		if !isKnown(readOtherwise, verdicts{line: line}) {
			alike = append(alike, line...)
		}
	}
	samples, err := ingested(alike)
	if err != nil {
		return nil, nil, false
	}
	for f, err := range convert.NewBytesDecoder(alike).Families() {
		if err != nil {
			return nil, nil, false
		}
		families = append(families, f)
	}
	return samples, families, true
}

// found are the samples of families, sorted.
func found(families []*model.MetricFamily) (lines []string) {
	for _, f := range families {
		lines = append(lines, samplesOf(f)...)
	}
	slices.Sort(lines)
	return lines
}

// encode writes families, and gives the losses beside the result.
func encode(t *testing.T, format format.Format, families []*model.MetricFamily) (out []byte, losses []writer.Loss) {
	t.Helper()
	var b bytes.Buffer
	e, err := writer.New(&b, format, writer.OnLoss(func(l writer.Loss) { losses = append(losses, l) }))
	require.NoError(t, err)
	for _, f := range families {
		require.NoError(t, e.Encode(f))
	}
	require.NoError(t, e.Close())
	return b.Bytes(), losses
}

// verdicts are what the two say of a line.
type verdicts struct {
	line   string
	ours   *diag.Diagnostic // the first error, or nil
	fine   bool             // we say nothing at all
	theirs error
}

// verdictsOn asks both about a document of one line.
func (d dialect) verdictsOn(t *testing.T, line string) verdicts {
	t.Helper()
	v := verdicts{line: line, fine: true}
	opts := append([]convert.Option{convert.OnDiagnostic(func(*diag.Diagnostic) { v.fine = false })}, d.opts...)
	for _, err := range convert.NewStringDecoder(line+d.end, opts...).Families() {
		if err != nil && v.ours == nil {
			require.ErrorAs(t, err, &v.ours)
			v.fine = false
		}
	}
	_, v.theirs = sortedSamples(d.parser([]byte(line + d.end)))
	return v
}
