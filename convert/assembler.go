package convert

import (
	"slices"
	"strings"
	"sync"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// assembler makes families of entries. It works at one family at a time.
type assembler struct {
	*reporter
	// buffer is what a reader's input was read into last, if that has ended.
	buffer []byte
	// entry is the line that is being read.
	entry entry
	// head is what begins the next family, if it has been read already.
	head   head
	memory *memory
	known  knownFamilies
	// lasting tells that families must stay as they are even if memory is reused, until it is reset.
	lasting bool
	// unchecked tells that series of one shape need not be looked up.
	unchecked bool
	// immutable tells that the input does not change, so that strings may be views of it.
	immutable bool

	// family is the one in progress, if there is one, else the one before. Its metrics are collected where they are to stay, as long as
	// there is room, and else in spill, which like loose serves one family after the other.
	inProgress bool
	family     *model.MetricFamily
	metrics    []model.Metric
	spill      []model.Metric
	spilled    bool
	loose      []model.Sample
	index      seriesIndex
	samples    int
	// ahead are families that have been finished and not given out yet.
	ahead queue
	// place is where the family is known, negative if it is not, and hash that of its name.
	place int
	hash  uint64
	// bySample tells that the first line of the family was a sample.
	bySample bool
	points   points
	// told are the rules that are reported no more than once a family, and were.
	told []diag.Rule
	// clashed are the roles whose sample name has been checked for being the name of another family.
	clashed    [straySample + 1]bool
	prediction prediction
	rosters    *rosters
	// experience is what the decoder before remembered of pages.
	experience experience
	// replayed are the families of the page that have been read and are not known yet, and lineEnds where the lines of a run of
	// families end.
	replayed []int32
	lineEnds []int
	// roles are the samples that families may have in the dialect, and om is what OpenMetrics asks for in addition, nil in
	// the Prometheus text format.
	roles *familyRoles
	om    *openMetrics
}

// assemblers are those that have come to the end of their input and whose families own their memory. What they have left
// of it serves the next one, so that a small input costs little more than its families.
var assemblers sync.Pool

// takeAssembler is a used assembler, or a new one where none is at hand or wanted.
func takeAssembler(o *options) *assembler {
	if o.sharesMemory() {
		if a, ok := assemblers.Get().(*assembler); ok {
			return a
		}
	}
	return &assembler{index: newSeriesIndex(), rosters: new(rosters)}
}

// release gives a up for others to use. It forgets all that would keep memory of families alive.
func (a *assembler) release() {
	a.reporter, a.family, a.metrics = nil, nil, nil
	clear(a.loose[:cap(a.loose)])
	a.loose = a.loose[:0]
	clear(a.spill[:cap(a.spill)])
	a.known.release()
	a.points.bounds.begin()
	a.points.quantiles.begin()
	a.om.release()
	a.prediction.previous = nil
	assemblers.Put(a)
}

// reset makes a ready for another input, of about that many bytes. What has been given out is left alone unless it is to
// be reused.
func (a *assembler) reset(r *reporter, input int, immutable bool) {
	a.reporter = r
	o := a.options
	if !a.memory.serves(input) {
		a.memory = newMemory(input, o.reuse)
	}
	if o.reuse {
		a.resetMemory()
	}
	a.known.reset(o.limits.Families, input, o.reuse)
	if a.entry.dialect != o.dialect {
		a.points.forgetBounds() // what is to be said about them is another matter in another format
	}
	a.entry.begin(o.dialect, o.limits)
	a.inProgress, a.ahead = false, queue{}
	a.immutable, a.lasting, a.unchecked, a.prediction.previous = immutable, false, false, nil
	a.head.size = 0
	a.replayed = a.replayed[:0]
	a.prediction.on = false
	a.roles = &rolesOf[o.dialect]
	a.om = a.om.reset(input, o)
}

// resetMemory takes back the memory of all families.
func (a *assembler) resetMemory() {
	a.memory.reset()
	if a.om != nil {
		a.om.resetMemory()
	}
}

// role is what a sample is within its family.
type role uint8

const (
	simpleSample role = iota + 1
	bucketSample
	sumSample
	countSample
	quantileSample
	stateSample
	createdSample
	compositeSample
	straySample
)

// suffixRole says what a sample is whose name adds suffix to that of the family.
type suffixRole struct {
	suffix string
	role   role
}

// familyRoles are the samples that families of each type may have.
type familyRoles [model.StateSet + 1][]suffixRole

// textRoles are those of the Prometheus text format.
var textRoles = familyRoles{
	model.Unknown:        {{"", simpleSample}},
	model.Counter:        {{"", simpleSample}, {"_total", simpleSample}},
	model.Gauge:          {{"", simpleSample}},
	model.Histogram:      {{"_bucket", bucketSample}, {"_sum", sumSample}, {"_count", countSample}, {"", straySample}},
	model.GaugeHistogram: {{"_bucket", bucketSample}, {"_gsum", sumSample}, {"_gcount", countSample}, {"", straySample}},
	model.Summary:        {{"", quantileSample}, {"_sum", sumSample}, {"_count", countSample}},
	model.Info:           {{"", simpleSample}, {"_info", simpleSample}},
	model.StateSet:       {{"", stateSample}},
}

// of is what a sample of that name is within a family, 0 if it does not belong to it.
func (roles *familyRoles) of(sample []byte, family string, kind model.Type) (role, string) {
	n := len(family)
	if len(sample) < n || string(sample[:n]) != family {
		return 0, ""
	}
	for _, r := range roles[kind] {
		if string(sample[n:]) == r.suffix {
			return r.role, r.suffix
		}
	}
	return 0, ""
}

// accepts makes sense of an entry on its own, and reports whether it is to be added.
func (a *assembler) accepts(e *entry) bool {
	switch e.kind {
	case blankLine, commentLine:
		return false
	case endLine:
		a.om.ended = true
		return false
	case typeLine:
		if a.om == nil {
			var ok bool
			e.typ, ok = a.typeNamed(e)
			return ok
		}
	}
	return true
}

// refuse takes in that the line is refused that an entry is of. A faulty EOF line is one all the same.
func (a *assembler) refuse(e *entry) {
	if e.kind == endLine {
		a.om.ended = true
	}
}

// add takes in an entry, or refuses to if it belongs to another family than the one in progress. That one must be
// finished first.
func (a *assembler) add(e *entry) (added bool) {
	if e.kind == sampleLine {
		if !a.inProgress {
			a.beginWithSample(e)
		}
		role, suffix := a.roles.of(e.name, a.family.Name, a.family.Type)
		if role == 0 {
			return false
		}
		bounds := a.points.added
		a.addSample(e, role, suffix)
		a.prediction.forgetBound()
		bound := e.le
		if role == quantileSample {
			bound = e.quantile
		}
		if a.points.added > bounds && bound.at > 0 && len(e.findings) == 0 {
			a.prediction.noteBound(a.line[a.indent:], e.nameAt+len(e.name), bound, e.labelsEnd)
		}
		return true
	}
	if a.inProgress && string(e.name) != a.family.Name {
		return false
	}
	if !a.inProgress {
		hash := a.known.hash(e.name)
		a.begin(e, e.name, hash, a.known.find(e.name, hash))
		if a.om != nil && a.refusesName(e) {
			return true
		}
	}
	switch e.kind {
	case helpLine:
		a.addHelp(e)
	case unitLine:
		a.addUnit(e)
	default:
		a.addType(e)
	}
	return true
}

// start forgets the family before.
func (a *assembler) start(hash uint64, place int) {
	a.inProgress, a.hash, a.place, a.bySample = true, hash, place, false
	a.loose = a.loose[:0]
	a.samples = 0
	a.told = a.told[:0]
	a.clashed = [straySample + 1]bool{}
	a.index.reset()
	a.points.reset()
	a.rosters.begin(len(a.metrics), a.options.rosterLines)
}

// open starts a family, which is empty.
func (a *assembler) open(hash uint64, place int) {
	a.start(hash, place)
	if a.om != nil {
		a.om.begin()
	}
	room := 1
	if a.lasting && a.options.reuse {
		room = max(room, len(a.metrics)) // for as many as the family before had, which need not be moved then
	}
	a.metrics = a.memory.metrics.open(room)
	a.family = a.memory.families.one()
}

// begin starts a family of that name, or a further part of the one at place if that is not negative.
func (a *assembler) begin(e *entry, name []byte, hash uint64, place int) {
	a.open(hash, place)
	if place < 0 {
		a.family.Line = a.number
		a.family.Name = a.keepMetadata(name, a.immutable && len(e.unescaped) == 0)
		if a.known.mustTellLimit() {
			a.known.limitTold = true
			a.report(diag.TooManyFamilies, e.nameAt, e.nameAt, tooManyFamilies, a.known.limit)
		}
		a.prediction.expect(e.quoted)
		if a.om != nil {
			a.noteBase(a.family.Name)
		}
		return
	}
	*a.family = a.known.continued(place)
	a.family.Line = a.number
	if a.om != nil && !a.hadMetrics() {
		a.family.Suffix = a.roles.impliedSuffix(a.family.Type)
	}
	a.prediction.expect(e.quoted)
	if a.reports(diag.InterleavedFamily) {
		a.report(diag.InterleavedFamily, e.nameAt, e.nameAt, "family %s comes back after lines of other families",
			quote(a.family.Name))
	}
}

// beginWithSample starts the family of a sample that has no metadata before it: one that is known, or a new one of
// unknown type.
func (a *assembler) beginWithSample(e *entry) {
	place, name, hash := a.placeOfSample(e.name)
	a.begin(e, name, hash, place)
	a.bySample = true
	if a.om != nil {
		a.judgeSuffix(e)
	}
}

// placeOfSample is the place of the family that a sample of that name belongs to, negative if there is none, and the name
// and hash of the family, which without a place is new.
func (a *assembler) placeOfSample(sample []byte) (place int, name []byte, hash uint64) {
	hash = a.known.hash(sample)
	if place := a.known.find(sample, hash); place >= 0 {
		return place, sample, hash
	}
	if !a.known.suffixed {
		return -1, sample, hash
	}
	suffix := sampleSuffix(sample)
	if suffix == "" {
		return -1, sample, hash
	}
	family := sample[:len(sample)-len(suffix)]
	familyHash := a.known.hash(family)
	if place := a.known.find(family, familyHash); place >= 0 {
		if role, _ := a.roles.of(sample, a.known.name(place), a.known.list[place].kind); role != 0 {
			return place, family, familyHash
		}
	}
	return -1, sample, hash
}

// finish gives out the family in progress, nil if there is none.
func (a *assembler) finish() *model.MetricFamily {
	if !a.inProgress {
		return nil
	}
	a.inProgress = false
	a.leavePoint()
	if a.om != nil {
		a.closeOpenMetrics()
	}
	f, lasts := a.family, a.lasting || !a.options.reuse
	f.Metrics = a.memory.metrics.commit(a.metrics)
	if a.spilled && lasts {
		f.Metrics = keep(&a.memory.metrics, f.Metrics)
	}
	if len(a.loose) > 0 {
		f.Loose = a.loose
		if lasts {
			f.Loose = keep(&a.memory.samples, a.loose)
		}
	}
	a.spilled = false
	a.known.remember(a.place, a.hash, f)
	a.family = a.memory.apart(f)
	return a.family
}

func keep[T any](s *slab[T], elements []T) []T {
	if len(elements) == 0 {
		return nil
	}
	kept := s.take(len(elements))
	copy(kept, elements)
	return kept
}

// reportOnce reports something that is true of the whole family: warnings once, errors every time.
func (a *assembler) reportOnce(rule diag.Rule, at, end int, format string, args ...any) (refused bool) {
	if a.severity(rule) != diag.Error {
		if slices.Contains(a.told, rule) {
			return false
		}
		a.told = append(a.told, rule)
	}
	return a.report(rule, at, end, format, args...)
}

// hasSamples reports whether the family has had samples, in this part or an earlier one.
func (a *assembler) hasSamples() bool { return a.samples > 0 || a.hadMetrics() }

// hadMetrics reports whether an earlier part of the family had metrics.
func (a *assembler) hadMetrics() bool { return a.place >= 0 && a.known.list[a.place].hasMetrics }

// keepMetadata keeps the name or help text of the family in progress, unless it lasts.
func (a *assembler) keepMetadata(text []byte, lasts bool) string {
	if lasts {
		return view(text)
	}
	return a.memory.text.string(text)
}

func (a *assembler) addHelp(e *entry) {
	f := a.family
	at, end := e.nameAt, e.nameAt
	if f.HasHelp {
		a.report(diag.DuplicateHelp, at, end, "second HELP for %s; the first is kept", quote(f.Name))
		return
	}
	if a.hasSamples() && a.report(diag.HelpAfterSamples, at, end, "HELP for %s after its samples", quote(f.Name)) {
		return
	}
	f.Help, f.HasHelp = a.keepMetadata(e.text, a.immutable && len(e.unescaped) == 0), true
}

func (a *assembler) addType(e *entry) {
	f := a.family
	at, end := e.textAt, e.textAt+len(e.text)
	kind := e.typ
	switch {
	case f.HasType && f.Type == kind:
		a.report(diag.DuplicateType, at, end, "second TYPE for %s", quote(f.Name))
		return
	case f.HasType:
		a.report(diag.TypeConflict, at, end, "%s has the type %s already; the first is kept", quote(f.Name), f.Type)
		return
	case a.hasSamples() && kind.IsComplex() || len(a.loose) > 0 || a.om != nil && a.om.kinds.first != model.Unknown:
		a.report(diag.TypeConflict, at, end, "%s has samples already that do not fit the type %s", quote(f.Name), kind)
		return
	case a.hasSamples() && a.report(diag.TypeAfterSamples, at, end, "TYPE for %s after its samples", quote(f.Name)):
		return
	case a.om != nil && a.refusesType(e):
		return
	}
	f.Type, f.HasType = kind, true
	if a.om != nil && !a.hasSamples() {
		f.Suffix = a.roles.impliedSuffix(kind)
	}
	a.prediction.expect(e.quoted)
}

// textTypeNamed is the type of that name in the text format, exactly as it is written there.
func textTypeNamed(word []byte) (kind model.Type, ok bool) {
	if string(word) == "untyped" {
		return model.Unknown, true
	}
	switch kind, ok = model.TypeByName(view(word)); kind {
	case model.Counter, model.Gauge, model.Histogram, model.Summary:
		return kind, ok
	}
	return model.Unknown, false
}

// typeNamed is the type that a TYPE line names. It is not ok if the line is to be refused.
func (a *assembler) typeNamed(e *entry) (kind model.Type, ok bool) {
	if kind, ok := textTypeNamed(e.text); ok {
		return kind, true
	}
	word := view(e.text)
	at, end := e.textAt, e.textAt+len(e.text)
	kind, known := model.TypeByName(word)
	if !known {
		kind, known = model.TypeByName(strings.ToLower(word))
	}
	switch {
	case strings.EqualFold(word, "untyped"):
		kind = model.Unknown
	case !known:
		a.report(diag.UnknownType, at, end,
			"unknown type %s; expected counter, gauge, histogram, summary or untyped", quote(word))
		return kind, false
	case kind == model.Info || kind == model.StateSet || kind == model.GaugeHistogram:
		if a.report(diag.TypeNotInText, at, end, "type %s belongs to OpenMetrics", kind) {
			return kind, false
		}
	}
	written := kind.String()
	if kind == model.Unknown {
		written = "untyped"
	}
	return kind, word == written ||
		!a.report(diag.TypeName, at, end, "type %s is written %s in this format", quote(word), written)
}
