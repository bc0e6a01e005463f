package convert

import (
	"bytes"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// labelSet is the labels of a line. It judges their names as well. A line mostly repeats the names of the line before
// in the same order, so each name is compared with its predecessor first: what was in order there is in order again.
type labelSet struct {
	limit int
	// encoding is that of model.Labels.
	encoding []byte
	count    int
	// known are names in an order in which nothing was wrong with them. As long as the line repeats them, recorded is
	// empty; from the first other name on it holds all names of the line.
	known, recorded nameList
	// knownCount tells one list of known names from the next.
	knownCount int
	// faulty tells that the names of the line are no precedent for the next one.
	faulty  bool
	lengths [2 * maxPredicted]int // scratch
	// seen holds the names of a line with many labels.
	seen map[string]struct{}
}

// manyLabels is from how many labels on a map finds a repeated name faster than a walk does.
const manyLabels = 16

// nameList is a list of names in one piece of memory, each followed by =" as in a line.
type nameList struct {
	text []byte
	ends []int
}

func (l *nameList) len() int { return len(l.ends) }

func (l *nameList) at(i int) []byte {
	text := l.punctuated(i)
	return text[:len(text)-2]
}

// punctuated is name i with the =" that follows it.
func (l *nameList) punctuated(i int) []byte {
	if i == 0 {
		return l.text[:l.ends[0]]
	}
	return l.text[l.ends[i-1]:l.ends[i]]
}

func (l *nameList) add(name []byte) {
	l.text = append(append(l.text, name...), '=', '"')
	l.ends = append(l.ends, len(l.text))
}

// begin makes the set empty for another line.
func (s *labelSet) begin() {
	if s.recorded.len() > 0 {
		if !s.faulty {
			s.known, s.recorded = s.recorded, s.known
			s.knownCount++
		}
		s.recorded.text, s.recorded.ends, s.seen = s.recorded.text[:0], s.recorded.ends[:0], nil
	}
	s.encoding, s.count, s.faulty = s.encoding[:0], 0, false
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
	if s.recorded.len() > 0 || s.count >= s.known.len() || !bytes.Equal(s.known.at(s.count), name) {
		s.record(e, name, at, end)
	}
	s.count++
	s.encoding = model.AppendLabel(s.encoding, view(name), view(value))
}

// shape tells label sets with different names, or with names in another order, apart. It is 0 if that is not known.
func (s *labelSet) shape() uint64 {
	shape := uint64(s.knownCount)<<32 | uint64(s.count+1)
	switch {
	case s.faulty:
		return 0
	case s.recorded.len() > 0:
		return shape + 1<<32
	}
	return shape
}

// record notes a name that the line before did not have in this place, and judges it.
func (s *labelSet) record(e *entry, name []byte, at, end int) {
	for i := s.recorded.len(); i < s.count; i++ {
		s.recorded.add(s.known.at(i))
	}
	findings := len(e.findings)
	switch {
	case len(name) == 0:
		e.find(diag.EmptyName, at, end)
	case s.repeated(name):
		e.find(diag.DuplicateLabel, at, end)
	case string(name) == "__name__":
		e.find(diag.NameLabel, at, end)
	case bytes.HasPrefix(name, []byte("__")):
		e.find(diag.ReservedLabel, at, end)
	case end-at == len(name) && bytes.IndexByte(name, ':') >= 0:
		e.find(diag.LabelName, at, end)
	}
	// A quoted name is longer than what it says and may hold what an unquoted one may not, so it is no precedent.
	quoted := end-at != len(name)
	s.faulty = s.faulty || quoted || len(e.findings) > findings
	s.recorded.add(name)
}

// repeated reports whether the line has had the name before.
func (s *labelSet) repeated(name []byte) bool {
	if s.recorded.len() < manyLabels {
		for i := range s.recorded.len() {
			if bytes.Equal(s.recorded.at(i), name) {
				return true
			}
		}
		return false
	}
	if s.seen == nil {
		s.seen = make(map[string]struct{}, 2*manyLabels)
		for i := range s.recorded.len() {
			s.seen[string(s.recorded.at(i))] = struct{}{}
		}
	}
	if _, ok := s.seen[string(name)]; ok {
		return true
	}
	s.seen[string(name)] = struct{}{}
	return false
}
