package bench

import (
	"bytes"
	"fmt"
	"regexp"
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

// sortedSamples are the samples that a parser finds, sorted. A panic is an error.
func sortedSamples(parser textparse.Parser) (lines []string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	lines, err = readSamples(parser)
	slices.Sort(lines)
	return lines, err
}

// bothRead reads a text that both accept and are not known to find different samples in.
func bothRead(text []byte) (samples []string, families []*model.MetricFamily, ok bool) {
	for line := range strings.Lines(string(text)) {
		if isKnown(readOtherwise, verdicts{line: line}) {
			return nil, nil, false
		}
	}
	samples, err := ingested(text)
	if err != nil {
		return nil, nil, false
	}
	for f, err := range convert.NewBytesDecoder(text).Families() {
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

// difference is a kind of lines of which the two are known to say different things.
type difference struct {
	reason string
	// example is a line of this kind.
	example string
	is      func(verdicts) bool
}

func isKnown(differences []difference, v verdicts) bool {
	return slices.ContainsFunc(differences, func(d difference) bool { return d.is(v) })
}

// oursIs is a difference in which we report one of the rules.
func oursIs(rules ...diag.Rule) func(verdicts) bool {
	return func(v verdicts) bool { return slices.Contains(rules, v.ours.Rule) }
}

// oursIsAt is a difference in which we report a rule between what matches and what begins so.
func oursIsAt(rule diag.Rule, before *regexp.Regexp, behind string) func(verdicts) bool {
	return func(v verdicts) bool {
		at := min(int(v.ours.Pos.Offset), len(v.line))
		return v.ours.Rule == rule && before.MatchString(v.line[:at]) && strings.HasPrefix(v.line[at:], behind)
	}
}

// leftToOthers are the differences in which we refuse what textparse accepts since it leaves it to who asks it.
var leftToOthers = []difference{
	{
		"a name is not empty; textparse does not look",
		"a{\"\"=\"x\"} 1\n",
		oursIs(diag.EmptyName),
	},
	{
		"a series has no label twice; textparse gives both",
		"a{l=\"x\",l=\"y\"} 1\n",
		oursIs(diag.DuplicateLabel),
	},
	{
		"a series has one name; textparse gives two",
		"a{__name__=\"b\"} 1\n",
		oursIs(diag.NameLabel),
	},
	{
		"names and texts are UTF-8; textparse looks only at the values of labels",
		"{\"a\xff\"} 1\n",
		oursIs(diag.InvalidUTF8),
	},
}

// weRefuseOpenMetrics are the differences in which we refuse a line of OpenMetrics that textparse accepts.
var weRefuseOpenMetrics = slices.Concat(leftToOthers, []difference{
	{
		"a defect: textparse takes a timestamp beyond its integers, and wraps it around",
		"a 1 1e300\n",
		oursIs(diag.Timestamp),
	},
	{
		"a defect: textparse skips every NUL before the name in metadata",
		"# TYPE \x00\x00a gauge\n",
		oursIsAt(diag.MetricName, regexp.MustCompile(`^# (HELP|TYPE|UNIT) $`), "\x00"),
	},
	{
		"a defect: textparse skips every NUL behind the value of a label",
		"a{l=\"x\"\x00\x00,m=\"y\"} 1\n",
		oursIsAt(diag.Syntax, regexp.MustCompile(`="[^\n]*"$`), "\x00"),
	},
})

// weRefuseText are the differences in which we refuse a line of text that textparse accepts.
var weRefuseText = slices.Concat(leftToOthers, []difference{
	{
		"labels have a comma between them; textparse does without",
		"a{l=\"x\" m=\"y\"} 1\n",
		func(v verdicts) bool { return v.ours.Rule == diag.Syntax && strings.HasPrefix(v.ours.Expected, `","`) },
	},
	{
		"a defect: textparse drops the character behind a name in metadata, whatever it is",
		"# TYPE a-counter\n",
		func(v verdicts) bool {
			return metadata.MatchString(v.line) && (v.ours.Rule == diag.MetricName || v.ours.Rule == diag.Syntax)
		},
	},
	{
		"a blank stands between name and value; to textparse a name ends where something stands that is no part of one",
		"a-1\n",
		func(v verdicts) bool {
			return v.ours.Rule == diag.MetricName && strings.ContainsRune("+-.", rune(v.line[v.ours.Pos.Column-1]))
		},
	},
	{
		"metadata may follow the # at once, which nobody means as a comment; to textparse it is one",
		"#HELP a-b x\n",
		func(v verdicts) bool { return gluedMetadata.MatchString(v.line) },
	},
	{
		"a NUL is no end; to textparse it is one wherever no text or value is",
		"\x00\n",
		func(v verdicts) bool { return strings.Contains(v.line, "\x00") },
	},
})

// theyRefuse are the differences in which textparse refuses what we accept without a word.
var theyRefuse = []difference{
	{
		"a timestamp may have a sign; textparse takes digits only",
		"a 1 -5\n",
		func(v verdicts) bool { return signedTimestamp.MatchString(v.line) },
	},
	{
		"a name in quotes may hold any character; textparse takes no NUL",
		"{\"a\x00\"} 1\n",
		func(v verdicts) bool { return strings.Contains(v.line, "\x00") },
	},
}

// readOtherwise are the differences in which both accept a line and find different samples.
var readOtherwise = []difference{
	{
		"blanks may stand before a name; to textparse they are a part of it",
		" a 1\n",
		func(v verdicts) bool { return blankBeforeName.MatchString(v.line) },
	},
	{
		"a defect: textparse takes a NUL for the end of the input, and says nothing of all that follows",
		"#\x00\na 1\n",
		func(v verdicts) bool { return strings.Contains(v.line, "\x00") },
	},
}

var (
	metadata        = regexp.MustCompile(`^[ \t]*#[ \t]+(HELP|TYPE)[ \t]`)
	gluedMetadata   = regexp.MustCompile(`^[ \t]*#(HELP|TYPE)[ \t]`)
	blankBeforeName = regexp.MustCompile(`^[ \t]+[^ \t#]`)
	signedTimestamp = regexp.MustCompile(`[ \t][-+]\d+[ \t]*\n$`)
)

// TestKnownDifferencesToTextparse holds that each known difference still occurs.
func TestKnownDifferencesToTextparse(t *testing.T) {
	weRefuse := func(differences []difference, in dialect) {
		for _, d := range differences {
			v := in.verdictsOn(t, d.example)
			require.NoError(t, v.theirs, d.reason)
			require.NotNil(t, v.ours, d.reason)
			require.True(t, d.is(v), "%s: %v", d.reason, v.ours)
		}
	}
	weRefuse(weRefuseText, prometheusText)
	weRefuse(weRefuseOpenMetrics, openMetrics)
	for _, d := range theyRefuse {
		v := prometheusText.verdictsOn(t, d.example)
		require.Error(t, v.theirs, d.reason)
		require.True(t, v.fine, d.reason)
		require.True(t, d.is(v), "%s: %v", d.reason, v.theirs)
	}
	for _, d := range readOtherwise {
		samples, err := ingested([]byte(d.example))
		require.NoError(t, err)
		families, err := convert.Collect(convert.NewStringDecoder(d.example).Families())
		require.NoError(t, err)
		require.NotEqual(t, samples, found(families), d.reason)
		require.True(t, slices.ContainsFunc(slices.Collect(strings.Lines(d.example)), func(line string) bool { return d.is(verdicts{line: line}) }), d.reason)
	}
}
