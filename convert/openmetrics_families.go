package convert

import (
	"bytes"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// refusesName judges the name of the family that begins with a line of metadata, and reports whether the line is refused
// for it.
func (a *assembler) refusesName(e *entry) bool {
	if a.place >= 0 {
		return false
	}
	a.judgeSuffix(e)
	if owner := a.ownerOf(e.name); owner >= 0 {
		known := &a.known.list[owner]
		return a.report(diag.FamilyClash, e.nameAt, e.nameAt, "%s is the name of a sample that the %s %s may have",
			quote(view(e.name)), known.kind, quote(a.known.name(owner)))
	}
	return false
}

// ownerOf is the place of the family that may have samples of that name, although that is not its own; negative if there
// is none.
func (a *assembler) ownerOf(sample []byte) (place int) {
	suffix := sampleSuffix(sample)
	if suffix == "" {
		return -1
	}
	family := sample[:len(sample)-len(suffix)]
	place = a.known.find(family, a.known.hash(family))
	if place < 0 {
		return -1
	}
	if role, _ := a.roles.of(sample, a.known.name(place), a.known.list[place].kind); role == 0 {
		return -1
	}
	return place
}

// ownedBy is the name of the known family that is called like a sample that a family of a type, whose name has that hash,
// may have; nil if there is none.
func (a *assembler) ownedBy(family string, hash uint64, kind model.Type) (name []byte) {
	if a.om.bases&baseBit(hash) == 0 {
		return nil
	}
	for _, r := range a.roles[kind] {
		if r.suffix == "" {
			continue
		}
		name = append(append(a.om.name[:0], family...), r.suffix...)
		a.om.name = name
		if a.known.find(name, a.known.hash(name)) >= 0 {
			return name
		}
	}
	return nil
}

// noteBase notes what is before a suffix of samples in the name of a new family.
func (a *assembler) noteBase(family string) {
	name := viewBytes(family)
	if suffix := sampleSuffix(name); suffix != "" {
		a.om.bases |= baseBit(a.known.hash(name[:len(name)-len(suffix)]))
	}
}

// baseBit is the bit of a hash in a set that may take hashes for others.
func baseBit(hash uint64) uint64 { return 1 << (hash >> 58) }

// judgeSuffix looks for an ending that OpenMetrics 2.0 advises against, in the name of a family that is new.
func (a *assembler) judgeSuffix(e *entry) {
	if a.om.version != lexer.OpenMetrics2 || a.place >= 0 {
		return
	}
	if suffix, ok := discouraged(e.name); ok {
		a.report(diag.SuffixDiscouraged, e.nameAt, e.nameAt, "the name %s ends in %s, like a sample of a histogram in other formats",
			quote(view(e.name)), suffix)
	}
}

// discouraged is the suffix of a name that OpenMetrics 2.0 advises against.
func discouraged(name []byte) (suffix string, ok bool) {
	for _, suffix := range [...]string{"_bucket", "_sum", "_count", "_gsum", "_gcount"} {
		if bytes.HasSuffix(name, viewBytes(suffix)) {
			return suffix, true
		}
	}
	return "", false
}

// refusesType judges the type of the family in progress, which is not in conflict with another one or with samples.
func (a *assembler) refusesType(e *entry) bool {
	f := a.family
	at, end := e.textAt, e.textAt+len(e.text)
	if f.Unit != "" && a.refusesUnitOf(e.typ, at, end) {
		return true
	}
	if a.om.version == lexer.OpenMetrics2 {
		suffix := simpleSuffixes[e.typ]
		if strings.HasSuffix(f.Name, suffix) {
			return false
		}
		rule := diag.TotalSuffixAdvised
		if e.typ == model.Info {
			rule = diag.MissingSuffix
		}
		return a.report(rule, e.nameAt, e.nameAt, "the name %s does not end in %s", quote(f.Name), suffix)
	}
	if name := a.ownedBy(f.Name, a.hash, e.typ); name != nil {
		return a.report(diag.FamilyClash, e.nameAt, e.nameAt, "%s, a sample that a %s %s may have, is the name of another family",
			quote(view(name)), e.typ, quote(f.Name))
	}
	return false
}

// refusesUnitOf reports a unit of a family of a type that has none.
func (a *assembler) refusesUnitOf(kind model.Type, at, end int) bool {
	return (kind == model.Info || kind == model.StateSet) &&
		a.report(diag.UnitNotAllowed, at, end, "family %s of type %s has a unit", quote(a.family.Name), kind)
}

// addUnit takes in a UNIT line of the family in progress.
func (a *assembler) addUnit(e *entry) {
	f := a.family
	at, end := e.textAt, e.textAt+len(e.text)
	switch {
	case f.HasUnit && f.Unit == string(e.text):
		a.report(diag.DuplicateUnit, at, end, "second UNIT for %s", quote(f.Name))
		return
	case f.HasUnit:
		a.report(diag.UnitConflict, at, end, "%s has the unit %s already; the first is kept", quote(f.Name), quote(f.Unit))
		return
	case a.hasSamples() && a.report(diag.UnitAfterSamples, at, end, "UNIT for %s after its samples", quote(f.Name)):
		return
	case len(e.text) > 0 && a.refusesUnit(e, at, end):
		return
	}
	f.Unit, f.HasUnit = a.keepMetadata(e.text, a.immutable && len(e.unescaped) == 0), true
}

// refusesUnit judges a unit that is not empty.
func (a *assembler) refusesUnit(e *entry, at, end int) bool {
	f := a.family
	if f.Type == model.Info || f.Type == model.StateSet {
		return a.refusesUnitOf(f.Type, at, end)
	}
	name, rule := f.Name, diag.UnitSuffix
	if a.om.version == lexer.OpenMetrics2 {
		name, rule = strings.TrimSuffix(name, "_total"), diag.UnitSuffixAdvised
	}
	unit := view(e.text)
	rest, ok := strings.CutSuffix(name, unit)
	if !ok && len(name) < len(f.Name) {
		rest, ok = strings.CutSuffix(f.Name, unit) // a unit that ends in _total itself
	}
	return !(ok && strings.HasSuffix(rest, "_")) &&
		a.report(rule, at, end, "the name %s does not end in _%s, its unit", quote(f.Name), unit)
}

// refusesBareName reports a simple sample that lacks the suffix that those of its type have, and whether it is done with.
func (a *assembler) refusesBareName(e *entry) bool {
	f := a.family
	suffix := a.roles.impliedSuffix(f.Type)
	if suffix == "" {
		return false
	}
	if a.reportOnce(diag.MissingSuffix, e.nameAt, e.nameAt, "a sample of a %s is called %s, not %s",
		f.Type, quote(f.Name+suffix), quote(view(e.name))) {
		return true
	}
	if len(a.metrics) > 0 || a.hadMetrics() {
		a.addLoose(e)
		return true
	}
	return false
}

// mayReportType tells whether there may be something to be said of the type of a new family without a unit that is peculiar
// to OpenMetrics, and mayReportName does so of its name.
func (a *assembler) mayReportType(family []byte, kind model.Type) bool {
	return a.om.version == lexer.OpenMetrics2 && simpleSuffixes[kind] != "" || a.ownedBy(view(family), a.head.hash, kind) != nil
}

func (a *assembler) mayReportName(family []byte) bool {
	if a.om.version == lexer.OpenMetrics2 {
		_, is := discouraged(family)
		return is
	}
	return a.ownerOf(family) >= 0
}
