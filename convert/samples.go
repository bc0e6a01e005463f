package convert

import (
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// addSample takes in a sample of the family in progress.
func (a *assembler) addSample(e *entry, role role, suffix string) {
	a.samples++
	if limit := a.options.limits.Samples; exceeds(a.samples, limit) {
		if a.samples == limit+1 {
			a.report(diag.TooManySamples, e.nameAt, e.nameAt,
				"family %s has more than %d samples (limit Samples); the rest is refused", quote(a.family.Name), limit)
		}
		return
	}
	if e.more != nil {
		if role == simpleSample && a.addUnknown(e) {
			return
		}
		if a.refusesExtras(e, role) {
			return
		}
	}
	switch role {
	case simpleSample:
		a.addSimple(e, suffix)
	case compositeSample:
		a.addComposite(e)
	case straySample:
		if !a.report(diag.LooseSample, e.nameAt, e.nameAt+len(e.name),
			"a %s has no sample of just its name", a.family.Type) {
			a.addLoose(e)
		}
	case stateSample:
		a.addState(e)
	case createdSample:
		a.addCreated(e)
	default:
		a.checkClash(e, role, suffix)
		a.addToPoint(e, role)
	}
}

// addSimple takes in a sample that is a metric of its own.
func (a *assembler) addSimple(e *entry, suffix string) {
	f := a.family
	if suffix != f.Suffix {
		switch {
		case a.om != nil && suffix == "" && a.refusesBareName(e):
			return
		case len(a.metrics) > 0 || a.hadMetrics():
			if !a.report(diag.LooseSample, e.nameAt, e.nameAt, "samples of %s are called %s before and %s here",
				quote(f.Name), quote(f.SampleName()), quote(view(e.name))) {
				a.addLoose(e)
			}
			return
		case a.om == nil && f.Type == model.Counter && a.reportOnce(diag.CounterSuffix, e.nameAt, e.nameAt,
			"sample %s of a counter whose TYPE line says %s", quote(view(e.name)), quote(f.Name)):
			return
		}
		f.Suffix = suffix
	}
	if a.om != nil && a.refusesValue(e) {
		return
	}
	labels, shape := e.series(), e.labels.shape()
	block, line := a.blockOf(e)
	a.prediction.previous = nil
	isAnother := a.isUnchecked(shape) || shape == a.index.shape && a.rosters.isAnother(line, a.metrics, labels)
	repeated := !isAnother && a.index.find(a.metrics, labels, e.timestamp, shape) >= 0
	if repeated && a.reportDuplicate(e) || a.om != nil && !repeated && a.refusesPlace(e, labels) {
		a.index.leaveOut()
		return
	}
	if block != nil && shape == a.index.shape {
		a.rosters.note(line, block, labels, &e.labels, len(a.metrics))
	}
	m := a.addMetric()
	*m = model.Metric{Labels: a.keepLabels(labels), Value: e.value, Timestamp: e.timestamp}
	if a.om != nil {
		a.completeSimple(m, e)
	}
}

// addMetric adds a metric to the family, which is to be set.
func (a *assembler) addMetric() *model.Metric {
	n := len(a.metrics)
	if n == cap(a.metrics) {
		a.spillMetrics(1)
	}
	a.metrics = a.metrics[:n+1]
	return &a.metrics[n]
}

// spillMetrics makes room for n more metrics where there is no limit.
func (a *assembler) spillMetrics(n int) {
	a.metrics = append(a.spill[:0], a.metrics...)
	a.metrics = slices.Grow(a.metrics, n)
	a.spill, a.spilled = a.metrics, true
}

func (a *assembler) reportDuplicate(e *entry) (refused bool) {
	// The arguments cost more than the look whether anybody is to hear of them.
	return a.isHeard(diag.DuplicateSeries) &&
		a.report(diag.DuplicateSeries, e.nameAt, e.nameAt, "series %s%s occurs twice", view(e.name), e.series())
}

// addLoose keeps a sample as it is.
func (a *assembler) addLoose(e *entry) {
	s := model.Sample{
		Name:      a.memory.text.string(e.name),
		Labels:    a.keepLabels(e.series()),
		Value:     e.value,
		Timestamp: e.timestamp,
	}
	if e.more != nil && len(e.more.exemplars) > 0 {
		s.Exemplar = &a.keepExemplars(e.more.exemplars[:1])[0]
	}
	a.loose = append(a.loose, s)
}

func (a *assembler) keepLabels(labels model.Labels) model.Labels {
	return model.LabelsFromEncoding(a.memory.text.string(viewBytes(labels.Encoding())))
}

// series are the labels of the entry, valid only as long as it is.
func (e *entry) series() model.Labels { return model.LabelsFromEncoding(view(e.labels.encoding)) }

// checkClash reports, once for each suffix, that a sample might as well belong to an earlier family of its very name.
func (a *assembler) checkClash(e *entry, role role, suffix string) {
	if suffix != "" && a.mayClash(e.name, role) {
		a.clashed[role] = true
		a.report(diag.NameClash, e.nameAt, e.nameAt+len(e.name),
			"sample %s is taken for one of the %s %s, although there is a family of that name", quote(view(e.name)),
			a.family.Type, quote(a.family.Name))
	}
}

// labelAt is the column of the name of a label of the line, or of the line's first token.
func (a *assembler) labelAt(name string) (at, end int) {
	line := a.line[a.indent:]
	tokens := lexer.NewDialect(line, a.options.dialect)
	for t := tokens.Next(); t.Kind != lexer.EOF; t = tokens.Next() {
		if t.Kind == lexer.Name && t.Start > 0 && string(line[t.Start:t.End]) == name {
			return t.Start, t.End
		}
	}
	return 0, 0
}
