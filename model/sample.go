package model

import (
	"iter"
	"strconv"
)

// Sample is one line of a text exposition: a full name, all labels, a value.
type Sample struct {
	// Name includes suffixes such as _bucket and _sum.
	Name string
	// Labels include le, quantile and the label that names a state.
	Labels    Labels
	Value     float64
	Timestamp Timestamp
	// Exemplar is nil for most; where a metric has several, the samples carry the first.
	Exemplar *Exemplar
}

// Samples yields the family as flat samples, in the order in which an exposition gives them: the metrics one after the
// other, each with its quantiles or buckets first and then its sum, count and creation time, and at the end the loose
// samples. Native buckets and start times of simple metrics have no sample of their own and are not yielded. A nil family,
// such as comes with an error, has no samples.
func (f *MetricFamily) Samples() iter.Seq[Sample] {
	return func(yield func(Sample) bool) {
		if f == nil {
			return
		}
		name := f.SampleName()
		for i := range f.Metrics {
			m := &f.Metrics[i]
			switch {
			case m.Histogram() != nil:
				if !f.histogramSamples(m, yield) {
					return
				}
			case m.Summary() != nil:
				if !f.summarySamples(m, yield) {
					return
				}
			case f.Type == StateSet:
				if !f.stateSamples(m, yield) {
					return
				}
			default:
				s := Sample{Name: name, Labels: m.Labels, Value: m.Value, Timestamp: m.Timestamp}
				if exemplars := m.Exemplars(); len(exemplars) > 0 {
					s.Exemplar = &exemplars[0]
				}
				if !yield(s) || f.Suffix == "_total" && !f.created(m, yield) {
					return
				}
			}
		}
		for _, s := range f.Loose {
			if !yield(s) {
				return
			}
		}
	}
}

func (f *MetricFamily) histogramSamples(m *Metric, yield func(Sample) bool) bool {
	h := m.Histogram()
	sum, count := "_sum", "_count"
	if f.Type == GaugeHistogram {
		sum, count = "_gsum", "_gcount"
	}
	exemplars := h.Exemplars
	for i, bucket := range h.Buckets {
		s := Sample{
			Name:      f.Name + "_bucket",
			Labels:    m.Labels.With("le", h.BoundText(i)),
			Value:     bucket.Count,
			Timestamp: m.Timestamp,
		}
		for len(exemplars) > 0 && exemplars[0].Bucket <= i {
			if exemplars[0].Bucket == i && s.Exemplar == nil {
				s.Exemplar = &exemplars[0].Exemplar
			}
			exemplars = exemplars[1:]
		}
		if !yield(s) {
			return false
		}
	}
	if h.HasSum && !yield(Sample{Name: f.Name + sum, Labels: m.Labels, Value: h.Sum, Timestamp: m.Timestamp}) {
		return false
	}
	if h.HasCount && !yield(Sample{Name: f.Name + count, Labels: m.Labels, Value: h.Count, Timestamp: m.Timestamp}) {
		return false
	}
	return f.created(m, yield)
}

func (f *MetricFamily) summarySamples(m *Metric, yield func(Sample) bool) bool {
	v := m.Summary()
	for i, q := range v.Quantiles {
		s := Sample{
			Name:      f.Name,
			Labels:    m.Labels.With("quantile", v.QuantileText(i)),
			Value:     q.Value,
			Timestamp: m.Timestamp,
		}
		if !yield(s) {
			return false
		}
	}
	if v.HasSum && !yield(Sample{Name: f.Name + "_sum", Labels: m.Labels, Value: v.Sum, Timestamp: m.Timestamp}) {
		return false
	}
	if v.HasCount && !yield(Sample{Name: f.Name + "_count", Labels: m.Labels, Value: v.Count, Timestamp: m.Timestamp}) {
		return false
	}
	return f.created(m, yield)
}

func (f *MetricFamily) stateSamples(m *Metric, yield func(Sample) bool) bool {
	for _, state := range m.States() {
		s := Sample{Name: f.Name, Labels: m.Labels.With(f.Name, state.Name), Timestamp: m.Timestamp}
		if state.Enabled {
			s.Value = 1
		}
		if !yield(s) {
			return false
		}
	}
	return true
}

func (f *MetricFamily) created(m *Metric, yield func(Sample) bool) bool {
	created := m.Created()
	if !created.Set {
		return true
	}
	return yield(Sample{Name: f.Name + "_created", Labels: m.Labels, Value: created.Float64(), Timestamp: m.Timestamp})
}

// BoundText is the text of the bound of bucket i: as it was given, or, where no text is, in the shortest form.
func (h *HistogramValue) BoundText(i int) string {
	if i < len(h.BoundTexts) {
		return h.BoundTexts[i]
	}
	return FormatFloat(h.Buckets[i].UpperBound)
}

// QuantileText is the text of quantile i: as it was given, or, where no text is, in the shortest form.
func (v *SummaryValue) QuantileText(i int) string {
	if i < len(v.QuantileTexts) {
		return v.QuantileTexts[i]
	}
	return FormatFloat(v.Quantiles[i].Quantile)
}

// FormatFloat is the shortest text that reads back as f, in the form of the Prometheus text format: "1", "0.25",
// "1e+06", "+Inf", "NaN".
func FormatFloat(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
