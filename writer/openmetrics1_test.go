package writer_test

import (
	"math"
	"strings"
	"testing"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

func TestOpenMetrics(t *testing.T) {
	tests := bothVersions()
	for i := range tests {
		// The family of a counter and an info has no suffix in 1.0.
		test := &tests[i]
		for _, typ := range []string{" counter\n", " info\n"} {
			test.want = strings.NewReplacer("x_total"+typ, "x"+typ, "_info"+typ, typ).Replace(test.want)
		}
	}
	last := &tests[len(tests)-1]
	last.want = "# TYPE x gauge\nx 1.0\n# TYPE y summary\ny_sum 2.0\ny_count 1\n"
	testOpenMetrics(t, format.OpenMetrics, append(tests, onlyVersion1()...))
}

// onlyVersion1 is what 1.0 has and 2.0 has not.
func onlyVersion1() []openMetricsTest {
	return []openMetricsTest{
		{
			name: "a counter's total has the suffix _total, and its creation time _created",
			families: []*model.MetricFamily{{
				Name: "x", Suffix: "_total", Type: model.Counter, HasType: true, HasHelp: true, Help: "h",
				Metrics: []model.Metric{
					with(at(5, 17, "a", "b"), model.Extra{Created: noonNano}), with(valued(1), model.Extra{Created: noon}),
				},
			}},
			want: "# TYPE x counter\n# HELP x h\nx_total{a=\"b\"} 17.0 5\nx_created{a=\"b\"} 1750000000.123456789 5\nx_total 1.0\nx_created 1750000000\n",
		},
		{
			name:     "a counter without _total gets it",
			families: []*model.MetricFamily{family(model.Counter, "x", valued(1))},
			want:     "# TYPE x counter\nx_total 1.0\n",
			lost:     []string{"loss-suffix: _total"},
		},
		{
			name:     "an info without _info gets it",
			families: []*model.MetricFamily{family(model.Info, "x", valued(1))},
			want:     "# TYPE x info\nx_info 1.0\n",
			lost:     []string{"loss-suffix: _info"},
		},
		{
			name:     "a name is more than its suffix",
			families: []*model.MetricFamily{family(model.Counter, "_total", valued(1))},
			want:     "# TYPE _total counter\n_total_total 1.0\n",
			lost:     []string{"loss-suffix: _total"},
		},
		{
			name: "a suffix that is part of the name stays",
			families: []*model.MetricFamily{
				{Name: "x_total", Suffix: "_total", Type: model.Counter, HasType: true, Metrics: []model.Metric{valued(1)}},
			},
			want: "# TYPE x_total counter\nx_total_total 1.0\n",
		},
		{
			name: "a unit is the end of the name of the family",
			families: []*model.MetricFamily{
				{Name: "a_seconds_total", Type: model.Counter, HasType: true, HasUnit: true, Unit: "seconds"},
				{Name: "b", Type: model.Gauge, HasType: true, HasUnit: true, Unit: "seconds"},
				{Name: "cseconds", Type: model.Gauge, HasType: true, HasUnit: true, Unit: "seconds"},
				{Name: "seconds", Type: model.Gauge, HasType: true, HasUnit: true, Unit: "seconds"},
			},
			want: "# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# TYPE b gauge\n# TYPE cseconds gauge\n# TYPE seconds gauge\n",
			lost: []string{"loss-unit: seconds", "loss-unit: seconds", "loss-unit: seconds"},
		},
		{
			name: "a quoted name has its suffix between the quotes",
			families: []*model.MetricFamily{
				family(model.Counter, "a.b_total", with(valued(1, "c", "d"), model.Extra{Created: noon})),
				family(model.Histogram, "e.f", histogram(1, 2, inf, 1)),
			},
			want: "# TYPE \"a.b\" counter\n{\"a.b_total\",c=\"d\"} 1.0\n{\"a.b_created\",c=\"d\"} 1750000000\n" +
				"# TYPE \"e.f\" histogram\n{\"e.f_bucket\",le=\"+Inf\"} 1\n{\"e.f_sum\"} 2.0\n{\"e.f_count\"} 1\n",
		},
		{
			name: "a total has one exemplar",
			families: []*model.MetricFamily{family(model.Counter, "x_total",
				with(at(5, 17), model.Extra{Exemplars: []model.Exemplar{exemplar(1), exemplar(2)}}),
			)},
			want: "# TYPE x counter\nx_total 17.0 5 # {trace_id=\"4bf92f35\"} 1.0 1750000000.123456789\n",
			lost: []string{"loss-exemplar"},
		},
		{
			name: "exemplars without labels have an empty label set, and need no timestamp",
			families: []*model.MetricFamily{family(model.Counter, "x_total",
				with(valued(17), model.Extra{Exemplars: []model.Exemplar{{Value: 0.054}}}),
			)},
			want: "# TYPE x counter\nx_total 17.0 # {} 0.054\n",
		},
		{
			name: "the label names and values of an exemplar have 128 characters at most, in UTF-8",
			families: []*model.MetricFamily{family(model.Counter, "x_total",
				with(valued(1, "n", "1"), model.Extra{Exemplars: []model.Exemplar{{Labels: model.NewLabels("id", strings.Repeat("é", 126))}}}),
				with(valued(2, "n", "2"), model.Extra{Exemplars: []model.Exemplar{{Labels: model.NewLabels("id", strings.Repeat("é", 127))}}}),
			)},
			want: "# TYPE x counter\nx_total{n=\"1\"} 1.0 # {id=\"" + strings.Repeat("é", 126) + "\"} 0.0\nx_total{n=\"2\"} 2.0\n",
			lost: []string{"loss-exemplar: it has more than 128 characters"},
		},
		{
			name: "a histogram is buckets, sum, count and creation time; bounds are canonical and counts integers",
			families: []*model.MetricFamily{family(model.Histogram, "x",
				with(histogram(1234567, 324789.5, 0, 0, 1e-5, 0, 0.0001, 5, 1, 10, 100000, 11, 1e6, 15, 1e23, 16, inf, 1234567), model.Extra{Created: noon}),
			)},
			want: "# TYPE x histogram\nx_bucket{le=\"0.0\"} 0\nx_bucket{le=\"1e-05\"} 0\nx_bucket{le=\"0.0001\"} 5\nx_bucket{le=\"1.0\"} 10\n" +
				"x_bucket{le=\"100000.0\"} 11\nx_bucket{le=\"1e+06\"} 15\nx_bucket{le=\"1e+23\"} 16\nx_bucket{le=\"+Inf\"} 1234567\n" +
				"x_sum 324789.5\nx_count 1234567\nx_created 1750000000\n",
		},
		{
			name:     "a histogram has a bucket +Inf: the count, if it was not given",
			families: []*model.MetricFamily{family(model.Histogram, "x", histogram(3, 2, 1, 2))},
			want:     "# TYPE x histogram\nx_bucket{le=\"1.0\"} 2\nx_bucket{le=\"+Inf\"} 3\nx_sum 2.0\nx_count 3\n",
		},
		{
			name:     "without either it is left out",
			families: []*model.MetricFamily{family(model.Histogram, "x", bare(histogram(0, 2, 1, 2)))},
			want:     "# TYPE x histogram\n",
			lost:     []string{"loss-incomplete: it has no bucket +Inf"},
		},
		{
			name:     "a count is there if and only if a sum is",
			families: []*model.MetricFamily{family(model.Histogram, "x", sumless(histogram(3, 0, inf, 3)))},
			want:     "# TYPE x histogram\nx_bucket{le=\"+Inf\"} 3\n",
		},
		{
			name:     "and is that of the bucket +Inf",
			families: []*model.MetricFamily{family(model.Histogram, "x", bare(histogram(0, 1, inf, 3)), histogram(7, 1, inf, 3))},
			want:     "# TYPE x histogram\nx_bucket{le=\"+Inf\"} 3\nx_sum 1.0\nx_count 3\n",
			lost:     []string{"loss-duplicate: {}"},
		},
		{
			name:     "whatever was given",
			families: []*model.MetricFamily{family(model.Histogram, "x", histogram(7, 1, inf, 3))},
			want:     "# TYPE x histogram\nx_bucket{le=\"+Inf\"} 3\nx_sum 1.0\nx_count 3\n",
			lost:     []string{"loss-count"},
		},
		{
			name:     "a histogram with buckets for negative observations has no sum",
			families: []*model.MetricFamily{family(model.Histogram, "x", histogram(3, 1, -1, 1, inf, 3))},
			want:     "# TYPE x histogram\nx_bucket{le=\"-1.0\"} 1\nx_bucket{le=\"+Inf\"} 3\n",
			lost:     []string{"loss-value: the sum"},
		},
		{
			name:     "a sum is not negative or NaN",
			families: []*model.MetricFamily{family(model.Histogram, "x", histogram(3, -1, inf, 3)), family(model.Histogram, "y", histogram(3, math.NaN(), inf, 3))},
			want:     "# TYPE x histogram\nx_bucket{le=\"+Inf\"} 3\n# TYPE y histogram\ny_bucket{le=\"+Inf\"} 3\n",
			lost:     []string{"loss-value: the sum", "loss-value: the sum"},
		},
		{
			name:     "buckets are sorted, each bound once",
			families: []*model.MetricFamily{family(model.Histogram, "x", histogram(3, 1, inf, 3, 2, 2, 1, 1, 2, 3))},
			want:     "# TYPE x histogram\nx_bucket{le=\"1.0\"} 1\nx_bucket{le=\"2.0\"} 2\nx_bucket{le=\"+Inf\"} 3\nx_sum 1.0\nx_count 3\n",
			lost:     []string{"loss-duplicate: a bound"},
		},
		{
			name:     "counts are cumulative",
			families: []*model.MetricFamily{family(model.Histogram, "x", histogram(7, 1, 1, 5, 2, 3, 3, 4, inf, 7))},
			want:     "# TYPE x histogram\nx_bucket{le=\"2.0\"} 3\nx_bucket{le=\"3.0\"} 4\nx_bucket{le=\"+Inf\"} 7\nx_sum 1.0\nx_count 7\n",
			lost:     []string{"loss-value: a bucket that counts more than the next"},
		},
		{
			name:     "up to the count that becomes the bucket +Inf",
			families: []*model.MetricFamily{family(model.Histogram, "x", histogram(4, 1, 1, 3, 2, 5))},
			want:     "# TYPE x histogram\nx_bucket{le=\"1.0\"} 3\nx_bucket{le=\"+Inf\"} 4\nx_sum 1.0\nx_count 4\n",
			lost:     []string{"loss-value: a bucket that counts more than the next"},
		},
		{
			name:     "bounds are not NaN, and counts are whole and not negative",
			families: []*model.MetricFamily{family(model.Histogram, "x", histogram(4, 1, math.NaN(), 1, 1, 1.5, 2, -1, 3, math.NaN(), 4, 2, inf, 4))},
			want:     "# TYPE x histogram\nx_bucket{le=\"4.0\"} 2\nx_bucket{le=\"+Inf\"} 4\nx_sum 1.0\nx_count 4\n",
			lost:     []string{"loss-value: that of a bucket"},
		},
		{
			name: "a bucket has one exemplar, of an observation that it counts",
			families: []*model.MetricFamily{family(model.Histogram, "x", model.Metric{
				Extra: &model.Extra{Histogram: &model.HistogramValue{
					Buckets: buckets(1, 1, 2, 2, inf, 3),
					Exemplars: []model.BucketExemplar{
						{Bucket: 0, Exemplar: exemplar(1.5)}, {Bucket: 1, Exemplar: exemplar(2)}, {Bucket: 1, Exemplar: exemplar(1)}, {Bucket: 2, Exemplar: exemplar(9)},
					},
				}},
				Timestamp: noon,
			})},
			want: "# TYPE x histogram\nx_bucket{le=\"1.0\"} 1 1750000000\n" +
				"x_bucket{le=\"2.0\"} 2 1750000000 # {trace_id=\"4bf92f35\"} 2.0 1750000000.123456789\n" +
				"x_bucket{le=\"+Inf\"} 3 1750000000 # {trace_id=\"4bf92f35\"} 9.0 1750000000.123456789\n",
			lost: []string{"loss-exemplar"},
		},
		{
			name: "exemplars stay with their buckets",
			families: []*model.MetricFamily{family(model.Histogram, "x", model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
				Buckets: buckets(inf, 3, 2, 2, 1, math.NaN()),
				Exemplars: []model.BucketExemplar{
					{Bucket: 0, Exemplar: model.Exemplar{Value: 3}}, {Bucket: 1, Exemplar: model.Exemplar{Value: 2}}, {Bucket: 2, Exemplar: model.Exemplar{Value: 1}},
				},
			}}})},
			want: "# TYPE x histogram\nx_bucket{le=\"2.0\"} 2 # {} 2.0\nx_bucket{le=\"+Inf\"} 3 # {} 3.0\n",
			lost: []string{"loss-value: that of a bucket", "loss-exemplar: its bucket is left out"},
		},
		{
			name: "a histogram has no other label le",
			families: []*model.MetricFamily{family(model.Histogram, "x", model.Metric{
				Labels: model.NewLabels("le", "1", "a", "b"), Extra: &model.Extra{Histogram: &model.HistogramValue{Buckets: buckets(inf, 3)}},
			})},
			want: "# TYPE x histogram\nx_bucket{a=\"b\",le=\"+Inf\"} 3\n",
			lost: []string{"loss-clash: label le"},
		},
		{
			name: "a gauge histogram has _gcount and _gsum, and no creation time",
			families: []*model.MetricFamily{family(model.GaugeHistogram, "x",
				with(histogram(42, 3289.25, 0.01, 20, 1, 34, inf, 42), model.Extra{Created: noon}),
			)},
			want: "# TYPE x gaugehistogram\nx_bucket{le=\"0.01\"} 20\nx_bucket{le=\"1.0\"} 34\nx_bucket{le=\"+Inf\"} 42\nx_gsum 3289.25\nx_gcount 42\n",
			lost: []string{"loss-created"},
		},
		{
			name: "its sum is negative only if it has buckets for negative values",
			families: []*model.MetricFamily{
				family(model.GaugeHistogram, "x", histogram(4, -2, -1, 1, inf, 4)), family(model.GaugeHistogram, "y", histogram(4, -2, 1, 1, inf, 4)),
			},
			want: "# TYPE x gaugehistogram\nx_bucket{le=\"-1.0\"} 1\nx_bucket{le=\"+Inf\"} 4\nx_gsum -2.0\nx_gcount 4\n" +
				"# TYPE y gaugehistogram\ny_bucket{le=\"1.0\"} 1\ny_bucket{le=\"+Inf\"} 4\n",
			lost: []string{"loss-value: the sum"},
		},
		{
			name: "a native histogram leaves its count, and classic buckets if it has any",
			families: []*model.MetricFamily{family(model.Histogram, "x", model.Metric{
				Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: 4, HasSum: true, Sum: 2, Buckets: buckets(1, 3), Native: &model.NativeHistogram{
						PositiveSpans: spans(0, 1), PositiveCounts: []float64{4},
					},
				}, Exemplars: []model.Exemplar{exemplar(1)}},
			})},
			want: "# TYPE x histogram\nx_bucket{le=\"1.0\"} 3\nx_bucket{le=\"+Inf\"} 4\nx_sum 2.0\nx_count 4\n",
			lost: []string{"loss-native", "loss-exemplar: it belongs to no bucket"},
		},
		{
			name: "a summary is quantiles, sum, count and creation time",
			families: []*model.MetricFamily{family(model.Summary, "x",
				with(summary(17, 324789.5, 0, 1, 0.5, math.NaN(), 1, 150), model.Extra{Created: noon}),
			)},
			want: "# TYPE x summary\nx{quantile=\"0.0\"} 1.0\nx{quantile=\"0.5\"} NaN\nx{quantile=\"1.0\"} 150.0\n" +
				"x_sum 324789.5\nx_count 17\nx_created 1750000000\n",
		},
		{
			name: "a summary may have any of them",
			families: []*model.MetricFamily{
				family(model.Summary, "x", model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{Quantiles: quantiles(0.5, 2)}}}),
				family(model.Summary, "y", model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: 2}}}),
			},
			want: "# TYPE x summary\nx{quantile=\"0.5\"} 2.0\n# TYPE y summary\ny_count 2\n",
		},
		{
			name:     "quantiles are from 0 to 1, each once, with values that are not negative",
			families: []*model.MetricFamily{family(model.Summary, "x", summary(1, 1, 0.9, 3, 0.5, 2, 0.9, 4, -0.1, 1, 1.1, 1, math.NaN(), 1, 0.99, -1))},
			want:     "# TYPE x summary\nx{quantile=\"0.5\"} 2.0\nx{quantile=\"0.9\"} 3.0\nx_sum 1.0\nx_count 1\n",
			lost:     []string{"loss-value: that of a quantile", "loss-duplicate: a quantile"},
		},
		{
			name:     "the count of a summary is whole, and its sum not negative or NaN",
			families: []*model.MetricFamily{family(model.Summary, "x", summary(1.5, -1)), family(model.Summary, "y", summary(-1, math.NaN()))},
			want:     "# TYPE x summary\n# TYPE y summary\n",
			lost:     []string{"loss-count", "loss-value: the sum", "loss-count", "loss-value: the sum"},
		},
		{
			name: "the points of a state set stand one behind the other",
			families: []*model.MetricFamily{family(model.StateSet, "x",
				with(at(1, 0), model.Extra{States: []model.State{{Name: "a"}, {Name: "b", Enabled: true}}}),
				with(at(2, 0), model.Extra{States: []model.State{{Name: "a", Enabled: true}, {Name: "b"}}}),
			)},
			want: "# TYPE x stateset\nx{x=\"a\"} 0 1\nx{x=\"b\"} 1 1\nx{x=\"a\"} 1 2\nx{x=\"b\"} 0 2\n",
		},
		{
			name: "a family may not have the name of a sample that another could have",
			families: []*model.MetricFamily{
				family(model.Counter, "a_total"), family(model.Gauge, "a_created"), family(model.Unknown, "a_total"), family(model.Gauge, "a_count"),
				family(model.Summary, "b"), family(model.Gauge, "b_sum"), family(model.Gauge, "b_bucket"),
				family(model.GaugeHistogram, "c"), family(model.Gauge, "c_gcount"), family(model.Gauge, "c_count"),
				family(model.Info, "d"), family(model.Gauge, "d_info"), family(model.StateSet, "e"), family(model.Gauge, "e_info"),
			},
			want: "# TYPE a counter\n# TYPE a_count gauge\n# TYPE b summary\n# TYPE b_bucket gauge\n# TYPE c gaugehistogram\n# TYPE c_count gauge\n" +
				"# TYPE d info\n# TYPE e stateset\n# TYPE e_info gauge\n",
			lost: []string{
				"loss-name-taken: a_created", "loss-name-taken: a_total", "loss-name-taken: b_sum", "loss-name-taken: c_gcount", "loss-name-taken: d_info",
			},
		},
		{
			name: "nor have samples, or possible ones, of such a name",
			families: []*model.MetricFamily{
				family(model.Gauge, "a_sum"), family(model.Histogram, "a", histogram(1, 1, inf, 1)), family(model.GaugeHistogram, "a"),
				family(model.Gauge, "b_created"), family(model.Counter, "b_total", valued(1)),
			},
			want: "# TYPE a_sum gauge\n# TYPE a gaugehistogram\n# TYPE b_created gauge\n# TYPE b_total unknown\nb_total 1.0\n",
			lost: []string{"loss-name-taken: a", "loss-type: counter becomes unknown, as a family before has its name"},
		},
		{
			name: "a counter beside a gauge of its name, as in the Go client, is unknown",
			families: []*model.MetricFamily{
				family(model.Gauge, "go_memstats_alloc_bytes", valued(1)),
				{
					Name: "go_memstats_alloc_bytes_total", Type: model.Counter, HasType: true, HasUnit: true, Unit: "bytes",
					Metrics: []model.Metric{with(valued(2), model.Extra{Created: noon, Exemplars: []model.Exemplar{exemplar(1)}})},
				},
			},
			want: "# TYPE go_memstats_alloc_bytes gauge\ngo_memstats_alloc_bytes 1.0\n" +
				"# TYPE go_memstats_alloc_bytes_total unknown\ngo_memstats_alloc_bytes_total 2.0\n",
			lost: []string{
				"loss-type: counter becomes unknown, as a family before has its name", "loss-created", "loss-exemplar", "loss-unit: bytes",
			},
		},
	}
}
