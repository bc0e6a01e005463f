package writer_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// oddity is a kind of families that some formats hold only in another way, or not at all, although no loss is reported.
// They contradict themselves or each other, so that there is nothing that they should become.
type oddity struct {
	what    string
	formats []format.Format
	// sameSeries tells that at least the series are the same, as far as they are not lost.
	sameSeries bool
	is         func([]*model.MetricFamily) bool
	// example are families of this kind.
	example []*model.MetricFamily
}

func (o *oddity) applies(f format.Format, families []*model.MetricFamily) bool {
	return slices.Contains(o.formats, f) && o.is(families)
}

var bothTexts = []format.Format{format.Text, format.Text1}

var oddities = []oddity{
	{
		"a family that is not said to be continued has the name of one before, or the type is not the same",
		[]format.Format{format.Text, format.Text1, format.Protobuf, format.Prototext, format.JSON}, false,
		func(families []*model.MetricFamily) bool {
			types := make(map[string]model.Type)
			return slices.ContainsFunc(families, func(f *model.MetricFamily) bool {
				typ, known := types[f.SampleName()]
				types[f.SampleName()] = f.Type
				return known && (!f.Continued || typ != f.Type)
			})
		},
		[]*model.MetricFamily{family(model.Gauge, "x", valued(1)), family(model.Histogram, "x", histogram(1, 1))},
	},
	{
		"a family has the name of a sample that another may have, and text tells by the name which of them a sample belongs to",
		bothTexts, true,
		hasNameOfSample,
		[]*model.MetricFamily{family(model.Histogram, "x", histogram(1, 1)), {Name: "x_count", Metrics: []model.Metric{valued(2)}}},
	},
	{
		"underscores give a family, or a loose sample, the name of a sample that another may have, which it then is",
		[]format.Format{format.Text}, true,
		func(families []*model.MetricFamily) bool {
			var escaped []*model.MetricFamily
			for _, f := range families {
				p := &part{MetricFamily: cloned(f)}
				escapeNames(nil, p)
				escaped = append(escaped, p.MetricFamily)
			}
			return hasNameOfSample(escaped) && !hasNameOfSample(families)
		},
		[]*model.MetricFamily{
			family(model.Histogram, "x.y", histogram(1, 1)), {Name: "z", Type: model.Gauge, HasType: true, Loose: []model.Sample{{Name: "x-y_count"}}},
		},
	},
	{
		"underscores give a family of buckets or quantiles the name of another, and text has all lines under the first TYPE",
		[]format.Format{format.Text}, true,
		func(families []*model.MetricFamily) bool {
			type named struct {
				name    string
				complex bool
			}
			written := make(map[string]named)
			return slices.ContainsFunc(families, func(f *model.MetricFamily) bool {
				escaped := prommodel.EscapeName(f.SampleName(), prommodel.UnderscoreEscaping)
				before, known := written[escaped]
				now := named{f.SampleName(), f.Type.IsComplex() || before.complex}
				written[escaped] = now
				return known && before.name != now.name && now.complex
			})
		},
		[]*model.MetricFamily{family(model.Histogram, "x.y", histogram(1, 1)), family(model.Gauge, "x_y", valued(2))},
	},
	{
		"a point of a histogram, summary or state set occurs twice, with its labels as they are written, so that text cannot tell the samples apart",
		bothTexts, true,
		func(families []*model.MetricFamily) bool {
			var written []*model.MetricFamily
			for _, f := range families {
				p := &part{MetricFamily: cloned(f)}
				escapeNames(nil, p)
				keepFirstLabels(nil, p)
				dropBoundLabels(nil, p)
				p.Name, p.Suffix = f.Name, f.Suffix
				written = append(written, p.MetricFamily)
			}
			return slices.ContainsFunc(whole(written), func(f *model.MetricFamily) bool {
				type point struct {
					labels    model.Labels
					timestamp model.Timestamp
				}
				points := make(map[point]bool)
				return f.Type.IsComplex() && slices.ContainsFunc(f.Metrics, func(m model.Metric) bool {
					p := point{m.Labels.Sorted(), m.Timestamp}
					twice := points[p]
					points[p] = true
					return twice
				})
			})
		},
		[]*model.MetricFamily{family(model.Histogram, "x", bare(histogram(0, 1, 1, 1)), bare(histogram(0, 1, 2, 1)))},
	},
	{
		"a bound or quantile is not a number or occurs twice, so that text has a sample that is no bucket or quantile",
		bothTexts, true,
		inAMetric(func(m *model.Metric) bool {
			var bounds []float64
			if h := m.Histogram(); h != nil {
				for _, b := range h.Buckets {
					bounds = append(bounds, b.UpperBound)
				}
			}
			if v := m.Summary(); v != nil {
				for _, q := range v.Quantiles {
					bounds = append(bounds, q.Quantile)
				}
			}
			slices.Sort(bounds)
			return len(slices.Compact(slices.Clone(bounds))) < len(bounds) || slices.ContainsFunc(bounds, math.IsNaN)
		}),
		[]*model.MetricFamily{family(model.Histogram, "x", histogram(1, 1, math.NaN(), 1))},
	},
	{
		"a loose sample is like those of its family, of which text then makes it one",
		bothTexts, true,
		func(families []*model.MetricFamily) bool {
			return slices.ContainsFunc(families, func(f *model.MetricFamily) bool {
				return slices.ContainsFunc(f.Loose, func(s model.Sample) bool {
					suffix, ok := strings.CutPrefix(s.Name, f.Name)
					_, isBucket := s.Labels.Get("le")
					_, isQuantile := s.Labels.Get("quantile")
					return ok && (suffix == "_sum" || suffix == "_count" || suffix == "_bucket" && isBucket || suffix == "" && isQuantile)
				})
			})
		},
		[]*model.MetricFamily{{
			Name: "x", Type: model.Summary, HasType: true, Loose: []model.Sample{{Name: "x", Labels: model.NewLabels("quantile", "0.5")}},
		}},
	},
	{
		"a loose sample has the name of a family of some type that comes behind it, and protobuf has one type for a name",
		[]format.Format{format.Protobuf, format.Prototext}, false,
		func(families []*model.MetricFamily) bool {
			strays := make(map[string]bool)
			return slices.ContainsFunc(families, func(f *model.MetricFamily) bool {
				typed := f.Type != model.Unknown && strays[f.SampleName()]
				for _, s := range f.Loose {
					strays[s.Name] = strays[s.Name] || s.Name != f.SampleName()
				}
				return typed
			})
		},
		[]*model.MetricFamily{
			{Name: "x", Type: model.Gauge, HasType: true, Loose: []model.Sample{{Name: "y", Value: 1}}}, family(model.Gauge, "y", valued(2)),
		},
	},
	{
		"native buckets contradict themselves",
		[]format.Format{format.Protobuf, format.Prototext, format.JSON}, false,
		inAMetric(func(m *model.Metric) bool {
			return m.Histogram() != nil && m.Histogram().Native != nil &&
				family(model.Histogram, "x", model.Metric{Extra: &model.Extra{Histogram: m.Histogram()}}).Validate() != nil
		}),
		[]*model.MetricFamily{family(model.Histogram, "x", nativeBuckets(model.NativeHistogram{Schema: 9}))},
	},
}

