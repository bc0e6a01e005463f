package convert

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// The tags of a histogram of io.prometheus.client and of what is in it. Numbers that are repeated may be packed into a
// field of bytes.
const (
	histogramCount               = 1<<3 | varintType
	histogramSum                 = 2<<3 | fixed64Type
	histogramBucket              = 3<<3 | bytesType
	histogramCountFloat          = 4<<3 | fixed64Type
	histogramSchema              = 5<<3 | varintType
	histogramZeroThreshold       = 6<<3 | fixed64Type
	histogramZeroCount           = 7<<3 | varintType
	histogramZeroCountFloat      = 8<<3 | fixed64Type
	histogramNegativeSpan        = 9<<3 | bytesType
	histogramNegativeDelta       = 10<<3 | varintType
	histogramNegativeDeltaPacked = 10<<3 | bytesType
	histogramNegativeCount       = 11<<3 | fixed64Type
	histogramNegativeCountPacked = 11<<3 | bytesType
	histogramPositiveSpan        = 12<<3 | bytesType
	histogramPositiveDelta       = 13<<3 | varintType
	histogramPositiveDeltaPacked = 13<<3 | bytesType
	histogramPositiveCount       = 14<<3 | fixed64Type
	histogramPositiveCountPacked = 14<<3 | bytesType
	histogramCreated             = 15<<3 | bytesType
	histogramExemplar            = 16<<3 | bytesType

	bucketCount      = 1<<3 | varintType
	bucketUpperBound = 2<<3 | fixed64Type
	bucketExemplar   = 3<<3 | bytesType
	bucketCountFloat = 4<<3 | fixed64Type

	spanOffset = 1<<3 | varintType
	spanLength = 2<<3 | varintType
)

var (
	histogramMessage = messageKind{"histogram", "-vdbdvdvdb--b--bb"}
	bucketMessage    = messageKind{"bucket", "-vdbd"}
	spanMessage      = messageKind{"span", "-vv"}
)

// count is a number that has a field for whole numbers and another for floats.
type count struct {
	whole, float       float64
	hasWhole, hasFloat bool
}

func (n *count) setWhole(v uint64)  { n.whole, n.hasWhole = float64(v), true }
func (n *count) setFloat(v float64) { n.float, n.hasFloat = v, true }
func (n *count) isSet() bool        { return n.hasWhole || n.hasFloat }

// value is the number of the field for floats, which is stronger. That it is 0 may only mean that the field is not used.
func (n *count) value() (v float64, isFloat bool) {
	if n.hasFloat && (n.float != 0 || !n.hasWhole) {
		return n.float, true
	}
	return n.whole, false
}

// nativeSide is one side of a native histogram. Its counts come as differences or as they are.
type nativeSide struct {
	spans    []model.Span
	counts   []float64
	sums     []float64
	sum      int64
	overflow bool
}

func (s *nativeSide) reset() {
	*s = nativeSide{spans: s.spans[:0], counts: s.counts[:0], sums: s.sums[:0]}
}

func (s *nativeSide) addDelta(delta int64) {
	if delta > 0 && s.sum > math.MaxInt64-delta || delta < 0 && s.sum < math.MinInt64-delta {
		s.overflow = true
		return
	}
	s.sum += delta
	s.sums = append(s.sums, float64(s.sum))
}

func (s *nativeSide) addDeltas(c cursor) wireProblem {
	for c.more() {
		s.addDelta(c.zigzag())
	}
	return c.problem
}

func (s *nativeSide) addCounts(c cursor) wireProblem {
	for c.more() {
		s.counts = append(s.counts, c.double())
	}
	return c.problem
}

// histogramParts is what has been read of a histogram. Its slices serve one after the other.
type histogramParts struct {
	count           count
	created         cursor
	bucketExemplars []model.BucketExemplar
	exemplars       []model.Exemplar
	// native is what only native histograms have, and hasNative tells that there may be something in it.
	native    nativeParts
	hasNative bool
	// room is how many buckets there are likely to be.
	room int
}

// nativeParts is what has been read of the native buckets of a histogram.
type nativeParts struct {
	zeroCount          count
	schema             int32
	hasSchema          bool
	zeroThreshold      float64
	negative, positive nativeSide
}

func (h *histogramParts) reset() {
	h.count, h.bucketExemplars, h.exemplars = count{}, h.bucketExemplars[:0], h.exemplars[:0]
	if h.created.given() {
		h.created = cursor{}
	}
	if h.hasNative {
		h.hasNative = false
		h.native.negative.reset()
		h.native.positive.reset()
		h.native = nativeParts{negative: h.native.negative, positive: h.native.positive}
	}
}

