package convert

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// The fields of a label, which are the same in all messages.
const (
	labelField = 1<<3 | bytesType // in a metric, an info value, or an exemplar of io.prometheus.client
	labelName  = 1<<3 | bytesType
	labelValue = 2<<3 | bytesType
)

var labelMessage = messageKind{"label", "-bb"}

// labelList is a list of labels while it is being read.
type labelList struct {
	// encoding is that of model.Labels, in the memory of families.
	encoding []byte
	count    int
	// expected is how many of the first labels have the names that are known for their place.
	expected int
	// at is where the first label stands.
	at int
}

// labelsEnd is the index behind the labels of short length at the beginning of b.
func labelsEnd(b []byte) (end int) {
	for end+1 < len(b) && b[end] == labelField && b[end+1] < 0x80 {
		end += 2 + int(b[end+1])
	}
	return min(end, len(b))
}

// openLabels begins a list of labels and reads those at the beginning of b, which stands at that place, that have the usual
// form: short, the name before the value. Such a label nearly has the encoding that it needs: only the tags and lengths
// before the two differ. It gives the index behind them.
func (r *wireReader) openLabels(b []byte, at int) (end int) {
	text := r.memory.text.room(len(b))
	c := r.names.copyLabels(text, b)
	l := &r.labels
	l.expected, l.at = c.count, at
	for c.end+1 < len(b) {
		next := c.end + 2 + int(b[c.end+1])
		if b[c.end] != labelField || b[c.end+1] >= 0x80 || next > len(b) {
			break
		}
		label := b[c.end+2 : next]
		value := valueTagAt(label)
		if value == 0 || value+2+int(label[value+1]) != len(label) || exceeds(c.count+1, r.limits().Labels) {
			break
		}
		c.used += encodeLabel(text[c.used:], label, value)
		c.end = next
		c.count++
	}
	l.encoding, l.count = text[:c.used], c.count
	return c.end
}

// valueTagAt is where the tag of the value stands in a label of the usual form, 0 if the name is not followed by a value.
func valueTagAt(label []byte) int {
	if len(label) < 4 || label[0] != labelName {
		return 0
	}
	at := 2 + int(label[1])
	if at+1 >= len(label) || label[at] != labelValue {
		return 0
	}
	return at
}

// addLabel adds the label that c reads next, of whatever form.
func (r *wireReader) addLabel(c *cursor) {
	l := &r.labels
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
	r.expectLabel(view(name))
	l.encoding = model.AppendLabel(l.encoding, view(name), view(value))
}

// expectLabel counts a label, and compares its name with the one that is known for its place.
func (r *wireReader) expectLabel(name string) {
	l, names := &r.labels, &r.names
	if l.expected == l.count && l.count < len(names.list) && names.at(l.count) == name {
		l.expected++
	}
	l.count++
}

// closeLabels judges the labels of a metric and gives them. Metrics mostly have the same names as the one before, which
// were in order there.
func (r *wireReader) closeLabels() model.Labels {
	l, known := &r.labels, &r.names
	switch {
	case l.count == 0:
		r.hasNoLabels()
		return model.Labels{}
	case l.expected == l.count && l.count == len(known.list):
		r.shape = known.shape
		return r.keepLabels()
	}
	labels := r.keepLabels()
	r.judgeNames(labels)
	r.shape = known.shape
	if r.refused {
		known.forget()
	}
	return labels
}

// hasNoLabels notes that the metric has no labels. Of names that there was something to be said about it is said again
// behind it.
func (r *wireReader) hasNoLabels() {
	r.shape = noLabels
	if r.names.told {
		r.names.forget()
	}
}

// keepLabels gives labels of which only the characters have been judged.
func (r *wireReader) keepLabels() model.Labels {
	encoding := r.memory.text.commit(r.labels.encoding)
	labels := model.LabelsFromEncoding(view(encoding))
	if isASCII(encoding) {
		return labels
	}
	for name, value := range labels.All() {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			r.report(diag.InvalidUTF8, r.labels.at, "label %s with the value %s is not valid UTF-8", quote(name), quote(value))
		}
	}
	return labels
}

// judgedNames are the names of labels that have been judged, those of the latest metric that had any. They outlast its
// family, unless there was something to be said about them.
type judgedNames struct {
	// list is the names, each as a label begins: with tag and length before it and the tag of the value behind it.
	list []string
	text []byte // what list is cut from
	// shape tells the list from others.
	shape uint64
	// added is the label that the samples of the family have besides.
	added string
	// told tells that something was reported.
	told bool
}

// labelCopy is how far labels have been copied.
type labelCopy struct {
	// used is how many bytes have been written, end the index behind the labels that have been read, and count their number.
	used, end, count int
}

// copyLabels writes the encoding of the labels at the beginning of b to text, where there is room for all of b, as long as they
// have the usual form and the names that are known for their places.
func (n *judgedNames) copyLabels(text, b []byte) (c labelCopy) {
	for _, name := range n.list {
		at := c.end + 2
		value := at + len(name) // where its length stands
		if value >= len(b) || b[c.end] != labelField || b[c.end+1] >= 0x80 {
			break
		}
		next := at + int(b[c.end+1])
		if next > len(b) || next != value+1+int(b[value]) || string(b[at:value]) != name {
			break
		}
		c.used += encodeLabel(text[c.used:], b[at:next], len(name)-1)
		c.end = next
		c.count++
	}
	return c
}

// encodeLabel writes the encoding of a label of the usual form, in which the tag of the value stands at that index.
func encodeLabel(text, label []byte, value int) (size int) {
	encoded := text[:len(label)]
	copy(encoded, label)
	encoded[0], encoded[1] = label[1], 0
	encoded[value], encoded[value+1] = label[value+1], 0
	return len(label)
}

