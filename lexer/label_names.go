package lexer

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// MaxKnownLabels is how many labels LabelNames.Block reads at most.
const MaxKnownLabels = 24

// LabelNames is a list of unquoted label names, made to be compared with the label blocks of further lines, which
// mostly have the same ones.
type LabelNames struct {
	// text holds the names, each followed by =" as in a line.
	text  []byte
	names []knownName
	// lead and mask are the head of the first name and its mask.
	lead, mask uint64
}

// knownName is where a name begins in the text and how long it is, the =" included, and what its first and last eight
// bytes are, or as many as it has.
type knownName struct {
	begin, size       int
	head, mask, tail8 uint64
}

// Reset makes the list empty.
func (l *LabelNames) Reset() {
	l.text, l.names = l.text[:0], l.names[:0]
	l.lead, l.mask = 0, ^uint64(0) // no name begins so
}

// Len is the number of names.
func (l *LabelNames) Len() int { return len(l.names) }

// At is the name with index i. It is valid until the list is changed, and must not be written to.
func (l *LabelNames) At(i int) []byte {
	name := &l.names[i]
	return l.text[name.begin : name.begin+name.size-len(`="`)]
}

// Add appends a name.
func (l *LabelNames) Add(name []byte) {
	added := knownName{begin: len(l.text)}
	l.text = append(append(l.text, name...), '=', '"')
	added.size = len(l.text) - added.begin
	var head [8]byte
	n := copy(head[:], l.text[added.begin:])
	added.head = binary.LittleEndian.Uint64(head[:])
	added.mask = ^uint64(0) >> (64 - 8*n)
	if n == 8 {
		added.tail8 = wordAt(l.text, len(l.text)-8)
	}
	if len(l.names) == 0 {
		l.lead, l.mask = added.head, added.mask
	}
	l.names = append(l.names, added)
}

// Lead is what stands behind the brace at i, for many lists of names to be compared with. It is not ok near the end of text.
func Lead(text []byte, i int) (lead uint64, ok bool) {
	if i+9 > len(text) {
		return 0, false
	}
	return wordAt(text, i+1), true
}

// MayBegin reports whether a label block with that lead may begin with the first of the names.
func (l *LabelNames) MayBegin(lead uint64) bool { return (lead^l.lead)&l.mask == 0 }

// hasMiddle reports whether what is between the first and the last eight bytes of a long name and the =" behind it stands
// where it should if they end at end.
func (l *LabelNames) hasMiddle(text []byte, end int, name *knownName) bool {
	return string(text[end-name.size+8:end-8]) == string(l.text[name.begin+8:name.begin+name.size-8])
}

// Block reads the label block whose brace is at i, if it has the first n of the names, in order, and control characters
// only as the escapes \\, \" and \n. There are no blanks, or it is spaced: there is one behind each comma. It gives the
// lengths of the names and values in turn, escapes as they are written, and the index behind the block. That is 0 if there
// are other names, or more, and -1 if the block is otherwise than this. A block at the very end of text may be refused.
func (l *LabelNames) Block(text []byte, i int, lengths *[2 * MaxKnownLabels]int) (n, next int, escaped, spaced bool) {
	names, blanks := l.names[:min(len(l.names), MaxKnownLabels)], 0
	text = slices.Clip(text) // one register less
	for n < len(names) {
		name := &names[n]
		begin := i + 1 + name.size
		if begin+8 > len(text) {
			return 0, 0, false, false
		}
		differs := (wordAt(text, i+1) ^ name.head) & name.mask
		if name.size > 8 {
			differs |= wordAt(text, begin-8) ^ name.tail8
			if name.size > 16 && differs == 0 && !l.hasMiddle(text, begin, name) {
				differs = 1
			}
		}
		if differs != 0 {
			if blanks != n-1 || text[i+1] != ' ' {
				return 0, 0, false, false
			}
			i++
			blanks++
			continue
		}
		end := begin
		for {
			stop := stringStops(wordAt(text, end))
			if stop != 0 {
				end += bits.TrailingZeros64(stop) / 8
				break
			}
			if end += 8; end+8 > len(text) {
				return 0, -1, false, false
			}
		}
		if text[end] != '"' {
			var escapes bool
			if end, escapes = valueEnd(text, end); end < 0 {
				return 0, -1, false, false
			}
			escaped = escaped || escapes
		}
		lengths[2*n], lengths[2*n+1] = name.size-len(`="`), end-begin
		n++
		if i = end + 1; i == len(text) {
			return 0, -1, false, false
		}
		if text[i] != ',' {
			if text[i] != '}' || blanks > 0 && blanks < n-1 {
				return 0, -1, false, false
			}
			return n, i + 1, escaped, blanks > 0
		}
	}
	return 0, 0, false, false
}

// valueEnd gives where the quote stands that ends a value from i on, and whether there are escapes before it. It is
// negative if there is anything else that must not stand there, and perhaps if the text ends soon.
func valueEnd(text []byte, i int) (end int, escaped bool) {
	for i+8 <= len(text) {
		stop := stringStops(wordAt(text, i))
		if stop == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(stop) / 8
		switch c := text[i]; {
		case c == '"':
			return i, escaped
		case c == ' ' || c == '!':
			i++
		case c == '\\' && i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == '"' || text[i+1] == 'n'):
			escaped = true
			i += 2
		default:
			return -1, false
		}
	}
	return -1, false
}
