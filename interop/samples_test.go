//go:build interop

package interop

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// harmless are the losses that leave all samples of a family as samplesOf gives them.
var harmless = map[diag.Rule]bool{
	diag.LossUnit: true, diag.LossType: true, diag.LossCreated: true, diag.LossExemplar: true, diag.LossBoundText: true,
	diag.LossName: true, diag.LossSuffix: true, diag.LossLoose: true, diag.LossNative: true,
}

// expected are the samples that a reader has to find in an exposition. Of a family that lost some of them it may find
// any, but it may find nothing else. The changes are what the reader makes of a family that is in this format.
func (e *exposition) expected(changes ...func(*model.MetricFamily)) (required, allowed []model.Sample) {
	lossy := make(map[string]bool)
	for name, losses := range e.losses {
		for _, l := range losses {
			lossy[name] = lossy[name] || !harmless[l.Rule]
		}
	}
	for _, f := range e.page.families {
		samples := e.samplesOf(f, changes)
		if lossy[f.Name] {
			allowed = append(allowed, samples...)
		} else {
			required = append(required, samples...)
		}
	}
	return required, allowed
}

// samplesOf are the samples of a family as the format has them, after the changes.
func (e *exposition) samplesOf(f *model.MetricFamily, changes []func(*model.MetricFamily)) []model.Sample {
	changed := *f
	changed.Metrics = slices.Clone(f.Metrics)
	for _, change := range append([]func(*model.MetricFamily){inFormat[e.format]}, changes...) {
		change(&changed)
	}
	samples := slices.Collect(changed.Samples())
	for i := range samples {
		e.escape(f, &samples[i])
	}
	return samples
}

// inFormat makes of a family what is left of it in each format.
var inFormat = map[format.Format]func(*model.MetricFamily){
	format.Text:        asText,
	format.Text1:       asText,
	format.OpenMetrics: asOpenMetrics,
	format.Protobuf:    asProtobuf,
}

// asText: there are no creation times, no metric has a label that its samples are told apart by, and a histogram with
// native buckets leaves the bucket +Inf.
func asText(f *model.MetricFamily) {
	dropCreated(f)
	dropOwnLabel(f)
	for i := range f.Metrics {
		h := f.Metrics[i].Histogram()
		if h == nil || h.Native == nil || !h.HasCount || slices.ContainsFunc(h.Buckets, isInfinite) {
			continue
		}
		changed := *h
		changed.Buckets = append(slices.Clone(h.Buckets), model.Bucket{UpperBound: math.Inf(1), Count: h.Count})
		if h.BoundTexts != nil {
			changed.BoundTexts = append(slices.Clone(h.BoundTexts), "+Inf")
		}
		extra := *f.Metrics[i].Extra
		extra.Histogram = &changed
		f.Metrics[i].Extra = &extra
	}
}

// dropOwnLabel leaves out the label that the samples of a metric have of their own.
func dropOwnLabel(f *model.MetricFamily) {
	label := map[model.Type]string{
		model.Histogram: "le", model.GaugeHistogram: "le", model.Summary: "quantile", model.StateSet: f.Name,
	}[f.Type]
	for i := range f.Metrics {
		f.Metrics[i].Labels = f.Metrics[i].Labels.Without(label)
	}
}

func dropCreated(f *model.MetricFamily) {
	for i := range f.Metrics {
		if extra := f.Metrics[i].Extra; extra != nil {
			f.Metrics[i].Extra = &model.Extra{
				Histogram: extra.Histogram, Summary: extra.Summary, Exemplars: extra.Exemplars, States: extra.States,
			}
		}
	}
}

// asOpenMetrics: names of samples have the suffix of their type, a histogram has a bucket +Inf, and the same count where
// it has a sum; bounds and quantiles are written in one way, and no metric has a label of their name. What comes first in
// time is written first.
func asOpenMetrics(f *model.MetricFamily) {
	if suffix := map[model.Type]string{model.Counter: "_total", model.Info: "_info"}[f.Type]; suffix != "" {
		f.Name, f.Suffix = strings.TrimSuffix(f.SampleName(), suffix), suffix
	}
	if f.Type == model.GaugeHistogram {
		dropCreated(f)
	}
	dropOwnLabel(f)
	for i := range f.Metrics {
		m := &f.Metrics[i]
		canonicalPoints(m)
		if h := m.Histogram(); h != nil {
			h.HasCount = h.HasSum
			h.Count = h.Buckets[slices.IndexFunc(h.Buckets, isInfinite)].Count
		}
	}
	slices.SortStableFunc(f.Metrics, func(a, b model.Metric) int { return a.Timestamp.Compare(b.Timestamp) })
}

