package convert_test

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// writeSet writes families as a MetricSet, and gives the rules of what is lost, with the details.
func writeSet(t *testing.T, families []*model.MetricFamily, opts ...writer.Option) (page []byte, lost []string) {
	t.Helper()
	var b bytes.Buffer
	onLoss := writer.OnLoss(func(l writer.Loss) { lost = append(lost, strings.TrimSuffix(l.Rule.ID()+": "+l.Detail, ": ")) })
	encoder, err := writer.New(&b, format.OpenMetricsProtobuf, append(opts, onLoss)...)
	require.NoError(t, err)
	for _, f := range families {
		require.NoError(t, encoder.Encode(f))
	}
	require.NoError(t, encoder.Close())
	return b.Bytes(), lost
}

// TestTheWriterFollowsTheSchemaOfOpenMetrics holds the MetricSet that is written to its text form, by the schema.
func TestTheWriterFollowsTheSchemaOfOpenMetrics(t *testing.T) {
	schema := metricSet(t)
	family := func(name string, kind model.Type, m ...model.Metric) *model.MetricFamily {
		return &model.MetricFamily{Name: name, HasType: true, Type: kind, Metrics: m}
	}
	at := func(seconds int64, nanos int32) model.Timestamp {
		return model.Timestamp{Seconds: seconds, Nanos: nanos, Set: true}
	}
	valued := func(value float64, labels ...string) model.Metric {
		return model.Metric{Labels: model.NewLabels(labels...), Value: value}
	}
	stamped := func(m model.Metric, t model.Timestamp) model.Metric {
		m.Timestamp = t
		return m
	}
	example := model.Exemplar{Labels: model.NewLabels("trace_id", "abc"), Value: 0.5, Timestamp: at(6, 7)}
	inf := math.Inf(1)
	for _, test := range []struct {
		name     string
		families []*model.MetricFamily
		want     string
		lost     []string
	}{
		{name: "a set may be empty"},
		{
			name: "what is said of a family; a unit and a help text that are empty are not there",
			families: []*model.MetricFamily{
				{Name: "a_s", HasType: true, Type: model.Gauge, HasUnit: true, Unit: "s", HasHelp: true, Help: "A \\ \"help\"\n"},
				{Name: "b", HasUnit: true, HasHelp: true},
			},
			want: `metric_families { name: "a_s" type: GAUGE unit: "s" help: "A \\ \"help\"\n" } metric_families { name: "b" }`,
		},
		{
			name: "a unit ends the name, and info families and state sets have none",
			families: []*model.MetricFamily{
				{Name: "a", HasUnit: true, Unit: "s"},
				{Name: "b_s_info", HasType: true, Type: model.Info, HasUnit: true, Unit: "s"},
			},
			want: `metric_families { name: "a" } metric_families { name: "b_s" type: INFO }`,
			lost: []string{"loss-unit: s", "loss-unit: s"},
		},
		{
			name: "values are doubles, times exact",
			families: []*model.MetricFamily{family("g", model.Gauge,
				valued(0), valued(math.NaN(), "a", "1"), stamped(valued(-inf, "a", "2", "", ""), at(-1, 999_999_999)), stamped(valued(1, "a", "3"), at(0, 0)),
			)},
			want: `metric_families { name: "g" type: GAUGE
				metrics { metric_points { gauge_value { double_value: 0 } } }
				metrics { labels { name: "a" value: "1" } metric_points { gauge_value { double_value: nan } } }
				metrics { labels { name: "a" value: "2" } labels { } metric_points { gauge_value { double_value: -inf } timestamp { seconds: -1 nanos: 999999999 } } }
				metrics { labels { name: "a" value: "3" } metric_points { gauge_value { double_value: 1 } timestamp { } } }
			}`,
		},
		{
			name: "names and values of any length",
			families: []*model.MetricFamily{family(strings.Repeat("n", 200), model.Unknown,
				valued(1, strings.Repeat("l", 130), strings.Repeat("v", 70_000)))},
			want: `metric_families { name: "` + strings.Repeat("n", 200) + `" metrics {
				labels { name: "` + strings.Repeat("l", 130) + `" value: "` + strings.Repeat("v", 70_000) + `" }
				metric_points { unknown_value { double_value: 1 } } } }`,
		},
		{
			name: "the points of a metric stand together and in the order of their times",
			families: []*model.MetricFamily{family("g", model.Gauge,
				stamped(valued(2, "a", "1"), at(2, 0)), stamped(valued(3, "a", "2"), at(1, 0)), stamped(valued(1, "a", "1"), at(1, 0)), valued(4, "a", "1"),
			)},
			want: `metric_families { name: "g" type: GAUGE
				metrics { labels { name: "a" value: "1" }
					metric_points { gauge_value { double_value: 1 } timestamp { seconds: 1 } }
					metric_points { gauge_value { double_value: 2 } timestamp { seconds: 2 } }
				}
				metrics { labels { name: "a" value: "2" } metric_points { gauge_value { double_value: 3 } timestamp { seconds: 1 } } }
			}`,
			lost: []string{`loss-duplicate: {a="1"}`},
		},
		{
			name: "the suffix of a counter is implied, a creation time and one exemplar belong to the point",
			families: []*model.MetricFamily{family("c_total", model.Counter, valued(1), model.Metric{
				Labels: model.NewLabels("a", "1"), Value: 7, Timestamp: at(9, 0),
				Extra: &model.Extra{Created: at(5, 1), Exemplars: []model.Exemplar{example, example}},
			})},
			want: `metric_families { name: "c" type: COUNTER
				metrics { metric_points { counter_value { double_value: 1 } } }
				metrics { labels { name: "a" value: "1" } metric_points {
					counter_value { double_value: 7 created { seconds: 5 nanos: 1 }
						exemplar { value: 0.5 timestamp { seconds: 6 nanos: 7 } label { name: "trace_id" value: "abc" } } }
					timestamp { seconds: 9 }
				} }
			}`,
			lost: []string{"loss-exemplar"},
		},
		{
			name: "a point whose value is not allowed is left out, and a metric without others",
			families: []*model.MetricFamily{family("c_total", model.Counter,
				valued(-1), stamped(valued(math.NaN(), "a", "1"), at(1, 0)), stamped(valued(2, "a", "1"), at(2, 0)),
			)},
			want: `metric_families { name: "c" type: COUNTER metrics { labels { name: "a" value: "1" }
				metric_points { counter_value { double_value: 2 } timestamp { seconds: 2 } } } }`,
			lost: []string{"loss-value: that of counter"},
		},
		{
			name: "a counter beside a gauge of its name is unknown",
			families: []*model.MetricFamily{family("a", model.Gauge, valued(1)), family("a_total", model.Counter, model.Metric{
				Value: 2, Extra: &model.Extra{Created: at(1, 0), Exemplars: []model.Exemplar{example}},
			})},
			want: `metric_families { name: "a" type: GAUGE metrics { metric_points { gauge_value { double_value: 1 } } } }
				metric_families { name: "a_total" metrics { metric_points { unknown_value { double_value: 2 } } } }`,
			lost: []string{"loss-type: counter becomes unknown, as a family before has its name", "loss-created", "loss-exemplar"},
		},
		{
			name: "no family has the name of a sample that another could have as text",
			families: []*model.MetricFamily{
				family("a_total", model.Counter), family("a_created", model.Gauge), family("b", model.Gauge), family("b", model.Gauge),
			},
			want: `metric_families { name: "a" type: COUNTER } metric_families { name: "b" type: GAUGE }`,
			lost: []string{"loss-name-taken: a_created", "loss-name-taken: b"},
		},
		{
			name: "the labels of an info are in its value if it is the only one, else they tell the metrics apart",
			families: []*model.MetricFamily{
				family("a_info", model.Info, stamped(valued(1, "v", "1", "w", "2"), at(1, 0))),
				family("b", model.Info, valued(1, "v", "1"), valued(1, "v", "2"), valued(0, "v", "3")),
				family("c_info", model.Info, valued(1)),
			},
			want: `metric_families { name: "a" type: INFO metrics { metric_points {
					info_value { info { name: "v" value: "1" } info { name: "w" value: "2" } } timestamp { seconds: 1 } } } }
				metric_families { name: "b" type: INFO
					metrics { labels { name: "v" value: "1" } metric_points { info_value { } } }
					metrics { labels { name: "v" value: "2" } metric_points { info_value { } } }
				}
				metric_families { name: "c" type: INFO metrics { metric_points { info_value { } } } }`,
			lost: []string{"loss-suffix: _info", "loss-value: that of info"},
		},
		{
			name: "a state set has its states in a point, and no label of its name",
			families: []*model.MetricFamily{family("e", model.StateSet,
				model.Metric{Labels: model.NewLabels("e", "x", "a", "1"), Extra: &model.Extra{States: []model.State{{Name: "on", Enabled: true}, {Name: "off"}}}},
				model.Metric{},
			)},
			want: `metric_families { name: "e" type: STATE_SET
				metrics { labels { name: "a" value: "1" } metric_points { state_set_value { states { enabled: true name: "on" } states { name: "off" } } } }
				metrics { metric_points { state_set_value { } } }
			}`,
			lost: []string{"loss-clash: label e"},
		},
		{
			name: "a histogram has a count, the bucket +Inf, and an exemplar a bucket",
			families: []*model.MetricFamily{family("h", model.Histogram,
				model.Metric{
					Labels: model.NewLabels("le", "x", "a", "1"),
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						HasCount: true, Count: 300, HasSum: true,
						Buckets: []model.Bucket{{UpperBound: 1, Count: 2}, {UpperBound: 2, Count: 3}},
						Exemplars: []model.BucketExemplar{
							{Bucket: 0, Exemplar: example}, {Bucket: 0, Exemplar: example}, {Bucket: 1, Exemplar: model.Exemplar{Value: 3}},
						},
					}, Created: at(1, 0), Exemplars: []model.Exemplar{example}},
				},
				model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{HasSum: true, Sum: 1}}},
			)},
			want: `metric_families { name: "h" type: HISTOGRAM metrics { labels { name: "a" value: "1" } metric_points { histogram_value {
				double_value: 0 count: 300 created { seconds: 1 }
				buckets { count: 2 upper_bound: 1 exemplar { value: 0.5 timestamp { seconds: 6 nanos: 7 } label { name: "trace_id" value: "abc" } } }
				buckets { count: 3 upper_bound: 2 }
				buckets { count: 300 upper_bound: inf }
			} } } }`,
			lost: []string{"loss-exemplar", "loss-clash: label le", "loss-incomplete: it has no bucket +Inf"},
		},
		{
			name: "a sum that is not allowed is not there, nor is an empty one",
			families: []*model.MetricFamily{family("h", model.Histogram,
				model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{HasSum: true, Sum: 1, Buckets: []model.Bucket{{UpperBound: -1, Count: 1}, {UpperBound: inf, Count: 1}}}}},
				model.Metric{Labels: model.NewLabels("a", "1"), Extra: &model.Extra{Histogram: &model.HistogramValue{Buckets: []model.Bucket{{UpperBound: inf}}}}},
			)},
			want: `metric_families { name: "h" type: HISTOGRAM
				metrics { metric_points { histogram_value { count: 1 buckets { count: 1 upper_bound: -1 } buckets { count: 1 upper_bound: inf } } } }
				metrics { labels { name: "a" value: "1" } metric_points { histogram_value { buckets { upper_bound: inf } } } }
			}`,
			lost: []string{"loss-value: the sum"},
		},
		{
			name: "a gauge histogram has no creation time, and native histograms have no place",
			families: []*model.MetricFamily{family("h", model.GaugeHistogram, model.Metric{
				Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: 2, HasSum: true, Sum: 3, Native: &model.NativeHistogram{ZeroCount: 2},
				}, Created: at(1, 0)},
			})},
			want: `metric_families { name: "h" type: GAUGE_HISTOGRAM metrics { metric_points { histogram_value { double_value: 3 count: 2
				buckets { count: 2 upper_bound: inf } } } } }`,
			lost: []string{"loss-native", "loss-created"},
		},
		{
			name: "a summary; a sum without a count would be one of nothing",
			families: []*model.MetricFamily{family("s", model.Summary,
				model.Metric{
					Labels: model.NewLabels("quantile", "x"), Extra: &model.Extra{Summary: &model.SummaryValue{
						HasCount: true, Count: 2, HasSum: true, Sum: 1.5, Quantiles: []model.Quantile{{Quantile: 0.9, Value: 3}, {Quantile: 0, Value: math.NaN()}},
					}, Created: at(0, 0)},
				},
				model.Metric{Labels: model.NewLabels("a", "1"), Extra: &model.Extra{Summary: &model.SummaryValue{HasSum: true, Sum: 4}}},
				model.Metric{Labels: model.NewLabels("a", "2"), Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: 0.5, HasSum: true, Sum: -1}}},
			)},
			want: `metric_families { name: "s" type: SUMMARY
				metrics { metric_points { summary_value { double_value: 1.5 count: 2 created { } quantile { value: nan } quantile { quantile: 0.9 value: 3 } } } }
				metrics { labels { name: "a" value: "1" } metric_points { summary_value { } } }
				metrics { labels { name: "a" value: "2" } metric_points { summary_value { } } }
			}`,
			lost: []string{"loss-count", "loss-clash: label quantile", "loss-incomplete: its sum, as it has no count", "loss-value: the sum"},
		},
		{
			name: "loose samples are families of unknown type",
			families: []*model.MetricFamily{{Name: "h", HasType: true, Type: model.Histogram, Loose: []model.Sample{
				{Name: "h_sum", Value: 1}, {Name: "h", Value: 2, Timestamp: at(1, 0)}, {Name: "h_sum", Labels: model.NewLabels("a", "1"), Value: 3},
			}}},
			want: `metric_families { name: "h" metrics { metric_points { unknown_value { double_value: 2 } timestamp { seconds: 1 } } } }
				metric_families { name: "h_sum"
					metrics { metric_points { unknown_value { double_value: 1 } } }
					metrics { labels { name: "a" value: "1" } metric_points { unknown_value { double_value: 3 } } }
				}`,
			lost: []string{"loss-loose"},
		},
		{
			name: "the labels of an exemplar have 128 characters",
			families: []*model.MetricFamily{family("c_total", model.Counter,
				model.Metric{Extra: &model.Extra{Exemplars: []model.Exemplar{{Labels: model.NewLabels("a", strings.Repeat("ä", 127))}}}},
				model.Metric{Labels: model.NewLabels("a", "1"), Extra: &model.Extra{Exemplars: []model.Exemplar{{Labels: model.NewLabels("a", strings.Repeat("ä", 128))}}}},
			)},
			want: `metric_families { name: "c" type: COUNTER
				metrics { metric_points { counter_value { double_value: 0 exemplar { label { name: "a" value: "` + strings.Repeat("ä", 127) + `" } } } } }
				metrics { labels { name: "a" value: "1" } metric_points { counter_value { double_value: 0 } } }
			}`,
			lost: []string{"loss-exemplar: it has more than 128 characters"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			page, lost := writeSet(t, test.families)
			want, got := dynamicpb.NewMessage(schema), dynamicpb.NewMessage(schema)
			require.NoError(t, prototext.Unmarshal([]byte(test.want), want))
			require.NoError(t, proto.Unmarshal(page, got))
			if diff := cmp.Diff(want, got, protocmp.Transform(), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			require.Equal(t, test.lost, lost)
		})
	}
}

