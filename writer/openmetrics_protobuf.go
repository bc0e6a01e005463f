package writer

import (
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// setTypes gives for each type its number in the enumeration MetricType of OpenMetrics, the field of a point that holds its
// value, and what encodes the value if it may be more than a number. That is not ok if there is nothing to be written.
var setTypes = [...]struct {
	number, field byte
	value         func(t *openMetricsProtobuf, o *output, b []byte, m *model.Metric) (out []byte, ok bool)
}{
	model.Unknown:        {0, 1<<3 | nested, nil},
	model.Gauge:          {1, 2<<3 | nested, nil},
	model.Counter:        {2, 3<<3 | nested, (*openMetricsProtobuf).appendTotal},
	model.StateSet:       {3, 5<<3 | nested, (*openMetricsProtobuf).appendStates},
	model.Info:           {4, 6<<3 | nested, (*openMetricsProtobuf).appendInfo},
	model.Histogram:      {5, 4<<3 | nested, (*openMetricsProtobuf).appendHistogram},
	model.GaugeHistogram: {6, 4<<3 | nested, (*openMetricsProtobuf).appendHistogram},
	model.Summary:        {7, 7<<3 | nested, (*openMetricsProtobuf).appendSummary},
}

// The tags of the messages of OpenMetrics, as far as they are not those of io.prometheus.client. Those of a histogram and
// a summary are alike.
const (
	setFamily = 1<<3 | nested

	setFamilyName   = 1<<3 | nested
	setFamilyType   = 2<<3 | varint
	setFamilyUnit   = 3<<3 | nested
	setFamilyHelp   = 4<<3 | nested
	setFamilyMetric = 5<<3 | nested

	setMetricPoint = 2<<3 | nested

	pointTimestamp = 8<<3 | nested

	totalCreated  = 3<<3 | nested
	totalExemplar = 4<<3 | nested

	distributionCount   = 3<<3 | varint
	distributionCreated = 4<<3 | nested
	distributionPart    = 5<<3 | nested // a bucket or a quantile

	exampleValue     = 1<<3 | fixed64
	exampleTimestamp = 2<<3 | nested
	exampleLabel     = 3<<3 | nested

	stateSetState = 1<<3 | nested
	stateEnabled  = 1<<3 | varint
	stateName     = 2<<3 | nested
)

// openMetricsProtobuf writes the message MetricSet of OpenMetrics 1.0, family by family: each is an element of the one
// field that the message has, and stands for itself. What the specification demands is what it demands of text.
//
// Numbers are doubles, and each field that there is something for is written, even if it is 0. The labels of an info are
// those of its value if it is the only metric of its family; of several they tell the metrics apart, and so are those of
// the metrics.
//
// A family begins with its length, so it is gone over twice, as in the other messages.
type openMetricsProtobuf struct {
	openMetrics1

	// single tells that the family at hand has one metric only.
	single bool

	// metric is the encoded metric at hand, and unheard has the losses of what is encoded only for its length.
	metric  []byte
	unheard output
}

func newOpenMetricsProtobuf(o *options) body {
	return &openMetricsProtobuf{openMetrics1: openMetrics1{openMetrics: newOpenMetrics(o, &openMetrics1Suffixes)}}
}

func (t *openMetricsProtobuf) family(o *output, f *model.MetricFamily) { t.write(o, f, t) }

// end has nothing to do: a set ends with its last family, and has no line # EOF.
func (t *openMetricsProtobuf) end(*output) {}

func (t *openMetricsProtobuf) put(o *output, f *model.MetricFamily, metrics []model.Metric) {
	t.single = len(metrics) == 1
	name, unit, help := t.taken.name, "", ""
	if t.hasUnit(o, f, t) {
		unit = f.Unit
	}
	if f.HasHelp {
		help = f.Help
	}
	length := stringSize(len(name)) + 2 + t.measure(metrics)
	for _, s := range [...]string{unit, help} {
		if s != "" {
			length += stringSize(len(s))
		}
	}

	b := appendLength(o.buf, setFamily, length)
	b = append(appendLength(b, setFamilyName, len(name)), name...)
	b = append(b, setFamilyType, setTypes[t.typ].number)
	if unit != "" {
		b = appendString(b, setFamilyUnit, unit)
	}
	if help != "" {
		b = appendString(b, setFamilyHelp, help)
	}
	for len(metrics) > 0 {
		n := t.points.ofFirst(metrics, t.names, t.label)
		b = o.drain(t.appendMetric(o, b, metrics[:n]))
		metrics = metrics[n:]
	}
	o.buf = b
}

// measure gives what the metrics take together in the message of their family.
func (t *openMetricsProtobuf) measure(metrics []model.Metric) (total int) {
	for len(metrics) > 0 {
		n := t.points.ofFirst(metrics, t.names, t.label)
		if m := &metrics[0]; n == 1 && t.isNumber(m) {
			total += stringSize(numberMetricSize(m, t.names.labels(&t.unheard, m.Labels)))
		} else if t.encode(&t.unheard, metrics[:n]) {
			total += stringSize(len(t.metric))
		}
		metrics = metrics[n:]
	}
	t.unheard.losses = t.unheard.losses[:0]
	return total
}

// isNumber reports whether the value of m is nothing but a number, which is allowed.
func (t *openMetricsProtobuf) isNumber(m *model.Metric) bool {
	return setTypes[t.typ].value == nil || t.typ == model.Counter && m.Extra == nil && t.allows(m.Value)
}

// numberMetricSize is the size of m, whose value is a number, with the given labels.
func numberMetricSize(m *model.Metric, ls model.Labels) int {
	return labelsSize(ls) + 2 + numberPointSize(m)
}

func numberPointSize(m *model.Metric) int { return 2 + numberSize + timestampSize(m.Timestamp) }

// timestampSize is the size of what appendTimestamp appends.
func timestampSize(t model.Timestamp) int {
	if !t.Set {
		return 0
	}
	size := 2
	if t.Seconds != 0 {
		size += 1 + protowire.SizeVarint(uint64(t.Seconds))
	}
	if t.Nanos != 0 {
		size += 1 + protowire.SizeVarint(uint64(t.Nanos))
	}
	return size
}

// appendMetric appends a metric, given its points, unless none of them can be written.
func (t *openMetricsProtobuf) appendMetric(o *output, b []byte, points []model.Metric) []byte {
	m := &points[0]
	if len(points) > 1 || !t.isNumber(m) {
		if !t.encode(o, points) {
			return b
		}
		return append(appendLength(b, setFamilyMetric, len(t.metric)), t.metric...)
	}
	ls := t.names.labels(o, m.Labels)
	b = appendLength(b, setFamilyMetric, numberMetricSize(m, ls))
	b = appendLabelPairs(b, metricLabel, ls)
	b = append(b, setMetricPoint, byte(numberPointSize(m)), setTypes[t.typ].field, numberSize)
	b = appendDouble(b, numberValue, m.Value)
	return appendTimestamp(b, pointTimestamp, m.Timestamp)
}

// encode encodes a metric of any kind, given its points, in t.metric. It is not ok if none of them can be written.
func (t *openMetricsProtobuf) encode(o *output, points []model.Metric) (ok bool) {
	b := t.metric[:0]
	typ := &setTypes[t.typ]
	for i := range points {
		m := &points[i]
		if !t.hasValueLabels() {
			// All points have the same labels once they are as they are written, but not all lose the same.
			if ls := t.labelsOf(o, m); i == 0 {
				b = appendLabelPairs(b, metricLabel, ls)
			}
		}
		value, point := openMessage(append(b, setMetricPoint))
		value, begin := openMessage(append(value, typ.field))
		if typ.value == nil {
			value = appendDouble(value, numberValue, m.Value)
		} else {
			var written bool
			if value, written = typ.value(t, o, value, m); !written {
				continue
			}
		}
		ok = true
		b = closeMessage(appendTimestamp(closeMessage(value, begin), pointTimestamp, m.Timestamp), point)
	}
	t.metric = b
	return ok
}

// hasValueLabels reports whether labels are those of a value.
func (t *openMetricsProtobuf) hasValueLabels() bool { return t.typ == model.Info && t.single }

// labelsOf are the labels of m as they are written.
func (t *openMetricsProtobuf) labelsOf(o *output, m *model.Metric) model.Labels {
	ls := t.names.labels(o, m.Labels)
	if t.label == "" {
		return ls
	}
	return labelsBeside(o, ls, t.label)
}

func (t *openMetricsProtobuf) appendTotal(o *output, b []byte, m *model.Metric) (out []byte, ok bool) {
	if !t.allows(m.Value) {
		t.loseValue(o)
		return b, false
	}
	b = appendDouble(b, numberValue, m.Value)
	b = appendTimestamp(b, totalCreated, m.Created())
	if exemplar, has := t.exemplar(o, m.Exemplars()); has {
		b = appendExample(append(b, totalExemplar), &exemplar)
	}
	return b, true
}

func (t *openMetricsProtobuf) appendInfo(o *output, b []byte, m *model.Metric) (out []byte, ok bool) {
	if !t.allows(m.Value) {
		t.loseValue(o)
		return b, false
	}
	if t.hasValueLabels() {
		b = appendLabelPairs(b, metricLabel, t.labelsOf(o, m))
	}
	return b, true
}

func (t *openMetricsProtobuf) appendStates(_ *output, b []byte, m *model.Metric) (out []byte, ok bool) {
	for _, state := range m.States() {
		enabled := byte(0)
		if state.Enabled {
			enabled = 1
		}
		b = appendLength(b, stateSetState, 2+stringSize(len(state.Name)))
		b = appendString(append(b, stateEnabled, enabled), stateName, state.Name)
	}
	return b, true
}

func (t *openMetricsProtobuf) appendHistogram(o *output, b []byte, m *model.Metric) (out []byte, ok bool) {
	h, ok := t.histogram(o, m)
	if !ok {
		return b, false
	}
	if h.hasSum {
		b = appendDouble(b, numberValue, m.Histogram().Sum)
	}
	b = appendWhole(b, distributionCount, h.count())
	if t.typ == model.Histogram {
		b = appendTimestamp(b, distributionCreated, m.Created())
	}
	for i, bucket := range h.buckets {
		count, _ := wholeCount(bucket.Count)
		if len(h.exemplars) == 0 || h.exemplars[0].Bucket != i {
			b = appendPlainBucket(b, distributionPart, bucket.UpperBound, count)
			continue
		}
		part, begin := openMessage(append(b, distributionPart))
		part = appendWhole(part, bucketCount, bucket.Count)
		part = appendDouble(part, bucketUpperBound, bucket.UpperBound)
		b = closeMessage(appendExample(append(part, bucketExemplar), &h.exemplars[0].Exemplar), begin)
		h.exemplars = h.exemplars[1:]
	}
	return b, true
}

// appendSummary appends a summary. A sum without a count would look like that of no observations, and is left out.
func (t *openMetricsProtobuf) appendSummary(o *output, b []byte, m *model.Metric) (out []byte, ok bool) {
	v := m.Summary()
	hasCount, hasSum := totals(o, v)
	switch {
	case hasSum && hasCount:
		b = appendDouble(b, numberValue, v.Sum)
	case hasSum:
		o.lose(diag.LossIncomplete, 1, "its sum, as it has no count")
	}
	if hasCount {
		b = appendWhole(b, distributionCount, v.Count)
	}
	b = appendTimestamp(b, distributionCreated, m.Created())
	return appendQuantiles(b, distributionPart, t.mender.quantilesOf(o, v)), true
}

// appendWhole appends a count that is a whole number.
func appendWhole(b []byte, tag byte, count float64) []byte {
	n, _ := wholeCount(count)
	return protowire.AppendVarint(append(b, tag), n)
}

// appendExample appends an exemplar, whose tag has been appended.
func appendExample(b []byte, e *model.Exemplar) []byte {
	b, begin := openMessage(b)
	b = appendDouble(b, exampleValue, e.Value)
	b = appendTimestamp(b, exampleTimestamp, e.Timestamp)
	return closeMessage(appendLabelPairs(b, exampleLabel, e.Labels), begin)
}
