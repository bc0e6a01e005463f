package conformance

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/model"
)

func TestFlatFamilies(t *testing.T) {
	at := func(seconds int64, nanos int32) model.Timestamp {
		return model.Timestamp{Seconds: seconds, Nanos: nanos, Set: true}
	}
	exemplar := func(id string) model.Exemplar {
		return model.Exemplar{Labels: model.NewLabels("id", id), Value: 0.5, Timestamp: at(9, 0)}
	}
	flat := func(id string) corpus.Exemplar {
		return corpus.Exemplar{Labels: map[string]string{"id": id}, Value: "0.5", Timestamp: "9"}
	}
	x := map[string]string{"l": "x"}
	labels := model.NewLabels("l", "x")

	tests := []struct {
		sentence string
		family   model.MetricFamily
		want     corpus.Family
	}{
		{
			"a family without samples has none",
			model.MetricFamily{Name: "a", HasHelp: true, Help: "Text.", HasType: true, Type: model.Gauge, HasUnit: true, Unit: "s"},
			corpus.Family{Name: "a", Type: "gauge", Help: "Text.", Unit: "s", Samples: []corpus.Sample{}},
		},
		{
			"a type that is not stated is none",
			model.MetricFamily{Name: "a", Metrics: []model.Metric{{Labels: labels, Value: math.Inf(-1), Timestamp: at(-1, 995_000_000)}}},
			corpus.Family{Name: "a", Samples: []corpus.Sample{{Name: "a", Labels: x, Value: "-Inf", Timestamp: "-0.005"}}},
		},
		{
			"the beginning of a counter of OpenMetrics 1.0 is a sample",
			model.MetricFamily{Name: "a", Suffix: "_total", HasType: true, Type: model.Counter, Metrics: []model.Metric{
				{Labels: labels, Value: 1, Extra: &model.Extra{Created: at(1, 500_000_000), Exemplars: []model.Exemplar{exemplar("1")}}},
			}},
			corpus.Family{Name: "a", Type: "counter", Samples: []corpus.Sample{
				{Name: "a_total", Labels: x, Value: "1", Exemplars: []corpus.Exemplar{flat("1")}},
				{Name: "a_created", Labels: x, Value: "1.5"},
			}},
		},
		{
			"the beginning of a counter of OpenMetrics 2.0 is part of its sample",
			model.MetricFamily{Name: "a_total", HasType: true, Type: model.Counter, Metrics: []model.Metric{
				{Value: 1, Extra: &model.Extra{Created: at(-2, 500_000_000), Exemplars: []model.Exemplar{exemplar("1"), exemplar("2")}}},
			}},
			corpus.Family{Name: "a_total", Type: "counter", Samples: []corpus.Sample{
				{Name: "a_total", Labels: map[string]string{}, Value: "1", Start: "-1.5", Exemplars: []corpus.Exemplar{flat("1"), flat("2")}},
			}},
		},
		{
			"a histogram is buckets with their exemplars, and native ones by their index",
			model.MetricFamily{Name: "a", HasType: true, Type: model.Histogram, Metrics: []model.Metric{{
				Labels: labels,
				Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: 3,
					Buckets:    []model.Bucket{{UpperBound: 1, Count: 1}, {UpperBound: math.Inf(1), Count: 3}},
					BoundTexts: []string{"1.0", "+Inf"},
					Exemplars:  []model.BucketExemplar{{Bucket: 1, Exemplar: exemplar("1")}, {Bucket: 1, Exemplar: exemplar("2")}},
					Native: &model.NativeHistogram{
						Schema: 2, ZeroThreshold: 0.25, ZeroCount: 1,
						PositiveSpans:  []model.Span{{Offset: -1, Length: 2}, {Offset: 3, Length: 1}},
						PositiveCounts: []float64{1, 2, 3}, CustomBounds: []float64{0.5},
					},
				}, Exemplars: []model.Exemplar{exemplar("3")}},
			}}},
			corpus.Family{Name: "a", Type: "histogram", Samples: []corpus.Sample{
				{Name: "a_bucket", Labels: map[string]string{"l": "x", "le": "1.0"}, Value: "1"},
				{Name: "a_bucket", Labels: map[string]string{"l": "x", "le": "+Inf"}, Value: "3", Exemplars: []corpus.Exemplar{flat("1"), flat("2")}},
				{Name: "a_count", Labels: x, Value: "3"},
				{
					Name: "a", Labels: x, Exemplars: []corpus.Exemplar{flat("3")},
					Native: &corpus.Native{
						Schema: 2, ZeroThreshold: "0.25", ZeroCount: "1", Negative: map[int]string{},
						Positive: map[int]string{-1: "1", 0: "2", 4: "3"}, CustomBounds: []string{"0.5"},
					},
				},
			}},
		},
		{
			"loose samples come last",
			model.MetricFamily{Name: "a", HasType: true, Type: model.StateSet,
				Metrics: []model.Metric{{Extra: &model.Extra{States: []model.State{{Name: "on", Enabled: true}, {Name: "off"}}}}},
				Loose:   []model.Sample{{Name: "a", Value: math.NaN(), Exemplar: &model.Exemplar{Value: 1}}},
			},
			corpus.Family{Name: "a", Type: "stateset", Samples: []corpus.Sample{
				{Name: "a", Labels: map[string]string{"a": "on"}, Value: "1"},
				{Name: "a", Labels: map[string]string{"a": "off"}, Value: "0"},
				{Name: "a", Labels: map[string]string{}, Value: "NaN", Exemplars: []corpus.Exemplar{{Labels: map[string]string{}, Value: "1"}}},
			}},
		},
	}
	for _, test := range tests {
		t.Run(test.sentence, func(t *testing.T) {
			require.Empty(t, cmp.Diff(test.want, Flat(&test.family)))
		})
	}
}
