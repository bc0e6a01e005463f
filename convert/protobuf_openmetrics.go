package convert

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// The tags of openmetrics, by message. Those of a histogram and a summary are alike.
const (
	openMetricsPoint = 2<<3 | bytesType

	pointTimestamp = 8<<3 | bytesType

	numberDouble = 1<<3 | fixed64Type // of what is a double or an integer: all values and sums
	numberInt    = 2<<3 | varintType

	totalCreated  = 3<<3 | bytesType
	totalExemplar = 4<<3 | bytesType

	distributionCount   = 3<<3 | varintType
	distributionCreated = 4<<3 | bytesType
	distributionPart    = 5<<3 | bytesType // a bucket or a quantile

	exampleValue     = 1<<3 | fixed64Type
	exampleTimestamp = 2<<3 | bytesType
	exampleLabel     = 3<<3 | bytesType

	stateSetState = 1<<3 | bytesType
	stateEnabled  = 1<<3 | varintType
	stateName     = 2<<3 | bytesType
)

var (
	openMetricsMetricMessage = messageKind{"metric", "-bb"}
	pointMessage             = messageKind{"metric point", "-bbbbbbbb"}
	numberMessage            = messageKind{"value", "-dv"}
	totalMessage             = messageKind{"counter", "-dvbb"}
	distributionMessage      = messageKind{"distribution", "-dvvbb"}
	openMetricsBucketMessage = messageKind{"bucket", "-vdb"}
	exampleMessage           = messageKind{"exemplar", "-dbb"}
	stateSetMessage          = messageKind{"state set", "-b"}
	stateMessage             = messageKind{"state", "-vb"}
	infoMessage              = messageKind{"info", "-b"}
)

// openMetricsMessages are those of openmetrics.
var openMetricsMessages = messageSet{
	family: messageKind{"metric family", "-bvbbb"},
	name:   1<<3 | bytesType,
	kind:   2<<3 | varintType,
	unit:   3<<3 | bytesType,
	help:   4<<3 | bytesType,
	metric: 5<<3 | bytesType,
	types: []model.Type{
		model.Unknown, model.Gauge, model.Counter, model.StateSet, model.Info, model.Histogram, model.GaugeHistogram,
		model.Summary,
	},
	openMetrics: true,
	read:        (*wireReader).readOpenMetrics,
}

// openMetricsSuffixes are the suffixes that families leave out.
var openMetricsSuffixes = [...]string{model.Counter: "_total", model.Info: "_info", model.StateSet: ""}

// pointTags are the tags of the fields that hold the value of a point of some type.
var pointTags = [...]uint64{
	model.Unknown:        1<<3 | bytesType,
	model.Gauge:          2<<3 | bytesType,
	model.Counter:        3<<3 | bytesType,
	model.Histogram:      4<<3 | bytesType,
	model.GaugeHistogram: 4<<3 | bytesType,
	model.StateSet:       5<<3 | bytesType,
	model.Info:           6<<3 | bytesType,
	model.Summary:        7<<3 | bytesType,
}

// readOpenMetrics reads a metric, which is a series with some points, and adds each point as a metric.
func (r *wireReader) readOpenMetrics(b []byte, at int) {
	c := cursor{b: b, i: r.openLabels(b[:labelsEnd(b)], at), at: at}
	points := c
	for c.more() {
		switch tag := c.tag(); tag {
		case labelField:
			r.addLabel(&c)
		case openMetricsPoint:
			c.bytes()
		default:
			r.skip(&c, tag, &openMetricsMetricMessage)
		}
	}
	if !r.isRead(&c) {
		return
	}
	var series model.Labels
	if r.kind == model.Info {
		series = r.keepLabels() // the names are judged together with those of the value
	} else {
		series = r.closeLabels()
	}
	if r.refused {
		return
	}
	var latest model.Timestamp
	var before *model.Timestamp // latest, if there is any
	count := 0
	for points.more() {
		if tag := points.tag(); tag != openMetricsPoint {
			points.skip(tag)
			continue
		}
		p := points.message()
		r.at, r.refused = p.at, false
		if timestamp, ok := r.readPoint(series, p, before); ok {
			latest, before = timestamp, &latest
		}
		count++
	}
	if count == 0 {
		r.report(diag.MissingValue, r.at, "the metric has no point")
	}
}

