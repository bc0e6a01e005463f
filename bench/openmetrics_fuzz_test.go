package bench

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/fuzz"
	"github.com/promfmt/promfmt/model"
)

// FuzzTextparseOpenMetrics holds our reading of OpenMetrics 1.0 against that of Prometheus: of each line by itself, what it
// accepts gives us no error; and a document that we find no fault with when strict it accepts, and finds the same samples
// in, their times to the millisecond. There are known differences to each.
func FuzzTextparseOpenMetrics(f *testing.F) {
	for _, dir := range []string{corpus.OpenMetricsValid, corpus.OpenMetricsInvalid, corpus.Regress} {
		for file := range corpus.Files(dir) {
			if file.Format == corpus.OpenMetrics {
				f.Add(file.Data)
			}
		}
	}
	for _, d := range slices.Concat(weRefuseOpenMetrics, theyRefuseOpenMetrics) {
		f.Add([]byte(d.example + "# EOF\n"))
	}
	for _, d := range foundOtherwise {
		f.Add([]byte(d.example))
	}
	for _, text := range withNULs {
		f.Add([]byte(text))
	}
	for _, recipe := range fuzz.Recipes() {
		f.Add(recipe)
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		text := exposition(t, input, format.OpenMetrics)
		refused := false
		for line := range strings.Lines(string(text)) {
			v := openMetrics.verdictsOn(t, strings.TrimSuffix(line, "\n")+"\n")
			require.True(t, v.ours == nil || v.theirs != nil || isKnown(weRefuseOpenMetrics, v), "textparse accepts, but we say of %q: %v", v.line, v.ours)
			refused = refused || isKnown(theyRefuseOpenMetrics, v)
		}
		families, ok := readStrictly(text)
		if !ok || refused {
			return
		}
		for _, p := range pairs(t, text, families) {
			known := slices.ContainsFunc(foundOtherwise, func(d pairDifference) bool { return d.is(p) })
			require.True(t, p.agree() || known, "of a %s textparse finds %q, we find %q", p.kind, p.theirs, p.ours)
		}
	})
}

// pair is a sample as both find it, in a family of that type to us.
type pair struct {
	kind         model.Type
	ours, theirs sampleText
}

// sampleText is what sampleLine makes of a sample, in its parts. A time is in milliseconds, and empty if there is none.
type sampleText struct{ series, value, time string }

func divided(line string) sampleText {
	time := strings.LastIndexByte(line, ' ')
	value := strings.LastIndexByte(line[:time], ' ')
	return sampleText{line[:value], line[value+1 : time], line[time+1:]}
}

// pairs are the samples of a document that both accept, by series. Those of one series are in the order of the document.
func pairs(t *testing.T, text []byte, families []*model.MetricFamily) (all []pair) {
	t.Helper()
	for _, f := range families {
		for _, line := range samplesOf(f) {
			all = append(all, pair{kind: f.Type, ours: divided(line)})
		}
	}
	slices.SortStableFunc(all, func(a, b pair) int { return strings.Compare(a.ours.series, b.ours.series) })
	var theirs []sampleText
	lines, err := allSamples(openMetrics.parser(text))
	require.NoError(t, err)
	for _, line := range lines {
		theirs = append(theirs, divided(line))
	}
	slices.SortStableFunc(theirs, func(a, b sampleText) int { return strings.Compare(a.series, b.series) })
	require.Len(t, theirs, len(all))
	for i := range all {
		all[i].theirs = theirs[i]
	}
	return all
}

// agree reports whether both find the same, and the same time but for a millisecond: textparse cuts off what is finer, and
// multiplies before that.
func (p pair) agree() bool {
	apart, ok := p.millisApart()
	return p.sameButTime() && p.ours.value == p.theirs.value && ok && apart <= 1
}

func (p pair) sameButTime() bool {
	return p.ours.series == p.theirs.series && (p.ours.time == "") == (p.theirs.time == "")
}

// millisApart is how far the times are apart. It is not ok if that is more than an integer holds.
func (p pair) millisApart() (n int64, ok bool) {
	if p.ours.time == p.theirs.time {
		return 0, true
	}
	n = millis(p.ours.time) - millis(p.theirs.time)
	if (n < 0) != (millis(p.ours.time) < millis(p.theirs.time)) {
		return 0, false
	}
	return max(n, -n), true
}

