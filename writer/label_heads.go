package writer

import (
	"encoding/binary"

	"github.com/promfmt/promfmt/model"
)

// labelHeads are the heads of labels that a series mostly has like the one before, so that its names are not looked at
// character by character.
type labelHeads struct {
	list  []labelHead
	texts []byte
}

// labelHead is the length and bytes of a name, as they stand in the encoding of labels. If they take no more than two
// words, low and high are these, and the masks have the bits of them that are the head's.
type labelHead struct {
	low, lowMask   uint64
	high, highMask uint64
	begin, size    int // in texts
}

const (
	shortHead = 2 * wordSize
	// mostHeads is how many names of a text are learnt.
	mostHeads = 32
	// keptHeads is the largest list of names that is kept from one document to the next.
	keptHeads = 4 << 10
)

// cut leaves the first n of the heads.
func (l *labelHeads) cut(n int) {
	if n < len(l.list) {
		l.texts = l.texts[:l.list[n].begin]
		l.list = l.list[:n]
	}
}

// learn takes in one more name.
func (l *labelHeads) learn(name string) {
	h := labelHead{begin: len(l.texts)}
	l.texts = model.AppendLabel(l.texts, name, "")
	l.texts = l.texts[:len(l.texts)-2] // without the length of a value
	h.size = len(l.texts) - h.begin
	if h.size <= shortHead {
		var text, mask [shortHead]byte
		for i := range copy(text[:], l.texts[h.begin:]) {
			mask[i] = 0xff
		}
		h.low, h.high = binary.LittleEndian.Uint64(text[:]), binary.LittleEndian.Uint64(text[wordSize:])
		h.lowMask, h.highMask = binary.LittleEndian.Uint64(mask[:]), binary.LittleEndian.Uint64(mask[wordSize:])
	}
	l.list = append(l.list, h)
}

// isShortAt reports whether two words at i in the encoding of labels tell if h stands there. They are looked at in place,
// which a function would be called for.
func (h *labelHead) isShortAt(encoding string, i int) bool {
	return h.size <= shortHead && i+shortHead <= len(encoding)
}

// standsAt reports whether h stands at i in the encoding of labels.
func (l *labelHeads) standsAt(h *labelHead, encoding string, i int) bool {
	return len(encoding)-i >= h.size && encoding[i:i+h.size] == string(l.texts[h.begin:h.begin+h.size])
}
