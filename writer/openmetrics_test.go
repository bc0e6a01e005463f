package writer_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/grammar"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// family makes a family of a stated type.
func family(typ model.Type, name string, metrics ...model.Metric) *model.MetricFamily {
	return &model.MetricFamily{Name: name, Type: typ, HasType: true, Metrics: metrics}
}

// at is a metric at so many seconds.
func at(seconds int64, value float64, namesAndValues ...string) model.Metric {
	return model.Metric{
		Labels: model.NewLabels(namesAndValues...), Value: value, Timestamp: model.Timestamp{Seconds: seconds, Set: true},
	}
}

// valued is a metric without a timestamp.
func valued(value float64, namesAndValues ...string) model.Metric {
	return model.Metric{Labels: model.NewLabels(namesAndValues...), Value: value}
}

// histogram is one with a count and a sum.
func histogram(count, sum float64, boundsAndCounts ...float64) model.Metric {
	return model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{
		HasCount: true, Count: count, HasSum: true, Sum: sum, Buckets: buckets(boundsAndCounts...),
	}}}
}

// summary is one with a count and a sum.
func summary(count, sum float64, quantilesAndValues ...float64) model.Metric {
	return model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{
		HasCount: true, Count: count, HasSum: true, Sum: sum, Quantiles: quantiles(quantilesAndValues...),
	}}}
}

// with gives m the extra.
func with(m model.Metric, extra model.Extra) model.Metric {
	extra.Histogram, extra.Summary = m.Histogram(), m.Summary()
	m.Extra = &extra
	return m
}

// bare is m without its count.
func bare(m model.Metric) model.Metric {
	m.Histogram().HasCount, m.Histogram().Count = false, 0
	return m
}

// sumless is m without its sum.
func sumless(m model.Metric) model.Metric {
	m.Histogram().HasSum, m.Histogram().Sum = false, 0
	return m
}

var inf = math.Inf(1)

// openMetricsTest is a sentence of the specification: what families become, without the line # EOF, and what is lost.
type openMetricsTest struct {
	name     string
	families []*model.MetricFamily
	want     string
	lost     []string // rule, and detail
}

func testOpenMetrics(t *testing.T, to format.Format, tests []openMetricsTest, opts ...writer.Option) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var lost []string
			onLoss := writer.OnLoss(func(l writer.Loss) { lost = append(lost, strings.TrimSuffix(l.Rule.ID()+": "+l.Detail, ": ")) })
			got := encode(t, to, test.families, append(opts, onLoss)...)
			if diff := cmp.Diff(test.want+"# EOF\n", string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			requireLines(t, to, got)
			if diff := cmp.Diff(test.lost, lost); diff != "" {
				t.Errorf("losses (-want +got):\n%s", diff)
			}
		})
	}
}

// requireLines holds every line of a document against the grammar of the version.
func requireLines(t *testing.T, to format.Format, document []byte) {
	t.Helper()
	dialect := map[format.Format]lexer.Dialect{format.OpenMetrics: lexer.OpenMetrics, format.OpenMetrics2: lexer.OpenMetrics2}[to]
	for line := range grammar.Of(dialect).Lines(document) {
		require.Nil(t, line.Err, "%s", line)
	}
}

func TestOpenMetricsIsOfItsGrammar(t *testing.T) {
	for _, to := range []format.Format{format.OpenMetrics, format.OpenMetrics2} {
		requireLines(t, to, encode(t, to, allKinds()))
		eachText(t, func(t *testing.T, text []byte) { requireLines(t, to, encode(t, to, collectText(text))) })
	}
}

