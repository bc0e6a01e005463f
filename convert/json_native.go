package convert

import (
	"math"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

var nativeMembers = []jsonMember[model.NativeHistogram]{
	{key: "schema", read: func(d *JSONDecoder, n *model.NativeHistogram) error {
		schema, err := d.whole(math.MinInt32, math.MaxInt32)
		n.Schema = int32(schema)
		return err
	}},
	{key: "float", read: func(d *JSONDecoder, n *model.NativeHistogram) (err error) {
		n.Float, err = d.bool()
		return err
	}},
	{key: "zero_threshold", read: func(d *JSONDecoder, n *model.NativeHistogram) (err error) {
		n.ZeroThreshold, err = d.float()
		return err
	}},
	{key: "zero_count", read: func(d *JSONDecoder, n *model.NativeHistogram) (err error) {
		n.ZeroCount, err = d.float()
		return err
	}},
	{key: "negative_spans", read: func(d *JSONDecoder, n *model.NativeHistogram) (err error) {
		n.NegativeSpans, err = d.spans()
		return err
	}},
	{key: "negative_counts", read: func(d *JSONDecoder, n *model.NativeHistogram) (err error) {
		n.NegativeCounts, err = d.floats()
		return err
	}},
	{key: "positive_spans", read: func(d *JSONDecoder, n *model.NativeHistogram) (err error) {
		n.PositiveSpans, err = d.spans()
		return err
	}},
	{key: "positive_counts", read: func(d *JSONDecoder, n *model.NativeHistogram) (err error) {
		n.PositiveCounts, err = d.floats()
		return err
	}},
	{key: "custom_bounds", read: func(d *JSONDecoder, n *model.NativeHistogram) (err error) {
		n.CustomBounds, err = d.floats()
		return err
	}},
}

// readNative reads native buckets.
func (d *JSONDecoder) readNative() (*model.NativeHistogram, error) {
	n := &model.NativeHistogram{}
	_, err := readJSONObject(d, nativeMembers, n)
	return n, err
}

var spanMembers = []jsonMember[model.Span]{
	{key: "offset", read: func(d *JSONDecoder, s *model.Span) error {
		offset, err := d.whole(math.MinInt32, math.MaxInt32)
		s.Offset = int32(offset)
		return err
	}},
	{key: "length", read: func(d *JSONDecoder, s *model.Span) error {
		length, err := d.whole(0, math.MaxUint32)
		s.Length = uint32(length)
		return err
	}},
}

func (d *JSONDecoder) spans() (list []model.Span, err error) {
	err = d.array(func() error {
		var s model.Span
		_, err := readJSONObject(d, spanMembers, &s)
		if err == nil {
			err = d.countSample()
		}
		list = append(list, s)
		return err
	})
	return list, err
}

// jsonBucket is a native bucket as prom2json lists it: which of the bounds belong to it, the bounds, and the count.
type jsonBucket struct {
	boundaries          int64
	lower, upper, count float64
}

// The boundaries of buckets: one on the positive side includes its upper bound, one on the negative side its lower one,
// and the zero bucket both.
const (
	upperIncluded = 0
	lowerIncluded = 1
	bothIncluded  = 3
)

// readBucketList reads native buckets as prom2json lists them, from the lowest to the highest and without those that are
// empty. Their schema is what the bounds of a bucket tell; the zero threshold is known only if something was counted there.
func (d *JSONDecoder) readBucketList(m *jsonMetric) error {
	n := &model.NativeHistogram{}
	told := false
	var positive, negative []jsonBucket
	err := d.array(func() error {
		b, err := d.bucket()
		if err != nil {
			return err
		}
		n.Float = n.Float || b.count != math.Trunc(b.count)
		switch b.boundaries {
		case bothIncluded:
			n.ZeroThreshold, n.ZeroCount = b.upper, b.count
			return nil
		case lowerIncluded:
			b.lower, b.upper = -b.upper, -b.lower
			negative = append(negative, b)
		case upperIncluded:
			positive = append(positive, b)
		}
		if math.IsInf(b.upper, 1) {
			return nil // the last bucket is of any schema
		}
		schema, ok := b.schema()
		if !ok || told && schema != n.Schema {
			return d.fault(diag.NativeSchema, "the bounds %s and %s are those of no schema, or of another one than before",
				model.FormatFloat(b.lower), model.FormatFloat(b.upper))
		}
		n.Schema, told = schema, true
		return nil
	})
	if err != nil {
		return err
	}
	slices.Reverse(negative)
	var rising, alsoRising bool
	n.PositiveSpans, n.PositiveCounts, rising = bucketSide(positive, n.Schema)
	n.NegativeSpans, n.NegativeCounts, alsoRising = bucketSide(negative, n.Schema)
	if !rising || !alsoRising {
		return d.fault(diag.JSONSyntax, "the buckets do not rise")
	}
	m.makeHistogram().Native = n
	return nil
}

// bucket reads a native bucket.
func (d *JSONDecoder) bucket() (b jsonBucket, err error) {
	parts := 0
	err = d.array(func() (err error) {
		switch parts++; parts {
		case 1:
			b.boundaries, err = d.whole(upperIncluded, bothIncluded)
		case 2:
			b.lower, err = d.float()
		case 3:
			b.upper, err = d.float()
		case 4:
			b.count, err = d.float()
		default:
			err = d.tokens.skip()
		}
		return err
	})
	switch {
	case err != nil:
	case parts != 4 || b.boundaries != upperIncluded && b.boundaries != lowerIncluded && b.boundaries != bothIncluded:
		err = d.fault(diag.JSONSyntax, "expected the boundaries 0, 1 or 3, two bounds and a count for a bucket")
	default:
		err = d.countSample()
	}
	return b, err
}

// schema is the one whose buckets are as wide as b: each bound is the one before to the power of 2 to the power of -schema.
func (b jsonBucket) schema() (schema int32, ok bool) {
	exact := -math.Log2(math.Log2(b.upper / b.lower))
	rounded := math.Round(exact)
	return int32(rounded), b.lower > 0 && math.Abs(exact-rounded) < 1e-6 && rounded >= -4 && rounded <= 8
}

// index is the number of b among the buckets of a schema.
func (b jsonBucket) index(schema int32) int64 {
	if math.IsInf(b.upper, 1) {
		return int64(math.Round(math.Ldexp(math.Log2(b.lower), int(schema)))) + 1
	}
	return int64(math.Round(math.Ldexp(math.Log2(b.upper), int(schema))))
}

// bucketSide is one side of a native histogram, made of buckets that have to rise.
func bucketSide(buckets []jsonBucket, schema int32) (spans []model.Span, counts []float64, rising bool) {
	next := int64(0) // the number of the bucket behind the last span
	for i, b := range buckets {
		index := b.index(schema)
		switch {
		case i > 0 && index < next:
			return nil, nil, false
		case i > 0 && index == next:
			spans[len(spans)-1].Length++
		default:
			spans = append(spans, model.Span{Offset: int32(index - next), Length: 1})
		}
		counts = append(counts, b.count)
		next = index + 1
	}
	return spans, counts, true
}
