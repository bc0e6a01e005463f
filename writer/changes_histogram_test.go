package writer_test

import (
	"cmp"
	"math"
	"slices"

	"github.com/promfmt/promfmt/model"
)

// inHistograms is inMetrics for histograms.
func inHistograms(change func(*part, *model.HistogramValue) int) func(*document, *part) int {
	return inMetrics(func(p *part, m *model.Metric) int {
		if m.Histogram() == nil {
			return 0
		}
		return change(p, m.Histogram())
	})
}

func isCountable(n float64) bool { return n >= 0 }

func isCountOrGauge(float64) bool { return true }

// orphan is the index of a bucket that has been left out.
const orphan = math.MinInt

// inBuckets puts the buckets with the given indexes in the place of all, and says how many are left out.
func inBuckets(h *model.HistogramValue, kept []int) int {
	become := make(map[int]int)
	for i, index := range kept {
		become[index] = i
	}
	for i := range h.Exemplars {
		e := &h.Exemplars[i]
		if place, ok := become[e.Bucket]; ok {
			e.Bucket = place
		} else {
			e.Bucket = orphan
		}
	}
	slices.SortStableFunc(h.Exemplars, func(a, b model.BucketExemplar) int { return cmp.Compare(a.Bucket, b.Bucket) })
	dropped := len(h.Buckets) - len(kept)
	h.Buckets = chosen(h.Buckets, kept)
	return dropped
}

func dropOddBuckets(allowed func(model.Type) func(float64) bool) func(*document, *part) int {
	return inHistograms(func(p *part, h *model.HistogramValue) int {
		if !hasClassic(h) {
			return 0
		}
		var kept []int
		for i, b := range h.Buckets {
			if allowed(p.Type)(b.Count) && !math.IsNaN(b.UpperBound) {
				kept = append(kept, i)
			}
		}
		return inBuckets(h, kept)
	})
}

var sortBuckets = inHistograms(func(_ *part, h *model.HistogramValue) int {
	order := make([]int, len(h.Buckets))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(h.Buckets[a].UpperBound, h.Buckets[b].UpperBound) })
	return inBuckets(h, order)
})

var dropRepeatedBounds = inHistograms(func(_ *part, h *model.HistogramValue) int {
	var kept []int
	for i, b := range h.Buckets {
		if i == 0 || b.UpperBound != h.Buckets[i-1].UpperBound {
			kept = append(kept, i)
		}
	}
	return inBuckets(h, kept)
})

// hasClassic reports whether h has classic buckets, or has to have some.
func hasClassic(h *model.HistogramValue) bool { return h.Native == nil || len(h.Buckets) > 0 }

// hasInfinity reports whether h has the bucket +Inf, whose buckets are in order.
func hasInfinity(h *model.HistogramValue) bool {
	return slices.ContainsFunc(h.Buckets, func(b model.Bucket) bool { return math.IsInf(b.UpperBound, 1) })
}

// dropUncounted leaves out the histograms without a bucket +Inf and without a count that may stand there.
func dropUncounted(allowed func(model.Type) func(float64) bool) func(*document, *part) int {
	return dropMetrics(func(p *part, m *model.Metric) bool {
		h := m.Histogram()
		return h != nil && !hasInfinity(h) && (!h.HasCount || !allowed(p.Type)(h.Count))
	})
}

var addInfinity = inHistograms(func(_ *part, h *model.HistogramValue) int {
	if h.HasCount && !hasInfinity(h) && hasClassic(h) {
		h.Buckets = append(h.Buckets, model.Bucket{UpperBound: math.Inf(1), Count: h.Count})
	}
	return 0
})

var addInfinityToNative = inHistograms(func(_ *part, h *model.HistogramValue) int {
	if h.Native != nil && h.HasCount && !hasInfinity(h) {
		h.Buckets = append(h.Buckets, model.Bucket{UpperBound: math.Inf(1), Count: h.Count})
		if h.BoundTexts != nil {
			h.BoundTexts = append(h.BoundTexts, "+Inf")
		}
	}
	return 0
})

// dropFallingBuckets leaves out buckets that count more than one behind them, unless counts may be negative.
func dropFallingBuckets(allowed func(model.Type) func(float64) bool) func(*document, *part) int {
	return inHistograms(func(p *part, h *model.HistogramValue) int {
		if allowed(p.Type)(-1) {
			return 0
		}
		var kept []int
		limit := math.Inf(1)
		for i, b := range slices.Backward(h.Buckets) {
			if b.Count <= limit {
				kept = append(kept, i)
				limit = b.Count
			}
		}
		slices.Reverse(kept)
		return inBuckets(h, kept)
	})
}

var countInfinity = inHistograms(func(_ *part, h *model.HistogramValue) int {
	if !h.HasCount || !hasInfinity(h) {
		return 0
	}
	last := h.Buckets[len(h.Buckets)-1].Count
	if cmp.Compare(h.Count, last) == 0 {
		return 0
	}
	h.Count = last
	return 1
})

