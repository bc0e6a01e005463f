package writer_test

import (
	"math"

	"github.com/promfmt/promfmt/model"
)

var (
	noon     = model.Timestamp{Seconds: 1750000000, Set: true}
	noonHalf = model.Timestamp{Seconds: 1750000000, Nanos: 500_000_000, Set: true}
	noonNano = model.Timestamp{Seconds: 1750000000, Nanos: 123_456_789, Set: true}
)

func exemplar(value float64) model.Exemplar {
	return model.Exemplar{Labels: model.NewLabels("trace_id", "4bf92f35"), Value: value, Timestamp: noonNano}
}

// buckets makes buckets of bounds and counts in turn.
func buckets(boundsAndCounts ...float64) []model.Bucket {
	var list []model.Bucket
	for i := 0; i < len(boundsAndCounts); i += 2 {
		list = append(list, model.Bucket{UpperBound: boundsAndCounts[i], Count: boundsAndCounts[i+1]})
	}
	return list
}

// quantiles makes quantiles of quantiles and values in turn.
func quantiles(quantilesAndValues ...float64) []model.Quantile {
	var list []model.Quantile
	for i := 0; i < len(quantilesAndValues); i += 2 {
		list = append(list, model.Quantile{Quantile: quantilesAndValues[i], Value: quantilesAndValues[i+1]})
	}
	return list
}

// spans makes spans of offsets and lengths in turn.
func spans(offsetsAndLengths ...int64) []model.Span {
	var list []model.Span
	for i := 0; i < len(offsetsAndLengths); i += 2 {
		list = append(list, model.Span{Offset: int32(offsetsAndLengths[i]), Length: uint32(offsetsAndLengths[i+1])})
	}
	return list
}

