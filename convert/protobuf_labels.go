package convert

import (
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// The fields of a label, which are the same in all messages.
const (
	labelName  = 1<<3 | bytesType
	labelValue = 2<<3 | bytesType
)

var labelMessage = messageKind{"label", "-bb"}

// labelList is a list of labels while it is being read.
type labelList struct {
	// encoding is that of model.Labels, in the memory of families.
	encoding []byte
	count    int
	// expected is how many of the first labels have the names that the metric before had there.
	expected int
	// at is where the first label stands.
	at int
}

// openLabels begins a list of labels and reads those that stand next and have the usual form: short, the name before the
// value. Such a label nearly has the encoding that it needs: only the tags and lengths before the two differ.
func (r *wireReader) openLabels(c *cursor, tag byte) (l labelList) {
	b := c.b
	end := c.i
	for end+1 < len(b) && b[end] == tag && b[end+1] < 0x80 {
		end += 2 + int(b[end+1])
	}
	l.at = c.position()
	l.encoding = r.memory.text.open(min(end, len(b)) - c.i)
	limit := r.limits().Labels
	for i := c.i; i < end; {
		n := int(b[i+1])
		i += 2
		if i+n > len(b) || n < 4 || exceeds(l.count+1, limit) {
			break
		}
		label := b[i : i+n]
		value := 2 + int(label[1])
		if label[0] != labelName || value+1 >= n || label[value] != labelValue || value+2+int(label[value+1]) != n {
			break
		}
		r.expect(&l, view(label[2:value]))
		at := len(l.encoding)
		l.encoding = append(l.encoding, label...)
		encoded := l.encoding[at:]
		encoded[0], encoded[1] = label[1], 0
		encoded[value], encoded[value+1] = label[value+1], 0
		i += n
		c.i = i
	}
	return l
}

// addLabel adds the label that c reads next, of whatever form.
func (r *wireReader) addLabel(l *labelList, c *cursor) {
	label := c.message()
	if limit := r.limits().Labels; exceeds(l.count+1, limit) {
		r.report(diag.TooManyLabels, l.at, "the series has more than %d labels (limit Labels)", limit)
		return
	}
	if c.problem != noProblem {
		return
	}
	var name, value []byte
	for label.more() {
		switch tag := label.tag(); tag {
		case labelName:
			name = label.bytes()
		case labelValue:
			value = label.bytes()
		default:
			r.skip(&label, tag, &labelMessage)
		}
	}
	r.isRead(&label)
	r.expect(l, view(name))
	l.encoding = model.AppendLabel(l.encoding, view(name), view(value))
}

// expect counts a label, and compares its name with the one that the metric before had in its place.
func (r *wireReader) expect(l *labelList, name string) {
	if l.expected == l.count && l.count < len(r.names) && r.names[l.count] == name {
		l.expected++
	}
	l.count++
}

// closeLabels judges the labels of a metric and gives them. Metrics mostly have the same names as the one before, which
// were in order there.
func (r *wireReader) closeLabels(l *labelList) model.Labels {
	labels := r.keepLabels(l)
	if l.expected == l.count && l.count == len(r.names) {
		return labels
	}
	r.shape++
	r.judgeNames(labels, l.at)
	if r.refused {
		r.names = r.names[:0]
	}
	return labels
}

// keepLabels gives labels of which only the characters have been judged.
func (r *wireReader) keepLabels(l *labelList) model.Labels {
	labels := model.LabelsFromEncoding(view(r.memory.text.commit(l.encoding)))
	if isASCII(labels.Encoding()) {
		return labels
	}
	for name, value := range labels.All() {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			r.report(diag.InvalidUTF8, l.at, "label %s with the value %s is not valid UTF-8", quote(name), quote(value))
		}
	}
	return labels
}

// judgeNames judges the names of labels and notes them.
func (r *wireReader) judgeNames(labels model.Labels, at int) {
	added := addedLabel(r.family, r.kind)
	r.names = r.names[:0]
	var seen map[string]struct{}
	for label, rest, ok := labels.Cut(); ok; label, rest, ok = rest.Cut() {
		name := label.Name
		switch {
		case name == "":
			r.report(diag.EmptyName, at, "a label has no name")
		case name == added:
			r.report(diag.BoundLabel, at, "label %s is one that the samples of a %s have besides", quote(name), r.kind)
		case name == "__name__":
			r.report(diag.NameLabel, at, "label __name__ beside a metric name")
		case strings.HasPrefix(name, "__"):
			rule := diag.ReservedLabel
			if r.messages.openMetrics {
				rule = diag.UnderscoreLabel
			}
			r.report(rule, at, "label name %s is reserved for internal use", quote(name))
		}
		if len(r.names) == manyLabels {
			seen = make(map[string]struct{}, 2*manyLabels)
			for _, before := range r.names {
				seen[before] = struct{}{}
			}
		}
		_, twice := seen[name]
		if twice || seen == nil && slices.Contains(r.names, name) {
			r.report(diag.DuplicateLabel, at, "label %s occurs twice", quote(name))
		}
		if seen != nil {
			seen[name] = struct{}{}
		}
		r.names = append(r.names, name)
	}
}

// addedLabel is the label that samples of a family get and metrics therefore may not have.
func addedLabel(f *model.MetricFamily, kind model.Type) string {
	switch kind {
	case model.Histogram, model.GaugeHistogram:
		return "le"
	case model.Summary:
		return "quantile"
	case model.StateSet:
		return f.Name
	}
	return ""
}

// isASCII reports whether no byte of s has its highest bit set.
func isASCII(s string) bool {
	var all byte
	b := viewBytes(s)
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, c := range b {
		all |= c
	}
	return all < utf8.RuneSelf
}
