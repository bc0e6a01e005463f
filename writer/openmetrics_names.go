package writer

import (
	"hash/maphash"
	"strings"
	"unicode/utf8"

	"github.com/promfmt/promfmt/model"
)

// suffixSet is a set of the suffixes that names of samples have in OpenMetrics 1.0, a bit each.
type suffixSet uint8

const (
	totalSuffix suffixSet = 1 << iota
	infoSuffix
	createdSuffix
	bucketSuffix
	countSuffix
	sumSuffix
	gaugeCountSuffix
	gaugeSumSuffix
)

// suffixTexts are the suffixes, in the order of their bits. None is the end of another.
var suffixTexts = [...]string{"_total", "_info", "_created", "_bucket", "_count", "_sum", "_gcount", "_gsum"}

// suffixesIn are those that name ends in, at most one.
func suffixesIn(name []byte) suffixSet {
	for i, suffix := range suffixTexts {
		if cut := len(name) - len(suffix); cut >= 0 && string(name[cut:]) == suffix {
			return 1 << i
		}
	}
	return 0
}

// sampleSuffixes says of each type which suffixes the names of its samples may have.
type sampleSuffixes [model.StateSet + 1]suffixSet

// takenNames knows the names of the families of a document, and with them those that their samples have or could have,
// so that none is there twice. It keeps a hash a family.
type takenNames struct {
	suffixes *sampleSuffixes
	seed     maphash.Seed
	types    map[uint64]model.Type // from the hash of a name to the type of the family
	ends     suffixSet             // those that names of families end in

	families int      // how many had been written when the family at hand began
	added    []uint64 // the names that it has taken

	name []byte // the name asked for last
}

func newTakenNames(suffixes *sampleSuffixes) takenNames {
	return takenNames{suffixes: suffixes, seed: maphash.MakeSeed(), types: make(map[uint64]model.Type, 128)}
}

// begin begins a family. If the one before was refused in the end, its names are free again.
func (t *takenNames) begin(o *output) {
	if o.families == t.families {
		for _, hash := range t.added {
			delete(t.types, hash)
		}
	}
	t.families, t.added = o.families, t.added[:0]
}

// take takes a name for a family of the type, if it is free.
func (t *takenNames) take(name *textName, typ model.Type) bool {
	t.name = append(append(t.name[:0], name.name...), name.suffix...)
	hash := maphash.Bytes(t.seed, t.name)
	if _, taken := t.types[hash]; taken {
		return false
	}
	end := suffixesIn(t.name)
	if t.isSample(end) || t.hasSample(t.suffixes[typ]&t.ends) {
		return false
	}
	t.types[hash] = typ
	t.ends |= end
	t.added = append(t.added, hash)
	return true
}

// isSample reports whether the name, which ends in end, is that of a sample of another family.
func (t *takenNames) isSample(end suffixSet) bool {
	for i, suffix := range suffixTexts {
		if end>>i&1 != 0 {
			typ, ok := t.types[maphash.Bytes(t.seed, t.name[:len(t.name)-len(suffix)])]
			return ok && t.suffixes[typ]&end != 0
		}
	}
	return false
}

// hasSample reports whether one of the names with such a suffix is that of another family.
func (t *takenNames) hasSample(suffixes suffixSet) bool {
	for i, suffix := range suffixTexts {
		if suffixes>>i&1 == 0 {
			continue
		}
		base := len(t.name)
		t.name = append(t.name, suffix...)
		_, taken := t.types[maphash.Bytes(t.seed, t.name)]
		t.name = t.name[:base]
		if taken {
			return true
		}
	}
	return false
}

// without is n without a suffix. It is not ok if n does not end in it or is nothing else.
func (n *textName) without(suffix string) (base textName, ok bool) {
	if n.suffix == suffix {
		return textName{n.name, "", n.quoted}, true
	}
	name, ok := strings.CutSuffix(n.name+n.suffix, suffix)
	if !ok || name == "" {
		return *n, false
	}
	return textName{name, "", n.quoted}, true
}

// runesIn counts the characters of the names and values of labels.
func runesIn(ls model.Labels) (n int) {
	for name, value := range ls.All() {
		n += utf8.RuneCountInString(name) + utf8.RuneCountInString(value)
	}
	return n
}
