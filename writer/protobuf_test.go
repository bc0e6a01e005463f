package writer_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

func labelPairs(namesAndValues ...string) (pairs []*dto.LabelPair) {
	for i := 0; i < len(namesAndValues); i += 2 {
		pairs = append(pairs, &dto.LabelPair{Name: &namesAndValues[i], Value: &namesAndValues[i+1]})
	}
	return pairs
}

func dtoExemplar(value float64) *dto.Exemplar {
	return &dto.Exemplar{
		Label: labelPairs("trace_id", "4bf92f35"), Value: &value,
		Timestamp: &timestamppb.Timestamp{Seconds: 1750000000, Nanos: 123_456_789},
	}
}

func TestProtobufIsWhatTheMessagesSay(t *testing.T) {
	long := strings.Repeat("long", 100)
	tests := map[string]struct {
		family model.MetricFamily
		want   []*dto.MetricFamily
	}{
		"a gauge with all that there is": {
			family: model.MetricFamily{
				Name: "x", Type: model.Gauge, HasType: true, HasHelp: true, Help: "h", HasUnit: true, Unit: "u",
				Metrics: []model.Metric{
					{Labels: model.NewLabels("a", "b", "c", ""), Value: -1.5, Timestamp: noonHalf},
					{Value: 0, Timestamp: model.TimestampFromMillis(-1)},
				},
			},
			want: []*dto.MetricFamily{{
				Name: proto.String("x"), Help: proto.String("h"), Type: dto.MetricType_GAUGE.Enum(), Unit: proto.String("u"),
				Metric: []*dto.Metric{
					{Label: labelPairs("a", "b", "c", ""), Gauge: &dto.Gauge{Value: proto.Float64(-1.5)}, TimestampMs: proto.Int64(1750000000500)},
					{Gauge: &dto.Gauge{Value: proto.Float64(0)}, TimestampMs: proto.Int64(-1)},
				},
			}},
		},
		"what is empty differs from what is not there": {
			family: model.MetricFamily{Name: "x", HasType: true, HasHelp: true, HasUnit: true},
			want: []*dto.MetricFamily{{
				Name: proto.String("x"), Help: proto.String(""), Type: dto.MetricType_UNTYPED.Enum(), Unit: proto.String(""),
			}},
		},
		"a family without a type is untyped": {
			family: model.MetricFamily{Name: "x", Metrics: []model.Metric{{Value: math.Inf(1)}}},
			want: []*dto.MetricFamily{{
				Name: proto.String("x"), Type: dto.MetricType_UNTYPED.Enum(),
				Metric: []*dto.Metric{{Untyped: &dto.Untyped{Value: proto.Float64(math.Inf(1))}}},
			}},
		},
		"lengths of more than a byte": {
			family: model.MetricFamily{
				Name: long, Type: model.Gauge, HasType: true, HasHelp: true, Help: long + long,
				Metrics: []model.Metric{{Labels: model.NewLabels(long, long+long, "a", "b"), Value: 1}},
			},
			want: []*dto.MetricFamily{{
				Name: &long, Help: proto.String(long + long), Type: dto.MetricType_GAUGE.Enum(),
				Metric: []*dto.Metric{{Label: labelPairs(long, long+long, "a", "b"), Gauge: &dto.Gauge{Value: proto.Float64(1)}}},
			}},
		},
		"a counter keeps its suffix, creation time and first exemplar": {
			family: model.MetricFamily{
				Name: "x", Suffix: "_total", Type: model.Counter, HasType: true,
				Metrics: []model.Metric{{
					Value: 3, Extra: &model.Extra{Created: noon, Exemplars: []model.Exemplar{exemplar(1), exemplar(2)}},
				}},
			},
			want: []*dto.MetricFamily{{
				Name: proto.String("x_total"), Type: dto.MetricType_COUNTER.Enum(),
				Metric: []*dto.Metric{{Counter: &dto.Counter{
					Value: proto.Float64(3), Exemplar: dtoExemplar(1), CreatedTimestamp: &timestamppb.Timestamp{Seconds: 1750000000},
				}}},
			}},
		},
		"a summary": {
			family: model.MetricFamily{
				Name: "x", Type: model.Summary, HasType: true,
				Metrics: []model.Metric{
					{
						Labels: model.NewLabels("a", "b"), Timestamp: noon,
						Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, HasSum: true, Count: 1 << 60, Sum: 2.5, Quantiles: quantiles(0.5, 1, 0.9, 2)}, Created: model.Timestamp{Nanos: 5, Set: true}},
					},
					{Extra: &model.Extra{Summary: &model.SummaryValue{}}},
				},
			},
			want: []*dto.MetricFamily{{
				Name: proto.String("x"), Type: dto.MetricType_SUMMARY.Enum(),
				Metric: []*dto.Metric{
					{
						Label: labelPairs("a", "b"), TimestampMs: proto.Int64(1750000000000),
						Summary: &dto.Summary{
							SampleCount: proto.Uint64(1 << 60), SampleSum: proto.Float64(2.5), CreatedTimestamp: &timestamppb.Timestamp{Nanos: 5},
							Quantile: []*dto.Quantile{
								{Quantile: proto.Float64(0.5), Value: proto.Float64(1)}, {Quantile: proto.Float64(0.9), Value: proto.Float64(2)},
							},
						},
					},
					{Summary: &dto.Summary{}},
				},
			}},
		},
		"a summary's count that is not whole is left out, never wrapped": {
			family: model.MetricFamily{
				Name: "x", Type: model.Summary, HasType: true,
				Metrics: []model.Metric{
					{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: -2}}},
					{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: 2.7}}},
					{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: math.NaN()}}},
					{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: 1 << 64}}},
					{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: 1 << 63}}},
				},
			},
			want: []*dto.MetricFamily{{
				Name: proto.String("x"), Type: dto.MetricType_SUMMARY.Enum(),
				Metric: []*dto.Metric{
					{Summary: &dto.Summary{}}, {Summary: &dto.Summary{}}, {Summary: &dto.Summary{}}, {Summary: &dto.Summary{}},
					{Summary: &dto.Summary{SampleCount: proto.Uint64(1 << 63)}},
				},
			}},
		},
		"a histogram's timestamp stands before it, and buckets have one exemplar each": {
			family: model.MetricFamily{
				Name: "x", Type: model.Histogram, HasType: true,
				Metrics: []model.Metric{{
					Labels: model.NewLabels("a", "b"), Timestamp: noon,
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						HasCount: true, HasSum: true, Count: 300, Sum: 2.5, Buckets: buckets(0.1, 0, 1, 299, math.Inf(1), 300),
						Exemplars: []model.BucketExemplar{
							{Bucket: 0, Exemplar: exemplar(0.1)}, {Bucket: 2, Exemplar: exemplar(5)}, {Bucket: 2, Exemplar: exemplar(6)},
						},
					}, Created: noon},
				}},
			},
			want: []*dto.MetricFamily{{
				Name: proto.String("x"), Type: dto.MetricType_HISTOGRAM.Enum(),
				Metric: []*dto.Metric{{
					Label: labelPairs("a", "b"), TimestampMs: proto.Int64(1750000000000),
					Histogram: &dto.Histogram{
						SampleCount: proto.Uint64(300), SampleSum: proto.Float64(2.5),
						Bucket: []*dto.Bucket{
							{CumulativeCount: proto.Uint64(0), UpperBound: proto.Float64(0.1), Exemplar: dtoExemplar(0.1)},
							{CumulativeCount: proto.Uint64(299), UpperBound: proto.Float64(1)},
							{CumulativeCount: proto.Uint64(300), UpperBound: proto.Float64(math.Inf(1)), Exemplar: dtoExemplar(5)},
						},
						CreatedTimestamp: &timestamppb.Timestamp{Seconds: 1750000000},
					},
				}},
			}},
		},
		"an exemplar of more than 127 bytes": {
			family: model.MetricFamily{
				Name: "x", Type: model.Histogram, HasType: true,
				Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{
					Buckets:   buckets(1, 2),
					Exemplars: []model.BucketExemplar{{Exemplar: model.Exemplar{Labels: model.NewLabels("a", long), Value: 1}}},
				}}}},
			},
			want: []*dto.MetricFamily{{
				Name: proto.String("x"), Type: dto.MetricType_HISTOGRAM.Enum(),
				Metric: []*dto.Metric{{Histogram: &dto.Histogram{Bucket: []*dto.Bucket{{
					CumulativeCount: proto.Uint64(2), UpperBound: proto.Float64(1),
					Exemplar: &dto.Exemplar{Label: labelPairs("a", long), Value: proto.Float64(1)},
				}}}}},
			}},
		},
		"a histogram's counts that are not whole go to the fields for floats": {
			family: model.MetricFamily{
				Name: "x", Type: model.GaugeHistogram, HasType: true,
				Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: -1, Buckets: buckets(1, 2.5, 2, math.NaN(), 3, 4, 5, 1e20),
				}}}},
			},
			want: []*dto.MetricFamily{{
				Name: proto.String("x"), Type: dto.MetricType_GAUGE_HISTOGRAM.Enum(),
				Metric: []*dto.Metric{{Histogram: &dto.Histogram{
					SampleCountFloat: proto.Float64(-1),
					Bucket: []*dto.Bucket{
						{CumulativeCountFloat: proto.Float64(2.5), UpperBound: proto.Float64(1)},
						{CumulativeCountFloat: proto.Float64(math.NaN()), UpperBound: proto.Float64(2)},
						{CumulativeCount: proto.Uint64(4), UpperBound: proto.Float64(3)},
						{CumulativeCountFloat: proto.Float64(1e20), UpperBound: proto.Float64(5)},
					},
				}}},
			}},
		},
		"native buckets are differences": {
			family: native(model.HistogramValue{
				HasCount: true, HasSum: true, Count: 10, Sum: 20,
				Native: &model.NativeHistogram{
					Schema: -4, ZeroThreshold: 0.5, ZeroCount: 1,
					NegativeSpans: spans(-2, 1), NegativeCounts: []float64{2},
					PositiveSpans: spans(0, 2, 3, 1), PositiveCounts: []float64{4, 1, 2},
				},
			}, exemplar(1), exemplar(2)),
			want: dtoNative(&dto.Histogram{
				SampleCount: proto.Uint64(10), SampleSum: proto.Float64(20),
				Schema: proto.Int32(-4), ZeroThreshold: proto.Float64(0.5), ZeroCount: proto.Uint64(1),
				NegativeSpan:  []*dto.BucketSpan{{Offset: proto.Int32(-2), Length: proto.Uint32(1)}},
				NegativeDelta: []int64{2},
				PositiveSpan: []*dto.BucketSpan{
					{Offset: proto.Int32(0), Length: proto.Uint32(2)}, {Offset: proto.Int32(3), Length: proto.Uint32(1)},
				},
				PositiveDelta: []int64{4, -3, 1},
				Exemplars:     []*dto.Exemplar{dtoExemplar(1), dtoExemplar(2)},
			}),
		},
		"native buckets of floats are absolute": {
			family: native(model.HistogramValue{
				HasCount: true, Count: 3,
				Native: &model.NativeHistogram{Float: true, ZeroCount: 1, PositiveSpans: spans(1, 1), PositiveCounts: []float64{2}},
			}),
			want: dtoNative(&dto.Histogram{
				SampleCountFloat: proto.Float64(3), Schema: proto.Int32(0), ZeroThreshold: proto.Float64(0), ZeroCountFloat: proto.Float64(1),
				PositiveSpan:  []*dto.BucketSpan{{Offset: proto.Int32(1), Length: proto.Uint32(1)}},
				PositiveCount: []float64{2},
			}),
		},
		"native buckets are all floats if one number is": {
			family: native(model.HistogramValue{
				HasCount: true, Count: 3.5,
				Native: &model.NativeHistogram{NegativeSpans: spans(1, 1), NegativeCounts: []float64{2}},
			}),
			want: dtoNative(&dto.Histogram{
				SampleCountFloat: proto.Float64(3.5), Schema: proto.Int32(0), ZeroThreshold: proto.Float64(0), ZeroCountFloat: proto.Float64(0),
				NegativeSpan:  []*dto.BucketSpan{{Offset: proto.Int32(1), Length: proto.Uint32(1)}},
				NegativeCount: []float64{2},
			}),
		},
		"an empty native histogram is told by a span of nothing": {
			family: native(model.HistogramValue{HasCount: true, Native: &model.NativeHistogram{Schema: 8}}),
			want: dtoNative(&dto.Histogram{
				SampleCount: proto.Uint64(0), Schema: proto.Int32(8), ZeroThreshold: proto.Float64(0), ZeroCount: proto.Uint64(0),
				PositiveSpan: []*dto.BucketSpan{{Offset: proto.Int32(0), Length: proto.Uint32(0)}},
			}),
		},
		"so is one with nothing but a zero bucket that counts in floats": {
			family: native(model.HistogramValue{HasCount: true, Count: 2, Native: &model.NativeHistogram{Float: true, ZeroCount: 2}}),
			want: dtoNative(&dto.Histogram{
				SampleCountFloat: proto.Float64(2), Schema: proto.Int32(0), ZeroThreshold: proto.Float64(0), ZeroCountFloat: proto.Float64(2),
				PositiveSpan: []*dto.BucketSpan{{Offset: proto.Int32(0), Length: proto.Uint32(0)}},
			}),
		},
		"native buckets with custom bounds have no place": {
			family: native(model.HistogramValue{
				HasCount: true, Count: 1, Buckets: buckets(1, 1),
				Native: &model.NativeHistogram{Schema: -53, CustomBounds: []float64{1}, PositiveSpans: spans(0, 1), PositiveCounts: []float64{1}},
			}),
			want: dtoNative(&dto.Histogram{
				SampleCount: proto.Uint64(1), Bucket: []*dto.Bucket{{CumulativeCount: proto.Uint64(1), UpperBound: proto.Float64(1)}},
			}),
		},
		"info becomes a gauge": {
			family: model.MetricFamily{Name: "x", Suffix: "_info", Type: model.Info, HasType: true, Metrics: []model.Metric{{Value: 1}}},
			want: []*dto.MetricFamily{{
				Name: proto.String("x_info"), Type: dto.MetricType_GAUGE.Enum(),
				Metric: []*dto.Metric{{Gauge: &dto.Gauge{Value: proto.Float64(1)}}},
			}},
		},
		"a state set becomes a gauge a state": {
			family: model.MetricFamily{
				Name: "x", Type: model.StateSet, HasType: true,
				Metrics: []model.Metric{{
					Labels: model.NewLabels("a", "b"), Timestamp: noon,
					Extra: &model.Extra{States: []model.State{{Name: "on", Enabled: true}, {Name: "off"}}},
				}},
			},
			want: []*dto.MetricFamily{{
				Name: proto.String("x"), Type: dto.MetricType_GAUGE.Enum(),
				Metric: []*dto.Metric{
					{Label: labelPairs("a", "b", "x", "on"), Gauge: &dto.Gauge{Value: proto.Float64(1)}, TimestampMs: proto.Int64(1750000000000)},
					{Label: labelPairs("a", "b", "x", "off"), Gauge: &dto.Gauge{Value: proto.Float64(0)}, TimestampMs: proto.Int64(1750000000000)},
				},
			}},
		},
		"loose samples become untyped families, one for each run of a name": {
			family: model.MetricFamily{
				Name: "x", Type: model.Histogram, HasType: true,
				Loose: []model.Sample{
					{Name: "x_bucket", Labels: model.NewLabels("a", "b"), Value: 1, Timestamp: noon},
					{Name: "x_bucket", Value: 2},
					{Name: "x", Value: 3},
				},
			},
			want: []*dto.MetricFamily{
				{Name: proto.String("x"), Type: dto.MetricType_HISTOGRAM.Enum()},
				{
					Name: proto.String("x_bucket"), Type: dto.MetricType_UNTYPED.Enum(),
					Metric: []*dto.Metric{
						{Label: labelPairs("a", "b"), Untyped: &dto.Untyped{Value: proto.Float64(1)}, TimestampMs: proto.Int64(1750000000000)},
						{Untyped: &dto.Untyped{Value: proto.Float64(2)}},
					},
				},
				{
					Name: proto.String("x"), Type: dto.MetricType_UNTYPED.Enum(),
					Metric: []*dto.Metric{{Untyped: &dto.Untyped{Value: proto.Float64(3)}}},
				},
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := encode(t, format.Protobuf, []*model.MetricFamily{&test.family})
			if diff := cmp.Diff(test.want, decodeProtobuf(t, got), protocmp.Transform(), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
			var want bytes.Buffer
			for _, m := range test.want {
				_, err := protodelim.MarshalOptions{MarshalOptions: proto.MarshalOptions{Deterministic: true}}.MarshalTo(&want, m)
				require.NoError(t, err)
			}
			require.Equal(t, want.Bytes(), got, "the same bytes as the library's")

			text := encode(t, format.Prototext, []*model.MetricFamily{&test.family})
			if diff := cmp.Diff(test.want, decodePrototext(t, text), protocmp.Transform(), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}

// native is a family of one histogram with the given exemplars of its own.
func native(h model.HistogramValue, exemplars ...model.Exemplar) model.MetricFamily {
	return model.MetricFamily{
		Name: "x", Type: model.Histogram, HasType: true,
		Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &h, Exemplars: exemplars}}},
	}
}

