package writer

import (
	"math"
	"strconv"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// openMetrics2 writes OpenMetrics 2.0 (rc0): one line a metric, under the name of the family, and histograms and summaries
// as composite values.
type openMetrics2 struct {
	openMetrics

	// What follows is kept to be used again.
	negative, positive []wideSpan
}

func newOpenMetrics2(o *options) body {
	return &openMetrics2{openMetrics: newOpenMetrics(o, new(sampleSuffixes))}
}

func (t *openMetrics2) family(o *output, f *model.MetricFamily) { t.write(o, f, t) }

func (t *openMetrics2) put(o *output, f *model.MetricFamily, metrics []model.Metric) {
	t.lines(o, f, metrics, t)
}

func (t *openMetrics2) place(o *output, f *model.MetricFamily) bool {
	t.typ, t.name, t.suffix = f.Type, t.nameOf(o, f.Name, f.Suffix), ""
	if f.Type == model.Info {
		if _, ok := t.name.without("_info"); !ok {
			t.name = t.nameOf(o, f.SampleName(), "_info")
			o.lose(diag.LossSuffix, 1, "_info")
		}
	}
	if !t.taken.take(&t.name, t.typ) {
		o.lose(diag.LossNameTaken, 1, t.name.name, t.name.suffix)
		return false
	}
	if t.typ == model.GaugeHistogram {
		o.lacking(setOf(FeatureCreated))
	}
	return true
}

func (t *openMetrics2) unitFits([]byte, string) bool { return mayHaveUnit(t.typ) }

// statePoints is all of them: every state is a metric.
func (t *openMetrics2) statePoints(points int) int { return points }

func (t *openMetrics2) appendExtra(o *output, b []byte, m *model.Metric) []byte {
	if t.typ == model.Counter {
		b = t.appendExemplars(o, t.appendStart(o, b, m), m.Exemplars())
	}
	return append(b, '\n')
}

// appendStart appends the start timestamp, if there is one.
func (t *openMetrics2) appendStart(o *output, b []byte, m *model.Metric) []byte {
	created := m.Created()
	switch {
	case !created.Set || t.typ == model.GaugeHistogram:
		return b
	case m.Timestamp.Set && created.Compare(m.Timestamp) > 0:
		o.lose(diag.LossCreated, 1, "it is later than the timestamp")
		return b
	}
	return appendSeconds(append(b, " st@"...), created)
}

func (t *openMetrics2) appendExemplars(o *output, b []byte, exemplars []model.Exemplar) []byte {
	for i := range exemplars {
		b = t.appendStamped(o, b, &exemplars[i])
	}
	return b
}

// appendStamped appends an exemplar, which must have a timestamp.
func (t *openMetrics2) appendStamped(o *output, b []byte, e *model.Exemplar) []byte {
	if !e.Timestamp.Set {
		o.lose(diag.LossExemplar, 1, "it has no timestamp")
		return b
	}
	return t.appendExemplar(o, b, e)
}

func (t *openMetrics2) histograms(o *output, metrics []model.Metric) {
	b := o.buf
	rule, count, sum := countable, " {count:", ",sum:"
	if t.typ == model.GaugeHistogram {
		rule, count, sum = anyCount, " {gcount:", ",gsum:"
	}
	for i := range metrics {
		m := &metrics[i]
		h := m.Histogram()
		if !h.HasSum {
			o.lose(diag.LossIncomplete, 1, "it has no sum")
			continue
		}
		native := t.native(o, h.Native, rule)
		var buckets []model.Bucket
		exemplars, total, ok := h.Exemplars, h.Count, h.HasCount && rule.allows(h.Count)
		switch {
		case native == nil || len(h.Buckets) > 0:
			if buckets, exemplars, ok = t.mender.histogram(o, h, h.Exemplars, rule); ok {
				total = buckets[len(buckets)-1].Count
			}
		case !ok:
			o.lose(diag.LossIncomplete, 1, "it has no count")
		}
		if !ok {
			continue
		}
		if native != nil && !addsUp(native, total, h.Sum) {
			o.lose(diag.LossNative, 1, "its buckets do not add up to the count")
			native = nil
			if buckets == nil { // then the count stands in the bucket +Inf
				buckets, _, _ = t.mender.histogram(o, h, nil, rule)
			}
		}
		b = t.appendHead(o, b, m, count)
		b = appendNativeCount(b, total, native != nil && native.Float)
		b = appendCanonical(append(b, sum...), h.Sum)
		if native != nil {
			b = t.appendNativeFields(o, b, native)
		}
		if len(buckets) > 0 {
			b = t.appendBuckets(o, b, buckets)
		}
		b = t.appendStart(o, appendStamp(append(b, '}'), m.Timestamp), m)
		for j := range exemplars {
			b = t.appendStamped(o, b, &exemplars[j].Exemplar)
		}
		b = o.drain(append(t.appendExemplars(o, b, m.Exemplars()), '\n'))
	}
	o.buf = b
}

// appendHead appends the name and labels of m and the beginning of its composite value.
func (t *openMetrics2) appendHead(o *output, b []byte, m *model.Metric, field string) []byte {
	b = t.appendSeries(o, b, &t.name, "", labelsBeside(o, m.Labels, t.label))
	return append(b[:len(b)-1], field...)
}

func (t *openMetrics2) appendBuckets(o *output, b []byte, buckets []model.Bucket) []byte {
	b = append(b, ",bucket:["...)
	for j := range buckets {
		if j > 0 {
			b = append(b, ',')
		}
		b = append(append(b, t.numbers.at(j, buckets[j].UpperBound)...), ':')
		b = o.drain(appendCount(b, buckets[j].Count))
	}
	return append(b, ']')
}

// wideSpan is a span that does not overflow where spans without a bucket are joined to the next.
type wideSpan struct {
	offset int64
	length uint32
}

// native is n if it can be written, with its spans in t, else nil.
func (t *openMetrics2) native(o *output, n *model.NativeHistogram, rule countRule) *model.NativeHistogram {
	if n == nil || hasCustomBounds(n) { // the survey has reported the latter
		return nil
	}
	var negative, positive bool
	t.negative, negative = joinedSpans(t.negative[:0], n.NegativeSpans)
	t.positive, positive = joinedSpans(t.positive[:0], n.PositiveSpans)
	switch {
	case n.Schema < -4 || n.Schema > 8:
		o.lose(diag.LossNative, 1, "schema ", strconv.Itoa(int(n.Schema)))
	case !(n.ZeroThreshold >= 0) || math.IsInf(n.ZeroThreshold, 1):
		o.lose(diag.LossNative, 1, "its zero threshold is negative or not finite")
	case !negative || !positive:
		o.lose(diag.LossNative, 1, "its spans fall back")
	case !rule.allows(n.ZeroCount) || !rule.allowsAll(n.NegativeCounts) || !rule.allowsAll(n.PositiveCounts):
		o.lose(diag.LossNative, 1, "a bucket is negative or NaN")
	default:
		return n
	}
	return nil
}

// addsUp reports whether the buckets of n count as much as the histogram: exactly if all are whole numbers, else but for
// what is lost in adding floats. An observation that is NaN, as the sum is then, is in no bucket.
func addsUp(n *model.NativeHistogram, count, sum float64) bool {
	const tolerance = 1e-9
	total := n.ZeroCount
	whole := total == math.Trunc(total) && count == math.Trunc(count)
	for _, counts := range [...][]float64{n.NegativeCounts, n.PositiveCounts} {
		for _, c := range counts {
			total += c
			whole = whole && c == math.Trunc(c)
		}
	}
	missing := count - total
	switch {
	case math.IsNaN(missing) || math.IsInf(missing, 0), math.IsNaN(sum) && missing > 0:
		return true
	case whole:
		return missing == 0
	}
	return math.Abs(missing) <= tolerance*max(math.Abs(count), math.Abs(total))
}

// joinedSpans appends the spans that have buckets. They are not ok if one but the first begins before the end of another.
func joinedSpans(dst []wideSpan, spans []model.Span) (out []wideSpan, ok bool) {
	offset := int64(0)
	for _, s := range spans {
		offset += int64(s.Offset)
		if s.Length == 0 {
			continue
		}
		if len(dst) > 0 && offset < 0 {
			return dst, false
		}
		dst = append(dst, wideSpan{offset, s.Length})
		offset = 0
	}
	return dst, true
}

func (r countRule) allowsAll(counts []float64) bool {
	for _, n := range counts {
		if !r.allows(n) {
			return false
		}
	}
	return true
}

func (t *openMetrics2) appendNativeFields(o *output, b []byte, n *model.NativeHistogram) []byte {
	b = strconv.AppendInt(append(b, ",schema:"...), int64(n.Schema), 10)
	b = appendCanonical(append(b, ",zero_threshold:"...), n.ZeroThreshold)
	b = appendNativeCount(append(b, ",zero_count:"...), n.ZeroCount, n.Float)
	b = appendSide(o, b, ",negative_spans:[", "],negative_buckets:[", t.negative, n.NegativeCounts, n.Float)
	return appendSide(o, b, ",positive_spans:[", "],positive_buckets:[", t.positive, n.PositiveCounts, n.Float)
}

// appendSide appends the buckets on one side of the zero bucket, if there are any.
func appendSide(o *output, b []byte, spansField, countsField string, spans []wideSpan, counts []float64, float bool) []byte {
	if len(spans) == 0 {
		return b
	}
	b = append(b, spansField...)
	for i, s := range spans {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendInt(b, s.offset, 10), ':')
		b = o.drain(appendUint(b, uint64(s.length)))
	}
	b = append(b, countsField...)
	for i, n := range counts {
		if i > 0 {
			b = append(b, ',')
		}
		b = o.drain(appendNativeCount(b, n, float))
	}
	return append(b, ']')
}

// appendNativeCount appends a count of a native histogram, whose form tells whether it may be fractional.
func appendNativeCount(b []byte, n float64, float bool) []byte {
	if float {
		return appendCanonical(b, n)
	}
	return appendCount(b, n)
}

func (t *openMetrics2) summaries(o *output, metrics []model.Metric) {
	b := o.buf
	for i := range metrics {
		m := &metrics[i]
		v := m.Summary()
		if hasCount, hasSum := totals(o, v); !hasCount || !hasSum {
			o.lose(diag.LossIncomplete, 1, "it has no count or no sum")
			continue
		}
		b = appendCount(t.appendHead(o, b, m, " {count:"), v.Count)
		b = append(appendCanonical(append(b, ",sum:"...), v.Sum), ",quantile:["...)
		for j, q := range t.mender.quantilesOf(o, v) {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(append(b, t.numbers.at(j, q.Quantile)...), ':')
			b = o.drain(appendCanonical(b, q.Value))
		}
		b = t.appendStart(o, appendStamp(append(b, "]}"...), m.Timestamp), m)
		b = o.drain(append(b, '\n'))
	}
	o.buf = b
}
