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
func isMetricName(name string) bool {
	return isName(name) && classesIn(name)&notMetric == 0
}

// isLabelName reports whether name can stand in the text format as a label name without quotes.
func isLabelName(name string) bool {
	return isName(name) && classesIn(name)&notLabel == 0
}

// isName reports whether there is a name at all that does not begin with a digit.
func isName(name string) bool { return name != "" && (name[0] < '0' || name[0] > '9') }

// What follows looks at eight bytes at a time, which are a word with the first of them in its lowest byte.
const (
	wordSize = 8
	lows     = 0x0101010101010101
	highs    = 0x80 * lows
)

// word is the eight bytes of s at i.
func word(s string, i int) uint64 {
	s = s[i : i+wordSize]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// lastWord has the last n bytes of s, of which there are at most eight, in its lowest bytes and nothing above them.
func lastWord(s string, n int) (w uint64) {
	if len(s) >= wordSize {
		return word(s, len(s)-wordSize) >> beyond(n)
	}
	for i := len(s) - 1; i >= len(s)-n; i-- {
		w = w<<8 | uint64(s[i])
	}
	return w
}

// over is by how many bits the last word of s is shifted to the right for it to begin at i.
func over(s string, i int) uint { return 8 * uint(i+wordSize-len(s)) }

// beyond is by how many bits a word is shifted to the left for its lowest n bytes to be all that is left of it.
func beyond(n int) uint { return 8 * uint(wordSize-n) }

// notInNames has the highest bit set of every byte of w that cannot be part of an unquoted label name.
func notInNames(w uint64) uint64 {
	low := w &^ highs
	lower := low | 0x20*lows
	letters := (lower + (0x80-'a')*lows) &^ (lower + (0x7f-'z')*lows)
	digits := (low + (0x80-'0')*lows) &^ (low + (0x7f-'9')*lows)
	underscores := ^((low ^ '_'*lows) + 0x7f*lows)
	return (w | ^(letters | digits | underscores)) & highs
}

// isPath reports whether a Graphite path can hold s as it is.
func isPath(s string) bool {
	if len(s) < wordSize {
		return classesIn(s)&notPath == 0
	}
	found := notInPaths(word(s, len(s)-wordSize))
	for ; len(s) > wordSize; s = s[wordSize:] {
		found |= notInPaths(word(s, 0))
	}
	return found&highs == 0
}

// notInPaths has the highest bit set of a byte of w if there is one that a Graphite path cannot hold, and that of the
// first such byte. Its other bits mean nothing.
//
// A byte below 0x80 has it set by an addition if it is so large, so it is within a range if just one of two additions does
// that; the ranges have no byte in common, and what is in none of them is told by one more inversion.
func notInPaths(w uint64) uint64 {
	lower := w | 0x20*lows
	letters := (lower + (0x80-'a')*lows) ^ (lower + (0x7f-'z')*lows)
	digits := (w + (0x80-'0')*lows) ^ (w + (0x7f-'9')*lows)
	underscores := highs - (w ^ '_'*lows)
	noDashes := (w ^ '-'*lows) + 0x7f*lows
	return letters ^ digits ^ underscores ^ noDashes | w
}

// toEscape has the highest bit set of a byte of w if there is a quote, a backslash or a line feed among them, and that of the first
// such byte: it is the only one below 0x80 that becomes negative. Bytes behind it may have theirs set as well.
func toEscape(w uint64) uint64 {
	return ((w ^ '"'*lows - lows) | (w ^ '\\'*lows - lows) | (w ^ '\n'*lows - lows)) &^ w & highs
}

// notPlainJSON has the highest bit set of a byte of w if there is one that is to be escaped in a JSON string or is not
// ASCII, and that of the first such byte. Its other bits mean nothing.
func notPlainJSON(w uint64) uint64 {
	return (w - ' '*lows) | (w ^ '"'*lows - lows) | (w ^ '\\'*lows - lows) | w
}
