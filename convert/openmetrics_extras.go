package convert

import (
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// refusesExtras judges whether a sample of that role may have what it has more than others.
func (a *assembler) refusesExtras(e *entry, role role) bool {
	x, kind := e.more, a.family.Type
	if c := x.composite; c != nil && role != compositeSample {
		return a.report(diag.CompositePlace, c.at, c.end, "the value of a %s is a number", kind)
	}
	if len(x.exemplars) > 0 && !a.mayHaveExemplars(role) {
		at := x.exemplars[0].span
		if a.report(diag.ExemplarPlace, at.at, at.end, "a sample of a %s, or this one of it, has no exemplar", kind) {
			return true
		}
	}
	return x.start.Set && kind != model.Counter && kind != model.Histogram && kind != model.Summary &&
		a.report(diag.StartPlace, x.startAt.at, x.startAt.end, "a sample of a %s has no start timestamp", kind)
}

// mayHaveExemplars reports whether a sample of that role may have exemplars.
func (a *assembler) mayHaveExemplars(role role) bool {
	switch kind := a.family.Type; {
	case a.om.version == lexer.OpenMetrics2:
		return kind != model.Gauge && kind != model.StateSet && kind != model.Info
	case kind == model.Counter:
		return role == simpleSample
	}
	return role == bucketSample
}

// addExtras adds to a metric the exemplars and the start timestamp that a sample of it has.
func (a *assembler) addExtras(m *model.Metric, e *entry) {
	x := e.more
	if x == nil {
		return
	}
	if x.start.Set {
		a.extra(m).Created = x.start
	}
	a.addExemplars(m, x.exemplars)
}

// addExemplars adds exemplars that belong to no classic bucket.
func (a *assembler) addExemplars(m *model.Metric, exemplars []lineExemplar) {
	if len(exemplars) == 0 {
		return
	}
	kept := a.keepExemplars(exemplars)
	extra := a.extra(m)
	if extra.Exemplars != nil {
		kept = append(extra.Exemplars, kept...)
	}
	extra.Exemplars = kept
}

// addBucketExemplars adds the exemplars of the latest bucket or quantile.
func (a *assembler) addBucketExemplars(m *model.Metric, e *entry) {
	h := m.Histogram()
	if h == nil {
		a.addExtras(m, e)
		return
	}
	if h.Exemplars == nil {
		h.Exemplars = a.om.values.bucketExemplars.open(len(e.more.exemplars) + 1)
	}
	for _, exemplar := range e.more.exemplars {
		h.Exemplars = append(h.Exemplars, model.BucketExemplar{
			Bucket: len(h.Buckets) - 1, Exemplar: a.keepExemplar(&exemplar),
		})
	}
}

// shareExemplars adds the exemplars of a histogram whose classic buckets are complete, each to the bucket that it is in.
func (a *assembler) shareExemplars(m *model.Metric, exemplars []lineExemplar) {
	h := m.Histogram()
	if h == nil || len(h.Buckets) == 0 {
		a.addExemplars(m, exemplars)
		return
	}
	if len(exemplars) == 0 {
		return
	}
	h.Exemplars = a.om.values.bucketExemplars.take(len(exemplars))
	for i := range exemplars {
		bucket := slices.IndexFunc(h.Buckets, func(b model.Bucket) bool { return exemplars[i].value <= b.UpperBound })
		if bucket < 0 {
			bucket = len(h.Buckets) - 1 // not a number
		}
		h.Exemplars[i] = model.BucketExemplar{Bucket: bucket, Exemplar: a.keepExemplar(&exemplars[i])}
	}
	slices.SortStableFunc(h.Exemplars, func(a, b model.BucketExemplar) int { return a.Bucket - b.Bucket })
}

func (a *assembler) keepExemplars(exemplars []lineExemplar) []model.Exemplar {
	kept := a.om.values.exemplars.take(len(exemplars))
	for i := range exemplars {
		kept[i] = a.keepExemplar(&exemplars[i])
	}
	return kept
}

func (a *assembler) keepExemplar(x *lineExemplar) model.Exemplar {
	return model.Exemplar{Labels: a.keepLabels(x.labels), Value: x.value, Timestamp: x.timestamp}
}

// extra is what a metric has more than most.
func (a *assembler) extra(m *model.Metric) *model.Extra {
	if m.Extra == nil {
		m.Extra = a.om.values.extras.one()
	}
	return m.Extra
}

// completeSimple adds to a simple metric what is known of it besides its value.
func (a *assembler) completeSimple(m *model.Metric, e *entry) {
	a.addExtras(m, e)
	if c := &a.om.created; c.waits {
		if m.Timestamp == c.sample.Timestamp && sameSet(m.Labels, c.sample.Labels) {
			a.extra(m).Created = c.time
			a.endCreated()
			return
		}
		a.dropCreated()
	}
}

// waitingCreated is the creation time of a counter whose total has not come yet.
type waitingCreated struct {
	place
	waits  bool
	sample model.Sample
	time   model.Timestamp
	// predicted tells whether lines of the family are predicted otherwise, which they are not as long as the total is
	// waited for.
	predicted bool
}

// addCreated takes in a creation time.
func (a *assembler) addCreated(e *entry) {
	at := a.valueAt(e)
	seconds, nanos, _, ok := lexer.ParseSeconds(a.line[a.indent:][at.at:at.end])
	if !ok {
		if !a.report(diag.CreatedValue, at.at, at.end, "the creation time is not a number of seconds that fits 64 bits") {
			a.addLoose(e)
		}
		return
	}
	created := model.Timestamp{Seconds: seconds, Nanos: nanos, Set: true}
	labels := e.series()
	switch {
	case !a.family.Type.IsComplex():
		a.addCreatedOfCounter(e, labels, created)
	case !a.refusesPart(e, createdSample):
		if m := a.enterPoint(e, labels); m != nil {
			a.setCreated(m, e, created)
		}
	}
}

func (a *assembler) setCreated(m *model.Metric, e *entry, created model.Timestamp) {
	if m.Created().Set {
		a.addRepeated(e)
		return
	}
	a.extra(m).Created = created
	a.addExtras(m, e)
}

// addCreatedOfCounter takes in the creation time of a counter, which follows its total or comes before it.
func (a *assembler) addCreatedOfCounter(e *entry, labels model.Labels, created model.Timestamp) {
	a.dropCreated()
	n := len(a.metrics)
	if n > 0 {
		latest := &a.metrics[n-1]
		if latest.Timestamp == e.timestamp && sameSet(latest.Labels, labels) {
			a.setCreated(latest, e, created)
			return
		}
		if i := a.index.has(a.metrics, labels, e.timestamp, e.labels.shape()); i >= 0 {
			a.prediction.previous = nil
			if !a.reportInterleaved(e) {
				a.setCreated(&a.metrics[i], e, created)
			}
			return
		}
		a.prediction.previous = nil
		switch found, refused := a.judgePlace(e, labels, latest); {
		case refused:
			return
		case found:
			a.addLoose(e)
			return
		}
	}
	c := &a.om.created
	c.waits, c.time, c.predicted = true, created, a.prediction.on
	c.note(a.reporter, e.nameAt, e.nameAt+len(e.name))
	c.sample = model.Sample{
		Name: a.memory.text.string(e.name), Labels: a.keepLabels(labels), Value: e.value, Timestamp: e.timestamp,
	}
	a.prediction.on = false
}

// endCreated ends the wait for a total.
func (a *assembler) endCreated() {
	c := &a.om.created
	c.waits, c.sample = false, model.Sample{}
	a.prediction.on = c.predicted
}

// dropCreated gives up waiting for the total of a creation time, if there is one.
func (a *assembler) dropCreated() {
	c := &a.om.created
	if !c.waits {
		return
	}
	if !a.reportAt(&c.place, diag.LooseSample, "a creation time without its total") {
		a.loose = append(a.loose, c.sample)
	}
	a.endCreated()
}