func TestTheWriterEscapesNamesInASet(t *testing.T) {
	example := model.Exemplar{Labels: model.NewLabels("g.h", "i.j")}
	page, lost := writeSet(t, []*model.MetricFamily{
		{
			Name: "a.b", HasType: true, Type: model.StateSet, Metrics: []model.Metric{
				{Labels: model.NewLabels("c.d", "1", "a_b", "2"), Extra: &model.Extra{States: []model.State{{Name: "x.y"}}}},
			},
		},
		{Name: "e_total", HasType: true, Type: model.Counter, Metrics: []model.Metric{{Extra: &model.Extra{Exemplars: []model.Exemplar{example}}}}},
		{Name: "f", HasType: true, Type: model.Histogram, Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{
			Buckets: []model.Bucket{{UpperBound: math.Inf(1)}}, Exemplars: []model.BucketExemplar{{Exemplar: example}},
		}}}}},
	}, writer.Escaping(prommodel.UnderscoreEscaping))
	want, got := dynamicpb.NewMessage(metricSet(t)), dynamicpb.NewMessage(metricSet(t))
	require.NoError(t, prototext.Unmarshal([]byte(`
		metric_families { name: "a_b" type: STATE_SET metrics { labels { name: "c_d" value: "1" }
			metric_points { state_set_value { states { name: "x.y" } } } } }
		metric_families { name: "e" type: COUNTER metrics { metric_points { counter_value { double_value: 0
			exemplar { label { name: "g_h" value: "i.j" } } } } } }
		metric_families { name: "f" type: HISTOGRAM metrics { metric_points { histogram_value {
			buckets { upper_bound: inf exemplar { label { name: "g_h" value: "i.j" } } } } } } }`), want))
	require.NoError(t, proto.Unmarshal(page, got))
	require.Empty(t, cmp.Diff(prototext.Format(want), prototext.Format(got)))
	require.Equal(t, []string{
		"loss-name: a.b becomes a_b", "loss-clash: label a_b", "loss-name: g.h becomes g_h", "loss-name: g.h becomes g_h",
	}, lost)
}

