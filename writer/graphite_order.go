package writer

import (
	"slices"

	"github.com/promfmt/promfmt/model"
)

// labelOrder knows where each label of a series comes in the order of names. The series of a family mostly have the same
// names, so it is found out once for all of them.
type labelOrder struct {
	names  []string // in the order of the series; they are strings of the family
	places []int    // of each name in the order of names
	// keys are the names as they stand in a path, in the order of names, and ends where each ends. There are none if they
	// lose characters there.
	keys []byte
	ends []int
}

// mostOrdered is how many labels a series may have for its order to be learned.
const mostOrdered = 32

// forget makes l know nothing.
func (l *labelOrder) forget() {
	clear(l.names)
	l.names, l.places, l.keys, l.ends = l.names[:0], l.places[:0], l.keys[:0], l.ends[:0]
}

// sort gives the labels in the order of their names, in the memory of labels. It is not known if the series has other
// names, or a label without a value.
func (l *labelOrder) sort(labels []model.Label, ls model.Labels) (sorted []model.Label, known bool) {
	n := len(l.names)
	if n == 0 || cap(labels) < n {
		return labels, false
	}
	labels = labels[:n]
	i := 0
	for label, rest, ok := ls.Cut(); ok; label, rest, ok = rest.Cut() {
		if i == n || label.Value == "" || label.Name != l.names[i] {
			return labels, false
		}
		labels[l.places[i]] = label
		i++
	}
	return labels, i == n
}

// learn takes in the order of a series, sorted being its labels that have a value.
func (l *labelOrder) learn(ls model.Labels, sorted []model.Label, appendKey func([]byte, string) []byte) {
	l.forget()
	if len(sorted) > mostOrdered {
		return
	}
	for name := range ls.All() {
		l.names = append(l.names, name)
	}
	if len(l.names) != len(sorted) {
		l.forget()
		return
	}
	for i, name := range l.names {
		place := slices.IndexFunc(sorted, func(label model.Label) bool { return label.Name == name })
		if slices.Contains(l.places[:i], place) {
			l.forget() // a name occurs twice
			return
		}
		l.places = append(l.places, place)
	}
	for _, label := range sorted {
		if !isPath(label.Name) {
			l.keys, l.ends = l.keys[:0], l.ends[:0]
			return
		}
		l.keys = appendKey(l.keys, label.Name)
		l.ends = append(l.ends, len(l.keys))
	}
}

// key is the name at a place in the order of names with what stands around it, nil if it is not known.
func (l *labelOrder) key(place int) []byte {
	switch {
	case place >= len(l.ends):
		return nil
	case place == 0:
		return l.keys[:l.ends[0]]
	}
	return l.keys[l.ends[place-1]:l.ends[place]]
}
