package convert

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// An exposition mostly looks like the one that came before it from the same place: the same families and the same series,
// in the same order, with other values. page is what is remembered of an input, so that the text of the next one is compared
// with it and no more than the values is read. Only those families are remembered about which there was nothing to be said
// and of which that depends on the text besides the values, and on rules for values that replay knows.
type page struct {
	families []pageFamily
	// fixed is the text of the families without the values and what is behind them in a line. ends are where each of the values
	// would stand in it.
	fixed []byte
	ends  []int
	// places finds a family by the hash of its name.
	places table
	// share is how much of the input the families were, of 1.
	share float64
}

const (
	// leastShare is how much of an input has to be fit to be remembered for it to be of use.
	leastShare = 0.25
	// goodPart and fairPart are how much of what was remembered of a page comes again where it is as good as new, and where
	// it is still of use.
	goodPart, fairPart = 0.875, 0.5
)

// pageFamily is a family of a page.
type pageFamily struct {
	// model is the family with the values that it had. It is never given out.
	model model.MetricFamily
	hash  uint64
	// head is where its HELP, TYPE and UNIT lines stand in the fixed text of the page. That of its samples is behind them.
	head span
	// samples is where the ends of the texts before its values are.
	samples span
	// shape is that of the labels of all metrics, 0 if they differ.
	shape uint64
	// run is the index of the first family from this one on that is none of simple samples, some of them.
	run int
	// headLines is how many lines the head has, and size how long all lines were.
	headLines, size int
	// unfit tells that the family is read as if there were no page. All there is of it is the name and its first line, in head,
	// by which it is known that the family before it is complete.
	unfit bool
	// others are names that no other family may have, for nothing to be said: those of the samples of a histogram or summary.
	others []otherName
}

// isBare reports whether the family begins with a sample.
func (f *pageFamily) isBare() bool { return f.head.at == f.head.end }

type otherName struct {
	text string
	hash uint64
}

// experience is what is remembered from input to input. A Decoder hands it on with its assembler to another one, which begins
// with it if the same is to be said about the same input.
type experience struct {
	terms pageTerms
	// latest is the page that was learned last, nil if there is none. Several decoders may have it, and nobody changes it.
	latest *page
	// inputs tells that there has been an input.
	inputs bool
	// wait is how many inputs are still to come before one that does not look like the page is remembered instead, and
	// patience how many it was at first.
	wait, patience int
}

// pageTerms are the options that have a say in what is remembered of an input, and whether it serves for another one.
type pageTerms struct {
	dialect    lexer.Dialect
	severities diag.Severities
	limits     Limits
	remembered int
	isHeard    bool
}

func (o *options) pageTerms() pageTerms {
	return pageTerms{o.dialect, o.severities, o.limits, o.remembered, o.onDiagnostic != nil}
}

// takeExperience begins with what the decoder before has left in the assembler, unless there is experience of one's own or that is
// on other terms.
func (d *Decoder) takeExperience() {
	if a := d.assembler; d.options.remembered > 0 && !d.pages.inputs && a.experience.terms == d.options.pageTerms() {
		d.pages.experience = a.experience
	}
}

// leaveExperience leaves it to the decoder that is next to have the assembler.
func (d *Decoder) leaveExperience() {
	if d.options.remembered > 0 {
		d.pages.terms = d.options.pageTerms()
		d.assembler.experience = d.pages.experience
	}
}

// memoryOfPages is what a Decoder remembers from input to input. The zero value remembers nothing.
type memoryOfPages struct {
	experience
	// page is what the input is compared with, nil if there is nothing, or it has turned out to be of no use. missed is how many
	// families in a row were not those of the page.
	page   *page
	missed int
	// next is the index of the family that is expected next.
	next int
	// strict tells that all families of the input so far are of the page, each once. They are made known to the assembler only
	// when another one comes.
	strict bool
	// lines are those of the family that is being compared.
	lines replayedLines
	// givenBack is the block that was given back to the source last: where it begins and how long it was.
	givenBack struct {
		offset int64
		size   int
	}
	// ended tells that the input has come to its end.
	ended bool
	// bytes is how much of the input was as the page has it.
	bytes int64
	// learning tells that this input is to be remembered, and text is what has been read of it, unless the decoder was given
	// it as a whole.
	learning bool
	text     []byte
}

