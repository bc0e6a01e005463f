package convert

import "github.com/promfmt/promfmt/lexer"

// predictBare begins a family with the sample at the beginning of text if that has no metadata before it, belongs to no
// family before, and is in its plain form. It leaves the sample to be read. It reports whether the family has begun, or
// that the one in progress is complete and has to be given out before.
func (d *Decoder) predictBare(text []byte) (begun, complete bool) {
	a, e := d.assembler, &d.assembler.entry
	if a.om != nil {
		return false, false
	}
	nameEnd := lexer.NameEnd(text, 0)
	name := text[:nameEnd]
	if nameEnd == 0 || nameEnd == len(text) || a.inProgress && a.isOfFamily(name) {
		return false, false
	}
	i := nameEnd
	if text[i] == '{' {
		if i = e.labels.predicted(text, i); i == 0 {
			return false, false
		}
	}
	next := e.predictedValue(text, i)
	if next == 0 || exceeds(next-1, d.options.limits.LineBytes) {
		return false, false
	}
	if a.inProgress && !d.goAhead() {
		return false, true
	}
	place, _, hash := a.placeOfSample(name)
	if place >= 0 || a.known.mustTellLimit() {
		return false, false
	}
	a.open(hash, -1)
	a.family.Line = a.number + 1
	a.family.Name = a.keepMetadata(name, a.immutable)
	a.bySample = true
	a.prediction.expect(false)
	return true, false
}

// isOfFamily reports whether a sample of that name belongs to the family in progress.
func (a *assembler) isOfFamily(name []byte) bool {
	role, _ := a.roles.of(name, a.family.Name, a.family.Type)
	return role != 0
}