// readPoint reads a point and adds it as a metric. It gives the time of it, if it could be read; before is that of the point
// before.
func (r *wireReader) readPoint(series model.Labels, c cursor, before *model.Timestamp) (at model.Timestamp, ok bool) {
	m := r.newMetric()
	m.Labels = series
	var value, timestamp cursor
	latest := uint64(0)
	for c.more() {
		tag := c.tag()
		switch {
		case tag == pointTimestamp:
			timestamp = joined(timestamp, c.message())
		case pointMessage.contradicts(tag), tag > pointTimestamp:
			r.skip(&c, tag, &pointMessage)
		default:
			// A point has one value, so that another takes the place of it.
			if tag != latest {
				latest, value = tag, cursor{}
			}
			value = joined(value, c.message())
		}
	}
	if !r.isRead(&c) || latest != pointTags[r.kind] && r.report(diag.MissingValue, r.at, "the value of type %s is missing", r.kind) {
		return at, false
	}
	m.Timestamp = r.readTimestamp(timestamp)
	samples := 1
	switch r.kind {
	case model.Counter:
		r.readTotal(m, value)
	case model.Histogram, model.GaugeHistogram:
		samples = r.readOpenMetricsHistogram(m, value)
	case model.Summary:
		samples = r.readOpenMetricsSummary(m, value)
	case model.StateSet:
		samples = r.readStates(m, value)
	case model.Info:
		r.readInfo(m, value)
	default:
		var has bool
		for value.more() {
			if tag := value.tag(); !readNumber(&m.Value, &has, &value, tag, true) {
				r.skip(&value, tag, &numberMessage)
			}
		}
		r.isNumber(has, &value)
	}
	r.judgePoint(m, before)
	r.add(m, samples)
	return m.Timestamp, true
}

// readNumber reads a field that is a number, as a double or as an integer, and reports whether it is one.
func readNumber(n *float64, has *bool, c *cursor, tag uint64, signed bool) bool {
	switch {
	case tag == numberDouble:
		*n = c.double()
	case tag == numberInt && signed:
		*n = float64(int64(c.varint()))
	case tag == numberInt:
		*n = float64(c.varint())
	default:
		return false
	}
	*has = true
	return true
}

// isNumber reports a value that has been read and had no number.
func (r *wireReader) isNumber(has bool, c *cursor) {
	if r.isRead(c) && !has {
		r.report(diag.MissingValue, r.at, "the value has no number")
	}
}

func (r *wireReader) readTotal(m *model.Metric, c cursor) {
	var has bool
	var created, exemplar cursor
	for c.more() {
		tag := c.tag()
		switch {
		case readNumber(&m.Value, &has, &c, tag, false):
		case tag == totalCreated:
			created = joined(created, c.message())
		case tag == totalExemplar:
			exemplar = joined(exemplar, c.message())
		default:
			r.skip(&c, tag, &totalMessage)
		}
	}
	r.isNumber(has, &c)
	r.setCreated(m, created)
	if exemplar.given() {
		r.setExemplar(m, r.readExample(exemplar))
	}
}

func (r *wireReader) readOpenMetricsHistogram(m *model.Metric, c cursor) (samples int) {
	p := &r.histogram
	p.reset()
	m.Extra = r.memory.histogram()
	h := m.Extra.Histogram
	h.Buckets = r.memory.buckets.open(max(p.room, 8))
	for c.more() {
		tag := c.tag()
		switch {
		case tag == distributionPart:
			r.readOpenMetricsBucket(h, c.message())
		case tag == distributionCount:
			h.HasCount, h.Count = true, float64(c.varint())
		case tag == distributionCreated:
			p.created = joined(p.created, c.message())
		case readNumber(&h.Sum, &h.HasSum, &c, tag, true):
		default:
			r.skip(&c, tag, &distributionMessage)
		}
	}
	r.isRead(&c)
	h.HasCount = h.HasCount || h.HasSum
	r.setCreated(m, p.created)
	return r.endHistogram(h)
}

