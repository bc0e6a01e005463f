package model_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/model"
)

// bounds are buckets of the bounds 1, 2, 3, … with these counts.
func bounds(counts ...float64) []model.Bucket {
	buckets := make([]model.Bucket, len(counts))
	for i, count := range counts {
		buckets[i] = model.Bucket{UpperBound: float64(i + 1), Count: count}
	}
	return buckets
}

func TestValidateHistograms(t *testing.T) {
	inf := math.Inf(1)
	for _, test := range []struct {
		name   string
		typ    model.Type // Histogram where it is zero
		value  model.HistogramValue
		faults []string
	}{
		{"classic buckets", 0, model.HistogramOf(-1, model.Bucket{UpperBound: -1, Count: 1}, model.Bucket{UpperBound: inf, Count: 1}), nil},
		{"a count and nothing else", 0, model.HistogramValue{HasCount: true, Count: 3}, nil},
		{"a bucket +Inf without a count", 0, model.HistogramValue{Buckets: []model.Bucket{{UpperBound: inf}}}, nil},
		{"a count above the last bucket", 0, model.HistogramValue{HasCount: true, Count: 4, Buckets: bounds(1, 3, 3)}, nil},
		{
			"texts of bounds", 0,
			model.HistogramValue{HasCount: true, Buckets: bounds(0, 0), BoundTexts: []string{"1.0", "2e0"}},
			nil,
		},
		{"no count", 0, model.HistogramValue{HasSum: true, Buckets: bounds(1)}, []string{"there is neither a count nor a bucket +Inf"}},
		{
			"a count that differs from bucket +Inf", 0,
			model.HistogramValue{HasCount: true, Count: 2, Buckets: []model.Bucket{{UpperBound: inf, Count: 3}}},
			[]string{"the count is 2 but bucket +Inf counts 3"},
		},
		{
			"a count below the last bucket", 0,
			model.HistogramValue{HasCount: true, Count: 2, Buckets: bounds(1, 3)},
			[]string{"the count is 2 but bucket 2 counts 3"},
		},
		{"a negative count", 0, model.HistogramValue{HasCount: true, Count: -1}, []string{"the count, -1, is negative"}},
		{"a count that is NaN", 0, model.HistogramValue{HasCount: true, Count: math.NaN()}, []string{"the count is NaN"}},
		{
			"a negative bucket", 0,
			model.HistogramValue{HasCount: true, Buckets: bounds(-1)},
			[]string{"the count of bucket 1, -1, is negative"},
		},
		{
			"bounds that do not rise", 0,
			model.HistogramValue{HasCount: true, Buckets: []model.Bucket{{UpperBound: 1}, {UpperBound: 1}, {UpperBound: 0.5}}},
			[]string{"bucket 1 follows bucket 1, but bounds must rise", "bucket 0.5 follows bucket 1, but bounds must rise"},
		},
		{
			"a bound that is NaN", 0,
			model.HistogramValue{HasCount: true, Buckets: []model.Bucket{{UpperBound: math.NaN()}}},
			[]string{"the bound of a bucket is NaN"},
		},
		{
			"counts that fall", 0,
			model.HistogramValue{HasCount: true, Count: 5, Buckets: bounds(5, 4)},
			[]string{"bucket 2 counts 4, less than the 5 of the bucket before, but counts are cumulative"},
		},
		{
			"too few texts of bounds", 0,
			model.HistogramValue{HasCount: true, Buckets: bounds(0, 0), BoundTexts: []string{"1"}},
			[]string{"BoundTexts has 1 elements for 2 numbers"},
		},
		{
			"texts of other bounds", 0,
			model.HistogramValue{HasCount: true, Buckets: bounds(0, 0), BoundTexts: []string{"x", "3"}},
			[]string{`the text "x" in BoundTexts does not stand for 1`, `the text "3" in BoundTexts does not stand for 2`},
		},
		{
			"exemplars of buckets", 0,
			model.HistogramValue{
				HasCount: true, Buckets: bounds(0, 0),
				Exemplars: []model.BucketExemplar{{Bucket: 0, Exemplar: trace}, {Bucket: 0, Exemplar: other}, {Bucket: 1, Exemplar: other}},
			},
			nil,
		},
		{
			"exemplars of buckets that are not there or out of order", 0,
			model.HistogramValue{
				HasCount: true, Buckets: bounds(0, 0),
				Exemplars: []model.BucketExemplar{{Bucket: 2, Exemplar: trace}, {Bucket: 1}, {Bucket: -1}},
			},
			[]string{
				"there is an exemplar of bucket number 2, but there are 2 buckets",
				"the exemplars are not in the order of their buckets",
				"there is an exemplar of bucket number -1, but there are 2 buckets",
				"the exemplars are not in the order of their buckets",
			},
		},
		{
			"a gauge histogram may fall and be negative", model.GaugeHistogram,
			model.HistogramValue{HasCount: true, Count: -2, HasSum: true, Sum: -3, Buckets: bounds(1, -1.5)},
			nil,
		},
		{
			"a gauge histogram counts no NaN and agrees with its bucket +Inf", model.GaugeHistogram,
			model.HistogramValue{HasCount: true, Count: 1, Buckets: []model.Bucket{{UpperBound: 1, Count: math.NaN()}, {UpperBound: inf, Count: 2}}},
			[]string{"the count of bucket 1 is NaN", "the count is 1 but bucket +Inf counts 2"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.typ == model.Unknown {
				test.typ = model.Histogram
			}
			family := model.MetricFamily{Name: "f", Type: test.typ, HasType: true, Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &test.value}}}}
			for i, fault := range test.faults {
				test.faults[i] = "metric {}: " + fault
			}
			require.Equal(t, test.faults, faults(t, family))
		})
	}
}

