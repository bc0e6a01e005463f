package convert_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/model"
)

// dtoOf reads the text form of a protobuf family.
func dtoOf(t testing.TB, text string) *dto.MetricFamily {
	t.Helper()
	d := &dto.MetricFamily{}
	require.NoError(t, prototext.Unmarshal([]byte(text), d))
	return d
}

func metrics(m ...model.Metric) []model.Metric { return m }

var (
	at      = model.Timestamp{Seconds: 1520430000, Nanos: 123e6, Set: true}
	created = model.Timestamp{Seconds: -3, Nanos: 999_999_999, Set: true}
	trace   = model.Exemplar{
		Labels: model.NewLabels("trace_id", "abc", "a", "b"), Value: 0.07,
		Timestamp: model.Timestamp{Seconds: 1520430000, Nanos: 123_456_789, Set: true},
	}
	other = model.Exemplar{Value: math.Inf(1)}
)

// roundTrips are families of which the protobuf form holds all. TestTheWriterAgreesWithToDTO uses them too.
var roundTrips = []struct {
	name   string
	family model.MetricFamily
	dto    string
}{
	{
		"a gauge",
		model.MetricFamily{
			Name: "g_seconds", HasType: true, Type: model.Gauge, HasHelp: true, Help: "Help.", HasUnit: true, Unit: "seconds",
			Metrics: metrics(
				model.Metric{Labels: model.NewLabels("z", "1", "a", ""), Value: 1.5, Timestamp: at},
				model.Metric{Value: math.NaN(), Timestamp: model.TimestampFromMillis(0)},
				model.Metric{Labels: model.NewLabels("z", "2"), Value: math.Inf(-1), Timestamp: model.TimestampFromMillis(math.MinInt64)},
			),
		},
		`name: "g_seconds" help: "Help." type: GAUGE unit: "seconds"
		metric { label { name: "z" value: "1" } label { name: "a" value: "" } gauge { value: 1.5 } timestamp_ms: 1520430000123 }
		metric { gauge { value: nan } timestamp_ms: 0 }
		metric { label { name: "z" value: "2" } gauge { value: -inf } timestamp_ms: -9223372036854775808 }`,
	},
	{
		"empty help and unit",
		model.MetricFamily{Name: "f", HasType: true, HasHelp: true, HasUnit: true, Metrics: metrics()},
		`name: "f" type: UNTYPED help: "" unit: ""`,
	},
	{
		"an untyped metric",
		model.MetricFamily{Name: "f", HasType: true, Metrics: metrics(model.Metric{Value: -2})},
		`name: "f" type: UNTYPED metric { untyped { value: -2 } }`,
	},
	{
		"a counter with an exemplar and the time it began",
		model.MetricFamily{
			Name: "c_total", HasType: true, Type: model.Counter,
			Metrics: metrics(
				model.Metric{Value: 7, Extra: &model.Extra{Created: created, Exemplars: []model.Exemplar{trace}}},
				model.Metric{Labels: model.NewLabels("a", "1"), Value: 8, Extra: &model.Extra{Exemplars: []model.Exemplar{other}}},
				model.Metric{Labels: model.NewLabels("a", "2"), Value: 9, Extra: &model.Extra{Created: created}},
			),
		},
		`name: "c_total" type: COUNTER
		metric { counter { value: 7
			exemplar {
				label { name: "trace_id" value: "abc" } label { name: "a" value: "b" }
				value: 0.07 timestamp { seconds: 1520430000 nanos: 123456789 }
			}
			created_timestamp { seconds: -3 nanos: 999999999 }
		} }
		metric { label { name: "a" value: "1" } counter { value: 8 exemplar { value: inf } } }
		metric { label { name: "a" value: "2" } counter { value: 9 created_timestamp { seconds: -3 nanos: 999999999 } } }`,
	},
	{
		"summaries with all and with nothing",
		model.MetricFamily{
			Name: "s", HasType: true, Type: model.Summary,
			Metrics: metrics(
				model.Metric{
					Extra: &model.Extra{Summary: &model.SummaryValue{
						HasCount: true, Count: 3, HasSum: true, Sum: -1.5,
						Quantiles: []model.Quantile{{Quantile: 0.9, Value: 2}, {Quantile: 0.5, Value: math.NaN()}},
					}, Created: created},
				},
				model.Metric{Labels: model.NewLabels("a", "1"), Extra: &model.Extra{Summary: &model.SummaryValue{}}},
				model.Metric{Labels: model.NewLabels("a", "2"), Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, HasSum: true}}},
			),
		},
		`name: "s" type: SUMMARY
		metric { summary {
			sample_count: 3 sample_sum: -1.5
			quantile { quantile: 0.9 value: 2 } quantile { quantile: 0.5 value: nan }
			created_timestamp { seconds: -3 nanos: 999999999 }
		} }
		metric { label { name: "a" value: "1" } summary {} }
		metric { label { name: "a" value: "2" } summary { sample_count: 0 sample_sum: 0 } }`,
	},
	{
		"a classic histogram",
		model.MetricFamily{
			Name: "h", HasType: true, Type: model.Histogram,
			Metrics: metrics(
				model.Metric{
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						HasCount: true, Count: 1 << 53, HasSum: true, Sum: 4.5,
						Buckets: []model.Bucket{{UpperBound: -0.5, Count: 2}, {UpperBound: 1e6, Count: 3}, {UpperBound: math.Inf(1), Count: 1 << 53}},
						Exemplars: []model.BucketExemplar{
							{Bucket: 0, Exemplar: trace}, {Bucket: 2, Exemplar: other},
						},
					}, Created: created},
				},
				model.Metric{Labels: model.NewLabels("a", "1"), Extra: &model.Extra{Histogram: &model.HistogramValue{}}},
			),
		},
		`name: "h" type: HISTOGRAM
		metric { histogram {
			sample_count: 9007199254740992 sample_sum: 4.5
			bucket { cumulative_count: 2 upper_bound: -0.5 exemplar {
				label { name: "trace_id" value: "abc" } label { name: "a" value: "b" }
				value: 0.07 timestamp { seconds: 1520430000 nanos: 123456789 }
			} }
			bucket { cumulative_count: 3 upper_bound: 1e6 }
			bucket { cumulative_count: 9007199254740992 upper_bound: inf exemplar { value: inf } }
			created_timestamp { seconds: -3 nanos: 999999999 }
		} }
		metric { label { name: "a" value: "1" } histogram {} }`,
	},
	{
		"a count that is no whole number uses the float field",
		model.MetricFamily{
			Name: "h", HasType: true, Type: model.Histogram,
			Metrics: metrics(model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasCount: true, Count: 2,
				Buckets: []model.Bucket{{UpperBound: 1, Count: 0}, {UpperBound: 2, Count: 0.5}, {UpperBound: math.Inf(1), Count: 2}},
			}}}),
		},
		`name: "h" type: HISTOGRAM
		metric { histogram { sample_count: 2
			bucket { cumulative_count: 0 upper_bound: 1 } bucket { cumulative_count_float: 0.5 upper_bound: 2 }
			bucket { cumulative_count: 2 upper_bound: inf }
		} }`,
	},
	{
		"a gauge histogram of negative counts uses the float fields",
		model.MetricFamily{
			Name: "h", HasType: true, Type: model.GaugeHistogram,
			Metrics: metrics(model.Metric{
				Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: -2, HasSum: true, Sum: -1,
					Buckets: []model.Bucket{{UpperBound: 1, Count: -3}, {UpperBound: math.Inf(1), Count: -2}},
				}},
				Timestamp: at,
			}),
		},
		`name: "h" type: GAUGE_HISTOGRAM
		metric { histogram { sample_count_float: -2 sample_sum: -1
			bucket { cumulative_count_float: -3 upper_bound: 1 } bucket { cumulative_count_float: -2 upper_bound: inf }
		} timestamp_ms: 1520430000123 }`,
	},
	{
		"a histogram of counts beyond uint64 uses the float fields",
		model.MetricFamily{
			Name: "h", HasType: true, Type: model.Histogram,
			Metrics: metrics(model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasCount: true, Count: 1 << 64, Buckets: []model.Bucket{{UpperBound: math.Inf(1), Count: 1 << 64}},
			}}}),
		},
		`name: "h" type: HISTOGRAM
		metric { histogram { sample_count_float: 18446744073709551616
			bucket { cumulative_count_float: 18446744073709551616 upper_bound: inf }
		} }`,
	},
	{
		"a native histogram has deltas",
		model.MetricFamily{
			Name: "h", HasType: true, Type: model.Histogram,
			Metrics: metrics(model.Metric{
				Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: 15, HasSum: true, Sum: 4.5,
					Native: &model.NativeHistogram{
						Schema: -2, ZeroThreshold: 1e-9, ZeroCount: 3,
						NegativeSpans: []model.Span{{Offset: -4, Length: 2}}, NegativeCounts: []float64{2, 1},
						PositiveSpans: []model.Span{{Offset: 0, Length: 1}, {Offset: 3, Length: 2}}, PositiveCounts: []float64{1, 5, 3},
					},
				}, Created: created, Exemplars: []model.Exemplar{trace, other}},
			}),
		},
		`name: "h" type: HISTOGRAM
		metric { histogram {
			sample_count: 15 sample_sum: 4.5 schema: -2 zero_threshold: 1e-9 zero_count: 3
			negative_span { offset: -4 length: 2 } negative_delta: [2, -1]
			positive_span { offset: 0 length: 1 } positive_span { offset: 3 length: 2 } positive_delta: [1, 4, -2]
			created_timestamp { seconds: -3 nanos: 999999999 }
			exemplars {
				label { name: "trace_id" value: "abc" } label { name: "a" value: "b" }
				value: 0.07 timestamp { seconds: 1520430000 nanos: 123456789 }
			}
			exemplars { value: inf }
		} }`,
	},
	{
		"a native gauge histogram of floats has absolute counts",
		model.MetricFamily{
			Name: "h", HasType: true, Type: model.GaugeHistogram,
			Metrics: metrics(model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasCount: true, Count: 3.5, HasSum: true, Sum: 4.5,
				Native: &model.NativeHistogram{
					Schema: 8, ZeroCount: -0.5, Float: true,
					NegativeSpans: []model.Span{{Offset: 1, Length: 1}}, NegativeCounts: []float64{1.5},
					PositiveSpans: []model.Span{{Offset: 2, Length: 2}}, PositiveCounts: []float64{1, 1.5},
				},
			}}}),
		},
		`name: "h" type: GAUGE_HISTOGRAM
		metric { histogram {
			sample_count_float: 3.5 sample_sum: 4.5 schema: 8 zero_threshold: 0 zero_count_float: -0.5
			negative_span { offset: 1 length: 1 } negative_count: 1.5
			positive_span { offset: 2 length: 2 } positive_count: [1, 1.5]
		} }`,
	},
	{
		"a native histogram of floats that are whole keeps the float fields, but for its classic buckets",
		model.MetricFamily{
			Name: "h", HasType: true, Type: model.Histogram,
			Metrics: metrics(model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasCount: true, Count: 2,
				Buckets: []model.Bucket{{UpperBound: math.Inf(1), Count: 2}},
				Native: &model.NativeHistogram{
					Float: true, PositiveSpans: []model.Span{{Length: 1}}, PositiveCounts: []float64{2},
				},
			}}}),
		},
		`name: "h" type: HISTOGRAM
		metric { histogram {
			sample_count_float: 2 bucket { cumulative_count: 2 upper_bound: inf }
			schema: 0 zero_threshold: 0 zero_count_float: 0 positive_span { offset: 0 length: 1 } positive_count: 2
		} }`,
	},
	{
		"a native histogram without observations is told from a classic one by a span of no buckets",
		model.MetricFamily{
			Name: "h", HasType: true, Type: model.Histogram,
			Metrics: metrics(
				model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{HasCount: true, HasSum: true, Native: &model.NativeHistogram{Schema: 3}}}},
				model.Metric{
					Labels: model.NewLabels("a", "float"),
					Extra:  &model.Extra{Histogram: &model.HistogramValue{HasCount: true, HasSum: true, Native: &model.NativeHistogram{Schema: 3, Float: true}}},
				},
				model.Metric{
					Labels: model.NewLabels("a", "threshold"),
					Extra:  &model.Extra{Histogram: &model.HistogramValue{HasCount: true, HasSum: true, Native: &model.NativeHistogram{Schema: 3, ZeroThreshold: 1}}},
				},
			),
		},
		`name: "h" type: HISTOGRAM
		metric { histogram {
			sample_count: 0 sample_sum: 0 schema: 3 zero_threshold: 0 zero_count: 0 positive_span { offset: 0 length: 0 }
		} }
		metric { label { name: "a" value: "float" } histogram {
			sample_count_float: 0 sample_sum: 0 schema: 3 zero_threshold: 0 zero_count_float: 0 positive_span { offset: 0 length: 0 }
		} }
		metric { label { name: "a" value: "threshold" } histogram {
			sample_count: 0 sample_sum: 0 schema: 3 zero_threshold: 1 zero_count: 0
		} }`,
	},
}

