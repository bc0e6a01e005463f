package bench

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/model/exemplar"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// TestTextparseReadsOurOpenMetrics holds that Prometheus finds in an OpenMetrics document what was put into it, for
// families of every type. Version 0.313 has no parser of OpenMetrics 2.0.
func TestTextparseReadsOurOpenMetrics(t *testing.T) {
	noon := model.Timestamp{Seconds: 1750000000, Nanos: 123_000_000, Set: true}
	example := model.Exemplar{Labels: model.NewLabels("trace_id", "4bf9"), Value: 0.5, Timestamp: noon}
	histogram := &model.HistogramValue{
		HasCount: true, Count: 3, HasSum: true, Sum: 2.5,
		Buckets:   []model.Bucket{{UpperBound: 1, Count: 2}, {UpperBound: math.Inf(1), Count: 3}},
		Exemplars: []model.BucketExemplar{{Bucket: 0, Exemplar: example}},
	}
	families := []*model.MetricFamily{
		{
			Name: "a_seconds_total", Type: model.Counter, HasType: true, HasUnit: true, Unit: "seconds", HasHelp: true, Help: "A \"b\"\n\\",
			Metrics: []model.Metric{
				{Labels: model.NewLabels("l", "\"\n\\é"), Value: 17, Timestamp: noon, Extra: &model.Extra{Exemplars: []model.Exemplar{example}}},
				{Value: 1e6, Extra: &model.Extra{Created: noon}},
			},
		},
		{Name: "b", Type: model.Gauge, HasType: true, Metrics: []model.Metric{{Value: math.Inf(-1)}}},
		{Name: "c", Type: model.Histogram, HasType: true, Metrics: []model.Metric{{Extra: &model.Extra{Histogram: histogram, Created: noon}}}},
		{Name: "d", Type: model.GaugeHistogram, HasType: true, Metrics: []model.Metric{{Labels: model.NewLabels("l", "v"), Extra: &model.Extra{Histogram: histogram}}}},
		{Name: "e", Type: model.Summary, HasType: true, Metrics: []model.Metric{{Extra: &model.Extra{Summary: &model.SummaryValue{
			HasCount: true, Count: 3, HasSum: true, Sum: 2.5, Quantiles: []model.Quantile{{Quantile: 1, Value: 2}},
		}}}}},
		{Name: "f", Suffix: "_info", Type: model.Info, HasType: true, Metrics: []model.Metric{{Labels: model.NewLabels("l", "v"), Value: 1}}},
		{Name: "g", Type: model.StateSet, HasType: true, Metrics: []model.Metric{{
			Extra: &model.Extra{States: []model.State{{Name: "on", Enabled: true}, {Name: "off"}}},
		}}},
		{Name: "h", HasType: true, HasUnit: true, HasHelp: true, Metrics: []model.Metric{{Value: -1}}},
		{Name: "i.j", Type: model.Counter, Suffix: "_total", HasType: true, Metrics: []model.Metric{{Labels: model.NewLabels("k.l", "v"), Value: 1}}},
		{Name: "m", Metrics: []model.Metric{{Value: 1}}},
	}
	want := []string{
		"type a_seconds counter", "unit a_seconds seconds", "help a_seconds A \"b\"\n\\",
		"a_seconds_total{l=\"\n\\é} 17 1750000000123 # {trace_id=\"4bf9\"} 0.5 1750000000123", "a_seconds_total{} 1e+06  st@1750000000123",
		"type b gauge", "b{} -Inf ",
		"type c histogram", "c_bucket{le=1} 2  st@1750000000123 # {trace_id=\"4bf9\"} 0.5 1750000000123", "c_bucket{le=+Inf} 3  st@1750000000123",
		"c_sum{} 2.5  st@1750000000123", "c_count{} 3  st@1750000000123",
		"type d gaugehistogram", "d_bucket{l=v|le=1} 2  # {trace_id=\"4bf9\"} 0.5 1750000000123", "d_bucket{l=v|le=+Inf} 3 ",
		"d_gsum{l=v} 2.5 ", "d_gcount{l=v} 3 ",
		"type e summary", "e{quantile=1} 2 ", "e_sum{} 2.5 ", "e_count{} 3 ",
		"type f info", "f_info{l=v} 1 ",
		"type g stateset", "g{g=on} 1 ", "g{g=off} 0 ",
		"type h unknown", "unit h ", "help h ", "h{} -1 ",
		"type i.j counter", "i.j_total{k.l=v} 1 ",
		"m{} 1 ",
	}
	if diff := cmp.Diff(want, readOpenMetrics(t, encodeOpenMetrics(t, families))); diff != "" {
		t.Errorf("(-put in +found):\n%s", diff)
	}
}

