package writer

import "github.com/promfmt/promfmt/model"

// heads knows the HELP and TYPE lines of the first families of a document, and leaves them for the next document, which
// mostly has the same families in the same order, as an exporter writes them time and again. Lines that come again are
// known to have nothing to be escaped, neither in the name nor in the help text, and are copied as they are.
type heads struct {
	text []byte
	all  []head
	next int // how many of them this document has had; those that follow are likely to come
}

// head are the two lines of a family.
type head struct {
	begin, end int // where they stand in the text
	name, help int // the lengths of both
	typ        model.Type
}

// maxHeads is how much text of heads is known.
const maxHeads = 128 << 10

// hasHead reports whether f has both lines, under its own name and for the first time.
func hasHead(f *model.MetricFamily) bool {
	return f.HasHelp && f.HasType && f.Suffix == "" && !f.Continued && !f.HelpRepeated && !f.TypeRepeated
}

// appendKnown appends the lines of f, which has both, if they are those to come next.
func (h *heads) appendKnown(b []byte, f *model.MetricFamily) (out []byte, ok bool) {
	if h.next == len(h.all) {
		return b, false
	}
	next := &h.all[h.next]
	lines := h.text[next.begin:next.end]
	if next.typ != f.Type || !next.holds(lines, f) {
		return b, false
	}
	h.next++
	return append(b, lines...), true
}

// holds reports whether there stand the name and the help text of f in the lines as they are.
func (h *head) holds(lines []byte, f *model.MetricFamily) bool {
	if h.name != len(f.Name) || h.help != len(f.Help) {
		return false
	}
	name := lines[len(helpStart):]
	help := name[h.name+1:]
	return string(name[:h.name]) == f.Name && string(help[:h.help]) == f.Help
}

// add adds the lines of f, which has both, in the place of those that did not come. It reports whether there is room for
// them and nothing in them is escaped.
func (h *heads) add(f *model.MetricFamily, lines []byte) bool {
	begin := 0
	if h.next > 0 {
		begin = h.all[h.next-1].end
	}
	added := head{begin, begin + len(lines), len(f.Name), len(f.Help), f.Type}
	if added.end > maxHeads || !added.holds(lines, f) {
		return false
	}
	h.text = append(h.text[:begin], lines...)
	h.all = append(h.all[:h.next], added)
	h.next++
	return true
}

// names yields the names and types of this document's families.
func (h *heads) names(yield func(string, model.Type) bool) {
	for _, head := range h.all[:h.next] {
		name := h.text[head.begin+len(helpStart):][:head.name]
		if !yield(string(name), head.typ) {
			return
		}
	}
}
