package writer

import (
	"encoding/binary"
	"math"

	prommodel "github.com/prometheus/common/model"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/promfmt/promfmt/model"
)

// protobufFeatures is what the messages of io.prometheus.client carry.
var protobufFeatures = setOf(FeatureHelp, FeatureType, FeatureUnit, FeatureGaugeHistogram, FeatureUTF8Names,
	FeatureMilliseconds, FeatureCreated, FeatureExemplars, FeatureNativeHistograms, FeatureNonFinite)

// protobufTypes gives for each type its number in the enumeration MetricType, the field of a metric that holds its value,
// and what encodes the value if it may be more than a number. Info families and state sets become gauges.
var protobufTypes = [...]struct {
	number, field byte
	value         func([]byte, *model.Metric) []byte
}{
	model.Unknown:        {3, metricUntyped, nil},
	model.Counter:        {0, metricCounter, appendCounter},
	model.Gauge:          {1, metricGauge, nil},
	model.Histogram:      {4, metricHistogram, appendHistogram},
	model.GaugeHistogram: {5, metricHistogram, appendHistogram},
	model.Summary:        {2, metricSummary, appendSummary},
	model.Info:           {1, metricGauge, nil},
	model.StateSet:       {1, metricGauge, nil},
}

// The tags of the fields, by message. A tag is the number of the field and the type of its encoding.
const (
	varint  = byte(protowire.VarintType)
	fixed64 = byte(protowire.Fixed64Type)
	nested  = byte(protowire.BytesType)

	familyName   = 1<<3 | nested
	familyHelp   = 2<<3 | nested
	familyType   = 3<<3 | varint
	familyMetric = 4<<3 | nested
	familyUnit   = 5<<3 | nested

	metricLabel     = 1<<3 | nested // of an exemplar and of an info value as well
	metricGauge     = 2<<3 | nested
	metricCounter   = 3<<3 | nested
	metricSummary   = 4<<3 | nested
	metricUntyped   = 5<<3 | nested
	metricTimestamp = 6<<3 | varint
	metricHistogram = 7<<3 | nested

	labelName  = 1<<3 | nested
	labelValue = 2<<3 | nested

	numberValue     = 1<<3 | fixed64 // of a gauge, a counter or an untyped value alike
	counterExemplar = 2<<3 | nested
	counterCreated  = 3<<3 | nested

	summaryCount    = 1<<3 | varint
	summarySum      = 2<<3 | fixed64
	summaryQuantile = 3<<3 | nested
	summaryCreated  = 4<<3 | nested

	quantileQuantile = 1<<3 | fixed64
	quantileValue    = 2<<3 | fixed64

	exemplarValue     = 2<<3 | fixed64
	exemplarTimestamp = 3<<3 | nested

	timestampSeconds = 1<<3 | varint
	timestampNanos   = 2<<3 | varint
)

// protobuf writes delimited MetricFamily messages, fields in the order of their numbers.
//
// A family begins with its length. If it has few metrics it is written behind room for a short one, and moved if it takes
// a longer one. Any other is gone over twice: once for the length, for which values that are more than a number are
// encoded aside, and once to write it. Loose samples become untyped families, one for each run of a name, which loses
// nothing but their place.
type protobuf struct {
	names   names
	owners  owners         // where names are escaped
	value   []byte         // what is encoded to be measured
	metrics []model.Metric // of a family that is made from loose samples or states
}

var protobufs pool[protobuf]

func newProtobuf(o *options) body {
	p := protobufs.get()
	p.names = names{o.escaping}
	return p
}

func (p *protobuf) end(*output) {
	p.metrics = nil // they hold strings of families
	p.owners.end()
	protobufs.put(p)
}

func (p *protobuf) family(o *output, f *model.MetricFamily) {
	if own := f; p.names.scheme != prommodel.NoEscaping {
		f = p.names.family(o, own)
		p.owners.claim(o, own, &textName{name: f.Name, suffix: f.Suffix})
	}
	metrics := f.Metrics
	if f.Type == model.StateSet {
		metrics = p.states(o, f)
	}
	p.message(o, f, metrics)
	for loose := f.Loose; len(loose) > 0; {
		name := loose[0].Name
		p.metrics = p.metrics[:0]
		for len(loose) > 0 && loose[0].Name == name {
			s := &loose[0]
			p.metrics = append(p.metrics, model.Metric{Labels: s.Labels, Value: s.Value, Timestamp: s.Timestamp})
			loose = loose[1:]
		}
		p.message(o, &model.MetricFamily{Name: name}, p.metrics)
	}
}

// states makes a gauge of every state.
func (p *protobuf) states(o *output, f *model.MetricFamily) []model.Metric {
	p.metrics = p.metrics[:0]
	for i := range f.Metrics {
		m := &f.Metrics[i]
		labels := labelsBeside(o, m.Labels, f.Name)
		for _, state := range m.States() {
			gauge := model.Metric{Labels: labels.With(f.Name, state.Name), Timestamp: m.Timestamp}
			if state.Enabled {
				gauge.Value = 1
			}
			p.metrics = append(p.metrics, gauge)
		}
	}
	return p.metrics
}

