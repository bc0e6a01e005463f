package convert

import (
	"slices"

	"github.com/promfmt/promfmt/model"
)

// whole is a family that is put together of its parts. The first of them is the caller's; what further ones are put to is
// a copy of it, once there are any.
type whole struct {
	*model.MetricFamily
	// at is its place in the list of families.
	at int
	// own are the metrics that do not share what they have beyond a value with a part; nil as long as there is one part.
	own map[int]bool
	// places are the metrics of a complex family, those that are indexed so far.
	places  map[point]int
	indexed int
}

// point is what tells the metrics of a family apart.
type point struct {
	labels    model.Labels // sorted
	timestamp model.Timestamp
}

// merge puts a further part to what there is of the family. What the parts say of one histogram, summary or state set
// becomes one metric, unless they say the same thing twice.
func (w *whole) merge(more *model.MetricFamily) {
	w.detach()
	first := w.MetricFamily
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
	for i := range more.Metrics {
		m := &more.Metrics[i]
		if before, ok := w.place(m); !ok || !mergeMetric(w.ownMetric(before), m) {
			first.Metrics = append(first.Metrics, *m)
		}
	}
}

// detach makes the family a copy of the first part.
func (w *whole) detach() {
	if w.own != nil {
		return
	}
	w.own = make(map[int]bool)
	f := *w.MetricFamily
	f.Metrics, f.Loose = slices.Clone(f.Metrics), slices.Clone(f.Loose)
	w.MetricFamily = &f
}

// ownMetric is a metric of the family, which becomes a copy of that of a part when it is asked for first.
func (w *whole) ownMetric(i int) *model.Metric {
	m := &w.Metrics[i]
	if w.own[i] || m.Extra == nil {
		return m
	}
	w.own[i] = true
	x := *m.Extra
	m.Extra = &x
	x.Exemplars, x.States = slices.Clone(x.Exemplars), slices.Clone(x.States)
	if x.Histogram != nil {
		h := *x.Histogram
		h.Buckets, h.BoundTexts, h.Exemplars = slices.Clone(h.Buckets), slices.Clone(h.BoundTexts), slices.Clone(h.Exemplars)
		x.Histogram = &h
	}
	if x.Summary != nil {
		s := *x.Summary
		s.Quantiles, s.QuantileTexts = slices.Clone(s.Quantiles), slices.Clone(s.QuantileTexts)
		x.Summary = &s
	}
	return m
}

// place finds the last metric of the family that is the same point as m. The index is kept from one part to the next,
// since there are as many of those as lines where families alternate.
func (w *whole) place(m *model.Metric) (i int, ok bool) {
	if w.places == nil {
		w.places = make(map[point]int, len(w.Metrics))
	}
	for ; w.indexed < len(w.Metrics); w.indexed++ {
		w.places[pointOf(&w.Metrics[w.indexed])] = w.indexed
	}
	i, ok = w.places[pointOf(m)]
	return i, ok
}

func pointOf(m *model.Metric) point { return point{m.Labels.Sorted(), m.Timestamp} }

// mergeMetric adds to m what more says, provided that they do not say the same thing.
func mergeMetric(m, more *model.Metric) bool {
	merged := false
	switch {
	case m.Created().Set && more.Created().Set:
	case m.Histogram() != nil && more.Histogram() != nil:
		merged = mergeHistogram(m.Histogram(), more.Histogram())
	case m.Summary() != nil && more.Summary() != nil:
		merged = mergeSummary(m.Summary(), more.Summary())
	case m.Extra != nil && more.Extra != nil:
		merged = mergeStates(m.Extra, more.Extra)
	}
	if merged {
		mergeExtra(m.Extra, more.Extra)
	}
	return merged
}

// mergeExtra adds the creation time and the exemplars of more to those of x, of which only one has a creation time.
func mergeExtra(x, more *model.Extra) {
	if more.Created.Set {
		x.Created = more.Created
	}
	x.Exemplars = append(x.Exemplars, more.Exemplars...)
}

func mergeHistogram(h, more *model.HistogramValue) bool {
	if h.HasCount && more.HasCount || h.HasSum && more.HasSum || h.Native != nil || more.Native != nil {
		return false
	}
	if overlap(h.Buckets, more.Buckets, func(b model.Bucket) float64 { return b.UpperBound }) {
		return false
	}
	if h.BoundTexts != nil || more.BoundTexts != nil {
		if len(h.BoundTexts) != len(h.Buckets) {
			h.BoundTexts = texts(len(h.Buckets), h.BoundText)
		}
		h.BoundTexts = append(h.BoundTexts, texts(len(more.Buckets), more.BoundText)...)
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
	if overlap(s.Quantiles, more.Quantiles, func(q model.Quantile) float64 { return q.Quantile }) {
		return false
	}
	if s.QuantileTexts != nil || more.QuantileTexts != nil {
		if len(s.QuantileTexts) != len(s.Quantiles) {
			s.QuantileTexts = texts(len(s.Quantiles), s.QuantileText)
		}
		s.QuantileTexts = append(s.QuantileTexts, texts(len(more.Quantiles), more.QuantileText)...)
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
	if overlap(x.States, more.States, func(s model.State) string { return s.Name }) {
		return false
	}
	x.States = append(x.States, more.States...)
	return true
}

// overlap reports whether two lists have a key in common. Of few that come to many, as from a part that is one line, each
// is looked for by itself.
func overlap[T any, K comparable](list, more []T, key func(T) K) bool {
	const few = 4
	if len(more) <= few {
		return slices.ContainsFunc(more, func(m T) bool {
			return slices.ContainsFunc(list, func(x T) bool { return key(x) == key(m) })
		})
	}
	keys := make(map[K]bool, len(list))
	for _, x := range list {
		keys[key(x)] = true
	}
	return slices.ContainsFunc(more, func(m T) bool { return keys[key(m)] })
}

func texts(n int, text func(int) string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = text(i)
	}
	return list
}
