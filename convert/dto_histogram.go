package convert

import (
	"fmt"
	"math"
	"slices"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/proto"

	"github.com/promfmt/promfmt/model"
)

// The protobuf form of a histogram has a field for each count as a whole number and another for it as a float.

// dtoHistogram makes the protobuf form of a histogram, without what hangs off the metric.
func dtoHistogram(h *model.HistogramValue) (*dto.Histogram, error) {
	native := h.Native
	if native != nil && hasCustomBounds(native) {
		native = nil
	}
	// The counts of a native histogram are all of one kind. Each classic bucket stands by itself, as a series of its own.
	float := h.HasCount && !isWhole(h.Count) || native != nil && needsFloat(native)

	d := &dto.Histogram{}
	if h.HasCount {
		d.SampleCount, d.SampleCountFloat = dtoCount(h.Count, float)
	}
	if h.HasSum {
		d.SampleSum = proto.Float64(h.Sum)
	}
	for _, bucket := range h.Buckets {
		b := &dto.Bucket{UpperBound: proto.Float64(bucket.UpperBound)}
		b.CumulativeCount, b.CumulativeCountFloat = dtoCount(bucket.Count, !isWhole(bucket.Count))
		d.Bucket = append(d.Bucket, b)
	}
	for i := range h.Exemplars {
		e := &h.Exemplars[i]
		if e.Bucket < 0 || e.Bucket >= len(d.Bucket) {
			return nil, fmt.Errorf("there is an exemplar of bucket number %d, but there are %d buckets", e.Bucket, len(d.Bucket))
		}
		if d.Bucket[e.Bucket].Exemplar == nil {
			d.Bucket[e.Bucket].Exemplar = dtoExemplar(&e.Exemplar)
		}
	}
	if native == nil {
		return d, nil
	}
	return d, setDTONative(d, native, float)
}

// dtoCount is n for the field of whole numbers or for that of floats.
func dtoCount(n float64, float bool) (*uint64, *float64) {
	if float {
		return nil, &n
	}
	return proto.Uint64(uint64(n)), nil
}

// hasCustomBounds reports whether n is of the schema that states its bounds, for which the protobuf form has no field.
func hasCustomBounds(n *model.NativeHistogram) bool { return n.Schema == -53 || n.CustomBounds != nil }

// needsFloat reports whether n is meant to have floats or cannot be told in whole numbers. These go up to 2^63 here,
// because the difference between any two of them has to fit an int64.
func needsFloat(n *model.NativeHistogram) bool {
	if n.Float || !isWhole(n.ZeroCount) {
		return true
	}
	for _, counts := range [...][]float64{n.NegativeCounts, n.PositiveCounts} {
		for _, count := range counts {
			if !isWhole(count) || count >= 1<<63 {
				return true
			}
		}
	}
	return false
}

func setDTONative(d *dto.Histogram, n *model.NativeHistogram, float bool) (err error) {
	d.Schema = proto.Int32(n.Schema)
	d.ZeroThreshold = proto.Float64(n.ZeroThreshold)
	d.ZeroCount, d.ZeroCountFloat = dtoCount(n.ZeroCount, float)
	if d.NegativeSpan, err = dtoSpans("negative", n.NegativeSpans, len(n.NegativeCounts)); err != nil {
		return err
	}
	if d.PositiveSpan, err = dtoSpans("positive", n.PositiveSpans, len(n.PositiveCounts)); err != nil {
		return err
	}
	if float {
		d.NegativeCount = slices.Clone(n.NegativeCounts)
		d.PositiveCount = slices.Clone(n.PositiveCounts)
	} else {
		d.NegativeDelta = dtoDeltas(n.NegativeCounts)
		d.PositiveDelta = dtoDeltas(n.PositiveCounts)
	}
	if len(n.NegativeSpans)+len(n.PositiveSpans) == 0 && n.ZeroThreshold == 0 && n.ZeroCount == 0 {
		// A span of no buckets tells a native histogram without observations from a classic one.
		d.PositiveSpan = []*dto.BucketSpan{{Offset: proto.Int32(0), Length: proto.Uint32(0)}}
	}
	return nil
}

func dtoSpans(side string, spans []model.Span, counts int) ([]*dto.BucketSpan, error) {
	var d []*dto.BucketSpan
	length := uint64(0)
	for _, span := range spans {
		d = append(d, &dto.BucketSpan{Offset: proto.Int32(span.Offset), Length: proto.Uint32(span.Length)})
		length += uint64(span.Length)
	}
	return d, checkSpans(side, length, counts)
}

