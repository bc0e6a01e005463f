package writer

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// appendLabels appends labels with commas between them.
func (t *text) appendLabels(o *output, b []byte, ls model.Labels) []byte {
	if out, ok := t.appendPlainLabels(b, ls.Encoding()); ok {
		return out
	}
	return t.appendAnyLabels(o, b, ls)
}

func (t *text) appendAnyLabels(o *output, b []byte, ls model.Labels) []byte {
	begin := len(b)
	ls = t.names.labels(o, ls)
	for l, rest, ok := ls.Cut(); ok; l, rest, ok = rest.Cut() {
		if l.Name == "" {
			o.lose(diag.LossName, 1, nameless)
			continue
		}
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

// appendPlainLabels appends labels whose names need no quotes and whose values, if they are not short labels, have nothing to be
// escaped; it is not ok for others. The encoding of labels has two bytes of lengths wherever the text has two of
// punctuation, so the text is the encoding with other bytes in those places, and with what escapes add.
func (t *text) appendPlainLabels(b []byte, encoding string) (out []byte, ok bool) {
	switch {
	case encoding == "":
		return b, true
	case wordSize <= len(encoding) && len(encoding) <= shortLabels:
		return appendShortLabels(b, encoding)
	}
	return t.appendLongLabels(b, encoding)
}

// shortLabels is up to which size of encoded labels it is faster to copy and look at them word by word than to copy all
// and then to look three times for a byte in all of them.
const shortLabels = 64

// shortRoom is room for the text of short labels, each byte of which may be escaped, and for what is copied beyond their
// end.
type shortRoom [2*shortLabels + wordSize]byte

// put stores a word at i. That is always less than twice shortLabels, and to say so once more saves a look at the bounds.
func (r *shortRoom) put(i int, w uint64) {
	i &= 2*shortLabels - 1
	binary.LittleEndian.PutUint64(r[i:i+wordSize], w)
}

// appendShortLabels is appendPlainLabels for labels that are encoded in few bytes. It copies words and looks at them in
// passing; what it copies too much is overwritten by what follows.
func appendShortLabels(b []byte, encoding string) (out []byte, ok bool) {
	b = slices.Grow(b, len(shortRoom{}))
	room := (*shortRoom)(b[len(b):cap(b)])
	last := word(encoding, len(encoding)-wordSize)
	for at, to := 0, 0; ; { // what stands in the encoding at one comes to stand at the other
		n := lengthAt(encoding, at)
		at += 2
		if n == 0 || encoding[at]-'0' < 10 {
			return nil, false
		}
		for ; n > wordSize; n -= wordSize {
			w := word(encoding, at)
			room.put(to, w)
			if notInNames(w) != 0 {
				return nil, false
			}
			at, to = at+wordSize, to+wordSize
		}
		w := last >> over(encoding, at)
		if at+wordSize <= len(encoding) {
			w = word(encoding, at) // with something of what follows
		}
		room.put(to, w)
		if notInNames(w)<<beyond(n) != 0 {
			return nil, false
		}
		at, to = at+n, to+n

		n = lengthAt(encoding, at)
		room.put(to, '='|'"'<<8)
		at, to = at+2, to+2
		for {
			w := last >> over(encoding, at)
			if at+wordSize <= len(encoding) {
				w = word(encoding, at)
			}
			room.put(to, w)
			step := min(n, wordSize)
			if found := toEscape(w << beyond(step)); found != 0 {
				step = bits.TrailingZeros64(found)/8 - (wordSize - step) + 1
				room.put(to+step-1, escapes[byte(w>>(8*step-8))])
				to++
			}
			at, to, n = at+step, to+step, n-step
			if n == 0 {
				break
			}
		}
		if at == len(encoding) {
			room.put(to, '"')
			return b[:len(b)+to+1], true
		}
		room.put(to, '"'|','<<8)
		to += 2
	}
}

// escapes are the texts of the bytes that are to be escaped, two bytes in a word.
var escapes = [256]uint64{'\n': '\\' | 'n'<<8, '"': '\\' | '"'<<8, '\\': '\\' | '\\'<<8}

// lengthAt is the length at i in the encoding of labels.
func lengthAt(encoding string, i int) int {
	encoding = encoding[i : i+2]
	return int(encoding[0]) | int(encoding[1])<<8
}

// appendLongLabels is appendPlainLabels for labels that are encoded in many bytes.
func (t *text) appendLongLabels(b []byte, encoding string) (out []byte, ok bool) {
	begin := len(b)
	b = append(append(b, encoding[2:]...), '"')
	block := b[begin:] // what stands in the encoding at i stands here at i-2
	quotes := 0
	for k, at := 0, 0; ; k++ {
		var h *labelHead
		if k < len(t.heads.list) {
			h = &t.heads.list[k]
		}
		if h != nil && h.isShortAt(encoding, at) &&
			(word(encoding, at)^h.low)&h.lowMask|(word(encoding, at+wordSize)^h.high)&h.highMask == 0 {
			at += h.size
		} else if size := t.headAt(encoding, at, k); size > 0 {
			at += size
		} else {
			return nil, false
		}
		n := lengthAt(encoding, at)
		block[at-2], block[at-1] = '=', '"'
		quotes += 2
		if n == longLength {
			return nil, false
		}
		at += 2 + n
		if at == len(encoding) {
			return b, bytes.IndexByte(block, '\\') < 0 && bytes.IndexByte(block, '\n') < 0 && bytes.Count(block, quote) == quotes
		}
		block[at-2], block[at-1] = '"', ','
	}
}

var quote = []byte{'"'}

// headAt is the size of the head of the label with index k, which stands at i, if its name needs no quotes; else 0. A name that
// is not known is learnt.
func (t *text) headAt(encoding string, i, k int) (size int) {
	if k < len(t.heads.list) {
		if h := &t.heads.list[k]; t.heads.standsAt(h, encoding, i) {
			return h.size
		}
	}
	n := lengthAt(encoding, i)
	if n == longLength || !isLabelName(encoding[i+2:i+2+n]) {
		return 0
	}
	if k < mostHeads {
		t.heads.cut(k)
		t.heads.learn(encoding[i+2 : i+2+n])
	}
	return 2 + n
}

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
	plain := 0 // where the plain characters begin that are not appended yet
	for i := range len(s) {
		c := s[i]
		if classes[c]&notJSON == 0 || c == '"' && !quoted {
			continue
		}
		switch c {
		case '\n':
			b = append(append(b, s[plain:i]...), '\\', 'n')
		case '\\', '"':
			b = append(append(b, s[plain:i]...), '\\', c)
		default:
			continue
		}
		plain = i + 1
	}
	return append(b, s[plain:]...)
}
