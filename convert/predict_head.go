package convert

import (
	"bytes"

	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// head is the HELP line, the TYPE line or both, next to each other, with which a family begins, in their plain form. Most
// families begin so, and many have a single sample behind it.
type head struct {
	// size is that of the head, which is at the beginning of the block; it is 0 if there is none.
	size, lines int
	// nameEnd and help are where the name ends and the help text stands.
	nameEnd          int
	help             span
	hasHelp, hasType bool
	kind             model.Type
	// hash is that of the name, if it is known that no family of that name has come before.
	hash uint64
}

// keyword is how far HELP and TYPE go, with what is before and behind them.
const keyword = len("# HELP ")

// name is that of the family, if text begins with the head.
func (h *head) name(text []byte) []byte { return text[keyword:h.nameEnd] }

// predictHead reads the comment or head at the beginning of text, and begins its family. It gives the number of lines and
// where the next one begins, or reports that the family in progress is complete and has to be given out before.
func (d *Decoder) predictHead(text []byte) (lines, next int, complete bool) {
	a, h := d.assembler, &d.assembler.head
	if h.size == 0 && !d.readHead(text) {
		for next < len(text) && text[next] == '#' {
			size := d.plainComment(text[next:])
			if size == 0 {
				break
			}
			lines, next = lines+1, next+size
		}
		d.reporter.skip(lines, next)
		return lines, next, false
	}
	if a.inProgress && string(h.name(text)) != a.family.Name && !d.goAhead() {
		return 0, 0, true
	}
	next = h.size
	h.size = 0
	if a.inProgress || a.mayReportHead(text) {
		return 0, 0, false
	}
	a.beginHead(text)
	d.reporter.skip(h.lines, next)
	return h.lines, next, false
}

// readHead reads the head at the beginning of text, and reports whether there is one.
func (d *Decoder) readHead(text []byte) bool {
	h := &d.assembler.head
	h.hasHelp, h.hasType, h.kind = false, false, model.Unknown
	if len(text) <= keyword || string(text[:keyword]) != "# HELP " && string(text[:keyword]) != "# TYPE " {
		return false
	}
	nameEnd := lexer.NameEnd(text, keyword)
	next := d.readMetadata(text, 0, nameEnd)
	if next == 0 {
		return false
	}
	h.lines, h.nameEnd = 1, nameEnd
	if again := next + nameEnd; again < len(text) && string(text[next+keyword:again]) == string(text[keyword:nameEnd]) {
		if end := d.readMetadata(text, next, again); end > 0 {
			h.lines, next = 2, end
		}
	}
	if exceeds(next, d.options.limits.LineBytes) {
		return false
	}
	h.size = next
	return true
}

// readMetadata reads the HELP or TYPE line that begins at i, with a name that ends at nameEnd, and gives where the next
// line begins; 0 if it is no such line in its plain form, or the second of its kind.
func (d *Decoder) readMetadata(text []byte, i, nameEnd int) (next int) {
	h := &d.assembler.head
	size := bytes.IndexByte(text[nameEnd:], '\n')
	if size < 2 || text[nameEnd] != ' ' || nameEnd == i+keyword {
		return 0
	}
	begin, end := nameEnd+1, nameEnd+size
	words := text[begin:end]
	switch string(text[i : i+keyword]) {
	case "# HELP ":
		if h.hasHelp || words[0] <= ' ' || text[end-1] == '\r' || bytes.IndexByte(words, '\\') >= 0 {
			return 0
		}
		h.hasHelp, h.help = true, span{begin, end}
	case "# TYPE ":
		if h.hasType {
			return 0
		}
		if d.assembler.om == nil {
			h.kind, h.hasType = textTypeNamed(words)
		} else {
			h.kind, h.hasType = model.TypeByName(view(words))
		}
		if !h.hasType {
			return 0
		}
	default:
		return 0
	}
	return end + 1
}

// mayReportHead tells whether there may be something to be said about the head of text, with which a family is to begin.
func (a *assembler) mayReportHead(text []byte) bool {
	h := &a.head
	name := h.name(text)
	h.hash = a.known.hash(name)
	return a.known.mustTellLimit() || a.known.find(name, h.hash) >= 0 ||
		a.om != nil && (a.mayReportName(name) || h.hasType && a.mayReportType(name, h.kind))
}

// beginHead begins the family of the head of text, about which there is nothing to be said.
func (a *assembler) beginHead(text []byte) {
	h := &a.head
	a.open(h.hash, -1)
	f := a.family
	f.Type, f.HasType, f.HasHelp, f.Line = h.kind, h.hasType, h.hasHelp, a.number+1
	f.Name, f.Help = a.keepHead(text)
	if a.om != nil {
		a.noteBase(a.family.Name)
		if h.hasType {
			f.Suffix = a.roles.impliedSuffix(h.kind)
		}
	}
	a.prediction.expect(false)
}

// keepHead keeps the name and the help text of the head of text.
func (a *assembler) keepHead(text []byte) (name, help string) {
	h := &a.head
	if !h.hasHelp {
		return a.keepMetadata(h.name(text), a.immutable), ""
	}
	n := h.nameEnd - keyword
	both := a.keepMetadata(text[h.help.at-1-n:h.help.end], a.immutable)
	return both[:n], both[n+1:]
}