func TestValidateNativeHistograms(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	spans := func(offsetsAndLengths ...int32) []model.Span {
		var spans []model.Span
		for i := 0; i < len(offsetsAndLengths); i += 2 {
			spans = append(spans, model.Span{Offset: offsetsAndLengths[i], Length: uint32(offsetsAndLengths[i+1])})
		}
		return spans
	}
	for _, test := range []struct {
		name   string
		count  float64
		sum    float64
		native model.NativeHistogram
		faults []string
	}{
		{"no observations", 0, 0, model.NativeHistogram{Schema: 8, ZeroThreshold: 1e-128}, nil},
		{
			"both sides and the zero bucket", 9, 0,
			model.NativeHistogram{
				Schema: -4, ZeroCount: 2,
				NegativeSpans: spans(-3, 1, 2, 1), NegativeCounts: []float64{1, 1},
				PositiveSpans: spans(0, 2), PositiveCounts: []float64{2, 3},
			},
			nil,
		},
		{
			"an observation that is NaN is in no bucket", 2, nan,
			model.NativeHistogram{PositiveSpans: spans(0, 1), PositiveCounts: []float64{1}},
			nil,
		},
		{
			"fractions need not add up", 0.3, 0,
			model.NativeHistogram{Float: true, ZeroCount: 0.1, PositiveSpans: spans(0, 1), PositiveCounts: []float64{0.1}},
			nil,
		},
		{
			"custom bounds", 6, 0,
			model.NativeHistogram{Schema: -53, CustomBounds: []float64{-1, 0, 2.5}, PositiveSpans: spans(0, 1, 1, 2), PositiveCounts: []float64{1, 2, 3}},
			nil,
		},
		{
			"an unknown schema", 0, 0, model.NativeHistogram{Schema: 9},
			[]string{"the schema 9 is none of -4 to 8 and -53"},
		},
		{
			"a zero threshold that is negative", 0, 0, model.NativeHistogram{ZeroThreshold: -1},
			[]string{"the zero threshold, -1, is not a finite number of at least 0"},
		},
		{
			"a zero threshold that is NaN", 0, 0, model.NativeHistogram{ZeroThreshold: nan},
			[]string{"the zero threshold, NaN, is not a finite number of at least 0"},
		},
		{
			"a zero threshold that is infinite", 0, 0, model.NativeHistogram{ZeroThreshold: inf},
			[]string{"the zero threshold, +Inf, is not a finite number of at least 0"},
		},
		{
			"counts that are negative, NaN or fractions", 1, nan,
			model.NativeHistogram{ZeroCount: -1, NegativeSpans: spans(0, 1), NegativeCounts: []float64{nan}, PositiveSpans: spans(0, 1), PositiveCounts: []float64{0.5}},
			[]string{
				"the zero count, -1, is negative",
				"the count of negative bucket number 0 is NaN",
				"the count of negative bucket number 0, NaN, is not a whole number, but Float is not set",
				"the count of positive bucket number 0, 0.5, is not a whole number, but Float is not set",
			},
		},
		{
			"spans that do not match the counts", 1, 0,
			model.NativeHistogram{NegativeSpans: spans(0, 1), PositiveSpans: spans(0, 1, 1, 1), PositiveCounts: []float64{1}},
			[]string{
				"the negative spans cover 1 buckets, but there are 0 counts",
				"the positive spans cover 2 buckets, but there are 1 counts",
			},
		},
		{
			"spans of an absurd length", 0, 0,
			model.NativeHistogram{PositiveSpans: []model.Span{{Length: math.MaxUint32}, {Length: math.MaxUint32}}},
			[]string{"the positive spans cover 8589934590 buckets, but there are 0 counts"},
		},
		{
			"spans that go back", 2, 0,
			model.NativeHistogram{PositiveSpans: spans(4, 1, -1, 1), PositiveCounts: []float64{1, 1}},
			[]string{"the offset of positive span number 1, -1, is negative"},
		},
		{
			"buckets that do not add up to the count", 3, 0,
			model.NativeHistogram{ZeroCount: 1, PositiveSpans: spans(0, 1), PositiveCounts: []float64{1}},
			[]string{"the count is 3 but the native buckets add up to 2"},
		},
		{
			"buckets that add up to more than the count", 1, nan,
			model.NativeHistogram{ZeroCount: 1, PositiveSpans: spans(0, 1), PositiveCounts: []float64{1}},
			[]string{"the count is 1 but the native buckets add up to 2"},
		},
		{
			"custom bounds of another schema", 0, 0, model.NativeHistogram{CustomBounds: []float64{1}},
			[]string{"there are custom bounds, which belong to schema -53, but the schema is 0"},
		},
		{
			"custom bounds beside a zero bucket", 1, 0, model.NativeHistogram{Schema: -53, ZeroCount: 1},
			[]string{"a histogram of schema -53 cannot have a zero bucket or negative buckets"},
		},
		{
			"custom bounds that do not rise or are not finite", 0, 0,
			model.NativeHistogram{Schema: -53, CustomBounds: []float64{1, 1, inf}},
			[]string{"custom bound 1 follows 1, but bounds must rise", "the custom bound +Inf is not finite"},
		},
		{
			"spans beyond the custom bounds", 3, 0,
			model.NativeHistogram{Schema: -53, CustomBounds: []float64{1, 2}, PositiveSpans: spans(1, 3), PositiveCounts: []float64{1, 1, 1}},
			[]string{"the spans reach beyond the buckets of 2 custom bounds"},
		},
		{
			"spans below the custom bounds", 1, 0,
			model.NativeHistogram{Schema: -53, CustomBounds: []float64{1, 2}, PositiveSpans: spans(-1, 1), PositiveCounts: []float64{1}},
			[]string{"the spans reach beyond the buckets of 2 custom bounds"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			value := model.HistogramValue{HasCount: true, Count: test.count, HasSum: true, Sum: test.sum, Native: &test.native}
			family := model.MetricFamily{Name: "f", Type: model.Histogram, HasType: true, Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &value}}}}
			for i, fault := range test.faults {
				test.faults[i] = "metric {}: " + fault
			}
			require.Equal(t, test.faults, faults(t, family))
		})
	}
}

