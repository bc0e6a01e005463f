package model_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/model"
)

// faults is what Validate says about a family named f, a line each and without the name of the family.
func faults(t *testing.T, family model.MetricFamily) []string {
	t.Helper()
	err := family.Validate()
	if err == nil {
		return nil
	}
	var invalid *model.InvalidError
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, family.Name, invalid.Family)
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(line, `metric family "f", `), `metric family "f": `)
	}
	return lines
}

func TestValidateNoFamily(t *testing.T) {
	var invalid *model.InvalidError
	err := (*model.MetricFamily)(nil).Validate()
	require.ErrorAs(t, err, &invalid)
	require.EqualError(t, err, `metric family "": no metric family given`)
}

func TestValidateFamily(t *testing.T) {
	for _, test := range []struct {
		name   string
		family model.MetricFamily
		faults []string
	}{
		{"a name is enough", model.MetricFamily{Name: "f"}, nil},
		{"a name of any characters", model.MetricFamily{Name: "f.ü \n"}, nil},
		{
			"all metadata",
			model.MetricFamily{Name: "f_seconds", Type: model.Gauge, HasType: true, HasHelp: true, Help: "Hélp.", HasUnit: true, Unit: "seconds"},
			nil,
		},
		{
			"a counter whose name holds its suffix may have a unit before it",
			model.MetricFamily{Name: "f_seconds_total", Type: model.Counter, HasType: true, HasUnit: true, Unit: "seconds"},
			nil,
		},
		{"an empty unit fits any name", model.MetricFamily{Name: "f", HasUnit: true}, nil},
		{"an empty name", model.MetricFamily{}, []string{`metric family "": the name is empty`}},
		{"a name that is not UTF-8", model.MetricFamily{Name: "f\xff"}, []string{`metric family "f\xff": the name, "f\xff", is not valid UTF-8`}},
		{"a type that does not exist", model.MetricFamily{Name: "f", HasType: true, Type: 99}, []string{"the type 99 does not exist"}},
		{
			"a type that is not stated",
			model.MetricFamily{Name: "f", Type: model.Gauge},
			[]string{"there is a type, gauge, but HasType is not set"},
		},
		{
			"a suffix of another type",
			model.MetricFamily{Name: "f", HasType: true, Type: model.Gauge, Suffix: "_total"},
			[]string{`a family of type gauge cannot have the suffix "_total"`},
		},
		{
			"a suffix of no type",
			model.MetricFamily{Name: "f", HasType: true, Type: model.Counter, Suffix: "_sum"},
			[]string{`a family of type counter cannot have the suffix "_sum"`},
		},
		{"a help text that is not stated", model.MetricFamily{Name: "f", Help: "x"}, []string{"there is a help text but HasHelp is not set"}},
		{
			"a help text that is not UTF-8",
			model.MetricFamily{Name: "f", HasHelp: true, Help: "\xff"},
			[]string{`the help text, "\xff", is not valid UTF-8`},
		},
		{
			"a unit that is not stated",
			model.MetricFamily{Name: "f_s", Unit: "s"},
			[]string{`metric family "f_s": there is a unit, "s", but HasUnit is not set`},
		},
		{
			"a unit that the name does not end in",
			model.MetricFamily{Name: "f", HasUnit: true, Unit: "f"},
			[]string{"the name does not end in the unit, _f"},
		},
		{
			"a unit of an info",
			model.MetricFamily{Name: "f_s", HasType: true, Type: model.Info, HasUnit: true, Unit: "s"},
			[]string{`metric family "f_s": a family of type info cannot have a unit`},
		},
		{
			"a unit of a state set",
			model.MetricFamily{Name: "f_s", HasType: true, Type: model.StateSet, HasUnit: true, Unit: "s"},
			[]string{`metric family "f_s": a family of type stateset cannot have a unit`},
		},
		{
			"loose samples in order",
			model.MetricFamily{Name: "f", Loose: []model.Sample{{Name: "g", Labels: model.NewLabels("le", "x"), Timestamp: at, Exemplar: &trace}}},
			nil,
		},
		{
			"loose samples that are not in order",
			model.MetricFamily{Name: "f", Loose: []model.Sample{
				{Name: "", Labels: model.NewLabels("a", "1")},
				{Name: "g", Labels: model.NewLabels("", "1"), Timestamp: model.Timestamp{Nanos: -1, Set: true}},
				{Name: "g", Exemplar: &model.Exemplar{Labels: model.NewLabels("a", "\xff")}},
			}},
			[]string{
				`loose sample {a="1"}: the name is empty`,
				`loose sample g{="1"}: the name of a label is empty`,
				`loose sample g{="1"}: the timestamp has -1 nanoseconds, not 0 to 999,999,999`,
				`loose sample g{}, exemplar {a="\xff"}: the value of label a, "\xff", is not valid UTF-8`,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.faults, faults(t, test.family))
		})
	}
}

