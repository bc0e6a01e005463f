package writer_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

var schemes = []prommodel.EscapingScheme{
	prommodel.NoEscaping, prommodel.UnderscoreEscaping, prommodel.DotsEscaping, prommodel.ValueEncodingEscaping,
}

// plain are families that the encoder of prometheus/common writes without a fault.
func plain() map[string]*model.MetricFamily {
	simple := func(typ model.Type, values ...float64) *model.MetricFamily {
		f := &model.MetricFamily{Name: "x", Type: typ, HasType: true}
		for _, v := range values {
			f.Metrics = append(f.Metrics, model.Metric{Value: v})
		}
		return f
	}
	labelled := func(namesAndValues ...string) *model.MetricFamily {
		return &model.MetricFamily{
			Name: "x:y", Type: model.Gauge, HasType: true,
			Metrics: []model.Metric{{Labels: model.NewLabels(namesAndValues...), Value: 1}, {Value: 2}},
		}
	}
	helped := func(help string) *model.MetricFamily {
		f := simple(model.Counter, 1)
		f.HasHelp, f.Help = true, help
		return f
	}
	stamped := func(ms int64) *model.MetricFamily {
		f := simple(model.Gauge, 1)
		f.Metrics[0].Timestamp = model.TimestampFromMillis(ms)
		return f
	}
	named := func(name string, namesAndValues ...string) *model.MetricFamily {
		f := labelled(namesAndValues...)
		f.Name = name
		return f
	}
	histogram := func(labels model.Labels, typ model.Type, boundsAndCounts ...float64) *model.MetricFamily {
		h := &model.HistogramValue{HasCount: true, HasSum: true, Sum: 2.5, Buckets: buckets(boundsAndCounts...)}
		h.Count = boundsAndCounts[len(boundsAndCounts)-1]
		return &model.MetricFamily{
			Name: "x.seconds", Type: typ, HasType: true, HasHelp: true, Help: "help",
			Metrics: []model.Metric{{Labels: labels, Extra: &model.Extra{Histogram: h}, Timestamp: noonHalf}},
		}
	}
	long := strings.Repeat("long ", 20_000)
	return map[string]*model.MetricFamily{
		"a counter":                 simple(model.Counter, 1),
		"a gauge":                   simple(model.Gauge, 1),
		"an untyped metric":         simple(model.Unknown, 1),
		"small numbers":             simple(model.Gauge, 0, 1, -1, 2, 10, 42, -999999),
		"large numbers":             simple(model.Gauge, 1e6, 1234567, 1e15, 1e16, 1<<53+2, -1e300, math.MaxFloat64),
		"fractions":                 simple(model.Gauge, 0.5, 0.1, 1e-4, 1e-5, 1.25, 1234567.125, 0.30000000000000004, math.Pi, 5e-324),
		"numbers that are none":     simple(model.Gauge, math.NaN(), math.Inf(1), math.Inf(-1)),
		"help":                      helped("What it is."),
		"empty help":                helped(""),
		"help with escapes":         helped("a \\ and\nb \"c\" 'd' \t é"),
		"a label":                   labelled("a", "b"),
		"labels":                    labelled("z", "1", "a", "2", "_m", "3", "A9", "4"),
		"an empty label value":      labelled("a", "", "b", ""),
		"label values with escapes": labelled("a", `\`, "b", `"`, "c", "\n", "d", `\n"`, "e", "plain"),
		"UTF-8 label values":        labelled("a", "Zürich", "b", "東京", "c", "🙂"),
		"a label value of 100 kB":   labelled("a", long, "b", "c"),
		// Read with a length of two bytes, the end of this one would be a label.
		"a label value of 65535 bytes": labelled("a", strings.Repeat("a", 65527)+"\x01\x00b\x03\x00cde"),
		"a long label that is escaped": labelled("a", long+`"`, "b", "c"),
		"no metric but one":            {Name: "x", HasType: true, Metrics: []model.Metric{{}}},
		"a timestamp":                  stamped(1395066363000),
		"a timestamp of 0":             stamped(0),
		"a negative timestamp":         stamped(-3982045),
		"the least timestamp":          stamped(math.MinInt64),
		"a name with dots":             named("a.b_c", "d", "e"),
		"a label name with dots":       named("x", "a.b_c", "1", "d", "2"),
		"a histogram of native buckets": family(model.Histogram, "x", model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
			HasCount: true, Count: 3, HasSum: true, Sum: 4,
			Native: &model.NativeHistogram{Schema: 1, PositiveSpans: spans(0, 1), PositiveCounts: []float64{3}},
		}}}),
		"a name with escapes":             named("a\"b\\c\nd", "e", "f"),
		"a name that begins with a digit": named("0a", "1b", "c"),
		"a UTF-8 name":                    named("größe", "höhe", "1", "ok", "2"),
		"a histogram":                     histogram(model.NewLabels("a", "b"), model.Histogram, 0.005, 1, 1, 20, math.Inf(1), 33),
		"a histogram without labels":      histogram(model.Labels{}, model.Histogram, -1, 0, 2.5, 1e6, math.Inf(1), 1e7),
		"a summary": {
			Name: "x_seconds", Type: model.Summary, HasType: true,
			Metrics: []model.Metric{
				{Extra: &model.Extra{Summary: &model.SummaryValue{
					HasCount: true, HasSum: true, Count: 42, Sum: -3, Quantiles: quantiles(0.5, 1, 0.9, 2.25, 0.999, math.NaN()),
				}}},
				{
					Labels: model.NewLabels("a", "b"),
					Extra:  &model.Extra{Summary: &model.SummaryValue{HasCount: true, HasSum: true, Count: 1e9, Sum: 0.125}},
				},
			},
		},
	}
}

