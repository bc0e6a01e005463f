package model_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/model"
)

var (
	at      = model.TimestampFromMillis(1520430000123)
	created = model.TimestampFromMillis(1520000000500)
	trace   = model.Exemplar{Labels: model.NewLabels("trace_id", "abc"), Value: 0.07, Timestamp: at}
	other   = model.Exemplar{Labels: model.NewLabels("trace_id", "def"), Value: 0.08}
)

func TestSamples(t *testing.T) {
	get := model.NewLabels("method", "GET")
	for _, test := range []struct {
		name    string
		family  model.MetricFamily
		samples []model.Sample
	}{
		{
			"a gauge is one sample",
			model.MetricFamily{Name: "g", Type: model.Gauge, Metrics: []model.Metric{
				{Labels: get, Value: 2, Timestamp: at},
				{Value: math.Inf(-1)},
			}},
			[]model.Sample{{Name: "g", Labels: get, Value: 2, Timestamp: at}, {Name: "g", Value: math.Inf(-1)}},
		},
		{
			"a family without a type gives samples of its name",
			model.MetricFamily{Name: "u", Metrics: []model.Metric{{Value: 1}}},
			[]model.Sample{{Name: "u", Value: 1}},
		},
		{
			"a counter with a suffix has a creation time beside it",
			model.MetricFamily{Name: "c", Suffix: "_total", Type: model.Counter, Metrics: []model.Metric{
				{Labels: get, Value: 3, Timestamp: at, Extra: &model.Extra{Created: created, Exemplars: []model.Exemplar{trace, other}}},
			}},
			[]model.Sample{
				{Name: "c_total", Labels: get, Value: 3, Timestamp: at, Exemplar: &trace},
				{Name: "c_created", Labels: get, Value: 1520000000.5, Timestamp: at},
			},
		},
		{
			"a counter without a suffix has no sample of its creation time",
			model.MetricFamily{Name: "c_total", Type: model.Counter, Metrics: []model.Metric{
				{Value: 3, Extra: &model.Extra{Created: created}},
			}},
			[]model.Sample{{Name: "c_total", Value: 3}},
		},
		{
			"an info has its suffix",
			model.MetricFamily{Name: "build", Suffix: "_info", Type: model.Info, Metrics: []model.Metric{{Labels: get, Value: 1}}},
			[]model.Sample{{Name: "build_info", Labels: get, Value: 1}},
		},
		{
			"a state set is a sample a state",
			model.MetricFamily{Name: "mode", Type: model.StateSet, Metrics: []model.Metric{{
				Labels: get, Timestamp: at,
				Extra: &model.Extra{States: []model.State{{Name: "on", Enabled: true}, {Name: "off"}}},
			}}},
			[]model.Sample{
				{Name: "mode", Labels: model.NewLabels("method", "GET", "mode", "on"), Value: 1, Timestamp: at},
				{Name: "mode", Labels: model.NewLabels("method", "GET", "mode", "off"), Value: 0, Timestamp: at},
			},
		},
		{
			"a state set without states has no samples",
			model.MetricFamily{Name: "mode", Type: model.StateSet, Metrics: []model.Metric{{Labels: get}}},
			nil,
		},
		{
			"a histogram is its buckets, sum, count and creation time",
			model.MetricFamily{Name: "h", Type: model.Histogram, Metrics: []model.Metric{{
				Labels: get, Timestamp: at,
				Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: 5, HasSum: true, Sum: 2.5,
					Buckets: []model.Bucket{{UpperBound: 0.5, Count: 2}, {UpperBound: 1e6, Count: 4}, {UpperBound: math.Inf(1), Count: 5}},
					Exemplars: []model.BucketExemplar{
						{Bucket: 0, Exemplar: trace}, {Bucket: 0, Exemplar: other}, {Bucket: 2, Exemplar: other},
					},
				}, Created: created},
			}}},
			[]model.Sample{
				{Name: "h_bucket", Labels: model.NewLabels("method", "GET", "le", "0.5"), Value: 2, Timestamp: at, Exemplar: &trace},
				{Name: "h_bucket", Labels: model.NewLabels("method", "GET", "le", "1e+06"), Value: 4, Timestamp: at},
				{Name: "h_bucket", Labels: model.NewLabels("method", "GET", "le", "+Inf"), Value: 5, Timestamp: at, Exemplar: &other},
				{Name: "h_sum", Labels: get, Value: 2.5, Timestamp: at},
				{Name: "h_count", Labels: get, Value: 5, Timestamp: at},
				{Name: "h_created", Labels: get, Value: 1520000000.5, Timestamp: at},
			},
		},
		{
			"a histogram keeps the texts of its bounds, and has no sum and count that were not given",
			model.MetricFamily{Name: "h", Type: model.Histogram, Metrics: []model.Metric{{
				Extra: &model.Extra{Histogram: &model.HistogramValue{
					Buckets:    []model.Bucket{{UpperBound: 1, Count: 2}, {UpperBound: math.Inf(1), Count: 2}},
					BoundTexts: []string{"1.0", "inf"},
				}},
			}}},
			[]model.Sample{
				{Name: "h_bucket", Labels: model.NewLabels("le", "1.0"), Value: 2},
				{Name: "h_bucket", Labels: model.NewLabels("le", "inf"), Value: 2},
			},
		},
		{
			"native buckets have no samples",
			model.MetricFamily{Name: "h", Type: model.Histogram, Metrics: []model.Metric{{
				Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: 1, HasSum: true, Sum: 1,
					Native: &model.NativeHistogram{PositiveSpans: []model.Span{{Length: 1}}, PositiveCounts: []float64{1}},
				}},
			}}},
			[]model.Sample{{Name: "h_sum", Value: 1}, {Name: "h_count", Value: 1}},
		},
		{
			"a gauge histogram has a sum and count of its own names",
			model.MetricFamily{Name: "gh", Type: model.GaugeHistogram, Metrics: []model.Metric{{
				Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: 2, HasSum: true, Sum: -1,
					Buckets: []model.Bucket{{UpperBound: math.Inf(1), Count: 2}},
				}},
			}}},
			[]model.Sample{
				{Name: "gh_bucket", Labels: model.NewLabels("le", "+Inf"), Value: 2},
				{Name: "gh_gsum", Value: -1},
				{Name: "gh_gcount", Value: 2},
			},
		},
		{
			"a summary is its quantiles, sum, count and creation time",
			model.MetricFamily{Name: "s", Type: model.Summary, Metrics: []model.Metric{{
				Labels: get, Timestamp: at,
				Extra: &model.Extra{Summary: &model.SummaryValue{
					HasCount: true, Count: 2, HasSum: true, Sum: 2.5,
					Quantiles:     []model.Quantile{{Quantile: 0.5, Value: 1}, {Quantile: 0.99, Value: 2}},
					QuantileTexts: []string{"0.5", ".99"},
				}, Created: created},
			}}},
			[]model.Sample{
				{Name: "s", Labels: model.NewLabels("method", "GET", "quantile", "0.5"), Value: 1, Timestamp: at},
				{Name: "s", Labels: model.NewLabels("method", "GET", "quantile", ".99"), Value: 2, Timestamp: at},
				{Name: "s_sum", Labels: get, Value: 2.5, Timestamp: at},
				{Name: "s_count", Labels: get, Value: 2, Timestamp: at},
				{Name: "s_created", Labels: get, Value: 1520000000.5, Timestamp: at},
			},
		},
		{
			"bounds and quantiles without a text are numbers",
			model.MetricFamily{Name: "f", Type: model.Histogram, Metrics: []model.Metric{
				{Extra: &model.Extra{Histogram: &model.HistogramValue{
					Buckets: []model.Bucket{{UpperBound: 1, Count: 1}, {UpperBound: 2, Count: 2}}, BoundTexts: []string{"1.0"},
				}}},
				{Extra: &model.Extra{Summary: &model.SummaryValue{Quantiles: []model.Quantile{{Quantile: 0.5, Value: 3}}, QuantileTexts: []string{}}}},
			}},
			[]model.Sample{
				{Name: "f_bucket", Labels: model.NewLabels("le", "1.0"), Value: 1},
				{Name: "f_bucket", Labels: model.NewLabels("le", "2"), Value: 2},
				{Name: "f", Labels: model.NewLabels("quantile", "0.5"), Value: 3},
			},
		},
		{
			"loose samples come last and as they are",
			model.MetricFamily{
				Name: "h", Type: model.Histogram,
				Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{HasCount: true, Count: 1}}}},
				Loose:   []model.Sample{{Name: "h", Value: 7}, {Name: "h_bucket", Labels: get, Value: 8, Exemplar: &trace}},
			},
			[]model.Sample{
				{Name: "h_count", Value: 1},
				{Name: "h", Value: 7},
				{Name: "h_bucket", Labels: get, Value: 8, Exemplar: &trace},
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.samples, slices.Collect(test.family.Samples())); diff != "" {
				t.Error(diff)
			}
			for stop := range test.samples {
				n := 0
				for range test.family.Samples() {
					if n++; n > stop {
						break
					}
				}
				require.Equal(t, stop+1, n, "the samples end where the loop ends")
			}
		})
	}
}

func TestFormatFloat(t *testing.T) {
	for f, text := range map[float64]string{
		0: "0", 1: "1", 0.25: "0.25", 1e6: "1e+06", 123456789: "1.23456789e+08", 5e-324: "5e-324",
		math.Inf(1): "+Inf", math.Inf(-1): "-Inf",
	} {
		require.Equal(t, text, model.FormatFloat(f))
	}
	require.Equal(t, "NaN", model.FormatFloat(math.NaN()))
}

func TestTypes(t *testing.T) {
	complexTypes := []model.Type{model.Histogram, model.GaugeHistogram, model.Summary, model.StateSet}
	for typ, name := range map[model.Type]string{
		model.Unknown: "unknown", model.Counter: "counter", model.Gauge: "gauge", model.Histogram: "histogram",
		model.GaugeHistogram: "gaugehistogram", model.Summary: "summary", model.Info: "info", model.StateSet: "stateset",
		model.Type(200): "unknown",
	} {
		require.Equal(t, name, typ.String())
		require.Equal(t, slices.Contains(complexTypes, typ), typ.IsComplex())
	}
}