// TestSetsAreThoseOfOtherEncoders holds that the sets that are written of the corpus are told by their bytes, have no fields
// but those of the schema, and mean the same when they are encoded by the schema, which leaves out all that is 0.
func TestSetsAreThoseOfOtherEncoders(t *testing.T) {
	schema := metricSet(t)
	for file := range corpus.All() {
		if file.Format == corpus.Protobuf || len(file.Data) > 100<<10 {
			continue
		}
		families, _ := convert.Collect(convert.NewBytesDecoder(file.Data).Families()) // what is wrong with a file is known
		page, _ := writeSet(t, families)
		if found, by := format.Detect(format.Evidence{Head: page}); len(page) > 0 {
			require.Equal(t, format.OpenMetricsProtobuf, found, file.Name)
			require.Equal(t, format.ByBytes, by, file.Name)
		}
		set := dynamicpb.NewMessage(schema)
		require.NoError(t, proto.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(page, set), file.Name)
		again, err := proto.Marshal(set)
		require.NoError(t, err)
		want := readProtobuf(t, convert.NewOpenMetricsProtobufDecoder, bytes.NewReader(page))
		got := readProtobuf(t, convert.NewOpenMetricsProtobufDecoder, bytes.NewReader(again))
		require.Equal(t, want.rules(), got.rules(), file.Name)
		requireFamilies(t, countsOfZeroGone(want.families), countsOfZeroGone(got.families))
	}
}

// countsOfZeroGone takes from histograms and summaries the counts of 0, which other encoders do not tell from none.
func countsOfZeroGone(families []*model.MetricFamily) []*model.MetricFamily {
	for _, f := range families {
		for _, m := range f.Metrics {
			if h := m.Histogram(); h != nil && h.Count == 0 {
				h.HasCount = false
			}
			if s := m.Summary(); s != nil && s.Count == 0 {
				s.HasCount = false
			}
		}
	}
	return families
}

func TestSetsMayHaveManyFamilies(t *testing.T) {
	var families []*model.MetricFamily
	for i := range 5000 {
		families = append(families, &model.MetricFamily{
			Name: "f" + strconv.Itoa(i), HasType: true, Type: model.Gauge, Metrics: []model.Metric{{Value: float64(i)}},
		})
	}
	page, lost := writeSet(t, families)
	require.Empty(t, lost)
	got := readProtobuf(t, convert.NewOpenMetricsProtobufDecoder, bytes.NewReader(page), convert.Strict())
	require.Empty(t, got.diagnostics)
	requireFamilies(t, families, got.families)
}
