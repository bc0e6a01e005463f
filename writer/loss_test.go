package writer_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// TestLossesAreCountedOnce holds that a loss is counted once, however many ways there are for it, and that what is reported
// as left out is left out wherever it could stand.
func TestLossesAreCountedOnce(t *testing.T) {
	labelled := func(m model.Metric, namesAndValues ...string) model.Metric {
		m.Labels = model.NewLabels(namesAndValues...)
		return m
	}
	withExemplars := func(m model.Metric, buckets ...int) model.Metric {
		for _, bucket := range buckets {
			m.Histogram().Exemplars = append(m.Histogram().Exemplars, model.BucketExemplar{Bucket: bucket})
		}
		return m
	}
	stateAt := func(seconds int64, namesAndValues ...string) model.Metric {
		m := with(valued(0, namesAndValues...), model.Extra{States: []model.State{{Name: "on"}}})
		m.Timestamp = model.Timestamp{Seconds: seconds, Set: true}
		return m
	}
	for _, test := range []struct {
		name   string
		to     format.Format
		family *model.MetricFamily
		want   string
		losses map[diag.Rule]int
	}{
		{
			"a label whose name is altered, in a gauge histogram of a sum alone", format.Text,
			family(model.GaugeHistogram, "x", labelled(bare(histogram(0, 4)), "a.b", "c")),
			"# TYPE x histogram\n# TYPE x_gsum gauge\nx_gsum{a_b=\"c\"} 4\n",
			map[diag.Rule]int{diag.LossType: 1, diag.LossName: 1},
		},
		{
			"and in one of buckets, count, and sum", format.Text,
			family(model.GaugeHistogram, "x", labelled(histogram(3, 4, inf, 3), "a.b", "c")),
			"# TYPE x histogram\nx_bucket{a_b=\"c\",le=\"+Inf\"} 3\n# TYPE x_gcount gauge\nx_gcount{a_b=\"c\"} 3\n# TYPE x_gsum gauge\nx_gsum{a_b=\"c\"} 4\n",
			map[diag.Rule]int{diag.LossType: 1, diag.LossName: 1},
		},
		{
			"a label le, which is in none of the families that text makes of a gauge histogram", format.Text,
			family(model.GaugeHistogram, "x", labelled(histogram(3, 4, inf, 3), "le", "1", "a", "b")),
			"# TYPE x histogram\nx_bucket{a=\"b\",le=\"+Inf\"} 3\n# TYPE x_gcount gauge\nx_gcount{a=\"b\"} 3\n# TYPE x_gsum gauge\nx_gsum{a=\"b\"} 4\n",
			map[diag.Rule]int{diag.LossType: 1, diag.LossClash: 1},
		},
		{
			"the second exemplar of a bucket that is left out", format.OpenMetrics,
			family(model.Histogram, "x", withExemplars(histogram(3, 4, 1, 0.5, inf, 3), 0, 0, 0, 1, 1)),
			"# TYPE x histogram\nx_bucket{le=\"+Inf\"} 3 # {} 0.0\nx_sum 4.0\nx_count 3\n# EOF\n",
			map[diag.Rule]int{diag.LossExemplar: 4, diag.LossValue: 1},
		},
		{
			"exemplars of buckets of a histogram that is left out then", format.OpenMetrics,
			family(model.Histogram, "x", withExemplars(histogram(1.5, 4, 1, 0.5, inf, 1.5), 0, 0, 1)),
			"# TYPE x histogram\n# EOF\n",
			map[diag.Rule]int{diag.LossExemplar: 3, diag.LossValue: 2, diag.LossIncomplete: 1},
		},
		{
			"labels of the name of a state set, in two points of one metric", format.OpenMetrics2,
			family(model.StateSet, "x", stateAt(1, "x", "a", "b", "c"), stateAt(2, "b", "c", "x", "d")),
			"# TYPE x stateset\nx{b=\"c\",x=\"on\"} 0 1\nx{b=\"c\",x=\"on\"} 0 2\n# EOF\n",
			map[diag.Rule]int{diag.LossClash: 2},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			losses := make(map[diag.Rule]int)
			got := encode(t, test.to, []*model.MetricFamily{test.family}, writer.OnLoss(func(l writer.Loss) { losses[l.Rule] = l.Count }))
			require.Equal(t, test.want, string(got))
			require.Equal(t, test.losses, losses)
		})
	}
}

