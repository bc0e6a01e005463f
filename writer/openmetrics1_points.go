package writer

import (
	"math"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// exemplarRunes is how many characters the labels of an exemplar may have.
const exemplarRunes = 128

// histogramPoint is what OpenMetrics 1.0 has of a histogram: buckets up to +Inf, at most one exemplar for each, and
// perhaps the sum. It is valid until the next one.
type histogramPoint struct {
	buckets   []model.Bucket
	exemplars []model.BucketExemplar
	hasSum    bool
}

// count is the number of observations.
func (h *histogramPoint) count() float64 { return h.buckets[len(h.buckets)-1].Count }

// histogram gives what there is of the histogram m, and reports what is not. It is not ok if nothing is.
func (t *openMetrics1) histogram(o *output, m *model.Metric) (h histogramPoint, ok bool) {
	h.buckets, h.exemplars, ok = t.mender.histogram(o, m.Histogram(), t.firstExemplars(m.Histogram()), wholeCounts)
	if !ok {
		return h, false
	}
	h.exemplars = t.bucketExemplars(o, h)
	if n := len(m.Exemplars()); n > 0 {
		o.lose(diag.LossExemplar, n, "it belongs to no bucket")
	}
	if m.Histogram().HasSum {
		if h.hasSum = t.mayHaveSum(m.Histogram().Sum, h.buckets[0].UpperBound < 0); !h.hasSum {
			o.lose(diag.LossValue, 1, "the sum")
		}
	}
	return h, true
}

// mayHaveSum reports whether a histogram may have the sum, by whether it has buckets for negative observations. If so that
// of a histogram would be no counter; and if not, that of a gauge histogram cannot be negative.
func (t *openMetrics1) mayHaveSum(sum float64, negative bool) bool {
	if t.typ == model.GaugeHistogram {
		return sum >= 0 || negative && !math.IsNaN(sum)
	}
	return sum >= 0 && !negative
}

// firstExemplars are the first exemplar of each bucket of h. The survey has reported the others.
func (t *openMetrics1) firstExemplars(h *model.HistogramValue) []model.BucketExemplar {
	if len(h.Exemplars) == 0 { // nearly always
		return nil
	}
	t.exemplars = t.exemplars[:0]
	last := -1
	for _, e := range h.Exemplars {
		if e.Bucket != last {
			t.exemplars = append(t.exemplars, e)
		}
		last = e.Bucket
	}
	return t.exemplars
}

// bucketExemplars are the exemplars of h that are allowed: those that are one of the observations that their bucket counts,
// and not too long. They take the place of all.
func (t *openMetrics1) bucketExemplars(o *output, h histogramPoint) []model.BucketExemplar {
	allowed := h.exemplars[:0]
	for _, e := range h.exemplars {
		if !(e.Value <= h.buckets[e.Bucket].UpperBound) {
			o.lose(diag.LossExemplar, 1, "it is not within its bucket")
			continue
		}
		if t.isShort(o, &e.Exemplar) {
			allowed = append(allowed, e)
		}
	}
	return allowed
}

// exemplar is the first of the exemplars, if there is one and it is allowed.
func (t *openMetrics1) exemplar(o *output, exemplars []model.Exemplar) (e model.Exemplar, ok bool) {
	if len(exemplars) == 0 {
		return e, false
	}
	e = exemplars[0]
	ok = t.isShort(o, &e)
	return e, ok
}

// isShort gives the labels of e the names that they are written with, and reports whether that is not too long.
func (t *openMetrics1) isShort(o *output, e *model.Exemplar) bool {
	e.Labels = t.names.labels(o, e.Labels)
	if len(e.Labels.Encoding()) > exemplarRunes && runesIn(e.Labels) > exemplarRunes {
		o.lose(diag.LossExemplar, 1, "it has more than 128 characters")
		return false
	}
	return true
}

// totals tells which of its totals a summary can keep, in both versions.
func totals(o *output, v *model.SummaryValue) (hasCount, hasSum bool) {
	if hasSum = v.HasSum && v.Sum >= 0; v.HasSum && !hasSum {
		o.lose(diag.LossValue, 1, "the sum")
	}
	return v.HasCount && wholeCounts.allows(v.Count), hasSum // of the count the survey has reported it
}