// hasNameOfSample reports whether there is a family, or a loose sample, that has the name of a sample that another family
// may have.
func hasNameOfSample(families []*model.MetricFamily) bool {
	names, strays := make(map[string]bool), make(map[string]bool)
	for _, f := range families {
		names[f.Name], names[f.SampleName()] = true, true
		for _, s := range f.Loose {
			names[s.Name] = true
			strays[s.Name] = strays[s.Name] || s.Name != f.Name
		}
	}
	return slices.ContainsFunc(families, func(f *model.MetricFamily) bool {
		return f.Type.IsComplex() && strays[f.Name] || slices.ContainsFunc(oddSuffixes[f.Type], func(suffix string) bool { return names[f.Name+suffix] })
	})
}

// oddSuffixes are those of the samples that families of a type may have.
var oddSuffixes = map[model.Type][]string{
	model.Counter: {"_total"}, model.Info: {"_info"}, model.Summary: {"_sum", "_count"},
	model.Histogram: {"_bucket", "_sum", "_count"}, model.GaugeHistogram: {"_bucket", "_sum", "_count", "_gsum", "_gcount"},
}

// inAMetric reports whether there is a metric of which that is true.
func inAMetric(is func(*model.Metric) bool) func([]*model.MetricFamily) bool {
	return func(families []*model.MetricFamily) bool {
		return slices.ContainsFunc(families, func(f *model.MetricFamily) bool {
			return slices.ContainsFunc(f.Metrics, func(m model.Metric) bool { return is(&m) })
		})
	}
}

// TestOddities holds that each oddity still is one, in its example and alone.
func TestOddities(t *testing.T) {
	for i, o := range oddities {
		for j, other := range oddities {
			require.Equal(t, i == j, other.is(o.example), "%s: %s", o.what, other.what)
		}
		for _, f := range bothWays() {
			problem := converted(t, f, o.example).problem
			require.Equal(t, slices.Contains(o.formats, f), problem != "", "%s in %s: %s", o.what, f, problem)
		}
	}
}