func dtoNative(h *dto.Histogram) []*dto.MetricFamily {
	return []*dto.MetricFamily{{
		Name: proto.String("x"), Type: dto.MetricType_HISTOGRAM.Enum(), Metric: []*dto.Metric{{Histogram: h}},
	}}
}

func decodePrototext(t *testing.T, data []byte) (messages []*dto.MetricFamily) {
	t.Helper()
	for _, text := range strings.SplitAfter(string(data), "\n\n") {
		if text != "" {
			m := new(dto.MetricFamily)
			require.NoError(t, prototext.Unmarshal([]byte(text), m))
			messages = append(messages, m)
		}
	}
	return messages
}

func TestProtobufNamesAreKeptUnlessASchemeIsAskedFor(t *testing.T) {
	family := &model.MetricFamily{
		Name: "a.b", Suffix: "_total", Type: model.Counter, HasType: true,
		Metrics: []model.Metric{{Labels: model.NewLabels("c.d", "1")}, {Labels: model.NewLabels("e", "2")}},
		Loose:   []model.Sample{{Name: "a.b_created"}},
	}
	original := *family
	for _, scheme := range schemes {
		messages := decodeProtobuf(t, encode(t, format.Protobuf, []*model.MetricFamily{family}, writer.Escaping(scheme)))
		require.Len(t, messages, 2)
		require.Equal(t, prommodel.EscapeName("a.b_total", scheme), messages[0].GetName())
		require.Equal(t, prommodel.EscapeName("c.d", scheme), messages[0].Metric[0].Label[0].GetName())
		require.Equal(t, "e", messages[0].Metric[1].Label[0].GetName())
		require.Equal(t, prommodel.EscapeName("a.b", scheme)+"_created", messages[1].GetName())
	}
	require.Equal(t, original, *family, "the family is only read")
}

func TestExpfmtDecodesProtobuf(t *testing.T) {
	data := encode(t, format.Protobuf, allKinds())
	want := decodeProtobuf(t, data)
	decoder := expfmt.NewDecoder(bytes.NewReader(data), expfmt.FmtProtoDelim.WithEscapingScheme(prommodel.NoEscaping))
	var got []*dto.MetricFamily
	for {
		m := new(dto.MetricFamily)
		err := decoder.Decode(m)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		got = append(got, m)
	}
	if diff := cmp.Diff(want, got, protocmp.Transform(), cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("(-unmarshalled +decoded):\n%s", diff)
	}
}
