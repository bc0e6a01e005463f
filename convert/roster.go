package convert

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"
	"sync"

	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// The families of a large page mostly tell about the same things in the same order: about the same pods, say, each of which
// has the same namespace, name and identity in every family, and behind them labels of the family's own. A roster is the
// list of these things, as a family has had them. Where a line of another family begins with the labels of the one that is
// next, they need not be read, nor be looked up for a series that comes twice: it differs from all that were before it.

const (
	// rosterLines is how many lines a family has at least whose labels are worth a roster, as the one before it must have
	// had, and rosterBytes is about how much text they may have together.
	rosterLines, rosterBytes = 16, 1 << 20
	// mostLeftOut is how many things in a row may be left out.
	mostLeftOut = 4
	// mostUnmet is how many lines in a row may be about other things before a family is taken to be about others.
	mostUnmet = 8
	// mostIdle is how many families in a row may be about other things before those that are known are forgotten.
	mostIdle = 16
	// mostInVain is when the rosters that have been of no use are no longer counted.
	mostInVain = 6
	// mostCuts is how many families are asked what they have in common with the one whose labels are known.
	mostCuts = 3
)

// roster is the first labels of lines, the same ones of each.
type roster struct {
	// text is what the lines have from the brace up to the quote behind the last value, one behind the other, encoding what
	// model.Labels makes of it, which is as long, and ends is where each line ends.
	text, encoding []byte
	ends           []int
	// labels is how many labels of a line there are, and shape is theirs.
	labels int
	shape  uint64
}

func (r *roster) reset() { r.text, r.encoding, r.ends = r.text[:0], r.encoding[:0], r.ends[:0] }

// span is where a line is.
func (r *roster) span(line int) span {
	if line == 0 {
		return span{0, r.ends[0]}
	}
	return span{r.ends[line-1], r.ends[line]}
}

// add appends a label block, without the brace at its end, and its encoding.
func (r *roster) add(block, encoding []byte) {
	r.text = append(r.text, block...)
	r.encoding = append(r.encoding, encoding...)
	r.ends = append(r.ends, len(r.text))
}

// first is where the first n labels of a line are.
func (r *roster) first(n, line int) span {
	at := r.span(line)
	at.end = at.at
	for range 2 * n {
		at.end += 2 + int(binary.LittleEndian.Uint16(r.encoding[at.end:]))
	}
	return at
}

// inCommon is how many labels of its first line a label block begins with.
func (r *roster) inCommon(block []byte) int {
	for n := range r.labels {
		if !bytes.HasPrefix(block, r.first(n+1, 0).of(r.text)) {
			return n
		}
	}
	return r.labels
}

// rosters are the roster that is known and the one that the family in progress is going to leave.
type rosters struct {
	known, next roster
	// isCut tells that known is what another family has in common with the one that left it, and that its lines all differ.
	// cuts is how many families have been asked.
	isCut bool
	cuts  int
	// idle is how many families in a row have been about other things, and inVain how many rosters since there was one that
	// was of use. So many fewer of the families behind one of many lines leave one; passed is how many there were of these
	// since the last that has.
	idle, inVain, passed int
	// places finds the lines that are known, once they have been cut.
	places table
	left   []span // scratch

	// on tells that lines of the family in progress are compared with those that are known.
	on bool
	// learns tells that the lines of the family in progress are collected, since the one before had many.
	learns bool
	// latest is the line that has been met last, negative if there is none, and first the index of the first metric of those
	// that begin with it.
	latest, first int
	// met is how many metrics begin with lines that are known, and unmet how many in a row have not.
	met, unmet int
}

// usedRosters are those of workers that have come to the end of their input.
var usedRosters sync.Pool

// takeRosters are used ones, or new ones where none are at hand.
func takeRosters() *rosters {
	if r, ok := usedRosters.Get().(*rosters); ok {
		return r
	}
	return new(rosters)
}

// wants reports whether the labels of the metric with that index are to be noted.
func (r *rosters) wants(metric int) bool {
	return r.on || r.learns || metric == 0 && r.cuts < mostCuts && len(r.known.ends) > 0
}

