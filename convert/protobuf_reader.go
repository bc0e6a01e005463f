package convert

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
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
	// openMetrics tells that the rules of OpenMetrics hold, so that families leave out the suffixes of their samples.
	openMetrics bool
	// read reads a metric and adds it to the family in progress.
	read func(*wireReader, cursor)
}

// wireReader makes families of messages. It works at one family at a time.
type wireReader struct {
	reporter reporter
	messages *messageSet
	memory   *memory
	values   *valueMemory
	known    knownFamilies
	index    seriesIndex

	// message is the one in progress, and body what is left of it.
	message wireMessage
	body    cursor
	// family is the one in progress, or memory for the next one, if that has been taken already.
	inProgress bool
	family     *model.MetricFamily
	metrics    []model.Metric
	samples    int
	// place is where the family is known, negative if it is not, and hash that of its name. If rising, the names of all
	// families have been rising, so that none is known and no hash is needed.
	place  int
	hash   uint64
	rising bool
	// kind is the type that the message states. If loose, the metrics do not fit the family and are to be loose samples
	// of it.
	kind  model.Type
	loose bool
	// names are those of the labels of the metric before, if nothing was wrong with them; shape tells them from others.
	names []string
	shape uint64
	// sorted tells that the metrics are in the order of their labels, and that these are of one shape.
	sorted      bool
	sortedShape uint64
	// at is where the metric begins that is being read, and refused tells that it is to be left out.
	at        int
	refused   bool
	limitTold bool
	// histogram is what has been read of a histogram.
	histogram histogramParts
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
	return &wireReader{index: newSeriesIndex()}
}

