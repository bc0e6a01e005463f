package convert

import (
	"math"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// valueRules judge histograms and summaries as wholes, for the formats in which they come as such. Text, where they come in
// lines, is judged line by line.
type valueRules struct {
	// report reports something about the metric in question. Where much may be reported, reporter tells beforehand whether
	// anybody is to hear of it, since the arguments cost memory.
	reporter *reporter
	report   func(rule diag.Rule, format string, args ...any)
	// custom tells that the format has the schema with bounds of its own.
	custom bool
	// bounds is memory for those that are to be compared with each other.
	bounds []float64
}

// customSchema is the schema of native histograms that have bounds of their own.
const customSchema = -53

// buckets judges classic buckets beside each other.
func (v *valueRules) buckets(kind model.Type, h *model.HistogramValue) {
	buckets := h.Buckets
	if len(buckets) == 0 {
		return
	}
	rising, falls := !math.IsNaN(buckets[0].UpperBound), false
	for i := 1; i < len(buckets); i++ {
		before, bucket := &buckets[i-1], &buckets[i]
		rising = rising && bucket.UpperBound > before.UpperBound
		falls = falls || bucket.Count < before.Count
	}
	if falls && kind == model.Histogram && v.reporter.reports(diag.FallingCounts) {
		v.fallingCounts(buckets)
	}
	if !rising {
		bounds := v.bounds[:0]
		for i := range buckets {
			bounds = append(bounds, buckets[i].UpperBound)
		}
		v.oddBounds(diag.BucketBound, "bucket", bounds)
	}
	last := buckets[len(buckets)-1]
	if h.HasCount && math.IsInf(last.UpperBound, 1) && last.Count != h.Count {
		v.report(diag.InfinityCount, "the count is %s but bucket +Inf counts %s",
			model.FormatFloat(h.Count), model.FormatFloat(last.Count))
	}
}

// fallingCounts reports where the counts of buckets fall.
func (v *valueRules) fallingCounts(buckets []model.Bucket) {
	for i := 1; i < len(buckets); i++ {
		if before, bucket := buckets[i-1], buckets[i]; bucket.Count < before.Count {
			v.report(diag.FallingCounts, "bucket %s counts %s, less than the %s of the bucket before",
				model.FormatFloat(bucket.UpperBound), model.FormatFloat(bucket.Count), model.FormatFloat(before.Count))
		}
	}
}

// quantiles judges the quantiles of a summary beside each other.
func (v *valueRules) quantiles(s *model.SummaryValue) {
	rising := true
	for i, q := range s.Quantiles {
		rising = rising && (i == 0 && !math.IsNaN(q.Quantile) || i > 0 && q.Quantile > s.Quantiles[i-1].Quantile)
	}
	if rising {
		return
	}
	bounds := v.bounds[:0]
	for _, q := range s.Quantiles {
		bounds = append(bounds, q.Quantile)
	}
	v.oddBounds(diag.QuantileLabel, "quantile", bounds)
}

// oddBounds judges bounds or quantiles that do not rise or have a NaN first: by the rule where one is no number, where one
// occurs twice, and the bounds of buckets where they do not rise.
func (v *valueRules) oddBounds(rule diag.Rule, what string, bounds []float64) {
	v.bounds = bounds
	if rule == diag.BucketBound && !slices.IsSorted(bounds) {
		v.report(diag.BoundOrder, "the bounds of buckets do not rise")
	}
	slices.Sort(bounds) // NaN comes first
	tellsTwice := v.reporter.reports(diag.DuplicateSeries)
	for i, bound := range bounds {
		switch {
		case math.IsNaN(bound):
			v.report(rule, "the bound of a %s is NaN, which is not a number", what)
		case tellsTwice && i > 0 && bound == bounds[i-1]:
			v.report(diag.DuplicateSeries, "%s %s occurs twice", what, model.FormatFloat(bound))
		}
	}
}

// bucketCount judges the count of a bucket.
func (v *valueRules) bucketCount(kind model.Type, b model.Bucket) {
	if isNoCount(b.Count) && v.reporter.reports(diag.CountValue) {
		v.count(kind, "bucket "+model.FormatFloat(b.UpperBound), b.Count)
	}
}

// count reports a count that can be none. That of a gauge histogram may be any number, and those of a histogram that has
// floats may have fractions.
func (v *valueRules) count(kind model.Type, what string, n float64) {
	if isNoCount(n) && kind != model.GaugeHistogram {
		v.report(diag.CountValue, "the count of %s, %s, is not a number of at least 0", what, model.FormatFloat(n))
	}
}

func isNoCount(n float64) bool { return !(n >= 0 && n <= math.MaxFloat64) }

// native judges the native buckets of a histogram, and its count beside them.
func (v *valueRules) native(kind model.Type, h *model.HistogramValue) {
	n := h.Native
	isCustom := v.custom && n.Schema == customSchema
	if (n.Schema < -4 || n.Schema > 8) && !isCustom {
		v.report(diag.NativeSchema, "the schema %d is none of -4 to 8", n.Schema)
	}
	if !(n.ZeroThreshold >= 0 && n.ZeroThreshold <= math.MaxFloat64) {
		v.report(diag.ZeroThreshold, "the zero threshold, %s, is not a finite number of at least 0", model.FormatFloat(n.ZeroThreshold))
	}
	v.count(kind, "the zero bucket", n.ZeroCount)
	v.side(kind, "negative", n.NegativeSpans, n.NegativeCounts)
	v.side(kind, "positive", n.PositiveSpans, n.PositiveCounts)
	if isCustom {
		v.customBounds(n.CustomBounds)
	}
	v.total(h)
}

// side judges one side of a native histogram.
func (v *valueRules) side(kind model.Type, name string, spans []model.Span, counts []float64) {
	length := uint64(0)
	for i, span := range spans {
		length += uint64(span.Length)
		if i > 0 && span.Offset < 0 {
			v.report(diag.SpanOffset, "the offset of %s span number %d, %d, is negative", name, i, span.Offset)
		}
	}
	if err := checkSpans(name, length, len(counts)); err != nil {
		v.report(diag.SpanTotal, "%v", err)
	}
	if i := slices.IndexFunc(counts, isNoCount); i >= 0 {
		v.count(kind, "a "+name+" bucket", counts[i])
	}
}

// customBounds judges the bounds of a histogram that has them of its own.
func (v *valueRules) customBounds(bounds []float64) {
	for i, bound := range bounds {
		switch {
		case math.IsNaN(bound):
			v.report(diag.BucketBound, "a custom bound is NaN, which is not a number")
		case i > 0 && bound <= bounds[i-1]:
			v.report(diag.BoundOrder, "the custom bound %s follows %s, but bounds rise",
				model.FormatFloat(bound), model.FormatFloat(bounds[i-1]))
		}
	}
}

// total reports a native histogram of whole numbers whose buckets do not add up to its count. A NaN observation is counted
// and is in no bucket, and counts beyond 2^53 do not add up exactly.
func (v *valueRules) total(h *model.HistogramValue) {
	n := h.Native
	if n.Float || !h.HasCount || h.Count >= 1<<53 {
		return
	}
	total := n.ZeroCount
	for _, counts := range [...][]float64{n.NegativeCounts, n.PositiveCounts} {
		for _, count := range counts {
			total += count
		}
	}
	if total > h.Count || total < h.Count && !math.IsNaN(h.Sum) {
		v.report(diag.NativeCount, "the count is %s but the native buckets add up to %s",
			model.FormatFloat(h.Count), model.FormatFloat(total))
	}
}