func TestTheRoundTripThroughDTOIsExact(t *testing.T) {
	for _, test := range roundTrips {
		t.Run(test.name, func(t *testing.T) {
			d, err := convert.ToDTO(&test.family)
			require.NoError(t, err)
			if diff := cmp.Diff(dtoOf(t, test.dto), d, protocmp.Transform(), cmpopts.EquateNaNs()); diff != "" {
				t.Error(diff)
			}
			back, err := convert.FromDTO(dtoOf(t, test.dto))
			require.NoError(t, err)
			if diff := cmp.Diff(&test.family, back, cmpopts.EquateNaNs()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// losses are families of which the protobuf form cannot hold all. TestTheWriterAgreesWithToDTO uses them too.
var losses = []struct {
	name   string
	family model.MetricFamily
	dto    string
}{
	{
		"a family without a type becomes untyped",
		model.MetricFamily{Name: "f", Metrics: metrics(model.Metric{Value: 1})},
		`name: "f" type: UNTYPED metric { untyped { value: 1 } }`,
	},
	{
		"the suffix of a counter becomes part of the name",
		model.MetricFamily{Name: "c", Suffix: "_total", HasType: true, Type: model.Counter, Metrics: metrics(model.Metric{Value: 1})},
		`name: "c_total" type: COUNTER metric { counter { value: 1 } }`,
	},
	{
		"an info becomes a gauge with its suffix",
		model.MetricFamily{
			Name: "build", Suffix: "_info", HasType: true, Type: model.Info,
			Metrics: metrics(model.Metric{Labels: model.NewLabels("version", "1"), Value: 1, Timestamp: at}),
		},
		`name: "build_info" type: GAUGE
		metric { label { name: "version" value: "1" } gauge { value: 1 } timestamp_ms: 1520430000123 }`,
	},
	{
		"a state set becomes a gauge a state",
		model.MetricFamily{
			Name: "mode", HasType: true, Type: model.StateSet,
			Metrics: metrics(
				model.Metric{
					Labels: model.NewLabels("unit", "pump"), Timestamp: at,
					Extra: &model.Extra{States: []model.State{{Name: "on", Enabled: true}, {Name: "off"}}},
				},
				model.Metric{},
			),
		},
		`name: "mode" type: GAUGE
		metric { label { name: "unit" value: "pump" } label { name: "mode" value: "on" } gauge { value: 1 } timestamp_ms: 1520430000123 }
		metric { label { name: "unit" value: "pump" } label { name: "mode" value: "off" } gauge { value: 0 } timestamp_ms: 1520430000123 }`,
	},
	{
		"timestamps are rounded to milliseconds and to what an int64 holds",
		model.MetricFamily{Name: "g", HasType: true, Type: model.Gauge, Metrics: metrics(
			model.Metric{Timestamp: model.Timestamp{Seconds: -1, Nanos: 999_999_999, Set: true}},
			model.Metric{Timestamp: model.Timestamp{Seconds: math.MaxInt64, Set: true}},
		)},
		`name: "g" type: GAUGE metric { gauge { value: 0 } timestamp_ms: -1 } metric { gauge { value: 0 } timestamp_ms: 9223372036854775807 }`,
	},
	{
		"exemplars of a gauge are left out, and when it began",
		model.MetricFamily{Name: "g", HasType: true, Type: model.Gauge, Metrics: metrics(
			model.Metric{Extra: &model.Extra{Created: created, Exemplars: []model.Exemplar{other}}},
		)},
		`name: "g" type: GAUGE metric { gauge { value: 0 } }`,
	},
	{
		"exemplars of an untyped metric are left out, and when it began",
		model.MetricFamily{Name: "u", HasType: true, Metrics: metrics(
			model.Metric{Extra: &model.Extra{Created: created, Exemplars: []model.Exemplar{other}}},
		)},
		`name: "u" type: UNTYPED metric { untyped { value: 0 } }`,
	},
	{
		"of several exemplars of a counter the first is kept",
		model.MetricFamily{Name: "c", HasType: true, Type: model.Counter, Metrics: metrics(
			model.Metric{Value: 1, Extra: &model.Extra{Exemplars: []model.Exemplar{other, trace}}},
		)},
		`name: "c" type: COUNTER metric { counter { value: 1 exemplar { value: inf } } }`,
	},
	{
		"of several exemplars of a bucket the first is kept",
		model.MetricFamily{Name: "h", HasType: true, Type: model.Histogram, Metrics: metrics(
			model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
				Buckets:   []model.Bucket{{UpperBound: 1, Count: 1}},
				Exemplars: []model.BucketExemplar{{Exemplar: other}, {Exemplar: trace}},
			}}},
		)},
		`name: "h" type: HISTOGRAM metric { histogram { bucket { cumulative_count: 1 upper_bound: 1 exemplar { value: inf } } } }`,
	},
	{
		"counts of summaries that are no whole numbers within uint64 are left out",
		model.MetricFamily{Name: "s", HasType: true, Type: model.Summary, Metrics: metrics(
			model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: 2.7}}},
			model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: -2, HasSum: true, Sum: 1}}},
			model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: math.NaN()}}},
			model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: math.Inf(1)}}},
			model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: 1 << 64}}},
			model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: 1<<64 - 1<<11}}},
		)},
		`name: "s" type: SUMMARY
		metric { summary {} } metric { summary { sample_sum: 1 } } metric { summary {} } metric { summary {} } metric { summary {} }
		metric { summary { sample_count: 18446744073709549568 } }`,
	},
	{
		"native counts of which the differences would not fit use the float fields",
		model.MetricFamily{Name: "h", HasType: true, Type: model.Histogram, Metrics: metrics(
			model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasCount: true, Count: 1 << 63,
				Native: &model.NativeHistogram{PositiveSpans: []model.Span{{Length: 1}}, PositiveCounts: []float64{1 << 63}},
			}}},
		)},
		`name: "h" type: HISTOGRAM
		metric { histogram {
			sample_count_float: 9223372036854775808 schema: 0 zero_threshold: 0 zero_count_float: 0
			positive_span { offset: 0 length: 1 } positive_count: 9223372036854775808
		} }`,
	},
	{
		"native buckets with custom bounds are left out",
		model.MetricFamily{Name: "h", HasType: true, Type: model.Histogram, Metrics: metrics(
			model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasCount: true, Count: 3, HasSum: true, Sum: 2.5,
				Native: &model.NativeHistogram{
					Schema: -53, CustomBounds: []float64{1, 2}, PositiveSpans: []model.Span{{Length: 2}}, PositiveCounts: []float64{1, 2},
				},
			}}},
		)},
		`name: "h" type: HISTOGRAM metric { histogram { sample_count: 3 sample_sum: 2.5 } }`,
	},
	{
		"texts of bounds and quantiles are left out",
		model.MetricFamily{Name: "h", HasType: true, Type: model.Histogram, Metrics: metrics(
			model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{Buckets: []model.Bucket{{UpperBound: 1}}, BoundTexts: []string{"1.0"}}}},
		)},
		`name: "h" type: HISTOGRAM metric { histogram { bucket { cumulative_count: 0 upper_bound: 1 } } }`,
	},
	{
		"loose samples are left out",
		model.MetricFamily{
			Name: "h", HasType: true, Type: model.Histogram, Metrics: metrics(model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{}}}),
			Loose: []model.Sample{{Name: "h", Value: 1}, {Name: "a_sum", Labels: model.NewLabels("a", "1"), Value: 2, Timestamp: at}},
		},
		`name: "h" type: HISTOGRAM metric { histogram {} }`,
	},
}

