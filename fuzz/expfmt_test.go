package fuzz

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// FuzzExpfmt holds our reading of text against that of expfmt: what it accepts gives us no error, and what we accept without
// a diagnostic it accepts, but for the known differences; and in lines that both accept they find the same samples.
func FuzzExpfmt(f *testing.F) {
	examples := slices.Clone(looseSamples)
	for _, d := range slices.Concat(weRefuse, theyRefuse) {
		examples = append(examples, d.example)
	}
	fuzzTexts(f, func(t *testing.T, text []byte) {
		verdictsAgree(t, text)
		samplesAgree(t, text)
	}, examples...)
}

// looseSamples are texts with samples that do not fit their family, and have a time.
var looseSamples = []string{
	"# TYPE c counter\nc_total 1 2\nc 3 4\n",
	"# TYPE h histogram\nh 1 2\nh_bucket{le=\"x\"} 3 4\nh_bucket{le=\"1\"} 5 6\nh_bucket{le=\"1.0\"} 7 6\nh_sum 8 -6\n",
	"# TYPE s summary\ns{quantile=\"\"} 1 2\ns{quantile=\"1\"} 3 4\ns{quantile=\"1\"} 5 4\ns 6 7\n",
}

// samplesAgree holds that of all lines that both accept expfmt finds the samples that we do. It is given each line by
// itself: behind a type it would put samples together, and leave out those that do not fit.
func samplesAgree(t *testing.T, text []byte) {
	var accepted []byte
	byLine := [][]string{nil} // the lines of a text are counted from 1
	for line := range bytes.Lines(text) {
		line = append(bytes.TrimSuffix(line, []byte("\n")), '\n')
		families, err := readByExpfmt(line)
		if err != nil {
			continue
		}
		var samples []string
		for _, m := range families {
			f, err := convert.FromDTO(m)
			require.NoError(t, err)
			samples = append(samples, series([]*model.MetricFamily{f})...)
		}
		accepted = append(accepted, line...)
		byLine = append(byLine, samples)
	}
	ours := readText(t, accepted, convert.WithLimits(convert.Limits{}))
	for _, d := range ours.errors() {
		byLine[d.Pos.Line] = nil
	}
	theirs := slices.Concat(byLine...)
	slices.Sort(theirs)
	requireSame(t, theirs, series(ours.Families), "samples of expfmt and ours")
}

func verdictsAgree(t *testing.T, text []byte) {
	ours, theirs := compare(t, text)
	for _, f := range ours {
		require.True(t, isKnown(weRefuse, f), "expfmt accepts, but we say of %q: %v", f.before+f.after, f.err)
	}
	for _, f := range theirs {
		require.True(t, isKnown(theyRefuse, f), "we accept, but expfmt says of %q: %v", f.before+f.after, f.err)
	}
}

// finding is an error that one of the two parsers reports and the other does not.
type finding struct {
	err error
	// before and after are the line that it is about, divided at the column. That is the end of the line if the parser
	// does not tell columns.
	before, after string
}

// difference is a kind of finding in which the two are known to differ.
type difference struct {
	reason string
	// example is a text with findings of this kind and no other.
	example string
	is      func(finding) bool
}

func isKnown(differences []difference, f finding) bool {
	return slices.ContainsFunc(differences, func(d difference) bool { return d.is(f) })
}

