package writer

import (
	"slices"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// owners knows which family has been written under which name, where names are escaped and so may become one. The lines
// of a name have one TYPE, so a family that finds its name taken goes on with that of the family before. One that finds it
// the name of another's sample says its type, so that its own samples are not taken for those.
//
// On most pages no name is escaped. So names are only put down, one behind the other, until one is.
type owners struct {
	heads heads            // those of families with a name that is not escaped
	names []byte           // a line for every other name: its type, and the name
	of    map[string]owner // by the name of the family as written; nil until one is escaped
	count int              // of the names in the last two

	// The family at hand, whose name is free again if it is refused in the end.
	families int // how many had been written when it began
	known    int // what count was
	noted    int // how long names was
	headed   int // how many heads there were
	added    string
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

// family is f as it is to be written under that name: as a part of the family that has it, and with its type said where
// the name is that of another's sample.
func (w *owners) family(o *output, f *model.MetricFamily, name *textName) *model.MetricFamily {
	if w.of == nil {
		w.look()
	}
	own, written := f.SampleName(), name.name+name.suffix
	first, taken := w.of[written]
	if taken && first.name != own {
		o.lose(diag.LossClash, 1, "family ", written)
		part := *f
		part.Continued, part.HelpRepeated, part.TypeRepeated = true, true, true
		return &part
	}
	if !taken && w.count < maxOwners {
		// The strings of a family that is read into the same memory again are not to be kept.
		w.added = strings.Clone(written)
		w.of[w.added] = owner{strings.Clone(own), f.Type}
		w.count++
	}
	if !taken && !f.HasType && w.becomesSample(own, written) {
		part := *f
		part.HasType = true
		return &part
	}
	return f
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

// begin begins a family. If the one before was refused in the end, its name is free again.
func (w *owners) begin(o *output) {
	if o.families == w.families {
		w.names, w.count, w.heads.next = w.names[:w.noted], w.known, w.headed
		delete(w.of, w.added)
	}
	w.families, w.known, w.noted, w.headed, w.added = o.families, w.count, len(w.names), w.heads.next, ""
}

// note puts a name down that is not escaped.
func (w *owners) note(f *model.MetricFamily) {
	if w.count == maxOwners || f.Continued {
		return
	}
	w.count++
	w.names = append(append(append(append(w.names, '0'+byte(f.Type)), f.Name...), f.Suffix...), '\n')
}

// look makes a map of the names that have been put down.
func (w *owners) look() {
	w.of = make(map[string]owner)
	for name, typ := range w.heads.names {
		w.of[name] = owner{name, typ}
	}
	for line := range strings.Lines(string(w.names)) {
		name := line[1 : len(line)-1]
		w.of[name] = owner{name, model.Type(line[0] - '0')}
	}
	w.names, w.noted = w.names[:0], 0
}

// end forgets all names.
func (w *owners) end() {
	if cap(w.names) > keptNames {
		w.names = nil
	}
	*w = owners{names: w.names[:0], heads: w.heads}
	w.heads.next = 0
}