// release forgets what would keep memory of families alive.
func (h *histogramParts) release() {
	h.created = cursor{}
	clear(h.bucketExemplars[:cap(h.bucketExemplars)])
	clear(h.exemplars[:cap(h.exemplars)])
}

func (r *wireReader) readHistogram(m *model.Metric, c cursor) (samples int) {
	p := &r.histogram
	p.reset()
	m.Extra = r.memory.histogram()
	h := m.Extra.Histogram
	h.Buckets = r.memory.buckets.open(max(p.room, 8))
	for {
		// Nearly all of most histograms.
		if h.Buckets, c.i = appendUsualBuckets(h.Buckets, c.b, c.i); !c.more() {
			break
		}
		switch tag := c.tag(); tag {
		case histogramCount:
			p.count.setWhole(c.varint())
		case histogramSum:
			h.HasSum, h.Sum = true, c.double()
		case histogramBucket:
			r.readBucket(h, c.message())
		case histogramCountFloat:
			p.count.setFloat(c.double())
		case histogramCreated:
			p.created = joined(p.created, c.message())
		case histogramExemplar:
			if e := r.readExemplar(c.message()); !e.leftOut {
				p.exemplars = append(p.exemplars, e.Exemplar)
			}
		default:
			p.hasNative = true
			r.readNative(&p.native, &c, tag)
		}
	}
	r.isRead(&c)
	var float bool
	h.Count, float = p.count.value()
	h.HasCount = p.count.isSet()
	if p.hasNative && p.native.isGiven() && !r.refused {
		h.Native = r.native(float)
		r.rules.native(r.kind, h)
	}
	r.setCreated(m, p.created)
	if len(p.exemplars) > 0 {
		r.extra(m).Exemplars = keep(&r.rare().exemplars, p.exemplars)
	}
	addInfinity(h)
	return r.endHistogram(h)
}

// addInfinity adds the bucket +Inf, which protobuf may leave out since it counts what the histogram does. A histogram with
// nothing but native buckets has none.
func addInfinity(h *model.HistogramValue) {
	if !h.HasCount || len(h.Buckets) == 0 && h.Native != nil {
		return
	}
	if _, infinite := boundsOf(h.Buckets); infinite < 0 {
		h.Buckets = append(h.Buckets, model.Bucket{UpperBound: math.Inf(1), Count: h.Count})
	}
}

// readNative reads a field of a histogram that only native ones have.
func (r *wireReader) readNative(p *nativeParts, c *cursor, tag uint64) {
	switch tag {
	case histogramSchema:
		p.schema, p.hasSchema = zigzag32(c.varint()), true
	case histogramZeroThreshold:
		p.zeroThreshold = c.double()
	case histogramZeroCount:
		p.zeroCount.setWhole(c.varint())
	case histogramZeroCountFloat:
		p.zeroCount.setFloat(c.double())
	case histogramNegativeSpan:
		p.negative.spans = append(p.negative.spans, r.readSpan(c.message()))
	case histogramNegativeDelta:
		p.negative.addDelta(c.zigzag())
	case histogramNegativeDeltaPacked:
		r.packed(p.negative.addDeltas(c.message()), c)
	case histogramNegativeCount:
		p.negative.counts = append(p.negative.counts, c.double())
	case histogramNegativeCountPacked:
		r.packed(p.negative.addCounts(c.message()), c)
	case histogramPositiveSpan:
		p.positive.spans = append(p.positive.spans, r.readSpan(c.message()))
	case histogramPositiveDelta:
		p.positive.addDelta(c.zigzag())
	case histogramPositiveDeltaPacked:
		r.packed(p.positive.addDeltas(c.message()), c)
	case histogramPositiveCount:
		p.positive.counts = append(p.positive.counts, c.double())
	case histogramPositiveCountPacked:
		r.packed(p.positive.addCounts(c.message()), c)
	default:
		r.skip(c, tag, &histogramMessage)
	}
}

