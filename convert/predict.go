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
	// family is the name of the family in progress, and roles are the samples that it may have. family is empty if the
	// name needs quotes.
	family string
	roles  []suffixRole
	// latest is the index in roles of the latest sample.
	latest int
	// head and tail are what stood before and behind the bound of the latest sample, from the beginning of the line to
	// the value. They are empty if it was no bucket, or one that says nothing about the next one.
	head, tail []byte
}

// expect takes in that a family begins or that its type is known now, by the entry e.
func (p *prediction) expect(e *entry, f *model.MetricFamily) {
	p.family, p.roles, p.latest, p.head = f.Name, roles[f.Type], 0, p.head[:0]
	if e.quoted {
		p.family = ""
	}
}

// predicted reads the line at the beginning of text if it is as predicted, and gives the index of its role and where the
// next line begins, or else 0. The entry then says all that the line says.
func (p *prediction) predicted(text []byte, e *entry) (role, next int) {
	role, i := p.nameAt(text)
	if i == 0 {
		return 0, 0
	}
	e.reset()
	e.kind, e.name, e.nameAt = sampleLine, text[:i], 0
	if text[i] == '{' {
		if i = e.labels.predicted(text, i); i == 0 {
			return 0, 0
		}
	}
	e.labelsEnd = i
	return role, e.predictedValue(text, i)
}

// nameAt gives the index of the role of the sample at the beginning of text, and the end of its name, behind which there
// is a brace or a blank; else 0.
func (p *prediction) nameAt(text []byte) (role, end int) {
	n := len(p.family)
	if n == 0 || len(text) <= n || string(text[:n]) != p.family {
		return 0, 0
	}
	rest := text[n:]
	role = p.latest
	for range p.roles {
		suffix := p.roles[role].suffix
		if k := len(suffix); len(rest) > k && (rest[k] == '{' || rest[k] == ' ') && string(rest[:k]) == suffix {
			return role, n + k
		}
		if role++; role == len(p.roles) {
			role = 0
		}
	}
	return 0, 0
}

// predictBound reads the line at the beginning of text if it is the next bucket or quantile of the current metric, with
// the same bound as that of the metric before, and adds it. It gives where the next line begins; else 0.
func (a *assembler) predictBound(text []byte, e *entry) (next int) {
	p := &a.prediction
	head := len(p.head)
	if head == 0 || len(text) < head || string(text[:head]) != string(p.head) {
		return 0
	}
	m := &a.metrics[a.points.current]
	n := numBounds(m)
	if n == 0 || n >= len(a.points.texts) || len(a.points.large) > 0 {
		return 0
	}
	b := &a.points.texts[n]
	i := head + len(b.text)
	value := i + len(p.tail)
	if len(text) < value || string(text[head:i]) != b.text || string(text[i:value]) != string(p.tail) {
		return 0
	}
	e.timestamp = model.Timestamp{}
	next = e.predictedValue(text, value)
	if next == 0 || e.timestamp != m.Timestamp || b.bound <= boundAt(m, n-1) || m.Histogram != nil && !isCount(e.value) ||
		exceeds(next-1, a.options.limits.LineBytes) || exceeds(a.samples+1, a.options.limits.Samples) {
		return 0
	}
	a.samples++
	addBound(m, b, e.value)
	return next
}

// noteBound takes in a bucket or quantile that has been added, and about which there was nothing to be said. Its bound
// stands in the line where the span says.
func (p *prediction) noteBound(line []byte, bound span, labelsEnd int) {
	p.head = append(p.head[:0], line[:bound.at]...)
	p.tail = append(p.tail[:0], line[bound.end:labelsEnd]...)
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
	e.findings = e.findings[:0]
	e.kind, e.name, e.nameAt, e.quoted = kind, text[keyword:end], keyword, false
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
	lengths := &s.lengths
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