// release gives r up for others to use. It forgets all that would keep memory of families alive.
func (r *wireReader) release() {
	r.reporter, r.message, r.body = reporter{}, wireMessage{}, cursor{}
	r.family, r.metrics = nil, nil
	clear(r.names[:cap(r.names)])
	clear(r.known.list)
	r.histogram.release()
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
	if r.memory == nil {
		r.memory = newMemory(input, o.reuse)
		r.values = newValueMemory(input, o.reuse)
	}
	if o.reuse {
		r.memory.reset()
		r.values.reset()
	}
	r.known.reset(o.limits.Families, input, o.reuse)
	r.message = wireMessage{}
	r.family, r.inProgress, r.limitTold, r.rising = nil, false, false, true
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

// begin starts the family of a message. What is said about it comes before its metrics in a message, or may come behind
// them, so they are gone over first.
func (r *wireReader) begin() {
	r.refused, r.copied = false, 0
	s, m := r.messages, &r.message
	var name, help, unit []byte
	var helpAt, unitAt int
	kind, count, first := int32(-1), 0, -1
	c := cursor{b: m.body}
	for c.more() {
		at := c.i
		switch tag := c.tag(); tag {
		case s.metric:
			if first < 0 {
				first = at
			}
			if len(c.bytes()) > 1 { // one without a value does not count
				count++
			}
		case s.name:
			name = c.bytes()
		case s.help:
			help, helpAt = c.bytes(), c.position()
		case s.unit:
			unit, unitAt = c.bytes(), c.position()
		case s.kind:
			kind = int32(c.varint())
		default:
			c.skip(tag)
			if c.problem == noProblem && s.family.contradicts(tag) {
				r.tell(diag.ProtobufField, at, wrongEncoding, tag>>3, s.family.name)
			}
		}
	}
	r.body = cursor{b: m.body, i: first}
	if first < 0 {
		r.body = c
	}
	if !r.nameFamily(name, c.problem != noProblem || m.missing > 0) || !r.typeFamily(kind, count) {
		r.endBody(&c)
		return
	}
	if first < 0 {
		r.endBody(&c)
	}
	f := r.family
	if help != nil && (s.presence || len(help) > 0) && r.isText(help, helpAt-len(help)) {
		switch {
		case !f.HasHelp:
			f.HasHelp, f.Help = true, r.keepMetadata(help)
		case f.Help != string(help):
			r.tell(diag.DuplicateHelp, helpAt-len(help), "another help text for %s; the first is kept", quote(f.Name))
		}
	}
	if unit != nil && (s.presence || len(unit) > 0) && r.isText(unit, unitAt-len(unit)) {
		f.HasUnit, f.Unit = true, r.memory.text.string(unit)
	}
	if s.openMetrics {
		r.judgeUnit()
	}
	if limit := r.limits().Samples; limit > 0 {
		count = min(count, limit)
	}
	r.metrics = r.memory.metrics.take(count)[:0]
	r.names, r.shape, r.samples, r.inProgress = r.names[:0], 1, 0, true
	r.index.reset()
}

// nameFamily begins a family of that name, or a further part of one. It reports whether there is to be one. A message that
// cannot be read to its end may have a name there.
func (r *wireReader) nameFamily(name []byte, broken bool) bool {
	switch {
	case len(name) == 0 && broken:
		return false
	case len(name) == 0:
		r.tell(diag.EmptyName, 0, "the metric family has no name")
		return false
	case !r.isText(name, 0):
		return false
	}
	if r.family == nil {
		r.family = &r.memory.families.take(1)[0]
	}
	if r.locate(name); r.place >= 0 {
		*r.family = r.known.continued(r.place)
		r.family.Line = r.message.place.Line
		r.tell(diag.InterleavedFamily, 0, "family %s comes back", quote(r.family.Name))
		return true
	}
	if r.known.isFull() && !r.limitTold {
		r.limitTold = true
		r.tell(diag.TooManyFamilies, 0, "more than %d families (limit Families); later ones are not checked for coming back", r.known.limit)
	}
	*r.family = model.MetricFamily{Name: r.keepMetadata(name), Line: r.message.place.Line}
	return true
}

// locate looks for a family among those before. As long as the names rise, as they do in most pages, it cannot be there,
// and a list of them is enough; the table is made of it when one does not.
func (r *wireReader) locate(name []byte) {
	k := &r.known
	if r.rising {
		if n := len(k.list); n == 0 || k.list[n-1].name < view(name) {
			r.place = -1
			return
		}
		r.rising = false
		for 2*len(k.list) > len(k.table) {
			k.table = make(table, 2*len(k.table))
		}
		for i := range k.list {
			k.list[i].hash = k.hash(viewBytes(k.list[i].name))
			k.table.insert(k.list[i].hash, i)
		}
	}
	r.hash = k.hash(name)
	r.place = k.find(name, r.hash)
}

// remember takes in what the family in progress says.
func (r *wireReader) remember() {
	k, place := &r.known, r.place
	if r.rising {
		if k.isFull() {
			return
		}
		place = len(k.list)
		k.list = append(k.list, knownFamily{name: r.family.Name})
	}
	k.remember(place, r.hash, r.family)
}

// keepMetadata keeps a name or help text where what is remembered of families is kept, unless no more is remembered.
func (r *wireReader) keepMetadata(text []byte) string {
	if r.place < 0 && r.known.isFull() {
		return r.memory.text.string(text)
	}
	return r.known.text.string(text)
}

// typeFamily gives the family, which has so many metrics, the type of that number, negative if there is none. It reports
// whether the family can have it.
func (r *wireReader) typeFamily(number int32, metrics int) bool {
	s, f := r.messages, r.family
	hasType := number != -1 || !s.presence || !r.allUntyped()
	kind := model.Unknown
	switch {
	case !hasType:
	case number == -1:
		kind = s.types[0]
	case number < 0 || int(number) >= len(s.types):
		r.tell(diag.UnknownType, 0, "family %s has a type that does not exist, number %d", quote(f.Name), number)
		return false
	default:
		kind = s.types[number]
	}
	r.kind, r.loose = kind, false
	switch {
	case f.HasType && kind == f.Type, !hasType && (!f.HasType || metrics == 0):
	case f.HasType && kind == model.Unknown:
		// Samples that do not fit their family are written so.
		r.loose = true
		return !r.tell(diag.LooseSample, 0, "%s is of type %s already; what is untyped is kept beside it", quote(f.Name), f.Type)
	case f.HasType, kind.IsComplex() && r.place >= 0 && r.known.list[r.place].hasMetrics:
		r.tell(diag.TypeConflict, 0, "%s is of type %s already; a message of type %s is left out", quote(f.Name), f.Type, kind)
		return false
	default:
		f.Type, f.HasType = kind, true
	}
	if s.openMetrics {
		f.Suffix = openMetricsSuffixes[kind]
	}
	return true
}

// allUntyped reports whether all metrics, if there are any, have an untyped value.
func (r *wireReader) allUntyped() bool {
	for c := (cursor{b: r.message.body}); c.more(); {
		if tag := c.tag(); tag != r.messages.metric {
			c.skip(tag)
			continue
		}
		untyped := false
		for m := c.message(); m.more(); {
			tag := m.tag()
			untyped = untyped || tag == metricUntyped
			m.skip(tag)
		}
		if !untyped && c.problem == noProblem {
			return false
		}
	}
	return true
}

// isText reports whether a string is valid UTF-8, and reports it if not.
func (r *wireReader) isText(s []byte, at int) bool {
	if utf8.Valid(s) {
		return true
	}
	r.tell(diag.InvalidUTF8, at+lexer.ValidUTF8End(s), "%s is not valid UTF-8", quote(string(s)))
	return false
}

// nextMetrics reads metrics until there is an error. It reports false when there was nothing left.
func (r *wireReader) nextMetrics() bool {
	if !r.body.more() {
		return false
	}
	for r.body.more() && len(r.reporter.errors) == 0 {
		if tag := r.body.tag(); tag != r.messages.metric {
			r.body.skip(tag)
			continue
		}
		c := r.body.message()
		if r.body.problem != noProblem {
			break
		}
		r.at, r.refused = c.at, false
		if limit := r.limits().Samples; exceeds(r.samples, limit) {
			continue
		}
		r.messages.read(r, c)
	}
	if !r.body.more() {
		r.endBody(&r.body)
	}
	return true
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
	r.remember()
	r.family = nil
	return f
}

// isNext reports whether all metrics so far are in the order of their labels and the given one comes behind them, as is the
// case with most encoders. Then it cannot be one of them.
func (r *wireReader) isNext(m *model.Metric) bool {
	n := len(r.metrics)
	if n == 0 {
		r.sorted = true
		r.sortedShape = r.shape
		r.index.begin(r.shape)
		return true
	}
	r.sorted = r.sorted && r.shape == r.sortedShape && m.Labels.Encoding() > r.metrics[n-1].Labels.Encoding()
	return r.sorted
}

// add adds a metric of so many samples to the family, unless there is an error about it.
func (r *wireReader) add(m *model.Metric, samples int) {
	if r.refused {
		return
	}
	// The arguments cost more than the look whether anybody is to hear of them.
	if !r.isNext(m) && r.index.find(r.metrics, m.Labels, m.Timestamp, r.shape) >= 0 && r.reporter.reports(diag.DuplicateSeries) &&
		r.report(diag.DuplicateSeries, r.at, "series %s%s occurs twice", r.family.Name, m.Labels) {
		return
	}
	r.samples += samples
	if limit := r.limits().Samples; exceeds(r.samples, limit) {
		r.report(diag.TooManySamples, r.at, "family %s has more than %d samples (limit Samples); the rest is refused",
			quote(r.family.Name), limit)
		r.samples = math.MaxInt
		return
	}
	r.metrics = append(r.metrics, *m)
}