// message writes the message of a family with the given metrics.
func (p *protobuf) message(o *output, f *model.MetricFamily, metrics []model.Metric) {
	if len(metrics) > fewMetrics {
		p.longMessage(o, f, metrics)
		return
	}
	b, begin := openMessage(o.buf)
	b = appendFamilyFields(b, f)
	for i := range metrics {
		b = appendMetric(b, f.Type, &metrics[i])
	}
	o.buf = closeMessage(appendUnit(b, f), begin)
}

// fewMetrics is up to how many metrics a family is written before its length is known.
const fewMetrics = 32

// longMessage is message for families of many metrics, which may be written out before their end.
func (p *protobuf) longMessage(o *output, f *model.MetricFamily, metrics []model.Metric) {
	p.value = appendUnit(appendFamilyFields(p.value[:0], f), f)
	length := len(p.value)
	length += p.measure(f.Type, metrics)
	b := protowire.AppendVarint(o.buf, uint64(length))
	b = appendFamilyFields(b, f)
	for i := range metrics {
		b = o.drain(appendMetric(b, f.Type, &metrics[i]))
	}
	o.buf = appendUnit(b, f)
}

// appendFamilyFields appends the fields of a family that stand before its metrics.
func appendFamilyFields(b []byte, f *model.MetricFamily) []byte {
	b = appendLength(b, familyName, len(f.Name)+len(f.Suffix))
	b = append(append(b, f.Name...), f.Suffix...)
	if f.HasHelp {
		b = appendString(b, familyHelp, f.Help)
	}
	return append(b, familyType, protobufTypes[f.Type].number)
}

// appendUnit appends the field that stands behind the metrics.
func appendUnit(b []byte, f *model.MetricFamily) []byte {
	if f.HasUnit {
		b = appendString(b, familyUnit, f.Unit)
	}
	return b
}

// appendMetric appends the message of m, which is of a family of the type.
func appendMetric(b []byte, typ model.Type, m *model.Metric) []byte {
	of := &protobufTypes[typ]
	b, begin := openMessage(append(b, familyMetric))
	b = appendLabelPairs(b, metricLabel, m.Labels)
	// The number of the timestamp lies between those of a histogram and the other values.
	if m.Timestamp.Set && of.field == metricHistogram {
		b = appendTimestampMillis(b, m.Timestamp)
	}
	if isNumber(typ, m) {
		b = appendDouble(append(b, of.field, numberSize), numberValue, m.Value)
	} else {
		value, begin := openMessage(append(b, of.field))
		b = closeMessage(of.value(value, m), begin)
	}
	if m.Timestamp.Set && of.field != metricHistogram {
		b = appendTimestampMillis(b, m.Timestamp)
	}
	return closeMessage(b, begin)
}

// measure gives what the metrics take together in the message of their family.
func (p *protobuf) measure(typ model.Type, metrics []model.Metric) (total int) {
	appendValue := protobufTypes[typ].value
	for i := range metrics {
		m := &metrics[i]
		size := numberSize
		if !isNumber(typ, m) {
			p.value = appendValue(p.value[:0], m)
			size = len(p.value)
		}
		total += stringSize(messageSize(m, size))
	}
	return total
}

// isNumber reports whether the value of m, in a family of the type, is nothing but a number.
func isNumber(typ model.Type, m *model.Metric) bool {
	return protobufTypes[typ].value == nil || typ == model.Counter && m.Extra == nil
}

// numberSize is the size of a value that is a number.
const numberSize = 1 + 8

// messageSize is the size of the message of m, whose value takes the given size.
func messageSize(m *model.Metric, value int) int {
	size := labelsSize(m.Labels) + stringSize(value)
	if m.Timestamp.Set {
		ms, _ := m.Timestamp.Millis()
		size += 1 + protowire.SizeVarint(uint64(ms))
	}
	return size
}

func appendCounter(b []byte, m *model.Metric) []byte {
	b = appendDouble(b, numberValue, m.Value)
	if exemplars := m.Exemplars(); len(exemplars) > 0 {
		b = appendExemplar(append(b, counterExemplar), &exemplars[0])
	}
	return appendTimestamp(b, counterCreated, m.Created())
}

func appendSummary(b []byte, m *model.Metric) []byte {
	v := m.Summary()
	if count, ok := wholeCount(v.Count); ok && v.HasCount {
		b = protowire.AppendVarint(append(b, summaryCount), count)
	}
	if v.HasSum {
		b = appendDouble(b, summarySum, v.Sum)
	}
	b = appendQuantiles(b, summaryQuantile, v.Quantiles)
	return appendTimestamp(b, summaryCreated, m.Created())
}

func appendQuantiles(b []byte, tag byte, quantiles []model.Quantile) []byte {
	for _, q := range quantiles {
		b = append(b, tag, 2*9)
		b = appendDouble(b, quantileQuantile, q.Quantile)
		b = appendDouble(b, quantileValue, q.Value)
	}
	return b
}

