package convert

import "github.com/promfmt/promfmt/model"

// Most of a page is runs of families of simple samples. What is between two values of a run, be it in one family or from the
// last sample of one over the head of the next to the first sample of that, is compared as one text. Only then are the values
// parted into families.

// findRuns finds the runs of the page.
func (p *page) findRuns() {
	run := len(p.families)
	for i := run - 1; i >= 0; i-- {
		f := &p.families[i]
		if f.unfit || f.model.Type.IsComplex() || f.samples.at == f.samples.end {
			run = i
		}
		f.run = run
	}
}

// replayRun reads families of the run that goes on with the one with index i, with which the block begins, as long as each is
// just as it was and the next one comes behind it. It gives the index of the first that is not read, with which the block
// begins then, and how many metrics the others have.
func (d *Decoder) replayRun(i int) (next, metrics int) {
	p, a := &d.pages, d.assembler
	page := p.page
	families := a.memory.families.room(1)
	run := min(page.families[i].run, i+a.ahead.room(), i+len(families))
	first := page.families[i].samples
	if run <= i+1 || !a.memory.metrics.shares(first.end-first.at) {
		return i, 0
	}
	read := a.memory.metrics.room(first.end - first.at)
	most := min(len(read), max(first.end-first.at, mostReplayed))
	for page.families[run-1].samples.end > first.at+most {
		run--
	}
	ends := page.ends[first.at:page.families[run-1].samples.end]
	read = a.replayValues(p, d.block, page.families[i].head.at, ends, read)
	begin, number, shared := 0, a.number, 0
	for ; i < run; i++ {
		f := &page.families[i]
		end := f.samples.end - first.at
		if end > len(read) || end == len(read) && !d.isFollowed(i, d.block[a.lineEnds[end-1]:]) || !d.mayReplay(f) {
			break
		}
		these := read[metrics:end:end]
		if !a.labelReplayed(&f.model, these) {
			break
		}
		family := &families[shared]
		if a.memory.sharesChunk(f.model.Type, len(these)) {
			shared++
		} else {
			family = new(model.MetricFamily)
		}
		f.describe(family)
		family.Line, family.Metrics = number+1, these
		a.ahead.push(family)
		d.noteReplayed(i, family)
		begin, number = a.lineEnds[end-1], number+f.headLines+end-metrics
		metrics = end
	}
	a.memory.families.advance(shared)
	a.memory.metrics.advance(metrics)
	d.reporter.skip(number-a.number, begin)
	p.bytes += int64(begin)
	d.block = d.block[begin:]
	return i, metrics
}

// replayValues reads values from text, which begins where the page does at an index, into metrics, as long as what is before
// them is as it ends there. What comes out are the metrics that have been read; a.lineEnds is where their lines end.
func (a *assembler) replayValues(p *memoryOfPages, text []byte, begin int, ends []int, metrics []model.Metric) []model.Metric {
	e, limit, at := &a.entry, a.options.limits.LineBytes, 0
	fixed, lineEnds := p.page.fixed, a.lineEnds[:0]
	metrics = metrics[:len(ends)]
	for i, end := range ends {
		this := fixed[begin:end]
		value := at + len(this)
		if value >= len(text) || string(text[at:value]) != string(this) {
			break
		}
		next := e.predictedValue(text, value-1)
		if next == 0 || exceeds(next-1-at, limit) {
			break
		}
		m := &metrics[i]
		m.Value, m.Timestamp = e.value, e.timestamp
		begin, at = end, next
		lineEnds = append(lineEnds, next)
	}
	a.lineEnds = lineEnds
	return metrics[:len(lineEnds)]
}

// labelReplayed gives metrics the labels that those of a family had before. It reports whether nothing is to be said of their
// values.
func (a *assembler) labelReplayed(f *model.MetricFamily, metrics []model.Metric) bool {
	for i := range metrics {
		m := &metrics[i]
		m.Labels = f.Metrics[i].Labels
		if m.Extra != nil {
			m.Extra = nil
		}
		if a.om != nil && !isReplayedValue(f.Type, m.Value, m.Timestamp) {
			return false
		}
	}
	return true
}

// isFollowed reports whether the next family of the page comes behind the one with index i.
func (d *Decoder) isFollowed(i int, behind []byte) bool {
	page := d.pages.page
	return i+1 < len(page.families) && !page.families[i+1].unfit && page.begins(i+1, behind) && d.hasValue(i+1, behind)
}

// noteReplayed takes in that the family of the page with index i has come.
func (d *Decoder) noteReplayed(i int, family *model.MetricFamily) {
	p := &d.pages
	if p.strict {
		d.assembler.replayed = append(d.assembler.replayed, int32(i))
		return
	}
	d.assembler.known.remember(-1, p.page.families[i].hash, family)
}

// describe gives another family the metadata of f. What is empty in both is left alone: a pointer that is written costs
// something while the collector works.
func (f *pageFamily) describe(other *model.MetricFamily) {
	m := &f.model
	other.Name, other.Help, other.HasHelp = m.Name, m.Help, m.HasHelp
	other.Type, other.HasType, other.HasUnit = m.Type, m.HasType, m.HasUnit
	other.Continued, other.HelpRepeated, other.TypeRepeated = false, false, false
	if len(other.Suffix)+len(m.Suffix) > 0 {
		other.Suffix = m.Suffix
	}
	if len(other.Unit)+len(m.Unit) > 0 {
		other.Unit = m.Unit
	}
	if other.Loose != nil {
		other.Loose = nil
	}
}