// begin takes in that another family begins, behind one of so many metrics. A roster has at least so many lines.
func (r *rosters) begin(before, least int) {
	if r.idle++; r.met > 0 {
		r.idle, r.inVain = 0, 0
	}
	if r.idle > mostIdle {
		r.known.reset()
		r.isCut = false
	}
	if len(r.next.ends) >= least {
		r.known, r.next = r.next, r.known
		r.isCut, r.cuts, r.idle = false, 0, 0
		r.passed, r.inVain = 0, min(r.inVain+1, mostInVain)
	}
	r.next.reset()
	r.on, r.learns = r.isCut, false
	if before >= least {
		r.passed++
		r.learns = r.passed >= 1<<r.inVain>>1
	}
	r.latest, r.met, r.unmet = -1, 0, 0
}

// mayMeet reports whether blocks with those labels may begin with a known line.
func (r *rosters) mayMeet(labels *labelSet) bool {
	return r.on && labels.shapeOf(r.known.labels) == r.known.shape
}

// meet is the known line, of those that are next, with which a label block begins; negative if there is none.
func (r *rosters) meet(block []byte) int {
	k, from := &r.known, max(r.latest, 0)
	for i := from; i < min(from+2+mostLeftOut, len(k.ends)); i++ {
		if line := k.span(i).of(k.text); len(line) < len(block) && string(block[:len(line)]) == string(line) {
			return i
		}
	}
	return -1
}

// find is the known line, wherever it is, with which a label block begins that has this encoding. If there is none and the
// latest line was the last that is known, it is known from now on. Else it is negative.
func (r *rosters) find(block, encoding []byte) int {
	k, size := &r.known, 0
	for range 2 * k.labels {
		size += 2 + int(binary.LittleEndian.Uint16(encoding[size:]))
	}
	text := block[:size]
	hash := maphash.Bytes(seed, text)
	i, probe, ok := r.places.candidate(hash, 0)
	for ; ok; i, probe, ok = r.places.candidate(hash, probe) {
		if bytes.Equal(text, k.span(i).of(k.text)) {
			return i
		}
	}
	line := len(k.ends)
	if r.latest != line-1 || len(k.text) >= rosterBytes {
		return -1
	}
	k.add(text, encoding[:size])
	if 2*len(k.ends) <= len(r.places) {
		r.places.insertAt(hash, probe, line)
		return line
	}
	r.index(2 * len(r.places))
	return line
}

// index makes the places of the lines that are known, in a table of that size.
func (r *rosters) index(size int) {
	r.places = slices.Grow(r.places[:0], size)[:size]
	clear(r.places)
	for i := range r.known.ends {
		r.places.insert(maphash.Bytes(seed, r.known.span(i).of(r.known.text)), i)
	}
}

// isAnother reports whether a series that is about to be added, whose labels have the shape of all metrics and begin with a
// known line, is none of the metrics for sure.
func (r *rosters) isAnother(line int, metrics []model.Metric, labels model.Labels) bool {
	switch {
	case line < 0 || r.met != len(metrics):
		return false
	case line > r.latest:
		return true
	case len(metrics)-r.first > fewMetrics:
		return false
	}
	for i := r.first; i < len(metrics); i++ {
		if metrics[i].Labels == labels {
			return false
		}
	}
	return true
}

// note takes in that a metric with that index is going to be added, whose labels have the shape of all others. Their block
// stands in the text as given and begins with a known line if that is not negative.
func (r *rosters) note(line int, block []byte, series model.Labels, labels *labelSet, metric int) {
	encoding := viewBytes(series.Encoding())
	// Blanks and escapes make the text longer, and strings that are too long for a block the encoding. An unknown escape does
	// not, but it is reported, and a line that is does not come here.
	isPlain := len(encoding) == len(block)-1 && len(block) <= maxBlock
	if line < 0 && isPlain && labels.count >= r.known.labels && r.mayMeet(labels) {
		line = r.find(block, encoding)
	}
	if metric == 0 && line < 0 {
		if line = r.compare(block, labels); line < 0 {
			r.on = false
		}
	}
	if line >= 0 {
		if r.met == metric && line >= r.latest {
			r.met++
			if line != r.latest {
				r.first = metric
			}
		}
		r.latest, r.unmet = line, 0
		return
	}
	if r.unmet++; r.unmet > mostUnmet {
		r.on = false
	}
	next := &r.next
	if isPlain && r.learns && len(next.ends) == metric && len(next.text) < rosterBytes {
		next.add(block[:len(block)-1], encoding)
		next.labels, next.shape = labels.count, labels.shape()
	}
}