// mostFamilyBytes is how much text a family has at most that is remembered. As much of a reader's input has to be at hand.
const mostFamilyBytes = 1 << 20

// A page of more than a few families has so many bytes for each, at least, if it is remembered. What is remembered of smaller ones
// would be many times as large as the page.
const (
	fewFamilies      = 256
	leastFamilyBytes = 48
)

// mostMissed is how many families in a row, at most, are looked for in a page in vain.
const mostMissed = 16

// mostPatience is how many inputs, at most, are read before another try to remember one. To do that takes about as long as
// reading ten.
const mostPatience = 256

// An input of more than so many bytes is not remembered before so many more have come, for it might be of few that are read at
// all.
const (
	longPage         = 1 << 20
	longPagePatience = 6
)

// begin takes in that another input begins.
func (p *memoryOfPages) begin(limit int) {
	p.page, p.missed = p.latest, 0
	p.next, p.bytes, p.strict, p.ended = 0, 0, true, false
	p.lines = replayedLines{} // which refers to the input before
	p.text = p.text[:0]
	p.givenBack.offset = -1
	p.learning = limit > 0 && p.inputs && p.wait <= 0
}

// begun takes in that the first input, of that size, has come to its end.
func (p *memoryOfPages) begun(size int64) {
	p.inputs = true
	if size > longPage {
		p.wait, p.patience = longPagePatience, longPagePatience
	}
}

// end takes in that an input of that size has come to its end, and finds out whether the page has been good for it.
func (p *memoryOfPages) end(size int64) {
	if p.latest != nil {
		part := float64(p.bytes) / (p.latest.share * float64(max(size, 1)))
		if part >= goodPart {
			p.wait, p.patience = 1, 1
			return
		}
		if part < fairPart {
			p.latest = nil
		}
	}
	p.wait--
}

// learned takes in what has become of an input that was to be remembered, nil if it was not fit for that.
func (p *memoryOfPages) learned(learned *page) {
	if learned != nil {
		p.latest = learned
	}
	p.learning, p.text = false, nil
	p.patience = min(max(2*p.patience, 1), mostPatience)
	p.wait = p.patience
}

// gather keeps a block of an input that is to be remembered, which begins at offset.
func (p *memoryOfPages) gather(block []byte, offset int64, limit int) {
	known := len(p.text) - int(offset) // of the block, which may have been given back to the source
	switch {
	case known < 0 || int(offset)+len(block) > limit:
		p.learned(nil)
	case known < len(block):
		p.text = append(p.text, block[known:]...)
	}
}

// endOfPage remembers the input that has come to its end, if it is to be.
func (d *Decoder) endOfPage() {
	limit, p := d.options.remembered, &d.pages
	if limit <= 0 || p.ended || d.err != io.EOF {
		return
	}
	p.ended = true
	size := d.reporter.nextOffset
	switch {
	case !p.inputs && size > 0:
		p.begun(size)
	case size <= int64(limit):
		p.end(size)
	}
	p.lines = replayedLines{} // which refers to the input
	if !p.learning {
		return
	}
	text := p.text
	if d.source.reader == nil {
		text = d.source.buffer
	}
	if len(text) > limit || int64(len(text)) != size {
		p.learned(nil)
		return
	}
	p.learned(learnPage(text, d.options))
}

// missPage takes in that a family has been read as if there were no page. Where many in a row are, there is no use in one.
func (d *Decoder) missPage() {
	if d.pages.missed++; d.pages.missed > mostMissed {
		d.pages.page = nil
	}
}

// outgrowPage takes in that the input is longer than any page.
func (d *Decoder) outgrowPage() {
	d.leavePage()
	d.pages.page = nil
}

// mayMatchPage reports whether the block may begin with a family of the page.
func (d *Decoder) mayMatchPage() bool {
	a := d.assembler
	return d.pages.page != nil && !a.inProgress && !a.om.isOver()
}