func millis(time string) int64 {
	n, _ := strconv.ParseInt(time, 10, 64)
	return n
}

// pairDifference is a kind of samples that the two are known to find otherwise.
type pairDifference struct {
	reason string
	// example is a document with such samples, which differ in nothing else.
	example string
	is      func(pair) bool
}

var foundOtherwise = []pairDifference{
	{
		"a state is on or off; to textparse it is a number, which may have a sign",
		"# TYPE a stateset\na{a=\"on\"} -0\n# EOF\n",
		func(p pair) bool {
			signed := p
			signed.ours.value = "-0"
			return p.kind == model.StateSet && p.ours.value == "0" && signed.agree()
		},
	},
	{
		"a time is exact; textparse counts it in floats, which do not hold all milliseconds beyond 2^52, and wraps what is beyond " +
			"its integers",
		"a 1 90071992547409.931\n# EOF\n",
		func(p pair) bool {
			size := max(millis(p.ours.time), -millis(p.ours.time))
			apart, ok := p.millisApart()
			wraps := size < 0 || size >= 1<<63-1<<11
			return p.sameButTime() && p.ours.value == p.theirs.value && (wraps || ok && size >= 1<<52 && apart <= size>>51)
		},
	},
}

// TestSamplesFoundOtherwise holds that each known difference still occurs, in its example and there alone.
func TestSamplesFoundOtherwise(t *testing.T) {
	for _, d := range foundOtherwise {
		families, ok := readStrictly([]byte(d.example))
		require.True(t, ok, d.reason)
		for _, p := range pairs(t, []byte(d.example), families) {
			require.False(t, p.agree(), "%s: both find %q", d.reason, p.ours)
			for _, other := range foundOtherwise {
				require.Equal(t, other.reason == d.reason, other.is(p), "%q: %s", d.example, other.reason)
			}
		}
	}
}

// theyRefuseOpenMetrics are the differences in which textparse refuses a line of a document that we find no fault with. In
// an example that is the last line.
var theyRefuseOpenMetrics = []difference{
	{
		"a name in quotes may hold any character; textparse takes no NUL",
		"{\"a\x00\"} 1\n",
		isLine(nameWithNUL),
	},
	{
		"the label of an exemplar may hold any character as well; textparse takes no NUL there",
		"# TYPE a counter\na_total 1 # {l=\"\x00\"} 1\n",
		isLine(`^([^"]|"(\\.|[^"\\])*")* # \{([^"]|"(\\.|[^"\\])*")*"(\\.|[^"\\\x00])*\x00`),
	},
}

// TestLinesOfOpenMetricsThatTextparseRefuses holds that each known difference still occurs, in its example and there
// alone.
func TestLinesOfOpenMetricsThatTextparseRefuses(t *testing.T) {
	for _, d := range theyRefuseOpenMetrics {
		text := []byte(d.example + "# EOF\n")
		_, ok := readStrictly(text)
		require.True(t, ok, d.reason)
		_, err := allSamples(openMetrics.parser(text))
		require.Error(t, err, d.reason)
		lines := slices.Collect(strings.Lines(d.example))
		requireAlone(t, theyRefuseOpenMetrics, d, verdicts{line: lines[len(lines)-1]})
	}
}

// withNULs are texts with NULs where textparse skips them, takes them, or neither.
var withNULs = []string{
	"# TYPE \x00_created gauge\n# HELP \x00a te\x00xt\x00\n# UNIT \x00a_s s\n# TYPE \x00\x00\"a b\" counter",
	"# TYPE a histogram\na_bucket{l=\"x\",le=\"+Inf\"} 1\na_bucket{l=\"y\"\x00\x00\x00,le=\"1.0\"\x00} 1",
	"# TYPE a\x00 gauge\na{\x00l=\"\x00\",m=\x00\"y\"} \x001 # {k=\"\x00\"\x00} 1\n\x00a 1\n# EOF\n",
}

func readStrictly(text []byte) (families []*model.MetricFamily, ok bool) {
	ok = true
	note := convert.OnDiagnostic(func(*diag.Diagnostic) { ok = false })
	for f, err := range convert.NewBytesDecoder(text, convert.OpenMetrics(), convert.Strict(), note).Families() {
		if err != nil {
			return nil, false
		}
		families = append(families, f)
	}
	return families, ok
}