func TestValidateSummaries(t *testing.T) {
	quantiles := func(numbers ...float64) []model.Quantile {
		var quantiles []model.Quantile
		for _, number := range numbers {
			quantiles = append(quantiles, model.Quantile{Quantile: number, Value: -1})
		}
		return quantiles
	}
	for _, test := range []struct {
		name   string
		value  model.SummaryValue
		faults []string
	}{
		{"nothing at all", model.SummaryValue{}, nil},
		{"quantiles from 0 to 1 in any order", model.SummaryOf(0, -3, quantiles(1, 0, 0.5)...), nil},
		{"texts of quantiles", model.SummaryValue{Quantiles: quantiles(0.5), QuantileTexts: []string{".50"}}, nil},
		{"quantiles outside 0 to 1", model.SummaryOf(0, 0, quantiles(-0.1, 1.1)...), []string{"the quantile -0.1 is not within 0 to 1", "the quantile 1.1 is not within 0 to 1"}},
		{"a quantile that is NaN", model.SummaryOf(0, 0, quantiles(math.NaN())...), []string{"the quantile NaN is not within 0 to 1"}},
		{"a quantile twice", model.SummaryOf(0, 0, quantiles(0.5, 0.9, 0.5)...), []string{"the quantile 0.5 occurs twice"}},
		{"too many texts", model.SummaryValue{QuantileTexts: []string{"0.5"}}, []string{"QuantileTexts has 1 elements for 0 numbers"}},
		{
			"texts of other quantiles",
			model.SummaryValue{Quantiles: quantiles(0.5), QuantileTexts: []string{"0.6"}},
			[]string{`the text "0.6" in QuantileTexts does not stand for 0.5`},
		},
		{"a negative count", model.SummaryOf(-1, 0), []string{"the count, -1, is negative"}},
		{"a count that is NaN", model.SummaryOf(math.NaN(), 0), []string{"the count is NaN"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			family := model.MetricFamily{Name: "f", Type: model.Summary, HasType: true, Metrics: []model.Metric{{Extra: &model.Extra{Summary: &test.value}}}}
			for i, fault := range test.faults {
				test.faults[i] = "metric {}: " + fault
			}
			require.Equal(t, test.faults, faults(t, family))
		})
	}
}
