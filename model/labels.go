package model

import (
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Label is a name and its value.
type Label struct {
	Name, Value string
}

// Labels is an immutable list of labels in a given order. The zero Labels is empty. Two Labels are == if they hold the
// same labels in the same order, so Labels may be a key of a map; SameSet compares without regard to the order.
//
// All labels stand in one string, each as the length and bytes of its name and then the length and bytes of its value.
// A length is two bytes, low byte first; from 65535 on it is the two bytes 255 255 and then eight bytes, low byte
// first. A text label block has just two bytes of punctuation between one string and the next, so a reader can turn
// it into this form by copying it once and writing the lengths over the punctuation.
type Labels struct {
	encoding string
}

// longLength marks a length that takes eight further bytes.
const longLength = 0xffff

// NewLabels makes Labels of names and values in turn: NewLabels("job", "api", "code", "200").
// It panics if there is a name without a value; use LabelsOf for what is not known in advance.
func NewLabels(namesAndValues ...string) Labels {
	if len(namesAndValues)%2 != 0 {
		panic("model.NewLabels: a name without a value")
	}
	var encoding []byte
	for i := 0; i < len(namesAndValues); i += 2 {
		encoding = AppendLabel(encoding, namesAndValues[i], namesAndValues[i+1])
	}
	return Labels{string(encoding)}
}

// LabelsOf makes Labels of the given labels.
func LabelsOf(labels ...Label) Labels {
	var encoding []byte
	for _, l := range labels {
		encoding = AppendLabel(encoding, l.Name, l.Value)
	}
	return Labels{string(encoding)}
}

// LabelsFromEncoding makes Labels of what AppendLabel has written, nothing else: another string makes methods panic.
// The Labels keep the string.
func LabelsFromEncoding(encoding string) Labels { return Labels{encoding} }

// Encoding is the string in which ls keeps its labels, in the form that Labels describes.
func (ls Labels) Encoding() string { return ls.encoding }

// AppendLabel appends a label to dst in the form that Labels describes.
func AppendLabel(dst []byte, name, value string) []byte {
	dst = appendLength(dst, len(name))
	dst = append(dst, name...)
	dst = appendLength(dst, len(value))
	return append(dst, value...)
}

func appendLength(dst []byte, n int) []byte {
	if n < longLength {
		return append(dst, byte(n), byte(n>>8))
	}
	dst = append(dst, 0xff, 0xff)
	for shift := 0; shift < 64; shift += 8 {
		dst = append(dst, byte(uint64(n)>>shift))
	}
	return dst
}

// cut splits the first string off an encoding.
func cut(encoding string) (first, rest string) {
	n := int(encoding[0]) | int(encoding[1])<<8
	encoding = encoding[2:]
	if n == longLength {
		n = 0
		for i := range 8 {
			n |= int(encoding[i]) << (8 * i)
		}
		encoding = encoding[8:]
	}
	return encoding[:n], encoding[n:]
}

// IsEmpty reports whether there are no labels.
func (ls Labels) IsEmpty() bool { return ls.encoding == "" }

// Len is the number of labels. It walks over them.
func (ls Labels) Len() int {
	n := 0
	for range ls.All() {
		n++
	}
	return n
}

// All yields names and values in order.
func (ls Labels) All() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for rest := ls.encoding; rest != ""; {
			var name, value string
			name, rest = cut(rest)
			value, rest = cut(rest)
			if !yield(name, value) {
				return
			}
		}
	}
}

// Cut splits the first label off ls; ok is false if ls is empty. A loop over Cut is the fastest way through the labels.
func (ls Labels) Cut() (first Label, rest Labels, ok bool) {
	if ls.encoding == "" {
		return Label{}, Labels{}, false
	}
	first.Name, rest.encoding = cut(ls.encoding)
	first.Value, rest.encoding = cut(rest.encoding)
	return first, rest, true
}

// Get is the value of the label of that name; ok is false if there is none.
func (ls Labels) Get(name string) (value string, ok bool) {
	for n, v := range ls.All() {
		if n == name {
			return v, true
		}
	}
	return "", false
}

// Slice is the labels as a new slice.
func (ls Labels) Slice() []Label {
	labels := make([]Label, 0, ls.Len())
	for name, value := range ls.All() {
		labels = append(labels, Label{name, value})
	}
	return labels
}

// Map is the labels as a new map.
func (ls Labels) Map() map[string]string {
	return maps.Collect(ls.All())
}

// With is ls with that label: its value replaced where it stands, or the label added at the end.
func (ls Labels) With(name, value string) Labels {
	encoding := make([]byte, 0, len(ls.encoding)+len(name)+len(value)+4)
	found := false
	for n, v := range ls.All() {
		if n == name {
			v, found = value, true
		}
		encoding = AppendLabel(encoding, n, v)
	}
	if !found {
		encoding = AppendLabel(encoding, name, value)
	}
	return Labels{string(encoding)}
}

// Without is ls without the label of that name.
func (ls Labels) Without(name string) Labels {
	if _, ok := ls.Get(name); !ok {
		return ls
	}
	encoding := make([]byte, 0, len(ls.encoding))
	for n, v := range ls.All() {
		if n != name {
			encoding = AppendLabel(encoding, n, v)
		}
	}
	return Labels{string(encoding)}
}

// Sorted is ls in the order of the names, byte by byte.
func (ls Labels) Sorted() Labels {
	labels := ls.Slice()
	byName := func(a, b Label) int { return strings.Compare(a.Name, b.Name) }
	if slices.IsSortedFunc(labels, byName) {
		return ls
	}
	slices.SortStableFunc(labels, byName)
	return LabelsOf(labels...)
}

// Equal reports whether ls and other hold the same labels in the same order, as == does.
func (ls Labels) Equal(other Labels) bool { return ls == other }

// SameSet reports whether ls and other hold the same labels in any order, that is, whether they name the same series.
func (ls Labels) SameSet(other Labels) bool {
	if ls == other {
		return true
	}
	if len(ls.encoding) != len(other.encoding) {
		return false
	}
	return ls.Sorted() == other.Sorted()
}

// String renders the labels as Go would quote them: {job="api",code="200"}.
func (ls Labels) String() string {
	b := []byte{'{'}
	for name, value := range ls.All() {
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(b, name...)
		b = append(b, '=')
		b = strconv.AppendQuote(b, value)
	}
	return string(append(b, '}'))
}
