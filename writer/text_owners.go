package writer

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// owners knows which family has been written under which name, where names are escaped and so may become one. The lines
// of a name have one TYPE, so a family that finds its name taken goes on with that of the family before.
//
// On most pages no name is escaped. So names are only put down, one behind the other, until one is.
type owners struct {
	names []byte            // before each its length
	of    map[string]string // from the name of a family as written to its own; nil until one is escaped
	count int               // of the names in both

	// The family at hand, whose name is free again if it is refused in the end.
	families int // how many had been written when it began
	known    int // what count was
	noted    int // how long names was
	added    string
}

// maxOwners is how many names are known. Whether later ones are taken is told by these alone.
const maxOwners = 100_000

// keptNames is the largest room for names that an encoder leaves to the next.
const keptNames = 64 << 10

// family is f, to be written under that name, or, if it is that of another family before, f as a part of it.
func (w *owners) family(o *output, f *model.MetricFamily, name *textName) *model.MetricFamily {
	if o.hold {
		w.begin(o)
	}
	if w.of == nil {
		if name.name == f.Name && name.suffix == f.Suffix {
			w.note(f)
			return f
		}
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
		w.names, w.count = w.names[:w.noted], w.known
		delete(w.of, w.added)
	}
	w.families, w.known, w.noted, w.added = o.families, w.count, len(w.names), ""
}

// note puts a name down that is not escaped.
func (w *owners) note(f *model.MetricFamily) {
	if w.count == maxOwners || f.Continued {
		return
	}
	w.count++
	size := len(f.Name) + len(f.Suffix)
	w.names = slices.Grow(w.names, sizeOfLength+size)
	w.names = append(binary.LittleEndian.AppendUint32(w.names, uint32(size)), f.Name...)
	w.names = append(w.names, f.Suffix...)
}

const sizeOfLength = 4

// look makes a map of the names that have been put down.
func (w *owners) look() {
	w.of = make(map[string]string)
	for rest := w.names; len(rest) > 0; {
		size := binary.LittleEndian.Uint32(rest)
		name := string(rest[sizeOfLength : sizeOfLength+size])
		w.of[name] = name
		rest = rest[sizeOfLength+size:]
	}
	w.names, w.noted = w.names[:0], 0
}

// end forgets all names.
func (w *owners) end() {
	if cap(w.names) > keptNames {
		w.names = nil
	}
	*w = owners{names: w.names[:0]}
}
