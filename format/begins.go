package format

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

// HasEOF reports whether an input that ends with tail ends as OpenMetrics demands and the Prometheus text format does
// not: in the line "# EOF", whose line feed may be missing.
func HasEOF(tail []byte) bool {
	before, ok := bytes.CutSuffix(bytes.TrimRight(tail, "\n"), []byte("# EOF"))
	return ok && (len(before) == 0 || before[len(before)-1] == '\n')
}

var byteOrderMark = []byte("\uFEFF")

// openMetricsTypes are the types that the Prometheus text format does not have.
var openMetricsTypes = []string{"unknown", "info", "stateset", "gaugehistogram"}

// beginsAsOpenMetrics looks for the end that OpenMetrics demands, and, if that is not at hand, for lines that are no
// more than comments or mistakes in the Prometheus text format.
func beginsAsOpenMetrics(head, tail []byte) bool {
	if hasComposite(head) {
		return false
	}
	if tail != nil {
		return HasEOF(tail)
	}
	for line := range bytes.Lines(head) {
		words := bytes.Fields(line)
		if len(words) < 4 || string(words[0]) != "#" {
			continue
		}
		if string(words[1]) == "UNIT" ||
			string(words[1]) == "TYPE" && slices.Contains(openMetricsTypes, string(words[len(words)-1])) {
			return true
		}
	}
	return false
}

func beginsAsOpenMetrics2(head, _ []byte) bool { return hasComposite(head) }

// hasComposite reports whether there is a sample with a composite value or a start timestamp.
func hasComposite(head []byte) bool {
	for line := range bytes.Lines(head) {
		if line[0] == '#' {
			continue
		}
		line = withoutQuoted(line)
		for _, sign := range []string{" {count:", " {gcount:", " st@"} {
			if bytes.Contains(line, []byte(sign)) {
				return true
			}
		}
	}
	return false
}

// withoutQuoted is a line without what stands in quotes, the closing ones included.
func withoutQuoted(line []byte) []byte {
	var plain []byte
	for {
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			return append(plain, line...)
		}
		plain = append(plain, line[:i+1]...)
		line = behindQuoted(line[i:])
	}
}

// behindQuoted is what follows the string in quotes that text begins with, nothing if the closing quote is missing.
func behindQuoted(text []byte) []byte {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return text[i+1:]
		}
	}
	return nil
}

// The tags of the fields that a protobuf message has after its name.
var (
	metricFamilyTags      = []byte{2<<3 | 2, 3 << 3, 4<<3 | 2, 5<<3 | 2} // help, type, metric, unit
	openMetricsFamilyTags = []byte{2 << 3, 3<<3 | 2, 4<<3 | 2, 5<<3 | 2} // type, unit, help, metrics
)

// beginsAsProtobuf looks for messages with their sizes before them, as many as there are in the head.
func beginsAsProtobuf(head, _ []byte) bool {
	if len(head) == 0 || bytes.HasPrefix(head, byteOrderMark) {
		return false
	}
	for len(head) > 0 {
		size, n := binary.Uvarint(head)
		if n <= 0 || !isFamily(head[n:], size, metricFamilyTags) {
			return false
		}
		head = head[n:]
		head = head[min(size, uint64(len(head))):]
	}
	return true
}

// beginsAsOpenMetricsProtobuf looks for a set of messages that begins with one.
func beginsAsOpenMetricsProtobuf(head, _ []byte) bool {
	const families = 1<<3 | 2
	if len(head) == 0 || head[0] != families {
		return false
	}
	size, n := binary.Uvarint(head[1:])
	return n > 0 && isFamily(head[1+n:], size, openMetricsFamilyTags)
}

// isFamily reports whether text begins with a message of that size that has a name first, and then one of the fields or
// nothing.
func isFamily(text []byte, size uint64, tags []byte) bool {
	const name = 1<<3 | 2
	if len(text) == 0 || text[0] != name {
		return false
	}
	length, n := binary.Uvarint(text[1:])
	end := uint64(1+n) + length
	if n <= 0 || length == 0 || length >= HeadSize || end > size {
		return false
	}
	if end > uint64(len(text)) {
		return isName(text[1+n:], true)
	}
	return isName(text[1+n:end], false) &&
		(end == size || end == uint64(len(text)) || bytes.IndexByte(tags, text[end]) >= 0)
}

// isName reports whether text may be the name of a metric, or the beginning of one: valid UTF-8 without control
// characters.
func isName(text []byte, cut bool) bool {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			return cut && !utf8.FullRune(text)
		}
		if r < ' ' || r == 0x7f {
			return false
		}
		text = text[size:]
	}
	return true
}

func beginsAsPrototext(head, _ []byte) bool {
	rest, ok := cutPrototextName(head)
	return ok && (len(rest) == 0 || rest[0] == '\n' || rest[0] == '\r')
}

func beginsAsCompactText(head, _ []byte) bool {
	rest, ok := cutPrototextName(head)
	return ok && len(rest) > 0 && rest[0] != '\n' && rest[0] != '\r'
}

// cutPrototextName is what follows the name with which the text form of a message begins, and the blanks behind it.
func cutPrototextName(head []byte) (rest []byte, ok bool) {
	rest, ok = bytes.CutPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("name:"))
	rest = bytes.TrimLeft(rest, " \t")
	if !ok || len(rest) == 0 || rest[0] != '"' {
		return nil, false
	}
	rest = behindQuoted(rest)
	return bytes.TrimLeft(rest, " \t"), true
}

// beginsAsJSON looks for an array of objects or an object with a first member. The braces of a sample with a quoted name
// have no colon behind the string.
func beginsAsJSON(head, _ []byte) bool {
	text := trimJSON(bytes.TrimPrefix(head, byteOrderMark))
	if rest, ok := bytes.CutPrefix(text, []byte{'['}); ok {
		rest = trimJSON(rest)
		return len(rest) == 0 || rest[0] == '{' || rest[0] == ']'
	}
	rest, ok := bytes.CutPrefix(text, []byte{'{'})
	if rest = trimJSON(rest); !ok || len(rest) == 0 || rest[0] != '"' {
		return false
	}
	rest = behindQuoted(rest)
	return bytes.HasPrefix(trimJSON(rest), []byte{':'})
}

func trimJSON(text []byte) []byte { return bytes.TrimLeft(text, " \t\r\n") }