// TestOpenMetricsHasTheSeriesOfText holds that Prometheus finds the same series in a page and in that page as OpenMetrics,
// but for counters that get the suffix _total and families that are reported as lost.
func TestOpenMetricsHasTheSeriesOfText(t *testing.T) {
	texts := maps.Clone(pages())
	for file := range corpus.All() {
		if strings.HasPrefix(file.Name, "pages/") && file.Format == corpus.Text {
			texts[file.Name] = file.Data
		}
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			families, err := convert.Collect(convert.NewBytesDecoder(text).Families())
			require.NoError(t, err)
			lost := make(map[string]bool)
			out := encodeOpenMetrics(t, families, writer.OnLoss(func(l writer.Loss) {
				switch l.Rule {
				case diag.LossType: // another type, and the same series
				case diag.LossNameTaken, diag.LossSuffix:
					lost[l.Family], lost[l.Family+"_total"] = true, true
				default:
					t.Error(l)
				}
			}))
			want, got := textparseSamples(t, text), parserSamples(t, textparse.NewOpenMetricsParser(out, labels.NewSymbolTable()))
			isLost := func(line string) bool { return lost[line[:strings.IndexByte(line, '{')]] }
			want, got = slices.DeleteFunc(want, isLost), slices.DeleteFunc(got, isLost)
			slices.Sort(want)
			slices.Sort(got)
			requireSame(t, want, got)
		})
	}
}

func encodeOpenMetrics(t *testing.T, families []*model.MetricFamily, opts ...writer.Option) []byte {
	t.Helper()
	var out bytes.Buffer
	e, err := writer.New(&out, format.OpenMetrics, opts...)
	require.NoError(t, err)
	for _, f := range families {
		require.NoError(t, e.Encode(f))
	}
	require.NoError(t, e.Close())
	return out.Bytes()
}

// readOpenMetrics gives what textparse finds in a document, an entry a line.
func readOpenMetrics(t *testing.T, text []byte) (lines []string) {
	t.Helper()
	parser := textparse.NewOpenMetricsParser(text, labels.NewSymbolTable())
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return lines
		}
		require.NoError(t, err)
		switch entry {
		case textparse.EntryType:
			name, typ := parser.Type()
			lines = append(lines, "type "+string(name)+" "+string(typ))
		case textparse.EntryUnit:
			name, unit := parser.Unit()
			lines = append(lines, "unit "+string(name)+" "+string(unit))
		case textparse.EntryHelp:
			name, help := parser.Help()
			lines = append(lines, "help "+string(name)+" "+string(help))
		case textparse.EntrySeries:
			lines = append(lines, openMetricsSeries(parser))
		default:
			t.Errorf("an entry of kind %d", entry)
		}
	}
}

func openMetricsSeries(parser textparse.Parser) string {
	var series labels.Labels
	parser.Labels(&series)
	_, ms, value := parser.Series()
	name, timestamp := "", ""
	var pairs []string
	series.Range(func(l labels.Label) {
		if l.Name == "__name__" {
			name = l.Value
		} else {
			pairs = append(pairs, l.Name+"="+l.Value)
		}
	})
	if ms != nil {
		timestamp = strconv.FormatInt(*ms, 10)
	}
	line := sampleLine(name, pairs, value, timestamp)
	var e exemplar.Exemplar
	hasExemplar := parser.Exemplar(&e)
	if start := parser.StartTimestamp(); start != 0 { // and with that, _created is no series
		line += " st@" + strconv.FormatInt(start, 10)
	}
	if hasExemplar {
		line += " # " + e.Labels.String() + " " + formatFloat(e.Value) + " " + strconv.FormatInt(e.Ts, 10)
	}
	return line
}
