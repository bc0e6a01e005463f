package convert

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// familyHead is what a message says of its family but for the metrics: where the texts stand, which is at 0 if they are not
// there.
type familyHead struct {
	name, help, unit span
	// kind is the number of the type, -1 if there is none.
	kind int32
	// metrics is how many there are, without those that have no value, and first where the first stands, negative if there
	// is none.
	metrics, first int
}

// readUsual reads the fields at the beginning of a message as far as they are known ones of the usual encoding, and gives
// the index behind them.
func (h *familyHead) readUsual(b []byte, s *messageSet) (end int) {
	for i := 0; i < len(b); {
		tag := uint64(b[i])
		n, at := shortVarint(b, i+1)
		next := at + n
		switch {
		case at == 0:
			return i
		case tag == s.kind:
			h.kind, next = int32(n), at
		case next > len(b):
			return i
		case tag == s.metric:
			if h.first < 0 {
				h.first = i
			}
			if n > 1 {
				h.metrics++
			}
		case tag == s.name:
			h.name = span{at, next}
		case tag == s.help:
			h.help = span{at, next}
		case tag == s.unit:
			h.unit = span{at, next}
		default:
			return i
		}
		i = next
	}
	return len(b)
}

// readRest reads the fields behind those of the usual encoding.
func (h *familyHead) readRest(c *cursor, r *wireReader) {
	s := r.messages
	for c.more() {
		at := c.i
		switch tag := c.tag(); tag {
		case s.metric:
			if h.first < 0 {
				h.first = at
			}
			if len(c.bytes()) > 1 {
				h.metrics++
			}
		case s.name:
			h.name = c.span()
		case s.help:
			h.help = c.span()
		case s.unit:
			h.unit = c.span()
		case s.kind:
			h.kind = int32(c.varint())
		default:
			c.skip(tag)
			if c.problem == noProblem && s.family.contradicts(tag) {
				r.tell(diag.ProtobufField, at, wrongEncoding, tag>>3, s.family.name)
			}
		}
	}
}

// begin starts the family of a message with that body. What is said about it comes before its metrics in a message, or may
// come behind them, so they are gone over first.
func (r *wireReader) begin(b []byte) {
	r.refused, r.copied = false, 0
	r.message.body = b
	h := familyHead{kind: -1, first: -1}
	c := cursor{b: b}
	if c.i = h.readUsual(b, r.messages); c.more() {
		h.readRest(&c, r)
	}
	r.body.b, r.body.i, r.body.problem, r.ended = b, h.first, noProblem, false
	if h.first < 0 {
		r.body, r.ended = c, true
	}
	if !r.nameFamily(&h, b, c.problem != noProblem || r.message.missing > 0) || !r.typeFamily(h.kind, h.metrics) {
		r.endBody(&c)
		return
	}
	if r.ended {
		r.endBody(&c)
	}
	if h.help.at > 0 || h.unit.at > 0 || r.messages.openMetrics {
		r.describeFamily(&h, b)
	}
	count := h.metrics
	if limit := r.limits().Samples; limit > 0 {
		count = min(count, limit)
	}
	metrics := r.counted
	if cap(metrics) < count {
		metrics = r.memory.metrics.take(count)
	}
	r.metrics, r.counted = metrics[:0], nil
	r.samples, r.inOrder, r.touched, r.inProgress = 0, 0, 0, true
	r.names.beginFamily(addedLabel(r.family, r.kind))
	r.index.reset()
}

// nameFamily begins a family, or a further part of one. It reports whether there is to be one. A message that cannot be
// read to its end may have a name there.
func (r *wireReader) nameFamily(h *familyHead, b []byte, broken bool) bool {
	name := h.name.of(b)
	// Name and help text mostly stand one behind the other, with a tag and a length between them.
	var both []byte
	if h.help.at == h.name.end+2 && h.help.end > h.help.at && isASCII(b[h.name.at:h.help.end]) {
		both = b[h.name.at:h.help.end]
	}
	switch {
	case len(name) == 0 && broken:
		return false
	case len(name) == 0:
		r.tell(diag.EmptyName, 0, "the metric family has no name")
		return false
	case both == nil && !r.isText(name, 0):
		return false
	}
	if r.family == nil {
		r.family = r.memory.families.one()
	} else {
		*r.family = model.MetricFamily{}
	}
	f := r.family
	if r.locate(name); r.place >= 0 {
		*f = r.known.continued(r.place)
		f.Line = r.message.place.Line
		r.tell(diag.InterleavedFamily, 0, "family %s comes back", quote(f.Name))
		return true
	}
	if r.known.mustTellLimit() {
		r.known.limitTold = true
		r.tell(diag.TooManyFamilies, 0, tooManyFamilies, r.known.limit)
	}
	f.Line = r.message.place.Line
	if both == nil {
		f.Name = r.memory.text.string(name)
		return true
	}
	kept := r.memory.text.string(both)
	f.Name, f.Help, f.HasHelp = kept[:len(name)], kept[len(name)+2:], true
	h.help = span{} // it is done with
	return true
}

// describeFamily gives the family help text and unit.
func (r *wireReader) describeFamily(h *familyHead, b []byte) {
	f, s := r.family, r.messages
	if help := h.help.of(b); h.help.at > 0 && (s.presence || len(help) > 0) && r.isText(help, h.help.at) {
		switch {
		case !f.HasHelp:
			f.HasHelp, f.Help = true, r.memory.text.string(help)
		case f.Help != string(help):
			r.tell(diag.DuplicateHelp, h.help.at, "another help text for %s; the first is kept", quote(f.Name))
		}
	}
	if unit := h.unit.of(b); h.unit.at > 0 && (s.presence || len(unit) > 0) && r.isText(unit, h.unit.at) {
		f.HasUnit, f.Unit = true, r.memory.text.string(unit)
	}
	if s.openMetrics {
		r.judgeUnit()
	}
}

// locate looks for a family among those before. As long as the names rise, as they do in most pages, it cannot be there,
// and a list of them is enough; the table is made of it when one does not.
func (r *wireReader) locate(name []byte) {
	k := &r.known
	if r.rising {
		if n := len(k.list); n == 0 || k.name(n-1) < view(name) {
			r.place = -1
			return
		}
		r.rising = false
		for 2*len(k.list) > len(k.table) {
			k.table = make(table, 2*len(k.table))
		}
		for i := range k.list {
			k.list[i].hash = k.hash(viewBytes(k.name(i)))
			k.table.insert(k.list[i].hash, i)
		}
	}
	r.hash = k.hash(name)
	r.place = k.find(name, r.hash)
}

// remember takes in what a family says that has been located.
func (r *wireReader) remember(f *model.MetricFamily) {
	k := &r.known
	if !r.rising {
		k.remember(r.place, r.hash, f)
		return
	}
	if !k.isFull() {
		k.update(k.add(0, f), f)
	}
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
	if isText(s) {
		return true
	}
	r.tell(diag.InvalidUTF8, at+lexer.ValidUTF8End(s), "%s is not valid UTF-8", quote(string(s)))
	return false
}