func appendExemplar(b []byte, e *model.Exemplar) []byte {
	b, begin := openMessage(b)
	b = appendLabelPairs(b, metricLabel, e.Labels)
	b = appendDouble(b, exemplarValue, e.Value)
	b = appendTimestamp(b, exemplarTimestamp, e.Timestamp)
	return closeMessage(b, begin)
}

// appendTimestamp appends a google.protobuf.Timestamp, or nothing if t is not set.
func appendTimestamp(b []byte, tag byte, t model.Timestamp) []byte {
	if !t.Set {
		return b
	}
	b, begin := openMessage(append(b, tag))
	if t.Seconds != 0 {
		b = protowire.AppendVarint(append(b, timestampSeconds), uint64(t.Seconds))
	}
	if t.Nanos != 0 {
		b = protowire.AppendVarint(append(b, timestampNanos), uint64(t.Nanos))
	}
	return closeMessage(b, begin)
}

func appendTimestampMillis(b []byte, t model.Timestamp) []byte {
	ms, _ := t.Millis()
	return protowire.AppendVarint(append(b, metricTimestamp), uint64(ms))
}

// appendLabelPairs appends labels, each with the tag. A short one has a byte for each length, so that it is its encoding
// with other bytes in the place of the lengths and two bytes before it.
func appendLabelPairs(b []byte, tag byte, ls model.Labels) []byte {
	encoding := ls.Encoding()
	for at := 0; at < len(encoding); {
		name, value, end := labelAt(encoding, at)
		if name+value >= maxShortLabel {
			return appendLongLabelPairs(b, tag, model.LabelsFromEncoding(encoding[at:]))
		}
		b = append(b, tag, byte(4+name+value))
		begin := len(b)
		b = append(b, encoding[at:end]...)
		pair := b[begin:]
		pair[0], pair[1] = labelName, byte(name)
		pair[2+name], pair[3+name] = labelValue, byte(value)
		at = end
	}
	return b
}

// labelAt gives the lengths of the name and the value of the label that begins at i in the encoding of labels, and
// where it ends, unless one of them is longLength.
func labelAt(encoding string, i int) (name, value, end int) {
	name = lengthAt(encoding, i)
	if name == longLength {
		return name, longLength, i
	}
	value = lengthAt(encoding, i+2+name)
	return name, value, i + 4 + name + value
}

func appendLongLabelPairs(b []byte, tag byte, ls model.Labels) []byte {
	for l, rest, ok := ls.Cut(); ok; l, rest, ok = rest.Cut() {
		b = appendLength(b, tag, stringSize(len(l.Name))+stringSize(len(l.Value)))
		b = appendString(b, labelName, l.Name)
		b = appendString(b, labelValue, l.Value)
	}
	return b
}

// maxShortLabel is how long a label may not be for all its lengths to take one byte each.
const maxShortLabel = 0x80 - 4

// labelsSize is the size of what appendLabelPairs appends.
func labelsSize(ls model.Labels) (size int) {
	encoding := ls.Encoding()
	for at := 0; at < len(encoding); {
		name, value, end := labelAt(encoding, at)
		if name+value >= maxShortLabel {
			return size + longLabelsSize(model.LabelsFromEncoding(encoding[at:]))
		}
		size += 6 + name + value
		at = end
	}
	return size
}

func longLabelsSize(ls model.Labels) (size int) {
	for l, rest, ok := ls.Cut(); ok; l, rest, ok = rest.Cut() {
		size += stringSize(stringSize(len(l.Name)) + stringSize(len(l.Value)))
	}
	return size
}

// stringSize is the size of a field of n bytes with its tag and its length.
func stringSize(n int) int {
	if n < 0x80 {
		return 2 + n
	}
	return 1 + protowire.SizeBytes(n)
}

func appendString(b []byte, tag byte, s string) []byte {
	return append(appendLength(b, tag, len(s)), s...)
}

// appendLength appends the tag and the length of a field of n bytes.
func appendLength(b []byte, tag byte, n int) []byte {
	if n < 0x80 {
		return append(b, tag, byte(n))
	}
	return protowire.AppendVarint(append(b, tag), uint64(n))
}

func appendDouble(b []byte, tag byte, f float64) []byte {
	return binary.LittleEndian.AppendUint64(append(b, tag), math.Float64bits(f))
}

// openMessage begins a message, whose tag has been appended, with a byte for its length. CloseMessage sets it.
func openMessage(b []byte) (out []byte, begin int) {
	b = append(b, 0)
	return b, len(b)
}

// closeMessage ends the message that begins there.
func closeMessage(b []byte, begin int) []byte {
	if n := len(b) - begin; n < 0x80 {
		b[begin-1] = byte(n)
		return b
	}
	return closeLongMessage(b, begin)
}

// closeLongMessage moves the message, since its length takes more than a byte.
func closeLongMessage(b []byte, begin int) []byte {
	n := len(b) - begin
	var length [binary.MaxVarintLen64]byte
	more := binary.PutUvarint(length[:], uint64(n)) - 1
	b = append(b, length[:more]...)
	copy(b[begin+more:], b[begin:begin+n])
	copy(b[begin-1:], length[:more+1])
	return b
}
