package convert_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/model"
)

func TestFromDTOReadsWhatOtherEncodersWrite(t *testing.T) {
	histogram := func(h model.HistogramValue) model.MetricFamily {
		return model.MetricFamily{Name: "f", HasType: true, Type: model.Histogram, Metrics: metrics(model.Metric{Extra: &model.Extra{Histogram: &h}})}
	}
	for _, test := range []struct {
		name   string
		dto    string
		family model.MetricFamily
	}{
		{
			"a type that is left out is counter, the first of the enumeration",
			`name: "f" metric { counter { value: 1 } }`,
			model.MetricFamily{Name: "f", HasType: true, Type: model.Counter, Metrics: metrics(model.Metric{Value: 1})},
		},
		{
			"a type that is left out is none if all metrics are untyped",
			`name: "f" metric { untyped { value: 1 } } metric { label { name: "a" value: "1" } untyped { value: 2 } }`,
			model.MetricFamily{Name: "f", Metrics: metrics(model.Metric{Value: 1}, model.Metric{Labels: model.NewLabels("a", "1"), Value: 2})},
		},
		{"a type that is left out is none if there are no metrics", `name: "f"`, model.MetricFamily{Name: "f", Metrics: metrics()}},
		{
			"numbers and strings that are left out are 0 and empty",
			`name: "f" type: GAUGE metric { label {} gauge {} }`,
			model.MetricFamily{Name: "f", HasType: true, Type: model.Gauge, Metrics: metrics(model.Metric{Labels: model.NewLabels("", "")})},
		},
		{
			"labels are kept as they are, even twice",
			`name: "f" type: GAUGE metric { label { name: "b" value: "1" } label { name: "a" value: "2" } label { name: "b" value: "1" } gauge {} }`,
			model.MetricFamily{
				Name: "f", HasType: true, Type: model.Gauge, Metrics: metrics(model.Metric{Labels: model.NewLabels("b", "1", "a", "2", "b", "1")}),
			},
		},
		{
			"a field of another type beside the right one says nothing",
			`name: "f" type: GAUGE metric { gauge { value: 1 } counter { value: 2 } }`,
			model.MetricFamily{Name: "f", HasType: true, Type: model.Gauge, Metrics: metrics(model.Metric{Value: 1})},
		},
		{
			"buckets and quantiles without numbers",
			`name: "f" type: HISTOGRAM metric { histogram { bucket {} } }`,
			histogram(model.HistogramValue{Buckets: []model.Bucket{{}}}),
		},
		{
			"float counts are stronger than whole ones",
			`name: "f" type: HISTOGRAM metric { histogram {
				sample_count: 1 sample_count_float: 2.5 bucket { cumulative_count: 1 cumulative_count_float: 0.5 upper_bound: 1 }
			} }`,
			histogram(model.HistogramValue{
				HasCount: true, Count: 2.5, Buckets: []model.Bucket{{UpperBound: 1, Count: 0.5}, {UpperBound: math.Inf(1), Count: 2.5}},
			}),
		},
		{
			"float counts of 0 are not stronger than whole ones",
			`name: "f" type: HISTOGRAM metric { histogram {
				sample_count: 1 sample_count_float: 0 bucket { cumulative_count: 1 cumulative_count_float: 0 upper_bound: 1 }
			} }`,
			histogram(model.HistogramValue{
				HasCount: true, Count: 1, Buckets: []model.Bucket{{UpperBound: 1, Count: 1}, {UpperBound: math.Inf(1), Count: 1}},
			}),
		},
		{
			"absolute native counts are stronger than deltas",
			`name: "f" type: HISTOGRAM metric { histogram {
				schema: 1 positive_span { offset: 1 length: 2 } positive_delta: [1, 1] positive_count: [3, 4]
			} }`,
			histogram(model.HistogramValue{Native: &model.NativeHistogram{
				Schema: 1, Float: true, PositiveSpans: []model.Span{{Offset: 1, Length: 2}}, PositiveCounts: []float64{3, 4},
			}}),
		},
		{
			"a native histogram of which the schema is left out has schema 0",
			`name: "f" type: HISTOGRAM metric { histogram { sample_count: 1 positive_span { length: 1 } positive_delta: 1 } }`,
			histogram(model.HistogramValue{HasCount: true, Count: 1, Native: &model.NativeHistogram{
				PositiveSpans: []model.Span{{Length: 1}}, PositiveCounts: []float64{1},
			}}),
		},
		{
			"a zero count makes a histogram native",
			`name: "f" type: HISTOGRAM metric { histogram { sample_count: 1 zero_count: 1 } }`,
			histogram(model.HistogramValue{HasCount: true, Count: 1, Native: &model.NativeHistogram{ZeroCount: 1}}),
		},
		{
			"a zero threshold makes a histogram native",
			`name: "f" type: HISTOGRAM metric { histogram { zero_threshold: 1e-9 } }`,
			histogram(model.HistogramValue{Native: &model.NativeHistogram{ZeroThreshold: 1e-9}}),
		},
		{
			"a zero count of float makes a histogram native and float",
			`name: "f" type: HISTOGRAM metric { histogram { zero_count_float: 0.5 } }`,
			histogram(model.HistogramValue{Native: &model.NativeHistogram{ZeroCount: 0.5, Float: true}}),
		},
		{
			"native fields that are 0 make nothing native",
			`name: "f" type: HISTOGRAM metric { histogram { sample_count: 0 zero_threshold: 0 zero_count: 0 zero_count_float: 0 } }`,
			histogram(model.HistogramValue{HasCount: true, Buckets: []model.Bucket{{UpperBound: math.Inf(1)}}}),
		},
		{
			"the bucket +Inf is that of the count if it is left out",
			`name: "f" type: HISTOGRAM metric { histogram { sample_count: 3 bucket { cumulative_count: 1 upper_bound: 1 } } }`,
			histogram(model.HistogramValue{
				HasCount: true, Count: 3, Buckets: []model.Bucket{{UpperBound: 1, Count: 1}, {UpperBound: math.Inf(1), Count: 3}},
			}),
		},
		{
			"without a count it stays left out",
			`name: "f" type: HISTOGRAM metric { histogram { bucket { cumulative_count: 1 upper_bound: 1 } } }`,
			histogram(model.HistogramValue{Buckets: []model.Bucket{{UpperBound: 1, Count: 1}}}),
		},
		{
			"a histogram of nothing but native buckets has no bucket +Inf",
			`name: "f" type: HISTOGRAM metric { histogram { sample_count: 3 schema: 0 positive_span { length: 1 } positive_delta: 3 } }`,
			histogram(model.HistogramValue{HasCount: true, Count: 3, Native: &model.NativeHistogram{
				PositiveSpans: []model.Span{{Length: 1}}, PositiveCounts: []float64{3},
			}}),
		},
		{
			"counts above 2^53 are rounded, not wrapped",
			`name: "f" type: HISTOGRAM metric { histogram { sample_count: 18446744073709551615 bucket { cumulative_count: 9007199254740993 upper_bound: inf } } }`,
			histogram(model.HistogramValue{HasCount: true, Count: 1 << 64, Buckets: []model.Bucket{{UpperBound: math.Inf(1), Count: 1 << 53}}}),
		},
		{
			"deltas may add up to negative counts",
			`name: "f" type: HISTOGRAM metric { histogram { schema: 0 positive_span { offset: 0 length: 2 } positive_delta: [1, -3] } }`,
			histogram(model.HistogramValue{Native: &model.NativeHistogram{
				PositiveSpans: []model.Span{{Length: 2}}, PositiveCounts: []float64{1, -2},
			}}),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			family, err := convert.FromDTO(dtoOf(t, test.dto))
			require.NoError(t, err)
			if diff := cmp.Diff(&test.family, family, cmpopts.EquateNaNs()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFromDTORefusesAWholeFamily(t *testing.T) {
	for _, test := range []struct {
		name string
		dto  *dto.MetricFamily
		err  string
	}{
		{"no family", nil, `no metric family given`},
		{"nothing set", &dto.MetricFamily{}, `a metric family without a name`},
		{"an empty name", &dto.MetricFamily{Name: proto.String("")}, `a metric family without a name`},
		{
			"a type that does not exist",
			&dto.MetricFamily{Name: proto.String("f"), Type: dto.MetricType(77).Enum()},
			`metric family "f" has a type that does not exist, 77`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			family, err := convert.FromDTO(test.dto)
			require.Nil(t, family)
			require.EqualError(t, err, test.err)
		})
	}
}

func TestFromDTOLeavesOutBadMetricsAndNamesThem(t *testing.T) {
	name, value := proto.String("a"), proto.String("1")
	labels := []*dto.LabelPair{{Name: name, Value: value}}
	histogram := func(h *dto.Histogram) *dto.Metric { return &dto.Metric{Label: labels, Histogram: h} }
	span := func(length uint32) []*dto.BucketSpan { return []*dto.BucketSpan{{Length: &length}} }
	badTime := &timestamppb.Timestamp{Nanos: -1}
	for _, test := range []struct {
		name string
		typ  dto.MetricType
		bad  *dto.Metric
		err  string
	}{
		{"no metric", dto.MetricType_GAUGE, nil, `{}: the value of type gauge is missing`},
		{"a metric with nothing set", dto.MetricType_COUNTER, &dto.Metric{}, `{}: the value of type counter is missing`},
		{"the value of another type", dto.MetricType_GAUGE, &dto.Metric{Label: labels, Counter: &dto.Counter{}}, `{a="1"}: the value of type gauge is missing`},
		{"no untyped value", dto.MetricType_UNTYPED, &dto.Metric{}, `{}: the value of type unknown is missing`},
		{"no summary", dto.MetricType_SUMMARY, &dto.Metric{}, `{}: the value of type summary is missing`},
		{"no histogram", dto.MetricType_HISTOGRAM, histogram(nil), `{a="1"}: the value of type histogram is missing`},
		{"no gauge histogram", dto.MetricType_GAUGE_HISTOGRAM, histogram(nil), `{a="1"}: the value of type gaugehistogram is missing`},
		{"a null label", dto.MetricType_GAUGE, &dto.Metric{Label: []*dto.LabelPair{labels[0], nil}}, `{}: label number 1 is a null pointer`},
		{
			"a null quantile", dto.MetricType_SUMMARY,
			&dto.Metric{Summary: &dto.Summary{Quantile: []*dto.Quantile{nil}}},
			`{}: quantile number 0 is a null pointer`,
		},
		{
			"a summary that began at no time", dto.MetricType_SUMMARY,
			&dto.Metric{Summary: &dto.Summary{CreatedTimestamp: badTime}},
			`{}: a timestamp has -1 nanoseconds, not 0 to 999,999,999`,
		},
		{
			"a counter that began at no time", dto.MetricType_COUNTER,
			&dto.Metric{Counter: &dto.Counter{CreatedTimestamp: &timestamppb.Timestamp{Nanos: 1e9}}},
			`{}: a timestamp has 1000000000 nanoseconds, not 0 to 999,999,999`,
		},
		{
			"an exemplar of no time", dto.MetricType_COUNTER,
			&dto.Metric{Counter: &dto.Counter{Exemplar: &dto.Exemplar{Timestamp: badTime}}},
			`{}: a timestamp has -1 nanoseconds, not 0 to 999,999,999`,
		},
		{
			"a null label of an exemplar", dto.MetricType_COUNTER,
			&dto.Metric{Counter: &dto.Counter{Exemplar: &dto.Exemplar{Label: []*dto.LabelPair{nil}}}},
			`{}: exemplar: label number 0 is a null pointer`,
		},
		{"a null bucket", dto.MetricType_HISTOGRAM, histogram(&dto.Histogram{Bucket: []*dto.Bucket{{}, nil}}), `{a="1"}: bucket number 1 is a null pointer`},
		{
			"a bad exemplar of a bucket", dto.MetricType_HISTOGRAM,
			histogram(&dto.Histogram{Bucket: []*dto.Bucket{{Exemplar: &dto.Exemplar{Timestamp: badTime}}}}),
			`{a="1"}: bucket number 0: a timestamp has -1 nanoseconds, not 0 to 999,999,999`,
		},
		{"a null exemplar", dto.MetricType_HISTOGRAM, histogram(&dto.Histogram{Exemplars: []*dto.Exemplar{nil}}), `{a="1"}: an exemplar is a null pointer`},
		{"a null span", dto.MetricType_HISTOGRAM, histogram(&dto.Histogram{NegativeSpan: []*dto.BucketSpan{nil}}), `{a="1"}: negative span number 0 is a null pointer`},
		{
			"spans longer than the deltas", dto.MetricType_HISTOGRAM,
			histogram(&dto.Histogram{PositiveSpan: append(span(1<<32-1), span(1<<32-1)...), PositiveDelta: []int64{1}}),
			`{a="1"}: the positive spans cover 8589934590 buckets, but there are 1 counts`,
		},
		{
			"deltas without spans", dto.MetricType_HISTOGRAM,
			histogram(&dto.Histogram{Schema: proto.Int32(0), NegativeDelta: []int64{1, 2}}),
			`{a="1"}: the negative spans cover 0 buckets, but there are 2 counts`,
		},
		{
			"absolute counts without spans", dto.MetricType_GAUGE_HISTOGRAM,
			histogram(&dto.Histogram{Schema: proto.Int32(0), PositiveCount: []float64{1}}),
			`{a="1"}: the positive spans cover 0 buckets, but there are 1 counts`,
		},
		{
			"deltas that overflow", dto.MetricType_HISTOGRAM,
			histogram(&dto.Histogram{PositiveSpan: span(2), PositiveDelta: []int64{1<<63 - 1, 1}}),
			`{a="1"}: the positive deltas add up to more than 64 bits hold`,
		},
		{
			"deltas that overflow downwards", dto.MetricType_HISTOGRAM,
			histogram(&dto.Histogram{NegativeSpan: span(2), NegativeDelta: []int64{-1 << 63, -1}}),
			`{a="1"}: the negative deltas add up to more than 64 bits hold`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			good := &dto.Metric{
				Label: []*dto.LabelPair{{Name: proto.String("good"), Value: value}},
				Gauge: &dto.Gauge{}, Counter: &dto.Counter{}, Summary: &dto.Summary{}, Untyped: &dto.Untyped{}, Histogram: &dto.Histogram{},
			}
			family, err := convert.FromDTO(&dto.MetricFamily{
				Name: proto.String("f"), Type: &test.typ, Metric: []*dto.Metric{good, test.bad, good},
			})
			require.EqualError(t, err, `metric family "f", metric number 1 `+test.err)
			require.Equal(t, "f", family.Name)
			require.Len(t, family.Metrics, 2)
			for _, m := range family.Metrics {
				require.Equal(t, model.NewLabels("good", "1"), m.Labels)
			}
		})
	}
}

func TestFromDTOJoinsItsErrors(t *testing.T) {
	family, err := convert.FromDTO(dtoOf(t, `name: "f" type: GAUGE metric {} metric { label { name: "a" value: "1" } }`))
	require.EqualError(t, err, `metric family "f", metric number 0 {}: the value of type gauge is missing
metric family "f", metric number 1 {a="1"}: the value of type gauge is missing`)
	require.Empty(t, family.Metrics)
}