// bothVersions are what both versions have alike.
func bothVersions() []openMetricsTest {
	return []openMetricsTest{
		{
			name: "a document without families is its end",
		},
		{
			name: "TYPE, UNIT and HELP are written in this order",
			families: []*model.MetricFamily{{
				Name: "room_celsius", Type: model.Gauge, HasType: true, HasUnit: true, Unit: "celsius", HasHelp: true, Help: "Warmth.",
				Metrics: []model.Metric{valued(21.5)},
			}},
			want: "# TYPE room_celsius gauge\n# UNIT room_celsius celsius\n# HELP room_celsius Warmth.\nroom_celsius 21.5\n",
		},
		{
			name:     "a unit and a help text may be empty",
			families: []*model.MetricFamily{{Name: "x", HasUnit: true, HasHelp: true}},
			want:     "# UNIT x \n# HELP x \n",
		},
		{
			name: "backslashes, line feeds and double quotes are escaped in help texts and label values",
			families: []*model.MetricFamily{{
				Name: "x", HasHelp: true, Help: "a \\ b \n c \"", Metrics: []model.Metric{valued(1, "l", "a \\ b \n c \"")},
			}},
			want: "# HELP x a \\\\ b \\n c \\\"\nx{l=\"a \\\\ b \\n c \\\"\"} 1.0\n",
		},
		{
			name:     "a family without a type has no TYPE line",
			families: []*model.MetricFamily{{Name: "x", Metrics: []model.Metric{valued(1)}}},
			want:     "x 1.0\n",
		},
		{
			name:     "untyped is called unknown",
			families: []*model.MetricFamily{family(model.Unknown, "x", valued(42.23))},
			want:     "# TYPE x unknown\nx 42.23\n",
		},
		{
			name: "floating point numbers have a point or an exponent",
			families: []*model.MetricFamily{family(model.Gauge, "x",
				valued(0, "n", "0"), valued(17, "n", "1"), valued(-3, "n", "2"), valued(100000, "n", "3"), valued(1e6, "n", "4"),
				valued(1e-5, "n", "5"), valued(0.1, "n", "6"), valued(math.NaN(), "n", "7"), valued(inf, "n", "8"), valued(-inf, "n", "9"),
				valued(math.Copysign(0, -1), "n", "10"),
			)},
			want: "# TYPE x gauge\nx{n=\"0\"} 0.0\nx{n=\"1\"} 17.0\nx{n=\"2\"} -3.0\nx{n=\"3\"} 100000.0\nx{n=\"4\"} 1e+06\n" +
				"x{n=\"5\"} 1e-05\nx{n=\"6\"} 0.1\nx{n=\"7\"} NaN\nx{n=\"8\"} +Inf\nx{n=\"9\"} -Inf\nx{n=\"10\"} -0.0\n",
		},
		{
			name: "timestamps are seconds, exact to the nanosecond",
			families: []*model.MetricFamily{family(model.Gauge, "x",
				at(1604676851, 1, "n", "0"),
				model.Metric{Labels: model.NewLabels("n", "1"), Timestamp: model.Timestamp{Seconds: 1604676851, Nanos: 123_456_789, Set: true}},
				model.Metric{Labels: model.NewLabels("n", "2"), Timestamp: model.TimestampFromMillis(1604676851070)},
				model.Metric{Labels: model.NewLabels("n", "3"), Timestamp: model.TimestampFromMillis(-1500)},
				model.Metric{Labels: model.NewLabels("n", "4"), Timestamp: model.TimestampFromMillis(-1)},
				model.Metric{Labels: model.NewLabels("n", "5"), Timestamp: model.Timestamp{Seconds: math.MinInt64, Set: true}},
				model.Metric{Labels: model.NewLabels("n", "6"), Timestamp: model.TimestampFromMillis(0)},
			)},
			want: "# TYPE x gauge\nx{n=\"0\"} 1.0 1604676851\nx{n=\"1\"} 0.0 1604676851.123456789\nx{n=\"2\"} 0.0 1604676851.07\n" +
				"x{n=\"3\"} 0.0 -1.5\nx{n=\"4\"} 0.0 -0.001\nx{n=\"5\"} 0.0 -9223372036854775808\nx{n=\"6\"} 0.0 0\n",
		},
		{
			name: "a name outside of the old character set is quoted, and stands between the braces",
			families: []*model.MetricFamily{
				{
					Name: "http.size_bytes", Type: model.Gauge, HasType: true, HasUnit: true, Unit: "bytes", HasHelp: true, Help: "h",
					Metrics: []model.Metric{valued(1), valued(2, "a.b", "c", "d", "e")},
				},
			},
			want: "# TYPE \"http.size_bytes\" gauge\n# UNIT \"http.size_bytes\" bytes\n# HELP \"http.size_bytes\" h\n" +
				"{\"http.size_bytes\"} 1.0\n{\"http.size_bytes\",\"a.b\"=\"c\",d=\"e\"} 2.0\n",
		},
		{
			name: "the points of a metric stand together",
			families: []*model.MetricFamily{family(model.Gauge, "x",
				at(1, 10, "a", "b"), at(1, 20, "a", "c"), at(2, 11, "a", "b"), at(2, 21, "a", "c"),
			)},
			want: "# TYPE x gauge\nx{a=\"b\"} 10.0 1\nx{a=\"b\"} 11.0 2\nx{a=\"c\"} 20.0 1\nx{a=\"c\"} 21.0 2\n",
		},
		{
			name:     "and their timestamps rise",
			families: []*model.MetricFamily{family(model.Gauge, "x", at(3, 3), at(1, 1), at(2, 2))},
			want:     "# TYPE x gauge\nx 1.0 1\nx 2.0 2\nx 3.0 3\n",
		},
		{
			name:     "no two are at one time",
			families: []*model.MetricFamily{family(model.Gauge, "x", at(2, 1), at(1, 2), at(2, 3))},
			want:     "# TYPE x gauge\nx 2.0 1\nx 1.0 2\n",
			lost:     []string{"loss-duplicate: {}"},
		},
		{
			name:     "none is without a timestamp if others have one",
			families: []*model.MetricFamily{family(model.Gauge, "x", valued(1, "a", "b"), at(2, 2, "a", "b"), valued(3, "a", "c"))},
			want:     "# TYPE x gauge\nx{a=\"b\"} 2.0 2\nx{a=\"c\"} 3.0\n",
			lost:     []string{`loss-duplicate: {a="b"}`},
		},
		{
			name: "every metric has a unique label set",
			families: []*model.MetricFamily{family(model.Gauge, "x",
				valued(1, "a", "1", "b", "2"), valued(2, "b", "2", "a", "1"), valued(3, "a", "1", "b", "2"),
			)},
			want: "# TYPE x gauge\nx{a=\"1\",b=\"2\"} 1.0\n",
			lost: []string{`loss-duplicate: {b="2",a="1"}`},
		},
		{
			name:     "labels in another order are the same label set",
			families: []*model.MetricFamily{family(model.Gauge, "x", valued(1, "a", "1", "b", "2"), valued(2, "b", "2", "a", "1"))},
			want:     "# TYPE x gauge\nx{a=\"1\",b=\"2\"} 1.0\n",
			lost:     []string{`loss-duplicate: {b="2",a="1"}`},
		},
		{
			name: "labels of other values or other names are another, in whatever order",
			families: []*model.MetricFamily{family(model.Gauge, "x",
				valued(1, "a", "1", "b", "2"), valued(2, "b", "1", "a", "2"), valued(3, "b", "2"), valued(4, "b", "2", "c", "1"), valued(5),
			)},
			want: "# TYPE x gauge\nx{a=\"1\",b=\"2\"} 1.0\nx{b=\"1\",a=\"2\"} 2.0\nx{b=\"2\"} 3.0\nx{b=\"2\",c=\"1\"} 4.0\nx 5.0\n",
		},
		{
			name: "a label that cannot be written makes no other label set",
			families: []*model.MetricFamily{family(model.StateSet, "x",
				with(at(1, 0, "x", "b", "y", "z"), model.Extra{States: []model.State{{Name: "on"}}}),
				with(at(2, 0, "y", "z"), model.Extra{States: []model.State{{Name: "on"}}}),
				with(at(2, 0, "x", "c", "y", "z"), model.Extra{States: []model.State{{Name: "on", Enabled: true}}}),
			)},
			want: "# TYPE x stateset\nx{y=\"z\",x=\"on\"} 0 1\nx{y=\"z\",x=\"on\"} 0 2\n",
			lost: []string{`loss-duplicate: {x="c",y="z"}`, "loss-clash: label x"},
		},
		{
			name: "every family has a unique name, and families are not interleaved",
			families: []*model.MetricFamily{
				family(model.Gauge, "x", valued(1, "a", "b")),
				family(model.Gauge, "y", valued(2)),
				{Name: "x", Type: model.Gauge, HasType: true, Continued: true, TypeRepeated: true, Metrics: []model.Metric{valued(3, "a", "c")}},
			},
			want: "# TYPE x gauge\nx{a=\"b\"} 1.0\n# TYPE y gauge\ny 2.0\n",
			lost: []string{"loss-name-taken: x"},
		},
		{
			name:     "the total of a counter is not NaN",
			families: []*model.MetricFamily{family(model.Counter, "x_total", valued(math.NaN(), "a", "b"), valued(inf))},
			want:     "# TYPE x_total counter\nx_total +Inf\n",
			lost:     []string{"loss-value: that of counter"},
		},
		{
			name:     "nor negative",
			families: []*model.MetricFamily{family(model.Counter, "x_total", valued(-1), valued(0, "a", "b"))},
			want:     "# TYPE x_total counter\nx_total{a=\"b\"} 0.0\n",
			lost:     []string{"loss-value: that of counter"},
		},
		{
			name:     "the value of an info is 1",
			families: []*model.MetricFamily{family(model.Info, "x_info", valued(1, "a", "b"), valued(2, "a", "c"))},
			want:     "# TYPE x_info info\nx_info{a=\"b\"} 1.0\n",
			lost:     []string{"loss-value: that of info"},
		},
		{
			name: "an info and a state set have no unit",
			families: []*model.MetricFamily{
				{Name: "a_u_info", Type: model.Info, HasType: true, HasUnit: true, Unit: "u"},
				{Name: "b_u", Type: model.StateSet, HasType: true, HasUnit: true, Unit: "u"},
			},
			want: "# TYPE a_u_info info\n# TYPE b_u stateset\n",
			lost: []string{"loss-unit: u", "loss-unit: u"},
		},
		{
			name:     "a unit has the characters of a metric name",
			families: []*model.MetricFamily{{Name: "x_m/s", HasUnit: true, Unit: "m/s"}},
			want:     "",
			lost:     []string{"loss-unit: m/s"},
		},
		{
			name: "each state of a state set has its sample, labelled with the name of the family",
			families: []*model.MetricFamily{family(model.StateSet, "x", with(
				valued(0, "a", "b"), model.Extra{States: []model.State{{Name: `"on"`, Enabled: true}, {Name: "off"}}}),
			)},
			want: "# TYPE x stateset\nx{a=\"b\",x=\"\\\"on\\\"\"} 1\nx{a=\"b\",x=\"off\"} 0\n",
		},
		{
			name: "a state set has no other label of that name",
			families: []*model.MetricFamily{family(model.StateSet, "x", with(
				valued(0, "x", "b", "y", "z"), model.Extra{States: []model.State{{Name: "on"}}}),
			)},
			want: "# TYPE x stateset\nx{y=\"z\",x=\"on\"} 0\n",
			lost: []string{"loss-clash: label x"},
		},
		{
			name: "loose samples are families without a type, one for each name",
			families: []*model.MetricFamily{{
				Name: "x", Type: model.Gauge, HasType: true, Metrics: []model.Metric{valued(1)}, Loose: []model.Sample{
					{Name: "z", Value: 2, Timestamp: noon}, {Name: "y", Value: 3}, {Name: "z", Labels: model.NewLabels("a", "b"), Value: -4},
				},
			}},
			want: "# TYPE x gauge\nx 1.0\ny 3.0\nz 2.0 1750000000\nz{a=\"b\"} -4.0\n",
			lost: []string{"loss-loose"},
		},
		{
			name: "loose samples cannot have the name of their family",
			families: []*model.MetricFamily{{
				Name: "x", Type: model.StateSet, HasType: true, Loose: []model.Sample{{Name: "x", Value: 2}, {Name: "x", Labels: model.NewLabels("a", "b")}},
				Metrics: []model.Metric{with(valued(0), model.Extra{States: []model.State{{Name: "on"}}})},
			}},
			want: "# TYPE x stateset\nx{x=\"on\"} 0\n",
			lost: []string{"loss-loose", "loss-name-taken: x"},
		},
		{
			name: "but for a family of nothing else, whose name is theirs",
			families: []*model.MetricFamily{{
				Name: "x", Type: model.Histogram, HasType: true, Loose: []model.Sample{{Name: "x", Value: 2}, {Name: "x_bucket"}},
			}},
			want: "x 2.0\nx_bucket 0.0\n",
			lost: []string{"loss-loose"},
		},
		{
			name: "creation times and exemplars of other types than those that have them are lost",
			families: []*model.MetricFamily{
				family(model.Gauge, "x", with(valued(1), model.Extra{Created: noon, Exemplars: []model.Exemplar{exemplar(1)}})),
				family(model.Summary, "y", with(summary(1, 2), model.Extra{Exemplars: []model.Exemplar{exemplar(1)}})),
			},
			lost: []string{"loss-created", "loss-exemplar", "loss-exemplar"},
		},
	}
}

