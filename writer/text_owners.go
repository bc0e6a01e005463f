package writer

import (
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// owners knows which family has been written under which name, where names are escaped and so may become one. The lines
// of a name have one TYPE, so a family that finds its name taken goes on with that of the family before.
//
// On most pages no name is escaped. So names are only put down, one behind the other, until one is.
type owners struct {
	heads heads             // those of families with a name that is not escaped
	names []byte            // a line for every other name
	of    map[string]string // from the name of a family as written to its own; nil until one is escaped
	count int               // of the names in the last two

	// The family at hand, whose name is free again if it is refused in the end.
	families int // how many had been written when it began
	known    int // what count was
	noted    int // how long names was
	headed   int // how many heads there were
	added    string
}

// maxOwners is how many names are known. Whether later ones are taken is told by these alone.
const maxOwners = 100_000

// keptNames is the largest room for names that an encoder leaves to the next.
const keptNames = 64 << 10

// family is f, to be written under that name, or, if it is that of another family before, f as a part of it.
func (w *owners) family(o *output, f *model.MetricFamily, name *textName) *model.MetricFamily {
	if w.of == nil {
		w.look()
	}
	own, written := f.SampleName(), name.name+name.suffix
	owner, taken := w.of[written]
	if taken && owner != own {
		o.lose(diag.LossClash, 1, "family ", written)
		part := *f
		part.Continued, part.HelpRepeated, part.TypeRepeated = true, true, true
		return &part
	}
	if !taken && w.count < maxOwners {
		// The strings of a family that is read into the same memory again are not to be kept.
		w.added = strings.Clone(written)
		w.of[w.added] = strings.Clone(own)
		w.count++
	}
	return f
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
	w.names = append(append(append(w.names, f.Name...), f.Suffix...), '\n')
}

// look makes a map of the names that have been put down.
func (w *owners) look() {
	w.of = make(map[string]string)
	for name := range w.heads.names {
		w.of[name] = name
	}
	for line := range strings.Lines(string(w.names)) {
		name := line[:len(line)-1]
		w.of[name] = name
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