// allKinds are families made by hand, to try all formats with: every type, and everything that a type can have.
func allKinds() []*model.MetricFamily {
	return []*model.MetricFamily{
		{
			Name: "http_requests_total", Type: model.Counter, HasType: true, HasHelp: true, Help: "Requests served.",
			Metrics: []model.Metric{
				{Labels: model.NewLabels("code", "200", "method", "get"), Value: 1027, Timestamp: noonHalf},
				{Labels: model.NewLabels("code", "400", "method", "post"), Value: 3, Timestamp: noonHalf},
			},
		},
		{
			Name: "jobs", Suffix: "_total", Type: model.Counter, HasType: true, HasHelp: true, Help: "Jobs done.",
			Metrics: []model.Metric{{
				Labels: model.NewLabels("queue", "fast"), Value: 17,
				Extra: &model.Extra{Created: noonNano, Exemplars: []model.Exemplar{exemplar(1), exemplar(2)}},
			}},
		},
		{
			Name: "temperature_celsius", Type: model.Gauge, HasType: true, HasUnit: true, Unit: "celsius",
			HasHelp: true, Help: "A \"help\" text with a backslash \\ and\na line feed.",
			Metrics: []model.Metric{
				{Value: -12.5},
				{Labels: model.NewLabels("path", `C:\Windows`, "quoted", "say \"hi\"\nand go"), Value: 1e-7},
				{Labels: model.NewLabels("city", "Zürich 东京", "empty", ""), Value: 2.5e9, Timestamp: noon},
			},
		},
		{
			Name: "values", Type: model.Gauge, HasType: true,
			Metrics: []model.Metric{
				{Labels: model.NewLabels("is", "nan"), Value: math.NaN()},
				{Labels: model.NewLabels("is", "inf"), Value: math.Inf(1)},
				{Labels: model.NewLabels("is", "-inf"), Value: math.Inf(-1)},
				{Labels: model.NewLabels("is", "big"), Value: 123456789012},
				{Labels: model.NewLabels("is", "exact"), Value: 0.30000000000000004},
			},
		},
		{
			Name:    "bare",
			Metrics: []model.Metric{{Value: 1}},
		},
		{
			Name: "stated", HasType: true, HasHelp: true,
			Metrics: []model.Metric{{Value: 1, Timestamp: model.TimestampFromMillis(-1500)}},
		},
		{
			Name: "request_seconds", Type: model.Histogram, HasType: true, HasHelp: true, Help: "How long requests take.",
			Metrics: []model.Metric{
				{
					Labels: model.NewLabels("verb", "GET"),
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						HasCount: true, HasSum: true, Count: 12, Sum: 3.75,
						Buckets: buckets(0.1, 5, 0.5, 9, math.Inf(1), 12),
						Exemplars: []model.BucketExemplar{
							{Bucket: 1, Exemplar: exemplar(0.3)}, {Bucket: 1, Exemplar: exemplar(0.4)}, {Bucket: 2, Exemplar: exemplar(7)},
						},
					}, Created: noon},
				},
				{Extra: &model.Extra{Histogram: &model.HistogramValue{Buckets: buckets(1, 2.5)}}, Timestamp: noon},
			},
		},
		{
			Name: "spelled_seconds", Type: model.Histogram, HasType: true,
			Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasCount: true, HasSum: true, Count: 2, Sum: 1,
				Buckets: buckets(1, 1, math.Inf(1), 2), BoundTexts: []string{"1.0", "+Inf"},
			}}}},
		},
		{
			Name: "queue_length", Type: model.GaugeHistogram, HasType: true, HasHelp: true, Help: "Lengths now.",
			Metrics: []model.Metric{{
				Labels: model.NewLabels("queue", "fast"),
				Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, HasSum: true, Count: 4, Sum: -3, Buckets: buckets(0, 1, math.Inf(1), 4),
				}},
			}},
		},
		{
			Name: "rpc_seconds", Type: model.Summary, HasType: true,
			Metrics: []model.Metric{
				{
					Labels: model.NewLabels("service", "a"),
					Extra: &model.Extra{Summary: &model.SummaryValue{
						HasCount: true, HasSum: true, Count: 1e6, Sum: 17.25,
						Quantiles: quantiles(0.5, 0.25, 0.99, math.NaN()),
					}, Created: noon},
				},
				{
					Labels: model.NewLabels("service", "b"),
					Extra: &model.Extra{Summary: &model.SummaryValue{
						HasCount: true, Count: 2.5, Quantiles: quantiles(0.5, 1), QuantileTexts: []string{"0.50"},
					}},
				},
			},
		},
		{
			Name: "build", Suffix: "_info", Type: model.Info, HasType: true,
			Metrics: []model.Metric{{Labels: model.NewLabels("version", "1.2.3"), Value: 1}},
		},
		{
			Name: "feature", Type: model.StateSet, HasType: true,
			Metrics: []model.Metric{{
				Labels: model.NewLabels("zone", "z1"),
				Extra:  &model.Extra{States: []model.State{{Name: "a b", Enabled: true}, {Name: "c"}}},
			}},
		},
		{
			Name: "native_seconds", Type: model.Histogram, HasType: true,
			Metrics: []model.Metric{
				{
					Labels: model.NewLabels("kind", "whole"),
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						HasCount: true, HasSum: true, Count: 10, Sum: 20,
						Native: &model.NativeHistogram{
							Schema: 3, ZeroThreshold: 1e-128, ZeroCount: 1,
							NegativeSpans: spans(-2, 1), NegativeCounts: []float64{2},
							PositiveSpans: spans(0, 2, 3, 1), PositiveCounts: []float64{4, 1, 2},
						},
					}, Exemplars: []model.Exemplar{exemplar(1), exemplar(2)}},
				},
				{
					Labels: model.NewLabels("kind", "fractional"),
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						HasCount: true, HasSum: true, Count: 2.5, Sum: 20,
						Buckets: buckets(1, 1.5),
						Native: &model.NativeHistogram{
							Schema: -1, ZeroThreshold: 0.25, Float: true,
							PositiveSpans: spans(0, 2), PositiveCounts: []float64{1.5, 1},
						},
					}},
				},
				{
					Labels: model.NewLabels("kind", "empty"),
					Extra:  &model.Extra{Histogram: &model.HistogramValue{HasCount: true, HasSum: true, Native: &model.NativeHistogram{}}},
				},
				{
					Labels: model.NewLabels("kind", "custom"),
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						HasCount: true, HasSum: true, Count: 3, Sum: 4,
						Native: &model.NativeHistogram{
							Schema: -53, CustomBounds: []float64{0.5, 2},
							PositiveSpans: spans(0, 3), PositiveCounts: []float64{1, 2, 0},
						},
					}},
				},
			},
		},
		{
			Name: "system.cpu", Type: model.Gauge, HasType: true, HasHelp: true, Help: "A name of UTF-8.",
			Metrics: []model.Metric{
				{Labels: model.NewLabels("host.name", "a", "zone", "b"), Value: 0.5},
				{Value: 0.25},
			},
		},
		{
			Name: "system.latency", Type: model.Histogram, HasType: true,
			Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasCount: true, HasSum: true, Count: 1, Sum: 2, Buckets: buckets(math.Inf(1), 1),
			}}}},
			Loose: []model.Sample{{Name: "system.latency_bucket", Value: 1}},
		},
		{
			Name: "mixed", Type: model.Histogram, HasType: true,
			Loose: []model.Sample{
				{Name: "mixed", Value: 4, Timestamp: noon},
				{Name: "mixed_bucket", Labels: model.NewLabels("a", "b"), Value: 5},
				{Name: "mixed_bucket", Labels: model.NewLabels("a", "c"), Value: 6, Exemplar: &model.Exemplar{Value: 1}},
			},
		},
		{
			Name: "http_requests_total", Type: model.Counter, HasType: true, HasHelp: true, Help: "Requests served.",
			Continued: true, HelpRepeated: true, TypeRepeated: true,
			Metrics: []model.Metric{{Labels: model.NewLabels("code", "500", "method", "get"), Value: 1}},
		},
		{
			Name: "fine_timestamps",
			Metrics: []model.Metric{
				{Labels: model.NewLabels("at", "nanosecond"), Value: 1, Timestamp: noonNano},
				{Labels: model.NewLabels("at", "far"), Value: 1, Timestamp: model.Timestamp{Seconds: math.MaxInt64, Set: true}},
				{Labels: model.NewLabels("at", "before"), Value: 1, Timestamp: model.Timestamp{Seconds: -1, Nanos: 999_999_999, Set: true}},
			},
		},
		{Name: "announced", Type: model.Counter, HasType: true, HasHelp: true, Help: "No samples yet."},
	}
}