// learnPage is what is to be remembered of an input that is read with these options, nil if that is too little. It reads it once
// more.
func learnPage(text []byte, o options) *page {
	l := learner{text: text, page: &page{fixed: make([]byte, 0, len(text))}, told: make(map[int]bool), dialect: &dialects[o.dialect]}
	l.entry.begin(o.dialect, o.limits)
	// What a decoder leaves to others would hide what this one is about to leave.
	o.reuse, o.apart, o.remembered, o.workers = false, true, 0, 1
	if o.onDiagnostic != nil {
		o.onDiagnostic = l.note
	}
	d := newDecoderWith(o)
	d.ResetBytes(text)
	var families []*model.MetricFamily
	for f, err := range d.Families() {
		if problem, ok := errors.AsType[*diag.Diagnostic](err); ok {
			l.note(problem)
		}
		if f != nil {
			families = append(families, f)
		}
	}
	if len(families) > fewFamilies && len(text) < leastFamilyBytes*len(families) {
		return nil
	}
	l.values.begin(o.dialect, o.limits)
	l.values.carriage = true
	for i, f := range families {
		if exceeds(i+1, o.limits.Families) {
			break // nobody knows whether it comes back
		}
		next := math.MaxInt
		if i+1 < len(families) {
			next = families[i+1].Line
		}
		l.learn(f, next)
	}
	p := l.page
	p.places = make(table, firstTable)
	for len(p.places) < 2*len(p.families) {
		p.places = make(table, 2*len(p.places))
	}
	size := 0
	for i := range p.families {
		p.places.insert(p.families[i].hash, i)
		size += p.families[i].size
	}
	p.share = float64(size) / float64(max(len(text), 1))
	if p.share < leastShare {
		return nil
	}
	p.findRuns()
	p.ends, p.families = slices.Clip(p.ends), slices.Clip(p.families)
	return p
}

// learner makes a page.
type learner struct {
	text    []byte
	page    *page
	dialect *dialect
	// told are the lines about which something was said.
	told map[int]bool
	// number is that of the line at the index at in the text.
	number, at int
	// entry is for whole lines, and values for what is predicted.
	entry, values entry
}

// note takes in that something was said about a line. In OpenMetrics that may be about the family before, if it begins one.
func (l *learner) note(d *diag.Diagnostic) {
	l.told[d.Pos.Line] = true
	if l.entry.dialect != lexer.PrometheusText {
		l.told[d.Pos.Line-1] = true
	}
}

// learn remembers a family, if it can be, whose lines are before the line with the number next.
func (l *learner) learn(f *model.MetricFamily, next int) {
	for ; l.number < f.Line-1; l.number++ {
		l.at = endOfLine(l.text, l.at)
	}
	p, begin, told := l.page, l.at, false
	for ; l.number < next-1 && l.at < len(l.text); l.number++ {
		told = told || l.told[l.number+1]
		l.at = endOfLine(l.text, l.at)
	}
	text, fixed, ends := l.text[begin:l.at], len(p.fixed), len(p.ends)
	learned := pageFamily{model: *f, hash: seededHash(f.Name)}
	if told || f.Continued || len(f.Loose) > 0 || len(text) > mostFamilyBytes || !l.learnLines(&learned, text) {
		p.fixed, p.ends = p.fixed[:fixed], p.ends[:ends]
		if end, kind := l.plainLine(text, 0); end > 0 && (kind == helpLine || kind == typeLine || kind == unitLine) {
			p.fixed = append(p.fixed, text[:end]...)
			learned = pageFamily{model: model.MetricFamily{Name: f.Name}, hash: learned.hash, head: span{fixed, len(p.fixed)}, unfit: true}
			p.families = append(p.families, learned)
		}
		return
	}
	if f.Type.IsComplex() {
		for _, suffix := range [...]string{"_bucket", "_sum", "_count", "_gsum", "_gcount"} {
			learned.others = append(learned.others, otherName{f.Name + suffix, seededHash(f.Name + suffix)})
		}
	}
	p.families = append(p.families, learned)
}

