package convert

import (
	"unicode/utf8"

	"github.com/promfmt/promfmt/model"
)

// A family is plain if it is what most are: not known, of simple metrics, with its fields in the usual order, its metrics one
// double each, with labels of the same names in the usual form that are all different, and nothing to be said about any of it.
// What is here does for such a family, in one go, what begin, readMetrics and finish of wireReader do for any. Little of it has
// to be kept from one step to the next, and the characters of its strings, which stand together, are judged all at once.

// plainHead is what stands before the metrics of a plain family.
type plainHead struct {
	name, help span
	hasHelp    bool
	kind       model.Type
	end        int // where the metrics begin
}

// read reads the head of a message and reports whether it may be that of a plain family.
func (h *plainHead) read(b []byte) bool {
	if len(b) == 0 || b[0] != familyName {
		return false
	}
	n, at := shortVarint(b, 1)
	i := at + n
	if n == 0 || i+2 > len(b) {
		return false
	}
	h.name = span{at, i}
	if b[i] == familyHelp {
		n, at = shortVarint(b, i+1)
		i = at + n
		if at == 0 || i+2 > len(b) {
			return false
		}
		h.help, h.hasHelp = span{at, i}, true
	}
	if b[i] != familyKind || int(b[i+1]) >= len(prometheusMessages.types) {
		return false
	}
	h.kind, h.end = prometheusMessages.types[b[i+1]], i+2
	return !h.kind.IsComplex()
}

// plainFamily reads the message with that body if it is a plain family. If it is not it gives nil, and nothing has happened but
// that names of labels may have been learnt.
func (r *wireReader) plainFamily(b []byte) *model.MetricFamily {
	var h plainHead
	if !r.messages.plain || r.message.missing > 0 || r.family != nil || r.known.mustTellLimit() || len(r.reporter.errors) > 0 ||
		!h.read(b) {
		return nil
	}
	if r.locate(h.name.of(b)); r.place >= 0 {
		return nil
	}
	head := b[h.name.at:max(h.name.end, h.help.end)]
	name, help := h.name.end-h.name.at, h.help.at-h.name.at
	p := plainMetrics{valueTag: byte(valueTags[h.kind])}
	p.text = r.memory.text.room(len(head))
	p.used = copy(p.text, head)
	if help > name+2 {
		p.text[name+1] = 0 // of a length of two bytes, the one that is no character
	}
	texts := view(p.text[:p.used])
	r.names.beginFamily("")
	p.metrics = r.plainRoom(b, h.end)
	n, ok := r.readPlain(&p, b, h.end)
	if !ok || exceeds(n, r.limits().Samples) || p.invalid || !isText(p.text[:p.used]) {
		clear(p.metrics[:n])
		return nil
	}
	r.memory.text.advance(p.used)
	f := r.memory.families.one()
	f.Line = r.message.place.Line
	f.Name = texts[:name]
	if h.hasHelp {
		f.Help, f.HasHelp = texts[help:], true
	}
	f.Type, f.HasType = h.kind, true
	if n > 0 {
		f.Metrics = r.memory.metrics.commit(p.metrics[:n])
	}
	if r.counted != nil {
		r.counted = nil
	}
	r.remember(f)
	return r.memory.apart(f)
}

// plainRoom is memory for the metrics that stand from index i of b on, or for more. They are counted only if they may be more
// than there is memory for in one piece.
func (r *wireReader) plainRoom(b []byte, i int) []model.Metric {
	room := r.memory.metrics.room(0)
	if (len(b)-i)/(2+plainValue) <= len(room) {
		return room
	}
	count := 0
	for i < len(b) {
		size, at := shortVarint(b, i+1)
		if at == 0 || size < plainValue {
			return nil
		}
		i = at + size
		count++
	}
	r.counted = r.memory.metrics.take(count)
	return r.counted
}

