package convert

import (
	"slices"

	"github.com/promfmt/promfmt/model"
)

// merge puts a further part of a family to what there is of it. What the parts say of one histogram, summary or state
// set becomes one metric, unless they say the same thing twice.
func merge(first, more *model.MetricFamily) {
	if !first.HasHelp {
		first.HasHelp, first.Help = more.HasHelp, more.Help
	}
	if !first.HasType {
		first.HasType, first.Type = more.HasType, more.Type
	}
	if !first.HasUnit {
		first.HasUnit, first.Unit = more.HasUnit, more.Unit
	}
	if len(first.Metrics) == 0 {
		first.Suffix = more.Suffix
	}
	first.Loose = append(first.Loose, more.Loose...)
	if !first.Type.IsComplex() {
		first.Metrics = append(first.Metrics, more.Metrics...)
		return
	}
	type series struct {
		labels    model.Labels
		timestamp model.Timestamp
	}
	places := make(map[series]int, len(first.Metrics))
	for i, m := range first.Metrics {
		places[series{m.Labels.Sorted(), m.Timestamp}] = i
	}
	for _, m := range more.Metrics {
		key := series{m.Labels.Sorted(), m.Timestamp}
		if i, ok := places[key]; ok && mergeMetric(&first.Metrics[i], &m) {
			continue
		}
		places[key] = len(first.Metrics)
		first.Metrics = append(first.Metrics, m)
	}
}

// mergeMetric adds to m what more says, provided that they do not say the same thing.
func mergeMetric(m, more *model.Metric) bool {
	merged := false
	switch {
	case m.Created().Set && more.Created().Set:
	case m.Histogram != nil && more.Histogram != nil:
		merged = mergeHistogram(m.Histogram, more.Histogram)
	case m.Summary != nil && more.Summary != nil:
		merged = mergeSummary(m.Summary, more.Summary)
	case m.Extra != nil && more.Extra != nil:
		merged = mergeStates(m.Extra, more.Extra)
	}
	if merged {
		mergeExtra(m, more)
	}
	return merged
}

// mergeExtra adds the creation time and the exemplars of more to those of m, of which only one has a creation time.
func mergeExtra(m, more *model.Metric) {
	switch {
	case more.Extra == nil:
	case m.Extra == nil:
		m.Extra = more.Extra
	default:
		if more.Extra.Created.Set {
			m.Extra.Created = more.Extra.Created
		}
		m.Extra.Exemplars = append(m.Extra.Exemplars, more.Extra.Exemplars...)
	}
}

func mergeHistogram(h, more *model.HistogramValue) bool {
	if h.HasCount && more.HasCount || h.HasSum && more.HasSum || h.Native != nil || more.Native != nil {
		return false
	}
	bounds := make(map[float64]bool, len(h.Buckets))
	for _, b := range h.Buckets {
		bounds[b.UpperBound] = true
	}
	if slices.ContainsFunc(more.Buckets, func(b model.Bucket) bool { return bounds[b.UpperBound] }) {
		return false
	}
	if h.BoundTexts != nil || more.BoundTexts != nil {
		h.BoundTexts = append(texts(len(h.Buckets), h.BoundText), texts(len(more.Buckets), more.BoundText)...)
	}
	for _, e := range more.Exemplars {
		e.Bucket += len(h.Buckets)
		h.Exemplars = append(h.Exemplars, e)
	}
	h.Buckets = append(h.Buckets, more.Buckets...)
	if more.HasCount {
		h.HasCount, h.Count = true, more.Count
	}
	if more.HasSum {
		h.HasSum, h.Sum = true, more.Sum
	}
	return true
}

func mergeSummary(s, more *model.SummaryValue) bool {
	if s.HasCount && more.HasCount || s.HasSum && more.HasSum {
		return false
	}
	quantiles := make(map[float64]bool, len(s.Quantiles))
	for _, q := range s.Quantiles {
		quantiles[q.Quantile] = true
	}
	if slices.ContainsFunc(more.Quantiles, func(q model.Quantile) bool { return quantiles[q.Quantile] }) {
		return false
	}
	if s.QuantileTexts != nil || more.QuantileTexts != nil {
		s.QuantileTexts = append(texts(len(s.Quantiles), s.QuantileText), texts(len(more.Quantiles), more.QuantileText)...)
	}
	s.Quantiles = append(s.Quantiles, more.Quantiles...)
	if more.HasCount {
		s.HasCount, s.Count = true, more.Count
	}
	if more.HasSum {
		s.HasSum, s.Sum = true, more.Sum
	}
	return true
}

func mergeStates(x, more *model.Extra) bool {
	names := make(map[string]bool, len(x.States))
	for _, s := range x.States {
		names[s.Name] = true
	}
	if slices.ContainsFunc(more.States, func(s model.State) bool { return names[s.Name] }) {
		return false
	}
	x.States = append(x.States, more.States...)
	return true
}

func texts(n int, text func(int) string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = text(i)
	}
	return list
}
