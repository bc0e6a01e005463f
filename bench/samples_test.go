package bench

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	prometheus "github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/bench/page"
	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// decoders are the ways in which we read, one of them for the smallest page only.
var decoders = []struct {
	name string
	open func(page []byte, opts ...convert.Option) *convert.Decoder
	opts []convert.Option
	only string
}{
	{name: "bytes", open: bytesDecoder},
	{name: "bytes with reuse", open: bytesDecoder, opts: []convert.Option{convert.Reuse()}},
	{name: "stream", open: streamDecoder},
	{name: "stream with reuse", open: streamDecoder, opts: []convert.Option{convert.Reuse()}},
	{name: "grammar", open: bytesDecoder, opts: []convert.Option{convert.UseGrammar()}, only: "node"},
}

func TestSameSamplesAsTextparse(t *testing.T) {
	for name, text := range pages() {
		want := textparseSamples(t, text)
		require.Len(t, want, page.Samples(text))
		for _, d := range decoders {
			if d.only != "" && d.only != name {
				continue
			}
			t.Run(name+" by "+d.name, func(t *testing.T) {
				requireSame(t, want, promfmtSamples(t, d.open(text, d.opts...)))
			})
		}
	}
}

// Families of expfmt come in no order, so here the order does not count.
func TestSameSamplesAsExpfmt(t *testing.T) {
	for name, text := range pages() {
		t.Run(name, func(t *testing.T) {
			want, got := expfmtSamples(t, text), promfmtSamples(t, bytesDecoder(text))
			require.Len(t, want, page.Samples(text))
			slices.Sort(want)
			slices.Sort(got)
			requireSame(t, want, got)
		})
	}
}

func TestPagesRaiseNoDiagnosticEvenWhenStrict(t *testing.T) {
	for name, text := range pages() {
		t.Run(name, func(t *testing.T) {
			complain := convert.OnDiagnostic(func(d *diag.Diagnostic) { t.Error(d) })
			for _, err := range bytesDecoder(text, convert.Strict(), complain).Families() {
				require.NoError(t, err)
			}
		})
	}
}

// requireSame compares line by line and shows the first few that differ: a full difference of 50,000 lines says less
// and takes minutes.
func requireSame(t *testing.T, want, got []string) {
	t.Helper()
	require.Len(t, got, len(want))
	for i := range want {
		if want[i] != got[i] {
			end := min(i+10, len(want))
			t.Fatalf("sample %d differs (-want +got):\n%s", i, cmp.Diff(want[i:end], got[i:end]))
		}
	}
}

// sampleLine puts a sample in a form in which the samples of all readers compare. Labels are given as name=value; what
// stands between them occurs in no label of the pages. Some readers write bounds anew, "1" as "1.0", so all are.
func sampleLine(name string, labels []string, value float64, timestamp string) string {
	slices.Sort(labels)
	for i, pair := range labels {
		name, bound, _ := strings.Cut(pair, "=")
		if v, err := strconv.ParseFloat(bound, 64); err == nil && (name == "le" || name == "quantile") {
			labels[i] = name + "=" + formatFloat(v)
		}
	}
	return name + "{" + strings.Join(labels, "|") + "} " + formatFloat(value) + " " + timestamp
}

func formatFloat(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func promfmtSamples(t *testing.T, d *convert.Decoder) (lines []string) {
	for f, err := range d.Families() {
		require.NoError(t, err)
		lines = append(lines, samplesOf(f)...)
	}
	return lines
}

func samplesOf(f *model.MetricFamily) (lines []string) {
	for s := range f.Samples() {
		var labels []string
		for name, value := range s.Labels.All() {
			labels = append(labels, name+"="+value)
		}
		timestamp := ""
		if s.Timestamp.Set {
			ms, _ := s.Timestamp.Millis()
			timestamp = strconv.FormatInt(ms, 10)
		}
		lines = append(lines, sampleLine(s.Name, labels, s.Value, timestamp))
	}
	return lines
}

func textparseSamples(t *testing.T, text []byte) (lines []string) {
	return parserSamples(t, textparse.NewPromParser(text, labels.NewSymbolTable(), false))
}

func parserSamples(t *testing.T, parser textparse.Parser) []string {
	t.Helper()
	lines, err := readSamples(parser)
	require.NoError(t, err)
	return lines
}

func readSamples(parser textparse.Parser) (lines []string, err error) {
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
		if entry != textparse.EntrySeries {
			continue
		}
		_, ms, value := parser.Series()
		var series labels.Labels
		parser.Labels(&series)
		var pairs []string
		series.Range(func(l labels.Label) {
			if l.Name != prometheus.MetricNameLabel {
				pairs = append(pairs, l.Name+"="+l.Value)
			}
		})
		lines = append(lines, sampleLine(series.Get(prometheus.MetricNameLabel), pairs, value, timestampText(ms)))
	}
}

func expfmtSamples(t *testing.T, text []byte) (lines []string) {
	families, err := parseExpfmt(text)
	require.NoError(t, err)
	for _, f := range families {
		for _, m := range f.Metric {
			lines = append(lines, dtoLines(f.GetName(), m)...)
		}
	}
	return lines
}

func dtoLines(name string, m *dto.Metric) (lines []string) {
	add := func(suffix string, value float64, more ...string) {
		for _, l := range m.Label {
			more = append(more, l.GetName()+"="+l.GetValue())
		}
		lines = append(lines, sampleLine(name+suffix, more, value, timestampText(m.TimestampMs)))
	}
	switch {
	case m.Histogram != nil:
		for _, b := range m.Histogram.Bucket {
			add("_bucket", float64(b.GetCumulativeCount()), "le="+formatFloat(b.GetUpperBound()))
		}
		add("_sum", m.Histogram.GetSampleSum())
		add("_count", float64(m.Histogram.GetSampleCount()))
	case m.Summary != nil:
		for _, q := range m.Summary.Quantile {
			add("", q.GetValue(), "quantile="+formatFloat(q.GetQuantile()))
		}
		add("_sum", m.Summary.GetSampleSum())
		add("_count", float64(m.Summary.GetSampleCount()))
	case m.Counter != nil:
		add("", m.Counter.GetValue())
	case m.Gauge != nil:
		add("", m.Gauge.GetValue())
	default:
		add("", m.Untyped.GetValue())
	}
	return lines
}

func timestampText(ms *int64) string {
	if ms == nil {
		return ""
	}
	return strconv.FormatInt(*ms, 10)
}