func (r *wireReader) readOpenMetricsBucket(h *model.HistogramValue, c cursor) {
	var bucket model.Bucket
	var exemplar cursor
	for c.more() {
		switch tag := c.tag(); tag {
		case bucketCount:
			bucket.Count = float64(c.varint())
		case bucketUpperBound:
			bucket.UpperBound = c.double()
		case bucketExemplar:
			exemplar = joined(exemplar, c.message())
		default:
			r.skip(&c, tag, &openMetricsBucketMessage)
		}
	}
	r.isRead(&c)
	if exemplar.given() {
		r.addBucketExemplar(h, r.readExample(exemplar))
	}
	h.Buckets = append(h.Buckets, bucket)
}

func (r *wireReader) readOpenMetricsSummary(m *model.Metric, c cursor) (samples int) {
	m.Extra = r.memory.summary()
	s := m.Extra.Summary
	s.Quantiles = r.memory.quantiles.open(8)
	var created cursor
	for c.more() {
		tag := c.tag()
		switch {
		case tag == distributionPart:
			s.Quantiles = append(s.Quantiles, r.readQuantile(c.message()))
		case tag == distributionCount:
			s.HasCount, s.Count = true, float64(c.varint())
		case tag == distributionCreated:
			created = joined(created, c.message())
		case readNumber(&s.Sum, &s.HasSum, &c, tag, true):
		default:
			r.skip(&c, tag, &distributionMessage)
		}
	}
	r.isRead(&c)
	s.HasCount = s.HasCount || s.HasSum
	r.setCreated(m, created)
	return r.endSummary(s)
}

func (r *wireReader) readStates(m *model.Metric, c cursor) (samples int) {
	var states []model.State
	names := make(map[string]struct{})
	for c.more() {
		tag := c.tag()
		if tag != stateSetState {
			r.skip(&c, tag, &stateSetMessage)
			continue
		}
		state := r.readState(c.message())
		if _, twice := names[state.Name]; twice {
			r.report(diag.DuplicateSeries, r.at, "state %s occurs twice; the first is kept", quote(state.Name))
			continue
		}
		names[state.Name] = struct{}{}
		states = append(states, state)
	}
	r.isRead(&c)
	if len(states) > 0 {
		r.extra(m).States = states
	}
	return len(states)
}

func (r *wireReader) readState(c cursor) (s model.State) {
	for c.more() {
		switch tag := c.tag(); tag {
		case stateEnabled:
			s.Enabled = c.varint() != 0
		case stateName:
			name := c.bytes()
			if r.isText(name, c.position()-len(name)) {
				s.Name = r.memory.text.string(name)
			} else {
				r.refused = true
			}
		default:
			r.skip(&c, tag, &stateMessage)
		}
	}
	r.isRead(&c)
	return s
}

// copiesPerByte is how many times the length of a message the labels of its info points may take.
const copiesPerByte = 64

// readInfo puts the labels of an info value to those of its metric.
func (r *wireReader) readInfo(m *model.Metric, c cursor) {
	m.Value = 1
	series := m.Labels
	// The labels of the metric are copied for each point. However many there are, that is to take no more than a family of
	// that size may.
	if r.copied += len(series.Encoding()); r.copied > copiesPerByte*len(r.message.body) {
		r.report(diag.TooManyLabels, r.at, "the labels of info points take more than %d times the message", copiesPerByte)
		return
	}
	r.labels = labelList{encoding: r.memory.text.open(len(series.Encoding()) + len(c.b)), at: c.position()}
	r.labels.encoding = append(r.labels.encoding, series.Encoding()...)
	for name := range series.All() {
		r.expectLabel(name)
	}
	for c.more() {
		switch tag := c.tag(); tag {
		case labelField:
			r.addLabel(&c)
		default:
			r.skip(&c, tag, &infoMessage)
		}
	}
	if r.isRead(&c) {
		m.Labels = r.closeLabels()
	}
}

// readExample reads an exemplar of openmetrics.
func (r *wireReader) readExample(c cursor) exemplarRead {
	var e exemplarRead
	var timestamp cursor
	r.labels = labelList{encoding: r.memory.text.open(len(c.b)), at: c.position()}
	for c.more() {
		switch tag := c.tag(); tag {
		case exampleLabel:
			r.addLabel(&c)
		case exampleValue:
			e.Value = c.double()
		case exampleTimestamp:
			timestamp = joined(timestamp, c.message())
		default:
			r.skip(&c, tag, &exampleMessage)
		}
	}
	r.endExemplar(&e, &c, timestamp)
	return e
}
