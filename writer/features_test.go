package writer_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// TestEveryFeatureIsCarriedOrReported holds the table of formats against what the encoders do: a family that has just
// one feature is written without a word where the format carries it, and with a loss of the right rule where it does not.
func TestEveryFeatureIsCarriedOrReported(t *testing.T) {
	metric := func(typ model.Type, m model.Metric) model.MetricFamily {
		f := model.MetricFamily{Name: "x", Type: typ, HasType: true, Metrics: []model.Metric{m}}
		switch typ { // as OpenMetrics demands it
		case model.Counter:
			f.Suffix = "_total"
		case model.Info:
			f.Suffix = "_info"
		}
		return f
	}
	withExtra := func(typ model.Type, extra model.Extra) model.MetricFamily {
		return metric(typ, model.Metric{Extra: &extra})
	}
	tests := []struct {
		feature writer.Feature
		family  model.MetricFamily
		rule    diag.Rule
		lost    []format.Format
	}{
		{writer.FeatureHelp, model.MetricFamily{Name: "x", HasHelp: true, Help: "h"}, 0, []format.Format{format.Graphite}},
		{writer.FeatureType, metric(model.Gauge, model.Metric{}), 0, []format.Format{format.Graphite}},
		{
			writer.FeatureUnit, model.MetricFamily{Name: "x_u", HasUnit: true, Unit: "u"}, diag.LossUnit,
			[]format.Format{format.Text, format.Text1, format.Graphite},
		},
		{
			writer.FeatureInfo, metric(model.Info, model.Metric{Value: 1}), diag.LossType,
			[]format.Format{format.Text, format.Text1, format.Protobuf, format.Prototext, format.Graphite},
		},
		{
			writer.FeatureStateSet, metric(model.StateSet, model.Metric{}), diag.LossType,
			[]format.Format{format.Text, format.Text1, format.Protobuf, format.Prototext, format.Graphite},
		},
		{
			writer.FeatureGaugeHistogram, metric(model.GaugeHistogram, model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{HasCount: true, HasSum: true}}}), diag.LossType,
			[]format.Format{format.Text, format.Text1, format.Graphite},
		},
		{
			writer.FeatureUTF8Names, model.MetricFamily{Name: "größe", HasType: true}, diag.LossName,
			[]format.Format{format.Text, format.Graphite},
		},
		{
			writer.FeatureMilliseconds, metric(model.Gauge, model.Metric{Timestamp: noonHalf}), diag.LossTimestamp,
			[]format.Format{format.Graphite},
		},
		{
			writer.FeatureNanoseconds, metric(model.Gauge, model.Metric{Timestamp: noonNano}), diag.LossTimestamp,
			[]format.Format{format.Text, format.Text1, format.Protobuf, format.Prototext, format.Graphite},
		},
		{
			writer.FeatureCreated, withExtra(model.Counter, model.Extra{Created: noon}), diag.LossCreated,
			[]format.Format{format.Text, format.Text1, format.Graphite},
		},
		{
			writer.FeatureOtherCreated, withExtra(model.Gauge, model.Extra{Created: noon}), diag.LossCreated,
			[]format.Format{
				format.Text, format.Text1, format.OpenMetrics, format.OpenMetrics2, format.Protobuf, format.Prototext,
				format.OpenMetricsProtobuf, format.Graphite,
			},
		},
		{
			writer.FeatureExemplars, withExtra(model.Counter, model.Extra{Exemplars: []model.Exemplar{exemplar(1)}}), diag.LossExemplar,
			[]format.Format{format.Text, format.Text1, format.Graphite},
		},
		{
			writer.FeatureMoreExemplars,
			withExtra(model.Counter, model.Extra{Exemplars: []model.Exemplar{exemplar(1), exemplar(2)}}), diag.LossExemplar,
			[]format.Format{
				format.Text, format.Text1, format.OpenMetrics, format.Protobuf, format.Prototext, format.OpenMetricsProtobuf,
				format.Graphite,
			},
		},
		{
			writer.FeatureOtherExemplars, withExtra(model.Gauge, model.Extra{Exemplars: []model.Exemplar{exemplar(1)}}), diag.LossExemplar,
			[]format.Format{
				format.Text, format.Text1, format.OpenMetrics, format.OpenMetrics2, format.Protobuf, format.Prototext,
				format.OpenMetricsProtobuf, format.Graphite,
			},
		},
		{
			writer.FeatureNativeHistograms, native(model.HistogramValue{HasCount: true, HasSum: true, Native: &model.NativeHistogram{}}), diag.LossNative,
			[]format.Format{format.Text, format.Text1, format.OpenMetrics, format.OpenMetricsProtobuf, format.Graphite},
		},
		{
			writer.FeatureCustomBounds, native(model.HistogramValue{HasCount: true, HasSum: true, Native: &model.NativeHistogram{Schema: -53}}), diag.LossNative,
			[]format.Format{
				format.Text, format.Text1, format.OpenMetrics, format.OpenMetrics2, format.Protobuf, format.Prototext,
				format.OpenMetricsProtobuf, format.Graphite,
			},
		},
		{
			writer.FeatureNonFinite, metric(model.Gauge, model.Metric{Value: math.NaN()}), diag.LossNonFinite,
			[]format.Format{format.Graphite},
		},
		{
			writer.FeatureAnyCount, metric(model.Summary, model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: 2.7, HasSum: true}}}), diag.LossCount,
			[]format.Format{format.OpenMetrics, format.OpenMetrics2, format.Protobuf, format.Prototext, format.OpenMetricsProtobuf},
		},
		{
			writer.FeatureBoundTexts,
			metric(model.Histogram, model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasSum: true, Buckets: buckets(1, 1, math.Inf(1), 1), BoundTexts: []string{"1.0", "inf"},
			}}}),
			diag.LossBoundText,
			[]format.Format{format.OpenMetrics, format.OpenMetrics2, format.Protobuf, format.Prototext, format.OpenMetricsProtobuf},
		},
		{
			writer.FeatureLooseSamples, model.MetricFamily{Name: "x", Loose: []model.Sample{{Name: "x"}}}, diag.LossLoose,
			[]format.Format{format.OpenMetrics, format.OpenMetrics2, format.Protobuf, format.Prototext, format.OpenMetricsProtobuf},
		},
	}
	var all diag.Severities
	for rule := range diag.Rules() {
		all[rule] = diag.Warning
	}
	inherent := map[writer.Feature]bool{ // to Graphite, so that nothing is said
		writer.FeatureHelp: true, writer.FeatureType: true, writer.FeatureUnit: true, writer.FeatureInfo: true,
		writer.FeatureStateSet: true, writer.FeatureGaugeHistogram: true, writer.FeatureUTF8Names: true,
		writer.FeatureMilliseconds: true, writer.FeatureNanoseconds: true,
	}
	var features []writer.Feature
	for _, test := range tests {
		features = append(features, test.feature)
		t.Run(test.feature.String(), func(t *testing.T) {
			var lost []format.Format
			for _, to := range writer.Formats() {
				var want, got []diag.Rule
				if !writer.Carries(to, test.feature) {
					lost = append(lost, to)
					if to != format.Graphite || !inherent[test.feature] {
						want = append(want, test.rule)
					}
					if (to == format.OpenMetrics2 || to == format.OpenMetricsProtobuf) && test.feature == writer.FeatureAnyCount {
						want = append(want, diag.LossIncomplete) // a summary without its count, or its sum
					}
				}
				encode(t, to, []*model.MetricFamily{&test.family}, writer.WithSeverities(all),
					writer.OnLoss(func(l writer.Loss) { got = append(got, l.Rule) }))
				require.Equal(t, want, got, to)
			}
			require.Equal(t, test.lost, lost)
		})
	}
	require.Equal(t, writer.Features(), features, "each feature has its test")
	require.Equal(t, "no feature", writer.Feature(len(features)).String())
}
