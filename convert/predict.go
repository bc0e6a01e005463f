package convert

import (
	"bytes"

	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// A sample mostly looks like the sample before: the same metric name, the same label names, and in a histogram the same
// labels but for the bound. prediction remembers what came before and compares, which is several times faster than
// reading anew. It applies only to lines in which there is nothing to be found fault with, and a line that is not as
// predicted, or is irregular in any way, is read as if there were no prediction: it never changes what a line means.
type prediction struct {
	// names are the names of samples of the family in progress that have been seen, by role, each with its suffix.
	names [stateSample + 1]predictedName
	// latest is the role of the latest sample, 0 if nothing can be predicted.
	latest role
	// head and tail are what stood before and behind the bound of the latest bucket, from the beginning of the line to
	// the value. They are empty if that bucket says nothing about the next one.
	head, tail []byte
	// family is the name of the family in progress if it needs no quotes, and else empty.
	family string
}

type predictedName struct {
	text   []byte
	suffix string
}

// expect takes in that a family begins or that its type is known now, by the entry e: its samples have the names that
// the type lets expect. Before a TYPE line that is not worth while.
func (p *prediction) expect(e *entry, f *model.MetricFamily) {
	for i := range p.names {
		p.names[i].text = p.names[i].text[:0]
	}
	p.head, p.latest, p.family = p.head[:0], 0, ""
	if e.quoted {
		return
	}
	p.family = f.Name
	if e.kind != sampleLine && !f.HasType {
		return
	}
	roles := roles[f.Type]
	for i := len(roles) - 1; i >= 0; i-- {
		if r := &roles[i]; r.role <= stateSample {
			p.latest = r.role
			p.names[r.role] = predictedName{append(append(p.names[r.role].text, f.Name...), r.suffix...), r.suffix}
		}
	}
}

// note takes in a sample that was not predicted.
func (p *prediction) note(e *entry, role role, suffix string) {
	p.head = p.head[:0]
	if role > stateSample || len(e.findings) > 0 || e.nameAt > 0 {
		p.latest = 0
		return
	}
	p.latest = role
	p.names[role] = predictedName{append(p.names[role].text[:0], e.name...), suffix}
}

// predicted reads the line at the beginning of text if it is as predicted, and gives its role; else 0. The entry then
// says all that the line says, and next is where the next line begins.
func (p *prediction) predicted(text []byte, e *entry) (role role, next int) {
	role, i := p.nameAt(text)
	if role == 0 {
		return 0, 0
	}
	e.reset()
	e.kind, e.name, e.nameAt = sampleLine, text[:i], 0
	if text[i] == '{' {
		if i = e.labels.predicted(text, i); i == 0 {
			return 0, 0
		}
	}
	if next = e.predictedValue(text, i); next == 0 {
		return 0, 0
	}
	return role, next
}

// nameAt finds which of the names seen text begins with, and gives its role and end; else 0. A byte follows the name.
func (p *prediction) nameAt(text []byte) (found role, end int) {
	found = p.latest
	for range len(p.names) {
		name := p.names[found].text
		end := len(name)
		if end > 0 && len(text) > end && (text[end] == '{' || text[end] == ' ') && string(text[:end]) == string(name) {
			return found, end
		}
		if p.latest == simpleSample {
			break
		}
		if found++; int(found) == len(p.names) {
			found = 0
		}
	}
	return 0, 0
}

// predictBucket reads the line at the beginning of text if it is the next bucket of the current histogram, just as that
// of the histogram before, and adds it. It gives where the next line begins; else 0.
func (a *assembler) predictBucket(text []byte, e *entry) (next int) {
	p := &a.prediction
	head := len(p.head)
	if head == 0 || len(text) < head || string(text[:head]) != string(p.head) {
		return 0
	}
	m := &a.metrics[a.points.current]
	h := m.Histogram
	n := len(h.Buckets)
	if n == 0 || n >= len(a.points.texts) || len(a.points.large) > 0 {
		return 0
	}
	b := &a.points.texts[n]
	i := head + len(b.text)
	value := i + len(p.tail)
	if len(text) < value || string(text[head:i]) != b.text || string(text[i:value]) != string(p.tail) {
		return 0
	}
	e.reset()
	next = e.predictedValue(text, value)
	if next == 0 || e.timestamp != m.Timestamp || b.bound <= h.Buckets[n-1].UpperBound || !isCount(e.value) ||
		exceeds(next-1, a.options.limits.LineBytes) || exceeds(a.samples+1, a.options.limits.Samples) {
		return 0
	}
	a.samples++
	addBucket(h, b, e.value)
	return next
}

// noteBucket takes in a bucket that was predicted, so that its labels stand in the line just as they do in their
// encoding, but for the lengths.
func (p *prediction) noteBucket(line []byte, e *entry) {
	nameEnd := len(e.name)
	all := e.series().Encoding()
	for rest := e.series(); ; {
		label, after, ok := rest.Cut()
		if !ok {
			return
		}
		if label.Name == "le" {
			end := nameEnd - 1 + len(all) - len(after.Encoding())
			p.head = append(p.head[:0], line[:end-len(label.Value)]...)
			p.tail = append(p.tail[:0], line[end:nameEnd-1+len(all)+len(`"}`)]...)
			return
		}
		rest = after
	}
}

// predictedValue reads a blank, a value, perhaps a blank and a timestamp, and the line feed, from i on, and gives where
// the next line begins; else 0.
func (e *entry) predictedValue(text []byte, i int) (next int) {
	if i == len(text) || text[i] != ' ' {
		return 0
	}
	i++
	value, end := lexer.ShortDecimal(text, i)
	if end > i && text[end] == '\n' {
		e.value = value
		return end + 1
	}

	next = bytes.IndexByte(text[i:], '\n') + 1
	if next == 0 {
		return 0
	}
	next += i
	line := text[:next-1]
	end = lexer.WordEnd(line, i)
	var ok bool
	if e.value, ok = lexer.ParseFloat(line[i:end]); !ok {
		return 0
	}
	if end < len(line) {
		ms, ok := lexer.ParseInt(line[end+1:])
		if !ok {
			return 0
		}
		e.timestamp = model.TimestampFromMillis(ms)
	}
	return next
}

// predictedMetadata reads a HELP or TYPE line in its plain form and gives where the next line begins; else 0. A TYPE
// line must be about the given family.
func (e *entry) predictedMetadata(text []byte, family string) (next int) {
	const keyword = len("# HELP ")
	if len(text) < keyword {
		return 0
	}
	end := keyword
	kind := helpLine
	switch string(text[:keyword]) {
	case "# HELP ":
		end = lexer.NameEnd(text, keyword)
	case "# TYPE ":
		kind = typeLine
		end += len(family)
		if len(text) < end || string(text[keyword:end]) != family {
			return 0
		}
	default:
		return 0
	}
	size := bytes.IndexByte(text[end:], '\n')
	if end == keyword || size < 2 || text[end] != ' ' {
		return 0
	}
	next = end + size + 1
	words := text[end+1 : next-1]
	if kind == helpLine && (words[0] <= ' ' || words[len(words)-1] == '\r' || bytes.IndexByte(words, '\\') >= 0) ||
		kind == typeLine && lexer.NameEnd(words, 0) != len(words) {
		return 0
	}
	e.reset()
	e.kind, e.name, e.nameAt = kind, text[keyword:end], keyword
	e.text, e.textAt = words, end+1
	return next
}

// maxPredicted is how many labels a predicted line may have.
const maxPredicted = 24

// predicted reads the label block at i if it has the names of the line before, one after the other and nothing
// irregular, and gives the index behind it; else 0.
func (s *labelSet) predicted(text []byte, i int) (next int) {
	// Between one string and the next there are two bytes of punctuation, which is just the space of a length in the
	// encoding: it is the text from one byte before the brace on, with lengths instead of punctuation.
	var lengths [2 * maxPredicted]int
	begin := i - 1
	n := min(s.known.len(), maxPredicted)
	for k := range n {
		name := s.known.punctuated(k)
		i++
		if len(text)-i < len(name) || string(text[i:i+len(name)]) != string(name) {
			return 0
		}
		i += len(name)
		quote := lexer.PlainStringEnd(text, i)
		if quote < 0 || quote+1 == len(text) || quote-i >= longLength || len(name) >= longLength {
			return 0
		}
		lengths[2*k], lengths[2*k+1] = len(name)-2, quote-i
		i = quote + 1
		switch text[i] {
		case ',':
		case '}':
			s.encode(text[begin:quote], lengths[:2*k+2])
			return i + 1
		default:
			return 0
		}
	}
	return 0
}

// longLength is the first length that takes another form in the encoding of labels.
const longLength = 1<<16 - 1

// encode makes the encoding of labels whose strings have those lengths in text, with two bytes before each.
func (s *labelSet) encode(text []byte, lengths []int) {
	s.encoding = append(s.encoding[:0], text...)
	i := 0
	for _, n := range lengths {
		s.encoding[i], s.encoding[i+1] = byte(n), byte(n>>8)
		i += 2 + n
	}
	s.count = len(lengths) / 2
}
