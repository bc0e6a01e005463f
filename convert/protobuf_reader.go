package convert

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// messageSet is what sets one kind of messages apart from another: the tags of a family's fields, the types, and how a
// metric is read.
type messageSet struct {
	family                         messageKind
	name, help, kind, unit, metric uint64
	// types are those of the enumeration, by number.
	types []model.Type
	// presence tells that what is empty differs from what is not there.
	presence bool
	// plain tells that families may be plain.
	plain bool
	// openMetrics tells that the rules of OpenMetrics hold, so that families leave out the suffixes of their samples.
	openMetrics bool
	// read reads a metric, which begins at that place of the message, and adds it to the family in progress.
	read func(r *wireReader, b []byte, at int)
}

// wireReader makes families of messages. It works at one family at a time.
type wireReader struct {
	reporter reporter
	messages *messageSet
	memory   *memory
	values   *valueMemory // used since it was taken back if rareUsed
	rareUsed bool
	known    knownFamilies
	index    seriesIndex

	// message is the one in progress, and body what is left of it.
	message wireMessage
	body    cursor
	// ended tells that it has been said why there is no more of the message.
	ended bool
	// family is the one in progress, or memory for the next one, if that has been taken already.
	inProgress bool
	family     *model.MetricFamily
	metrics    []model.Metric
	samples    int
	// counted is memory for as many metrics as the message has, if it has been taken for a family that was not plain.
	counted []model.Metric
	// place is where the family is known, negative if it is not, and hash that of its name. If rising, the names of all
	// families have been rising, so that none is known and no hash is needed.
	place  int
	hash   uint64
	rising bool
	// kind is the type that the message states. If loose, the metrics do not fit the family and are to be loose samples
	// of it.
	kind  model.Type
	loose bool
	// labels are those that are being read, and names those that are known.
	labels labelList
	names  judgedNames
	// shape tells the names of the labels of the metric that is being read from others.
	shape uint64
	// familyShape is the shape of all metrics so far, 0 if they have several, and inOrder is how many of them are known to be
	// in the order of their labels, with one more, or negative if they are not. For touched of them memory has been used.
	familyShape      uint64
	inOrder, touched int
	// at is where the metric begins that is being read, and refused tells that it is to be left out.
	at      int
	refused bool
	// histogram is what has been read of a histogram.
	histogram histogramParts
	rules     valueRules
	// copied is how many bytes of labels the message has made be copied.
	copied int
	// buffer is kept here for the next input when there is none.
	buffer []byte
}

// wireReaders are those that have come to the end of their input and whose families own their memory. What they have left
// of it serves the next one, so that a small input costs little more than its families.
var wireReaders sync.Pool

// takeWireReader is a used reader, or a new one where none is at hand or memory is to be reused.
func takeWireReader(o *options) *wireReader {
	if !o.reuse {
		if r, ok := wireReaders.Get().(*wireReader); ok {
			return r
		}
	}
	r := &wireReader{index: newSeriesIndex(), names: judgedNames{shape: noLabels}}
	r.rules.reporter = &r.reporter
	r.rules.report = func(rule diag.Rule, format string, args ...any) { r.report(rule, r.at, format, args...) }
	return r
}

// maxKeptBounds is of how many buckets a histogram may be for its slices to serve another input.
const maxKeptBounds = 4096

// release gives r up for others to use. It forgets all that would keep memory of families alive.
func (r *wireReader) release() {
	r.reporter, r.message, r.body = reporter{}, wireMessage{}, cursor{}
	r.family, r.metrics, r.counted = nil, nil, nil
	r.labels, r.names.added = labelList{}, ""
	r.known.release()
	r.histogram.release()
	if cap(r.rules.bounds) > maxKeptBounds {
		r.histogram, r.rules.bounds = histogramParts{}, nil
	}
	if len(r.buffer) > blockBytes {
		r.buffer = nil
	}
	wireReaders.Put(r)
}

// takeBuffer is a buffer for an input of about that many bytes.
func (r *wireReader) takeBuffer(input int) []byte {
	buffer := r.buffer
	r.buffer = nil
	if len(buffer) < max(input, minBuffer) {
		buffer = make([]byte, max(input, minBuffer))
	}
	return buffer
}

// textPerWire is about how much longer a page is as text, by whose length memory is measured out.
const textPerWire = 2

