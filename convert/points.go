package convert

import (
	"math"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// points is the state of assembling the metrics of a histogram, summary or state set, each of which takes several
// samples.
type points struct {
	// current is the metric that the latest sample belongs to, negative at first.
	current int
	// low and high are the least and the greatest bound of the current metric; they are known if it has not been left.
	low, high   float64
	boundsKnown bool
	// listed tells that the bounds of the current metric so far are the first of those that are remembered, in their order, and
	// spelled that one of them is not as Go writes the number. Then their texts are put together once the metric is left.
	listed, spelled bool
	// added counts the buckets and quantiles; bound is where that of the latest stands in the encoding of its labels.
	added int
	bound span
	// without is where labels are put together that leave one out.
	without []byte
	// parts are those of the metrics in large, which have many that do not rise.
	parts map[part]struct{}
	large map[int]struct{}
	// bounds are those of the latest histograms, and quantiles those of the latest summaries.
	bounds, quantiles boundTexts
}

// part is a bucket, quantile or state of a metric.
type part struct {
	metric int
	bound  float64
	state  string
}

func (p *points) reset() {
	p.enter(-1, false)
	p.bounds.begin()
	p.quantiles.begin()
	if p.large != nil || p.parts != nil {
		p.parts, p.large = nil, nil
	}
}

// forgetBounds makes no bounds known.
func (p *points) forgetBounds() { p.bounds, p.quantiles = boundTexts{}, boundTexts{} }

// enter makes the metric with index i the current one.
func (p *points) enter(i int, isNew bool) {
	p.current, p.boundsKnown, p.listed, p.spelled = i, isNew, isNew, false
}

// split takes the label of that name out of the labels of e.
func (p *points) split(e *entry, name string) (labels model.Labels, value string, found bool) {
	all := e.series()
	for rest := all; ; {
		before := rest
		label, after, ok := rest.Cut()
		if !ok {
			return all, "", false
		}
		if label.Name == name {
			end := len(all.Encoding()) - len(after.Encoding())
			p.bound = span{end - len(label.Value), end}
			head := all.Encoding()[:len(all.Encoding())-len(before.Encoding())]
			if after.IsEmpty() {
				return model.LabelsFromEncoding(head), label.Value, true
			}
			p.without = append(append(p.without[:0], head...), after.Encoding()...)
			return model.LabelsFromEncoding(view(p.without)), label.Value, true
		}
		rest = after
	}
}

// addToPoint takes in a sample of a histogram or summary.
func (a *assembler) addToPoint(e *entry, role role) {
	if role == bucketSample || role == quantileSample {
		a.addBoundSample(e, role)
		return
	}
	switch {
	case role == countSample && a.countsWhole() && a.reportCount(e):
		return
	case a.om != nil && a.refusesPart(e, role):
		return
	}
	m := a.enterPoint(e, e.series())
	if m == nil {
		return
	}
	value, has := total(m, role)
	if *has {
		a.addRepeated(e)
		return
	}
	*value, *has = e.value, true
	a.addExtras(m, e)
}

// countsWhole reports whether the counts of the family are those of things that have happened. In the Prometheus text
// format those of a gauge histogram may be any numbers.
func (a *assembler) countsWhole() bool { return a.om != nil || a.family.Type != model.GaugeHistogram }

// total is where a metric keeps its sum or its count, and whether it has one.
func total(m *model.Metric, role role) (value *float64, has *bool) {
	s, h := m.Summary(), m.Histogram()
	switch {
	case s != nil && role == countSample:
		return &s.Count, &s.HasCount
	case s != nil:
		return &s.Sum, &s.HasSum
	case role == countSample:
		return &h.Count, &h.HasCount
	}
	return &h.Sum, &h.HasSum
}

// isCount reports whether v is a whole number of at least 0.
func isCount(v float64) bool { return v >= 0 && v == math.Trunc(v) && !math.IsInf(v, 0) }

// reportCount reports a count that is none.
func (a *assembler) reportCount(e *entry) (refused bool) {
	if isCount(e.value) {
		return false
	}
	return a.report(diag.CountValue, e.nameAt, e.nameAt, "count %v is not a whole number of at least 0", e.value)
}

// addRepeated keeps a sample that its point has had already.
func (a *assembler) addRepeated(e *entry) {
	if !a.reportDuplicate(e) {
		a.addLoose(e)
	}
}

// addBoundSample takes in a bucket of a histogram or a quantile of a summary.
func (a *assembler) addBoundSample(e *entry, role role) {
	label, rule, known := "le", diag.BucketBound, &a.points.bounds
	if role == quantileSample {
		label, rule, known = "quantile", diag.QuantileLabel, &a.points.quantiles
	}
	labels, text, found := a.points.split(e, label)
	if !found {
		if role == quantileSample {
			rule = diag.LooseSample
		}
		if !a.report(rule, e.nameAt, e.nameAt+len(e.name), "the sample has no label %s", label) {
			a.addLoose(e)
		}
		return
	}
	hint := 0
	if current := a.points.current; current >= 0 {
		hint = numBounds(&a.metrics[current])
	}
	bound, ok := a.parse(known, viewBytes(text), hint)
	if !ok {
		at, end := a.labelAt(label)
		if !a.report(rule, at, end, "label %s is %s, which is not a number", label, quote(text)) {
			a.addLoose(e)
		}
		return
	}
	switch {
	case role == bucketSample && a.countsWhole() && a.reportCount(e):
		return
	case a.om != nil && a.refusesBound(e, role, label, text, bound):
		return
	}
	m := a.enterPoint(e, labels)
	if m == nil {
		return
	}
	if a.repeatsBound(m, bound.bound) {
		a.addRepeated(e)
		return
	}
	if a.om != nil && a.refusesOrder(e, m, text, bound) {
		return
	}
	a.points.added++
	a.addBound(m, known, bound, e.value)
	if e.more != nil {
		a.addBucketExemplars(m, e)
	}
}

// addBound adds a bucket or quantile to a metric.
func (a *assembler) addBound(m *model.Metric, known *boundTexts, bound *boundText, value float64) {
	p := &a.points
	if numBounds(m) == 0 {
		p.low, p.high = bound.bound, bound.bound
	}
	p.low, p.high = min(p.low, bound.bound), max(p.high, bound.bound)
	if n := numBounds(m); p.listed && n < len(known.list) && bound == &known.list[n] {
		p.spelled = p.spelled || !bound.canonical
	} else {
		a.spell(m)
	}
	if h := m.Histogram(); h != nil {
		if !p.listed && (h.BoundTexts != nil || !bound.canonical) {
			h.BoundTexts = a.appendText(h.BoundTexts, known, bound, m)
		}
		h.Buckets = append(h.Buckets, model.Bucket{UpperBound: bound.bound, Count: value})
		return
	}
	v := m.Summary()
	if !p.listed && (v.QuantileTexts != nil || !bound.canonical) {
		v.QuantileTexts = a.appendText(v.QuantileTexts, known, bound, m)
	}
	v.Quantiles = append(v.Quantiles, model.Quantile{Quantile: bound.bound, Value: value})
}

// addNext is addBound for the next of the listed bounds of h, if it is above those before.
func (p *points) addNext(h *model.HistogramValue, bound *boundText, value float64) {
	p.high = bound.bound
	p.spelled = p.spelled || !bound.canonical
	h.Buckets = append(h.Buckets, model.Bucket{UpperBound: bound.bound, Count: value})
}

// spell gives m, the current metric, the texts of its bounds if they are listed and some are needed. Further ones are not
// listed.
func (a *assembler) spell(m *model.Metric) {
	p := &a.points
	if p.listed && p.spelled {
		known := p.boundsLike(m)
		strings := a.boundStrings(known, numBounds(m))
		texts := append(a.openTexts(known, len(strings)), strings...)
		if h := m.Histogram(); h != nil {
			h.BoundTexts = texts
		} else {
			m.Summary().QuantileTexts = texts
		}
	}
	p.listed, p.spelled = false, false
}

// openTexts is room for the texts of n bounds and of more that may follow.
func (a *assembler) openTexts(known *boundTexts, n int) []string {
	room := max(n, len(known.list))
	if a.om != nil {
		return a.om.texts.open(room)
	}
	return make([]string, 0, room)
}

// appendText appends the text of a bound to those of the bounds of m. There are none as long as all are canonical.
func (a *assembler) appendText(texts []string, known *boundTexts, b *boundText, m *model.Metric) []string {
	if texts == nil {
		n := numBounds(m)
		texts = a.openTexts(known, 2*n+1)
		for i := range n {
			texts = append(texts, a.canonicalText(known, m, i))
		}
	}
	return append(texts, a.boundString(known, b))
}

// canonicalText is the text of a bound of m that was given in the canonical form. Mostly it is that of the metric before.
func (a *assembler) canonicalText(known *boundTexts, m *model.Metric, i int) string {
	bound := boundAt(m, i)
	if i < len(known.list) {
		if b := &known.list[i]; b.canonical && math.Float64bits(b.bound) == math.Float64bits(bound) {
			return a.boundString(known, b)
		}
	}
	return model.FormatFloat(bound)
}

// numBounds is the number of buckets or quantiles of a metric.
func numBounds(m *model.Metric) int {
	if h := m.Histogram(); h != nil {
		return len(h.Buckets)
	}
	if s := m.Summary(); s != nil {
		return len(s.Quantiles)
	}
	return 0
}

func boundAt(m *model.Metric, i int) float64 {
	if h := m.Histogram(); h != nil {
		return h.Buckets[i].UpperBound
	}
	return m.Summary().Quantiles[i].Quantile
}

// manyParts is from how many parts of a metric on a set finds a repeated one faster than a walk does.
const manyParts = 32

// repeats reports whether a new part is one of the n parts that the current metric has had.
func (p *points) repeats(n int, at func(i int) part, added part) bool {
	if _, isLarge := p.large[p.current]; !isLarge {
		if n < manyParts {
			for i := range n {
				if at(i) == added {
					return true
				}
			}
			return false
		}
		if p.large == nil {
			p.large, p.parts = make(map[int]struct{}), make(map[part]struct{})
		}
		p.large[p.current] = struct{}{}
		for i := range n {
			p.parts[at(i)] = struct{}{}
		}
	}
	if _, ok := p.parts[added]; ok {
		return true
	}
	p.parts[added] = struct{}{}
	return false
}

// repeatsBound reports whether the current metric has had that bound or quantile. Those beyond all others, as they are
// when they rise or fall, need no look-up.
func (a *assembler) repeatsBound(m *model.Metric, bound float64) bool {
	p := &a.points
	n := numBounds(m)
	if n == 0 || p.boundsKnown && (bound < p.low || bound > p.high) {
		return false
	}
	p.boundsKnown = p.boundsKnown && n < manyParts // from there on all of them must be in the set
	at := func(i int) part { return part{metric: p.current, bound: boundAt(m, i)} }
	return p.repeats(n, at, part{metric: p.current, bound: bound})
}

// addState takes in a sample of a state set.
func (a *assembler) addState(e *entry) {
	labels, state, found := a.points.split(e, a.family.Name)
	if a.om != nil && a.isFaultyState(e, labels, state, found) {
		return
	}
	if !found || e.value != 0 && e.value != 1 {
		if !a.report(diag.LooseSample, e.nameAt, e.nameAt+len(e.name),
			"a state set needs a label %s and the value 0 or 1", quote(a.family.Name)) {
			a.addLoose(e)
		}
		return
	}
	m := a.enterPoint(e, labels)
	if m == nil {
		return
	}
	states := m.Extra.States
	state = a.memory.text.string(viewBytes(state))
	at := func(i int) part { return part{metric: a.points.current, state: states[i].Name} }
	if a.points.repeats(len(states), at, part{metric: a.points.current, state: state}) {
		a.addRepeated(e)
		return
	}
	m.Extra.States = append(states, model.State{Name: state, Enabled: e.value == 1})
	a.addExtras(m, e)
}

// enterPoint is the metric with those labels and the timestamp of e, a new one if need be. It becomes the current one.
func (a *assembler) enterPoint(e *entry, labels model.Labels) *model.Metric {
	p := &a.points
	var current *model.Metric
	if p.current >= 0 {
		current = &a.metrics[p.current]
		if current.Labels == labels && current.Timestamp == e.timestamp {
			return current
		}
	}
	i := a.index.find(a.metrics, labels, e.timestamp, 0)
	if i == p.current && i >= 0 {
		return current // the same labels in another order
	}
	switch {
	case a.om != nil:
		if a.refusesPoint(e, labels, current, i) {
			return nil
		}
	case i < 0 && current != nil && current.Labels == labels:
		a.report(diag.MixedTimestamps, e.nameAt, e.nameAt, "the timestamp differs from that of the samples before")
	}
	a.leavePoint()
	isNew := i < 0
	if isNew {
		i = len(a.metrics)
		room := 8
		if current != nil {
			room = numBounds(current) + 1
		}
		a.startPoint(a.addMetric(), labels, e.timestamp, room)
	}
	if a.om != nil {
		a.om.notePoint(a.reporter, e)
	}
	p.enter(i, isNew)
	return &a.metrics[i]
}

// startPoint makes m a metric of the family's type that has no samples yet, with room for some bounds.
func (a *assembler) startPoint(m *model.Metric, labels model.Labels, timestamp model.Timestamp, room int) {
	*m = model.Metric{Labels: a.keepLabels(labels), Timestamp: timestamp}
	switch a.family.Type {
	case model.Histogram, model.GaugeHistogram:
		m.Extra = a.memory.histogram()
		m.Extra.Histogram.Buckets = a.memory.buckets.open(room)
	case model.Summary:
		m.Extra = a.memory.summary()
		m.Extra.Summary.Quantiles = a.memory.quantiles.open(room)
	case model.StateSet:
		m.Extra = &model.Extra{}
	}
}

// leavePoint closes the current metric. It may be entered again, but then grows on its own.
func (a *assembler) leavePoint() {
	if a.points.current < 0 {
		return
	}
	m := &a.metrics[a.points.current]
	a.spell(m)
	if h := m.Histogram(); h != nil {
		h.Buckets = a.memory.buckets.commit(h.Buckets)
	}
	if s := m.Summary(); s != nil {
		s.Quantiles = a.memory.quantiles.commit(s.Quantiles)
	}
	if a.om != nil {
		a.om.commit(m)
		a.judgePoint(m)
	}
	a.points.current = -1
}