func TestOpenMetricsNamesAreEscapedByTheSchemeThatIsAskedFor(t *testing.T) {
	families := []*model.MetricFamily{
		family(model.Counter, "a.b_total", with(valued(1, "c.d", "e"), model.Extra{Created: noon, Exemplars: []model.Exemplar{{Labels: model.NewLabels("f.g", "h")}}})),
		family(model.Gauge, "a_b", valued(2)),
	}
	tests := map[prommodel.EscapingScheme]openMetricsTest{
		prommodel.UnderscoreEscaping: {
			want: "# TYPE a_b counter\na_b_total{c_d=\"e\"} 1.0 # {f_g=\"h\"} 0.0\na_b_created{c_d=\"e\"} 1750000000\n",
			lost: []string{"loss-name: a.b_total becomes a_b_total", "loss-name-taken: a_b"},
		},
		prommodel.DotsEscaping: {
			want: "# TYPE a_dot_b_ counter\na_dot_b__total{c_dot_d=\"e\"} 1.0 # {f_dot_g=\"h\"} 0.0\na_dot_b__created{c_dot_d=\"e\"} 1750000000\n" +
				"# TYPE a_b gauge\na_b 2.0\n",
		},
		prommodel.ValueEncodingEscaping: {
			want: "# TYPE U__a_2e_b_ counter\nU__a_2e_b__total{U__c_2e_d=\"e\"} 1.0 # {U__f_2e_g=\"h\"} 0.0\nU__a_2e_b__created{U__c_2e_d=\"e\"} 1750000000\n" +
				"# TYPE a_b gauge\na_b 2.0\n",
		},
	}
	for scheme, test := range tests {
		test.name, test.families = scheme.String(), families
		testOpenMetrics(t, format.OpenMetrics, []openMetricsTest{test}, writer.Escaping(scheme))
	}
}

