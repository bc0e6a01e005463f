package convert

import (
	"hash/maphash"
	"math/bits"

	"github.com/promfmt/promfmt/model"
)

// knownFamily is what is remembered of a family that has been given out, in case that it comes back. It has no pointers,
// each of which would cost something while the collector works, and keeps nothing alive that belongs to the family.
type knownFamily struct {
	hash uint64
	// The name is at that index of a chunk of the texts, and the help text behind it.
	chunk, at          uint32
	nameSize, helpSize uint32
	kind               model.Type
	hasHelp            bool
	hasType            bool
	hasMetrics         bool
	hasSuffix          bool
}

// knownFamilies are the families given out so far, up to a limit.
type knownFamilies struct {
	limit int
	list  []knownFamily
	table table
	// texts holds the names and help texts. Its memory is reused, so it has all of its chunks.
	texts slab[byte]
	// limitTold tells that the limit has been reported.
	limitTold bool
	// suffixed tells that there are families whose samples may have suffixes.
	suffixed bool
	// units are the units of the families at some places.
	units map[int]string
	// returned are the names and help texts of families that have come back, which all their further parts share, and kept
	// is where they and the units are kept.
	returned map[int]knownTexts
	kept     arena
}

// knownTexts are the name and the help text of a family.
type knownTexts struct{ name, help string }

// reset forgets all families. Memory of what further parts share is taken again only if families are valid just until the
// next step.
func (k *knownFamilies) reset(limit, input int, reused bool) {
	if k.table == nil {
		expected := input / 200
		k.table = make(table, max(firstTable, 2<<bits.Len(uint(expected))))
		k.list = make([]knownFamily, 0, expected)
		k.texts = newSlab[byte](input, 3, 1, true)
		k.kept = newArena(input/100, reused)
	}
	k.limit, k.limitTold, k.suffixed = limit, false, false
	k.list = k.list[:0]
	k.texts.reset()
	clear(k.table)
	k.release()
	if reused {
		k.kept.reset()
	}
}

// release keeps no memory alive that belongs to families.
func (k *knownFamilies) release() {
	clear(k.units)
	clear(k.returned)
}

// name is that of the family at place, valid until the next reset.
func (k *knownFamilies) name(place int) string {
	known := &k.list[place]
	return view(k.texts.chunks[known.chunk][known.at : known.at+known.nameSize])
}

// help is the help text of the family at place, valid until the next reset.
func (k *knownFamilies) help(place int) string {
	known := &k.list[place]
	at := known.at + known.nameSize
	return view(k.texts.chunks[known.chunk][at : at+known.helpSize])
}

func (k *knownFamilies) hash(name []byte) uint64 { return seededHash(view(name)) }

// seededHash is the hash of a name.
func seededHash(name string) uint64 { return maphash.String(seed, name) }

// find is the place of the family of that name and hash, negative if it is not known.
func (k *knownFamilies) find(name []byte, hash uint64) int {
	for place, probe, ok := k.table.candidate(hash, 0); ok; place, probe, ok = k.table.candidate(hash, probe) {
		if k.name(place) == string(name) {
			return place
		}
	}
	return -1
}

// isFull reports whether no further family can be remembered.
func (k *knownFamilies) isFull() bool { return exceeds(len(k.list)+1, k.limit) }

// tooManyFamilies is what there is to be said where a family is the first one for which there is no room.
const tooManyFamilies = "more than %d families (limit Families); later ones are not checked for coming back"

// mustTellLimit reports whether a new family is the first one for which there is no room.
func (k *knownFamilies) mustTellLimit() bool { return !k.limitTold && k.isFull() }

// remember takes in what a family says, whose name has that hash, at its place, or at a new one if that is negative and
// there is room.
func (k *knownFamilies) remember(place int, hash uint64, f *model.MetricFamily) {
	if place < 0 {
		if k.isFull() {
			return
		}
		place = k.add(hash, f)
		k.insert(place)
	}
	k.update(place, f)
}

// add gives a new place to a family, whose name has that hash. It is found there only once the place is in the table.
func (k *knownFamilies) add(hash uint64, f *model.MetricFamily) (place int) {
	place = len(k.list)
	k.list = append(k.list, knownFamily{hash: hash, hasHelp: f.HasHelp})
	k.keep(place, f.Name, f.Help)
	return place
}

// update takes in what a family says, at its place.
func (k *knownFamilies) update(place int, f *model.MetricFamily) {
	known := &k.list[place]
	if f.HasHelp && !known.hasHelp {
		known.hasHelp = true
		k.keep(place, k.name(place), f.Help)
		delete(k.returned, place)
	}
	if f.HasType {
		known.kind, known.hasType = f.Type, true
		k.suffixed = k.suffixed || f.Type != model.Gauge && f.Type != model.Unknown
	}
	if f.HasUnit {
		k.rememberUnit(place, f.Unit)
	}
	if len(f.Metrics) > 0 {
		known.hasMetrics, known.hasSuffix = true, f.Suffix != ""
	}
}

// keep keeps the name and the help text of the family at place.
func (k *knownFamilies) keep(place int, name, help string) {
	size := len(name) + len(help)
	kept := k.texts.room(max(size, 1)) // so that there is a chunk
	copy(kept[copy(kept, name):], help)
	known := &k.list[place]
	known.chunk, known.at = uint32(k.texts.next-1), uint32(k.texts.used)
	known.nameSize, known.helpSize = uint32(len(name)), uint32(len(help))
	k.texts.advance(size)
}

func (k *knownFamilies) rememberUnit(place int, unit string) {
	if _, known := k.units[place]; known {
		return
	}
	if k.units == nil {
		k.units = make(map[int]string)
	}
	k.units[place] = k.kept.string(viewBytes(unit))
}

func (k *knownFamilies) insert(place int) {
	if 2*len(k.list) <= len(k.table) {
		k.table.insert(k.list[place].hash, place)
		return
	}
	k.table = make(table, 2*len(k.table))
	for i := range k.list {
		k.table.insert(k.list[i].hash, i)
	}
}

// continued is a further part of the family at place.
func (k *knownFamilies) continued(place int) model.MetricFamily {
	known := &k.list[place]
	suffix := ""
	if known.hasSuffix {
		suffix = simpleSuffixes[known.kind]
	}
	returned, again := k.returned[place]
	if !again {
		returned = knownTexts{k.kept.string(viewBytes(k.name(place))), k.kept.string(viewBytes(k.help(place)))}
		if k.returned == nil {
			k.returned = make(map[int]knownTexts)
		}
		k.returned[place] = returned
	}
	unit, hasUnit := k.units[place]
	return model.MetricFamily{
		Name: returned.name, Suffix: suffix, Type: known.kind, Help: returned.help,
		Unit: unit, HasUnit: hasUnit,
		HasHelp: known.hasHelp, HasType: known.hasType,
		Continued: true, HelpRepeated: known.hasHelp, TypeRepeated: known.hasType,
	}
}