// plainMetrics is what is being read of a plain family.
type plainMetrics struct {
	// metrics is memory for them.
	metrics  []model.Metric
	valueTag byte
	// text is memory for strings, of which so much is in use. They are one valid text if each is, since what stands between
	// them are characters of ASCII.
	text []byte
	used int
	// invalid tells that there are strings that are no text among those that have been left behind, for want of memory.
	invalid bool
}

// readPlain reads the metrics that stand from index i of b on. It gives how many it has written to, and reports whether they
// are plain.
func (r *wireReader) readPlain(p *plainMetrics, b []byte, i int) (n int, ok bool) {
	rising, indexed := true, false
	for i < len(b) {
		size, at := shortVarint(b, i+1)
		if b[i] != familyMetric || at == 0 || at+size > len(b) || n == len(p.metrics) {
			return n, false
		}
		i = at + size
		c, m := b[at:i], &p.metrics[n]
		n++
		hasLabels := len(c) > 0 && c[0] == labelField
		switch {
		case hasLabels:
			labels, end := r.readPlainLabels(p, c, n == 1)
			if end == 0 {
				return n, false
			}
			m.Labels = labels
			c = c[end:]
		case !m.Labels.IsEmpty():
			m.Labels = model.Labels{}
		}
		if len(c) < plainValue || c[0] != p.valueTag || c[1] != lengthOfDouble || c[2] != simpleValue {
			return n, false
		}
		m.Value = doubleAt(c[3:])
		// What is there already is not written again, which would cost more than the look.
		if m.Extra != nil {
			m.Extra = nil
		}
		if m.Timestamp.Set {
			m.Timestamp = model.Timestamp{}
		}
		if len(c) > plainValue {
			millis, end := varintAt(c, plainValue+1)
			if c[plainValue] != metricTimestamp || end != len(c) {
				return n, false
			}
			m.Timestamp = model.TimestampFromMillis(int64(millis))
		}
		if n > 1 {
			before := p.metrics[:n-1]
			if !hasLabels || before[0].Labels.IsEmpty() {
				return n, false
			}
			rising = rising && valuesRise(before[n-2].Labels, m.Labels)
			switch {
			case rising:
			case n <= fewMetrics:
				if hasSeries(before, m.Labels) {
					return n, false
				}
			default:
				if !indexed {
					indexed = true
					r.index.reset()
					r.index.begin(r.names.shape)
				}
				if !r.index.add(before, m.Labels, m.Timestamp, r.names.shape) {
					return n, false
				}
			}
		}
	}
	return n, true
}

// readPlainLabels reads the labels at the beginning of a metric, and gives the index behind them, 0 if they are not plain. The
// first metric may have other names than are known.
func (r *wireReader) readPlainLabels(p *plainMetrics, c []byte, first bool) (labels model.Labels, end int) {
	if len(p.text)-p.used < len(c) {
		p.invalid = p.invalid || !isText(p.text[:p.used])
		r.memory.text.advance(p.used)
		p.text, p.used = r.memory.text.room(len(c)), 0
	}
	text := p.text[p.used:]
	copied := r.names.copyLabels(text, c)
	if first && !r.names.areAll(copied, c) && r.names.learn(c, r.limits().Labels) {
		copied = r.names.copyLabels(text, c)
	}
	if !r.names.areAll(copied, c) {
		return labels, 0
	}
	p.used += copied.used
	return model.LabelsFromEncoding(view(text[:copied.used])), copied.end
}

// areAll reports whether the labels copied are all of the metric and have all of the names.
func (n *judgedNames) areAll(copied labelCopy, metric []byte) bool {
	return copied.count == len(n.list) && (copied.end == len(metric) || metric[copied.end] != labelField)
}

// hasSeries reports whether one of a few metrics has those labels.
func hasSeries(metrics []model.Metric, labels model.Labels) bool {
	for i := range metrics {
		if metrics[i].Labels == labels {
			return true
		}
	}
	return false
}

func isText(b []byte) bool { return isASCII(b) || utf8.Valid(b) }