// learnLines remembers the lines of a family, and reports whether they can be. They are in the order of its samples.
func (l *learner) learnLines(learned *pageFamily, text []byte) bool {
	p, f := l.page, &learned.model
	if !isReplayed(f) {
		return false
	}
	end := 0
	for end < len(text) && text[end] == '#' {
		next, kind := l.plainLine(text, end)
		if next == 0 {
			return false
		}
		if kind == endLine {
			break
		}
		learned.headLines++
		end = next
	}
	learned.head.at = len(p.fixed)
	p.fixed = append(p.fixed, text[:end]...)
	learned.head.end = len(p.fixed)
	learned.samples.at = len(p.ends)
	for s := range f.Samples() {
		next := endOfLine(text, end)
		size := l.fixedPart(text[end:next], s)
		if size == 0 {
			return false
		}
		p.fixed = append(p.fixed, text[end:end+size]...)
		p.ends = append(p.ends, len(p.fixed))
		switch shape := l.entry.labels.shape(); {
		case len(p.ends) == learned.samples.at+1:
			learned.shape = shape
		case shape != learned.shape:
			learned.shape = 0
		}
		end = next
	}
	learned.samples.end, learned.size = len(p.ends), end
	if hasSeriesTwice(f, learned.shape != 0) {
		return false
	}
	for end < len(text) {
		next, kind := l.plainLine(text, end)
		if next == 0 || kind != blankLine && kind != commentLine && kind != endLine {
			return false
		}
		end = next
	}
	return !learned.isBare() || learned.samples.at < learned.samples.end
}

// plainLine is where the line ends that is at i, and what it is, if it ends in a line feed and is well-formed; else 0.
func (l *learner) plainLine(text []byte, i int) (next int, kind entryKind) {
	content, next := lexer.LineEnd(text, i)
	l.entry.reset()
	if !bytes.Equal(text[content:next], lineFeed) || l.dialect.read(text[i:content], &l.entry) != accepted {
		return 0, 0
	}
	return next, l.entry.kind
}

// fixedPart is how long the part of a line is that is before its value, with the blank at its end, if it is the line of that sample and
// its value is read as replay does; else 0.
func (l *learner) fixedPart(line []byte, s model.Sample) (size int) {
	e := &l.entry
	e.reset()
	e.labelsEnd, e.valueAt = 0, span{}
	content, next := lexer.LineEnd(line, 0)
	if l.dialect.read(line[:content], e) != accepted || e.kind != sampleLine || len(e.findings) > 0 || e.more != nil || e.quoted {
		return 0
	}
	size = max(e.nameAt+len(e.name), e.labelsEnd, e.valueAt.at-1)
	series := model.LabelsFromEncoding(string(e.labels.encoding))
	if string(e.name) != s.Name || !series.SameSet(s.Labels) || e.timestamp != s.Timestamp {
		return 0
	}
	v := &l.values
	if v.predictedValue(line, size) != next || v.timestamp != s.Timestamp || math.Float64bits(v.value) != math.Float64bits(s.Value) {
		return 0
	}
	return size + 1
}

// isReplayed reports whether the values are all that may change in a family of that kind.
func isReplayed(f *model.MetricFamily) bool {
	for i := range f.Metrics {
		if e := f.Metrics[i].Extra; e != nil && (!f.Type.IsComplex() || !isPlainExtra(e)) || f.Type.IsComplex() && e == nil {
			return false
		}
	}
	return true
}

// hasSeriesTwice reports whether there is a series that comes twice in a family. If its labels are alike, they all have the same
// names in the same order.
func hasSeriesTwice(f *model.MetricFamily, alike bool) bool {
	if len(f.Metrics) < 2 {
		return false
	}
	series := make(map[string]struct{}, len(f.Metrics))
	for i := range f.Metrics {
		labels := f.Metrics[i].Labels
		if !alike {
			labels = labels.Sorted()
		}
		series[labels.Encoding()] = struct{}{}
	}
	return len(series) < len(f.Metrics)
}

// isPlainExtra reports whether a metric has nothing but the buckets, quantiles or states, the sum and the count.
func isPlainExtra(e *model.Extra) bool {
	if e.Created.Set || len(e.Exemplars) > 0 {
		return false
	}
	if h := e.Histogram; h != nil {
		return h.Native == nil && len(h.Exemplars) == 0
	}
	return true
}

// endOfLine is where the line ends that is at i in text.
func endOfLine(text []byte, i int) int {
	if n := bytes.IndexByte(text[i:], '\n'); n >= 0 {
		return i + n + 1
	}
	return len(text)
}