func TestValidateMetrics(t *testing.T) {
	value := &model.HistogramValue{HasCount: true}
	states := &model.Extra{States: []model.State{{Name: "on"}, {Name: "off", Enabled: true}}}
	for _, test := range []struct {
		name    string
		typ     model.Type
		metrics []model.Metric
		faults  []string
	}{
		{"a gauge of any value", model.Gauge, []model.Metric{{Value: math.NaN()}}, nil},
		{"a gauge may have labels that other types reserve", model.Gauge, []model.Metric{{Labels: model.NewLabels("le", "1", "quantile", "2", "f", "3")}}, nil},
		{"other labels that begin with __", model.Gauge, []model.Metric{{Labels: model.NewLabels("__x", "")}}, nil},
		{
			"different label names",
			model.Gauge, []model.Metric{{Labels: model.NewLabels("a", "1")}, {Labels: model.NewLabels("b", "1")}, {}},
			nil,
		},
		{
			"the same labels at different times",
			model.Gauge, []model.Metric{{}, {Timestamp: model.TimestampFromMillis(0)}, {Timestamp: model.TimestampFromMillis(1)}},
			nil,
		},
		{
			"the same labels twice without a time",
			model.Gauge, []model.Metric{{Value: 1}, {Value: 2}},
			[]string{`metric {}: the label set occurs twice with the same timestamp or with none`},
		},
		{
			"the same labels in another order at the same time",
			model.Gauge, []model.Metric{
				{Labels: model.NewLabels("a", "1", "b", "2"), Timestamp: at}, {Labels: model.NewLabels("b", "2", "a", "1"), Timestamp: at},
			},
			[]string{`metric {b="2",a="1"}: the label set occurs twice with the same timestamp or with none`},
		},
		{
			"an empty label name",
			model.Gauge, []model.Metric{{Labels: model.NewLabels("", "1")}},
			[]string{`metric {="1"}: the name of a label is empty`},
		},
		{
			"a label twice",
			model.Gauge, []model.Metric{{Labels: model.NewLabels("a", "1", "b", "", "a", "2")}},
			[]string{`metric {a="1",b="",a="2"}: the label "a" occurs twice`},
		},
		{
			"the name among the labels",
			model.Gauge, []model.Metric{{Labels: model.NewLabels("__name__", "g")}},
			[]string{`metric {__name__="g"}: the label __name__ is the name of the metric`},
		},
		{
			"labels that are not UTF-8",
			model.Gauge, []model.Metric{{Labels: model.NewLabels("a\xff", "\xfe")}},
			[]string{
				"metric {a\xff=\"\\xfe\"}: the name of a label, \"a\\xff\", is not valid UTF-8",
				"metric {a\xff=\"\\xfe\"}: the value of label a\xff, \"\\xfe\", is not valid UTF-8",
			},
		},
		{
			"le in a histogram",
			model.Histogram, []model.Metric{{Labels: model.NewLabels("le", "1"), Extra: &model.Extra{Histogram: value}}},
			[]string{`metric {le="1"}: the label "le" is reserved in a family of type histogram`},
		},
		{
			"le in a gauge histogram",
			model.GaugeHistogram, []model.Metric{{Labels: model.NewLabels("le", "1"), Extra: &model.Extra{Histogram: value}}},
			[]string{`metric {le="1"}: the label "le" is reserved in a family of type gaugehistogram`},
		},
		{
			"quantile in a summary",
			model.Summary, []model.Metric{{Labels: model.NewLabels("quantile", "1"), Extra: &model.Extra{Summary: &model.SummaryValue{}}}},
			[]string{`metric {quantile="1"}: the label "quantile" is reserved in a family of type summary`},
		},
		{
			"the name of the family in a state set",
			model.StateSet, []model.Metric{{Labels: model.NewLabels("f", "1"), Extra: states}},
			[]string{`metric {f="1"}: the label "f" is reserved in a family of type stateset`},
		},
		{
			"timestamps out of range",
			model.Gauge, []model.Metric{{
				Timestamp: model.Timestamp{Nanos: 1e9, Set: true},
				Extra:     &model.Extra{Created: model.Timestamp{Seconds: 1}},
			}},
			[]string{
				"metric {}: the timestamp has 1000000000 nanoseconds, not 0 to 999,999,999",
				"metric {}: there is a created timestamp but it is not Set",
			},
		},
		{"a counter from 0 to infinity", model.Counter, []model.Metric{{Value: 0}, {Labels: model.NewLabels("a", "1"), Value: math.Inf(1)}}, nil},
		{"a negative counter", model.Counter, []model.Metric{{Value: -1}}, []string{"metric {}: the value, -1, is negative"}},
		{"a counter that is NaN", model.Counter, []model.Metric{{Value: math.NaN()}}, []string{"metric {}: the value is NaN"}},
		{"an info", model.Info, []model.Metric{{Value: 1}}, nil},
		{"an info that is not 1", model.Info, []model.Metric{{Value: 0}}, []string{"metric {}: the value of an info is 0, not 1"}},
		{"a state set", model.StateSet, []model.Metric{{Extra: states}}, nil},
		{
			"states that have no name or a name twice",
			model.StateSet, []model.Metric{{Extra: &model.Extra{States: []model.State{{}, {Name: "on"}, {Name: "off"}, {Name: "on", Enabled: true}}}}},
			[]string{"metric {}: the name of a state is empty", `metric {}: the state "on" occurs twice`},
		},
		{"a state set without states", model.StateSet, []model.Metric{{}}, []string{"metric {}: a metric of type stateset must have States"}},
		{"a histogram without a histogram", model.Histogram, []model.Metric{{}}, []string{"metric {}: a metric of type histogram must have Histogram"}},
		{
			"a summary that is a histogram",
			model.Summary, []model.Metric{{Extra: &model.Extra{Histogram: value}}},
			[]string{"metric {}: a metric of type summary cannot have Histogram", "metric {}: a metric of type summary must have Summary"},
		},
		{
			"a gauge that is everything",
			model.Gauge, []model.Metric{{Extra: &model.Extra{Histogram: value, Summary: &model.SummaryValue{}, States: states.States}}},
			[]string{
				"metric {}: a metric of type gauge cannot have Histogram",
				"metric {}: a metric of type gauge cannot have Summary",
				"metric {}: a metric of type gauge cannot have States",
			},
		},
		{"exemplars of a gauge", model.Gauge, []model.Metric{{Extra: &model.Extra{Exemplars: []model.Exemplar{trace, other}}}}, nil},
		{
			"exemplars of a summary",
			model.Summary, []model.Metric{{Extra: &model.Extra{Summary: &model.SummaryValue{}, Exemplars: []model.Exemplar{trace}}}},
			[]string{"metric {}: a metric of type summary cannot have exemplars"},
		},
		{
			"exemplars of a histogram as such, without native buckets",
			model.Histogram, []model.Metric{{Extra: &model.Extra{Histogram: value, Exemplars: []model.Exemplar{trace}}}},
			[]string{"metric {}: there are exemplars of native buckets but no native buckets"},
		},
		{
			"an exemplar that is not in order",
			model.Counter, []model.Metric{{
				Labels: model.NewLabels("a", "1"),
				Extra:  &model.Extra{Exemplars: []model.Exemplar{trace, {Labels: model.NewLabels("x", "1", "x", "2")}}},
			}},
			[]string{`metric {a="1"}, exemplar {x="1",x="2"}: the label "x" occurs twice`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			family := model.MetricFamily{Name: "f", Type: test.typ, HasType: true, Metrics: test.metrics}
			require.Equal(t, test.faults, faults(t, family))
		})
	}
}

func TestInvalidErrorsCanBeToldApart(t *testing.T) {
	family := model.MetricFamily{Name: "f", HasType: true, Type: model.Counter, Help: "x", Metrics: []model.Metric{{Value: -1}}}
	joined, ok := family.Validate().(interface{ Unwrap() []error })
	require.True(t, ok)
	require.Equal(t, []error{
		&model.InvalidError{Family: "f", Reason: "there is a help text but HasHelp is not set"},
		&model.InvalidError{Family: "f", Part: "metric {}", Reason: "the value, -1, is negative"},
	}, joined.Unwrap())
}
