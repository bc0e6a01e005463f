package convert

import (
	"bytes"
	"hash/maphash"
	"math/bits"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// labelSet is the labels of a line. It judges their names as well. A line mostly repeats the names of the line before
// in the same order, so each name is compared with its predecessor first: what was in order there is in order again.
type labelSet struct {
	limit   int
	dialect lexer.Dialect
	// encoding is that of model.Labels.
	encoding []byte
	count    int
	// known are the latest lists of names in an order in which nothing was wrong with them, and current is the index of
	// that of the line before. As long as the line repeats it, recorded is empty; from the first other name on it holds
	// all names of the line.
	known    [knownLists]nameList
	current  int
	recorded nameList
	// oldest is the index of the list that was known first.
	oldest int
	// faulty tells that the names of the line are no precedent for the next one.
	faulty  bool
	lengths [2 * lexer.MaxKnownLabels]int // scratch
	// fromRoster is how many labels of the block that has been predicted are those of a line that is known.
	fromRoster int
	// escaped and spaced tell how the block is written that has been predicted.
	escaped, spaced bool
	// names finds the first of the recorded names, so many, of a line with many labels.
	names   table
	inNames int
}

// manyLabels is from how many labels on a table finds a repeated name faster than a walk does.
const manyLabels = 16

// knownLists is how many lists of names are known at a time.
const knownLists = 16

// nameList is a list of names with their hashes, and the shapes of label sets that have the first of them, the first two, and so
// on.
type nameList struct {
	lexer.LabelNames
	hashes []uint64
	shapes []uint64
	// next is the index of the list that came behind this one the last time.
	next int
}

// noLabels is the shape of a label set without labels.
const noLabels = 1

func (l *nameList) add(name []byte, hash uint64) {
	shape := uint64(noLabels)
	if n := len(l.shapes); n > 0 {
		shape = l.shapes[n-1]
	}
	l.hashes = append(l.hashes, hash)
	l.shapes = append(l.shapes, bits.RotateLeft64(shape, 7)^hash)
	l.Add(name)
}

func (l *nameList) reset() {
	l.hashes, l.shapes = l.hashes[:0], l.shapes[:0]
	l.Reset()
}

// begin makes the set empty for another line.
func (s *labelSet) begin() {
	if s.recorded.Len() > 0 {
		s.learn()
	}
	s.encoding, s.count, s.faulty = s.encoding[:0], 0, false
}

// forget makes no names known.
func (s *labelSet) forget() {
	s.begin()
	for i := range s.known {
		s.known[i].reset()
	}
}

// learn makes the names of the line known, in the place of the oldest list.
func (s *labelSet) learn() {
	if !s.faulty {
		s.known[s.oldest], s.recorded = s.recorded, s.known[s.oldest]
		s.known[s.current].next = s.oldest
		s.current = s.oldest
		s.oldest = (s.oldest + 1) % knownLists
	}
	s.recorded.reset()
	s.inNames = 0
}

// add appends a label. Its name stands at the columns from at to end and may be quoted there.
func (s *labelSet) add(e *entry, name, value []byte, at, end int) {
	if exceeds(s.count+1, s.limit) {
		if s.count == s.limit {
			e.find(diag.TooManyLabels, at, end)
		}
		s.count++
		return
	}
	known := &s.known[s.current]
	if s.recorded.Len() > 0 || s.count >= known.Len() || !bytes.Equal(known.At(s.count), name) {
		s.record(e, name, at, end)
	}
	s.count++
	s.encoding = model.AppendLabel(s.encoding, view(name), view(value))
}

// shape is the same for label sets with the same names in the same order, and else practically never, whichever assembler
// reads them. It is 0 if it is not known.
func (s *labelSet) shape() uint64 { return s.shapeOf(s.count) }

// shapeOf is the shape of the first n labels.
func (s *labelSet) shapeOf(n int) uint64 {
	list := &s.known[s.current]
	if s.recorded.Len() > 0 {
		list = &s.recorded
	}
	switch {
	case s.faulty || n > list.Len():
		return 0
	case n == 0:
		return noLabels
	}
	return list.shapes[n-1]
}

// record notes a name that the line before did not have in this place, and judges it.
func (s *labelSet) record(e *entry, name []byte, at, end int) {
	for i := s.recorded.Len(); i < s.count; i++ {
		known := &s.known[s.current]
		s.recorded.add(known.At(i), known.hashes[i])
	}
	findings, hash := len(e.findings), maphash.Bytes(seed, name)
	switch {
	case len(name) == 0:
		e.find(diag.EmptyName, at, end)
	case s.repeated(name, hash):
		e.find(diag.DuplicateLabel, at, end)
	case string(name) == "__name__":
		e.find(diag.NameLabel, at, end)
	case isReserved(name, s.dialect):
		e.find(reservedLabels[s.dialect].rule, at, end)
	case end-at == len(name) && bytes.IndexByte(name, ':') >= 0:
		e.find(diag.LabelName, at, end)
	}
	// A quoted name is longer than what it says and may hold what an unquoted one may not, so it is no precedent.
	quoted := end-at != len(name)
	s.faulty = s.faulty || quoted || len(e.findings) > findings
	s.recorded.add(name, hash)
}

// repeated reports whether the line has had the name before, which has that hash.
func (s *labelSet) repeated(name []byte, hash uint64) bool {
	hashes := s.recorded.hashes
	if len(hashes) < manyLabels {
		for i, h := range hashes {
			if h == hash && bytes.Equal(s.recorded.At(i), name) {
				return true
			}
		}
		return false
	}
	n := len(hashes)
	if size := 2 * manyLabels << bits.Len(uint(n/manyLabels)); len(s.names) < size || s.inNames == 0 {
		s.names, s.inNames = slices.Grow(s.names[:0], size)[:size], 0
		clear(s.names)
	}
	for ; s.inNames < n; s.inNames++ {
		s.names.insert(hashes[s.inNames], s.inNames)
	}
	for i, probe, ok := s.names.candidate(hash, 0); ok; i, probe, ok = s.names.candidate(hash, probe) {
		if bytes.Equal(s.recorded.At(i), name) {
			return true
		}
	}
	return false
}
