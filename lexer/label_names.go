package lexer

import (
	"encoding/binary"
	"math/bits"
)

// MaxKnownLabels is how many labels LabelNames.Block reads at most.
const MaxKnownLabels = 24

// LabelNames is a list of unquoted label names, made to be compared with the label blocks of further lines, which
// mostly have the same ones.
type LabelNames struct {
	// text holds the names, each followed by =" as in a line.
	text  []byte
	names []knownName
}

// knownName is where a name begins and ends in the text, the =" included, and what its first and last eight bytes are, or
// as many as it has.
type knownName struct {
	begin, end        int
	head, mask, tail8 uint64
}

// Reset makes the list empty.
func (l *LabelNames) Reset() { l.text, l.names = l.text[:0], l.names[:0] }

// Len is the number of names.
func (l *LabelNames) Len() int { return len(l.names) }

// At is the name with index i. It is valid until the list is changed, and must not be written to.
func (l *LabelNames) At(i int) []byte {
	name := &l.names[i]
	return l.text[name.begin : name.end-len(`="`)]
}

// Add appends a name.
func (l *LabelNames) Add(name []byte) {
	added := knownName{begin: len(l.text)}
	l.text = append(append(l.text, name...), '=', '"')
	added.end = len(l.text)
	var head [8]byte
	n := copy(head[:], l.text[added.begin:])
	added.head = binary.LittleEndian.Uint64(head[:])
	added.mask = ^uint64(0) >> (64 - 8*n)
	if n == 8 {
		added.tail8 = binary.LittleEndian.Uint64(l.text[added.end-8:])
	}
	l.names = append(l.names, added)
}

// behind gives the index behind name k and the =" after it, if they stand at i, else 0. There must be a byte before i.
func (l *LabelNames) behind(text []byte, i, k int) int {
	name := &l.names[k]
	end := i + name.end - name.begin
	if i+8 > len(text) || end > len(text) || (binary.LittleEndian.Uint64(text[i:])^name.head)&name.mask != 0 {
		return 0
	}
	switch {
	case end <= i+8:
	case end <= i+16:
		if binary.LittleEndian.Uint64(text[end-8:]) != name.tail8 {
			return 0
		}
	case string(text[i+8:end]) != string(l.text[name.begin+8:name.end]):
		return 0
	}
	return end
}

// Block reads the label block whose brace is at i, if it has the first n of the names, in order, and control characters
// only as the escapes \\, \" and \n. There are no blanks, or it is spaced: there is one behind each comma. It gives the
// lengths of the names and values in turn, escapes as they are written, and the index behind the block. That is 0 if there
// are other names, or more, and -1 if the block is otherwise than this. A block at the very end of text may be refused.
func (l *LabelNames) Block(text []byte, i int, lengths *[2 * MaxKnownLabels]int) (n, next int, escaped, spaced bool) {
	blanks := 0
	for n < min(len(l.names), MaxKnownLabels) {
		begin := l.behind(text, i+1, n)
		if begin == 0 {
			return 0, 0, false, false
		}
		lengths[2*n] = begin - (i + 1) - len(`="`)
		i = begin
		for {
			if i+8 > len(text) {
				return 0, -1, false, false
			}
			stop := stringStops(binary.LittleEndian.Uint64(text[i:]))
			if stop == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(stop) / 8
			if text[i] == '"' {
				break
			}
			switch {
			case text[i] != '\\':
				if text[i] < ' ' {
					return 0, -1, false, false
				}
				i++ // a blank or an exclamation mark
			case i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == '"' || text[i+1] == 'n'):
				escaped = true
				i += 2
			default:
				return 0, -1, false, false
			}
		}
		lengths[2*n+1] = i - begin
		n++
		i++
		if i == len(text) {
			return 0, -1, false, false
		}
		switch text[i] {
		case ',':
			if i+1 < len(text) && text[i+1] == ' ' {
				i++
				blanks++
			}
		case '}':
			if blanks > 0 && blanks < n-1 {
				return 0, -1, false, false
			}
			return n, i + 1, escaped, blanks > 0
		default:
			return 0, -1, false, false
		}
	}
	return 0, 0, false, false
}