// reset begins with another input, of about that many bytes.
func (r *wireReader) reset(o *options, messages *messageSet, input int) {
	r.reporter, r.messages = reporter{options: o}, messages
	input *= textPerWire
	if !r.memory.serves(input) {
		r.memory = newMemory(input, o.reuse)
		r.values = newValueMemory(input, o.reuse)
	}
	if o.reuse {
		r.takeBack()
	}
	r.known.reset(o.limits.Families, input, o.reuse)
	r.names.forget()
	r.message = wireMessage{}
	r.family, r.counted, r.inProgress, r.rising = nil, nil, false, true
}

// takeBack takes back the memory of all families.
func (r *wireReader) takeBack() {
	r.memory.reset()
	if r.rareUsed {
		r.rareUsed = false
		r.values.reset()
	}
}

// limits are those that hold.
func (r *wireReader) limits() *Limits { return &r.reporter.options.limits }

// reportAt reports something about a byte of the input that belongs to no message.
func (r *wireReader) reportAt(rule diag.Rule, offset int64, format string, args ...any) {
	r.deliver(rule, byteAt(offset), diag.Excerpt{}, format, args)
}

// byteAt is the place of a byte in an input without lines.
func byteAt(offset int64) diag.Position {
	return diag.Position{Column: int(offset) + 1, Offset: offset}
}

// tell reports something about a byte of the message, and whether it is an error.
func (r *wireReader) tell(rule diag.Rule, at int, format string, args ...any) (isError bool) {
	if !r.reporter.reports(rule) {
		return false
	}
	m := &r.message
	if m.text != nil {
		return r.deliver(rule, m.place, diag.NewExcerpt(m.text, 1), format, args)
	}
	return r.deliver(rule, byteAt(m.place.Offset+int64(at)), hexExcerpt(m.body, at), format, args)
}

// report reports something about the metric that is being read, and whether it is refused. After the first error there
// is nothing more to be said about it.
func (r *wireReader) report(rule diag.Rule, at int, format string, args ...any) (refused bool) {
	r.refused = r.refused || r.tell(rule, at, format, args...)
	return r.refused
}

func (r *wireReader) deliver(rule diag.Rule, place diag.Position, excerpt diag.Excerpt, format string, args []any) bool {
	if !r.reporter.reports(rule) {
		return false
	}
	place.File = r.reporter.options.file
	d := &diag.Diagnostic{
		Pos: place, Severity: r.reporter.severity(rule), Rule: rule, Message: fmt.Sprintf(format, args...), Excerpt: excerpt,
	}
	r.reporter.deliver(d)
	return d.Severity == diag.Error
}

// The bytes that an excerpt shows before the one that it is about, and from there on.
const hexBefore, hexAfter = 8, 16

// hexExcerpt shows the bytes around the one in question.
func hexExcerpt(b []byte, at int) diag.Excerpt {
	at = min(max(at, 0), len(b))
	from := max(at-hexBefore, 0)
	return diag.Excerpt{
		Text:   fmt.Sprintf("% x", b[from:min(at+hexAfter, len(b))]),
		Column: 3*(at-from) + 1,
	}
}

// skip leaves out a field of a message of that kind, whose tag has been read.
func (r *wireReader) skip(c *cursor, tag uint64, kind *messageKind) {
	at := c.position()
	c.skip(tag)
	if c.problem == noProblem && kind.contradicts(tag) {
		r.report(diag.ProtobufField, at, wrongEncoding, tag>>3, kind.name)
	}
}

const wrongEncoding = "field %d of a %s has another type of encoding; it is skipped"

// isRead reports whether a message of the metric has been read to its end, and reports it if not.
func (r *wireReader) isRead(c *cursor) bool {
	return c.problem == noProblem || !r.report(diag.ProtobufSyntax, c.position(), "%s", wireProblems[c.problem])
}

