package writer

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/promfmt/promfmt/model"
)

// labelOrder knows how the labels of a series stand in a path: in the order of their names, each behind its key, which is
// the name and what stands around it. Series mostly have the names of the one before, so that is found out once for many
// of them, and of a series no more is looked for than where its values are.
type labelOrder struct {
	labelHeads       // in the order of the series
	places     []int // of these labels in the order of names
	// labels are in the order of names, and the first of them stand before the label that tells the lines of a metric
	// apart, which is called line.
	labels []pathLabel
	before int
	line   []byte
	// lossy tells that a name loses characters, and repeats that two names, or line and a name, may be one tag.
	lossy, repeats bool

	keys  []byte
	names []string // while they are learned
	order []int
}

// pathLabel is a label as part of a path, and where its value and the label are in the encoding of the series at hand.
type pathLabel struct {
	shortKey     [shortKey]byte // the beginning of the key
	key, keySize int            // in keys

	begin, value, end int // value is where the value begins
}

const shortKey = 2 * wordSize

func (p *pathLabel) isLeftOut() bool { return p.value == p.end }

// forget makes l know no more than the order of no labels.
func (l *labelOrder) forget() {
	l.cut(0)
	l.labels, l.line, l.keys = l.labels[:0], l.line[:0], l.keys[:0]
	l.before, l.lossy, l.repeats = 0, false, false
}

// locate finds the labels of a series whose lines are told apart by a label called line. It is false if the names are not
// those that l knows.
func (l *labelOrder) locate(encoding, line string) bool {
	if line != string(l.line) {
		return false
	}
	heads, labels := l.list, l.labels
	places := l.places[:len(heads)]
	at := 0
	for i := range heads {
		h := &heads[i]
		p := &labels[places[i]]
		p.begin = at
		if !h.isShortAt(encoding, at) {
			if !l.standsAt(h, encoding, at) {
				return false
			}
		} else if (word(encoding, at)^h.low)&h.lowMask|(word(encoding, at+wordSize)^h.high)&h.highMask != 0 {
			return false
		}
		at += h.size
		n := lengthAt(encoding, at)
		at += 2
		if n == longLength {
			n = int(word(encoding, at))
			at += wordSize
		}
		p.value = at
		at += n
		p.end = at
	}
	return at == len(encoding)
}

// learn takes in the names of a series whose lines are told apart by a label called line.
func (l *labelOrder) learn(g *graphite, ls model.Labels, line string) {
	l.forget()
	l.line = append(l.line, line...)
	l.repeats = g.options.tags && line != "" && !isTag(line)
	l.order = l.order[:0]
	for name := range ls.All() {
		l.labelHeads.learn(name)
		l.order = append(l.order, len(l.names))
		l.names = append(l.names, name)
	}
	l.places = slices.Grow(l.places[:0], len(l.order))[:len(l.order)]
	slices.SortStableFunc(l.order, func(a, b int) int { return strings.Compare(l.names[a], l.names[b]) })
	before := ""
	for place, i := range l.order {
		name := l.names[i]
		l.places[i] = place
		if line == "" || name < line {
			l.before = place + 1
		}
		if g.options.tags && (name == before || name == line || !isTag(name)) {
			l.repeats = true
		}
		before = name
		p := pathLabel{key: len(l.keys)}
		var lossy bool
		l.keys, lossy = g.appendKey(l.keys, name)
		l.lossy = l.lossy || lossy
		p.keySize = len(l.keys) - p.key
		copy(p.shortKey[:], l.keys[p.key:])
		l.labels = append(l.labels, p)
	}
	clear(l.names) // they are strings of the family
	l.names = l.names[:0]
}

// isTag reports whether a tag can have that name as it is.
func isTag(name string) bool { return name != "" && name != "name" && isPath(name) }

// append appends labels of the series that has been located, and tells whether one of their values lost characters.
func (l *labelOrder) append(b []byte, encoding string, labels []pathLabel) (out []byte, lossy bool) {
	b = slices.Grow(b, len(l.keys)+len(encoding)+shortKey+wordSize)
	out = b[len(b):cap(b)]
	at := 0
	for i := range labels {
		p := &labels[i]
		if p.isLeftOut() {
			continue
		}
		if p.keySize <= shortKey {
			*(*[shortKey]byte)(out[at : at+shortKey]) = p.shortKey
		} else {
			copy(out[at:], l.keys[p.key:p.key+p.keySize])
		}
		at += p.keySize
		if copyPath(out, at, encoding, p.value, p.end) {
			at += p.end - p.value
			continue
		}
		value, _ := appendClean(out[at:at], encoding[p.value:p.end])
		at += len(value)
		lossy = true
	}
	return b[:len(b)+at], lossy
}

// copyPath copies the bytes of s between two places, of which there is at least one, to a place in out, and reports whether
// a path can hold them all. It copies words and looks at them in passing; what it copies too much is overwritten by what
// follows.
func copyPath(out []byte, at int, s string, from, end int) bool {
	var found uint64
	for ; from+wordSize < end; from += wordSize {
		w := word(s, from)
		binary.LittleEndian.PutUint64(out[at:at+wordSize], w)
		found |= notInPaths(w)
		at += wordSize
	}
	var w uint64
	n := end - from
	if from+wordSize <= len(s) {
		w = word(s, from) // with something of what follows
	} else {
		w = lastWord(s[:end], n)
	}
	binary.LittleEndian.PutUint64(out[at:at+wordSize], w)
	return (found|notInPaths(w)<<beyond(n))&highs == 0
}