func (n *judgedNames) at(i int) string { return n.list[i][2 : len(n.list[i])-1] }

func (n *judgedNames) add(name string) {
	begin := len(n.text)
	n.text = append(n.text, labelName, byte(len(name))) // a longer name is never compared in this form
	n.text = append(append(n.text, name...), labelValue)
	n.list = append(n.list, view(n.text[begin:]))
}

// has reports whether a name is one of the list.
func (n *judgedNames) has(name string) bool {
	for i := range n.list {
		if n.at(i) == name {
			return true
		}
	}
	return false
}

func (n *judgedNames) forget() { n.list, n.text, n.told = n.list[:0], n.text[:0], false }

// learn takes the names of the labels at the beginning of a metric for known if these have the usual form and there is nothing
// to be said about them.
func (n *judgedNames) learn(b []byte, limit int) bool {
	n.forget()
	n.shape++
	for end := 0; end+1 < len(b) && b[end] == labelField; {
		next := end + 2 + int(b[end+1])
		if b[end+1] >= 0x80 || next > len(b) {
			n.forget()
			return false
		}
		label := b[end+2 : next]
		name := ""
		if value := valueTagAt(label); value > 0 {
			name = view(label[2:value])
		}
		if n.isSpecial(name) || n.has(name) || len(n.list) == manyLabels || exceeds(len(n.list)+1, limit) {
			n.forget()
			return false
		}
		n.add(name)
		end = next
	}
	return true
}

// isSpecial reports whether a name is none, or one that is taken.
func (n *judgedNames) isSpecial(name string) bool {
	return name == "" || name == n.added || strings.HasPrefix(name, "__")
}

// beginFamily forgets the names unless they are in order too in a family whose samples have the added label besides.
func (n *judgedNames) beginFamily(added string) {
	if n.added != "" || added != "" {
		n.added = added
		n.told = n.told || n.has(added)
	}
	if n.told {
		n.forget()
	}
}

// judgeNames judges the names of the labels of a metric and notes them.
func (r *wireReader) judgeNames(labels model.Labels) {
	known := &r.names
	known.forget()
	known.shape++
	var seen map[string]struct{}
	for label, rest, ok := labels.Cut(); ok; label, rest, ok = rest.Cut() {
		name := label.Name
		if known.isSpecial(name) {
			r.judgeName(name)
		}
		if len(known.list) == manyLabels {
			seen = make(map[string]struct{}, 2*manyLabels)
			for i := range known.list {
				seen[known.at(i)] = struct{}{}
			}
		}
		_, twice := seen[name]
		if twice || seen == nil && known.has(name) {
			r.report(diag.DuplicateLabel, r.labels.at, "label %s occurs twice", quote(name))
		}
		if seen != nil {
			seen[name] = struct{}{}
		}
		known.add(name)
	}
}

// judgeName judges a name that is special.
func (r *wireReader) judgeName(name string) {
	at := r.labels.at
	r.names.told = true
	switch name {
	case "":
		r.report(diag.EmptyName, at, "a label has no name")
	case r.names.added:
		r.report(diag.BoundLabel, at, "label %s is one that the samples of a %s have besides", quote(name), r.kind)
	case "__name__":
		r.report(diag.NameLabel, at, "label __name__ beside a metric name")
	default:
		r.report(r.reservedLabel(), at, reservedName, quote(name))
	}
}

// reservedLabel is the rule about names that begin with two underscores.
func (r *wireReader) reservedLabel() diag.Rule {
	if r.messages.openMetrics {
		return diag.UnderscoreLabel
	}
	return diag.ReservedLabel
}

const reservedName = "label name %s is reserved for internal use"

// valuesRise reports whether labels come behind others that have the same names, in the order of their values.
func valuesRise(before, after model.Labels) bool {
	for a, b := before.Encoding(), after.Encoding(); a != ""; {
		name := int(a[0]) + 2 // the length of a short name with that before it
		if a[1] != 0 || name+2 > len(a) || a[name+1]|b[name+1] != 0 {
			return longValuesRise(model.LabelsFromEncoding(a), model.LabelsFromEncoding(b))
		}
		endOfA, endOfB := name+2+int(a[name]), name+2+int(b[name])
		if order := strings.Compare(a[name+2:endOfA], b[name+2:endOfB]); order != 0 {
			return order < 0
		}
		a, b = a[endOfA:], b[endOfB:]
	}
	return false
}

// longValuesRise is valuesRise for labels of any length.
func longValuesRise(before, after model.Labels) bool {
	for {
		a, restOfBefore, ok := before.Cut()
		b, restOfAfter, _ := after.Cut()
		if !ok || a.Value != b.Value {
			return ok && a.Value < b.Value
		}
		before, after = restOfBefore, restOfAfter
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

// isASCII reports whether no byte has its highest bit set.
func isASCII(b []byte) bool {
	n := len(b)
	if n < 8 {
		var all byte
		for _, c := range b {
			all |= c
		}
		return all < utf8.RuneSelf
	}
	all := binary.LittleEndian.Uint64(b[n-8:])
	i := 0
	for ; i+32 <= n; i += 32 {
		part := b[i : i+32]
		all |= binary.LittleEndian.Uint64(part) | binary.LittleEndian.Uint64(part[8:]) |
			binary.LittleEndian.Uint64(part[16:]) | binary.LittleEndian.Uint64(part[24:])
	}
	for ; i+8 < n; i += 8 {
		all |= binary.LittleEndian.Uint64(b[i:])
	}
	return all&0x8080808080808080 == 0
}