// asProtobuf: there is no telling whether a number is absent or zero, so that Prometheus has a sum and a count always.
// A histogram that has native buckets is nothing else.
func asProtobuf(f *model.MetricFamily) {
	dropCreated(f)
	f.Metrics = slices.DeleteFunc(f.Metrics, func(m model.Metric) bool { return m.Histogram() != nil && m.Histogram().Native != nil })
	for i := range f.Metrics {
		m := &f.Metrics[i]
		canonicalPoints(m)
		if s := m.Summary(); s != nil {
			s.HasSum, s.HasCount = true, true
			if !(s.Count >= 0) || s.Count != math.Trunc(s.Count) {
				s.Count = 0
			}
		}
		if h := m.Histogram(); h != nil {
			h.HasSum, h.HasCount = true, true
		}
	}
}

// canonicalPoints gives m a histogram or summary of its own in canonical form, if it is one.
func canonicalPoints(m *model.Metric) {
	if m.Extra == nil {
		return
	}
	changed := *m.Extra
	changed.Histogram, changed.Summary = canonicalBuckets(changed.Histogram), canonicalQuantiles(changed.Summary)
	m.Extra = &changed
}

// canonicalBuckets is h with a bucket +Inf and with canonical bounds.
func canonicalBuckets(h *model.HistogramValue) *model.HistogramValue {
	if h == nil {
		return nil
	}
	changed := *h
	changed.Buckets = slices.Clone(h.Buckets)
	if !slices.ContainsFunc(h.Buckets, isInfinite) {
		changed.Buckets = append(changed.Buckets, model.Bucket{UpperBound: math.Inf(1), Count: h.Count})
	}
	changed.BoundTexts = nil
	for _, b := range changed.Buckets {
		changed.BoundTexts = append(changed.BoundTexts, canonical(b.UpperBound))
	}
	return &changed
}

func isInfinite(b model.Bucket) bool { return math.IsInf(b.UpperBound, 1) }

func canonicalQuantiles(v *model.SummaryValue) *model.SummaryValue {
	if v == nil {
		return nil
	}
	changed := *v
	changed.QuantileTexts = nil
	for _, q := range v.Quantiles {
		changed.QuantileTexts = append(changed.QuantileTexts, canonical(q.Quantile))
	}
	return &changed
}

// canonical is a number as OpenMetrics wants it in le and quantile, which is also what Prometheus makes of one in protobuf.
func canonical(f float64) string {
	text := model.FormatFloat(f)
	if strings.ContainsAny(text, ".eIN") {
		return text
	}
	return text + ".0"
}

// escape puts underscores for what is special in the names of a sample of f, unless names are kept.
func (e *exposition) escape(f *model.MetricFamily, s *model.Sample) {
	if e.scheme == prommodel.NoEscaping {
		return
	}
	base, suffix := s.Name, ""
	if rest, ok := strings.CutPrefix(s.Name, f.Name); ok {
		base, suffix = f.Name, rest
	}
	s.Name = prommodel.EscapeName(base, e.scheme) + suffix
	var labels []model.Label
	for name, value := range s.Labels.All() {
		name = strings.ReplaceAll(prommodel.EscapeName(name, e.scheme), ":", "_")
		labels = append(labels, model.Label{Name: name, Value: value})
	}
	s.Labels = model.LabelsOf(labels...)
}

// line is a sample without its timestamp as one line. Labels are sorted, and those without a value left out, since both
// are the same series.
func line(s model.Sample) string { return series(s.Name, s.Labels) + " " + number(s.Value) }

// series is the name and labels of a series.
func series(name string, labels model.Labels) string {
	var kept []model.Label
	for name, value := range labels.Sorted().All() {
		if value != "" {
			kept = append(kept, model.Label{Name: name, Value: value})
		}
	}
	return name + model.LabelsOf(kept...).String()
}

// parseFloat is a number that a program has printed.
func parseFloat(t *testing.T, text string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return f
}

// number is a number as Go writes it, with the sign of zero.
func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// difference is what a program found and should not have, and what it did not find.
type difference struct {
	Missing, Added []string
}

func (d difference) isEmpty() bool { return len(d.Missing)+len(d.Added) == 0 }

// compare holds the lines that a program found against those that it must and may find, each as often as it occurs.
func compare(required, allowed, found []string) difference {
	var d difference
	left := make(map[string]int)
	for _, l := range found {
		left[l]++
	}
	for _, l := range required {
		if left[l] == 0 {
			d.Missing = append(d.Missing, l)
		} else {
			left[l]--
		}
	}
	for _, l := range allowed {
		left[l] = max(0, left[l]-1)
	}
	for _, l := range slices.Sorted(maps.Keys(left)) {
		for range left[l] {
			d.Added = append(d.Added, l)
		}
	}
	slices.Sort(d.Missing)
	return d
}

// lines are samples as lines.
func lines(samples []model.Sample, line func(model.Sample) string) []string {
	list := make([]string, len(samples))
	for i, s := range samples {
		list[i] = line(s)
	}
	return list
}
