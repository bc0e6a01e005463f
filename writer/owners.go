package writer

import (
	"slices"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// owners knows which family has been written under which name. Names become one where they are escaped, where the suffix
// of samples becomes a part of them, and where a family trails another. The lines of a name have one TYPE, so a family that
// finds its name taken goes on with that of the family before. So does one whose name has become that of another's sample:
// most readers take its samples for those whatever a TYPE says, and some refuse the page for it.
//
// On most pages all names are those of the families themselves. So they are only put down, one behind the other, until one
// is not.
type owners struct {
	heads heads            // those of families with a name that is their own
	names []byte           // every other name: a digit for its type, the name, and a byte that is in none
	of    map[string]owner // by the name of the family as written; nil as long as all names are the families' own
	count int              // of the names in the last two

	written []byte // scratch

	// The family at hand, whose name is free again if it is refused in the end.
	families int // how many had been written when it began
	known    int // what count was
	noted    int // how long names was
	headed   int // how many heads there were
	added    []string
}

// owner is the family that has a name.
type owner struct {
	name string // before it was escaped
	typ  model.Type
}

// maxOwners is how many names are known. Whether later ones are taken is told by these alone.
const maxOwners = 100_000

// keptNames is the largest room for names that an encoder leaves to the next.
const keptNames = 64 << 10

// family is f as it is to be written under that name: as a part of the family that has it, or a sample of it.
func (w *owners) family(o *output, f *model.MetricFamily, name *textName) *model.MetricFamily {
	if f.Continued && w.has(f, name) {
		return f
	}
	if w.take(o, f.SampleName(), name.name+name.suffix, f.Type) {
		return f
	}
	part := *f
	part.Continued, part.HelpRepeated, part.TypeRepeated = true, true, true
	return &part
}

// claim reports f if it is written under the name of another family before, in a format that has families of one name apart.
func (w *owners) claim(o *output, f *model.MetricFamily, name *textName) {
	if o.hold {
		w.begin(o)
	}
	if w.of == nil && name.name == f.Name && name.suffix == f.Suffix {
		w.note(f)
		return
	}
	w.family(o, f, name)
}

// has reports whether f has had the name in an earlier part.
func (w *owners) has(f *model.MetricFamily, name *textName) bool {
	w.look()
	w.written = append(append(w.written[:0], name.name...), name.suffix...)
	own, ok := strings.CutPrefix(w.of[string(w.written)].name, f.Name)
	return ok && own == f.Suffix
}

// take takes a name for a family of some type and of a name of its own. It reports whether no other family has the name, or
// a sample of that name; else that is a loss. Of more than maxOwners names that is not known.
func (w *owners) take(o *output, own, written string, typ model.Type) bool {
	w.look()
	_, taken := w.of[written]
	if !taken && w.count < maxOwners {
		// The strings of a family that is read into the same memory again are not to be kept.
		added := strings.Clone(written)
		w.of[added] = owner{strings.Clone(own), typ}
		w.count++
		if o.hold { // else nothing is refused
			w.added = append(w.added, added)
		}
	}
	if taken || w.becomesSample(own, written) {
		o.lose(diag.LossClash, 1, "family ", written)
		return false
	}
	return true
}

// becomesSample reports whether the name of a family is written as that of a sample of another is, which it is not itself.
func (w *owners) becomesSample(own, written string) bool {
	end := strings.LastIndexByte(written, '_')
	if end < 0 {
		return false
	}
	suffix := written[end:]
	first, ok := w.of[written[:end]]
	return ok && slices.Contains(textSuffixes[first.typ], suffix) && own != first.name+suffix
}

// begin begins a family. If the one before was refused in the end, its names are free again.
func (w *owners) begin(o *output) {
	if o.families == w.families {
		w.names, w.count, w.heads.next = w.names[:w.noted], w.known, w.headed
		for _, name := range w.added {
			delete(w.of, name)
		}
	}
	w.families, w.known, w.noted, w.headed, w.added = o.families, w.count, len(w.names), w.heads.next, w.added[:0]
}

// note puts a name down that is the family's own.
func (w *owners) note(f *model.MetricFamily) {
	if w.count == maxOwners || f.Continued {
		return
	}
	w.count++
	w.names = append(append(w.names, '0'+byte(f.Type)), f.Name...)
	w.names = append(append(w.names, f.Suffix...), behindName...)
}

// behindName is no byte of valid UTF-8.
const behindName = "\xff"

// look makes a map of the names that have been put down, if there is none.
func (w *owners) look() {
	if w.of != nil {
		return
	}
	w.of = make(map[string]owner)
	for name, typ := range w.heads.names {
		w.of[name] = owner{name, typ}
	}
	for noted := range strings.SplitAfterSeq(string(w.names), behindName) {
		if name, ok := strings.CutSuffix(noted, behindName); ok {
			w.of[name[1:]] = owner{name[1:], model.Type(name[0] - '0')}
		}
	}
	w.names, w.noted = w.names[:0], 0
}

// end forgets all names.
func (w *owners) end() {
	if cap(w.names) > keptNames {
		w.names = nil
	}
	*w = owners{names: w.names[:0], heads: w.heads, written: w.written}
	w.heads.next = 0
}