var dropOddSums = inHistograms(func(p *part, h *model.HistogramValue) int {
	if !h.HasSum {
		return 0
	}
	negative := len(h.Buckets) > 0 && h.Buckets[0].UpperBound < 0
	if p.Type == model.Histogram && h.Sum >= 0 && !negative {
		return 0
	}
	if p.Type == model.GaugeHistogram && (h.Sum >= 0 || negative && !math.IsNaN(h.Sum)) {
		return 0
	}
	h.HasSum, h.Sum = false, 0
	return 1
})

var dropLonelyCounts = inHistograms(func(_ *part, h *model.HistogramValue) int {
	if !hasInfinity(h) {
		return 0
	}
	last := h.Buckets[len(h.Buckets)-1].Count
	switch {
	case h.HasSum && !h.HasCount:
		h.HasCount, h.Count = true, last
	case !h.HasSum && h.HasCount && h.Count == last: // which still says it
		h.HasCount, h.Count = false, 0
	}
	return 0
})

var countAlways = inHistograms(func(_ *part, h *model.HistogramValue) int {
	if hasInfinity(h) && !h.HasCount {
		h.HasCount, h.Count = true, h.Buckets[len(h.Buckets)-1].Count
	}
	return 0
})

func isSumless(_ *part, m *model.Metric) bool { return m.Histogram() != nil && !m.Histogram().HasSum }

func anyNative(*model.NativeHistogram) bool { return true }

func customNative(n *model.NativeHistogram) bool { return n.Schema == -53 || n.CustomBounds != nil }

func dropNative(drop func(*model.NativeHistogram) bool) func(*document, *part) int {
	return inMetrics(func(_ *part, m *model.Metric) int {
		if m.Histogram() == nil || m.Histogram().Native == nil || !drop(m.Histogram().Native) {
			return 0
		}
		m.Histogram().Native = nil
		return 1
	})
}

var dropOddNative = inMetrics(func(p *part, m *model.Metric) int {
	if m.Histogram() == nil || m.Histogram().Native == nil {
		return 0
	}
	n := m.Histogram().Native
	_, negative := joined(n.NegativeSpans)
	_, positive := joined(n.PositiveSpans)
	allowed := isCountOrGauge
	if p.Type == model.Histogram {
		allowed = isCountable
	}
	odd := func(count float64) bool { return !allowed(count) }
	if n.Schema >= -4 && n.Schema <= 8 && n.ZeroThreshold >= 0 && !math.IsInf(n.ZeroThreshold, 1) && negative && positive &&
		!odd(n.ZeroCount) && !slices.ContainsFunc(n.NegativeCounts, odd) && !slices.ContainsFunc(n.PositiveCounts, odd) {
		return 0
	}
	m.Histogram().Native = nil
	return 1
})

// joined are the spans that have buckets, and whether each begins behind the one before.
func joined(spans []model.Span) (list []model.Span, ok bool) {
	offset := int32(0)
	for _, s := range spans {
		offset += s.Offset
		if s.Length == 0 {
			continue
		}
		if len(list) > 0 && offset < 0 {
			return nil, false
		}
		list = append(list, model.Span{Offset: offset, Length: s.Length})
		offset = 0
	}
	return list, true
}

var joinSpans = inHistograms(func(_ *part, h *model.HistogramValue) int {
	if h.Native != nil {
		h.Native.NegativeSpans, _ = joined(h.Native.NegativeSpans)
		h.Native.PositiveSpans, _ = joined(h.Native.PositiveSpans)
	}
	return 0
})

var dropLoneSpans = inHistograms(func(_ *part, h *model.HistogramValue) int {
	if n := h.Native; n != nil {
		for _, spans := range []*[]model.Span{&n.NegativeSpans, &n.PositiveSpans} {
			if len(*spans) == 1 && (*spans)[0] == (model.Span{}) {
				*spans = nil
			}
		}
	}
	return 0
})

var fractionsAreFloats = inHistograms(func(_ *part, h *model.HistogramValue) int {
	if h.Native != nil {
		counts := slices.Concat([]float64{h.Count, h.Native.ZeroCount}, h.Native.NegativeCounts, h.Native.PositiveCounts)
		h.Native.Float = h.Native.Float || slices.ContainsFunc(counts, func(n float64) bool { return !isWhole(n) })
	}
	return 0
})

var dropNativeOfOtherSum = inHistograms(func(_ *part, h *model.HistogramValue) int {
	if h.Native == nil {
		return 0
	}
	sum := h.Native.ZeroCount
	for _, count := range slices.Concat(h.Native.NegativeCounts, h.Native.PositiveCounts) {
		sum += count
	}
	missing := h.Count - sum
	if !(math.Abs(missing) > 1e-9*math.Abs(h.Count)) || math.IsInf(missing, 0) || math.IsNaN(h.Sum) && missing > 0 {
		return 0
	}
	h.Native = nil
	return 1
})