// readMetrics reads metrics until there is an error or nothing is left, and reports which.
func (r *wireReader) readMetrics() (end bool) {
	c, s := &r.body, r.messages
	for c.i < len(c.b) && len(r.reporter.errors) == 0 {
		n, at := shortVarint(c.b, c.i+1)
		if uint64(c.b[c.i]) == s.metric && at > 0 && at+n <= len(c.b) {
			c.i = at + n
		} else {
			if tag := c.tag(); tag != s.metric {
				c.skip(tag)
				continue
			}
			if n = len(c.bytes()); c.problem != noProblem {
				break
			}
			at = c.i - n
		}
		r.at, r.refused = at, false
		if !exceeds(r.samples, r.limits().Samples) {
			s.read(r, c.b[at:c.i], at)
		}
	}
	if c.more() {
		return false
	}
	if !r.ended {
		r.ended = true
		r.endBody(c)
	}
	return len(r.reporter.errors) == 0
}

// endBody reports why there is no more of the message, unless that is because it is whole.
func (r *wireReader) endBody(c *cursor) {
	switch m := &r.message; {
	case m.failed:
	case m.missing > 0:
		r.tell(diag.ProtobufSyntax, len(m.body), "the input ends within a message, of which %d bytes are missing", m.missing)
	case c.problem != noProblem:
		r.tell(diag.ProtobufSyntax, c.position(), "%s", wireProblems[c.problem])
	}
}

// finish gives out the family in progress.
func (r *wireReader) finish() *model.MetricFamily {
	r.inProgress = false
	f := r.family
	if len(r.metrics) > 0 {
		f.Metrics = slices.Clip(r.metrics)
	}
	if r.loose {
		f.Loose = r.memory.samples.take(len(f.Metrics))
		for i, m := range f.Metrics {
			f.Loose[i] = model.Sample{Name: f.Name, Labels: m.Labels, Value: m.Value, Timestamp: m.Timestamp}
		}
		f.Metrics = nil
	}
	r.remember(f)
	r.family = nil
	return r.memory.apart(f)
}

// newMetric is memory for a metric behind those of the family, which add takes in.
func (r *wireReader) newMetric() *model.Metric {
	n := len(r.metrics)
	if n == cap(r.metrics) {
		r.metrics = append(r.metrics, model.Metric{})[:n]
	}
	m := &r.metrics[:n+1][n]
	if n < r.touched || r.reporter.options.reuse {
		*m = model.Metric{}
	}
	r.touched = n + 1
	return m
}

// add adds the new metric m, which has so many samples, to the family, unless there is an error about it.
func (r *wireReader) add(m *model.Metric, samples int) {
	if r.refused {
		return
	}
	n := len(r.metrics)
	if n == 0 {
		r.index.begin(r.shape)
		r.familyShape = r.shape
	} else if !r.isOther(m) && r.isRepeated(m) {
		return
	}
	r.samples += samples
	if limit := r.limits().Samples; exceeds(r.samples, limit) {
		r.report(diag.TooManySamples, r.at, "family %s has more than %d samples (limit Samples); the rest is refused",
			quote(r.family.Name), limit)
		r.samples = math.MaxInt
		return
	}
	r.metrics = r.metrics[:n+1]
}

// isOther reports whether it takes no look-up to tell that the new metric m is none of those before: they are few, or all
// are of one shape and in the order of their labels, as most encoders have them.
func (r *wireReader) isOther(m *model.Metric) bool {
	if r.shape != r.familyShape {
		r.familyShape = 0
		return false
	}
	if n := len(r.metrics); n >= fewMetrics {
		return r.isInOrder(r.metrics[:n+1])
	}
	for i := range r.metrics {
		if r.metrics[i].Labels == m.Labels {
			return false
		}
	}
	return true
}

// isInOrder reports whether all metrics, the new one too, are in the order of their labels.
func (r *wireReader) isInOrder(all []model.Metric) bool {
	for r.inOrder >= 0 && r.inOrder < len(all)-1 {
		if !valuesRise(all[r.inOrder].Labels, all[r.inOrder+1].Labels) {
			r.inOrder = -1
			break
		}
		r.inOrder++
	}
	return r.inOrder >= 0
}

// isRepeated reports whether a metric is refused because its series has been there.
func (r *wireReader) isRepeated(m *model.Metric) bool {
	// The arguments cost more than the look whether anybody is to hear of them.
	if r.index.find(r.metrics, m.Labels, m.Timestamp, r.shape) < 0 || !r.reporter.reports(diag.DuplicateSeries) ||
		!r.report(diag.DuplicateSeries, r.at, "series %s%s occurs twice", r.family.Name, m.Labels) {
		return false
	}
	r.index.leaveOut()
	return true
}
