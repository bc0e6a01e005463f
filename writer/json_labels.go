package writer

import (
	"encoding/binary"
	"slices"

	"github.com/promfmt/promfmt/model"
)

// appendLabelMembers appends labels as members of an object.
func appendLabelMembers(o *output, b []byte, ls model.Labels) []byte {
	if out, ok := appendPlainMembers(b, ls.Encoding()); ok {
		return out
	}
	for l, rest, ok := ls.Cut(); ok; l, rest, ok = rest.Cut() {
		b = append(appendText(o, b, l.Name), ':')
		b = append(appendText(o, b, l.Value), ',')
	}
	return b
}

// appendPlainMembers is appendLabelMembers for labels of which all characters are ASCII and none is to be escaped; it is
// not ok for others. The names and values stand in the encoding with two bytes before each, and come to stand between
// quotes with a colon and a comma behind them in turn. It copies words and looks at them in passing; what it copies too
// much is overwritten by what follows.
func appendPlainMembers(b []byte, encoding string) (out []byte, ok bool) {
	b = slices.Grow(b, len(encoding)+len(encoding)/2+2*wordSize)
	out = b[len(b):cap(b)]
	out[0] = '"'
	behind := byte(':')
	to := 1
	for at := 0; at < len(encoding); {
		n := lengthAt(encoding, at)
		if n == longLength {
			return nil, false
		}
		at += 2
		var found uint64
		for ; n > wordSize; n -= wordSize {
			w := word(encoding, at)
			binary.LittleEndian.PutUint64(out[to:to+wordSize], w)
			found |= notPlainJSON(w)
			at += wordSize
			to += wordSize
		}
		var w uint64
		if at+wordSize <= len(encoding) {
			w = word(encoding, at) // with something of what follows
		} else {
			w = lastWord(encoding[:at+n], n)
		}
		binary.LittleEndian.PutUint64(out[to:to+wordSize], w)
		if (found|notPlainJSON(w)<<beyond(n))&highs != 0 {
			return nil, false
		}
		at += n
		to += n
		binary.LittleEndian.PutUint32(out[to:to+4], '"'|uint32(behind)<<8|'"'<<16)
		to += 3
		behind ^= ':' ^ ','
	}
	return b[:len(b)+to-1], true
}
