package convert

import (
	"bytes"

	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// head is the HELP line, the TYPE line or both, next to each other, with which a family begins, in their plain form. Most
// families begin so, and many have a single sample behind it.
type head struct {
	// text is the whole head; it is nil if there is none.
	text  []byte
	lines int
	// nameEnd and help are where the name ends and the help text stands, in the text.
	nameEnd          int
	help             span
	hasHelp, hasType bool
	kind             model.Type
	// hash is that of the name, if it is known that no family of that name has come before.
	hash uint64
}

// keyword is how far HELP and TYPE go, with what is before and behind them.
const keyword = len("# HELP ")

func (h *head) name() []byte { return h.text[keyword:h.nameEnd] }

// readHead reads the head at the beginning of the block, and reports whether there is one.
func (d *Decoder) readHead() bool {
	text, h := d.block, &d.assembler.head
	h.text, h.lines, h.hasHelp, h.hasType, h.kind = text, 0, false, false, model.Unknown
	next := 0
	for h.lines < 2 {
		begin := next
		line := text[begin:]
		if len(line) <= keyword {
			break
		}
		help := string(line[:keyword]) == "# HELP "
		if !help && string(line[:keyword]) != "# TYPE " || help && h.hasHelp || !help && h.hasType {
			break
		}
		end := 0
		if h.lines == 0 {
			h.nameEnd = lexer.NameEnd(line, keyword)
			end = h.nameEnd
		} else if end = h.nameEnd; len(line) < end || string(line[keyword:end]) != string(text[keyword:end]) {
			break
		}
		size := bytes.IndexByte(line[end:], '\n')
		if end == keyword || size < 2 || line[end] != ' ' || exceeds(end+size, d.options.limits.LineBytes) {
			break
		}
		words := line[end+1 : end+size]
		if help {
			if words[0] <= ' ' || words[len(words)-1] == '\r' || bytes.IndexByte(words, '\\') >= 0 {
				break
			}
			h.hasHelp, h.help = true, span{begin + end + 1, begin + end + size}
		} else {
			known := false
			if d.assembler.om == nil {
				h.kind, known = textTypeNamed(words)
			} else {
				h.kind, known = model.TypeByName(view(words))
			}
			if !known {
				break
			}
			h.hasType = true
		}
		next = begin + end + size + 1
		h.lines++
	}
	h.text = nil
	if h.lines > 0 {
		h.text = text[:next]
	}
	return h.lines > 0
}

// mayReportHead tells whether there may be something to be said about the head, with which a family is to begin.
func (a *assembler) mayReportHead() bool {
	h := &a.head
	name := h.name()
	h.hash = a.known.hash(name)
	return a.known.isFull(0) || a.known.find(name, h.hash) >= 0 ||
		a.om != nil && (a.mayReportName(name) || h.hasType && a.mayReportType(name, h.kind))
}

// beginHead begins the family of the head, about which there is nothing to be said.
func (a *assembler) beginHead() {
	h := &a.head
	a.open(h.hash, -1)
	f := a.family
	*f = model.MetricFamily{Type: h.kind, HasType: h.hasType, HasHelp: h.hasHelp, Line: a.number + 1}
	f.Name, f.Help = a.keepHead()
	if a.om != nil && h.hasType {
		f.Suffix = a.roles.impliedSuffix(h.kind)
	}
	a.prediction.expect(f, a.roles, false)
}

// keepHead keeps the name and the help text of the head.
func (a *assembler) keepHead() (name, help string) {
	h := &a.head
	if !h.hasHelp {
		return a.keepMetadata(h.name(), a.immutable), ""
	}
	n := h.nameEnd - keyword
	both := a.keepMetadata(h.text[h.help.at-1-n:h.help.end], a.immutable)
	return both[:n], both[n+1:]
}
