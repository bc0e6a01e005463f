package convert

import (
	"math"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// addComposite takes in a sample of a histogram or summary of OpenMetrics 2.0, which is a metric of its own.
func (a *assembler) addComposite(e *entry) {
	if e.more == nil || e.more.composite == nil {
		at := a.valueAt(e)
		if !a.report(diag.PlainValue, at.at, at.end, "the value of a %s is composite", a.family.Type) {
			a.addLoose(e)
		}
		return
	}
	c, labels := e.more.composite, e.series()
	if a.refusesComposite(c, labels) {
		return
	}
	if a.index.find(a.metrics, labels, e.timestamp, e.labels.shape()) >= 0 {
		if !a.reportDuplicate(e) {
			a.addCompositeMetric(e, c, labels)
		}
		return
	}
	if !a.refusesPlace(e, labels) {
		a.addCompositeMetric(e, c, labels)
	}
}

func (a *assembler) addCompositeMetric(e *entry, c *compositeValue, labels model.Labels) {
	m := a.addMetric()
	*m = model.Metric{Labels: a.keepLabels(labels), Timestamp: e.timestamp}
	if a.family.Type == model.Summary {
		m.Extra = a.keepSummary(c)
	} else {
		m.Extra = a.keepHistogram(c)
	}
	if x := e.more; x.start.Set {
		a.extra(m).Created = x.start
	}
	a.shareExemplars(m, e.more.exemplars)
}

func (a *assembler) keepSummary(c *compositeValue) *model.Extra {
	x := a.memory.summary()
	s := x.Summary
	s.Count, s.HasCount = c.number(countField)
	s.Sum, s.HasSum = c.number(sumField)
	entries := c.fields[quantileField].entries
	if len(entries) == 0 {
		return x
	}
	s.Quantiles = a.memory.quantiles.take(len(entries))
	for i, q := range entries {
		s.Quantiles[i] = model.Quantile{Quantile: q.key.value, Value: q.value.value}
	}
	return x
}

func (a *assembler) keepHistogram(c *compositeValue) *model.Extra {
	x := a.memory.histogram()
	h := x.Histogram
	count, sum := countField, sumField
	if a.family.Type == model.GaugeHistogram {
		count, sum = gcountField, gsumField
	}
	h.Count, h.HasCount = c.number(count)
	h.Sum, h.HasSum = c.number(sum)
	if entries := c.fields[bucketField].entries; len(entries) > 0 {
		h.Buckets = a.memory.buckets.take(len(entries))
		for i, b := range entries {
			h.Buckets[i] = model.Bucket{UpperBound: b.key.value, Count: b.value.value}
		}
	}
	if c.has(schemaField) {
		h.Native = a.keepNative(c)
	}
	return x
}

func (a *assembler) keepNative(c *compositeValue) *model.NativeHistogram {
	n := a.om.values.natives.one()
	n.Schema, n.Float = int32(c.fields[schemaField].number.value), c.float
	n.ZeroThreshold, _ = c.number(zeroThresholdField)
	n.ZeroCount, _ = c.number(zeroCountField)
	n.NegativeSpans, n.NegativeCounts = a.keepSide(c, negativeSpansField, negativeBucketsField)
	n.PositiveSpans, n.PositiveCounts = a.keepSide(c, positiveSpansField, positiveBucketsField)
	return n
}

// keepSide keeps one side of a native histogram. Spans without buckets, or the other way about, which is reported as
// missing, mean nothing.
func (a *assembler) keepSide(c *compositeValue, spans, buckets compositeField) ([]model.Span, []float64) {
	s, n := c.fields[spans].entries, c.fields[buckets].entries
	if len(s) == 0 || len(n) == 0 {
		return nil, nil
	}
	return a.keepSpans(s), a.keepCounts(n)
}

func (a *assembler) keepSpans(entries []fieldEntry) []model.Span {
	if len(entries) == 0 {
		return nil
	}
	spans := a.om.values.spans.take(len(entries))
	for i, s := range entries {
		spans[i] = model.Span{Offset: int32(s.key.value), Length: uint32(s.value.value)}
	}
	return spans
}

func (a *assembler) keepCounts(entries []fieldEntry) []float64 {
	if len(entries) == 0 {
		return nil
	}
	counts := a.om.values.counts.take(len(entries))
	for i, c := range entries {
		counts[i] = c.value.value
	}
	return counts
}

// number is what a field holds that is a number, and whether there is such a field.
func (c *compositeValue) number(f compositeField) (n float64, ok bool) {
	return c.fields[f].number.value, c.has(f)
}

// refusesComposite judges a composite value by the type of its family.
func (a *assembler) refusesComposite(c *compositeValue, labels model.Labels) bool {
	kind := a.family.Type
	if f, found := c.misplaced(kind); found {
		at := c.fields[f].span
		return a.report(diag.FieldPlace, at.at, at.end, "a %s has no field %s", kind, fieldNames[f])
	}
	if (kind == model.Summary || c.has(bucketField)) && a.refusesBoundLabel(labels) {
		return true
	}
	if kind == model.Summary {
		return a.refusesSummaryNumbers(c)
	}
	return a.refusesCounts(c) || a.refusesNativeCount(c) || a.refusesBuckets(c)
}

// refusesNumber reports a number of a composite value.
func (a *assembler) refusesNumber(rule diag.Rule, n number, format string, args ...any) bool {
	return a.report(rule, n.at, n.end, format, args...)
}

// refusesSumNumber judges a number that only grows.
func (a *assembler) refusesSumNumber(n number, what string) bool {
	switch {
	case math.IsNaN(n.value):
		return a.refusesNumber(diag.NaNValue, n, "the %s is NaN", what)
	case n.value < 0:
		return a.refusesNumber(diag.NegativeValue, n, "the %s is negative", what)
	}
	return false
}

func (a *assembler) refusesSummaryNumbers(c *compositeValue) bool {
	count, sum := c.fields[countField].number, c.fields[sumField].number
	switch {
	case math.IsNaN(count.value):
		if a.refusesSumNumber(count, "count") {
			return true
		}
	case !isCount(count.value):
		if a.refusesNumber(diag.CountValue, count, "count %s is not a whole number of at least 0", model.FormatFloat(count.value)) {
			return true
		}
	}
	return a.refusesSumNumber(sum, "sum") || a.refusesQuantiles(c.fields[quantileField].entries)
}

func (a *assembler) refusesQuantiles(entries []fieldEntry) bool {
	for i, q := range entries {
		quantile := q.key.value
		switch {
		case math.IsNaN(quantile):
			if a.refusesNumber(diag.QuantileLabel, q.key, "a quantile is NaN") {
				return true
			}
		case quantile < 0 || quantile > 1:
			if a.refusesNumber(diag.QuantileRange, q.key, "quantile %s is not from 0 to 1", model.FormatFloat(quantile)) {
				return true
			}
		}
		if i > 0 && quantile <= entries[i-1].key.value && a.refusesNumber(diag.BoundOrder, q.key,
			"quantile %s is not greater than the one before it", model.FormatFloat(quantile)) {
			return true
		}
		if q.value.value < 0 && a.refusesNumber(diag.QuantileValue, q.value, "the value of quantile %s is negative",
			model.FormatFloat(quantile)) {
			return true
		}
	}
	return false
}

// refusesCounts judges the counts of a histogram, each for itself, in the order of the fields.
func (a *assembler) refusesCounts(c *compositeValue) bool {
	for _, count := range c.counts() {
		if a.refusesCount(count) {
			return true
		}
	}
	return false
}

// refusesCount judges a count of a histogram, which in a gauge histogram may be any number.
func (a *assembler) refusesCount(n number) bool {
	if a.family.Type == model.Histogram && !(n.value >= 0) {
		return a.refusesSumNumber(n, "count")
	}
	return !isInteger(n.value) && a.refusesNumber(diag.FractionalCount, n, "count %s is not a whole number", model.FormatFloat(n.value))
}

// countTolerance is how far the sum of counts that are not whole may be from their count, as a part of it.
const countTolerance = 1e-9

// refusesNativeCount judges the count of a native histogram beside its buckets.
func (a *assembler) refusesNativeCount(c *compositeValue) bool {
	if !c.has(schemaField) || !c.has(zeroCountField) {
		return false
	}
	count, sum := c.fields[countField].number, c.fields[sumField].number
	if a.family.Type == model.GaugeHistogram {
		count, sum = c.fields[gcountField].number, c.fields[gsumField].number
	}
	if count.end == 0 {
		return false
	}
	total := c.fields[zeroCountField].number.value
	whole := isInteger(total) && isInteger(count.value)
	for _, side := range sides {
		for _, entry := range c.fields[side.buckets].entries {
			total += entry.value.value
			whole = whole && isInteger(entry.value.value)
		}
	}
	missing := count.value - total
	switch {
	case math.IsNaN(missing) || math.IsInf(missing, 0):
		return false
	case math.IsNaN(sum.value) && missing > 0: // as many observations were NaN
		return false
	case whole && missing == 0:
		return false
	case !whole && math.Abs(missing) <= countTolerance*math.Max(math.Abs(count.value), math.Abs(total)):
		return false
	}
	return a.refusesNumber(diag.NativeCount, count, "the count is %s and the buckets have %s together",
		model.FormatFloat(count.value), model.FormatFloat(total))
}

// refusesBuckets judges the bounds of the classic buckets of a histogram and the order of their counts.
func (a *assembler) refusesBuckets(c *compositeValue) bool {
	f := &c.fields[bucketField]
	infinite := -1
	for i, b := range f.entries {
		if a.refusesBucket(f.entries, i) {
			return true
		}
		if math.IsInf(b.key.value, 1) {
			infinite = i
		}
	}
	if !c.has(bucketField) {
		return false
	}
	if infinite < 0 {
		return a.report(diag.MissingInfinity, f.at, f.end, "there is no bucket +Inf")
	}
	count := c.fields[countField].number
	if a.family.Type == model.GaugeHistogram {
		count = c.fields[gcountField].number
	}
	last := f.entries[infinite].value
	return count.end > 0 && count.value != last.value && !(math.IsNaN(count.value) && math.IsNaN(last.value)) &&
		a.refusesNumber(diag.InfinityCount, last, "the count is %s and the bucket +Inf has %s",
			model.FormatFloat(count.value), model.FormatFloat(last.value))
}

// refusesBucket judges the bucket with index i beside the one before it.
func (a *assembler) refusesBucket(entries []fieldEntry, i int) bool {
	b := entries[i]
	if math.IsNaN(b.key.value) {
		return a.refusesNumber(diag.BucketBound, b.key, "a bound is NaN")
	}
	if i == 0 {
		return false
	}
	before := entries[i-1]
	if b.key.value <= before.key.value {
		return a.refusesNumber(diag.BoundOrder, b.key, "bound %s is not greater than the one before it", model.FormatFloat(b.key.value))
	}
	return a.family.Type == model.Histogram && b.value.value < before.value.value &&
		a.refusesNumber(diag.FallingCounts, b.value, "the bucket counts less than the one before it, which has %s",
			model.FormatFloat(before.value.value))
}

// isInteger reports whether n is a whole number, of whatever size and sign.
func isInteger(n float64) bool { return n == math.Trunc(n) && !math.IsInf(n, 0) }