// compare finds out what the family in progress, whose first label block is given, has in common with the one that left what
// is known. It gives the line that the block begins with, negative if there is none.
func (r *rosters) compare(block []byte, labels *labelSet) (line int) {
	if len(r.known.ends) == 0 || r.cuts == mostCuts {
		return -1
	}
	n := r.known.inCommon(block)
	if n == 0 {
		return -1
	}
	r.cuts++
	if !r.cut(n, labels.shapeOf(n)) {
		return -1
	}
	r.isCut, r.on = true, true
	return 0
}

// cut leaves the first n labels of each line that is known, whose shape is given, and of lines in a row that have the same
// ones one. It reports whether all lines differ then, and if not leaves them as they were.
func (r *rosters) cut(n int, shape uint64) bool {
	k := &r.known
	size := 2 << bits.Len(uint(len(k.ends)))
	r.places = slices.Grow(r.places[:0], size)[:size]
	clear(r.places)
	r.left = r.left[:0]
	for i := range k.ends {
		at := k.first(n, i)
		text := at.of(k.text)
		lines := len(r.left)
		if lines > 0 && bytes.Equal(text, r.left[lines-1].of(k.text)) {
			continue
		}
		hash := maphash.Bytes(seed, text)
		j, probe, ok := r.places.candidate(hash, 0)
		for ; ok; j, probe, ok = r.places.candidate(hash, probe) {
			if bytes.Equal(text, r.left[j].of(k.text)) {
				r.index(size)
				return false
			}
		}
		r.places.insertAt(hash, probe, lines)
		r.left = append(r.left, at)
	}
	end := 0
	for i, at := range r.left {
		copy(k.encoding[end:], at.of(k.encoding))
		end += copy(k.text[end:], at.of(k.text))
		k.ends[i] = end
	}
	k.text, k.encoding, k.ends = k.text[:end], k.encoding[:end], k.ends[:len(r.left)]
	k.labels, k.shape = n, shape
	return true
}

// blockOf is the label block of a line as it stands there, and the known line that it begins with, negative if there is none.
// The block is nil if it is not to be noted.
func (a *assembler) blockOf(e *entry) (block []byte, line int) {
	r, begin := a.rosters, e.nameAt+len(e.name)
	n := e.labels.count
	if a.options.unpredicted || !r.wants(len(a.metrics)) || len(e.findings) > 0 || e.quoted || n == 0 ||
		n > lexer.MaxKnownLabels || e.labels.shape() == 0 {
		return nil, -1
	}
	block, line = a.line[a.indent:][begin:e.labelsEnd], -1
	if r.mayMeet(&e.labels) {
		line = r.meet(block)
	}
	return block, line
}

// predictedWith is predicted for a block that may begin with a known line, and gives that line, negative if there is none.
func (s *labelSet) predictedWith(r *rosters, text []byte, i int) (next, line int) {
	line = -1
	if r.mayMeet(s) {
		if line = r.meet(text[i:]); line >= 0 {
			at, n := r.known.span(line), r.known.labels
			s.count, next, s.escaped, s.spaced = s.known[s.current].BlockBehind(n, text, i+at.end-at.at-1, &s.lengths)
			if next != 0 && !s.escaped && !s.spaced {
				s.fromRoster = n
				return s.judged(i, next), line
			}
		}
		return s.predicted(text, i), line
	}
	if next = s.predicted(text, i); next > 0 && r.mayMeet(s) {
		line = r.meet(text[i:])
	}
	return next, line
}

// encodeWith is encode for a block that predictedWith has read with a known line.
func (s *labelSet) encodeWith(r *rosters, line int, dst, text []byte) []byte {
	dst = append(dst, r.known.span(line).of(r.known.encoding)...)
	known := len(dst)
	dst = append(dst, text[known:]...)
	putLengths(dst[known:], s.lengths[2*s.fromRoster:2*s.count])
	return dst
}