func TestOpenMetricsHasNoLabelSetTwiceThatEscapingMakesOne(t *testing.T) {
	testOpenMetrics(t, format.OpenMetrics, []openMetricsTest{{
		name: "the first is written",
		families: []*model.MetricFamily{
			family(model.Gauge, "x", valued(1, "a.b", "1"), valued(2, "a_b", "1"), valued(3, "a.b", "2")),
		},
		want: "# TYPE x gauge\nx{a_b=\"1\"} 1.0\nx{a_b=\"2\"} 3.0\n",
		lost: []string{`loss-duplicate: {a_b="1"}`, "loss-name: a.b becomes a_b"},
	}}, writer.Escaping(prommodel.UnderscoreEscaping))
}

func TestStrictOpenMetricsFreesTheNamesOfWhatItRefuses(t *testing.T) {
	var out bytes.Buffer
	e, err := writer.New(&out, format.OpenMetrics, writer.Strict())
	require.NoError(t, err)
	var loss writer.Loss
	require.ErrorAs(t, e.Encode(family(model.Counter, "x_total", valued(-1))), &loss)
	require.Equal(t, writer.Loss{Rule: diag.LossValue, Family: "x_total", Count: 1, Detail: "that of counter"}, loss)
	require.NoError(t, e.Encode(family(model.Counter, "x_total", valued(1))))
	require.ErrorAs(t, e.Encode(family(model.Gauge, "x_total", valued(1))), &loss)
	require.Equal(t, diag.LossNameTaken, loss.Rule)
	require.ErrorAs(t, e.Encode(family(model.Gauge, "x", valued(1))), &loss)
	require.Equal(t, diag.LossNameTaken, loss.Rule)
	require.NoError(t, e.Close())
	require.Equal(t, "# TYPE x counter\nx_total 1.0\n# EOF\n", out.String())
}