// weRefuse are the differences in which we refuse what expfmt accepts.
var weRefuse = []difference{
	{
		"a help text has to be UTF-8; expfmt does not look",
		"# HELP a \xff\n",
		func(f finding) bool { return f.isOf(diag.InvalidUTF8) && helpLine.MatchString(f.before) },
	},
	{
		"a metric name in braces needs quotes; expfmt takes any label name for one",
		"{a} 1\n{a,l=\"x\"} 1\n{l=\"x\",a\t} 1\n",
		func(f finding) bool { return nameInBraces.MatchString(f.before) && f.isAt("}", ",") },
	},
	{
		"a quoted metric name stands in braces, and quotes enclose the whole of a name; in expfmt they begin and end " +
			"anywhere in one",
		"\"a\" 1\nb\"c\" 1\nd\"e\"{l\"m\"=\"x\"} 1\n# TYPE f\"g\" counter\n",
		func(f finding) bool { return f.isAt(`"`) },
	},
	{
		"a blank stands between name and value; to expfmt a name ends where something stands that is no part of one",
		"a.5\nb-1\nc+1\n",
		func(f finding) bool { return f.isOf(diag.MetricName) && f.isAt(".", "+", "-") },
	},
	{
		"no label may occur twice; expfmt does not count the label le of a histogram and quantile of a summary",
		"# TYPE h histogram\nh_bucket{le=\"1\",le=\"2\"} 1\n# TYPE s summary\ns{\"quantile\"=\"0\",quantile=\"1\"} 1\n",
		func(f finding) bool {
			return f.isOf(diag.DuplicateLabel) && f.isAt("le", "quantile", `"le"`, `"quantile"`)
		},
	},
	{
		"a gauge histogram is called gaugehistogram, as in OpenMetrics; expfmt knows the name in protobuf as well",
		"# TYPE a gauge_histogram\n# TYPE b GAUGE_Histogram\n",
		func(f finding) bool { return f.isOf(diag.UnknownType) && gaugeHistogram.MatchString(f.after) },
	},
	{
		"a defect: expfmt drops backslashes from the name of a type",
		"# TYPE a \\coun\\ter\n",
		func(f finding) bool { return f.isOf(diag.UnknownType) && strings.Contains(f.after, `\`) },
	},
}

// theyRefuse are the differences in which expfmt refuses what we accept without a word, and those in which it panics.
var theyRefuse = []difference{
	{
		"blanks behind a value or timestamp change nothing; expfmt expects more there",
		"a 1 \n",
		func(f finding) bool { return trailingBlanks.MatchString(f.before) },
	},
	{
		"metadata of a_count, a_sum or a_bucket begin a family of that name; expfmt takes them, and samples behind them, for " +
			"those of a summary or histogram a before",
		"# TYPE a summary\na_sum 1\n# TYPE a_count gauge\na_count 1\n",
		func(f finding) bool {
			return metadataOfPart.MatchString(f.before) && f.says("second TYPE", "second HELP")
		},
	},
	{
		"le and quantile are bounds in a bucket or quantile and labels like others elsewhere; to expfmt they are bounds in " +
			"every sample of a histogram or summary, and in what it takes for one",
		"# TYPE a histogram\na_sum{le=\"x\"} 1\n",
		func(f finding) bool {
			return sampleOfPart.MatchString(f.before) && f.says("expected float as value for '")
		},
	},
	{
		"a defect: expfmt reads the labels before a name in braces as if they were of the family of the line before",
		"# TYPE a histogram\na_sum 1\n{le=\"x\",\"b\"} 1\n",
		func(f finding) bool { return inBraces.MatchString(f.before) && f.says("expected float as value for '") },
	},
	{
		"a defect: expfmt makes the map for the labels of a summary or histogram before it knows the name in braces, and " +
			"panics where there is none",
		"# TYPE a summary\n# TYPE b gauge\n{\"a\",l=\"x\"} 1\n",
		func(f finding) bool { return errors.Is(f.err, errPanic) && f.says("assignment to entry in nil map") },
	},
}

var (
	helpLine       = regexp.MustCompile(`^[ \t]*#[ \t]*HELP[ \t]`)
	nameInBraces   = regexp.MustCompile(`^[ \t]*\{(.*,)?[ \t]*[a-zA-Z_][a-zA-Z_0-9]*[ \t]*$`)
	gaugeHistogram = regexp.MustCompile(`(?i)^gauge_histogram[ \t]*$`)
	trailingBlanks = regexp.MustCompile(`^[ \t]*[^# \t].*[ \t]$`)
	metadataOfPart = regexp.MustCompile(`^[ \t]*#[ \t]*(HELP|TYPE)[ \t].*_(count|sum|bucket)"?[ \t]`)
	sampleOfPart   = regexp.MustCompile(`^[ \t]*\{?[ \t]*"?[^{},"]*_(count|sum|bucket)"?[ \t,{}]`)
	inBraces       = regexp.MustCompile(`^[ \t]*\{`)
)

// isOf reports whether the finding is ours and of that rule.
func (f finding) isOf(rule diag.Rule) bool {
	d, ok := errors.AsType[*diag.Diagnostic](f.err)
	return ok && d.Rule == rule
}

// isAt reports whether one of the texts stands at the column.
func (f finding) isAt(texts ...string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return strings.HasPrefix(f.after, text) })
}

// says reports whether the error has one of the texts in it.
func (f finding) says(texts ...string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(f.err.Error(), text) })
}

// TestKnownDifferences holds that each known difference still occurs, in its example and alone.
func TestKnownDifferences(t *testing.T) {
	for _, d := range weRefuse {
		ours, theirs := compare(t, []byte(d.example))
		requireOnly(t, d, ours)
		require.Empty(t, theirs)
	}
	for _, d := range theyRefuse {
		ours, theirs := compare(t, []byte(d.example))
		requireOnly(t, d, theirs)
		require.Empty(t, ours)
	}
}

func requireOnly(t *testing.T, d difference, findings []finding) {
	t.Helper()
	require.NotEmpty(t, findings, d.reason)
	for _, f := range findings {
		require.True(t, d.is(f), "%s: %v", d.reason, f.err)
	}
}

// compare gives our errors if expfmt accepts the text, and the error of expfmt if we accept it without a diagnostic or
// if expfmt has panicked.
func compare(t *testing.T, text []byte) (ours, theirs []finding) {
	t.Helper()
	lines := strings.Split(string(text), "\n")
	r := readText(t, text, convert.WithLimits(convert.Limits{}))
	_, err := readByExpfmt(text)
	switch {
	case err == nil:
		for _, d := range r.errors() {
			line, at := lines[d.Pos.Line-1], d.Pos.Column-1
			ours = append(ours, finding{d, line[:at], line[at:]})
		}
	case len(r.Diagnostics) == 0, errors.Is(err, errPanic):
		f := finding{err: err}
		if parseError, ok := errors.AsType[expfmt.ParseError](err); ok {
			f.before = lines[parseError.Line-1]
		}
		theirs = append(theirs, f)
	}
	return ours, theirs
}

// errPanic is the error of a parser that panics.
var errPanic = errors.New("panic")

// readByExpfmt reads a text by the parser of prometheus/common.
func readByExpfmt(text []byte) (families map[string]*dto.MetricFamily, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errPanic, p)
		}
	}()
	parser := expfmt.NewTextParser(prommodel.UTF8Validation)
	return parser.TextToMetricFamilies(bytes.NewReader(text))
}
