package writer

import (
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/promfmt/promfmt/model"
)

// The tags of a histogram and of what is in it, as those in protobuf.go.
const (
	histogramCount          = 1<<3 | varint
	histogramSum            = 2<<3 | fixed64
	histogramBucket         = 3<<3 | nested
	histogramCountFloat     = 4<<3 | fixed64
	histogramSchema         = 5<<3 | varint
	histogramZeroThreshold  = 6<<3 | fixed64
	histogramZeroCount      = 7<<3 | varint
	histogramZeroCountFloat = 8<<3 | fixed64
	histogramNegativeSpan   = 9<<3 | nested
	histogramNegativeDelta  = 10<<3 | varint
	histogramNegativeCount  = 11<<3 | fixed64
	histogramPositiveSpan   = 12<<3 | nested
	histogramPositiveDelta  = 13<<3 | varint
	histogramPositiveCount  = 14<<3 | fixed64
	histogramCreated        = 15<<3 | nested
	histogramExemplar       = 16 // the number, since its tag is two bytes long

	bucketCount      = 1<<3 | varint
	bucketUpperBound = 2<<3 | fixed64
	bucketExemplar   = 3<<3 | nested
	bucketCountFloat = 4<<3 | fixed64

	spanOffset = 1<<3 | varint
	spanLength = 2<<3 | varint
)

// appendHistogram appends a histogram. Counts that are not whole go to the fields for floats.
func appendHistogram(b []byte, m *model.Metric) []byte {
	h := m.Histogram()
	native := h.Native
	if native != nil && hasCustomBounds(native) {
		native = nil // there is no field for the bounds
	}
	count, whole := wholeCount(h.Count)
	whole = whole || !h.HasCount
	if native != nil {
		// Either all numbers of a native histogram are floats or none is.
		whole = whole && allWhole(native)
	}

	if h.HasCount && whole {
		b = protowire.AppendVarint(append(b, histogramCount), count)
	}
	if h.HasSum {
		b = appendDouble(b, histogramSum, h.Sum)
	}
	exemplars := h.Exemplars
	for i, bucket := range h.Buckets {
		var exemplar *model.Exemplar
		for len(exemplars) > 0 && exemplars[0].Bucket == i {
			if exemplar == nil {
				exemplar = &exemplars[0].Exemplar
			}
			exemplars = exemplars[1:]
		}
		b = appendBucket(b, bucket, exemplar)
	}
	if h.HasCount && !whole {
		b = appendDouble(b, histogramCountFloat, h.Count)
	}
	if native != nil {
		b = appendNative(b, native, whole)
	}
	b = appendTimestamp(b, histogramCreated, m.Created())
	for i := range m.Exemplars() {
		b = protowire.AppendTag(b, histogramExemplar, protowire.BytesType)
		b = appendExemplar(b, &m.Exemplars()[i])
	}
	return b
}

func appendBucket(b []byte, bucket model.Bucket, exemplar *model.Exemplar) []byte {
	count, whole := wholeCount(bucket.Count)
	if whole && exemplar == nil { // as nearly all are
		return appendPlainBucket(b, histogramBucket, bucket.UpperBound, count)
	}
	b, begin := openMessage(append(b, histogramBucket))
	if whole {
		b = protowire.AppendVarint(append(b, bucketCount), count)
	}
	b = appendDouble(b, bucketUpperBound, bucket.UpperBound)
	if exemplar != nil {
		b = appendExemplar(append(b, bucketExemplar), exemplar)
	}
	if !whole {
		b = appendDouble(b, bucketCountFloat, bucket.Count)
	}
	return closeMessage(b, begin)
}

func appendPlainBucket(b []byte, tag byte, bound float64, count uint64) []byte {
	b = append(b, tag, byte(1+protowire.SizeVarint(count)+9), bucketCount)
	return appendDouble(protowire.AppendVarint(b, count), bucketUpperBound, bound)
}

func appendNative(b []byte, n *model.NativeHistogram, whole bool) []byte {
	b = protowire.AppendVarint(append(b, histogramSchema), protowire.EncodeZigZag(int64(n.Schema)))
	b = appendDouble(b, histogramZeroThreshold, n.ZeroThreshold)
	if whole {
		b = protowire.AppendVarint(append(b, histogramZeroCount), uint64(n.ZeroCount))
	} else {
		b = appendDouble(b, histogramZeroCountFloat, n.ZeroCount)
	}
	b = appendSpans(b, histogramNegativeSpan, n.NegativeSpans)
	b = appendCounts(b, histogramNegativeDelta, histogramNegativeCount, n.NegativeCounts, whole)
	b = appendSpans(b, histogramPositiveSpan, n.PositiveSpans)
	if len(n.NegativeSpans)+len(n.PositiveSpans) == 0 && !(n.ZeroThreshold > 0) && !(whole && n.ZeroCount > 0) {
		// A span of nothing tells a native histogram without observations from a classic one. Of the zero bucket, readers
		// look at the threshold and the whole count for that.
		b = appendSpans(b, histogramPositiveSpan, []model.Span{{}})
	}
	return appendCounts(b, histogramPositiveDelta, histogramPositiveCount, n.PositiveCounts, whole)
}

func appendSpans(b []byte, tag byte, spans []model.Span) []byte {
	for _, span := range spans {
		offset := protowire.EncodeZigZag(int64(span.Offset))
		b = append(b, tag, byte(2+protowire.SizeVarint(offset)+protowire.SizeVarint(uint64(span.Length))))
		b = protowire.AppendVarint(append(b, spanOffset), offset)
		b = protowire.AppendVarint(append(b, spanLength), uint64(span.Length))
	}
	return b
}

// appendCounts appends the counts of native buckets: whole ones as the differences from each to the next.
func appendCounts(b []byte, deltaTag, floatTag byte, counts []float64, whole bool) []byte {
	var last int64
	for _, c := range counts {
		if whole {
			n := int64(c)
			b = protowire.AppendVarint(append(b, deltaTag), protowire.EncodeZigZag(n-last))
			last = n
		} else {
			b = appendDouble(b, floatTag, c)
		}
	}
	return b
}

// allWhole reports whether the counts of n can be written as whole numbers and are meant to be.
func allWhole(n *model.NativeHistogram) bool {
	if n.Float || !fitsInt(n.ZeroCount) {
		return false
	}
	for _, counts := range [...][]float64{n.NegativeCounts, n.PositiveCounts} {
		for _, c := range counts {
			if !fitsInt(c) {
				return false
			}
		}
	}
	return true
}

// fitsInt reports whether f is a count that an int64 holds, so that differences do as well.
func fitsInt(f float64) bool {
	n, ok := wholeCount(f)
	return ok && n < 1<<63
}
