package writer_test

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/promfmt/promfmt/model"
)

// dropExemplars leaves out the exemplars beyond that many of a counter, and beyond that many of a bucket. Without any
// those of histograms as such are left out as well, and those of other types always are.
func dropExemplars(ofCounter, ofBucket int) func(*document, *part) int {
	return inMetrics(func(p *part, m *model.Metric) (n int) {
		if h := m.Histogram(); h != nil {
			had := make(map[int]int)
			before := len(h.Exemplars)
			h.Exemplars = without(h.Exemplars, func(e model.BucketExemplar) bool {
				had[e.Bucket]++
				return had[e.Bucket] > ofBucket
			})
			n += before - len(h.Exemplars)
		}
		kept := len(m.Exemplars())
		switch {
		case p.Type == model.Counter:
			kept = min(kept, ofCounter)
		case m.Histogram() == nil || ofBucket == 0:
			kept = 0
		}
		return n + keepExemplars(m, kept)
	})
}

// keepExemplars leaves out the exemplars of a metric as such beyond that many.
func keepExemplars(m *model.Metric, kept int) (dropped int) {
	if dropped = len(m.Exemplars()) - kept; dropped > 0 {
		m.Extra.Exemplars = m.Extra.Exemplars[:kept]
	}
	return dropped
}

func dropOddExemplars(d *document, p *part) (n int) {
	isOdd := func(e *model.Exemplar) bool {
		names := make(map[string]bool)
		for name := range e.Labels.All() {
			names[name] = true
		}
		return names[""] || len(names) < e.Labels.Len()
	}
	for i := range p.Loose {
		if s := &p.Loose[i]; s.Exemplar != nil && isOdd(s.Exemplar) {
			s.Exemplar = nil
			n++
		}
	}
	n += dropBucketExemplars(func(_ *model.HistogramValue, e *model.BucketExemplar) bool { return isOdd(&e.Exemplar) })(d, p)
	return n + inMetrics(func(_ *part, m *model.Metric) int {
		before := len(m.Exemplars())
		if before == 0 {
			return 0
		}
		m.Extra.Exemplars = without(m.Extra.Exemplars, func(e model.Exemplar) bool { return isOdd(&e) })
		return before - len(m.Exemplars())
	})(d, p)
}

func dropLooseExemplars(_ *document, p *part) (n int) {
	for i := range p.Loose {
		if s := &p.Loose[i]; s.Exemplar != nil {
			s.Exemplar = nil
			n++
		}
	}
	return n
}

var dropOtherExemplars = inMetrics(func(p *part, m *model.Metric) int {
	if p.Type == model.Counter || m.Histogram() != nil {
		return 0
	}
	return keepExemplars(m, 0)
})

// dropBucketExemplars leaves out the exemplars of buckets of which that is true.
func dropBucketExemplars(drop func(*model.HistogramValue, *model.BucketExemplar) bool) func(*document, *part) int {
	return inHistograms(func(_ *part, h *model.HistogramValue) int {
		before := len(h.Exemplars)
		h.Exemplars = without(h.Exemplars, func(e model.BucketExemplar) bool { return drop(h, &e) })
		return before - len(h.Exemplars)
	})
}

var dropOrphans = dropBucketExemplars(func(_ *model.HistogramValue, e *model.BucketExemplar) bool { return e.Bucket == orphan })

var dropOutsiders = dropBucketExemplars(func(h *model.HistogramValue, e *model.BucketExemplar) bool {
	return !(e.Value <= h.Buckets[e.Bucket].UpperBound)
})

var dropBucketless = inMetrics(func(_ *part, m *model.Metric) int {
	if m.Histogram() == nil {
		return 0
	}
	return keepExemplars(m, 0)
})

func dropLongExemplars(d *document, p *part) int {
	n := dropBucketExemplars(func(_ *model.HistogramValue, e *model.BucketExemplar) bool { return isLong(&e.Exemplar) })(d, p)
	return n + inMetrics(func(_ *part, m *model.Metric) int {
		if len(m.Exemplars()) == 0 || !isLong(&m.Extra.Exemplars[0]) {
			return 0
		}
		return keepExemplars(m, 0)
	})(d, p)
}

func isLong(e *model.Exemplar) bool {
	n := 0
	for name, value := range e.Labels.All() {
		n += utf8.RuneCountInString(name) + utf8.RuneCountInString(value)
	}
	return n > 128
}

func dropTimelessExemplars(d *document, p *part) int {
	n := dropBucketExemplars(func(_ *model.HistogramValue, e *model.BucketExemplar) bool { return !e.Timestamp.Set })(d, p)
	return n + inMetrics(func(_ *part, m *model.Metric) int {
		before := len(m.Exemplars())
		if before == 0 {
			return 0
		}
		m.Extra.Exemplars = without(m.Extra.Exemplars, func(e model.Exemplar) bool { return !e.Timestamp.Set })
		return before - len(m.Exemplars())
	})(d, p)
}

// shareExemplars gives the exemplars of a histogram to its buckets, if it has any.
var shareExemplars = inMetrics(func(_ *part, m *model.Metric) int {
	h := m.Histogram()
	if h == nil {
		return 0
	}
	var all []model.Exemplar
	for _, e := range h.Exemplars {
		all = append(all, e.Exemplar)
	}
	all = append(all, m.Exemplars()...)
	if len(all) == 0 {
		return 0
	}
	h.Exemplars, m.Extra.Exemplars = nil, nil
	if len(h.Buckets) == 0 {
		m.Extra.Exemplars = all
		return 0
	}
	for _, e := range all {
		bucket := slices.IndexFunc(h.Buckets, func(b model.Bucket) bool { return e.Value <= b.UpperBound })
		if bucket < 0 { // it is not a number
			bucket = len(h.Buckets) - 1
		}
		h.Exemplars = append(h.Exemplars, model.BucketExemplar{Bucket: bucket, Exemplar: e})
	}
	slices.SortStableFunc(h.Exemplars, func(a, b model.BucketExemplar) int { return cmp.Compare(a.Bucket, b.Bucket) })
	return 0
})
