package model_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/model"
)

// done is the family of a builder, whatever its values are.
type done interface {
	Family() (*model.MetricFamily, error)
}

func TestBuilders(t *testing.T) {
	buckets := []model.Bucket{{UpperBound: 0.5, Count: 2}, {UpperBound: math.Inf(1), Count: 3}}
	for _, test := range []struct {
		name   string
		build  func() done
		family *model.MetricFamily
	}{
		{
			"a gauge without labels",
			func() done {
				g := model.NewGauge("temperature_celsius", "How warm it is.").Unit("celsius")
				g.Add(-3.5)
				return g
			},
			&model.MetricFamily{
				Name: "temperature_celsius", Type: model.Gauge, HasType: true, Help: "How warm it is.", HasHelp: true,
				Unit: "celsius", HasUnit: true, Metrics: []model.Metric{{Value: -3.5}},
			},
		},
		{
			"a family without metrics and help",
			func() done { return model.NewGauge("nothing", "") },
			&model.MetricFamily{Name: "nothing", Type: model.Gauge, HasType: true, HasHelp: true, Metrics: []model.Metric{}},
		},
		{
			"a counter of a name without _total, with what few metrics have",
			func() done {
				c := model.NewCounter("requests", "Requests.", "method", "code")
				m := c.Add(17, "GET", "200")
				m.Timestamp = at
				m.Extra = &model.Extra{Created: created, Exemplars: []model.Exemplar{trace}}
				c.Add(3, "GET", "500")
				return c
			},
			&model.MetricFamily{
				Name: "requests", Suffix: "_total", Type: model.Counter, HasType: true, Help: "Requests.", HasHelp: true,
				Metrics: []model.Metric{
					{
						Labels: model.NewLabels("method", "GET", "code", "200"), Value: 17, Timestamp: at,
						Extra: &model.Extra{Created: created, Exemplars: []model.Exemplar{trace}},
					},
					{Labels: model.NewLabels("method", "GET", "code", "500"), Value: 3},
				},
			},
		},
		{
			"a counter of a name with _total is the same",
			func() done { return model.NewCounter("requests_total", "Requests.") },
			&model.MetricFamily{
				Name: "requests", Suffix: "_total", Type: model.Counter, HasType: true, Help: "Requests.", HasHelp: true,
				Metrics: []model.Metric{},
			},
		},
		{
			"a metric of unknown type",
			func() done {
				u := model.NewUnknown("thing", "A thing.")
				u.Add(math.NaN())
				return u
			},
			&model.MetricFamily{
				Name: "thing", Type: model.Unknown, HasType: true, Help: "A thing.", HasHelp: true,
				Metrics: []model.Metric{{Value: math.NaN()}},
			},
		},
		{
			"a histogram of classic buckets",
			func() done {
				h := model.NewHistogram("latency_seconds", "Latency.", "method")
				h.Add(model.HistogramOf(1.5, buckets...), "GET").Histogram().Exemplars = []model.BucketExemplar{{Bucket: 1, Exemplar: trace}}
				return h
			},
			&model.MetricFamily{
				Name: "latency_seconds", Type: model.Histogram, HasType: true, Help: "Latency.", HasHelp: true,
				Metrics: []model.Metric{{
					Labels: model.NewLabels("method", "GET"),
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						HasCount: true, Count: 3, HasSum: true, Sum: 1.5, Buckets: buckets,
						Exemplars: []model.BucketExemplar{{Bucket: 1, Exemplar: trace}},
					}},
				}},
			},
		},
		{
			"a gauge histogram of native buckets",
			func() done {
				h := model.NewGaugeHistogram("queue", "Queue.")
				h.Add(model.HistogramValue{
					HasCount: true, Count: 2,
					Native: &model.NativeHistogram{Schema: 3, PositiveSpans: []model.Span{{Length: 1}}, PositiveCounts: []float64{2}},
				})
				return h
			},
			&model.MetricFamily{
				Name: "queue", Type: model.GaugeHistogram, HasType: true, Help: "Queue.", HasHelp: true,
				Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{
					HasCount: true, Count: 2,
					Native: &model.NativeHistogram{Schema: 3, PositiveSpans: []model.Span{{Length: 1}}, PositiveCounts: []float64{2}},
				}}}},
			},
		},
		{
			"a summary with and without quantiles",
			func() done {
				s := model.NewSummary("size_bytes", "Sizes.", "method")
				s.Add(model.SummaryOf(3, 6.5), "GET")
				s.Add(model.SummaryOf(1, 2, model.Quantile{Quantile: 0.5, Value: 2}), "PUT")
				return s
			},
			&model.MetricFamily{
				Name: "size_bytes", Type: model.Summary, HasType: true, Help: "Sizes.", HasHelp: true,
				Metrics: []model.Metric{
					{
						Labels: model.NewLabels("method", "GET"),
						Extra:  &model.Extra{Summary: &model.SummaryValue{HasCount: true, Count: 3, HasSum: true, Sum: 6.5}},
					},
					{
						Labels: model.NewLabels("method", "PUT"),
						Extra: &model.Extra{Summary: &model.SummaryValue{
							HasCount: true, Count: 1, HasSum: true, Sum: 2, Quantiles: []model.Quantile{{Quantile: 0.5, Value: 2}},
						}},
					},
				},
			},
		},
		{
			"an info has the labels of its value after the others",
			func() done {
				i := model.NewInfo("build_info", "The build.", "instance")
				i.Add(model.NewLabels("version", "1.2.3", "branch", "main"), "one")
				return i
			},
			&model.MetricFamily{
				Name: "build", Suffix: "_info", Type: model.Info, HasType: true, Help: "The build.", HasHelp: true,
				Metrics: []model.Metric{{Labels: model.NewLabels("instance", "one", "version", "1.2.3", "branch", "main"), Value: 1}},
			},
		},
		{
			"a state set",
			func() done {
				s := model.NewStateSet("mode", "The mode.", "instance")
				s.Add([]model.State{{Name: "on", Enabled: true}, {Name: "off"}}, "one")
				return s
			},
			&model.MetricFamily{
				Name: "mode", Type: model.StateSet, HasType: true, Help: "The mode.", HasHelp: true,
				Metrics: []model.Metric{{
					Labels: model.NewLabels("instance", "one"),
					Extra:  &model.Extra{States: []model.State{{Name: "on", Enabled: true}, {Name: "off"}}},
				}},
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			family, err := test.build().Family()
			require.NoError(t, err)
			if diff := cmp.Diff(test.family, family, cmpopts.EquateNaNs()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBuildersNameTheOffender(t *testing.T) {
	for _, test := range []struct {
		name  string
		build func() done
		err   string
	}{
		{
			"too few label values",
			func() done {
				g := model.NewGauge("temperature", "", "room", "floor")
				g.Add(20, "kitchen").Timestamp = at
				return g
			},
			`metric family "temperature", metric ["kitchen"]: label values do not match the label names ["room" "floor"] in number`,
		},
		{
			"label values but no label names",
			func() done {
				i := model.NewInfo("build", "")
				i.Add(model.NewLabels("version", "1"), "one")
				return i
			},
			`metric family "build", metric ["one"]: label values do not match the label names [] in number`,
		},
		{
			"all that is wrong with the rest is told as well",
			func() done {
				c := model.NewCounter("requests_total", "", "method")
				c.Add(1)
				c.Add(-1, "GET")
				c.Add(2, "PUT")
				c.Add(2, "PUT")
				return c
			},
			`metric family "requests", metric []: label values do not match the label names ["method"] in number
metric family "requests", metric {method="GET"}: the value, -1, is negative
metric family "requests", metric {method="PUT"}: the label set occurs twice with the same timestamp or with none`,
		},
		{
			"an info that repeats a label",
			func() done {
				i := model.NewInfo("build", "", "version")
				i.Add(model.NewLabels("version", "1"), "2")
				return i
			},
			`metric family "build", metric {version="2",version="1"}: the label "version" occurs twice`,
		},
		{
			"a name that is nothing but _total",
			func() done { return model.NewCounter("_total", "") },
			`metric family "": the name is empty`,
		},
		{
			"a unit that the name does not end in",
			func() done { return model.NewGauge("temperature", "").Unit("celsius") },
			`metric family "temperature": the name does not end in the unit, _celsius`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			family, err := test.build().Family()
			require.Nil(t, family)
			require.EqualError(t, err, test.err)
			var invalid *model.InvalidError
			require.ErrorAs(t, err, &invalid)
		})
	}
}

func TestAFamilyIsItsOwnCopy(t *testing.T) {
	g := model.NewGauge("g", "")
	m := g.Add(1)
	first, err := g.Family()
	require.NoError(t, err)
	m.Value = 2
	g.Add(3).Timestamp = at
	second, err := g.Family()
	require.NoError(t, err)
	require.Equal(t, []model.Metric{{Value: 1}}, first.Metrics)
	require.Equal(t, []model.Metric{{Value: 2}, {Value: 3, Timestamp: at}}, second.Metrics)
}

func TestAHistogramWithoutABucketInfHasNoCountOfItsOwn(t *testing.T) {
	h := model.HistogramOf(1, model.Bucket{UpperBound: 2, Count: 1})
	require.False(t, h.HasCount)
	require.True(t, h.HasSum)
	require.False(t, model.HistogramOf(1).HasCount)
}
