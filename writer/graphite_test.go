package writer_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

func TestGraphiteLines(t *testing.T) {
	gauge := func(name string, metrics ...model.Metric) model.MetricFamily {
		return model.MetricFamily{Name: name, Type: model.Gauge, HasType: true, Metrics: metrics}
	}
	at := func(clock time.Time) writer.Option {
		return writer.GraphiteTime(func(model.Timestamp) time.Time { return clock })
	}
	var (
		tags     = writer.GraphiteTags()
		labelled = gauge("x", model.Metric{Labels: model.NewLabels("z", "1", "a.b", "c d", "e", ""), Value: 1.5, Timestamp: noonHalf})
	)
	tests := map[string]struct {
		family model.MetricFamily
		opts   []writer.Option
		want   string
		losses []string
	}{
		"labels are sorted, cleaned, and left out if they are empty": {
			family: labelled,
			want:   "x.a_b.c_d.z.1 1.5 1750000000\n",
		},
		"labels as tags": {
			family: labelled,
			opts:   []writer.Option{tags},
			want:   "x;a_b=c_d;z=1 1.5 1750000000\n",
		},
		"a prefix": {
			family: labelled,
			opts:   []writer.Option{writer.GraphitePrefix("servers.web-1")},
			want:   "servers.web-1.x.a_b.c_d.z.1 1.5 1750000000\n",
		},
		"a prefix before tags": {
			family: labelled,
			opts:   []writer.Option{writer.GraphitePrefix("p"), tags},
			want:   "p.x;a_b=c_d;z=1 1.5 1750000000\n",
		},
		"each character outside of the set becomes one underscore": {
			family: gauge("a:b.c", model.Metric{Labels: model.NewLabels("d", "Zürich 東京!", "e", "\xff\xfe", "f", "a-Z_9"), Timestamp: noon}),
			want:   "a_b_c.d.Z_rich____.e.__.f.a-Z_9 0 1750000000\n",
		},
		"what carbon forbids in tags cannot come about": {
			family: gauge("x", model.Metric{Labels: model.NewLabels("a;!^=", "~b;c", "name", "d"), Timestamp: noon}),
			opts:   []writer.Option{tags},
			want:   "x;a____=_b_c;name_=d 0 1750000000\n",
		},
		"an empty label name is an underscore": {
			family: gauge("x", model.Metric{Labels: model.NewLabels("", "a"), Timestamp: noon}),
			opts:   []writer.Option{tags},
			want:   "x;_=a 0 1750000000\n",
		},
		"the bound of a bucket stands where its name sorts": {
			family: model.MetricFamily{Name: "x", Type: model.Histogram, HasType: true, Metrics: []model.Metric{{
				Labels: model.NewLabels("z", "1", "a", "2"), Timestamp: noon,
				Extra: &model.Extra{Histogram: &model.HistogramValue{HasCount: true, HasSum: true, Count: 3, Sum: 4, Buckets: buckets(-0.5, 1, 1e6, 2, math.Inf(1), 3)}},
			}}},
			want: "x_bucket.a.2.le.-0_5.z.1 1 1750000000\n" +
				"x_bucket.a.2.le.1e_06.z.1 2 1750000000\n" +
				"x_bucket.a.2.le._Inf.z.1 3 1750000000\n" +
				"x_sum.a.2.z.1 4 1750000000\n" +
				"x_count.a.2.z.1 3 1750000000\n",
		},
		"numbers that are none are left out": {
			family: gauge("x", model.Metric{Value: math.NaN(), Timestamp: noon}, model.Metric{Value: 1, Timestamp: noon}, model.Metric{Value: math.Inf(-1), Timestamp: noon}),
			want:   "x 1 1750000000\n",
			losses: []string{`family "x": the format has neither NaN nor infinities; the samples are left out (2 times) [loss-non-finite]`},
		},
		"numbers that are none are written if asked for": {
			family: gauge("x", model.Metric{Value: math.NaN(), Timestamp: noon}, model.Metric{Value: math.Inf(1), Timestamp: noon}),
			opts:   []writer.Option{writer.GraphiteNonFinite()},
			want:   "x NaN 1750000000\nx +Inf 1750000000\n",
		},
		"a clock for all samples": {
			family: gauge("x", model.Metric{Timestamp: noon}, model.Metric{}),
			opts:   []writer.Option{at(time.Unix(1234567890, 999_999_999))},
			want:   "x 0 1234567890\nx 0 1234567890\n",
		},
		"only samples that have a timestamp": {
			family: gauge("x", model.Metric{Value: 1, Timestamp: noon}, model.Metric{Value: 2}),
			opts:   []writer.Option{writer.GraphiteTime(model.Timestamp.Time)},
			want:   "x 1 1750000000\n",
			losses: []string{`family "x": there is no time to write a sample with; it is left out [loss-no-timestamp]`},
		},
		"creation times if asked for": {
			family: model.MetricFamily{Name: "x", Suffix: "_total", Type: model.Counter, HasType: true, Metrics: []model.Metric{
				{Labels: model.NewLabels("a", "b"), Value: 2, Timestamp: noon, Extra: &model.Extra{Created: noonHalf}},
				{Value: 3, Timestamp: noon},
			}},
			opts: []writer.Option{writer.Created()},
			want: "x_total.a.b 2 1750000000\nx_total 3 1750000000\nx_created.a.b 1.7500000005e+09 1750000000\n",
		},
		"two series that become one path": {
			family: gauge("x",
				model.Metric{Labels: model.NewLabels("a", "/"), Timestamp: noon},
				model.Metric{Labels: model.NewLabels("a", "."), Timestamp: noon},
				model.Metric{Labels: model.NewLabels("a", "_"), Timestamp: noon},
				model.Metric{Labels: model.NewLabels("a", "b"), Timestamp: noon},
			),
			want:   "x.a._ 0 1750000000\nx.a._ 0 1750000000\nx.a._ 0 1750000000\nx.a.b 0 1750000000\n",
			losses: []string{`family "x": two families, two series, or two labels of a series, get the same name in the format (x.a._, 2 times) [loss-clash]`},
		},
		"a series that comes twice is one series": {
			family: gauge("x",
				model.Metric{Labels: model.NewLabels("a", "/", "b", "c", "d", ""), Timestamp: noon},
				model.Metric{Labels: model.NewLabels("b", "c", "a", "/"), Timestamp: noon},
			),
			want: "x.a._.b.c 0 1750000000\nx.a._.b.c 0 1750000000\n",
		},
		"two states that become one path": {
			family: model.MetricFamily{Name: "x", Type: model.StateSet, HasType: true, Metrics: []model.Metric{{
				Timestamp: noon, Extra: &model.Extra{States: []model.State{{Name: "a b"}, {Name: "a_b", Enabled: true}}},
			}}},
			want:   "x.x.a_b 0 1750000000\nx.x.a_b 1 1750000000\n",
			losses: []string{`family "x": two families, two series, or two labels of a series, get the same name in the format (x.x.a_b) [loss-clash]`},
		},
		"two labels that become one tag": {
			family: gauge("x", model.Metric{Labels: model.NewLabels("a.b", "1", "a_b", "2"), Timestamp: noon}),
			opts:   []writer.Option{tags},
			want:   "x;a_b=1 0 1750000000\n",
			losses: []string{`family "x": two families, two series, or two labels of a series, get the same name in the format (label a_b) [loss-clash]`},
		},
		"labels that a series has besides a tag of the same name": {
			family: *family(model.Histogram, "x",
				model.Metric{
					Labels: model.NewLabels("a", "1", "le", "2", "z", "3"), Timestamp: noon,
					Extra: &model.Extra{Histogram: &model.HistogramValue{HasCount: true, Count: 4, Buckets: buckets(inf, 4)}},
				},
				model.Metric{
					Labels: model.NewLabels("a", "5", "z", "6"), Timestamp: noon, Extra: &model.Extra{Histogram: &model.HistogramValue{HasCount: true, Count: 7}},
				},
			),
			opts: []writer.Option{tags},
			want: "x_bucket;a=1;le=_Inf;z=3 4 1750000000\nx_count;a=1;z=3 4 1750000000\nx_count;a=5;z=6 7 1750000000\n",
			losses: []string{
				`family "x": two families, two series, or two labels of a series, get the same name in the format (label le) [loss-clash]`,
			},
		},
		"in a path such a label may stand": {
			family: *family(model.Summary, "x", model.Metric{
				Labels: model.NewLabels("quantile", "1"), Timestamp: noon, Extra: &model.Extra{Summary: &model.SummaryValue{Quantiles: quantiles(0.5, 2)}},
			}),
			want: "x.quantile.0_5.quantile.1 2 1750000000\n",
		},
		"two series that become one without such a label": {
			family: *family(model.Summary, "x",
				model.Metric{Labels: model.NewLabels("quantile", "1"), Timestamp: noon, Extra: &model.Extra{Summary: &model.SummaryValue{HasSum: true, Sum: 2}}},
				model.Metric{Labels: model.NewLabels("quantile", "3"), Timestamp: noon, Extra: &model.Extra{Summary: &model.SummaryValue{HasSum: true, Sum: 4}}},
			),
			opts: []writer.Option{tags},
			want: "x_sum 2 1750000000\nx_sum 4 1750000000\n",
			losses: []string{
				`family "x": two families, two series, or two labels of a series, get the same name in the format (label quantile, 3 times) [loss-clash]`,
			},
		},
		"a state whose tag is a label already, once it has lost characters": {
			family: *family(model.StateSet, "a.b", model.Metric{
				Labels: model.NewLabels("a_b", "1"), Timestamp: noon, Extra: &model.Extra{States: []model.State{{Name: "on"}, {Name: "off"}}},
			}),
			opts: []writer.Option{tags},
			want: "a_b;a_b=on 0 1750000000\na_b;a_b=off 0 1750000000\n",
			losses: []string{
				`family "a.b": two families, two series, or two labels of a series, get the same name in the format (label a_b) [loss-clash]`,
			},
		},
		"the name of a path and what would be called so": {
			family: gauge("x", model.Metric{Labels: model.NewLabels("name", "1", "name_", "2"), Timestamp: noon}),
			opts:   []writer.Option{tags},
			want:   "x;name_=1 0 1750000000\n",
			losses: []string{`family "x": two families, two series, or two labels of a series, get the same name in the format (label name_) [loss-clash]`},
		},
		"loose samples clash as well": {
			family: model.MetricFamily{Name: "x", Loose: []model.Sample{
				{Name: "y", Labels: model.NewLabels("a", "."), Timestamp: noon}, {Name: "y", Labels: model.NewLabels("a", ":"), Timestamp: noon},
			}},
			want:   "y.a._ 0 1750000000\ny.a._ 0 1750000000\n",
			losses: []string{`family "x": two families, two series, or two labels of a series, get the same name in the format (y.a._) [loss-clash]`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var losses []string
			opts := append([]writer.Option{writer.OnLoss(func(l writer.Loss) { losses = append(losses, l.Error()) })}, test.opts...)
			got := encode(t, format.Graphite, []*model.MetricFamily{&test.family}, opts...)
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.losses, losses); diff != "" {
				t.Errorf("losses (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGraphiteReportsFamiliesThatBecomeOnePath(t *testing.T) {
	families := []*model.MetricFamily{
		family(model.Gauge, "b_c", valued(1)), family(model.Gauge, "b:c", valued(2)), family(model.Gauge, "größe", valued(3)),
		{Name: "größe", Type: model.Gauge, HasType: true, Continued: true, Metrics: []model.Metric{valued(4)}}, family(model.Gauge, "gr__e", valued(5)),
	}
	for _, prefix := range []string{"", "servers.web1"} {
		var lost []string
		encode(t, format.Graphite, families, writer.GraphitePrefix(prefix), writer.OnLoss(func(l writer.Loss) {
			if l.Rule == diag.LossClash {
				lost = append(lost, l.Family+": "+l.Detail)
			}
		}))
		require.Equal(t, []string{"b:c: family b_c", "gr__e: family gr__e"}, lost)
	}
}

func TestGraphiteStampsWithTheTimeOfDay(t *testing.T) {
	family := &model.MetricFamily{Name: "x", Metrics: []model.Metric{{Value: 1}}}
	before := time.Now().Unix()
	var read struct {
		path           string
		value, seconds int64
	}
	got := encode(t, format.Graphite, []*model.MetricFamily{family})
	_, err := fmt.Sscan(string(got), &read.path, &read.value, &read.seconds)
	require.NoError(t, err)
	require.GreaterOrEqual(t, read.seconds, before)
	require.LessOrEqual(t, read.seconds, time.Now().Unix())
}
