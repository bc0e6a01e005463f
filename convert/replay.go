package convert

import (
	"bytes"

	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

const (
	// mostReplayed is how many metrics the families have, but for the last of them, that are read before they are given out.
	mostReplayed = 1000
	// mostGone is how many samples in a row may be gone of a family for the next one to be looked for.
	mostGone = 8
	// lineMargin is about how long a line is: where a family has grown no more, it is at hand as a whole.
	lineMargin = 256
)

// replayOutcome is what has become of the text where a family of the page is expected.
type replayOutcome uint8

const (
	unread   replayOutcome = iota // it is to be read as if there were no page
	complete                      // the family has been read
	changed                       // the family has been read up to something new, and is in progress
	cut                           // there must be more of it to tell
)

// replay reads the families at the beginning of the block for as long as they are those of the page, and leaves them to be
// given out. It reports whether the text behind them is to be read as if there were no page.
func (d *Decoder) replay() (ordinary bool) {
	p, a := &d.pages, d.assembler
	i := -1
	for metrics := 0; a.ahead.hasRoom() && metrics < mostReplayed && len(d.block) > 0; {
		if d.isCut() {
			return false
		}
		if i < 0 {
			i = p.familyAt(d.block, p.next)
		}
		if i >= 0 {
			run, read := d.replayRun(i)
			p.next = run
			if run > i {
				a.head.size, p.missed = 0, 0
				i, metrics = run, metrics+read
				continue
			}
		}
		if i < 0 || !d.mayReplay(&p.page.families[i]) {
			d.leavePage()
			return true
		}
		family, next, outcome := d.replayFamily(i)
		switch outcome {
		case cut:
			d.giveBack(2 * len(d.block))
			return false
		case unread:
			d.leavePage()
			return true
		}
		a.head.size, p.missed = 0, 0
		p.next = i + 1
		if outcome == changed {
			d.leavePage()
			return true
		}
		a.ahead.push(family)
		metrics += len(family.Metrics)
		d.noteReplayed(i, family)
		i = next
	}
	return false
}

// mayGiveBack reports whether the source may have the block back and would then give it out with more behind it. It has not
// if it has had it back already and given out no more than before, since the line behind it is long.
func (d *Decoder) mayGiveBack() bool {
	p := &d.pages
	return d.source.hasMore() && (p.givenBack.offset != d.reporter.nextOffset || p.givenBack.size < len(d.block))
}

// giveBack gives the block back to the source.
func (d *Decoder) giveBack(want int) {
	d.pages.givenBack.offset, d.pages.givenBack.size = d.reporter.nextOffset, len(d.block)
	d.source.giveBack(len(d.block), want)
	d.block = nil
	d.assembler.head.size = 0 // the next block may not be valid, and be read line by line
}

// isCut reports whether the block has been given back to the source, which will give it out with more behind it, since it
// begins with the family that is expected, which may be longer.
func (d *Decoder) isCut() bool {
	p := &d.pages
	if p.next == len(p.page.families) {
		return false
	}
	size := p.page.families[p.next].size
	want := size + size/8 + lineMargin
	if want <= len(d.block) {
		return false
	}
	begin := p.page.beginning(p.next)
	n := min(len(begin), len(d.block))
	if string(begin[:n]) != string(d.block[:n]) || !d.mayGiveBack() {
		return false
	}
	d.giveBack(want)
	return true
}

// familyAt is the index of the family of the page that text begins with, from an index on; negative if there is none.
func (p *memoryOfPages) familyAt(text []byte, from int) int {
	page := p.page
	if from < len(page.families) && page.begins(from, text) {
		return from
	}
	begin := 0
	if bytes.HasPrefix(text, hash) {
		begin = min(keyword, len(text))
	}
	name := text[begin:lexer.NameEnd(text, begin)]
	hash := seededHash(view(name))
	for i, probe, ok := page.places.candidate(hash, 0); ok; i, probe, ok = page.places.candidate(hash, probe) {
		if i >= from && page.families[i].model.Name == string(name) && page.begins(i, text) {
			return i
		}
	}
	return -1
}

// begins reports whether text begins with the family with that index.
func (p *page) begins(i int, text []byte) bool { return bytes.HasPrefix(text, p.beginning(i)) }

// beginning is the metadata of the family with that index, or if it has none what is before the value of its first sample.
func (p *page) beginning(i int) []byte {
	f := &p.families[i]
	begin := f.head
	if f.isBare() {
		begin.end = p.ends[f.samples.at]
	}
	return begin.of(p.fixed)
}

// mayReplay reports whether nothing is to be said about a family for those that came before it.
func (d *Decoder) mayReplay(f *pageFamily) bool {
	p, a := &d.pages, d.assembler
	known := &a.known
	switch {
	case f.unfit || exceeds(len(known.list)+len(a.replayed)+1, known.limit):
		return false
	case p.strict:
		return true
	case a.om != nil || known.find(viewBytes(f.model.Name), f.hash) >= 0:
		return false
	case f.isBare():
		place, _, _ := a.placeOfSample(viewBytes(f.model.Name))
		return place < 0
	}
	for i := range f.others {
		if other := &f.others[i]; known.find(viewBytes(other.text), other.hash) >= 0 {
			return false
		}
	}
	return true
}

// leavePage makes the families known that have been replayed, before others are read.
func (d *Decoder) leavePage() {
	p, a := &d.pages, d.assembler
	if d.isEnd(d.block) && d.source.isOver() {
		return // no family comes any more
	}
	p.strict = false
	for _, i := range a.replayed {
		f := &p.page.families[i]
		a.known.remember(-1, f.hash, &f.model)
		if a.om != nil {
			a.noteBase(f.model.Name)
		}
	}
	a.replayed = a.replayed[:0]
}

// replayFamily reads the family of the page with that index, with whose beginning the block begins. It gives the index of the
// one behind it as well, if that is of the page, and else a negative one.
func (d *Decoder) replayFamily(i int) (family *model.MetricFamily, next int, outcome replayOutcome) {
	a, p, text := d.assembler, &d.pages, d.block
	f, lines := &p.page.families[i], &p.lines
	lines.start(p.page, f, text)
	lines.entry, lines.limit = &a.entry, d.options.limits.LineBytes
	metrics := a.memory.metrics.take(len(f.model.Metrics))
	if f.model.Type.IsComplex() {
		if !a.replayComplex(f, lines, metrics) {
			return nil, -1, unread
		}
	} else {
		metrics = a.replaySimple(f, lines, metrics)
		if len(metrics) == 0 {
			metrics = nil
		}
	}
	next, outcome = d.afterFamily(i, lines)
	isGone := len(metrics) == 0 && len(f.model.Metrics) > 0 // and with it what its samples said
	if isGone || outcome == changed && (f.model.Type.IsComplex() || len(metrics) == 0) {
		outcome = unread
	}
	if outcome == cut || outcome == unread {
		return nil, -1, outcome
	}
	family = a.memory.families.one()
	f.describe(family)
	family.Line = a.number + 1
	family.Metrics = metrics
	d.reporter.skip(f.headLines+lines.count, lines.at)
	p.bytes += int64(lines.at)
	d.block = text[lines.at:]
	if outcome == changed {
		a.resume(f, family)
		return family, next, outcome
	}
	return a.memory.apart(family), next, outcome
}

// afterFamily tells by what comes behind its lines whether the family with that index is complete. It is if nothing comes, or
// another one of the page, with whose first line there is nothing wrong: a line that is refused would not end it.
func (d *Decoder) afterFamily(i int, lines *replayedLines) (next int, outcome replayOutcome) {
	rest, page := lines.text[lines.at:], d.pages.page
	isEnd := len(rest) == 0 || d.isEnd(rest)
	switch {
	case isEnd && d.source.isOver():
		return -1, complete
	case isEnd && d.mayGiveBack():
		return -1, cut
	case isEnd:
		return -1, changed
	}
	next = d.pages.familyAt(rest, i+1)
	if next < 0 || page.families[next].model.Name == page.families[i].model.Name || !d.hasValue(next, rest) {
		return -1, changed
	}
	return next, complete
}

// hasValue reports whether there is nothing wrong with the first line of a family that text begins with.
func (d *Decoder) hasValue(i int, text []byte) bool {
	page := d.pages.page
	if !page.families[i].isBare() {
		return true // it is all as it was
	}
	next := d.assembler.entry.predictedValue(text, len(page.beginning(i))-1)
	return next > 0 && !exceeds(next-1, d.options.limits.LineBytes)
}

// isEnd reports whether text is the last line of OpenMetrics.
func (d *Decoder) isEnd(text []byte) bool { return d.assembler.om != nil && string(text) == "# EOF\n" }

// resume makes a family the one in progress, of which the metrics so far are those of f.
func (a *assembler) resume(f *pageFamily, family *model.MetricFamily) {
	a.start(f.hash, -1)
	a.family, a.metrics, a.samples = family, family.Metrics, len(family.Metrics)
	a.bySample = f.isBare()
	a.index.begin(f.shape)
	if a.om != nil {
		a.om.begin()
		a.noteBase(family.Name)
	}
	a.prediction.expect(false)
}

// replaySimple reads the samples of a family without parts into metrics, as far as they are there, and gives those.
func (a *assembler) replaySimple(f *pageFamily, lines *replayedLines, metrics []model.Metric) []model.Metric {
	e, text, at, begin := lines.entry, lines.text, lines.at, lines.begin
	n, gone := 0, 0
	for i, fixedEnd := range lines.ends {
		this := lines.fixed[begin:fixedEnd]
		begin = fixedEnd
		end := at + len(this)
		if end < len(text) && string(text[at:end]) == string(this) {
			next := e.predictedValue(text, end-1)
			if next > 0 && !exceeds(next-1-at, lines.limit) && (a.om == nil || isReplayedValue(f.model.Type, e.value, e.timestamp)) {
				m := &metrics[n]
				m.Labels, m.Value, m.Timestamp = f.model.Metrics[i].Labels, e.value, e.timestamp
				if m.Extra != nil {
					m.Extra = nil
				}
				at = next
				n++
				gone = 0
				continue
			}
		}
		if gone++; gone > mostGone || at == len(text) || text[at] == '#' {
			break
		}
	}
	lines.at, lines.count = at, n
	return metrics[:n]
}

// isReplayedValue reports whether there is nothing to be said of the value of a sample of OpenMetrics that has no parts.
func isReplayedValue(kind model.Type, v float64, t model.Timestamp) bool {
	switch kind {
	case model.Counter:
		return v >= 0 && !t.Set
	case model.Info:
		return v == 1 && !t.Set
	}
	return !t.Set
}

// replayComplex reads the samples of a histogram, summary or state set into metrics, and reports whether they are all there
// and have values about which there is nothing to be said.
func (a *assembler) replayComplex(f *pageFamily, lines *replayedLines, metrics []model.Metric) bool {
	whole := a.om != nil || f.model.Type != model.GaugeHistogram
	for i := range metrics {
		before := &f.model.Metrics[i]
		m := &metrics[i]
		lines.timed = false
		ok := false
		switch {
		case before.Histogram() != nil:
			m.Extra = a.memory.histogram()
			ok = a.replayHistogram(m.Extra.Histogram, before.Histogram(), lines, whole)
		case before.Summary() != nil:
			m.Extra = a.memory.summary()
			ok = a.replaySummary(m.Extra.Summary, before.Summary(), lines)
		default:
			m.Extra = &model.Extra{States: append([]model.State(nil), before.Extra.States...)}
			ok = lines.readStates(m.Extra.States)
		}
		m.Labels, m.Value, m.Timestamp = before.Labels, 0, lines.time
		if !ok || m.Timestamp.Set && a.om != nil {
			return false
		}
	}
	return true
}

// replayHistogram reads a histogram that has the bounds of the one before. The counts are whole, or any numbers.
func (a *assembler) replayHistogram(h, before *model.HistogramValue, lines *replayedLines, whole bool) bool {
	h.HasSum, h.HasCount = before.HasSum, before.HasCount
	if before.BoundTexts != nil {
		h.BoundTexts = a.copyTexts(before.BoundTexts)
	}
	h.Buckets = a.memory.buckets.take(len(before.Buckets))
	rising, last := a.om != nil, 0.0
	for i := range before.Buckets {
		v, ok := lines.value()
		if !ok || whole && !isCount(v) || rising && v < last {
			return false
		}
		h.Buckets[i] = model.Bucket{UpperBound: before.Buckets[i].UpperBound, Count: v}
		last = v
	}
	if !lines.readTotals(&h.Sum, &h.Count, h.HasSum, h.HasCount, whole) {
		return false
	}
	if a.om == nil {
		return true
	}
	_, infinite := boundsOf(h.Buckets)
	return (!h.HasSum || h.Sum >= 0) && infinite >= 0 && (!h.HasCount || h.Count == h.Buckets[infinite].Count)
}

// replaySummary reads a summary that has the quantiles of the one before.
func (a *assembler) replaySummary(s, before *model.SummaryValue, lines *replayedLines) bool {
	s.HasSum, s.HasCount = before.HasSum, before.HasCount
	if before.QuantileTexts != nil {
		s.QuantileTexts = a.copyTexts(before.QuantileTexts)
	}
	s.Quantiles = a.memory.quantiles.take(len(before.Quantiles))
	for i := range before.Quantiles {
		v, ok := lines.value()
		if !ok || a.om != nil && v < 0 {
			return false
		}
		s.Quantiles[i] = model.Quantile{Quantile: before.Quantiles[i].Quantile, Value: v}
	}
	return lines.readTotals(&s.Sum, &s.Count, s.HasSum, s.HasCount, true) && (a.om == nil || !s.HasSum || s.Sum >= 0)
}

// copyTexts is a copy of the texts of bounds.
func (a *assembler) copyTexts(texts []string) []string {
	switch {
	case len(texts) == 0:
		return nil
	case a.om == nil:
		return append([]string(nil), texts...)
	}
	return keep(&a.om.texts, texts)
}

// replayedLines are the lines of samples of a family of the page, and the text that is compared with them.
type replayedLines struct {
	text []byte
	// at is where the next line begins in the text, and count how many have been read.
	at, count int
	// fixed is the text of the page, begin is where the next line begins in it, and ends are where the values that are left stand.
	fixed []byte
	begin int
	ends  []int
	// entry takes the value of the line.
	entry *entry
	limit int
	// time is that of the point which the lines belong to, if they are not the first one of it.
	time  model.Timestamp
	timed bool
}

// start goes to the samples of a family with whose head the text begins.
func (l *replayedLines) start(p *page, f *pageFamily, text []byte) {
	l.text, l.at, l.count = text, f.head.end-f.head.at, 0
	l.fixed, l.begin, l.ends = p.fixed, f.head.end, p.ends[f.samples.at:f.samples.end]
}

// value is the value of the next sample of the page, if its line is the next one of the text.
func (l *replayedLines) value() (v float64, ok bool) {
	fixed := l.fixed[l.begin:l.ends[0]]
	l.begin, l.ends = l.ends[0], l.ends[1:]
	end := l.at + len(fixed)
	if end >= len(l.text) || string(l.text[l.at:end]) != string(fixed) {
		return 0, false
	}
	next := l.entry.predictedValue(l.text, end-1)
	if next == 0 || exceeds(next-l.at-1, l.limit) || l.timed && l.entry.timestamp != l.time {
		return 0, false
	}
	l.time, l.timed = l.entry.timestamp, true
	l.at = next
	l.count++
	return l.entry.value, true
}

// readTotals reads the sum and the count, as far as there are such.
func (l *replayedLines) readTotals(sum, count *float64, hasSum, hasCount, whole bool) bool {
	ok := true
	if hasSum {
		*sum, ok = l.value()
	}
	if ok && hasCount {
		*count, ok = l.value()
		ok = ok && (!whole || isCount(*count))
	}
	return ok
}

// readStates reads the states of a state set.
func (l *replayedLines) readStates(states []model.State) bool {
	for i := range states {
		v, ok := l.value()
		if !ok || v != 0 && v != 1 {
			return false
		}
		states[i].Enabled = v == 1
	}
	return true
}