// TestOpenMetricsIsThatOfExpfmt holds our lines against those of prometheus/common, which writes HELP before TYPE.
func TestOpenMetricsIsThatOfExpfmt(t *testing.T) {
	differ := map[string]string{
		"a counter":                  "expfmt makes unknown of a counter without _total",
		"help":                       "the same",
		"empty help":                 "the same",
		"help with escapes":          "the same",
		"a timestamp":                "expfmt writes timestamps with an exponent, which loses digits",
		"the least timestamp":        "the same",
		"a histogram":                "the same, and it has a timestamp",
		"a histogram without labels": "the same",
		"a summary":                  "a sum must not be negative",
		"a timestamp of 0":           "expfmt writes 0.0",
	}
	for name, f := range plain() {
		t.Run(name, func(t *testing.T) {
			for i := range f.Metrics {
				if f.Metrics[i].Labels.IsEmpty() { // no two have the same labels
					f.Metrics[i].Labels = model.NewLabels("n", fmt.Sprint(i))
				}
			}
			var want bytes.Buffer
			message := decodeProtobuf(t, encode(t, format.Protobuf, []*model.MetricFamily{f}))[0]
			_, err := expfmt.MetricFamilyToOpenMetrics(&want, message)
			require.NoError(t, err)
			_, err = expfmt.FinalizeOpenMetrics(&want)
			require.NoError(t, err)
			expected := strings.SplitAfter(want.String(), "\n")
			if strings.HasPrefix(expected[0], "# HELP ") {
				expected[0], expected[1] = expected[1], expected[0]
			}
			got := string(encode(t, format.OpenMetrics, []*model.MetricFamily{f}))
			diff := cmp.Diff(strings.Join(expected, ""), got)
			if differ[name] != "" {
				require.NotEmpty(t, diff, "they no longer differ")
				return
			}
			if diff != "" {
				t.Errorf("(-expfmt +ours):\n%s", diff)
			}
		})
	}
}

