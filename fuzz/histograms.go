package fuzz

import (
	"math"
	"strconv"

	"github.com/promfmt/promfmt/model"
)

// histogram is a histogram of classic buckets, native ones, or both.
func histogram(c *Choices) *model.HistogramValue {
	h := &model.HistogramValue{HasCount: true, HasSum: !c.OneIn(4)}
	if h.HasSum {
		h.Sum = value(c)
	}
	kind := c.Below(4) // classic twice, native, both
	if kind >= 2 {
		h.Native = native(c)
		h.Count = observations(h.Native)
	} else {
		h.Count = float64(c.Below(1000))
	}
	if kind != 2 {
		addBuckets(c, h)
	}
	return h
}

// observations is how many observations native buckets count.
func observations(n *model.NativeHistogram) float64 {
	total := n.ZeroCount
	for _, counts := range [][]float64{n.NegativeCounts, n.PositiveCounts} {
		for _, count := range counts {
			total += count
		}
	}
	return total
}

// addBuckets adds classic buckets whose counts rise to no more than that of the histogram.
func addBuckets(c *Choices, h *model.HistogramValue) {
	for _, bound := range subset(c, bounds) {
		before := 0.0
		if n := len(h.Buckets); n > 0 {
			before = h.Buckets[n-1].Count
		}
		count := math.Min(before+float64(c.Below(100)), h.Count)
		h.Buckets = append(h.Buckets, model.Bucket{UpperBound: bound, Count: count})
	}
	if !c.OneIn(8) {
		h.Buckets = append(h.Buckets, model.Bucket{UpperBound: math.Inf(1), Count: h.Count})
		h.HasCount = !c.OneIn(8)
		if !h.HasCount {
			h.Count = 0
		}
	}
	if c.OneIn(4) {
		for _, b := range h.Buckets {
			h.BoundTexts = append(h.BoundTexts, spelled(c, b.UpperBound))
		}
	}
	if c.OneIn(4) {
		for i := range subset(c, h.Buckets) {
			h.Exemplars = append(h.Exemplars, model.BucketExemplar{Bucket: i, Exemplar: exemplar(c)})
		}
	}
}

// spelled is one of the texts of a number.
func spelled(c *Choices, v float64) string {
	return strconv.FormatFloat(v, Pick(c, []byte("gef")), -1, 64)
}

// native is native buckets of one of the schemas, with counts that are whole or not.
func native(c *Choices) *model.NativeHistogram {
	n := &model.NativeHistogram{Schema: Pick(c, schemas), Float: c.OneIn(3)}
	if n.Schema == customSchema {
		n.CustomBounds = subset(c, bounds)
		// There is one more bucket than bounds, for what is above the last.
		gap := c.Below(len(n.CustomBounds))
		n.PositiveSpans = []model.Span{{Offset: int32(gap), Length: uint32(1 + c.Below(len(n.CustomBounds)-gap))}}
		n.PositiveCounts = nativeCounts(c, n)
		return n
	}
	n.ZeroThreshold = Pick(c, []float64{0, 2.938735877055719e-39, 1e-128, 0.5})
	n.ZeroCount = float64(c.Below(10))
	n.PositiveSpans = spans(c)
	n.PositiveCounts = nativeCounts(c, n)
	if c.OneIn(2) {
		n.NegativeSpans, n.PositiveSpans = n.PositiveSpans, spans(c)
		n.NegativeCounts, n.PositiveCounts = n.PositiveCounts, nativeCounts(c, n)
	}
	return n
}

// spans are up to three runs of native buckets.
func spans(c *Choices) (spans []model.Span) {
	for i := range c.Below(4) {
		offset := int32(c.Below(8))
		if i == 0 {
			offset -= 4
		}
		spans = append(spans, model.Span{Offset: offset, Length: uint32(c.Below(4))})
	}
	return spans
}

// nativeCounts is a count for each bucket of the positive spans.
func nativeCounts(c *Choices, n *model.NativeHistogram) (counts []float64) {
	for _, span := range n.PositiveSpans {
		for range span.Length {
			count := float64(c.Below(100))
			if n.Float {
				count /= 4
			}
			counts = append(counts, count)
		}
	}
	return counts
}

// summary is a summary, with quantiles or without.
func summary(c *Choices) *model.SummaryValue {
	s := &model.SummaryValue{HasCount: !c.OneIn(4), HasSum: !c.OneIn(4)}
	if s.HasCount {
		s.Count = float64(c.Below(1000))
	}
	if s.HasSum {
		s.Sum = value(c)
	}
	if c.OneIn(4) {
		return s
	}
	for _, q := range subset(c, quantiles) {
		s.Quantiles = append(s.Quantiles, model.Quantile{Quantile: q, Value: value(c)})
	}
	if c.OneIn(4) {
		for _, q := range s.Quantiles {
			s.QuantileTexts = append(s.QuantileTexts, spelled(c, q.Quantile))
		}
	}
	return s
}