// endHistogram closes a histogram, judges its classic buckets, and says how many samples there are.
func (r *wireReader) endHistogram(h *model.HistogramValue) (samples int) {
	p := &r.histogram
	h.Buckets = r.memory.buckets.commit(h.Buckets)
	if len(p.bucketExemplars) > 0 {
		h.Exemplars = keep(&r.rare().bucketExemplars, p.bucketExemplars)
	}
	p.room = len(h.Buckets)

	r.rules.count(r.kind, "the histogram", h.Count)
	r.rules.buckets(r.kind, h)
	return len(h.Buckets) + numTrue(h.HasSum, h.HasCount)
}

// appendUsualBuckets reads the buckets of the usual form that stand at index i of b, and gives the index behind them.
func appendUsualBuckets(buckets []model.Bucket, b []byte, i int) ([]model.Bucket, int) {
	for i+4 <= len(b) && b[i] == histogramBucket && b[i+1] < 0x80 && b[i+2] == bucketCount {
		end := i + 2 + int(b[i+1])
		count, at := varintAt(b, i+3)
		if at == 0 || end > len(b) || at+lengthOfDouble != end || b[at] != bucketUpperBound {
			break
		}
		buckets = append(buckets, model.Bucket{UpperBound: doubleAt(b[at+1:]), Count: float64(count)})
		i = end
	}
	return buckets, i
}

// readBucket reads a classic bucket of any form.
func (r *wireReader) readBucket(h *model.HistogramValue, c cursor) {
	var n count
	var exemplar cursor
	var bound float64
	for c.more() {
		switch tag := c.tag(); tag {
		case bucketCount:
			n.setWhole(c.varint())
		case bucketUpperBound:
			bound = c.double()
		case bucketExemplar:
			exemplar = joined(exemplar, c.message())
		case bucketCountFloat:
			n.setFloat(c.double())
		default:
			r.skip(&c, tag, &bucketMessage)
		}
	}
	r.isRead(&c)
	if exemplar.given() {
		r.addBucketExemplar(h, r.readExemplar(exemplar))
	}
	value, _ := n.value()
	b := model.Bucket{UpperBound: bound, Count: value}
	r.rules.bucketCount(r.kind, b)
	h.Buckets = append(h.Buckets, b)
}

// packed reports packed numbers, behind which c stands, that have not been read to their end.
func (r *wireReader) packed(p wireProblem, c *cursor) {
	if p != noProblem {
		r.report(diag.ProtobufSyntax, c.position(), "%s", wireProblems[p])
	}
}

func (r *wireReader) readSpan(c cursor) (s model.Span) {
	for c.more() {
		switch tag := c.tag(); tag {
		case spanOffset:
			s.Offset = zigzag32(c.varint())
		case spanLength:
			s.Length = uint32(c.varint())
		default:
			r.skip(&c, tag, &spanMessage)
		}
	}
	r.isRead(&c)
	return s
}

// zigzag32 is a sint32.
func zigzag32(n uint64) int32 { return int32(protowire.DecodeZigZag(n & math.MaxUint32)) }

// isGiven reports whether there is anything that classic histograms do not have. Encoders that leave out what is 0 leave
// out schema 0 too.
func (p *nativeParts) isGiven() bool {
	return p.hasSchema || len(p.negative.spans) > 0 || len(p.positive.spans) > 0 || p.zeroThreshold != 0 ||
		p.zeroCount.whole != 0 || p.zeroCount.float != 0
}

// native makes the native part of a histogram; float tells that its count was one.
func (r *wireReader) native(float bool) *model.NativeHistogram {
	p := &r.histogram.native
	zeroCount, zeroFloat := p.zeroCount.value()
	n := r.rare().natives.one()
	*n = model.NativeHistogram{
		Schema:        p.schema,
		ZeroThreshold: p.zeroThreshold,
		ZeroCount:     zeroCount,
		Float:         float || zeroFloat || len(p.negative.counts) > 0 || len(p.positive.counts) > 0,
	}
	n.NegativeSpans, n.NegativeCounts = r.side("negative", &p.negative)
	n.PositiveSpans, n.PositiveCounts = r.side("positive", &p.positive)
	return n
}

// side makes one side of a native histogram.
func (r *wireReader) side(name string, s *nativeSide) ([]model.Span, []float64) {
	counts := s.counts
	if len(counts) == 0 {
		counts = s.sums
		if s.overflow {
			r.report(diag.Number, r.at, "the %s deltas add up to more than 64 bits hold", name)
		}
	}
	spans := s.spans
	if len(spans) == 1 && spans[0] == (model.Span{}) {
		spans = nil // it only tells that the histogram is native
	}
	return keep(&r.rare().spans, spans), keep(&r.rare().counts, counts)
}
