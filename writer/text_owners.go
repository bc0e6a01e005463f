package writer

import (
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// owners knows which family has been written under which name, where names are escaped and so may become one. The lines
// of a name have one TYPE, so a family that finds its name taken goes on with that of the family before.
//
// On most pages no name is escaped. So names are only put down, one behind the other, until one is. They are left there
// for the next document, which mostly has the same ones in the same order, as an exporter writes them time and again: a
// name that is there already needs no look at its characters.
type owners struct {
	names []byte            // a line each
	end   int               // of the names of this document; behind it are those that the one before had
	of    map[string]string // from the name of a family as written to its own; nil until one is escaped
	count int               // of the names in both

	// The family at hand, whose name is free again if it is refused in the end.
	families int // how many had been written when it began
	known    int // what count was
	noted    int // what end was
	added    string
}

// maxOwners is how many names are known. Whether later ones are taken is told by these alone.
const maxOwners = 100_000

// keptNames is the largest room for names that an encoder leaves to the next.
const keptNames = 64 << 10

// takes takes the name of f if that is written as it is and cannot be that of another family.
func (w *owners) takes(f *model.MetricFamily) bool {
	if w.of != nil || f.Suffix != "" {
		return false
	}
	if next := w.names[w.end:]; len(next) > len(f.Name) && string(next[:len(f.Name)]) == f.Name && next[len(f.Name)] == '\n' {
		w.end += len(f.Name) + 1
		w.count++
		return true
	}
	if !isMetricName(f.Name) {
		return false
	}
	w.note(f)
	return true
}

// family is f, to be written under that name, or, if it is that of another family before, f as a part of it.
func (w *owners) family(o *output, f *model.MetricFamily, name *textName) *model.MetricFamily {
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
		w.end, w.count = w.noted, w.known
		delete(w.of, w.added)
	}
	w.families, w.known, w.noted, w.added = o.families, w.count, w.end, ""
}

// note puts a name down that is not escaped.
func (w *owners) note(f *model.MetricFamily) {
	if w.count == maxOwners || f.Continued {
		return
	}
	w.count++
	w.names = append(w.names[:w.end], f.Name...)
	w.names = append(append(w.names, f.Suffix...), '\n')
	w.end = len(w.names)
}

// look makes a map of the names that have been put down.
func (w *owners) look() {
	w.of = make(map[string]string)
	for line := range strings.Lines(string(w.names[:w.end])) {
		name := line[:len(line)-1]
		w.of[name] = name
	}
	w.names, w.end, w.noted = w.names[:0], 0, 0
}

// forget forgets whose the names are.
func (w *owners) forget() {
	if cap(w.names) > keptNames {
		w.names, w.end = nil, 0
	}
	*w = owners{names: w.names[:w.end]}
}
