package convert

import (
	"bytes"
	"encoding/binary"

	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// A sample mostly looks like the sample before: the same metric name, the same label names, and in a histogram the same
// labels but for the bound. prediction remembers what came before and compares, which is several times faster than
// reading anew. It applies only to lines in which there is nothing to be found fault with, and a line that is not as
// predicted, or is irregular in any way, is read as if there were no prediction: it never changes what a line means.
type prediction struct {
	// on tells that samples of the family in progress may be predicted. They are not if its name needs quotes.
	on bool
	// latest is the index in the roles of the family of the latest sample.
	latest int
	// head and tail are what stood before and behind the bound of the latest bucket or quantile, from the beginning of the
	// line to the value. They are empty if the sample behind it says nothing about the next one. labels are those of the
	// metric in head, without the brace at their end, if they are all that is before the label of the bound; else it is
	// none. total tells that a sum or count came behind the bucket or quantile, and closed that the tail is the end of the
	// labels, so that the label of the bound is the last one.
	head, tail    []byte
	labels        span
	total, closed bool
	// previous is the label block of the latest metric as it stands in the block of lines, if all metrics of the family
	// are simple, of one shape and in an order of these texts, or of their timestamps where the texts are the same, so that
	// each is another series than all before. Else it is nil. kept is where it is when its block is gone. orders are those
	// in which they are, and spaced tells that they have a blank behind each comma.
	previous, kept []byte
	orders         orders
	spaced         bool
}

// orders is a set of orders in which texts may stand one behind the other.
type orders uint8

const (
	// alphabetic is the order in which many libraries write label values.
	alphabetic orders = 1 << iota
	// numeric has shorter texts first, and so whole numbers as they are counted.
	numeric
)

// keepsOrder takes in the label block of a further sample, and reports whether there is an order left in which all stand. The
// block before is that of the latest metric. If they are the same, the timestamps tell, but in OpenMetrics, where these are two
// points of one metric.
func (a *assembler) keepsOrder(block, previous []byte, e *entry) bool {
	p, order := &a.prediction, bytes.Compare(block, previous)
	if order == 0 && a.om == nil {
		order = e.timestamp.Compare(a.metrics[len(a.metrics)-1].Timestamp)
	}
	if order <= 0 {
		p.orders &^= alphabetic
	}
	if longer := len(block) - len(previous); longer < 0 || longer == 0 && order <= 0 {
		p.orders &^= numeric
	}
	return p.orders != 0
}

// expect takes in that a family begins or that its type is known now, and whether its name was quoted there.
func (p *prediction) expect(quoted bool) {
	p.on, p.latest = !quoted, 0
	p.forgetBound()
	p.follow(nil)
}

// follow makes a label block the previous one. What is nil stays so without being written: a pointer that is written costs
// something while the collector works.
func (p *prediction) follow(block []byte) {
	if p.previous != nil || block != nil {
		p.previous = block
	}
}

// keep makes what is remembered outlast the block of lines.
func (p *prediction) keep() {
	if p.previous != nil {
		if p.kept == nil {
			p.kept = []byte{} // and stays so if there are no labels: nil says something else
		}
		p.kept = append(p.kept[:0], p.previous...)
		p.previous = p.kept
	}
}

// predictLines reads lines for as long as they are predicted and there is nothing to be said about them. It reports whether
// there were any, or whether the family in progress is complete, since another one begins with what comes next.
func (d *Decoder) predictLines() (read, complete bool) {
	a, e := d.assembler, &d.assembler.entry
	e.labels.begin()
	text := d.block
	// An error comes out before anything is said about a later line.
	for len(text) > 0 && len(d.reporter.errors) == 0 && !complete {
		var lines, next int
		switch {
		case text[0] == '#':
			lines, next, complete = d.predictHead(text)
		case text[0] == '\n':
			lines = d.blankLines(text)
			next = lines
		case !a.inProgress:
		case a.family.Type.IsComplex():
			lines, next = d.predictPart(text)
		default:
			lines, next = a.predictSimple(text, e)
			d.reporter.skip(lines, next)
		}
		begun := false
		if lines == 0 && !complete {
			begun, complete = d.predictBare(text)
		}
		if lines == 0 && !begun {
			break
		}
		text = text[next:]
		if !a.inProgress && d.pages.page != nil {
			break // what comes next may be of the page
		}
	}
	read = complete || len(text) < len(d.block)
	d.block = text
	return read, complete
}

// mayGoAhead reports whether the family in progress, which is complete, may be finished and the next one begun before it
// is given out. Nothing must come to light then that is to be said before, and they must not share memory. Memory is taken
// back only when no family is in progress, so that must come to pass from time to time. The next one may be of the page.
func (d *Decoder) mayGoAhead() bool {
	a := d.assembler
	return d.pages.page == nil && a.ahead.hasRoom() && !d.given && !a.lasting && !a.spilled && len(a.loose) == 0 && !a.family.Type.IsComplex() &&
		a.om.isSettled()
}

// goAhead finishes the family in progress, which is complete, and leaves it to be given out later. It reports whether it may.
func (d *Decoder) goAhead() bool {
	if !d.mayGoAhead() {
		return false
	}
	a := d.assembler
	a.ahead.push(a.finish())
	return true
}

// blankLines is how many lines there are at the beginning of text that have nothing but a line feed, where such lines are
// nothing to be found fault with.
func (d *Decoder) blankLines(text []byte) int {
	n := 0
	if d.options.dialect == lexer.PrometheusText {
		for n < len(text) && text[n] == '\n' {
			n++
		}
	}
	d.reporter.skip(n, n)
	return n
}

// plainComment is the size of the comment at the beginning of text, 0 if it may be something else.
func (d *Decoder) plainComment(text []byte) int {
	n := bytes.IndexByte(text, '\n')
	if n < 0 || d.options.dialect != lexer.PrometheusText || exceeds(n, d.options.limits.LineBytes) || text[n-1] == '\r' {
		return 0
	}
	word := text[lexer.SkipBlanks(text, 1):n]
	if bytes.HasPrefix(word, []byte("HELP")) || bytes.HasPrefix(word, []byte("TYPE")) {
		return 0
	}
	return n + 1
}

// predictSimple reads the lines at the beginning of text that are simple samples of the family in progress, and gives
// how many there are and where the next line begins.
func (a *assembler) predictSimple(text []byte, e *entry) (lines, end int) {
	f, p, labels, rosters := a.family, &a.prediction, &e.labels, a.rosters
	name, suffix, limit, previous := f.Name, f.Suffix, a.options.limits.LineBytes, p.previous
	if !p.on || name == "" {
		return 0, 0
	}
	isWanted := rosters.wants(len(a.metrics))
	most := len(text) // more lines than there are
	if limit := a.options.limits.Samples; limit > 0 {
		most = limit - a.samples
	}
	// Mostly a line with another first character is behind the last sample.
	for end < len(text) && text[end] == name[0] && lines < most {
		line := text[end:]
		if len(line) <= len(name)+len(suffix) || string(line[:len(name)]) != name {
			break
		}
		at := len(name)
		if suffix != "" {
			if string(line[at:at+len(suffix)]) != suffix {
				break
			}
			at += len(suffix)
		}
		i, met := at, -1
		if line[at] == '{' {
			if isWanted {
				i, met = labels.predictedWith(rosters, line, at)
			} else {
				i = labels.predicted(line, at)
			}
			if i == 0 {
				break
			}
		} else {
			labels.count, labels.spaced = 0, false
		}
		next := e.predictedValue(line, i)
		if next == 0 || exceeds(next-1, limit) || a.om != nil && a.mayReportValue(e) {
			break
		}
		var series model.Labels
		if i > at {
			encoding, block := a.memory.text.open(i-at), text[end+at-1:end+i-2]
			if labels.fromRoster > 0 {
				encoding = labels.encodeWith(rosters, met, encoding, block)
			} else {
				encoding = labels.encode(encoding, block)
			}
			series = model.LabelsFromEncoding(view(encoding))
		}
		block, shape := line[at:i], labels.shape()
		switch {
		case len(a.metrics) == 0:
			a.index.begin(shape)
			previous, p.orders, p.spaced = block, alphabetic|numeric, labels.spaced
		case a.isUnchecked(shape):
		case met >= 0 && shape == a.index.shape && rosters.isAnother(met, a.metrics, series):
			p.orders &= alphabetic // to follow the other one as well would cost more than it spares where the roster ends
			if previous != nil && labels.spaced == p.spaced && a.keepsOrder(block, previous, e) {
				previous = block
			} else {
				previous = nil
			}
		case previous != nil && shape == a.index.shape && labels.spaced == p.spaced && a.keepsOrder(block, previous, e):
			previous = block
		default:
			previous = nil
			if !a.isNew(series, e.timestamp, shape) {
				next = 0
			}
		}
		if next == 0 {
			break
		}
		if isWanted && i > at && shape == a.index.shape {
			rosters.note(met, block, series, labels, len(a.metrics))
		}
		a.memory.text.advance(len(series.Encoding()))
		m := a.addMetric()
		m.Labels, m.Value, m.Timestamp = series, e.value, e.timestamp
		// Memory is mostly new, and to write nil over nil costs a write barrier.
		if m.Extra != nil {
			m.Extra = nil
		}
		lines++
		end += next
	}
	a.samples += lines
	if end < len(text) && text[end] == '#' {
		previous = nil // mostly another family begins
	}
	p.follow(previous)
	return lines, end
}

// isUnchecked reports whether a further series with labels of that shape need not be looked up.
func (a *assembler) isUnchecked(shape uint64) bool {
	return a.unchecked && shape == a.index.shape && len(a.metrics) > 0
}

// isNew reports whether none of the metrics so far is the series of those labels, and takes the series in.
func (a *assembler) isNew(labels model.Labels, timestamp model.Timestamp, shape uint64) bool {
	if a.om != nil && a.om.timed {
		return false // perhaps a further point of a metric
	}
	return a.index.add(a.metrics, labels, timestamp, shape)
}

// predictedValue reads a blank, a value, perhaps a blank and a timestamp, and the line feed, from i on, and gives where
// the next line begins; else 0.
func (e *entry) predictedValue(text []byte, i int) (next int) {
	if i == len(text) || text[i] != ' ' {
		return 0
	}
	i++
	e.timestamp = model.Timestamp{}
	var end int
	if e.value, end = lexer.ShortDecimal(text, i); end > i {
		if text[end] == '\n' {
			return end + 1
		}
		stop := end + 1
		if t := &e.timestamp; e.dialect == lexer.PrometheusText {
			var ms int64
			ms, stop = lexer.ShortInt(text, stop)
			*t = model.TimestampFromMillis(ms)
		} else {
			t.Seconds, t.Nanos, stop = lexer.ShortSeconds(text, stop)
			t.Set = true
		}
		if stop > end+1 && stop < len(text) && text[stop] == '\n' {
			return stop + 1
		}
		e.timestamp = model.Timestamp{}
	}
	return e.predictedWords(text, i)
}

// predictedWords reads what predictedValue does, from the value on, if a number is not short.
func (e *entry) predictedWords(text []byte, i int) (next int) {
	next = bytes.IndexByte(text[i:], '\n') + 1
	if next == 0 {
		return 0
	}
	next += i
	line := text[:next-1]
	if e.carriage {
		line = bytes.TrimSuffix(line, []byte{'\r'})
	}
	end := len(line)
	if n := bytes.IndexByte(line[i:], ' '); n >= 0 {
		end = i + n
	}
	var ok bool
	if e.value, ok = lexer.ParseFloat(line[i:end]); !ok {
		return 0
	}
	switch {
	case end == len(line):
	case e.dialect != lexer.PrometheusText:
		if line[end] != ' ' || !e.setPredictedSeconds(line[end+1:]) {
			return 0
		}
	default:
		ms, ok := lexer.ParseInt(line[end+1:])
		if !ok {
			return 0
		}
		e.timestamp = model.TimestampFromMillis(ms)
	}
	return next
}

// predicted reads the label block at i if it has the names of a known list, one after the other and nothing irregular,
// and gives the index behind it; else 0. It leaves the encoding to encode.
func (s *labelSet) predicted(text []byte, i int) (next int) {
	s.fromRoster = 0
	s.count, next, s.escaped, s.spaced = s.known[s.current].Block(text, i, &s.lengths)
	if next == 0 {
		next = s.predictedByOthers(text, i)
	}
	return s.judged(i, next)
}

// judged gives where a predicted block ends that begins at i, 0 if it is to be read by other means.
func (s *labelSet) judged(i, next int) int {
	if next < 0 || next-i > maxBlock || exceeds(s.count, s.limit) || s.spaced && s.dialect != lexer.PrometheusText {
		return 0
	}
	return next
}

// predictedByOthers is predicted for all lists but the current one, from that on that followed it last time.
func (s *labelSet) predictedByOthers(text []byte, i int) (next int) {
	lead, ok := lexer.Lead(text, i)
	if !ok {
		return 0
	}
	current := &s.known[s.current]
	for tries := range knownLists {
		k := (current.next + tries) % knownLists
		list := &s.known[k]
		if !list.MayBegin(lead) {
			continue
		}
		if s.count, next, s.escaped, s.spaced = list.Block(text, i, &s.lengths); next != 0 {
			if next > 0 {
				s.current, current.next = k, k
			}
			return next
		}
	}
	return 0
}

// maxBlock is how long a label block may be without having lengths that take another form in the encoding of labels.
const maxBlock = 1<<16 - 1

// encode makes the encoding of the label block that predicted has read in dst, which is empty and has room for it. It is
// the text from one byte before the brace on: where one string ends and the next begins there are two bytes of
// punctuation, just the space of a length.
func (s *labelSet) encode(dst, text []byte) []byte {
	lengths := s.lengths[:2*s.count]
	if s.escaped || s.spaced {
		return encodeByParts(dst, text, lengths)
	}
	dst = append(dst, text...)
	putLengths(dst, lengths)
	return dst
}

// putLengths writes the lengths of strings before them.
func putLengths(encoding []byte, lengths []int) {
	i := 0
	for _, n := range lengths {
		binary.LittleEndian.PutUint16(encoding[i:i+2], uint16(n))
		i += 2 + n
	}
}

// encodeByParts is encode for a block with escapes or blanks. The encoding is not longer than the text.
func encodeByParts(dst, text []byte, lengths []int) []byte {
	i := 2
	for k := 0; k < len(lengths); k += 2 {
		if text[i] == ' ' {
			i++
		}
		name := text[i : i+lengths[k]]
		i += len(name) + 2
		value := text[i : i+lengths[k+1]]
		i += len(value) + 2
		dst = model.AppendLabel(dst, view(name), "")
		begin := len(dst)
		dst, _ = lexer.AppendUnquoted(dst, value)
		binary.LittleEndian.PutUint16(dst[begin-2:], uint16(len(dst)-begin))
	}
	return dst
}
