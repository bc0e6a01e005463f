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
	// text is what stands before the values: {first=" ",second=" and so on.
	text  []byte
	names []knownName
	// lead and mask are the head of the first name and its mask.
	lead, mask uint64
}

// knownName is a name with what is before it, a brace or a quote and a comma, and the =" behind it: where that begins in
// the text and how long it is, and its first and last eight bytes, or as many as it has. size is that of the name alone.
type knownName struct {
	begin, length      int
	head, mask, latest uint64
	size               int
}

// Reset makes the list empty.
func (l *LabelNames) Reset() {
	l.text, l.names = l.text[:0], l.names[:0]
	l.lead, l.mask = 0, ^uint64(0) // no block begins so
}

// Len is the number of names.
func (l *LabelNames) Len() int { return len(l.names) }

// At is the name with index i. It is valid until the list is changed, and must not be written to.
func (l *LabelNames) At(i int) []byte {
	name := &l.names[i]
	end := name.begin + name.length - len(`="`)
	return l.text[end-name.size : end]
}

// Add appends a name.
func (l *LabelNames) Add(name []byte) {
	before := `",`
	if len(l.names) == 0 {
		before = `{`
	}
	added := knownName{begin: len(l.text), size: len(name)}
	l.text = append(append(append(l.text, before...), name...), '=', '"')
	added.length = len(l.text) - added.begin
	var head [8]byte
	n := copy(head[:], l.text[added.begin:])
	added.head = binary.LittleEndian.Uint64(head[:])
	added.mask = ^uint64(0) >> (64 - 8*n)
	if n == 8 {
		added.latest = wordAt(l.text, len(l.text)-8)
	}
	if len(l.names) == 0 {
		l.lead, l.mask = added.head, added.mask
	}
	l.names = append(l.names, added)
}

// Lead is what stands at the brace at i, for many lists of names to be compared with. It is not ok near the end of text.
func Lead(text []byte, i int) (lead uint64, ok bool) {
	if i+8 > len(text) {
		return 0, false
	}
	return wordAt(text, i), true
}

// MayBegin reports whether a label block with that lead may begin with the first of the names.
func (l *LabelNames) MayBegin(lead uint64) bool { return (lead^l.lead)&l.mask == 0 }

// Block reads the label block whose brace is at i, if it has the first n of the names, in order, and control characters
// only as the escapes \\, \" and \n. There are no blanks, or it is spaced: there is one behind each comma. It gives the
// lengths of the names and values in turn, escapes as they are written, and the index behind the block. That is 0 if there
// are other names, or more, and -1 if the block is otherwise than this. A block at the very end of text may be refused.
func (l *LabelNames) Block(text []byte, i int, lengths *[2 * MaxKnownLabels]int) (n, next int, escaped, spaced bool) {
	return l.BlockBehind(0, text, i, lengths)
}

// BlockBehind is Block where it is known already that the block begins with the first n names, without blanks and escapes.
// If n is not 0, i is where the quote stands that ends the last of their values. Their lengths are not given.
func (l *LabelNames) BlockBehind(
	n int, text []byte, i int, lengths *[2 * MaxKnownLabels]int,
) (names, next int, escaped, spaced bool) {
	known, begin := l.names[:min(len(l.names), MaxKnownLabels)], i
	text = slices.Clip(text) // one register less
	for n < len(known) {
		name := &known[n]
		end := i + name.length
		if end < 0 || end > len(text)-8 {
			return 0, 0, false, false
		}
		if (wordAt(text, i)^name.head)&name.mask != 0 {
			break
		}
		if name.length > 8 && (wordAt(text, end-8) != name.latest || name.length > 16 && !l.hasMiddle(text, end, name)) {
			break
		}
		lengths[2*n] = name.size
		n++
		begin = end
		var stop uint64
		for i = begin; i < len(text)-7; i += 8 {
			if stop = stringStops(wordAt(text, i)); stop != 0 {
				break
			}
		}
		if stop == 0 {
			return 0, -1, false, false
		}
		i += bits.TrailingZeros64(stop) / 8
		lengths[2*n-1] = i - begin
	}
	if n == 0 {
		return 0, 0, false, false
	}
	if i+1 < len(text) && text[i] == '"' && text[i+1] == '}' {
		return n, i + 2, false, false
	}
	return l.oddBlock(text, n, begin, i, lengths)
}

// hasMiddle reports whether what is between the first and the last eight bytes of a long name stands where it should if it
// ends at end.
func (l *LabelNames) hasMiddle(text []byte, end int, name *knownName) bool {
	return string(text[end-name.length+8:end-8]) == string(l.text[name.begin+8:name.begin+name.length-8])
}

// oddBlock reads what is left of a block in which there is something odd at i, in the n-th value, which begins at begin,
// or behind it.
func (l *LabelNames) oddBlock(
	text []byte, n, begin, i int, lengths *[2 * MaxKnownLabels]int,
) (names, next int, escaped, spaced bool) {
	for blanks := 0; ; n++ {
		end, escapes := valueEnd(text, i)
		if end < 0 || end+1 == len(text) {
			return 0, -1, false, false
		}
		escaped = escaped || escapes
		lengths[2*n-1] = end - begin
		if i = end + 1; text[i] != ',' {
			if text[i] != '}' || blanks > 0 && blanks < n-1 {
				return 0, -1, false, false
			}
			return n, i + 1, escaped, blanks > 0
		}
		if i++; blanks == n-1 && i < len(text) && text[i] == ' ' {
			i++
			blanks++
		}
		if n == min(len(l.names), MaxKnownLabels) {
			return 0, 0, false, false
		}
		name := &l.names[n]
		named := l.text[name.begin+len(`",`) : name.begin+name.length]
		if begin = i + len(named); begin > len(text) || string(text[i:begin]) != string(named) {
			return 0, 0, false, false
		}
		lengths[2*n] = name.size
		i = begin
	}
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
		switch text[i] {
		case '"':
			return i, escaped
		case ' ', '!':
			i++
		case '\\':
			begin := i
			for i+1 < len(text) && text[i] == '\\' && unescaped[text[i+1]] != 0 {
				i += 2
			}
			if i == begin {
				return -1, false
			}
			escaped = true
		default:
			return -1, false
		}
	}
	return -1, false
}
