package convert

import (
	"encoding/binary"
	"math"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// The tags of io.prometheus.client, by message. That of a histogram's exemplars is two bytes long, all others one.
const (
	familyName   = 1<<3 | bytesType
	familyHelp   = 2<<3 | bytesType
	familyKind   = 3<<3 | varintType
	familyMetric = 4<<3 | bytesType

	metricGauge     = 2<<3 | bytesType
	metricCounter   = 3<<3 | bytesType
	metricSummary   = 4<<3 | bytesType
	metricUntyped   = 5<<3 | bytesType
	metricTimestamp = 6<<3 | varintType
	metricHistogram = 7<<3 | bytesType

	simpleValue     = 1<<3 | fixed64Type // of a gauge, a counter or an untyped value alike
	counterExemplar = 2<<3 | bytesType
	counterCreated  = 3<<3 | bytesType

	summaryCount    = 1<<3 | varintType
	summarySum      = 2<<3 | fixed64Type
	summaryQuantile = 3<<3 | bytesType
	summaryCreated  = 4<<3 | bytesType

	quantileQuantile = 1<<3 | fixed64Type // in OpenMetrics as well
	quantileValue    = 2<<3 | fixed64Type

	exemplarValue     = 2<<3 | fixed64Type
	exemplarTimestamp = 3<<3 | bytesType

	timestampSeconds = 1<<3 | varintType
	timestampNanos   = 2<<3 | varintType
)

var (
	metricMessage    = messageKind{"metric", "-bbbbbvb"}
	gaugeMessage     = messageKind{"value", "-d"}
	counterMessage   = messageKind{"counter", "-dbb"}
	summaryMessage   = messageKind{"summary", "-vdbb"}
	quantileMessage  = messageKind{"quantile", "-dd"}
	exemplarMessage  = messageKind{"exemplar", "-bdb"}
	timestampMessage = messageKind{"timestamp", "-vv"}
)

// prometheusMessages are those of io.prometheus.client.
var prometheusMessages = messageSet{
	family: messageKind{"metric family", "-bbvbb"},
	name:   familyName,
	help:   familyHelp,
	kind:   familyKind,
	metric: familyMetric,
	unit:   5<<3 | bytesType,
	types: []model.Type{
		model.Counter, model.Gauge, model.Summary, model.Unknown, model.Histogram, model.GaugeHistogram,
	},
	presence: true,
	plain:    true,
	read:     (*wireReader).readPrometheus,
}

// valueTags are the tags of the fields that hold the value of a metric of some type.
var valueTags = [...]uint64{
	model.Unknown:        metricUntyped,
	model.Counter:        metricCounter,
	model.Gauge:          metricGauge,
	model.Histogram:      metricHistogram,
	model.GaugeHistogram: metricHistogram,
	model.Summary:        metricSummary,
}

// readPrometheus reads a metric. Only the value that the type of the family asks for counts.
func (r *wireReader) readPrometheus(b []byte, at int) {
	m, i := r.newMetric(), 0
	// Nearly all gauges and many counters are labels of the usual form and a value that is nothing but a double.
	if end := len(b) - plainValue; end >= 0 && r.isPlain(b[end:]) {
		if end > 0 {
			i = r.openLabels(b[:end], at)
		}
		if i == end {
			if end > 0 {
				m.Labels = r.closeLabels()
			} else {
				r.hasNoLabels()
			}
			m.Value = doubleAt(b[end+plainValue-8:])
			r.add(m, 1)
			return
		}
	} else {
		i = r.openLabels(b[:labelsEnd(b)], at)
	}
	c := cursor{b: b, i: i, at: at}
	var value cursor
	valueTag := valueTags[r.kind]
	for c.more() {
		switch tag := c.tag(); tag {
		case labelField:
			r.addLabel(&c)
		case valueTag:
			value = joined(value, c.message())
		case metricTimestamp:
			m.Timestamp = model.TimestampFromMillis(int64(c.varint()))
		default:
			r.skip(&c, tag, &metricMessage)
		}
	}
	if !r.isRead(&c) {
		return
	}
	m.Labels = r.closeLabels()
	if !value.given() && r.report(diag.MissingValue, r.at, "the value of type %s is missing", r.kind) {
		return
	}
	samples := 1
	switch r.kind {
	case model.Counter:
		r.readCounter(m, value)
	case model.Summary:
		samples = r.readSummary(m, value)
	case model.Histogram, model.GaugeHistogram:
		samples = r.readHistogram(m, value)
	default:
		r.readGauge(m, value)
	}
	r.add(m, samples)
}

// plainValue is the length of the field of a value that is nothing but a double: that of the field has a tag and a length
// before it, and the double has a tag.
const plainValue = 2 + lengthOfDouble

// lengthOfDouble is that of a message of nothing but a double with its tag.
const lengthOfDouble = 1 + 8

// isPlain reports whether b, which has the length for it, is a value that is nothing but a double.
func (r *wireReader) isPlain(b []byte) bool {
	return uint64(b[0]) == valueTags[r.kind] && b[1] == lengthOfDouble && b[2] == simpleValue && !r.kind.IsComplex()
}

func doubleAt(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

// readGauge reads the value of a gauge or an untyped metric.
func (r *wireReader) readGauge(m *model.Metric, c cursor) {
	for c.more() {
		switch tag := c.tag(); tag {
		case simpleValue:
			m.Value = c.double()
		default:
			r.skip(&c, tag, &gaugeMessage)
		}
	}
	r.isRead(&c)
}

func (r *wireReader) readCounter(m *model.Metric, c cursor) {
	var exemplar, created cursor
	for c.more() {
		switch tag := c.tag(); tag {
		case simpleValue:
			m.Value = c.double()
		case counterExemplar:
			exemplar = joined(exemplar, c.message())
		case counterCreated:
			created = joined(created, c.message())
		default:
			r.skip(&c, tag, &counterMessage)
		}
	}
	r.isRead(&c)
	r.setCreated(m, created)
	if exemplar.given() {
		r.setExemplar(m, r.readExemplar(exemplar))
	}
}

func (r *wireReader) readSummary(m *model.Metric, c cursor) (samples int) {
	m.Extra = r.memory.summary()
	s := m.Extra.Summary
	s.Quantiles = r.memory.quantiles.open(8)
	var created cursor
	for {
		if s.Quantiles, c.i = appendUsualQuantiles(s.Quantiles, c.b, c.i); !c.more() {
			break
		}
		switch tag := c.tag(); tag {
		case summaryCount:
			s.HasCount, s.Count = true, float64(c.varint())
		case summarySum:
			s.HasSum, s.Sum = true, c.double()
		case summaryQuantile:
			s.Quantiles = append(s.Quantiles, r.readQuantile(c.message()))
		case summaryCreated:
			created = joined(created, c.message())
		default:
			r.skip(&c, tag, &summaryMessage)
		}
	}
	r.isRead(&c)
	r.setCreated(m, created)
	return r.endSummary(s)
}

// endSummary closes a summary, judges its quantiles, and says how many samples there are.
func (r *wireReader) endSummary(s *model.SummaryValue) (samples int) {
	s.Quantiles = r.memory.quantiles.commit(s.Quantiles)
	r.rules.quantiles(s)
	return len(s.Quantiles) + numTrue(s.HasSum, s.HasCount)
}

// appendUsualQuantiles reads the quantiles of the usual form that stand at index i of b, and gives the index behind them.
func appendUsualQuantiles(quantiles []model.Quantile, b []byte, i int) ([]model.Quantile, int) {
	const size = 2 * lengthOfDouble
	for i+2+size <= len(b) && b[i] == summaryQuantile && b[i+1] == size && b[i+2] == quantileQuantile &&
		b[i+2+lengthOfDouble] == quantileValue {
		quantiles = append(quantiles, model.Quantile{Quantile: doubleAt(b[i+3:]), Value: doubleAt(b[i+3+lengthOfDouble:])})
		i += 2 + size
	}
	return quantiles, i
}

func (r *wireReader) readQuantile(c cursor) (q model.Quantile) {
	for c.more() {
		switch tag := c.tag(); tag {
		case quantileQuantile:
			q.Quantile = c.double()
		case quantileValue:
			q.Value = c.double()
		default:
			r.skip(&c, tag, &quantileMessage)
		}
	}
	r.isRead(&c)
	return q
}

// readExemplar reads an exemplar of io.prometheus.client.
func (r *wireReader) readExemplar(c cursor) exemplarRead {
	var e exemplarRead
	var timestamp cursor
	c.i = r.openLabels(c.b[:labelsEnd(c.b)], c.at)
	for c.more() {
		switch tag := c.tag(); tag {
		case labelField:
			r.addLabel(&c)
		case exemplarValue:
			e.Value = c.double()
		case exemplarTimestamp:
			timestamp = joined(timestamp, c.message())
		default:
			r.skip(&c, tag, &exemplarMessage)
		}
	}
	r.endExemplar(&e, &c, timestamp)
	return e
}

// readTimestamp reads a google.protobuf.Timestamp.
func (r *wireReader) readTimestamp(c cursor) (t model.Timestamp) {
	if !c.given() {
		return t
	}
	t.Set = true
	at := c.position()
	for c.more() {
		switch tag := c.tag(); tag {
		case timestampSeconds:
			t.Seconds = int64(c.varint())
		case timestampNanos:
			t.Nanos = int32(c.varint())
		default:
			r.skip(&c, tag, &timestampMessage)
		}
	}
	if r.isRead(&c) && (t.Nanos < 0 || t.Nanos >= 1e9) {
		r.report(diag.Timestamp, at, "a timestamp has %d nanoseconds, not 0 to 999,999,999", t.Nanos)
	}
	return t
}

func (r *wireReader) setCreated(m *model.Metric, created cursor) {
	if created.given() {
		r.extra(m).Created = r.readTimestamp(created)
	}
}

// rare is the memory for what few metrics have.
func (r *wireReader) rare() *valueMemory {
	r.rareUsed = true
	return r.values
}

// extra is what few metrics have, here of a metric that is about to have some of it.
func (r *wireReader) extra(m *model.Metric) *model.Extra {
	if m.Extra == nil {
		m.Extra = r.rare().extras.one()
	}
	return m.Extra
}

func numTrue(flags ...bool) (n int) {
	for _, flag := range flags {
		if flag {
			n++
		}
	}
	return n
}
