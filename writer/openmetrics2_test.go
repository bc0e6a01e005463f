package writer_test

import (
	"math"
	"strings"
	"testing"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

func TestOpenMetrics2(t *testing.T) {
	tests := bothVersions()
	tests[len(tests)-1].want = "# TYPE x gauge\nx 1.0\n# TYPE y summary\ny {count:1,sum:2.0,quantile:[]}\n"
	testOpenMetrics(t, format.OpenMetrics2, append(tests, onlyVersion2()...))
}

// nativeBuckets is a histogram with native buckets.
func nativeBuckets(n model.NativeHistogram) model.Metric {
	m := histogram(4, 2)
	m.Histogram().Native = &n
	return m
}

// onlyVersion2 is what 2.0 has and 1.0 has not.
func onlyVersion2() []openMetricsTest {
	return []openMetricsTest{
		{
			name: "the name of a metric is that of its family, whatever it ends in",
			families: []*model.MetricFamily{
				{Name: "a", Suffix: "_total", Type: model.Counter, HasType: true, HasHelp: true, Help: "h", Metrics: []model.Metric{valued(1)}},
				family(model.Counter, "b", valued(2)), family(model.Gauge, "b_total", valued(3)),
			},
			want: "# TYPE a_total counter\n# HELP a_total h\na_total 1.0\n# TYPE b counter\nb 2.0\n# TYPE b_total gauge\nb_total 3.0\n",
		},
		{
			name:     "but the name of an info ends in _info",
			families: []*model.MetricFamily{family(model.Info, "x", valued(1, "a", "b"))},
			want:     "# TYPE x_info info\nx_info{a=\"b\"} 1.0\n",
			lost:     []string{"loss-suffix: _info"},
		},
		{
			name: "a unit need not be part of the name",
			families: []*model.MetricFamily{
				{Name: "a_total", Type: model.Counter, HasType: true, HasUnit: true, Unit: "seconds"},
			},
			want: "# TYPE a_total counter\n# UNIT a_total seconds\n",
		},
		{
			name: "the start timestamp follows the timestamp, and exemplars, of which there may be several, follow both",
			families: []*model.MetricFamily{family(model.Counter, "x_total",
				with(model.Metric{Value: 17, Timestamp: noonHalf}, model.Extra{Created: noon, Exemplars: []model.Exemplar{exemplar(1), {Value: 2, Timestamp: noon}}}),
				with(valued(3, "a", "b"), model.Extra{Created: noonNano}),
			)},
			want: "# TYPE x_total counter\nx_total 17.0 1750000000.5 st@1750000000 # {trace_id=\"4bf92f35\"} 1.0 1750000000.123456789 # {} 2.0 1750000000\n" +
				"x_total{a=\"b\"} 3.0 st@1750000000.123456789\n",
		},
		{
			name:     "a start timestamp is not later than the timestamp",
			families: []*model.MetricFamily{family(model.Counter, "x", with(at(5, 1), model.Extra{Created: noon}))},
			want:     "# TYPE x counter\nx 1.0 5\n",
			lost:     []string{"loss-created: it is later than the timestamp"},
		},
		{
			name: "an exemplar must have a timestamp, and may be of any length",
			families: []*model.MetricFamily{family(model.Counter, "x",
				with(valued(1), model.Extra{Exemplars: []model.Exemplar{{Value: 1}, {Labels: model.NewLabels("id", strings.Repeat("x", 200)), Timestamp: noon}}}),
			)},
			want: "# TYPE x counter\nx 1.0 # {id=\"" + strings.Repeat("x", 200) + "\"} 0.0 1750000000\n",
			lost: []string{"loss-exemplar: it has no timestamp"},
		},
		{
			name: "a histogram has count, sum and bucket in this order",
			families: []*model.MetricFamily{family(model.Histogram, "x",
				with(model.Metric{
					Labels: model.NewLabels("a", "b"), Timestamp: noonHalf, Extra: histogram(17, 324789.5, 0, 0, 1e-5, 0, 1, 10, inf, 17).Extra,
				}, model.Extra{Created: noon}),
				histogram(0, 0),
			)},
			want: "# TYPE x histogram\nx{a=\"b\"} {count:17,sum:324789.5,bucket:[0.0:0,1e-05:0,1.0:10,+Inf:17]} 1750000000.5 st@1750000000\n" +
				"x {count:0,sum:0.0,bucket:[+Inf:0]}\n",
		},
		{
			name: "a histogram has a count, which is that of the bucket +Inf, and a sum",
			families: []*model.MetricFamily{
				family(model.Histogram, "a", histogram(3, 1, 1, 2)), family(model.Histogram, "b", bare(histogram(0, 1, inf, 3))),
				family(model.Histogram, "c", histogram(4, 1, inf, 3)), family(model.Histogram, "d", bare(histogram(0, 1, 1, 3))),
				family(model.Histogram, "e", sumless(histogram(3, 0, inf, 3))),
			},
			want: "# TYPE a histogram\na {count:3,sum:1.0,bucket:[1.0:2,+Inf:3]}\n# TYPE b histogram\nb {count:3,sum:1.0,bucket:[+Inf:3]}\n" +
				"# TYPE c histogram\nc {count:3,sum:1.0,bucket:[+Inf:3]}\n# TYPE d histogram\n# TYPE e histogram\n",
			lost: []string{"loss-count", "loss-incomplete: it has no bucket +Inf", "loss-incomplete: it has no sum"},
		},
		{
			name: "counts may be fractional and sums negative, but counts are not negative, do not fall and are not NaN",
			families: []*model.MetricFamily{
				family(model.Histogram, "a", histogram(2.5, -1, -1, 0.5, 0, 2, 1, 1, 2, -3, 3, math.NaN(), inf, 2.5)),
				family(model.Histogram, "b", histogram(math.NaN(), 1)),
			},
			want: "# TYPE a histogram\na {count:2.5,sum:-1.0,bucket:[-1.0:0.5,1.0:1,+Inf:2.5]}\n# TYPE b histogram\n",
			lost: []string{"loss-value: that of a bucket", "loss-incomplete: it has no bucket +Inf"},
		},
		{
			name: "those of a gauge histogram may; it has gcount and gsum, and no start timestamp",
			families: []*model.MetricFamily{family(model.GaugeHistogram, "x",
				with(histogram(-4, math.NaN(), 1, 3, 2, -1, inf, -4), model.Extra{Created: noon}),
			)},
			want: "# TYPE x gaugehistogram\nx {gcount:-4,gsum:NaN,bucket:[1.0:3,2.0:-1,+Inf:-4]}\n",
			lost: []string{"loss-created"},
		},
		{
			name: "buckets are sorted, each bound once",
			families: []*model.MetricFamily{
				family(model.GaugeHistogram, "x", histogram(3, 1, inf, 3, 2, 2, -inf, 0, 1, 5, 2, 4)),
			},
			want: "# TYPE x gaugehistogram\nx {gcount:3,gsum:1.0,bucket:[-Inf:0,1.0:5,2.0:2,+Inf:3]}\n",
			lost: []string{"loss-duplicate: a bound"},
		},
		{
			name: "native buckets are absolute counts, and come before classic ones",
			families: []*model.MetricFamily{family(model.Histogram, "x", model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasCount: true, Count: 59, HasSum: true, Sum: 120, Buckets: buckets(1, 2), Native: &model.NativeHistogram{
					Schema: 7, ZeroThreshold: 1e-4, ZeroCount: 3,
					NegativeSpans: spans(1, 2), NegativeCounts: []float64{5, 7},
					PositiveSpans: spans(-1, 2, 3, 4), PositiveCounts: []float64{5, 7, 10, 9, 8, 5},
				},
				Exemplars: []model.BucketExemplar{{Bucket: 0, Exemplar: exemplar(1)}},
			}, Exemplars: []model.Exemplar{exemplar(2)}}})},
			want: "# TYPE x histogram\nx {count:59,sum:120.0,schema:7,zero_threshold:0.0001,zero_count:3,negative_spans:[1:2],negative_buckets:[5,7]," +
				"positive_spans:[-1:2,3:4],positive_buckets:[5,7,10,9,8,5],bucket:[1.0:2,+Inf:59]}" +
				" # {trace_id=\"4bf92f35\"} 1.0 1750000000.123456789 # {trace_id=\"4bf92f35\"} 2.0 1750000000.123456789\n",
		},
		{
			name:     "sides without buckets are omitted, and so are classic buckets",
			families: []*model.MetricFamily{family(model.Histogram, "x", nativeBuckets(model.NativeHistogram{Schema: -4, ZeroCount: 4}))},
			want:     "# TYPE x histogram\nx {count:4,sum:2.0,schema:-4,zero_threshold:0.0,zero_count:4}\n",
		},
		{
			name: "the counts of a fractional native histogram are floats",
			families: []*model.MetricFamily{family(model.GaugeHistogram, "x", nativeBuckets(model.NativeHistogram{
				Float: true, ZeroCount: 0.5, PositiveSpans: spans(0, 2), PositiveCounts: []float64{2, 1.5},
			}))},
			want: "# TYPE x gaugehistogram\nx {gcount:4.0,gsum:2.0,schema:0,zero_threshold:0.0,zero_count:0.5,positive_spans:[0:2],positive_buckets:[2.0,1.5]}\n",
		},
		{
			name: "also if all of them are whole",
			families: []*model.MetricFamily{family(model.Histogram, "x", nativeBuckets(model.NativeHistogram{
				Float: true, ZeroCount: 1, NegativeSpans: spans(0, 1), NegativeCounts: []float64{3},
			}))},
			want: "# TYPE x histogram\nx {count:4.0,sum:2.0,schema:0,zero_threshold:0.0,zero_count:1.0,negative_spans:[0:1],negative_buckets:[3.0]}\n",
		},
		{
			name: "a span has a bucket; one without is joined to the next",
			families: []*model.MetricFamily{family(model.Histogram, "x", nativeBuckets(model.NativeHistogram{
				PositiveSpans: spans(2, 0, -5, 1, 1, 0, 2, 1), PositiveCounts: []float64{1, 3},
				NegativeSpans: spans(0, 0),
			}))},
			want: "# TYPE x histogram\nx {count:4,sum:2.0,schema:0,zero_threshold:0.0,zero_count:0,positive_spans:[-3:1,3:1],positive_buckets:[1,3]}\n",
		},
		{
			name: "a schema is from -4 to 8, a zero threshold finite and not negative, only the first offset negative, and no count",
			families: []*model.MetricFamily{
				family(model.Histogram, "a", nativeBuckets(model.NativeHistogram{Schema: 9})),
				family(model.Histogram, "b", nativeBuckets(model.NativeHistogram{ZeroThreshold: -1})),
				family(model.Histogram, "c", nativeBuckets(model.NativeHistogram{PositiveSpans: spans(0, 1, -1, 1), PositiveCounts: []float64{2, 2}})),
				family(model.Histogram, "d", nativeBuckets(model.NativeHistogram{NegativeSpans: spans(0, 1), NegativeCounts: []float64{-1}})),
				family(model.Histogram, "e", nativeBuckets(model.NativeHistogram{Schema: -53, CustomBounds: []float64{1}})),
			},
			want: "# TYPE a histogram\na {count:4,sum:2.0,bucket:[+Inf:4]}\n# TYPE b histogram\nb {count:4,sum:2.0,bucket:[+Inf:4]}\n" +
				"# TYPE c histogram\nc {count:4,sum:2.0,bucket:[+Inf:4]}\n# TYPE d histogram\nd {count:4,sum:2.0,bucket:[+Inf:4]}\n" +
				"# TYPE e histogram\ne {count:4,sum:2.0,bucket:[+Inf:4]}\n",
			lost: []string{
				"loss-native: schema 9", "loss-native: its zero threshold is negative or not finite", "loss-native: its spans fall back",
				"loss-native: a bucket is negative or NaN", "loss-native",
			},
		},
		{
			name: "native buckets add up to the count, but for observations that are NaN",
			families: []*model.MetricFamily{
				family(model.Histogram, "a", nativeBuckets(model.NativeHistogram{ZeroCount: 3})),
				family(model.Histogram, "b", model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: 4, HasSum: true, Sum: math.NaN(), Native: &model.NativeHistogram{ZeroCount: 3},
				}}}),
				family(model.GaugeHistogram, "c", nativeBuckets(model.NativeHistogram{
					Float: true, ZeroCount: 0.1, PositiveSpans: spans(0, 2), PositiveCounts: []float64{0.2, 3.7},
				})),
			},
			want: "# TYPE a histogram\na {count:4,sum:2.0,bucket:[+Inf:4]}\n" +
				"# TYPE b histogram\nb {count:4,sum:NaN,schema:0,zero_threshold:0.0,zero_count:3}\n" +
				"# TYPE c gaugehistogram\nc {gcount:4.0,gsum:2.0,schema:0,zero_threshold:0.0,zero_count:0.1,positive_spans:[0:2],positive_buckets:[0.2,3.7]}\n",
			lost: []string{"loss-native: its buckets do not add up to the count"},
		},
		{
			name:     "a native histogram has a count",
			families: []*model.MetricFamily{family(model.Histogram, "x", bare(nativeBuckets(model.NativeHistogram{})))},
			want:     "# TYPE x histogram\n",
			lost:     []string{"loss-incomplete: it has no count"},
		},
		{
			name: "a histogram has no other label le, a summary no other label quantile",
			families: []*model.MetricFamily{
				family(model.Histogram, "x", model.Metric{Labels: model.NewLabels("le", "1", "a", "b"), Extra: histogram(1, 1).Extra}),
				family(model.Summary, "y", model.Metric{Labels: model.NewLabels("quantile", "1"), Extra: summary(1, 1).Extra}),
			},
			want: "# TYPE x histogram\nx{a=\"b\"} {count:1,sum:1.0,bucket:[+Inf:1]}\n# TYPE y summary\ny {count:1,sum:1.0,quantile:[]}\n",
			lost: []string{"loss-clash: label le", "loss-clash: label quantile"},
		},
		{
			name: "a summary has count, sum and quantile in this order, and the quantiles rise",
			families: []*model.MetricFamily{family(model.Summary, "x",
				with(summary(17, 2, 0.99, 150, 0.5, math.NaN()), model.Extra{Created: noon}),
			)},
			want: "# TYPE x summary\nx {count:17,sum:2.0,quantile:[0.5:NaN,0.99:150.0]} st@1750000000\n",
		},
		{
			name: "a summary has a count, which is whole, and a sum, which is not negative",
			families: []*model.MetricFamily{
				family(model.Summary, "a", model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{Quantiles: quantiles(0.5, 2)}}}),
				family(model.Summary, "b", summary(1.5, 1)), family(model.Summary, "c", summary(1, -1)),
			},
			want: "# TYPE a summary\n# TYPE b summary\n# TYPE c summary\n",
			lost: []string{
				"loss-incomplete: it has no count or no sum", "loss-count", "loss-incomplete: it has no count or no sum",
				"loss-value: the sum", "loss-incomplete: it has no count or no sum",
			},
		},
		{
			name: "each state of a state set is a metric, whose points stand together",
			families: []*model.MetricFamily{family(model.StateSet, "x",
				with(at(1, 0), model.Extra{States: []model.State{{Name: "a"}, {Name: "b", Enabled: true}}}),
				with(at(2, 0), model.Extra{States: []model.State{{Name: "c"}, {Name: "b"}, {Name: "a", Enabled: true}}}),
				with(valued(0, "e", "f"), model.Extra{States: []model.State{{Name: "a"}}}),
			)},
			want: "# TYPE x stateset\nx{x=\"a\"} 0 1\nx{x=\"a\"} 1 2\nx{x=\"b\"} 1 1\nx{x=\"b\"} 0 2\nx{x=\"c\"} 0 2\nx{e=\"f\",x=\"a\"} 0\n",
		},
		{
			name: "a family may have the name of what was a sample in 1.0",
			families: []*model.MetricFamily{
				family(model.Histogram, "x", histogram(1, 1)), family(model.Gauge, "x_count", valued(1)),
				{Name: "x", Type: model.Histogram, Loose: []model.Sample{{Name: "x_bucket", Value: 1}}},
			},
			want: "# TYPE x histogram\nx {count:1,sum:1.0,bucket:[+Inf:1]}\n# TYPE x_count gauge\nx_count 1.0\nx_bucket 1.0\n",
			lost: []string{"loss-loose"},
		},
		{
			name: "a quoted name stands between the braces, before the composite value",
			families: []*model.MetricFamily{
				family(model.Histogram, "a.b", model.Metric{Labels: model.NewLabels("c.d", "e"), Extra: histogram(1, 1).Extra}, histogram(2, 2)),
			},
			want: "# TYPE \"a.b\" histogram\n{\"a.b\",\"c.d\"=\"e\"} {count:1,sum:1.0,bucket:[+Inf:1]}\n{\"a.b\"} {count:2,sum:2.0,bucket:[+Inf:2]}\n",
		},
	}
}