// TestCreationTimesHaveTheLabelsOfTheirMetrics holds that of lines by option, too.
func TestCreationTimesHaveTheLabelsOfTheirMetrics(t *testing.T) {
	m := with(summary(1, 2), model.Extra{Created: noon})
	m.Labels = model.NewLabels("quantile", "1", "a", "b")
	set := with(model.Metric{Labels: model.NewLabels("y", "1", "a", "b")}, model.Extra{Created: noon, States: []model.State{{Name: "on"}}})
	got := encode(t, format.Text, []*model.MetricFamily{family(model.Summary, "x", m), family(model.StateSet, "y", set)}, writer.Created())
	require.Equal(t, "# TYPE x summary\nx_sum{a=\"b\"} 2\nx_count{a=\"b\"} 1\n# TYPE x_created gauge\nx_created{a=\"b\"} 1.75e+09\n"+
		"# TYPE y gauge\ny{a=\"b\",y=\"on\"} 0\n# TYPE y_created gauge\ny_created{a=\"b\"} 1.75e+09\n", string(got))
}

// oddExemplars is a family with exemplars of which the labels are a set in one alone.
func oddExemplars(typ model.Type) *model.MetricFamily {
	exemplars := []model.Exemplar{
		{Labels: model.NewLabels("", "x"), Value: 1}, {Labels: model.NewLabels("a", "1", "b", "2", "a", "3"), Value: 1},
		{Labels: model.NewLabels("a", "1"), Value: 1, Timestamp: noon},
	}
	m := valued(1)
	if typ == model.Histogram {
		m = histogram(1, 2, 1, 1, inf, 1)
		for _, e := range exemplars {
			m.Histogram().Exemplars = append(m.Histogram().Exemplars, model.BucketExemplar{Bucket: 0, Exemplar: e})
		}
	}
	f := family(typ, "odd_"+typ.String(), with(m, model.Extra{Exemplars: exemplars}))
	f.Loose = []model.Sample{{Name: f.Name + "_loose", Value: 1, Exemplar: &exemplars[0]}}
	return f
}

// TestExemplarsWhoseLabelsAreNoSetAreLeftOut holds that in every format, since there is none in which a reader takes them.
func TestExemplarsWhoseLabelsAreNoSetAreLeftOut(t *testing.T) {
	for _, typ := range []model.Type{model.Counter, model.Histogram} {
		for _, to := range bothWays() {
			f := oddExemplars(typ)
			before := cloned(f)
			var lost int
			onLoss := writer.OnLoss(func(l writer.Loss) {
				if l.Rule == diag.LossExemplar {
					lost = l.Count
				}
			})
			written := encode(t, to, []*model.MetricFamily{f}, onLoss)
			require.Empty(t, cmp.Diff(before, f), "the family is only read")
			require.GreaterOrEqual(t, lost, 3, "%s", to)
			r, err := convert.NewReader(bytes.NewReader(written), to, convert.OnDiagnostic(func(d *diag.Diagnostic) {
				require.NotEqual(t, diag.Exemplar, d.Rule, "%s: %v", to, d)
			}))
			require.NoError(t, err)
			for _, err := range r.Families() {
				require.NoError(t, err, "%s\n%s", to, written)
			}
			require.NotContains(t, string(written), "\"\"=", to)
		}
	}
	var losses []string
	onLoss := writer.OnLoss(func(l writer.Loss) { losses = append(losses, l.Error()) })
	require.Equal(t, "# TYPE odd_counter counter\nodd_counter_total 1.0 # {a=\"1\"} 1.0 1750000000\n"+
		"odd_counter_loose 1.0\n# EOF\n",
		string(encode(t, format.OpenMetrics, []*model.MetricFamily{oddExemplars(model.Counter)}, onLoss)))
	require.Contains(t, losses,
		`family "odd_counter": the format has no exemplars, or fewer, or none for the type (its labels have no name, or one twice, 3 times) [loss-exemplar]`)
}

// TestLabelsWithoutANameAreLeftOutOfTexts holds for families made by hand: no reader gives such labels, and none takes them.
func TestLabelsWithoutANameAreLeftOutOfTexts(t *testing.T) {
	f := family(model.Gauge, "x", valued(1, "a", "1", "", "2"))
	for _, test := range []struct {
		to   format.Format
		want string
	}{
		{format.Text1, "# TYPE x gauge\nx{a=\"1\"} 1\n"},
		{format.OpenMetrics, "# TYPE x gauge\nx{a=\"1\"} 1.0\n# EOF\n"},
		{format.OpenMetrics2, "# TYPE x gauge\nx{a=\"1\"} 1.0\n# EOF\n"},
	} {
		var losses []string
		onLoss := writer.OnLoss(func(l writer.Loss) { losses = append(losses, l.Error()) })
		require.Equal(t, test.want, string(encode(t, test.to, []*model.MetricFamily{f}, onLoss)), test.to)
		require.Equal(t, []string{`family "x": a name has characters that the format does not have, and is altered for good (a label without a name is left out) [loss-name]`}, losses, test.to)
	}
}
