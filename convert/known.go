package convert

import (
	"hash/maphash"
	"math/bits"

	"github.com/promfmt/promfmt/model"
)

// knownFamily is what is remembered of a family that has been given out, in case that it comes back.
type knownFamily struct {
	name       string
	help       string
	hash       uint64
	kind       model.Type
	hasHelp    bool
	hasType    bool
	hasMetrics bool
	hasSuffix  bool
}

// knownFamilies are the families given out so far, up to a limit.
type knownFamilies struct {
	limit int
	list  []knownFamily
	table table
	// suffixed tells that there are families whose samples may have suffixes.
	suffixed bool
	// units are the units of the families at some places.
	units map[int]string
	// text is where the names and help texts are kept, of the families themselves too. With those in memory of their own,
	// what is remembered keeps no metrics alive.
	text arena
}

// reset forgets all families. A family that is continued gets its name and help from what is remembered, so that memory
// is taken again only if families are valid just until the next step.
func (k *knownFamilies) reset(limit, input int, reused bool) {
	if k.table == nil {
		expected := input / 200
		k.table = make(table, max(firstTable, 2<<bits.Len(uint(expected))))
		k.list = make([]knownFamily, 0, expected)
	}
	k.limit = limit
	k.list = k.list[:0]
	clear(k.table)
	clear(k.units)
	k.suffixed = false
	if k.text.most == 0 {
		k.text = newArena(input/3, reused)
	}
	if reused {
		k.text.reset()
	}
}

func (k *knownFamilies) hash(name []byte) uint64 { return maphash.Bytes(seed, name) }

// find is the place of the family of that name and hash, negative if it is not known.
func (k *knownFamilies) find(name []byte, hash uint64) int {
	for place, probe, ok := k.table.candidate(hash, 0); ok; place, probe, ok = k.table.candidate(hash, probe) {
		if k.list[place].name == string(name) {
			return place
		}
	}
	return -1
}

// isFull reports whether no further family can be remembered.
func (k *knownFamilies) isFull() bool { return exceeds(len(k.list)+1, k.limit) }

// remember takes in what a family says, whose name has that hash, at its place, or at a new one if that is negative and
// there is room.
func (k *knownFamilies) remember(place int, hash uint64, f *model.MetricFamily) {
	if place < 0 {
		if k.isFull() {
			return
		}
		place = len(k.list)
		k.list = append(k.list, knownFamily{name: f.Name, hash: hash})
		k.insert(place)
	}
	known := &k.list[place]
	if f.HasHelp && !known.hasHelp {
		known.help, known.hasHelp = f.Help, true
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

func (k *knownFamilies) rememberUnit(place int, unit string) {
	if _, known := k.units[place]; known {
		return
	}
	if k.units == nil {
		k.units = make(map[int]string)
	}
	k.units[place] = k.text.string(viewBytes(unit))
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
	unit, hasUnit := k.units[place]
	return model.MetricFamily{
		Name: known.name, Suffix: suffix, Type: known.kind, Help: known.help,
		Unit: unit, HasUnit: hasUnit,
		HasHelp: known.hasHelp, HasType: known.hasType,
		Continued: true, HelpRepeated: known.hasHelp, TypeRepeated: known.hasType,
	}
}
