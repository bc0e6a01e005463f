package writer

import "unicode/utf8"

// class is a set of things that a byte cannot be without further ado.
type class uint8

const (
	notMetric class = 1 << iota // part of an unquoted metric name, [a-zA-Z0-9_:]
	notLabel                    // part of an unquoted label name, [a-zA-Z0-9_]
	notPath                     // part of a Graphite path, [a-zA-Z0-9_-]
	notJSON                     // in a JSON string without an escape
	notASCII
)

// classes gives the class of every byte.
var classes = func() (t [256]class) {
	for c := range t {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_':
		case c == ':':
			t[c] = notLabel | notPath
		case c == '-':
			t[c] = notLabel | notMetric
		case c < ' ', c == '"', c == '\\':
			t[c] = notLabel | notMetric | notPath | notJSON
		case c < utf8.RuneSelf:
			t[c] = notLabel | notMetric | notPath
		default:
			t[c] = notLabel | notMetric | notPath | notASCII
		}
	}
	return t
}()

// classesIn gives the classes that there are among the bytes of s. Nearly always s is short and has none that matters,
// so it is looked through without a branch.
func classesIn[T string | []byte](s T) (found class) {
	for len(s) >= 4 {
		found |= classes[s[0]] | classes[s[1]] | classes[s[2]] | classes[s[3]]
		s = s[4:]
	}
	for i := range len(s) {
		found |= classes[s[i]]
	}
	return found
}

// isMetricName reports whether name can stand in the text format as a metric name without quotes.
func isMetricName[T string | []byte](name T) bool {
	return isName(name) && classesIn(name)&notMetric == 0
}

// isLabelName reports whether name can stand in the text format as a label name without quotes.
func isLabelName[T string | []byte](name T) bool {
	return isName(name) && classesIn(name)&notLabel == 0
}

// isName reports whether there is a name at all that does not begin with a digit.
func isName[T string | []byte](name T) bool { return len(name) > 0 && (name[0] < '0' || name[0] > '9') }