func TestTextIsByteForByteThatOfExpfmt(t *testing.T) {
	for name, f := range plain() {
		t.Run(name, func(t *testing.T) {
			message := decodeProtobuf(t, encode(t, format.Protobuf, []*model.MetricFamily{f}))[0]
			for _, scheme := range schemes {
				var want bytes.Buffer
				_, err := expfmt.MetricFamilyToText(&want, prommodel.EscapeMetricFamily(message, scheme))
				require.NoError(t, err)
				formats := []format.Format{format.Text, format.Text1}
				if scheme == prommodel.NoEscaping {
					formats = formats[1:]
				}
				for _, to := range formats {
					got := encode(t, to, []*model.MetricFamily{f}, writer.Escaping(scheme))
					if diff := cmp.Diff(want.String(), string(got)); diff != "" {
						t.Errorf("%s, escaping %s (-expfmt +ours):\n%s", to, scheme, diff)
					}
				}
			}
		})
	}
}

// TestTextDiffersFromExpfmt has every difference that there is, and why it is meant.
func TestTextDiffersFromExpfmt(t *testing.T) {
	tests := map[string]struct {
		family model.MetricFamily
		text1  bool
		want   string
	}{
		"no TYPE line is made up for a family without a type": {
			family: model.MetricFamily{Name: "x", Metrics: []model.Metric{{Value: 1}}},
			want:   "x 1\n",
		},
		"metadata without samples are kept": {
			family: model.MetricFamily{Name: "x", Type: model.Gauge, HasType: true, HasHelp: true, Help: "h"},
			want:   "# HELP x h\n# TYPE x gauge\n",
		},
		"a histogram is written with what it has: no bucket, sum or count is made up": {
			family: model.MetricFamily{Name: "x", Type: model.Histogram, HasType: true, Metrics: []model.Metric{
				{Extra: &model.Extra{Histogram: &model.HistogramValue{Buckets: buckets(1, 2)}}},
				{Extra: &model.Extra{Histogram: &model.HistogramValue{HasCount: true, Count: 3}}},
			}},
			want: "# TYPE x histogram\nx_bucket{le=\"1\"} 2\nx_count 3\n",
		},
		"a histogram with native buckets has the bucket +Inf besides its classic ones": {
			family: native(model.HistogramValue{
				HasCount: true, Count: 3, Buckets: buckets(1, 2), BoundTexts: []string{"1.0"}, Native: &model.NativeHistogram{},
			}),
			want: "# TYPE x histogram\nx_bucket{le=\"1.0\"} 2\nx_bucket{le=\"+Inf\"} 3\nx_count 3\n",
		},
		"if it has a count, and not that bucket": {
			family: *family(model.Histogram, "x",
				model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{HasSum: true, Sum: 3, Native: &model.NativeHistogram{}}}},
				model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: 3, Buckets: buckets(math.Inf(1), 2), Native: &model.NativeHistogram{},
				}}},
			),
			want: "# TYPE x histogram\nx_sum 3\nx_bucket{le=\"+Inf\"} 2\nx_count 3\n",
		},
		"a summary without count and sum has none": {
			family: model.MetricFamily{Name: "x", Type: model.Summary, HasType: true, Metrics: []model.Metric{
				{Extra: &model.Extra{Summary: &model.SummaryValue{Quantiles: quantiles(0.5, 2)}}},
			}},
			want: "# TYPE x summary\nx{quantile=\"0.5\"} 2\n",
		},
		"a negative zero stays negative": {
			family: model.MetricFamily{Name: "x", Metrics: []model.Metric{{Value: math.Copysign(0, -1)}}},
			want:   "x -0\n",
		},
		"a summary's count need not be whole": {
			family: model.MetricFamily{Name: "x", Type: model.Summary, HasType: true, Metrics: []model.Metric{
				{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: -2.5}}},
			}},
			want: "# TYPE x summary\nx_count -2.5\n",
		},
		"bounds are spelled as they were": {
			family: model.MetricFamily{Name: "x", Type: model.Histogram, HasType: true, Metrics: []model.Metric{
				{Extra: &model.Extra{Histogram: &model.HistogramValue{Buckets: buckets(1, 2, math.Inf(1), 3), BoundTexts: []string{"1.0", "inf"}}}},
			}},
			want: "# TYPE x histogram\nx_bucket{le=\"1.0\"} 2\nx_bucket{le=\"inf\"} 3\n",
		},
		"quantiles are spelled as they were": {
			family: model.MetricFamily{Name: "x", Type: model.Summary, HasType: true, Metrics: []model.Metric{
				{Extra: &model.Extra{Summary: &model.SummaryValue{Quantiles: quantiles(0.5, 2), QuantileTexts: []string{".50"}}}},
			}},
			want: "# TYPE x summary\nx{quantile=\".50\"} 2\n",
		},
		"a gauge histogram's count and sum are gauges, since they may fall": {
			family: model.MetricFamily{Name: "x", Type: model.GaugeHistogram, HasType: true, Metrics: []model.Metric{
				{Extra: &model.Extra{Histogram: &model.HistogramValue{HasCount: true, HasSum: true, Count: 3, Sum: -1, Buckets: buckets(math.Inf(1), 3)}}},
			}},
			want: "# TYPE x histogram\nx_bucket{le=\"+Inf\"} 3\n# TYPE x_gcount gauge\nx_gcount 3\n# TYPE x_gsum gauge\nx_gsum -1\n",
		},
		"an info family is a gauge": {
			family: model.MetricFamily{Name: "x", Suffix: "_info", Type: model.Info, HasType: true, Metrics: []model.Metric{{Value: 1}}},
			want:   "# TYPE x_info gauge\nx_info 1\n",
		},
		"a state set is a gauge a state": {
			family: model.MetricFamily{Name: "x", Type: model.StateSet, HasType: true, Metrics: []model.Metric{
				{Extra: &model.Extra{States: []model.State{{Name: "on", Enabled: true}, {Name: `"`}}}},
			}},
			want: "# TYPE x gauge\nx{x=\"on\"} 1\nx{x=\"\\\"\"} 0\n",
		},
		"loose samples follow the metrics": {
			family: model.MetricFamily{
				Name: "x", Type: model.Gauge, HasType: true,
				Metrics: []model.Metric{{Value: 1}},
				Loose:   []model.Sample{{Name: "x_sum", Labels: model.NewLabels("a", "b"), Value: 2, Timestamp: noon}},
			},
			want: "# TYPE x gauge\nx 1\nx_sum{a=\"b\"} 2 1750000000000\n",
		},
		"a continuation does not repeat the metadata, which readers refuse": {
			family: model.MetricFamily{
				Name: "x", Type: model.Gauge, HasType: true, HasHelp: true, Continued: true, HelpRepeated: true, TypeRepeated: true,
				Metrics: []model.Metric{{Value: 1}},
			},
			want: "x 1\n",
		},
		"a continuation brings the help that no earlier part had": {
			family: model.MetricFamily{
				Name: "x", Type: model.Gauge, HasType: true, HasHelp: true, Help: "h", Continued: true, TypeRepeated: true,
				Metrics: []model.Metric{{Value: 1}},
			},
			want: "# HELP x h\nx 1\n",
		},
		"a continuation brings the type that no earlier part had": {
			family: model.MetricFamily{
				Name: "x", Type: model.Gauge, HasType: true, HasHelp: true, Help: "h", Continued: true, HelpRepeated: true,
				Metrics: []model.Metric{{Value: 1}},
			},
			want: "# TYPE x gauge\nx 1\n",
		},
		"a label name with a colon is quoted, not taken for a metric name": {
			family: model.MetricFamily{Name: "x", Metrics: []model.Metric{{Labels: model.NewLabels("a:b", "c")}}},
			text1:  true,
			want:   "x{\"a:b\"=\"c\"} 0\n",
		},
		"a label name with a colon is escaped": {
			family: model.MetricFamily{Name: "x", Metrics: []model.Metric{{Labels: model.NewLabels("a:b", "c")}}},
			want:   "x{a_b=\"c\"} 0\n",
		},
		"labels whose names become one are not written twice": {
			family: model.MetricFamily{Name: "x", Metrics: []model.Metric{{Labels: model.NewLabels("a.b", "1", "a_b", "2", "c", "3")}}},
			want:   "x{a_b=\"1\",c=\"3\"} 0\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			to := format.Text
			if test.text1 {
				to = format.Text1
			}
			got := encode(t, to, []*model.MetricFamily{&test.family})
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNamesAreEscapedByTheSchemeThatIsAskedFor(t *testing.T) {
	family := &model.MetricFamily{
		Name: "a.b_c", Type: model.Histogram, HasType: true,
		Metrics: []model.Metric{{
			Labels: model.NewLabels("d.e", "1", "f_g", "2", "h:i", "3"),
			Extra:  &model.Extra{Histogram: &model.HistogramValue{HasSum: true, Sum: 1, Buckets: buckets(1, 2)}},
		}},
		Loose: []model.Sample{{Name: "a.b_c_bucket", Value: 4}, {Name: "z.z", Value: 5}},
	}
	tests := map[prommodel.EscapingScheme]string{
		prommodel.NoEscaping: `# TYPE "a.b_c" histogram
{"a.b_c_bucket","d.e"="1",f_g="2","h:i"="3",le="1"} 2
{"a.b_c_sum","d.e"="1",f_g="2","h:i"="3"} 1
{"a.b_c_bucket"} 4
{"z.z"} 5
`,
		prommodel.UnderscoreEscaping: `# TYPE a_b_c histogram
a_b_c_bucket{d_e="1",f_g="2",h_i="3",le="1"} 2
a_b_c_sum{d_e="1",f_g="2",h_i="3"} 1
a_b_c_bucket 4
z_z 5
`,
		prommodel.DotsEscaping: `# TYPE a_dot_b__c histogram
a_dot_b__c_bucket{d_dot_e="1",f_g="2",h__i="3",le="1"} 2
a_dot_b__c_sum{d_dot_e="1",f_g="2",h__i="3"} 1
a_dot_b__c_bucket 4
z_dot_z 5
`,
		prommodel.ValueEncodingEscaping: `# TYPE U__a_2e_b__c histogram
U__a_2e_b__c_bucket{U__d_2e_e="1",f_g="2",U__h_3a_i="3",le="1"} 2
U__a_2e_b__c_sum{U__d_2e_e="1",f_g="2",U__h_3a_i="3"} 1
U__a_2e_b__c_bucket 4
U__z_2e_z 5
`,
	}
	for scheme, want := range tests {
		t.Run(scheme.String(), func(t *testing.T) {
			got := encode(t, format.Text1, []*model.MetricFamily{family}, writer.Escaping(scheme))
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFamiliesWhoseNamesBecomeOne(t *testing.T) {
	named := func(name string, typ model.Type, m model.Metric) *model.MetricFamily {
		f := family(typ, name, m)
		f.HasHelp, f.Help = true, "Of "+name+"."
		return f
	}
	suffixed := func(suffix string, typ model.Type, m model.Metric) *model.MetricFamily {
		return &model.MetricFamily{Name: "a", Suffix: suffix, Type: typ, HasType: true, Metrics: []model.Metric{m}}
	}
	tests := []struct {
		name     string
		scheme   prommodel.EscapingScheme
		families []*model.MetricFamily
		want     string
		lost     []string // family, and detail
	}{
		{
			"the one that is escaped comes later", prommodel.UnderscoreEscaping,
			[]*model.MetricFamily{named("a_b", model.Gauge, valued(1)), named("c", model.Gauge, valued(2)), named("a.b", model.Counter, valued(3, "x", "y"))},
			"# HELP a_b Of a_b.\n# TYPE a_b gauge\na_b 1\n# HELP c Of c.\n# TYPE c gauge\nc 2\na_b{x=\"y\"} 3\n",
			[]string{"a.b: family a_b"},
		},
		{
			"the one that is escaped comes first", prommodel.DotsEscaping,
			[]*model.MetricFamily{named("a.b", model.Gauge, valued(1)), named("a_dot_b", model.Gauge, valued(2, "x", "y"))},
			"# HELP a_dot_b Of a.b.\n# TYPE a_dot_b gauge\na_dot_b 1\na_dot_b{x=\"y\"} 2\n",
			[]string{"a_dot_b: family a_dot_b"},
		},
		{
			"the suffix of the samples is part of the name", prommodel.ValueEncodingEscaping,
			[]*model.MetricFamily{
				{Name: "U__a_2e_b", Suffix: "_total", Type: model.Counter, HasType: true, Metrics: []model.Metric{valued(1)}},
				named("a.b", model.Gauge, valued(2)), named("a.b:total", model.Gauge, valued(3)),
			},
			"# TYPE U__a_2e_b_total counter\nU__a_2e_b_total 1\n# HELP U__a_2e_b Of a.b.\n# TYPE U__a_2e_b gauge\nU__a_2e_b 2\n" +
				"# HELP U__a_2e_b:total Of a.b:total.\n# TYPE U__a_2e_b:total gauge\nU__a_2e_b:total 3\n",
			nil,
		},
		{
			"both are escaped, and so is a third", prommodel.UnderscoreEscaping,
			[]*model.MetricFamily{named("a.b", model.Gauge, valued(1)), named("a-b", model.Histogram, histogram(1, 2)), named("a/b", model.Gauge, valued(3, "x", "y"))},
			"# HELP a_b Of a.b.\n# TYPE a_b gauge\na_b 1\na_b_sum 2\na_b_count 1\na_b{x=\"y\"} 3\n",
			[]string{"a-b: family a_b", "a/b: family a_b"},
		},
		{
			"a part of the same family is none of another", prommodel.UnderscoreEscaping,
			[]*model.MetricFamily{
				named("a.b", model.Gauge, valued(1)),
				{Name: "a.b", Type: model.Gauge, HasType: true, Continued: true, TypeRepeated: true, Metrics: []model.Metric{valued(2, "x", "y")}},
			},
			"# HELP a_b Of a.b.\n# TYPE a_b gauge\na_b 1\na_b{x=\"y\"} 2\n",
			nil,
		},
		{
			"its name becomes that of a bucket or a count of another", prommodel.UnderscoreEscaping,
			[]*model.MetricFamily{
				family(model.Histogram, "a.b", histogram(1, 2)), {Name: "a-b_bucket", Metrics: []model.Metric{valued(3, "le", "1")}},
				family(model.Summary, "c_d", summary(4, 5)), family(model.Gauge, "c.d_count", valued(6)),
				{Name: "c.d_bucket", Metrics: []model.Metric{valued(7)}},
			},
			"# TYPE a_b histogram\na_b_sum 2\na_b_count 1\na_b_bucket{le=\"1\"} 3\n" +
				"# TYPE c_d summary\nc_d_sum 5\nc_d_count 4\nc_d_count 6\nc_d_bucket 7\n",
			[]string{"a-b_bucket: family a_b_bucket", "c.d_count: family c_d_count"},
		},
		{
			"the suffix of its samples gives a counter the name of another", prommodel.UnderscoreEscaping,
			[]*model.MetricFamily{
				named("a_total", model.Counter, valued(1, "i", "1")), suffixed("_total", model.Counter, valued(2, "i", "2")),
			},
			"# HELP a_total Of a_total.\n# TYPE a_total counter\na_total{i=\"1\"} 1\na_total{i=\"2\"} 2\n",
			[]string{"a: family a_total"},
		},
		{
			"an info has the name of a gauge behind it", prommodel.UnderscoreEscaping,
			[]*model.MetricFamily{suffixed("_info", model.Info, valued(1)), named("b", model.Gauge, valued(2)), named("a_info", model.Gauge, valued(3))},
			"# TYPE a_info gauge\na_info 1\n# HELP b Of b.\n# TYPE b gauge\nb 2\na_info 3\n",
			[]string{"a_info: family a_info"},
		},
		{
			"the sum of a gauge histogram has the name of a counter before it", prommodel.UnderscoreEscaping,
			[]*model.MetricFamily{named("a_gsum", model.Counter, valued(1)), family(model.GaugeHistogram, "a", bare(histogram(0, 2)))},
			"# HELP a_gsum Of a_gsum.\n# TYPE a_gsum counter\na_gsum 1\n# TYPE a histogram\na_gsum 2\n",
			[]string{"a: family a_gsum"},
		},
		{
			"the histogram was written before a name was escaped", prommodel.UnderscoreEscaping,
			[]*model.MetricFamily{
				named("a_b", model.Histogram, histogram(1, 2)), named("c_d", model.Gauge, valued(3)),
				{Name: "a.b_sum", Metrics: []model.Metric{valued(4)}}, {Name: "c.d_sum", Metrics: []model.Metric{valued(5)}},
			},
			"# HELP a_b Of a_b.\n# TYPE a_b histogram\na_b_sum 2\na_b_count 1\n# HELP c_d Of c_d.\n# TYPE c_d gauge\nc_d 3\n" +
				"a_b_sum 4\nc_d_sum 5\n",
			[]string{"a.b_sum: family a_b_sum"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, to := range []format.Format{format.Text, format.Text1} {
				var lost []string
				got := encode(t, to, test.families, writer.Escaping(test.scheme), writer.OnLoss(func(l writer.Loss) {
					if l.Rule == diag.LossClash {
						lost = append(lost, l.Family+": "+l.Detail)
					}
				}))
				if diff := cmp.Diff(test.want, string(got)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", to, diff)
				}
				require.Equal(t, test.lost, lost)
			}
		})
	}
}

func TestAllFormatsReportFamiliesWhoseNamesEscapingMakesOne(t *testing.T) {
	families := []*model.MetricFamily{family(model.Counter, "b.c", valued(1)), family(model.Gauge, "a", valued(2)), family(model.Gauge, "b_c", valued(3))}
	for _, to := range []format.Format{format.Protobuf, format.Prototext, format.JSON, format.Text1} {
		var lost []string
		encode(t, to, families, writer.Escaping(prommodel.UnderscoreEscaping), writer.OnLoss(func(l writer.Loss) {
			if l.Rule == diag.LossClash {
				lost = append(lost, l.Family+": "+l.Detail)
			}
		}))
		require.Equal(t, []string{"b_c: family b_c"}, lost, to)
	}
}

func TestCreationTimesTakeANameOnce(t *testing.T) {
	counter := family(model.Counter, "a", with(valued(1), model.Extra{Created: model.Timestamp{Seconds: 2, Set: true}}))
	created := family(model.Gauge, "a_created", valued(3, "b", "c"))
	for _, families := range [][]*model.MetricFamily{{counter, created}, {created, counter}} {
		for _, to := range []format.Format{format.Text, format.Text1} {
			got := string(encode(t, to, families, writer.Created()))
			require.Equal(t, 1, strings.Count(got, "# TYPE a_created gauge\n"), got)
			require.Contains(t, got, "a_created 2\n")
			require.Contains(t, got, "a_created{b=\"c\"} 3\n")
		}
	}
}

func TestAFamilyThatIsRefusedLeavesItsNameToOthers(t *testing.T) {
	severities := diag.DefaultSeverities()
	severities[diag.LossUnit] = diag.Error
	refused := &model.MetricFamily{Name: "a_b", HasUnit: true, Unit: "u", Type: model.Counter, HasType: true}
	escaped := &model.MetricFamily{Name: "a.b", HasUnit: true, Unit: "u", Type: model.Counter, HasType: true}
	for _, families := range [][]*model.MetricFamily{
		{refused, family(model.Gauge, "a.b", valued(1))},
		{escaped, refused, family(model.Gauge, "a_b", valued(1))},
	} {
		var out bytes.Buffer
		e, err := writer.New(&out, format.Text, writer.WithSeverities(severities))
		require.NoError(t, err)
		for _, f := range families[:len(families)-1] {
			require.Error(t, e.Encode(f))
		}
		require.NoError(t, e.Encode(families[len(families)-1]))
		require.NoError(t, e.Close())
		require.Equal(t, "# TYPE a_b gauge\na_b 1\n", out.String())
	}
}

func TestLooseSamplesThatTextCannotKeepInTheirFamily(t *testing.T) {
	tests := map[string]struct {
		family model.MetricFamily
		want   []writer.Loss
	}{
		"a histogram's samples stay with it": {
			family: model.MetricFamily{
				Name: "x", Type: model.Histogram, HasType: true, Loose: []model.Sample{{Name: "x"}, {Name: "x_bucket"}, {Name: "x_sum"}},
			},
		},
		"a name that the type does not have begins a family": {
			family: model.MetricFamily{Name: "x", Type: model.Summary, HasType: true, Loose: []model.Sample{{Name: "x_bucket"}, {Name: "y"}}},
			want:   []writer.Loss{{Rule: diag.LossLoose, Family: "x", Count: 2, Detail: "x_bucket"}},
		},
		"the name without the suffix is another one": {
			family: model.MetricFamily{
				Name: "x", Suffix: "_total", Type: model.Counter, HasType: true, Loose: []model.Sample{{Name: "x_total"}, {Name: "x"}},
			},
			want: []writer.Loss{{Rule: diag.LossLoose, Family: "x", Count: 1, Detail: "x"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, losses := encodeLossy(t, format.Text, []*model.MetricFamily{&test.family})
			if diff := cmp.Diff(test.want, losses); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A carriage return at the end of a line is of the end of the line to every reader that allows it there.
func TestAHelpTextEndsBeforeCarriageReturns(t *testing.T) {
	f := &model.MetricFamily{Name: "x", Type: model.Gauge, HasType: true, HasHelp: true, Help: "a\rb\r\r"}
	for _, to := range []format.Format{format.Text, format.Text1, format.OpenMetrics, format.OpenMetrics2} {
		out, losses := encodeLossy(t, to, []*model.MetricFamily{f})
		require.Empty(t, losses)
		require.Contains(t, string(out), "# HELP x a\rb\n", to)
	}
}