func checkSpans(side string, length uint64, counts int) error {
	if length != uint64(counts) {
		return fmt.Errorf("the %s spans cover %d buckets, but there are %d counts", side, length, counts)
	}
	return nil
}

// dtoDeltas are the differences between each count and the one before.
func dtoDeltas(counts []float64) []int64 {
	var deltas []int64
	before := int64(0)
	for _, count := range counts {
		deltas = append(deltas, int64(count)-before)
		before = int64(count)
	}
	return deltas
}

// modelHistogram makes a histogram of its protobuf form, without what hangs off the metric.
func modelHistogram(d *dto.Histogram) (*model.HistogramValue, error) {
	h := &model.HistogramValue{
		HasCount: d.SampleCount != nil || d.SampleCountFloat != nil,
		HasSum:   d.SampleSum != nil, Sum: d.GetSampleSum(),
	}
	var float bool
	h.Count, float = modelCount(d.SampleCount, d.SampleCountFloat)
	for i, bucket := range d.Bucket {
		if bucket == nil {
			return nil, fmt.Errorf("bucket number %d is a null pointer", i)
		}
		count, _ := modelCount(bucket.CumulativeCount, bucket.CumulativeCountFloat)
		h.Buckets = append(h.Buckets, model.Bucket{UpperBound: bucket.GetUpperBound(), Count: count})
		if bucket.Exemplar == nil {
			continue
		}
		e, err := modelExemplar(bucket.Exemplar)
		if err != nil {
			return nil, fmt.Errorf("bucket number %d: %w", i, err)
		}
		h.Exemplars = append(h.Exemplars, model.BucketExemplar{Bucket: i, Exemplar: e})
	}
	var err error
	if isNative(d) {
		h.Native, err = modelNative(d, float)
	}
	addInfinity(h)
	return h, err
}

// modelCount is the number in the field of whole counts or in that of floats, which is stronger. That it is 0 may only
// mean that the field is not used.
func modelCount(whole *uint64, float *float64) (n float64, isFloat bool) {
	switch {
	case float != nil && (*float != 0 || whole == nil):
		return *float, true
	case whole != nil:
		return float64(*whole), false
	}
	return 0, false
}

// isNative reports whether there is anything that classic histograms do not have. Encoders that leave out what is 0
// leave out schema 0 too.
func isNative(d *dto.Histogram) bool {
	return d.Schema != nil || len(d.NegativeSpan) > 0 || len(d.PositiveSpan) > 0 || d.GetZeroThreshold() != 0 ||
		d.GetZeroCount() != 0 || d.GetZeroCountFloat() != 0
}

func modelNative(d *dto.Histogram, float bool) (*model.NativeHistogram, error) {
	zeroCount, zeroFloat := modelCount(d.ZeroCount, d.ZeroCountFloat)
	n := &model.NativeHistogram{
		Schema:        d.GetSchema(),
		ZeroThreshold: d.GetZeroThreshold(),
		ZeroCount:     zeroCount,
		Float:         float || zeroFloat || len(d.NegativeCount) > 0 || len(d.PositiveCount) > 0,
	}
	var err error
	if n.NegativeSpans, n.NegativeCounts, err = modelSide("negative", d.NegativeSpan, d.NegativeDelta, d.NegativeCount); err != nil {
		return nil, err
	}
	if n.PositiveSpans, n.PositiveCounts, err = modelSide("positive", d.PositiveSpan, d.PositiveDelta, d.PositiveCount); err != nil {
		return nil, err
	}
	return n, nil
}

// modelSide is one side of a native histogram.
func modelSide(side string, d []*dto.BucketSpan, deltas []int64, floats []float64) ([]model.Span, []float64, error) {
	counts := slices.Clone(floats)
	if len(counts) == 0 {
		sum := int64(0)
		for _, delta := range deltas {
			if delta > 0 && sum > math.MaxInt64-delta || delta < 0 && sum < math.MinInt64-delta {
				return nil, nil, fmt.Errorf("the %s deltas add up to more than 64 bits hold", side)
			}
			sum += delta
			counts = append(counts, float64(sum))
		}
	}
	var spans []model.Span
	length := uint64(0)
	for i, span := range d {
		if span == nil {
			return nil, nil, fmt.Errorf("%s span number %d is a null pointer", side, i)
		}
		length += uint64(span.GetLength())
		spans = append(spans, model.Span{Offset: span.GetOffset(), Length: span.GetLength()})
	}
	if len(spans) == 1 && spans[0] == (model.Span{}) {
		spans = nil
	}
	return spans, counts, checkSpans(side, length, len(counts))
}
