package writer

import (
	"bytes"
	"strings"

	"github.com/promfmt/promfmt/model"
)

// appendLabels appends labels with commas between them.
func (t *text) appendLabels(o *output, b []byte, ls model.Labels) []byte {
	if out, ok := appendPlainLabels(b, ls.Encoding()); ok {
		return out
	}
	return t.appendAnyLabels(o, b, ls)
}

func (t *text) appendAnyLabels(o *output, b []byte, ls model.Labels) []byte {
	begin := len(b)
	ls = t.names.labels(o, ls)
	for l, rest, ok := ls.Cut(); ok; l, rest, ok = rest.Cut() {
		if len(b) > begin {
			b = append(b, ',')
		}
		b = appendLabelName(b, l.Name)
		b = append(b, '=', '"')
		b = appendEscaped(b, l.Value, true)
		b = append(b, '"')
	}
	return b
}

// In the encoding of labels, longLength stands for a length that takes more than two bytes.
const longLength = 0xffff

// shortLabels is up to which size of encoded labels it is faster to look at every byte of a value than to look three
// times for a byte in all of them.
const shortLabels = 48

// appendPlainLabels appends labels of which nothing is to be quoted or escaped; it is not ok for others. The encoding of
// labels has two bytes of punctuation wherever the text has, so it is copied as a whole and then overwritten there.
func appendPlainLabels(b []byte, encoding string) (out []byte, ok bool) {
	if encoding == "" {
		return b, true
	}
	begin := len(b)
	b = append(append(b, encoding[2:]...), '"')
	block := b[begin:]
	quotes := 0
	for n := int(encoding[0]) | int(encoding[1])<<8; ; {
		if n == longLength || !isLabelName(block[:n]) {
			return nil, false
		}
		block = block[n:]
		n = int(block[0]) | int(block[1])<<8
		block[0], block[1] = '=', '"'
		quotes += 2
		if n == longLength || len(encoding) <= shortLabels && classesIn(block[2:2+n])&notJSON != 0 {
			return nil, false
		}
		block = block[2+n:]
		if len(block) == 1 {
			break
		}
		n = int(block[0]) | int(block[1])<<8
		block[0], block[1] = '"', ','
		block = block[2:]
	}
	if len(encoding) <= shortLabels {
		return b, true
	}
	block = b[begin:]
	return b, bytes.IndexByte(block, '\\') < 0 && bytes.IndexByte(block, '\n') < 0 && bytes.Count(block, quote) == quotes
}

var quote = []byte{'"'}

// appendLabelName appends the name of a label, in quotes if need be.
func appendLabelName(b []byte, name string) []byte {
	if isLabelName(name) {
		return append(b, name...)
	}
	b = append(b, '"')
	b = appendEscaped(b, name, true)
	return append(b, '"')
}

// appendEscaped appends s with backslashes and line feeds escaped, and quotes too where s stands between quotes.
func appendEscaped(b []byte, s string, quoted bool) []byte {
	if strings.IndexByte(s, '\\') < 0 && strings.IndexByte(s, '\n') < 0 && !(quoted && strings.IndexByte(s, '"') >= 0) {
		return append(b, s...)
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\\', c == '"' && quoted:
			b = append(b, '\\', c)
		default:
			b = append(b, c)
		}
	}
	return b
}