// renamed are the families under names that are new in every of n rounds, since a document has each name just once.
func renamed(families []*model.MetricFamily, n int) [][]*model.MetricFamily {
	rounds := make([][]*model.MetricFamily, n)
	for round := range rounds {
		for _, f := range families {
			copied := *f
			copied.Name = fmt.Sprintf("round%d_%s", round, f.Name)
			rounds[round] = append(rounds[round], &copied)
		}
	}
	return rounds
}

func TestOpenMetricsAllocatesNothingForASample(t *testing.T) {
	var families []*model.MetricFamily
	for _, input := range inputs {
		families = append(families, input.families(rand.New(rand.NewPCG(1, 2)))...)
	}
	families = families[len(families)-20:]
	families = append(families,
		family(model.Counter, "a_total", with(valued(1, "path", `C:\x/y`, "Zürich", `"1"`), model.Extra{
			Created: noonNano, Exemplars: []model.Exemplar{exemplar(1)},
		})),
		family(model.Summary, "b", summary(1, 2, 0.5, math.Pi, 0.75, inf)),
		family(model.GaugeHistogram, "c.d", histogram(3, -1, -1, 2, inf, 3)),
		family(model.StateSet, "e", with(valued(0, "a", "b"), model.Extra{States: []model.State{{Name: "on"}, {Name: "off"}}})),
		&model.MetricFamily{Name: "f", Loose: []model.Sample{{Name: "f"}}},
	)
	for _, to := range []format.Format{format.OpenMetrics, format.OpenMetrics2, format.OpenMetricsProtobuf} {
		t.Run(to.String(), func(t *testing.T) {
			const rounds = 20
			e, err := writer.New(io.Discard, to)
			require.NoError(t, err)
			all := renamed(families, rounds+2)
			round := 0
			encodeRound := func() {
				for _, f := range all[round] {
					if err := e.Encode(f); err != nil {
						t.Fatal(err)
					}
				}
				round++
			}
			encodeRound()
			// The set of names grows now and then.
			require.LessOrEqual(t, testing.AllocsPerRun(rounds, encodeRound), 2.0)
		})
	}
}
