package format

import (
	"bytes"
	"encoding/binary"
	"slices"
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

// A tag stands before a field of a protobuf message. Behind it stands a number, or the length of what follows.
const (
	numberTag = 0
	lengthTag = 2

	nameTag     = 1<<3 | lengthTag // of a family
	familiesTag = 1<<3 | lengthTag // of the set of families that OpenMetrics has
)

// The tags of the fields that a family may have: of one its name, help, type, metrics and unit, of the other its name,
// type, unit, help and metrics.
var (
	metricFamilyTags      = []byte{nameTag, 2<<3 | lengthTag, 3<<3 | numberTag, 4<<3 | lengthTag, 5<<3 | lengthTag}
	openMetricsFamilyTags = []byte{nameTag, 2<<3 | numberTag, 3<<3 | lengthTag, 4<<3 | lengthTag, 5<<3 | lengthTag}
)

// beginsAsProtobuf looks for families with their sizes before them, as many as there are in the head.
func beginsAsProtobuf(head, _ []byte) bool {
	ok := !bytes.HasPrefix(head, byteOrderMark) && isNoLine(head)
	for ok && len(head) > 0 {
		head, ok = cutFamily(head, metricFamilyTags)
	}
	return ok
}

// beginsAsOpenMetricsProtobuf looks for the families of a set, as many as there are in the head.
func beginsAsOpenMetricsProtobuf(head, _ []byte) bool {
	ok := len(head) > 0 && isNoLine(head[1:])
	for ok && len(head) > 0 {
		if head[0] != familiesTag {
			return false
		}
		head, ok = cutFamily(head[1:], openMetricsFamilyTags)
	}
	return ok
}

// isNoLine reports whether text may begin with the size of a family and the tag of its name rather than with a line, which
// is not plain since that tag is a line feed. No line begins with the first byte of a longer size. A size of one byte may
// be all that is in a line, so that family has to be there as a whole.
func isNoLine(text []byte) bool {
	size, n := binary.Uvarint(text)
	return n > 0 && len(text) > n && text[n] == nameTag && (n > 1 || size < uint64(len(text)))
}

// cutFamily gives what follows the family, with its size before it, that text begins with. Text may end anywhere.
func cutFamily(text, tags []byte) (rest []byte, ok bool) {
	size, n := binary.Uvarint(text)
	if n <= 0 {
		return nil, n == 0
	}
	text = text[n:]
	end := min(size, uint64(len(text)))
	return text[end:], size > 0 && isFamily(text[:end], size-end, tags)
}

// isFamily reports whether text is a family of which so many bytes are missing at the end: a name and other fields that
// fill it.
func isFamily(text []byte, missing uint64, tags []byte) bool {
	if len(text) > 0 && text[0] != nameTag || bytes.HasPrefix(text, []byte{nameTag, 0}) {
		return false
	}
	for len(text) > 0 {
		tag := text[0]
		value, n := binary.Uvarint(text[1:])
		switch {
		case bytes.IndexByte(tags, tag) < 0 || n < 0:
			return false
		case n == 0:
			return missing > 0
		}
		text = text[1+n:]
		if tag&lengthTag == 0 {
			continue
		}
		if there := uint64(len(text)); value > there {
			return value-there <= missing
		}
		text = text[value:]
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
