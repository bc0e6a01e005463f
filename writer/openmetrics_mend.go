package writer

import (
	"cmp"
	"math"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// countRule says which counts a histogram may have.
type countRule uint8

const (
	anyCount    countRule = iota // a gauge histogram of OpenMetrics 2.0
	countable                    // not NaN and not negative
	wholeCounts                  // an integer at that
)

func (r countRule) allows(n float64) bool {
	switch r {
	case wholeCounts:
		_, ok := wholeCount(n)
		return ok
	case countable:
		return n >= 0
	}
	return true
}

// mender makes histograms and summaries what OpenMetrics allows: bounds and quantiles that rise, counts that do not fall,
// a bucket +Inf. Nearly all are that from the beginning, and are given back as they are.
type mender struct {
	buckets   []model.Bucket
	quantiles []model.Quantile
}

// histogram gives the buckets of h, up to +Inf, and those of its exemplars that are given. It is not ok, and reports so,
// if h has neither such a bucket nor a count that could stand there. What it gives is valid until the next call.
func (d *mender) histogram(
	o *output, h *model.HistogramValue, given []model.BucketExemplar, rule countRule,
) (buckets []model.Bucket, exemplars []model.BucketExemplar, ok bool) {
	buckets, exemplars = h.Buckets, given
	if !areInOrder(buckets, rule) {
		buckets, exemplars = sorted(o, h.Buckets, given, rule)
	}
	last := len(buckets) - 1
	if last < 0 || !math.IsInf(buckets[last].UpperBound, 1) {
		if !h.HasCount || !rule.allows(h.Count) {
			o.lose(diag.LossIncomplete, 1, "it has no bucket +Inf")
			return nil, nil, false
		}
		d.buckets = append(append(d.buckets[:0], buckets...), model.Bucket{UpperBound: math.Inf(1), Count: h.Count})
		buckets = d.buckets
		if last >= 0 && buckets[last].Count > h.Count && rule != anyCount {
			buckets, exemplars = rising(o, buckets, exemplars)
		}
	} else if h.HasCount && cmp.Compare(h.Count, buckets[last].Count) != 0 {
		o.lose(diag.LossCount, 1)
	}
	return buckets, exemplars, true
}

// areInOrder reports whether the bounds rise, and the counts are allowed and do not fall.
func areInOrder(buckets []model.Bucket, rule countRule) bool {
	for i := range buckets {
		b := &buckets[i]
		if !rule.allows(b.Count) || b.UpperBound != b.UpperBound {
			return false
		}
		if i > 0 && (b.UpperBound <= buckets[i-1].UpperBound || b.Count < buckets[i-1].Count && rule != anyCount) {
			return false
		}
	}
	return true
}

// sorted gives the buckets that are allowed, in order, and their exemplars.
func sorted(
	o *output, all []model.Bucket, theirs []model.BucketExemplar, rule countRule,
) ([]model.Bucket, []model.BucketExemplar) {
	order := make([]int, 0, len(all))
	for i, b := range all {
		if !rule.allows(b.Count) || b.UpperBound != b.UpperBound {
			o.lose(diag.LossValue, 1, "that of a bucket")
			continue
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(all[a].UpperBound, all[b].UpperBound) })
	unique := slices.CompactFunc(slices.Clone(order), func(a, b int) bool { return all[a].UpperBound == all[b].UpperBound })
	if twice := len(order) - len(unique); twice > 0 {
		o.lose(diag.LossDuplicate, twice, "a bound")
	}
	buckets, exemplars := pick(o, all, theirs, unique)
	if rule == anyCount {
		return buckets, exemplars
	}
	return rising(o, buckets, exemplars)
}

// rising leaves out the buckets that count more than one behind them.
func rising(
	o *output, buckets []model.Bucket, exemplars []model.BucketExemplar,
) ([]model.Bucket, []model.BucketExemplar) {
	var kept []int
	limit := math.Inf(1)
	for i, b := range slices.Backward(buckets) {
		if b.Count <= limit {
			kept = append(kept, i)
			limit = b.Count
		}
	}
	slices.Reverse(kept)
	if falling := len(buckets) - len(kept); falling > 0 {
		o.lose(diag.LossValue, falling, "a bucket that counts more than the next")
	}
	return pick(o, buckets, exemplars, kept)
}

// pick gives the buckets of the given indexes, and their exemplars.
func pick(
	o *output, buckets []model.Bucket, exemplars []model.BucketExemplar, indexes []int,
) (picked []model.Bucket, theirs []model.BucketExemplar) {
	become := make(map[int]int, len(indexes))
	for i, index := range indexes {
		picked = append(picked, buckets[index])
		become[index] = i
	}
	for _, e := range exemplars {
		bucket, ok := become[e.Bucket]
		if !ok {
			o.lose(diag.LossExemplar, 1, "its bucket is left out")
			continue
		}
		e.Bucket = bucket
		theirs = append(theirs, e)
	}
	slices.SortStableFunc(theirs, func(a, b model.BucketExemplar) int { return cmp.Compare(a.Bucket, b.Bucket) })
	return picked, theirs
}

// quantilesOf gives the quantiles of v in order, without those that are not allowed. What it gives is valid until the next
// call.
func (d *mender) quantilesOf(o *output, v *model.SummaryValue) []model.Quantile {
	before := -1.0
	for _, q := range v.Quantiles {
		if !(q.Quantile > before && q.Quantile >= 0 && q.Quantile <= 1) || q.Value < 0 {
			return d.sortedQuantiles(o, v.Quantiles)
		}
		before = q.Quantile
	}
	return v.Quantiles
}

func (d *mender) sortedQuantiles(o *output, quantiles []model.Quantile) []model.Quantile {
	d.quantiles = slices.DeleteFunc(append(d.quantiles[:0], quantiles...), func(q model.Quantile) bool {
		return !(q.Quantile >= 0 && q.Quantile <= 1) || q.Value < 0
	})
	if refused := len(quantiles) - len(d.quantiles); refused > 0 {
		o.lose(diag.LossValue, refused, "that of a quantile")
	}
	slices.SortStableFunc(d.quantiles, func(a, b model.Quantile) int { return cmp.Compare(a.Quantile, b.Quantile) })
	allowed := len(d.quantiles)
	d.quantiles = slices.CompactFunc(d.quantiles, func(a, b model.Quantile) bool { return a.Quantile == b.Quantile })
	if twice := allowed - len(d.quantiles); twice > 0 {
		o.lose(diag.LossDuplicate, twice, "a quantile")
	}
	return d.quantiles
}
