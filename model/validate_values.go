package model

import (
	"fmt"
	"math"
	"strconv"
)

func (v *validation) histogram(h *HistogramValue) {
	v.texts("BoundTexts", h.BoundTexts, len(h.Buckets), func(i int) float64 { return h.Buckets[i].UpperBound })
	for i, bucket := range h.Buckets {
		what := "bucket " + FormatFloat(bucket.UpperBound)
		v.count("count of "+what, bucket.Count)
		if math.IsNaN(bucket.UpperBound) {
			v.fail("the bound of a bucket is NaN")
		}
		if i == 0 {
			continue
		}
		before := h.Buckets[i-1]
		if bucket.UpperBound <= before.UpperBound {
			v.fail("%s follows bucket %s, but bounds must rise", what, FormatFloat(before.UpperBound))
		}
		if bucket.Count < before.Count && v.family.Type == Histogram {
			v.fail("%s counts %v, less than the %v of the bucket before, but counts are cumulative", what, bucket.Count, before.Count)
		}
	}
	v.histogramCount(h)

	before := 0
	for i := range h.Exemplars {
		e := &h.Exemplars[i]
		if e.Bucket < 0 || e.Bucket >= len(h.Buckets) {
			v.fail("there is an exemplar of bucket number %d, but there are %d buckets", e.Bucket, len(h.Buckets))
		}
		if e.Bucket < before {
			v.fail("the exemplars are not in the order of their buckets")
		}
		before = e.Bucket
		v.exemplar(&e.Exemplar)
	}
	if h.Native != nil {
		v.native(h)
	}
}

// histogramCount checks the count by itself and against the last classic bucket.
func (v *validation) histogramCount(h *HistogramValue) {
	last := Bucket{Count: math.Inf(-1)}
	if n := len(h.Buckets); n > 0 {
		last = h.Buckets[n-1]
	}
	hasInf := math.IsInf(last.UpperBound, 1)
	if !h.HasCount {
		if !hasInf {
			v.fail("there is neither a count nor a bucket +Inf")
		}
		return
	}
	v.count("count", h.Count)
	switch {
	case hasInf && last.Count != h.Count:
		v.fail("the count is %v but bucket +Inf counts %v", h.Count, last.Count)
	case last.Count > h.Count && v.family.Type == Histogram:
		v.fail("the count is %v but bucket %s counts %v", h.Count, FormatFloat(last.UpperBound), last.Count)
	}
}

// customSchema is the schema of native histograms that state their bounds.
const customSchema = -53

// native checks native buckets by the rules of Prometheus.
func (v *validation) native(h *HistogramValue) {
	n := h.Native
	if (n.Schema < -4 || n.Schema > 8) && n.Schema != customSchema {
		v.fail("the schema %d is none of -4 to 8 and %d", n.Schema, customSchema)
	}
	if !(n.ZeroThreshold >= 0) || math.IsInf(n.ZeroThreshold, 1) {
		v.fail("the zero threshold, %v, is not a finite number of at least 0", n.ZeroThreshold)
	}
	v.nativeCount(n, "zero count", n.ZeroCount)
	total := n.ZeroCount
	for _, side := range []struct {
		name   string
		spans  []Span
		counts []float64
	}{
		{"negative", n.NegativeSpans, n.NegativeCounts},
		{"positive", n.PositiveSpans, n.PositiveCounts},
	} {
		v.spans(side.name, side.spans, len(side.counts))
		for i, count := range side.counts {
			v.nativeCount(n, fmt.Sprintf("count of %s bucket number %d", side.name, i), count)
			total += count
		}
	}
	if n.Schema == customSchema {
		v.customBounds(n)
	} else if len(n.CustomBounds) > 0 {
		v.fail("there are custom bounds, which belong to schema %d, but the schema is %d", customSchema, n.Schema)
	}

	// A NaN observation is counted and is in no bucket. Fractions do not add up exactly, nor do counts beyond 2^53.
	if h.HasCount && !n.Float && h.Count < 1<<53 {
		if total > h.Count || total < h.Count && !math.IsNaN(h.Sum) {
			v.fail("the count is %v but the native buckets add up to %v", h.Count, total)
		}
	}
}

func (v *validation) nativeCount(n *NativeHistogram, what string, count float64) {
	v.count(what, count)
	if !n.Float && count != math.Trunc(count) {
		v.fail("the %s, %v, is not a whole number, but Float is not set", what, count)
	}
}

func (v *validation) spans(side string, spans []Span, counts int) {
	length := uint64(0)
	for i, span := range spans {
		if i > 0 && span.Offset < 0 {
			v.fail("the offset of %s span number %d, %d, is negative", side, i, span.Offset)
		}
		length += uint64(span.Length)
	}
	if length != uint64(counts) {
		v.fail("the %s spans cover %d buckets, but there are %d counts", side, length, counts)
	}
}

func (v *validation) customBounds(n *NativeHistogram) {
	if n.ZeroThreshold != 0 || n.ZeroCount != 0 || len(n.NegativeSpans) > 0 {
		v.fail("a histogram of schema %d cannot have a zero bucket or negative buckets", customSchema)
	}
	for i, bound := range n.CustomBounds {
		if math.IsNaN(bound) || math.IsInf(bound, 0) {
			v.fail("the custom bound %v is not finite", bound)
		}
		if i > 0 && bound <= n.CustomBounds[i-1] {
			v.fail("custom bound %v follows %v, but bounds must rise", bound, n.CustomBounds[i-1])
		}
	}
	end := int64(0)
	for _, span := range n.PositiveSpans {
		end += int64(span.Offset) + int64(span.Length)
	}
	if len(n.PositiveSpans) > 0 && n.PositiveSpans[0].Offset < 0 || end > int64(len(n.CustomBounds))+1 {
		v.fail("the spans reach beyond the buckets of %d custom bounds", len(n.CustomBounds))
	}
}

func (v *validation) summary(s *SummaryValue) {
	v.texts("QuantileTexts", s.QuantileTexts, len(s.Quantiles), func(i int) float64 { return s.Quantiles[i].Quantile })
	if s.HasCount {
		v.count("count", s.Count)
	}
	seen := make(map[float64]struct{}, len(s.Quantiles))
	for _, q := range s.Quantiles {
		if !(q.Quantile >= 0 && q.Quantile <= 1) {
			v.fail("the quantile %v is not within 0 to 1", q.Quantile)
		}
		if _, twice := seen[q.Quantile]; twice {
			v.fail("the quantile %v occurs twice", q.Quantile)
		}
		seen[q.Quantile] = struct{}{}
	}
}

// texts checks the texts of bounds or quantiles against the n numbers that they stand for.
func (v *validation) texts(field string, texts []string, n int, number func(int) float64) {
	if texts == nil {
		return
	}
	if len(texts) != n {
		v.fail("%s has %d elements for %d numbers", field, len(texts), n)
		return
	}
	for i, text := range texts {
		if parsed, err := strconv.ParseFloat(text, 64); err != nil || parsed != number(i) {
			v.fail("the text %q in %s does not stand for %v", text, field, number(i))
		}
	}
}