func TestWhatDTOCannotHold(t *testing.T) {
	for _, test := range losses {
		t.Run(test.name, func(t *testing.T) {
			d, err := convert.ToDTO(&test.family)
			require.NoError(t, err)
			if diff := cmp.Diff(dtoOf(t, test.dto), d, protocmp.Transform(), cmpopts.EquateNaNs()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestToDTORefusesContradictions(t *testing.T) {
	histogram := func(h model.HistogramValue) *model.MetricFamily {
		return &model.MetricFamily{Name: "f", Type: model.Histogram, Metrics: metrics(model.Metric{Labels: model.NewLabels("a", "1"), Extra: &model.Extra{Histogram: &h}})}
	}
	for _, test := range []struct {
		name   string
		family *model.MetricFamily
		err    string
	}{
		{"no family", nil, `no metric family given`},
		{"no name", &model.MetricFamily{}, "a metric family has no name"},
		{
			"a gauge that is a histogram",
			&model.MetricFamily{Name: "f", Type: model.Gauge, Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{}}}}},
			`metric family "f", metric {}: it has a histogram or a summary that its type has no place for`,
		},
		{"a type that does not exist", &model.MetricFamily{Name: "f", Type: 77}, `metric family "f" has a type that does not exist, 77`},
		{
			"a histogram without a histogram",
			&model.MetricFamily{Name: "f", Type: model.Histogram, Metrics: metrics(model.Metric{})},
			`metric family "f", metric {}: the histogram is missing`,
		},
		{
			"a gauge histogram without a histogram",
			&model.MetricFamily{Name: "f", Type: model.GaugeHistogram, Metrics: metrics(model.Metric{})},
			`metric family "f", metric {}: the histogram is missing`,
		},
		{
			"a summary without a summary",
			&model.MetricFamily{Name: "f", Type: model.Summary, Metrics: metrics(model.Metric{})},
			`metric family "f", metric {}: the summary is missing`,
		},
		{
			"an exemplar of no bucket",
			histogram(model.HistogramValue{Exemplars: []model.BucketExemplar{{}}}),
			`metric family "f", metric {a="1"}: there is an exemplar of bucket number 0, but there are 0 buckets`,
		},
		{
			"an exemplar of a negative bucket",
			histogram(model.HistogramValue{Exemplars: []model.BucketExemplar{{Bucket: -1}}}),
			`metric family "f", metric {a="1"}: there is an exemplar of bucket number -1, but there are 0 buckets`,
		},
		{
			"spans that do not match",
			histogram(model.HistogramValue{Native: &model.NativeHistogram{PositiveCounts: []float64{1}}}),
			`metric family "f", metric {a="1"}: the positive spans cover 0 buckets, but there are 1 counts`,
		},
		{
			"spans on the other side",
			histogram(model.HistogramValue{Native: &model.NativeHistogram{NegativeSpans: []model.Span{{Length: math.MaxUint32}, {Length: 1}}}}),
			`metric family "f", metric {a="1"}: the negative spans cover 4294967296 buckets, but there are 0 counts`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := convert.ToDTO(test.family)
			require.Nil(t, d)
			require.EqualError(t, err, test.err)
		})
	}
}

func TestToDTOKeepsNothingOfTheFamily(t *testing.T) {
	native := &model.NativeHistogram{Float: true, PositiveSpans: []model.Span{{Length: 1}}, PositiveCounts: []float64{1}}
	histogram := &model.HistogramValue{HasCount: true, Count: 1, Native: native}
	gauge := &model.MetricFamily{Name: "g", Type: model.Gauge, Metrics: metrics(model.Metric{Value: 1})}
	d, err := convert.ToDTO(&model.MetricFamily{Name: "h", Type: model.Histogram, Metrics: metrics(model.Metric{Extra: &model.Extra{Histogram: histogram}})})
	require.NoError(t, err)
	e, err := convert.ToDTO(gauge)
	require.NoError(t, err)

	native.PositiveCounts[0], native.PositiveSpans[0].Length, histogram.Count, gauge.Metrics[0].Value = 9, 9, 9, 9
	require.Equal(t, []float64{1}, d.Metric[0].Histogram.PositiveCount)
	require.Equal(t, uint32(1), d.Metric[0].Histogram.PositiveSpan[0].GetLength())
	require.Equal(t, 1.0, d.Metric[0].Histogram.GetSampleCountFloat())
	require.Equal(t, 1.0, e.Metric[0].Gauge.GetValue())
}
